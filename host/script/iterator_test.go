package script

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"carjs/host/bundle"
	"carjs/host/script/internal/lower"
	"carjs/host/script/internal/source"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"
)

// What connectors do in loops over records. Each is the body of an async function that logs what
// happens, in order, and gets its records from records(...), which come at once; fast are those
// whose records must not cost a promise each.
var awaitBothWays = map[string]struct {
	body string
	fast bool
}{
	"loop": {`for await (const x of records(1, 2, 3)) log(x);`, true},
	"none": {`for await (const x of records()) log(x); log("end");`, false},
	"objects": {
		`const all: any[] = []; for await (const x of records({ a: 1 }, { a: 2 })) all.push(x); log(all.map((x) => x.a), all[0] !== all[1]);`,
		true,
	},
	"undefined": {`for await (const x of records(undefined, null, 0, "")) log(x === undefined, x === null, x);`, true},
	"patterns": {
		`for await (const { a, b: { c = 5 } } of records({ a: 1, b: { c: 2 } }, { a: 3, b: {} })) log(a, c);`, true,
	},
	"closures": {
		`const f: any[] = []; for await (const x of records(1, 2, 3)) f.push(() => x); log(f.map((g) => g()));`, true,
	},
	"let":      {`for await (let x of records(1, 2)) { x += 10; log(x); }`, true},
	"var":      {`for await (var x of records(1, 2)) ; log(x);`, true},
	"property": {`const o: any = {}; for await (o.x of records(1, 2, 3)) log(o.x);`, true},
	"break":    {`for await (const x of records(1, 2, 3)) { if (x === 2) break; log(x); } log("end");`, false},
	"continue": {`for await (const x of records(1, 2, 3)) { if (x === 2) continue; log(x); }`, true},
	"labels": {
		`outer: for await (const x of records(1, 2, 3)) { for (const y of [1, 2, 3]) { if (y === 2) continue outer; if (x === 3) break outer; log(x, y); } }`,
		true,
	},
	"return": {
		`const f = async () => { for await (const x of records(1, 2, 3)) if (x === 2) return x; }; log(await f());`,
		false,
	},
	"throw": {
		`try { for await (const x of records(1, 2)) { log(x); throw new Error("stop"); } } catch (e: any) { log(e.message); }`,
		false,
	},
	"failure":         {`try { for await (const x of records(1, 2, fail)) log(x); } catch (e: any) { log(e.message); }`, true},
	"failure at once": {`try { for await (const x of records(fail)) log(x); } catch (e: any) { log(e.message); }`, false},
	"each loop anew": {
		`const r = records(1, 2); for await (const x of r) { log(x); break; } for await (const x of r) log(x);`, true,
	},
	"await in body": {`for await (const x of records(1, 2, 3)) { log(x); await null; log("later", x); }`, false},
	"await and others": {
		`const other = async () => { for (let i = 0; i < 6; i++) { log("other", i); await null; } }; other(); for await (const x of records(1, 2, 3)) { log(x); await null; }`,
		false,
	},
	"await, others within": {
		`const other = async () => { for (let i = 0; i < 6; i++) { log("other", i); await null; } }; for await (const x of records(1, 2, 3, 4)) { if (x === 1) other(); log(x); await null; }`,
		false,
	},
	"await of what others await": {
		`for await (const x of records(1, 2, 3)) { if (x === 1) { const p = new Promise((r) => setTimeout(r, 1)); queueMicrotask(() => { p.then(() => log("other")); }); await p; } log(x); }`,
		false,
	},
	"others": {
		`const other = async () => { for (let i = 0; i < 6; i++) { log("other", i); await null; } }; let p: any; for await (const x of records(1, 2, 3, 4, 5)) { log(x); if (x === 2) p = other(); } await p;`,
		false,
	},
	"others before": {
		`const other = async () => { for (let i = 0; i < 6; i++) { log("other", i); await null; } }; other(); for await (const x of records(1, 2, 3, 4, 5)) log(x);`,
		true,
	},
	"forgotten await": {
		`const add = async (x: number) => { log("add", x); await null; log("added", x); }; for await (const x of records(1, 2, 3)) { add(x); log("next"); }`,
		false,
	},
	"async, no await": {
		`const add = async (x: number) => { log("add", x); }; for await (const x of records(1, 2, 3)) add(x);`, true,
	},
	"then":      {`for await (const x of records(1, 2, 3)) Promise.resolve(x).then((y) => log("then", y)), log(x);`, false},
	"microtask": {`for await (const x of records(1, 2, 3)) { queueMicrotask(() => log("micro", x)); log(x); }`, false},
	"gate": {
		`let open: any; const gate = new Promise((r) => { open = r; }); (async () => { log("opened", await gate); })(); for await (const x of records(1, 2, 3)) { if (x === 1) open(x); log(x); }`,
		false,
	},
	"gate of a thenable": {`let open: any; const gate = new Promise((r) => { open = r; }); gate.then((v) => log("opened", v));
		for await (const x of records(1, 2, 3)) { if (x === 1) open({ then(f: any) { log("then"); f(7); } }); log(x); }`, false},
	"rejected gate": {
		`let shut: any; const gate = new Promise((_, r) => { shut = r; }); gate.catch((v) => log("caught", v)); for await (const x of records(1, 2, 3)) { if (x === 2) shut(x); log(x); }`,
		false,
	},
	"two at once": {
		`const f = async (n: string) => { for await (const x of records(1, 2, 3)) log(n, x); }; await f("a"); await f("b");`,
		true,
	},
	"queue": {
		`const queue: any[] = []; let wake: any; const work = (async () => { for (let n = 0; n < 4; n++) { while (!queue.length) await new Promise((r) => { wake = r; }); log("work", queue.shift()); } })(); for await (const x of records(1, 2, 3, 4)) { queue.push(x); wake?.(); log("put", x); } await work;`,
		false,
	},
	"one after": {
		`for await (const x of records(1)) log(x); Promise.resolve().then(() => log("then")); for await (const x of records(2, 3)) log(x);`,
		true,
	},
	"nested": {`for await (const x of records(1, 2)) for await (const y of records(x * 10, x * 10 + 1)) log(x, y);`, true},
	"by hand": {
		`const i = records(1, 2, 3)[Symbol.asyncIterator](); const a = await i.next(), b = await i.next(); log(a, b, a !== b, Object.keys(a)); log(await i.return(5), await i.next());`,
		false,
	},
	"hand and loop": {
		`const i = records(1, 2, 3, 4)[Symbol.asyncIterator](); log((await i.next()).value); for await (const x of i) { log(x); if (x === 2) i.next().then((r: any) => log("next", r)); }`,
		false,
	},
	"taken twice": {
		`const i = records(1, 2, 3)[Symbol.asyncIterator](); const p = i.next(); p.then(async () => { for await (const x of i) log(x); }); p.then(() => { log("also"); Promise.resolve().then(() => log("later")); }); await p; await null; await null; await null; await null; await null; await null; await null; await null; await null;`,
		false,
	},
	"generator": {
		`async function* g() { for await (const x of records(1, 2, 3)) yield x * 2; } for await (const x of g()) log(x);`,
		false,
	},
	"plain list": {`for await (const x of [1, Promise.resolve(2)]) log(x);`, false},
	"own iterator": {
		`const o = { [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: n, done: n++ > 2 }), return: async () => { log("return"); return {}; } }; } }; for await (const x of o) { log(x); if (x === 1) break; }`,
		false,
	},
	"no promise": {
		`const o = { [Symbol.asyncIterator]() { let n = 0; return { next: () => ({ value: n, done: n++ > 2 }) }; } }; for await (const x of o as any) log(x);`,
		false,
	},
	"nothing": {`try { for await (const x of undefined as any) log(x); } catch (e: any) { log(e.name); }`, false},
	"next replaced": {
		`const i = records(1, 2)[Symbol.asyncIterator](); try { i.next = () => ({ value: "mine", done: false }); } catch (e: any) { log(e.name); } for await (const x of i) { log(x); if (x === "mine") break; }`,
		true,
	},
	"abort": {
		`try { for await (const x of records(1, 2, 3)) { log(x); if (x === 2) abort(); } } catch (e: any) { log(e.message); }`,
		true,
	},
	"timer": {
		`setTimeout(() => log("timer"), 0); for await (const x of records(1, 2, 3)) log(x); await new Promise((r) => setTimeout(r, 5));`,
		true,
	},
	"inner function": {`for await (const x of records(1, 2, 3)) { const f = async () => { await null; return x; }; log(typeof f); }`, true},
	"switch":         {`for await (const x of records(1, 2, 3)) { switch (x) { case 2: break; default: log(x); } }`, true},
	"finally": {
		`try { for await (const x of records(1, 2, 3)) { try { if (x === 2) break; log(x); } finally { log("finally"); } } } finally { log("end"); }`,
		false,
	},
}

