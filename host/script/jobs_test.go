package script

import (
	"testing"

	"github.com/dop251/goja"
)

// The private field of the engine is there, and has in it what it is read for. When a new version
// of the engine fails this, find out what the field has become: loops over records are slow until
// then.
func TestJobsOfTheEngine(t *testing.T) {
	vm := goja.New()
	jobs, err := jobsOf(vm)
	if err != nil {
		t.Fatal(err)
	}
	if !jobs.empty() {
		t.Error("there are jobs before any script has run")
	}
	var seen []bool
	look := func() { seen = append(seen, jobs.empty()) }
	if err := vm.Set("look", look); err != nil {
		t.Fatal(err)
	}
	if _, err := vm.RunString(`
		look();
		Promise.resolve().then(() => { Promise.resolve().then(look); look(); });
		look();`); err != nil {
		t.Fatal(err)
	}
	// Before a promise, behind one that is fulfilled, in its reaction that queued another, in that.
	want := []bool{true, false, false, true}
	if len(seen) != len(want) {
		t.Fatalf("looked %d times: %v", len(seen), seen)
	}
	for i := range want {
		if seen[i] != want[i] {
			t.Errorf("empty is %v, want %v", seen, want)
			break
		}
	}
	if !jobs.empty() {
		t.Error("jobs are left behind the script")
	}
}
