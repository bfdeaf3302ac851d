package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"carjs/bindings/fetch"
)

// Blob, File, FormData and ReadableStream, as the File API, XMLHttpRequest and Streams Standards have
// them.
func TestBodyClasses(t *testing.T) {
	w := world(fetch.Deps{})
	const all = `const all = async (s: any) => { const seen: any[] = []; for await (const x of s) seen.push(x); return seen; };
		const text = (b: Uint8Array) => new TextDecoder().decode(b); const caught = async (f: () => any) => { try { return await f() } catch (e: any) { return e?.name ?? e } };
		void [all, text, caught]; `
	for _, c := range []check{
		{"blob", `const b = new Blob(["grün", new Uint8Array([33, 34]).subarray(1), new Blob(["x"]), 7 as any], { type: "Text/Plain" });
			return [b.size, b.type, await b.text(), (await b.arrayBuffer()).byteLength, [...await b.bytes()].length, String(b), (await all(b.stream())).length]`,
			`[8,"text/plain","grün\"x7",8,8,"[object Blob]",1]`},
		{"blob slices", `const b = new Blob(["0123456789"], { type: "a/b" }); const s = b.slice(2, -2, "C/d"); return [await s.text(), s.type, s.size, await s.slice(-2).text(), b.slice(8, 2).size, b.slice().type]`,
			`["234567","c/d",6,"67",0,""]`},
		{"blob of odd things", `return [new Blob().size, new Blob([], { type: "grün" }).type, await new Blob(["a\r\nb\rc"], { endings: "native" }).text(), await caught(() => new Blob("text" as any)), await caught(() => new Blob({} as any)), await new Blob(["\ufeffa"]).text(), await new Blob(["\ud800"]).bytes().then((b) => [...b])]`,
			`[0,"","a\nb\nc","TypeError","TypeError","a",[239,191,189]]`},
		{"a blob's bytes are its own", `const bytes = new Uint8Array([1, 2]); const b = new Blob([bytes]); bytes[0] = 9; (await b.bytes())[1] = 9; new Uint8Array(await b.arrayBuffer())[0] = 8; return [...await b.bytes()]`, `[1,2]`},
		{"file", `const f = new File(["ab"], "n.txt", { type: "text/plain", lastModified: 5 }); return [f.name, f.size, f.type, f.lastModified, f instanceof Blob, String(f), f.webkitRelativePath, await caught(() => new (File as any)(["a"]))]`,
			`["n.txt",2,"text/plain",5,true,"[object File]","","TypeError"]`},
		{"form", `const f = new FormData(); f.append("a", "1"); f.append("b", new Blob(["x"], { type: "t/p" })); f.append("a", 2 as any); f.append("c", new File(["y"], "y.txt"), "z.txt");
			const b: any = f.get("b"), c: any = f.get("c"); f.set("a", "3"); f.set("d", "4"); f.delete("c");
			return [[...f.keys()], f.getAll("a"), f.get("no"), f.has("d"), b.name, b.type, c.name, b instanceof File, await caught(() => new (FormData as any)({})), await caught(() => f.append("x", "y", "z" as any)), [...f].length]`,
			`[["a","b","d"],["3"],null,true,"blob","t/p","z.txt",true,"TypeError","TypeError",3]`},
		{"stream by hand", `const s = new ReadableStream<number>({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } }); const r = s.getReader();
			const seen = [s.locked, await r.read(), await r.read(), await r.read(), await r.closed]; r.releaseLock(); return [...seen, s.locked, await caught(() => r.read())]`,
			`[true,{"value":1,"done":false},{"value":2,"done":false},{"done":true},null,false,"TypeError"]`},
		{"stream that is pulled", `let n = 0; const s = new ReadableStream<number>({ pull(c) { if (++n > 3) c.close(); else c.enqueue(n); } }); return [await all(s), n, s.locked]`, `[[1,2,3],4,false]`},
		{"stream pulls no more than wanted", `let n = 0; const s = new ReadableStream<number>({ pull(c) { c.enqueue(++n); } }, { highWaterMark: 3 }); await null; await null; await null; await null; await null; await null; await null; await null; await null; const before = n; await s.getReader().read(); await null; await null; await null; await null; return [before, n]`, `[3,4]`},
		{"stream that fails", `const s = new ReadableStream({ pull() { throw new RangeError("mine") } }); const r = s.getReader(); return [await caught(() => r.read()), await caught(() => r.closed), await caught(() => r.read())]`, `["RangeError","RangeError","RangeError"]`},
		{"stream whose start fails", `return [await caught(() => new ReadableStream({ start() { throw new RangeError("mine") } })), await caught(() => new ReadableStream({ start: () => Promise.reject(new EvalError("x")) }).getReader().read())]`, `["RangeError","EvalError"]`},
		{"stream that is cancelled", `let why: any; const s = new ReadableStream({ start(c) { c.enqueue(1); }, cancel(r) { why = r; } }); await s.cancel("enough"); return [why, await all(s)]`, `["enough",[]]`},
		{"leaving a loop cancels", `let why: any = "none"; const s = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { why = typeof r; } }); for await (const x of s) { void x; break; } return [why, s.locked, await all(s)]`, `["undefined",false,[]]`},
		{"leaving a loop without cancelling", `let n = 0; const s = new ReadableStream<number>({ pull(c) { c.enqueue(++n); } }); for await (const x of s.values({ preventCancel: true })) { void x; break; } const r = s.getReader(); return (await r.read()).value`, `2`},
		{"locked", `const s = new ReadableStream(); s.getReader(); return [await caught(() => s.getReader()), await caught(() => s.cancel()), await caught(() => s.tee()), await caught(() => s.getReader({ mode: "byob" } as any))]`, `["TypeError","TypeError","TypeError","TypeError"]`},
		{"tee", `let n = 0; const [a, b] = new ReadableStream<number>({ pull(c) { if (++n > 3) c.close(); else c.enqueue(n); } }).tee(); return [await all(a), await all(b)]`, `[[1,2,3],[1,2,3]]`},
		{"tee of one that fails", `const [a, b] = new ReadableStream({ pull(c) { c.error(new RangeError("x")); } }).tee(); return [await caught(() => all(a)), await caught(() => all(b))]`, `["RangeError","RangeError"]`},
		{"tee that both leave", `let why: any; const [a, b] = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(r) { why = r; } }).tee(); await Promise.all([a.cancel(1), b.cancel(2)]); return why`, `[1,2]`},
		{"from", `return [await all(ReadableStream.from([1, Promise.resolve(2)])), await all(ReadableStream.from({ [Symbol.asyncIterator]() { let n = 0; return { next: async () => ({ value: n, done: n++ > 1 }) } } } as any)), await caught(() => ReadableStream.from(7 as any))]`, `[[1,2],[0,1],"TypeError"]`},
		{"strategies", `const s = new ReadableStream({ start(c) { c.enqueue(new Uint8Array(10)); (globalThis as any).left = c.desiredSize; } }, new ByteLengthQueuingStrategy({ highWaterMark: 16 })); void s; return [(globalThis as any).left, new CountQueuingStrategy({ highWaterMark: 2 }).size(), await caught(() => new ReadableStream({}, { highWaterMark: -1 })), await caught(() => new ReadableStream({ type: "x" } as any))]`, `[6,1,"RangeError","TypeError"]`},
		{"controller at its end", `let c: any; const s = new ReadableStream({ start(x) { c = x; } }); void s; c.close(); return [await caught(() => c.enqueue(1)), await caught(() => c.close()), c.desiredSize]`, `["TypeError","TypeError",0]`},
		{"pending reads end with the lock", `const r = new ReadableStream().getReader(); const p = caught(() => r.read()); r.releaseLock(); return [await p, await caught(() => r.closed)]`, `["TypeError","TypeError"]`},
		{"response of each kind", `const of = async (b: any) => { const r = new Response(b); return [r.headers.get("content-type"), await r.text()]; };
			const f = new FormData(); f.append("a", "1");
			const form = await of(f);
			return [await of(new Blob(["x"], { type: "a/b" })), await of(new Blob(["x"])), await of(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("grün")); c.close(); } })), form[0].replace(/=carjs-[0-9a-f]{32}$/, "=…"), form[1].split("\r\n").length]`,
			`[["a/b","x"],[null,"x"],[null,"grün"],"multipart/form-data; boundary=…",6]`},
		{"response body", `const r = new Response("grün"); const s: any = r.body; return [s === r.body, r.bodyUsed, (await all(s)).map(text), r.bodyUsed, await caught(() => r.text()), new Response().body, new Response("").body === null]`,
			`[true,false,["grün"],true,"TypeError",null,false]`},
		{"response body untouched", `const r = new Response("x"); void r.body; const t = await r.text(); return [t, r.bodyUsed, await caught(() => all(r.body)), (r.body as any).locked]`, `["x",true,"TypeError",true]`},
		{"response body locked", `const r = new Response("x"); r.body!.getReader(); return [r.bodyUsed, await caught(() => r.text()), await caught(() => r.clone())]`, `[false,"TypeError","TypeError"]`},
		{"response clones of a stream", `const r = new Response(ReadableStream.from(["a", "b"].map((t) => new TextEncoder().encode(t)))); const c = r.clone(); return [await c.text(), await r.text(), await caught(() => r.clone())]`, `["ab","ab","TypeError"]`},
		{"response clones after body", `const r = new Response("ab"); void r.body; const c = r.clone(); return [await c.text(), (await all(r.body)).map(text)]`, `["ab",["ab"]]`},
		{"response of bad chunks", `return caught(() => new Response(ReadableStream.from(["text"]) as any).text())`, `TypeError`},
		{"response blob", `const b = await new Response("x", { headers: { "Content-Type": "A/b" } }).blob(); return [b.type, await b.text()]`, `["a/b","x"]`},
		{"form data back and forth", `const f = new FormData(); f.append("na\"me\n", "line\nline"); f.append("f", new File([new Uint8Array([0, 255])], "ü \"1\".bin", { type: "a/b" }));
			const g = await new Response(f).formData(); const file: any = g.get("f"); return [[...g.keys()], g.get("na\"me\r\n"), file.name, file.type, [...await file.bytes()]]`,
			`[["na\"me\r\n","f"],"line\r\nline","ü \"1\".bin","a/b",[0,255]]`},
		{"form data of a form", `const g = await new Response(new URLSearchParams([["a", "1 +"], ["a", "ü"]])).formData(); return [...g]`, `[["a","1 +"],["a","ü"]]`},
		{"form data of something else", `return [await caught(() => new Response("a=1").formData()), await caught(() => new Response("x", { headers: { "content-type": "multipart/form-data; boundary=b" } }).formData())]`, `["TypeError","TypeError"]`},
		{"request of each kind", `const f = new FormData(); f.append("a", "1"); const r = new Request("https://h", { method: "POST", body: f }); const q = r.clone(); const s = new Request("https://h", { method: "POST", body: ReadableStream.from([new Uint8Array([65])]), duplex: "half" }); const c = s.clone(); const m = new Request(c);
			return [(await r.formData()).get("a"), (await q.formData()).get("a"), await s.text(), await m.text(), r.mode, r.credentials, r.cache, r.duplex, r.keepalive, new Request(new Request("https://h", { cache: "no-store" })).cache]`,
			`["1","1","A","A","cors","same-origin","default","half",false,"no-store"]`},
		{"request without a body", `return [new Request("https://h").body, await caught(() => new Request("https://h", { body: new Blob([]) })), await caught(() => new Request("https://h", { body: ReadableStream.from([]) }))]`, `[null,"TypeError","TypeError"]`},
	} {
		c.body = "return (async () => { " + all + c.body + " })()"
		c.run(t, w, "none")
	}
}

