package web_test

import (
	"strings"
	"testing"
	"time"

	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
	"carjs/host/script"
)

var world = webtest.World{Globals: []script.Global{web.Global()}}

// TestParts says that the programs make what the table says.
func TestParts(t *testing.T) {
	var all []string
	for _, names := range web.Names() {
		all = append(all, names...)
	}
	body := "return [" + strings.Join(all, ", ") + "].map((v) => typeof v).filter((type) => type === \"undefined\").length"
	if got, err := world.Run(t, webtest.Main(body)); err != nil || got != "0" {
		t.Errorf("globals that are not there: %s, %v", got, err)
	}
}

// TestGlobals runs the bodies of async functions and compares what they return.
func TestGlobals(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{
			"url statics",
			`return [URL.canParse("https://h"), URL.canParse("x"), URL.parse("x"), URL.parse("y", "https://h/x")!.href]`,
			`[true,false,null,"https://h/y"]`,
		},
		{"url setters", `const u = new URL("https://h/p?a=1"); u.searchParams.set("q", "a b&c"); u.pathname = "/x y/../é/"; u.hash = "top it"; u.port = "8443"; u.username = "me@x"; u.password = "p:w"; const one = u.href;
			u.search = "?z='2'"; u.host = "[::1]:9"; u.protocol = "http"; u.hash = ""; return [one, u.href, u.searchParams.get("z"), u.hostname]`,
			`["https://me%40x:p%3Aw@h:8443/%C3%A9/?a=1&q=a+b%26c#top%20it","http://me%40x:p%3Aw@[::1]:9/%C3%A9/?z=%272%27","'2'","[::1]"]`},
		{
			"url setters ignore nonsense",
			`const u = new URL("https://h:1/p"); u.port = "x"; u.host = "a b"; u.protocol = "mailto"; u.hostname = "x:5"; const s = u.href; u.port = "443"; u.hostname = "y"; return [s, u.href]`,
			`["https://h:1/p","https://y/p"]`,
		},
		{"url params are live", `const u = new URL("https://h/?a=1"), p = u.searchParams; u.search = "b=2"; p.append("c", "3"); u.href = "https://h/?d=4"; const last = [...p]; p.delete("d"); return [last, u.href, String(u), JSON.stringify({ u })]`,
			`[[["d","4"]],"https://h/","https://h/","{\"u\":\"https://h/\"}"]`},
		{
			"url never tells its text",
			`try { new URL("https://user:secret@") } catch (e) { return e instanceof TypeError && !String(e).includes("secret") }`,
			`true`,
		},
		{"params", `const p = new URLSearchParams({ a: "1", b: "ü" }); p.append("a", "2"); return [p.toString(), [...p].length, p.size, p.has("b"), p.get("none")]`,
			`["a=1&b=%C3%BC&a=2",3,3,true,null]`},
		{"params changes", `const p = new URLSearchParams("b=1&a=2&b=3&c&=e"); p.set("b", "x"); p.sort(); const s = String(p); p.delete("a", "9"); p.delete("c"); return [s, String(p), p.has("b", "x"), p.has("b", "y"), [...p.keys()]]`,
			`["=e&a=2&b=x&c=","=e&a=2&b=x",true,false,["","a","b"]]`},
		{
			"params escapes",
			`return [new URLSearchParams("a=%zz%C3%BC+%ff&%f0%9f=1").get("a"), String(new URLSearchParams({ "ä*-._": "~!'()\ud800\udc00\ud800x" }))]`,
			`["%zzü �","%C3%A4*-._=%7E%21%27%28%29%F0%90%80%80%EF%BF%BDx"]`,
		},
		{"params init", `return [new URLSearchParams([["a", "1"], ["b", "2"]]), new URLSearchParams("?x=1+2"), new URLSearchParams(new Map([["m", "1"]]))].map(String)`,
			`["a=1&b=2","x=1+2","m=1"]`},
		{"encoder", `return [[...new TextEncoder().encode("aé€😀")], [...new TextEncoder().encode("\ud800")], new TextEncoder().encode().length]`,
			`[[97,195,169,226,130,172,240,159,152,128],[239,191,189],0]`},
		{
			"encodeInto",
			`const out = new Uint8Array(4); const r = new TextEncoder().encodeInto("a€é", out); return [r, [...out]]`,
			`[{"read":2,"written":4},[97,226,130,172]]`,
		},
		{"decoder", `return new TextDecoder().decode(new Uint8Array([0xef,0xbb,0xbf,0x61,0xc3,0xa9,0xff,0x62]))`, "aé\ufffdb"},
		{
			"decoder maximal parts",
			`return new TextDecoder().decode(new Uint8Array([0xf0,0x9f,0x98,0x41,0xed,0xa0,0x80]))`,
			"\ufffdA\ufffd\ufffd\ufffd",
		},
		{
			"decoder keeps the mark",
			`return new TextDecoder("utf8", { ignoreBOM: true }).decode(new Uint8Array([0xef,0xbb,0xbf,0x61])).length`,
			`2`,
		},
		{
			"decoder fatal",
			`try { return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array([0xff])) } catch (e) { return e instanceof TypeError }`,
			`true`,
		},
		{
			"decoder stream",
			`const d = new TextDecoder(); return d.decode(new Uint8Array([0xe2, 0x82]), { stream: true }) + "|" + d.decode(new Uint8Array([0xac, 0x21])) + "|" + d.decode(new Uint8Array([0x61]))`,
			`|€!|a`,
		},
		{
			"decoder views",
			`const o = new TextEncoder().encode("xabcx").buffer; return new TextDecoder().decode(new DataView(o, 1, 3)) + new TextDecoder().decode(new Uint8Array(o, 1, 2)) + new TextDecoder().decode(o)`,
			`abcabxabcx`,
		},
		{"decoder latin1", `return new TextDecoder("latin1").decode(new Uint8Array([0xe9, 0x80]))`, `é€`},
		{
			"decoder utf-16",
			`const d = new TextDecoder("utf-16le"); return d.decode(new Uint8Array([0xff,0xfe,0x61,0,0x3d,0xd8]), {stream: true}) + d.decode(new Uint8Array([0,0xde])) + d.encoding`,
			`a😀utf-16le`,
		},
		{"decoder of a number", `try { return new TextDecoder().decode(5 as any) } catch (e) { return e instanceof TypeError }`, `true`},
		{"decoder unknown", `try { new TextDecoder("klingon") } catch (e) { return e.name }`, `RangeError`},
		{"base64", `return [btoa("h\u00e9"), atob(" aGU= \n"), atob("aGU"), btoa("")]`, `["aOk=","he","he",""]`},
		{"base64 faults", `return [() => btoa("€"), () => atob("a"), () => atob("a?==")].map((f) => { try { return f() } catch (e) { return e instanceof DOMException && e.name + e.code } })`,
			`["InvalidCharacterError5","InvalidCharacterError5","InvalidCharacterError5"]`},
		{"dom exception", `const e = new DOMException("m", "AbortError"); return [e instanceof Error, e.name, e.code, e.message, String(e), new DOMException("x", { name: "TimeoutError", cause: 1 }).cause]`,
			`[true,"AbortError",20,"m","AbortError: m",1]`},
		{"clone", `const o: any = { d: new Date(5), m: new Map([[1, { a: 1 }]]), s: new Set([1]), r: /x/gi, b: new Uint8Array([1, 2]).buffer, t: new Uint16Array([7]), e: new TypeError("t"), n: [1, , 3] };
			o.self = o; const c = structuredClone(o);
			return [c !== o, c.self === c, c.d.getTime(), c.m.get(1).a, c.m.get(1) !== o.m.get(1), c.s.has(1), String(c.r), c.b.byteLength, c.t[0], c.e instanceof TypeError, c.e.message, 1 in c.n]`,
			`[true,true,5,1,true,true,"/x/gi",2,7,true,"t",false]`},
		{
			"clone of a function",
			`try { structuredClone({ f() {} }) } catch (e) { return [e instanceof DOMException, e.name, e.code] }`,
			`[true,"DataCloneError",25]`,
		},
		{
			"performance",
			`const t = performance.now(); return t >= 0 && performance.now() >= t && Math.abs(performance.timeOrigin - Date.now()) < 60000`,
			`true`,
		},
		{
			"timers are there",
			`return [setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, queueMicrotask].every((f) => typeof f === "function")`,
			`true`,
		},
		{"globals are made when asked for", `const of = (n: string) => Object.getOwnPropertyDescriptor(globalThis, n)!;
			const before = of("Event"), first = Event, after = of("Event");
			return [typeof before.get, before.enumerable, after.value === first, after.writable, after.enumerable, after.configurable, Event === first, new AbortController().signal instanceof EventTarget]`,
			`["function",false,true,true,false,true,true,true]`},
		{"globals can be replaced and deleted", `(globalThis as any).URL = 5; const g = globalThis as any; const gone = delete g.TextEncoder; g.setInterval = g.structuredClone = undefined;
			return [g.URL, gone, typeof TextDecoder, "TextEncoder" in g, String(new URLSearchParams("a=1")), AbortSignal.timeout(1e6).aborted, g.structuredClone]`,
			`[5,true,"function",false,"a=1",false,null]`},
		{"globals do not show", `return Object.keys(globalThis).filter((k) => /URL|Text|Abort|Event|DOM/.test(k))`, `[]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := webtest.Text(world.Run(t, webtest.Main(c.body))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestEvents(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"listeners", `const t = new EventTarget(), log: any[] = [];
			const f = (e: any) => log.push("f" + e.type + (e.target === t));
			t.addEventListener("x", f); t.addEventListener("x", f); t.addEventListener("x", { handleEvent() { log.push("object") } });
			t.addEventListener("x", () => log.push("once"), { once: true });
			t.dispatchEvent(new Event("x")); t.removeEventListener("x", f); t.dispatchEvent(new Event("x")); return log`,
			`["fxtrue","object","once","object"]`},
		{"removed while dispatching", `const t = new EventTarget(), log: any[] = []; const g = () => log.push("g");
			t.addEventListener("x", () => { t.removeEventListener("x", g); t.addEventListener("x", () => log.push("late")) }); t.addEventListener("x", g);
			t.dispatchEvent(new Event("x")); return log`, `[]`},
		{"prevented and stopped", `const t = new EventTarget(), log: any[] = [];
			t.addEventListener("x", (e: any) => { e.preventDefault(); e.stopImmediatePropagation() }); t.addEventListener("x", () => log.push("no"));
			return [t.dispatchEvent(new Event("x", { cancelable: true })), t.dispatchEvent(new Event("x")), log]`, `[false,true,[]]`},
		{"listener with a signal", `const t = new EventTarget(), c = new AbortController(); let n = 0; t.addEventListener("x", () => n++, { signal: c.signal });
			t.dispatchEvent(new Event("x")); c.abort(); t.dispatchEvent(new Event("x")); return n`, `1`},
		{
			"subclass",
			`class Feed extends EventTarget { #n = 1; get n() { return this.#n } } const f = new Feed(); let hit = false; f.addEventListener("x", () => { hit = true }); f.dispatchEvent(new Event("x")); return [hit, f.n]`,
			`[true,1]`,
		},
		{"abort", `const c = new AbortController(), log: any[] = []; c.signal.onabort = (e) => log.push("on" + e.type); c.signal.addEventListener("abort", () => log.push("listener"));
			c.abort(); c.abort("again"); return [log, c.signal.aborted, c.signal.reason.name, c.signal.reason instanceof DOMException]`,
			`[["onabort","listener"],true,"AbortError",true]`},
		{
			"abort reason",
			`const c = new AbortController(); c.abort({ why: 1 }); try { c.signal.throwIfAborted() } catch (e) { return e }`,
			`{"why":1}`,
		},
		{
			"onabort replaced",
			`const c = new AbortController(), log: any[] = []; c.signal.onabort = () => log.push(1); c.signal.onabort = () => log.push(2); c.abort(); return log`,
			`[2]`,
		},
		{
			"any",
			`const x = new AbortController(), y = new AbortController(), s = AbortSignal.any([x.signal, y.signal]); const before = s.aborted; y.abort("b"); x.abort("a"); return [before, s.aborted, s.reason]`,
			`[false,true,"b"]`,
		},
		{"any of aborted", `return AbortSignal.any([new AbortController().signal, AbortSignal.abort("gone")]).reason`, `gone`},
		{
			"timeout",
			`const s = AbortSignal.timeout(10); await new Promise((r) => s.addEventListener("abort", r)); return s.reason.name`,
			`TimeoutError`,
		},
		{"not constructible", `try { new (AbortSignal as any)() } catch (e) { return e.name }`, `TypeError`},
		{"a listener that throws", `const t = new EventTarget(); let second = false; t.addEventListener("x", () => { throw new RangeError("oops") }); t.addEventListener("x", () => { second = true });
			t.dispatchEvent(new Event("x")); await null; if (!second) return "second listener not called"`, `failure 1: unhandled promise rejection: RangeError: oops (at src/main.ts:3:88)`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := webtest.Text(world.Run(t, webtest.Main(c.body))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// A signal with a time-out must not keep a run from ending.
func TestTimeoutKeepsNothingAlive(t *testing.T) {
	start := time.Now()
	if _, err := world.Run(t, webtest.Main(`AbortSignal.timeout(15000)`)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 12*time.Second {
		t.Errorf("the run took %v", took)
	}
}
