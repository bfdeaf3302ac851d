package script

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/dop251/goja/ast"

	"carjs/host/script/internal/lower"
)

// Programs whose outcome a rewrite could change. Each is the body of an async function and returns
// what it saw; log(...) notes what happened, in order.
var bothWays = map[string]string{
	// Loops over lists.
	"list":                   `for (const x of [1, 2, 3]) log(x);`,
	"let":                    `for (let x of [1, 2]) { x += 10; log(x); }`,
	"closures":               `const f = []; for (const x of [1, 2, 3]) f.push(() => x); log(f.map((g) => g()));`,
	"closures of let":        `const f = []; for (let x of [1, 2, 3]) { f.push(() => x++); } log(f.map((g) => g() + g()));`,
	"holes":                  `for (const x of [1, , 3]) log(x);`,
	"grows":                  `const a = [1, 2]; for (const x of a) { if (a.length < 6) a.push(x * 10); log(x); }`,
	"shrinks":                `const a = [1, 2, 3, 4]; for (const x of a) { a.pop(); log(x); }`,
	"emptied":                `const a = [1, 2, 3]; for (const x of a) { a.length = 0; log(x); }`,
	"replaced":               `let a = [1, 2, 3]; for (const x of a) { a = []; log(x); }`,
	"changed ahead":          `const a = [1, 2, 3]; for (const x of a) { a[2] = 30; log(x); }`,
	"break":                  `for (const x of [1, 2, 3]) { if (x === 2) break; log(x); }`,
	"continue":               `for (const x of [1, 2, 3]) { if (x === 2) continue; log(x); }`,
	"labels":                 `outer: for (const x of [1, 2, 3]) { for (const y of [1, 2, 3]) { if (y === 2) continue outer; if (x === 3) break outer; log(x, y); } }`,
	"inner label":            `for (const x of [1, 2]) { inner: for (const y of [1, 2, 3]) { if (y === 2) continue inner; log(x, y); } }`,
	"labelled block":         `a: { for (const x of [1, 2]) { if (x === 2) break a; log(x); } log("not"); }`,
	"nested":                 `for (const x of [[1, 2], [3]]) for (const y of x) for (const z of [y, -y]) log(z);`,
	"patterns":               `for (const [a, { b = 5, ...rest }] of [[1, { b: 2, c: 3 }], [4, { d: 6 }]]) log(a, b, rest);`,
	"pattern names source":   `const a = [[1], [2]]; for (const [a2] of a) log(a2);`,
	"shadowing body":         `for (const x of [1, 2]) { const x = "own"; log(x); }`,
	"shadowed source":        `const x = [1, 2]; try { for (const x of x) log(x); } catch (e) { log(e.name); }`,
	"constant":               `try { for (const x of [1]) { x = 2; } } catch (e) { log(e.name); }`,
	"var":                    `for (var x of [1, 2]) ; log(x);`,
	"existing variable":      `let x; for (x of [1, 2]) ; log(x);`,
	"property":               `const o = {}; for (o.x of [1, 2]) ; log(o.x);`,
	"source once":            `const f = () => { log("source"); return [1, 2]; }; for (const x of f()) log(x);`,
	"function in body":       `for (const x of [1, 2]) { function f() { return x; } log(f()); }`,
	"single statement":       `let n = 0; for (const x of [1, 2]) n += x; log(n);`,
	"if without braces":      `if (true) for (const x of [1]) log(x); else log("no");`,
	"return":                 `const f = () => { for (const x of [1, 2, 3]) if (x === 2) return x; }; log(f());`,
	"throw":                  `try { for (const x of [1, 2]) { log(x); throw new Error("stop"); } } catch (e) { log(e.message); }`,
	"await":                  `for (const x of [1, 2]) log(await Promise.resolve(x));`,
	"yield":                  `function* g() { for (const x of [1, 2]) log(yield x); } const i = g(); log(i.next(), i.next("a"), i.next("b"));`,
	"generator":              `function* g() { try { yield 1; yield 2; } finally { log("closed"); } } for (const x of g()) { log(x); break; }`,
	"generator thrown":       `function* g() { try { yield 1; } finally { log("closed"); } } try { for (const x of g()) throw new Error("out"); } catch (e) { log(e.message); }`,
	"text":                   `for (const c of "añ😀") log(c);`,
	"map":                    `const m = new Map([[1, 2]]); for (const [k, v] of m) { if (m.size < 3) m.set(k + 1, v); log(k, v); }`,
	"set":                    `for (const x of new Set([1, 1, 2])) log(x);`,
	"arguments":              `(function () { for (const x of arguments) log(x); })(1, 2);`,
	"typed array":            `for (const x of new Uint8Array([1, 300])) log(x);`,
	"entries":                `for (const [i, x] of ["a", "b"].entries()) log(i, x);`,
	"proxy":                  `for (const x of new Proxy([1, 2], { get(t, k) { log(String(k)); return Reflect.get(t, k); } })) log(x);`,
	"subclass":               `class A extends Array { *[Symbol.iterator]() { yield "mine"; } } for (const x of A.of(1, 2)) log(x);`,
	"plain subclass":         `class A extends Array {} for (const x of A.of(1, 2)) log(x);`,
	"own iterator":           `const a = [1, 2]; a[Symbol.iterator] = function* () { yield "mine"; }; for (const x of a) log(x);`,
	"other prototype":        `const a = [1, 2]; Object.setPrototypeOf(a, null); try { for (const x of a) log(x); } catch (e) { log(e.name); }`,
	"getter in a list":       `const a = [1, 2]; Object.defineProperty(a, 1, { get() { log("get"); return 5; } }); for (const x of a) log(x);`,
	"patched iterator":       `const old = Array.prototype[Symbol.iterator]; Array.prototype[Symbol.iterator] = function* () { yield "patched"; }; try { for (const x of [1, 2]) log(x); } finally { Array.prototype[Symbol.iterator] = old; }`,
	"patched next":           `const p = Object.getPrototypeOf([][Symbol.iterator]()); const old = p.next; let n = 0; p.next = function () { return n++ ? { done: true } : { value: "patched", done: false }; }; try { for (const x of [1, 2]) log(x); } finally { p.next = old; }`,
	"patched meanwhile":      `const p = Object.getPrototypeOf([][Symbol.iterator]()); const old = p.next; try { for (const x of [1, 2]) { p.next = null; log(x); } } finally { p.next = old; } for (const x of [3]) log(x);`,
	"undefined":              `try { for (const x of undefined) log(x); } catch (e) { log(e.name, e.message); }`,
	"null":                   `try { for (const x of null) log(x); } catch (e) { log(e.name); }`,
	"number":                 `try { for (const x of 5) log(x); } catch (e) { log(e.name, e.message); }`,
	"object":                 `try { for (const x of {}) log(x); } catch (e) { log(e.name, e.message); }`,
	"sparse":                 `const a = []; a[5000000] = 1; a.length = 3; for (const x of a) log(x);`,
	"in switch":              `switch (1) { case 1: for (const x of [1, 2]) { if (x === 2) break; log(x); } log("after"); }`,
	"in class":               `class C { static #x = [1]; static { for (const x of C.#x) log(x); } f = () => { for (const x of [2]) log(x); }; } new C().f();`,
	"same list twice":        `const a = [1, 2]; for (const x of a) for (const y of a) log(x, y);`,
	"recursion":              `const f = (a, n) => { for (const x of a) { log(n, x); if (n > 0) f(a, n - 1); } }; f([1, 2], 2);`,
	"left and begun again":   `const f = (n) => { for (const x of [1, 2, 3]) if (x === n) return x; }; log(f(1), f(3), f(4), f(2));`,
	"two at a time":          `function* g(a) { for (const x of a) yield x; } const i = g([1, 2, 3]), j = g(["a", "b"]); for (const x of [0, 1, 2, 3]) log(i.next(), j.next());`,
	"thrown and begun again": `for (const n of [1, 2]) try { for (const x of [1, 2]) for (const y of [x]) { if (y === n) throw new Error("out"); log(x, y); } } catch (e) { log(e.message); }`,
	"long":                   `let n = 0, last; for (const x of Array.from({ length: 5000 }, (_, i) => i)) { n += x; last = x; } log(n, last);`,
	"getter throws":          `const a = [1, 2]; Object.defineProperty(a, 1, { get() { throw new Error("got"); } }); try { for (const x of a) log(x); } catch (e) { log(e.message); } for (const x of [3]) log(x);`,
	"await of a loop":        `const a = async (l) => { for (const x of l) log(await x); }; await Promise.all([a([1, 2]), a(["a", "b", "c"])]);`,
	"labelled var":           `outer: for (var x of [1, 2, 3]) { for (const y of [x]) { if (y === 2) break outer; } } log(x);`,
	"read list":              `const l = JSON.parse("[1,2,3]"); for (const x of l) { if (x === 1) l.push(4); log(x); }`,
	"return of all arrays":   `const p = Object.getPrototypeOf([][Symbol.iterator]()); p.return = () => { log("returned"); return {}; }; try { for (const x of [1, 2]) { log(x); break; } } finally { delete p.return; } for (const x of [1, 2]) break;`,
	"names of inner objects": `for (const x of [1]) { const o = { f() {}, g: () => {} }; log(o.f.name, o.g.name); }`,

	// Object literals as arguments.
	"own method":             `const o = { add(...args) { log(this === o, args); return "r"; } }; log(o.add("x", { a: 1, b: [2], c: undefined }, "z"));`,
	"only argument":          `const o = { add(a) { log(Object.entries(a)); } }; o.add({ a: 1, "b c": 2, é: 3 });`,
	"shorthand":              `const a = 1, o = { add(x) { log(x); } }; o.add({ a, o: typeof o });`,
	"empty literal":          `const o = { add(x) { log(x, Object.getPrototypeOf(x) === Object.prototype); } }; o.add({});`,
	"two literals":           `const o = { add(...x) { log(x); } }; o.add({ a: 1 }, { b: 2 });`,
	"spread argument":        `const o = { add(...x) { log(x); } }; o.add(...[1, 2], { a: 1 });`,
	"spread in literal":      `const o = { add(x) { log(x); } }; o.add({ ...{ a: 1 }, b: 2 });`,
	"computed":               `const k = "a", o = { add(x) { log(x); } }; o.add({ [k]: 1 });`,
	"accessor":               `const o = { add(x) { log(x.a); } }; o.add({ get a() { log("get"); return 1; } });`,
	"method in literal":      `const o = { add(x) { log(x.f(), x.f.name, x.g.name, x.h.name); } }; o.add({ f() { return 1; }, g: () => 2, h: class {} });`,
	"same name twice":        `const o = { add(x) { log(x); } }; o.add({ a: 1, a: 2 });`,
	"indexes":                `const o = { add(x) { log(Object.keys(x)); } }; o.add({ b: 1, 2: 1, 1: 1 });`,
	"index as text":          `const o = { add(x) { log(Object.keys(x)); } }; o.add({ b: 1, "10": 1 });`,
	"__proto__":              `const o = { add(x) { log(Object.keys(x), x.y); } }; o.add({ __proto__: { y: 5 }, a: 1 });`,
	"order":                  `const t = (n) => { log(n); return n; }; const o = { get add() { log("lookup"); return (...x) => log(x); } }; o.add(t(1), { a: t(2), b: t(3) }, t(4));`,
	"receiver once":          `let n = 0; const o = { add(x) { log(n, x); } }; const f = () => { n++; return o; }; f().add({ a: 1 });`,
	"receiver in receiver":   `const o = { add(x) { log(x); return o; } }; o.add({ a: 1 }).add({ b: o.add({ c: 2 }) === o });`,
	"nested calls":           `const p = { o: { add(x) { log(x); return x; } } }; p.o.add({ a: p.o.add({ b: p.o.add({ c: 1 }) }) });`,
	"await within":           `const p = { o: { add(x) { log(x); return 7; } } }; p.o.add({ a: await Promise.resolve(1), b: p.o.add({ c: await 2 }) });`,
	"this":                   `class C { add(x) { log(this instanceof C, x); } go() { this.add({ a: 1 }); } } new C().go();`,
	"override and super":     `class A { add(x) { log("A", x); } } class B extends A { add(x) { log("B", x); super.add({ b: 1 }); } } new B().add({ a: 1 });`,
	"private":                `class C { #o = { add(x) { log(x); } }; go() { this.#o.add({ a: 1 }); } } new C().go();`,
	"optional":               `const o = undefined; log(o?.add({ a: 1 })); const q = {}; log(q.add?.({ a: 1 }));`,
	"chain, skipped":         `const o = undefined; log([o?.p.add({ a: 1 })], 1 + (o?.p.add({ a: 1 }) ?? 5), o?.["p"].q().add({ a: 1 }));`,
	"chain, followed":        `const o = { p: { add(x) { log(x); return x; } }, q() { return this.p; } }; log([o?.p.add({ a: 1 })], o?.q().add({ b: 2 }), o.q?.().add({ c: 3 }));`,
	"chain in a chain":       `const o = { p: { add(x) { return { add(y) { log(x, y); } }; } } }; o?.p.add({ a: 1 }).add({ b: 2 }); o.z?.p.add({ a: 1 }).add({ b: 2 }); log("end");`,
	"private chain":          `class C { #n; #o = { add(x) { log(x); } }; go(c) { log([c?.#o.add({ a: 1 })], [this.#n?.p.add({ a: 2 })]); } } new C().go(undefined); const c = new C(); c.go(c);`,
	"bracket":                `const o = { add(x) { log(x); } }; o["add"]({ a: 1 });`,
	"method missing":         `const o = {}; try { o.add({ a: log("evaluated") }); } catch (e) { log(e.name, e.message); }`,
	"method no function":     `const o = { add: 5 }; try { o.add({ a: log("evaluated") }); } catch (e) { log(e.name); }`,
	"receiver null":          `const o = null; try { o.add({ a: log("evaluated") }); } catch (e) { log(e.name); }`,
	"method throws":          `const o = { add() { throw new RangeError("inside"); } }; try { o.add({ a: 1 }); } catch (e) { log(e.name, e.message, e instanceof RangeError); }`,
	"method throws a text":   `const o = { add() { throw "text"; } }; try { o.add({ a: 1 }); } catch (e) { log(e); }`,
	"method is async":        `const o = { async add(x) { await null; return x.a; } }; log(await o.add({ a: 1 }));`,
	"method is a proxy":      `const o = { add: new Proxy(() => 1, { apply(f, self, args) { log(args); return 9; } }) }; log(o.add({ a: 1 }));`,
	"bound":                  `const o = { add: function (x) { log(this.n, x); }.bind({ n: 3 }) }; o.add({ a: 1 });`,
	"literal is kept":        `const kept = []; const o = { add(x) { kept.push(x); } }; for (const a of [1, 2]) o.add({ a }); kept[0].b = 1; log(kept, Object.isExtensible(kept[0]), kept[0] !== kept[1]);`,
	"constructor is no call": `class C { constructor(x) { log(x); } } const o = { add: C }; new o.add({ a: 1 });`,
	"parentheses":            `const o = { add(x) { log(this === o, x); } }; (o.add)({ a: 1 }); (0, o.add)?.call(o, { a: 2 });`,
	"native":                 `log(taker.add("x", { a: 1, b: undefined, c: "t" }, 5)); log(taker.add({ a: 1 })); log(taker.add("x", 1, 2, { p: 1 }));`,
	"native borrowed":        `const o = { add: taker.add, n: 1 }; log(o.add("x", { a: 1 }));`,
	// Number as a function.
	"map of Number":       `log([1n, "2", null, undefined, [3]].map(Number)); log(Array.from([1n, "a"], Number), [..."12"].map(Number, 5));`,
	"own map":             `const o = { map(f, x) { return [this === o, f === Number, x]; } }; log(o.map(Number, 1)); const from = { from: (x, f) => f === Number }; log(from.from(1, Number));`,
	"map of own Number":   `{ const Number = (x, i) => x + i; log(["a", "b"].map(Number)); }`,
	"map of no array":     `try { undefined.map(Number); } catch (e) { log(e.name); } try { ({}).map(Number); } catch (e) { log(e.name); } log((null)?.map(Number), (void 0)?.x.map(Number));`,
	"map of Number fails": `try { [Symbol("a")].map(Number); } catch (e) { log(e.name, e.message); } try { [{ valueOf() { throw new EvalError("own"); } }].map(Number); } catch (e) { log(e.name, e.message); }`,
	"map of a subclass":   `class A extends Array {} log(A.from(["1"], Number) instanceof A, A.of("2").map(Number)); log(Array.prototype.map.call("12", Number));`,
	"receiver of map":     `let n = 0; const f = () => { n++; return ["1"]; }; log(f().map(Number), n); log([["1"], ["2"]].map((x) => x.map(Number)));`,

	// Texts that grow.
	"text grows":              `let s = ""; for (let i = 0; i < 3000; i++) s += i; log(s.length, s.slice(0, 20), s.slice(-20));`,
	"text and not ASCII":      `let s = ""; for (let i = 0; i < 3000; i++) { s += i === 1500 ? "é" : "x"; } log(s.length, s.indexOf("é"), s.slice(1490, 1510));`,
	"text and surrogates":     `let s = ""; for (let i = 0; i < 3000; i++) { s += "\ud83d"; s += i % 3 ? "\ude00" : "a"; } log(s.length, s.codePointAt(4), s.codePointAt(2), s.at(-1), [...s].length);`,
	"text forks":              `let s = "", a = []; for (let i = 0; i < 900; i++) { s += "abc"; a.push(s); } let t = a[400], u = a[400]; for (let i = 0; i < 900; i++) { t += "T"; u += "U"; s += "S"; } log(a[400] === "abc".repeat(401), t === a[400] + "T".repeat(900), u === a[400] + "U".repeat(900), s === a[899] + "S".repeat(900));`,
	"text cut and grown":      `let s = ""; for (let i = 0; i < 3000; i++) { s += "ab"; if (i % 7 === 0) s = s.slice(0, -1); } log(s.length, s.slice(-30));`,
	"many texts":              `const f = () => { let s = ""; return (x) => (s += x); }; const all = Array.from({ length: 20 }, f); for (let i = 0; i < 900; i++) all.forEach((g, n) => g(String.fromCharCode(65 + n))); log(all.map((g) => g("!")).every((t, n) => t === String.fromCharCode(65 + n).repeat(900) + "!"));`,
	"value of an addition":    `let s = "", n = 0; for (const x of [1, 2]) n += (s += x).length; log(n, s);`,
	"no text after all":       `let s = ""; s = 5; for (const x of [1, 2.5, -0, null, true]) s += x; log(s); s = 2n; for (const x of [1n]) s += x; log(s); s = undefined; for (const x of [1]) s += x; log(s); s = [1]; for (const x of [{}]) s += x; log(s);`,
	"mixed types":             `let s = 1n; s = ""; s = 1n; try { for (const x of [1]) s += x; } catch (e) { log(e.name, e.message); }`,
	"pieces of all kinds":     `let s = ""; for (const x of [1, -0, 1.5, NaN, 1e21, 10n, null, undefined, true, [1, [2]], {}, () => 1, /x/g]) s += x; log(s);`,
	"conversions":             `let s = "s"; for (const x of [{ valueOf() { log("valueOf"); return 1; }, toString() { return "no"; } }, { toString() { log("toString"); return "t"; } }, { [Symbol.toPrimitive](hint) { log(hint); return null; } }]) s += x; log(s);`,
	"conversion changes text": `let s = "a"; for (const x of [{ toString() { s = "changed"; return "b"; } }]) s += x; log(s); s = "a"; for (const f of [() => (s = "changed", "c")]) s += f(); log(s);`,
	"piece is the text":       `let s = "ab"; for (let i = 0; i < 12; i++) s += s; log(s.length, s === "ab".repeat(4096));`,
	"symbol":                  `let s = ""; try { for (const x of [Symbol("a")]) s += x; } catch (e) { log(e.name, e.message); } log(s);`,
	"conversion throws":       `let s = "a"; try { for (const x of [{ toString() { throw new EvalError("own"); } }]) s += x; } catch (e) { log(e.name, e.message); } log(s);`,
	"constant text":           `const s = ""; try { for (const x of [1]) s += log("evaluated"); } catch (e) { log(e.name); }`,
	"text too early":          `try { for (const x of [1]) { s += "a"; } } catch (e) { log(e.name); } let s = "";`,
	"text not there":          `try { notThere += "a"; } catch (e) { log(e.name, e.message); }`,
	"awaited piece":           `let s = ""; const f = async (x) => { s += await x; }; await Promise.all([f("a"), f("b"), f("c")]); log(s);`,
	"yielded piece":           `function* g() { let s = ""; while (true) s += yield s; } const i = g(); i.next(); log(i.next("a"), i.next("b"), i.next(3));`,
	"text of a closure":       `let s = ""; const put = (x) => { s += x; }; [1, "b", 3].forEach(put); log(s);`,
	"sum of itself":           `let s = ""; for (let i = 0; i < 700; i++) s = s + i + "," + (i + 1) + ";"; log(s.length, s.slice(0, 30), s.slice(-30)); let n = 1; for (const x of [1, 2]) n = n * 2 + x; log(n);`,
	"sum of itself, order":    `let s = ""; const t = (x) => { log(s); s = "lost"; return x; }; for (const x of [1, 2]) s = s + t(x) + t("b"); log(s);`,
	"text of a property":      `const o = { s: "", put(x) { this.s += x; return this; } }; for (let i = 0; i < 1500; i++) o.put(i).put("é"); log(o.s.length, o.s.slice(-9));`,
	"text of a field":         `class C { out = ""; #in = "<"; put(x) { this.out += x; this.#in += x; return this; } get in() { return this.#in; } } const c = new C().put(1).put("b"); log(c.out, c.in);`,
	"text of an accessor":     `const o = { get s() { log("get"); return "s"; }, set s(x) { log("set", x); } }; o.s += (log("piece"), "p");`,
	"text of a proxy":         `const o = new Proxy({ s: "" }, { get(t, k) { log("get", k); return t[k]; }, set(t, k, v) { log("set", k, v); t[k] = v; return true; } }); o.s += "a"; o.s += "b";`,
	"object of a text once":   `const o = { s: "" }; const f = () => { log("object"); return { o }; }; f().o.s += "a"; f().o.s += (f(), "b"); log(o);`,
	"object is replaced":      `let o = { s: "a" }; const first = o; o.s += (o = { s: "z" }, "b"); log(first, o);`,
	"text of a parameter":     `const f = (s, x) => { for (let i = 0; i < 700; i++) s += x; return s; }; log(f("", "a").length, f(0, 1), f([], "b").length, f(null, 2), f("", { toString: () => "o" }).slice(-2));`,
	"sum of parameters":       `const f = (a, b) => a + b; log(f("a", 1), f(1, 2), f(1n, 2n), f({}, ""), ["x", "y"].reduce((a, b) => a + b, ""), [1, 2].reduce(function (a, b) { return a + b; })); try { f(1n, 1); } catch (e) { log(e.name); } try { f("a", Symbol()); } catch (e) { log(e.name); }`,
	"text by template":        "let s = \"\"; for (let i = 0; i < 900; i++) s = `${s}${i},`; log(s.length); let o = { toString: () => \"t\", valueOf: () => \"v\" }; o = `${o}x`; log(o); let n = 1; n = `${n}${n}`; log(n);",
	"text by concat":          `let s = "a"; for (let i = 0; i < 900; i++) s = s.concat(i); log(s.length); let a = [1]; a = a.concat([2]); log(a); let p = "p"; p = p.concat({ toString: () => "t", valueOf: () => "v" }); log(p); try { p = p.concat(Symbol()); } catch (e) { log(e.name, p); }`,
	"text of an element":      `const a = [""], o = { k: "", n: 1 }; let calls = 0; const f = () => { calls++; return o; }; for (let i = 0; i < 900; i++) { a[0] += "é"; o["k"] += "x"; f()["k"] += "y"; } o["n"] += "1"; log(a[0].length, o.k.length, o.n, calls);`,
	"piece changes the text":  `const f = (s) => { const g = () => { s = "changed"; return "x"; }; for (let i = 0; i < 2; i++) s += g(); return s; }; log(f("a")); let t = "a"; const h = () => (t = "b"); for (let i = 0; i < 2; i++) t = t.concat(h()); log(t);`,
	"texts within texts":      `const a = { b: { s: "" }, c: { s: "" } }; a.b.s += "1" + (a.c.s += "2") + (a.b.s += "3"); log(a);`,
	"text of super":           `class A { get s() { return "A"; } } class B extends A { get s() { return "B"; } set s(x) { log(x); } put() { super.s += "x"; log(Object.keys(this), this.s); } } new B().put();`,
	"text of null":            `const o = null; try { o.s += "a" + log("evaluated"); } catch (e) { log(e.name); }`,
	"frozen text":             `"use strict"; const o = Object.freeze({ s: "a" }); try { o.s += "b"; } catch (e) { log(e.name); } log(o);`,
	"text of an index":        `const a = ["", ""]; for (let i = 0; i < 4; i++) a[i % 2] += "x" + i; log(a);`,
	"text as a default":       `const f = (s = "") => { for (const x of [1, 2]) s += x; return s; }; log(f(), f(1), f("a"));`,
	"same name":               `let s = ""; { let s = 0; for (const x of [1, 2]) s += x; log(s); } const f = (s) => { for (const x of [1, 2]) s += x; return s; }; log(f(1), f("a"), s);`,
	"native called plainly":   `const { add } = taker; log(add("x", { a: 1 }));`,
}