// A loop that asks before it awaits behaves as one that awaits: the same programs, run both ways.
func TestLoopsOverRecordsBehaveTheSame(t *testing.T) {
	for name, c := range awaitBothWays {
		t.Run(name, func(t *testing.T) {
			plain, _ := recordOutcome(t, c.body, func(*ast.Program) ([]lower.Shape, error) { return nil, nil })
			lowered, stepped := recordOutcome(t, c.body, func(tree *ast.Program) ([]lower.Shape, error) { return lower.Program(tree) })
			if plain != lowered {
				t.Errorf("as written:\n%s\nrewritten:\n%s", plain, lowered)
			}
			if strings.TrimSpace(plain) == "" {
				t.Error("the program says nothing")
			}
			if c.fast && !stepped {
				t.Error("every record cost a promise")
			}
		})
	}
}

// A loop that stands in another loop begins anew each time: how it ended before, whether its
// iterator failed, its body threw or it was left, is not known to the next round.
func TestLoopsOverRecordsBeginAnew(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"after a failure": {
			`for (const of of [[1, fail], [2, 3], [4]]) try { for await (const x of records(...of)) log(x); log("end"); } catch (e: any) { log(e.message); }`,
			`[1] ["the answer breaks off"] [2] [3] ["end"] [4] ["end"]`,
		},
		"after a failure, with an await": {
			`for (const of of [[fail], [2]]) try { for await (const x of records(...of)) { await null; log(x); } log("end"); } catch (e: any) { log(e.message); }`,
			`["the answer breaks off"] [2] ["end"]`,
		},
		"after a throw": {
			`for (const n of [1, 2, 3]) try { for await (const x of records(n)) { if (x === 1) throw new Error("no"); log(x); } } catch (e: any) { log(e.message); }`,
			`["no"] [2] [3]`,
		},
		"in a loop over records": {
			`for await (const n of records(1, 2, 3)) try { for await (const x of records(...(n === 1 ? [fail] : [n]))) log(x); } catch (e: any) { log(e.message); }`,
			`["the answer breaks off"] [2] [3]`,
		},
		"of a list": {
			`for (const n of [1, 2]) try { for await (const x of [n === 1 ? Promise.reject(new Error("no")) : n]) log(x); log("end"); } catch (e: any) { log(e.message); }`,
			`["no"] [2] ["end"]`,
		},
		"left, and then nothing to go through": {
			`const own = (n: number) => { if (n > 1) throw new Error("none"); return { [Symbol.asyncIterator]: () => ({ next: async () => ({ value: n, done: false }), return: async () => { log("left"); return {}; } }) }; };
			for (const n of [1, 2, 3]) try { for await (const x of own(n) as any) { log(x); break; } } catch (e: any) { log(e.message); }`,
			`[1] ["left"] ["none"] ["none"]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := recordOutcome(t, c.body, func(tree *ast.Program) ([]lower.Shape, error) { return lower.Program(tree) })
			if got := strings.ReplaceAll(strings.TrimSpace(got), "\n", " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// recordOutcome runs the body of an async function and returns what it logged or how it failed, and
// whether records came without a promise.
func recordOutcome(t *testing.T, body string, rewrite func(*ast.Program) ([]lower.Shape, error)) (log string, stepped bool) {
	t.Helper()
	text := "export default async function (log: any, records: any, fail: any, abort: any) {\nvoid [records, fail, abort];\n" + body + "\n}"
	made, err := bundle.Build(t.Context(), bundle.Source{FS: fstest.MapFS{"src/main.ts": {Data: []byte(text)}}, Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	code, sourceMap := source.Apart(made.Code)
	program, err := compileWith(made.Name, code, sourceMap,
		func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) { return rewrite(tree) })
	if err != nil {
		t.Fatal(err)
	}
	rt, exports := start(t, Options{}, program)
	vm := rt.VM()
	var out strings.Builder
	show := func(call goja.FunctionCall) goja.Value {
		stringify, _ := goja.AssertFunction(vm.Get("JSON").ToObject(vm).Get("stringify"))
		text, err := stringify(goja.Undefined(), vm.NewArray(anys(call.Arguments)...))
		if err != nil {
			rt.Throw(err)
		}
		fmt.Fprintln(&out, text)
		return goja.Undefined()
	}
	fail := vm.NewObject()
	var iterators []*iterator
	aborted := func(error) {}
	records := func(call goja.FunctionCall) goja.Value {
		var items []any
		var end error
		for _, v := range call.Arguments {
			if v == goja.Value(fail) {
				end = errors.New("the answer breaks off")
				continue
			}
			items = append(items, v)
		}
		iterable := vm.NewObject()
		method := func(goja.FunctionCall) goja.Value {
			var object *goja.Object
			object, aborted = rt.AsyncIterator(func() func(context.Context, *Records) error {
				return func(ctx context.Context, out *Records) error {
					if len(items) > 0 {
						if err := out.Put(ctx, slices.Clone(items), len(items)); err != nil {
							return err
						}
					}
					return end
				}
			})
			iterators = append(iterators, rt.iterators[object])
			return object
		}
		if err := iterable.SetSymbol(rt.intrinsics.asyncIterator, method); err != nil {
			t.Fatal(err)
		}
		return iterable
	}
	abort := vm.ToValue(func(goja.FunctionCall) goja.Value {
		aborted(errors.New("enough"))
		return goja.Undefined()
	})
	run, _ := goja.AssertFunction(exports.Get("default"))
	if _, err := rt.Call(t.Context(), run, goja.Undefined(), vm.ToValue(show), vm.ToValue(records), fail, abort); err != nil {
		fmt.Fprintf(&out, "failed: %v", err)
	}
	for _, it := range iterators {
		stepped = stepped || !goja.IsUndefined(it.given.Get("value"))
	}
	return out.String(), stepped
}

func anys(values []goja.Value) []any {
	list := make([]any, len(values))
	for i, v := range values {
		list[i] = v
	}
	return list
}