// What goes over the network: bodies of every kind, and answers in parts.
func TestBodiesOverTheNetwork(t *testing.T) {
	here := server(t)
	gone := make(chan struct{})
	more := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/form":
			if err := r.ParseMultipartForm(1 << 20); err != nil {
				t.Error(err)
			}
			file, head, err := r.FormFile("file")
			if err != nil {
				t.Error(err)
				return
			}
			data, _ := io.ReadAll(file)
			fmt.Fprintf(w, "%s %s %s %q", r.FormValue("a"), head.Filename, head.Header.Get("Content-Type"), data)
		case "/endless":
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					close(gone)
					return
				}
			}
		case "/gone":
			<-gone
		case "/slow":
			for range 4 {
				_, _ = io.WriteString(w, "x")
				_ = http.NewResponseController(w).Flush()
				if _, err := http.Get("http://" + r.Host + "/"); err != nil {
					t.Error(err)
				}
			}
		}
	}))
	t.Cleanup(func() {
		more.CloseClientConnections()
		more.Close()
	})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"form", `const f = new FormData(); f.append("a", "1"); f.append("file", new Blob(["x\r\n"], { type: "a/b" }), "n.txt"); return (await fetch(b + "/form", { method: "POST", body: f })).text()`, `1 n.txt a/b "x\r\n"`},
		{"blob", `const r = await (await fetch(a + "/echo", { method: "PUT", body: new Blob(["x"], { type: "a/b" }) })).json(); return [r.body, r.type]`, `["x","a/b"]`},
		{"stream", `const r = await (await fetch(a + "/echo", { method: "POST", body: ReadableStream.from([new Uint8Array([65]), new Uint8Array([66])]), duplex: "half" })).json(); return [r.body, r.type]`, `["AB",""]`},
		{"stream that fails", `try { await fetch(a + "/echo", { method: "POST", body: new ReadableStream({ pull() { throw new RangeError("mine") } }) }) } catch (e: any) { return e.name }`, `RangeError`},
		{"in parts", `const r = await fetch(b + "/slow"); let n = 0; for await (const chunk of r.body!) n += chunk.length; return [n, r.bodyUsed]`, `[4,true]`},
		{"in parts after clone", `const r = await fetch(b + "/slow"); const c = r.clone(); const parts: any[] = []; for await (const chunk of r.body!) parts.push(chunk.length); return [parts, (await c.text()).length]`, `[[4],4]`},
		{"clone after body", `const r = await fetch(b + "/slow"); void r.body; const c = r.clone(); let n = 0; for await (const chunk of r.body!) n += chunk.length; return [n, (await c.text()).length]`, `[4,4]`},
		{"enough of it", `const r = await fetch(b + "/endless"); let n = 0; for await (const chunk of r.body!) { n += chunk.length; if (n > 200000) break; } await fetch(b + "/gone"); return [n > 200000, r.bodyUsed]`, `[true,true]`},
		{"broken", `const r = await fetch(a + "/drop"); try { for await (const chunk of r.body!) void chunk; } catch (e: any) { return [e.name, e.message, e.cause.code] }`, `["TypeError","GET $a/drop: the connection was closed before the response was complete",51]`},
		{"too late", `const r = await fetch(a + "/hang-in-body", { timeout: 2000 }); try { for await (const chunk of r.body!) void chunk; } catch (e: any) { return e.message }`, `GET $a/hang-in-body: no data for 2s`},
		{"aborted", `const c = new AbortController(); const r = await fetch(a + "/hang-in-body", { signal: c.signal }); try { for await (const chunk of r.body!) { void chunk; c.abort("enough"); } } catch (e: any) { return e }`, `enough`},
		{"none", `const r = await fetch(a + "/status/204"), h = await fetch(a + "/echo", { method: "HEAD" }); return [r.body, await r.text(), h.body]`, `[null,"",null]`},
		{"blob of an answer", `const b2 = await (await fetch(a + "/echo")).blob(); return [b2.type, b2.size > 10]`, `["text/plain;charset=utf-8",true]`},
	} {
		c.run(t, w, here.URL, more.URL)
	}
}
