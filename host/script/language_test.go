package script

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

// TestLanguage runs TypeScript as connectors write it, through the bundler and the engine.
func TestLanguage(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"async and await", `
			const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
			const twice = async (n: number) => { await sleep(1); return 2 * n; };
			const all = await Promise.all([1, 2, 3].map(twice));
			const settled = await Promise.allSettled([twice(1), Promise.reject(new Error("no"))]);
			return [...all, ...settled.map((s) => s.status), await Promise.any([Promise.reject(1), twice(5)])].join();`,
			"2,4,6,fulfilled,rejected,10"},
		{"generators", `
			function* pages(): Generator<number, string, number | undefined> { let got = 0; for (let i = 0; i < 3; i++) got += (yield i) ?? 0; return "sum " + got; }
			const it = pages(), seen: unknown[] = []; let step = it.next();
			while (!step.done) { seen.push(step.value); step = it.next(10); }
			return [...seen, step.value].join();`,
			"0,1,2,sum 30"},
		{"async generators and for await", `
			let closed = "";
			async function* pages() { try { for (let i = 0; ; i++) { await null; yield i; } } finally { closed = "closed"; } }
			const seen: number[] = [];
			for await (const page of pages()) { if (page > 2) break; seen.push(page); }
			for await (const page of [7, Promise.resolve(8)]) seen.push(page);
			const own = { [Symbol.asyncIterator]: async function* () { yield 9; } };
			for await (const page of own) seen.push(page);
			return [...seen, closed].join();`,
			"0,1,2,7,8,9,closed"},
		{"classes", `
			abstract class Base { abstract kind(): string; toString() { return this.kind() + ":" + this.constructor.name; } }
			class Asset extends Base {
				static #made = 0; static readonly limit: number; static { Asset.limit = 5; }
				#id: number; declare ghost: string; name = "n"; constructor(id: number, public readonly label = "l") { super(); this.#id = id; Asset.#made++; }
				get id() { return this.#id; } #secret() { return this.#id * 2; } kind() { return "asset" + this.#secret(); }
				static has(x: object) { return #id in x; } static get made() { return this.#made; }
			}
			const a = new Asset(4); enum Level { Low = 1, High = Low << 3 }
			return [a.kind(), a.id, a.label, Asset.made, Asset.limit, Asset.has(a), Asset.has({}), Object.keys(a), Level.High, Level[8]].join();`,
			"asset8,4,l,1,5,true,false,label,name,8,High"},
		{"operators and builtins", `
			let x: { a?: { b?: number } } | null = { a: {} }; x.a!.b ??= 3; x.a!.b ||= 4; x.a!.b **= 2;
			const m = "2024-05-06".match(/(?<y>\d+)-(?<m>\d+)/)!;
			return [x?.a?.b, m.groups!.y, "a-b-c".replaceAll("-", "+"), [3, 1, 2].toSorted(), [1, 2, 3].at(-1), [1, 2, 3].with(0, 9),
				Object.fromEntries([["k", 1]]).k, 2n ** 64n, [...new Set([1, 2]).union(new Set([2, 3]))], [[1, [2]]].flat(2), 1_000,
				[..."aXbX".matchAll(/X/g)].length, (/(?<=a)b/).test("ab"), Array.from({ length: 2 }, (_, i) => i), new Error("e", { cause: 7 }).cause].join("|");`,
			"9|2024|a+b+c|1,2,3|3|9,2,3|1|18446744073709551616|1,2,3|1,2|1000|2|true|0,1|7"},
		{"strict code", `try { (Object.freeze({ a: 1 }) as any).a = 2; return "sloppy"; } catch (e) { return (e as Error).name; }`, "TypeError"},
		{"lazy import", `const { helper } = await import("./helper"); return helper();`, "helped"},
		{"JSON import", `const { default: config } = await import("../configurations/config.json"); return config.name;`, "configured"},
		{"no maps from files", `return eval("1 + 1\n//# sourceMappingURL=file:///etc/passwd");`, "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := evaluate(t, "src/main.ts", "export default async function run() {"+c.body+"\n}",
				"src/helper.ts", `export const helper = () => "helped";`,
				"configurations/config.json", `{"name": "configured"}`)
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestPrelude runs what the engine lacks and the prelude adds.
func TestPrelude(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"withResolvers", `const r = Promise.withResolvers<number>(); r.resolve(4); return await r.promise;`, "4"},
		{
			"Object.groupBy",
			`const g = Object.groupBy([1, 2, 3], (n, i) => (i === 2 ? "__proto__" : n % 2)); return JSON.stringify(g) + (g as any)["__proto__"];`,
			`{"0":[2],"1":[1],"__proto__":[3]}3`,
		},
		{
			"Map.groupBy",
			`const o = {}; const g = Map.groupBy([1, 2, 3], (n) => (n > 1 ? o : null)); return [g.get(o), g.get(null), g.size].join("|");`,
			"2,3|1|2",
		},
		{"groupBy of no function", `return Object.groupBy([], 1 as any);`, "TypeError: the second argument of groupBy must be a function"},
		{"Array.fromAsync", `async function* g() { yield 1; yield 2; }
			return JSON.stringify([await Array.fromAsync(g()), await Array.fromAsync([Promise.resolve(3), 4], async (n) => n * 2), await Array.fromAsync({ length: 1, 0: 5 } as any)]);`, "[[1,2],[6,8],[5]]"},
		{"Array.fromAsync ends its source", `let ended = ""; async function* g() { try { yield 1; yield 2; } finally { ended = "ended"; } }
			try { await Array.fromAsync(g(), () => { throw new Error("stop"); }); } catch (e) { return (e as Error).message + " " + ended; }`, "stop ended"},
		{
			"queueMicrotask",
			`const seen: number[] = []; setTimeout(() => seen.push(3), 0); queueMicrotask(() => seen.push(2)); seen.push(1); await new Promise((r) => setTimeout(r, 1)); return seen.join();`,
			"1,2,3",
		},
		{
			"queueMicrotask throws",
			`queueMicrotask(() => { throw new Error("micro"); }); await new Promise((r) => setTimeout(r, 1)); return 1;`,
			"unhandled promise rejection: Error: micro",
		},
		{"structuredClone", `
			const shared = { n: 1 };
			const from: any = { date: new Date(5), map: new Map([[shared, new Set([1])]]), re: /x/gi, bytes: new Uint8Array([1, 2, 3]).subarray(1), list: [1, , shared], big: 2n, shared, ["__proto__"]: 1, boxed: Object("s") };
			from.self = from; from.bytes2 = new Uint16Array(from.bytes.buffer, 0, 1); from.view = new DataView(from.bytes.buffer, 1);
			const to = structuredClone(from);
			shared.n = 2; from.bytes[0] = 9;
			const [key, set] = [...to.map][0];
			return [to !== from, to.self === to, to.date.getTime(), to.date !== from.date, key === to.shared, key === to.list[2], key.n, set.has(1), to.re, to.bytes, 1 in to.list, to.list.length, to.big,
				to.bytes2.buffer === to.bytes.buffer, to.bytes2.length, to.view.getUint8(0), Object.keys(to).includes("__proto__"), typeof to.boxed].join(" ");`,
			"true true 5 true true true 1 true /x/gi 2,3 false 3 2 true 1 2 true object"},
		{
			"structuredClone of errors",
			`const e: any = structuredClone(Object.assign(new TypeError("t", { cause: { a: 1 } }), { extra: 1 })); return [e instanceof TypeError, e.message, e.cause.a, e.extra, typeof e.stack].join();`,
			"true,t,1,,string",
		},
		{
			"structuredClone of a class",
			`class P { x = 1; get y() { return 2; } } const c: any = structuredClone(new P()); return [c instanceof P, c.x, c.y].join();`,
			"false,1,",
		},
		{
			"structuredClone of a function", `return structuredClone({ f: function named() {} });`,
			"DataCloneError: a function (named) cannot be cloned",
		},
		{"structuredClone of a symbol", `return structuredClone([Symbol("s")]);`, "DataCloneError: a symbol cannot be cloned"},
		{"structuredClone of a promise", `return structuredClone(Promise.resolve());`, "DataCloneError: a Promise cannot be cloned"},
		{"structuredClone of nothing", `return (structuredClone as any)();`, "TypeError: structuredClone needs a value"},
		{
			"nothing shows",
			`return [Object.keys(globalThis).includes("structuredClone"), Object.keys(Promise), JSON.stringify(Object.keys(Array))].join();`,
			"false,,[]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := evaluate(t, "export default async function run(): Promise<unknown> {"+c.body+"\n}")
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestPositions holds lines and columns against a search of the source, in every kind of code.
func TestPositions(t *testing.T) {
	const source = `import { where } from "carjs/test";
const ü = "ä", first = where(); type Gone = { a: 1 }; /* é */ const second = where();
class Box { static at = where(); value = [1].map(() => where()); }
async function later() { await null; return where(); }
function* list() { yield where(); }
export default async function run() {
	const f = () => where(), g = { get at() { return where(); } };
	return [ü, first, second, Box.at, new Box().value, await later(), ...list(), f(), g.at, "😀", where()].flat().filter((at) => at.length > 2).join("\n");
}
`
	// Where the calls are, in the order in which the program lists them.
	var want []string
	for n, line := range strings.Split(source, "\n") {
		for rest := 0; ; {
			i := strings.Index(line[rest:], "where()")
			if i < 0 {
				break
			}
			rest += i
			want = append(want, Position{"src/main.ts", n + 1, len(utf16.Encode([]rune(line[:rest]))) + 1}.String())
			rest += len("where()")
		}
	}
	if got := evaluate(t, source); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// TestStackText checks what a script sees that prints a stack itself.
func TestStackText(t *testing.T) {
	got := evaluate(t, `import { failLater } from "carjs/test";
export default async function run() {
	try {
		await failLater();
	} catch (e) {
		return e.stack + "\n" + Object.keys(e) + new Error("own").stack;
	}
}`)
	want := "Error: GET /hosts: connection refused\n\tat run (src/main.ts:4:9)\nError: own\n\tat run (src/main.ts:6:44("
	if !strings.HasPrefix(got, want) {
		t.Errorf("got:\n%s\nwant it to start with:\n%s", got, want)
	}
}

// What the engine's parser panics at is an error.
func TestParserPanics(t *testing.T) {
	var wrong *Error
	if _, err := Compile("main.js", `exports.a = "\uD7FF\u{10000}";`); err != nil && !errors.As(err, &wrong) {
		t.Errorf("is %v", err)
	}
}