// What is rewritten behaves as what was written: the same programs, run both ways.
func TestLoweredBehavesTheSame(t *testing.T) {
	for name, body := range bothWays {
		t.Run(name, func(t *testing.T) {
			plain, _ := outcome(t, body, func(*Program, *ast.Program, func()) ([]lower.Shape, error) { return nil, nil })
			lowered, taken := outcome(t, body, func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
				return lower.Program(tree, "add")
			})
			if plain != lowered {
				t.Errorf("as written:\n%s\nrewritten:\n%s", plain, lowered)
			}
			if strings.TrimSpace(plain) == "" {
				t.Error("the program says nothing")
			}
			if name == "native" && taken != 3 {
				t.Errorf("%d literals were passed by their values, want 3", taken)
			}
		})
	}
}

// outcome runs a program and returns what it logged or how it failed, and how many literals a
// native took by their values.
func outcome(t *testing.T, body string, rewrite rewriter) (log string, taken int) {
	t.Helper()
	program, err := compileWith("x.js", "exports.run = async (log, taker) => {\n"+body+"\n};", nil, rewrite)
	if err != nil {
		t.Fatal(err)
	}
	rt, exports := start(t, Options{}, program)
	var out strings.Builder
	vm := rt.VM()
	show := func(call goja.FunctionCall) goja.Value {
		for _, v := range call.Arguments {
			text := "undefined"
			if object, ok := v.(*goja.Object); ok {
				encoded, err := object.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				text = string(encoded)
			} else if v != nil {
				text = fmt.Sprintf("%s %v", v.ExportType(), v)
			}
			out.WriteString(text + " ")
		}
		out.WriteString("\n")
		return goja.Undefined()
	}
	add := vm.ToValue(func(call goja.FunctionCall) goja.Value {
		show(call)
		return vm.ToValue(len(call.Arguments))
	}).ToObject(vm)
	rt.TakeLiterals(add, func(call LiteralCall) goja.Value {
		taken++
		arguments := call.AsWritten(rt)
		show(goja.FunctionCall{Arguments: arguments})
		return vm.ToValue(len(arguments))
	})
	taker := vm.NewObject()
	if err := taker.Set("add", add); err != nil {
		t.Fatal(err)
	}
	run, _ := goja.AssertFunction(exports.Get("run"))
	if _, err := rt.Call(t.Context(), run, goja.Undefined(), vm.ToValue(show), taker); err != nil {
		fmt.Fprintf(&out, "failed: %v", err)
	}
	return out.String(), taken
}

