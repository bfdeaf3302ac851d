package script

import "testing"

// TestNewTarget are the ways in which a function can see new.target.
func TestNewTarget(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{`function F() { return { was: new.target === F }; } exports.run = () => new F().was`, "true"},
		{`function F() { this.was = new.target; } class D extends F {} exports.run = () => new D().was === D`, "true"},
		{`function F() { this.was = (() => new.target)(); } exports.run = () => new F().was === F`, "true"},
		{`function F() { if (!new.target) return new F(); this.made = true; } class A { constructor() { this.f = F(); } } exports.run = () => new A().f.made`, "true"},
		{`class B { constructor() { this.of = new.target; } } class D extends B { constructor() { const t = new.target; super(); this.same = t === this.of; } }
			exports.run = () => new D().same && new D().of === D`, "true"},
		{`class A { x = new.target; static y = new.target; static { A.z = new.target; } m() { return new.target; } get g() { return new.target; } }
			exports.run = () => { const a = new A(); return [a.x, A.y, A.z, a.m(), a.g].every((v) => v === undefined); }`, "true"},
		{`function F(a = new.target) { this.a = a; } exports.run = () => new F().a === F`, "true"},
		{`function F() { this.t = new.target; } class Other {} exports.run = () => Reflect.construct(F, [], Other).t === Other`, "true"},
		{`exports.run = () => { class A { constructor() { if (new.target === A) throw new TypeError("abstract"); } } class C extends A {} new C();
			try { new A(); } catch (e) { return e.message; } }`, "abstract"},
		{`const p = Object.getPrototypeOf(Object.getPrototypeOf(function () { return __asyncGenerator(this, null, function* () {}); }).prototype);
			exports.run = () => { const o = Object.create(p); return o[Symbol.asyncIterator]() === o; }`, "true"},
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
