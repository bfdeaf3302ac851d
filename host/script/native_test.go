package script

import (
	"errors"
	"testing"
	"time"

	"github.com/dop251/goja"
)

// TestGivenUp has a native that no interrupt reaches: who runs the script is told, with its place.
func TestGivenUp(t *testing.T) {
	release, ended := make(chan struct{}), make(chan *Error, 1)
	rt, exports := start(t, Options{MaxTurn: 20 * time.Millisecond, End: func(reason *Error, now bool) {
		if now {
			t.Error("memory is not what runs out")
		}
		ended <- reason
		close(release)
	}}, compile(t, `declare const hang: () => void;
export function stuck() {
  hang();
}`))
	hang := func(goja.FunctionCall) goja.Value {
		<-release
		return goja.Undefined()
	}
	if err := rt.VM().Set("hang", hang); err != nil {
		t.Fatal(err)
	}
	_, err := call(t.Context(), rt, exports, "stuck")
	if !errors.Is(err, ErrEndlessLoop) {
		t.Errorf("the script ended with %v", err)
	}
	reason := <-ended
	if !errors.Is(reason, ErrEndlessLoop) || !raced && reason.At().Line != 3 {
		t.Errorf("%v at %v", reason, reason.At())
	}
}

// TestTooLargeBesideTheLoop takes the memory while no script runs.
func TestTooLargeBesideTheLoop(t *testing.T) {
	ended := make(chan *Error, 100)
	rt, exports := start(t, Options{MaxMemory: 32 << 20, End: func(reason *Error, _ bool) {
		select {
		case ended <- reason:
		default:
		}
	}}, compile(t, `import { hang } from "carjs/test";
export async function wait() { await hang(); }`))
	kept := make([]byte, 64<<20)
	go func() {
		<-ended
		kept[0]++
		rt.Post(func() error { return ErrMemory })
	}()
	if _, err := call(t.Context(), rt, exports, "wait"); !errors.Is(err, ErrMemory) {
		t.Errorf("%v", err)
	}
}

func TestSizes(t *testing.T) {
	rt, exports := start(t, Options{}, compile(t, `
const said = (f: () => unknown) => { try { return String(f()); } catch (e) { return String(e); } };
export const all = () => [
  said(() => "x".repeat(2 ** 29).length), said(() => "ab".padEnd(2 ** 40).length), said(() => "ab".padStart(2 ** 29).length),
  said(() => Array(2 ** 30).join().length), said(() => new ArrayBuffer(2 ** 53 - 1)), said(() => { const a = []; a[2 ** 32 - 2] = 1; return a.sort(); }),
  said(() => "ab".repeat(3)), said(() => "ab".padEnd(5, "xyz")), said(() => [1, 2].join("-")), said(() => [3, 1, 2].sort()),
  said(() => [1, 2].sort((a, b) => b - a)), said(() => "x".repeat(-1)), said(() => new ArrayBuffer(8) instanceof ArrayBuffer),
  said(() => String.prototype.repeat.name + String.prototype.padEnd.length + Array.prototype.join.call({ length: 2, 0: "a", 1: "b" })),
].join("|");`))
	const want = "RangeError: Invalid string length|RangeError: Invalid string length|RangeError: Invalid string length|" +
		"RangeError: Invalid string length|RangeError: Array buffer allocation failed|RangeError: Invalid array length|" +
		"ababab|abxyz|1-2|1,2,3|2,1|RangeError: Invalid count value|true|repeat1a,b"
	got, err := call(t.Context(), rt, exports, "all")
	if err != nil || got.String() != want {
		t.Errorf("%v, %v", got, err)
	}
}