// Errors in rewritten code have the places of the code as it was written.
func TestLoweredKeepsPlaces(t *testing.T) {
	for _, body := range []string{
		"for (const x of\n  [1]) {\n  x.y.z;\n}",
		"for (const x of [1, 2]) {\n  if (x === 2)\n    throw new Error();\n}",
		"const o = {};\nfor (const x of\n  o.x.y) {\n}",
		"const f = () => { throw new Error(); };\nfor (const x of [1])\n  for (const y of f()) {\n}",
		"const o = {};\n  o.add({\n a: 1 });",
		"const o = { add() { throw new Error(); } };\nfor (const x of [1]) o.add({ a: 1,\n b: x });",
		"const o = { add() {} };\no.add({ a: 1,\n b: o.x.y });",
		"taker.add({ a: 1 });\nnull.x;",
		"let s = \"\";\nfor (const x of [Symbol()])\n  s += x;",
		"let s = \"\";\nfor (const x of [{ toString() {\n throw new Error(); } }]) s += x;",
		"let s = \"\";\nfor (const x of [{}])\n  s +=\n   x.y.z;",
	} {
		plain := place(t, body, func(*Program, *ast.Program, func()) ([]lower.Shape, error) { return nil, nil })
		lowered := place(t, body, func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
			return lower.Program(tree, "add")
		})
		if plain != lowered {
			t.Errorf("%s\nas written at %v, rewritten at %v", body, plain, lowered)
		}
	}
	// A value that is no Error has no place as written.
	for body, want := range map[string]int{
		"for (const x of [1, 2])\n  if (x === 2)\n    throw \"a text\";": 4,
		"const f = () => {\n  throw { a: 1 }; };\nf();":                  3,
		"try {\n  throw 7; } catch (e) {\n  throw e; }":                  3,
		"try { throw 7; } catch (e) {\n  throw e + 1; }":                 3,
	} {
		at := place(t, body, func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
			return lower.Program(tree, "add")
		})
		if at.Line != want {
			t.Errorf("%s\nis placed at %v, want line %d", body, at, want)
		}
	}
	// The engine has no place for the old value of a property: it is that of the property now.
	addition := "const o = { p: null };\n  o.p.s += \"a\";"
	rewritten := func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
		return lower.Program(tree, "add")
	}
	if at := place(t, addition, rewritten); at.Line != 3 || at.Column != 7 {
		t.Errorf("%s\nfailed at %v", addition, at)
	}
	// What is wrong with the list itself is told of its beginning. As written it is told of a part
	// of it, or of the function around.
	for _, body := range []string{
		"for (const x of\n  null) {\n}", "const o = {};\nfor (const x of\n  o.x) {\n}",
		"for (const { a: { b } } of\n  [{}]) {\n}",
	} {
		at := place(t, body, func(_ *Program, tree *ast.Program, _ func()) ([]lower.Shape, error) {
			return lower.Program(tree, "add")
		})
		line := strings.Split(body, "\n")[at.Line-2] // behind the line that place adds
		if begins := len(line) - len(strings.TrimLeft(line, " ")) + 1; !strings.HasPrefix(line, "  ") || at.Column != begins {
			t.Errorf("%s\nfailed at %v", body, at)
		}
	}
}

func place(t *testing.T, body string, rewrite rewriter) Position {
	t.Helper()
	program, err := compileWith("x.js", "exports.run = async (taker) => {\n"+body+"\n};", nil, rewrite)
	if err != nil {
		t.Fatal(err)
	}
	rt, exports := start(t, Options{}, program)
	run, _ := goja.AssertFunction(exports.Get("run"))
	taker := rt.VM().NewObject()
	if err := taker.Set("add", func(goja.FunctionCall) goja.Value { return nil }); err != nil {
		t.Fatal(err)
	}
	_, err = rt.Call(t.Context(), run, goja.Undefined(), taker)
	e, ok := err.(*Error)
	if !ok {
		t.Fatalf("%v is no script error", err)
	}
	return e.At()
}
