package script

import "testing"

// TestBorrowedArguments are arrow functions that mention the arguments of the function around.
func TestBorrowedArguments(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`function f() { return (() => arguments[0])(); } exports.run = () => f(7)`, "7"},
		{`function f() { "use strict"; return (() => () => arguments)()().length; } exports.run = () => f(7, 8)`, "2"},
		{`const b = (x) => x, o = { m() { return (() => b(arguments[1]))(); } }; exports.run = () => o.m(7, 8)`, "8"},
		{`class C { constructor() { this.n = (() => arguments.length)(); } } exports.run = () => new C(1, 2, 3).n`, "3"},
		{`class B {} class C extends B { constructor() { super(); this.n = (() => arguments[2])(); } } exports.run = () => new C(1, 2, 3).n`, "3"},
		{`function f(a) { return function () { return (() => [a, arguments[0]].join())(); }; } exports.run = () => f(1)(2)`, "1,2"},
		{`function* g() { yield (() => arguments[0])(); } exports.run = () => g(5).next().value`, "5"},
		{`function f() { return (() => ({ arguments }))().arguments[0]; } exports.run = () => f(6)`, "6"},
		{`async function f() { return (async () => arguments[0])(); } exports.run = () => f(4)`, "4"},
	} {
		program, err := Compile("main.js", c.code)
		if err != nil {
			t.Errorf("%s: %v", c.code, err)
			continue
		}
		rt, exports := start(t, Options{}, program)
		if got, err := call(t.Context(), rt, exports, "run"); err != nil || got.String() != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.code, got, err, c.want)
		}
	}
}
