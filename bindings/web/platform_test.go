package web_test

import (
	"testing"

	"carjs/bindings/web/webtest"
)

// The parts of the platform in a connector's hands. What the standards say in detail is tested by the
// tests of the platform itself: TestWebPlatform in package bindings.
func TestPlatform(t *testing.T) {
	const collect = `const all = async (s: ReadableStream<any>) => { const out: any[] = []; for await (const c of s) out.push(c); return out; };
		const caught = async (f: () => unknown) => { try { await f(); return "none"; } catch (e: any) { return e.name; } };`
	for _, c := range []struct{ name, body, want string }{
		{"pipes", `const upper = new TransformStream<string, string>({ transform(c, k) { k.enqueue(c.toUpperCase()); }, flush(k) { k.enqueue("!"); } });
			const written: string[] = []; await ReadableStream.from(["a", "b"]).pipeThrough(upper).pipeTo(new WritableStream({ write(c) { written.push(c); } })); return written`,
			`["A","B","!"]`},
		{"a pipe that fails", `const why: any[] = []; const sink = new WritableStream({ write() { throw new RangeError("full"); } });
			const source = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { why.push(reason.name); } }); return [await caught(() => source.pipeTo(sink)), why]`,
			`["RangeError",["RangeError"]]`},
		{"a pipe that is aborted", `const c = new AbortController(); const done = new ReadableStream().pipeTo(new WritableStream(), { signal: c.signal }); c.abort(new TypeError("enough")); return caught(() => done)`, `TypeError`},
		{"a writer", `const log: any[] = []; const s = new WritableStream<number>({ write(c) { log.push(c); }, close() { log.push("end"); } }, { highWaterMark: 2 }); const w = s.getWriter();
			const size = w.desiredSize; void w.write(1); void w.write(2); const full = w.desiredSize; await w.close(); return [size, full, log, s.locked]`, `[2,0,[1,2,"end"],true]`},
		{"into a buffer", `const s = new ReadableStream({ type: "bytes", pull(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close(); } }); const r = s.getReader({ mode: "byob" });
			const buffer = new Uint8Array(2), one = await r.read(buffer), two = await r.read(new Uint8Array(2)); return [[...one.value!], buffer.byteLength, [...two.value!], (await r.read(new Uint8Array(1))).done]`,
			`[[1,2],0,[3],true]`},
		{"tee", `[a, b] = ReadableStream.from([1, 2]).tee(); return [await all(a), await all(b)]`, `[[1,2],[1,2]]`},
		{"text over chunks", `const bytes = new TextEncoder().encode("grün"); const s = ReadableStream.from([bytes.slice(0, 3), bytes.slice(3)]).pipeThrough(new TextDecoderStream()); return (await all(s)).join("")`, `grün`},
		{"surrogates over chunks", `const s = ReadableStream.from(["a\ud83d", "\ude00"]).pipeThrough(new TextEncoderStream()); return (await all(s)).map((c) => [...c])`, `[[97],[240,159,152,128]]`},
		{"compressed", `const squeeze = (text: string, f: CompressionFormat) => ReadableStream.from([new TextEncoder().encode(text)]).pipeThrough(new CompressionStream(f));
			const back = (s: ReadableStream<Uint8Array<ArrayBuffer>>, f: CompressionFormat) => all(s.pipeThrough(new DecompressionStream(f)).pipeThrough(new TextDecoderStream()));
			const text = "abc".repeat(1000); const out = []; for (const f of ["gzip", "deflate", "deflate-raw"] as const) out.push((await back(squeeze(text, f), f)).join("") === text); return out`, `[true,true,true]`},
		{"damaged", `const gz = (await all(ReadableStream.from([new Uint8Array(100)]).pipeThrough(new CompressionStream("gzip")))).flatMap((c) => [...c]);
			const open = (bytes: number[]) => caught(() => all(ReadableStream.from([new Uint8Array(bytes)]).pipeThrough(new DecompressionStream("gzip"))));
			return [await open(gz), await open(gz.slice(0, -3)), await open([...gz, 1]), await open([1, 2, 3]), await open([])]`, `["none","TypeError","TypeError","TypeError","TypeError"]`},
		{"an expander that is given up", `const s = new DecompressionStream("gzip"); void s.writable.getWriter().write(new Uint8Array([31, 139])).catch(() => {}); await s.readable.cancel(); return true`, `true`},
		{"events", `const t = new EventTarget(), log: any[] = []; t.addEventListener("x", (e) => { log.push("bubble", e.eventPhase); }); t.addEventListener("x", { handleEvent(e) { log.push("capture"); e.preventDefault(); } }, { capture: true, once: true });
			const e = new CustomEvent("x", { cancelable: true, detail: 7 }); return [t.dispatchEvent(e), [...log], e.detail, e.isTrusted, t.dispatchEvent(new Event("x"))]`, `[false,["capture","bubble",2],7,false,true]`},
		{"signals", `a = new AbortController(); b = new AbortController(); const s = AbortSignal.any([AbortSignal.any([a.signal]), b.signal]); let n = 0; s.onabort = () => { n++; }; a.abort("why"); b.abort(); return [s.aborted, s.reason, n, await caught(() => s.throwIfAborted())]`,
			`[true,"why",1,null]`},
		{"messages", `const { port1, port2 } = new MessageChannel(); const data = new Uint8Array([1]).buffer; const got = new Promise<any>((resolve) => { port2.onmessage = (e) => resolve(e.data); });
			port1.postMessage({ data, at: new Date(5) }, [data]); const m = await got; return [m.data.byteLength, m.at.getTime(), data.byteLength]`, `[1,5,0]`},
		{"a clone with what goes over", `b = new ArrayBuffer(4); const v = new Uint16Array(b); v[1] = 9; const c = structuredClone({ v, m: new Map([[{}, new Set([1n])]]) }, { transfer: [b] });
			return [c.v[1], b.byteLength, [...c.m.values()][0]!.has(1n), await caught(() => structuredClone(v)), await caught(() => structuredClone(new EventTarget())), (structuredClone(new File(["x"], "n")) as File).name]`,
			`[9,0,true,"DataCloneError","DataCloneError","n"]`},
		{"exceptions", `const e = new DOMException("m", "AbortError"); return [e.code, DOMException.ABORT_ERR, e instanceof Error, String(e), e.stack!.startsWith("AbortError: m"), Object.prototype.toString.call(e), new QuotaExceededError("q", { quota: 1 }).quota]`,
			`[20,20,true,"AbortError: m",true,"[object DOMException]",1]`},
		{"marks", `performance.mark("a", { startTime: 1 }); performance.mark("b", { startTime: 4 }); const m = performance.measure("m", "a", "b"); performance.clearMarks(); return [m.duration, performance.getEntries().map((e) => e.name), performance.timeOrigin > 1e12]`, `[3,["m"],true]`},
		{"navigator", `return [navigator.userAgent, navigator.hardwareConcurrency, Object.keys(navigator)]`, `["carjs",1,[]]`},
		{"references", `const o = {}, r = new WeakRef(o), f = new FinalizationRegistry(() => {}), token = {}; f.register(o, 1, token); return [r.deref() === o, f.unregister(token), f.unregister(token), await caught(() => new (WeakRef as any)(1))]`, `[true,true,false,"TypeError"]`},
		{"memory that nobody shares", `const S = (globalThis as any).SharedArrayBuffer, m = new S(4), u = new Uint8Array(m); u[1] = 7;
			const size = Object.getOwnPropertyDescriptor(S.prototype, "byteLength")!.get!;
			return [m.byteLength, new Uint8Array(m.slice(1, 3))[0], m instanceof ArrayBuffer, String(m), m.growable, await caught(() => size.call(new ArrayBuffer(1)))]`,
			`[4,7,false,"[object SharedArrayBuffer]",false,"TypeError"]`},
		{"stacks", `class Own extends Error { constructor(m: string) { super(m); Error.captureStackTrace(this, Own); } } const e = new Own("m"); const o: any = {}; Error.captureStackTrace(o); return [e.stack!.split("\n")[0], /main\.ts/.test(e.stack!), /Own/.test(e.stack!.split("\n")[1]!), typeof o.stack]`,
			`["Error: m",true,false,"string"]`},
		{"interfaces", `return [Object.keys(URL.prototype).includes("href"), Object.prototype.toString.call(new Headers2()), await caught(() => (Blob.prototype.text as any).call({}))]; function Headers2(this: any) { return new TextDecoder(); }`, `[true,"[object TextDecoder]","TypeError"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := webtest.Text(world.Run(t, webtest.Main(collect+c.body))); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
