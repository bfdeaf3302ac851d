package fetch_test

import (
	"testing"

	"carjs/bindings/fetch"
)

// The classes without a network.
func TestClasses(t *testing.T) {
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"headers", `const h = new Headers({ "X-B": "1", a: "2" }); h.append("x-b", "3"); h.set("C", " v "); h.delete("A"); return [[...h], h.has("X-b"), h.get("none"), [...h.keys()], [...h.values()], new Headers(h).get("x-b")]`,
			`[[["c","v"],["x-b","1, 3"]],true,null,["c","x-b"],["v","1, 3"],"1, 3"]`},
		{
			"cookies stay apart",
			`const h = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]); return [[...h], h.getSetCookie()]`,
			`[[["set-cookie","a=1"],["set-cookie","b=2"]],["a=1","b=2"]]`,
		},
		{"undefined headers are left out", `return [...new Headers({ a: undefined, b: 1 })]`, `[["b","1"]]`},
		{
			"bad headers",
			`return [{ "a b": "x" }, { a: "x\ny" }, { a: "€" }, [["a"]], "text"].map((h: any) => { try { new Headers(h); return "made" } catch (e) { return e.name } })`,
			`["TypeError","TypeError","TypeError","TypeError","TypeError"]`,
		},
		{"response", `const r = new Response("grün", { status: 201, statusText: "Made", headers: { "X-A": "1" } }); return [r.status, r.ok, r.statusText, r.headers.get("content-type"), r.url, r.type, await r.clone().text(), [...(await r.bytes())].length]`,
			`[201,true,"Made","text/plain;charset=UTF-8","","default","grün",5]`},
		{"response of nothing", `const r = new Response(); return [r.status, await r.text(), r.bodyUsed]`, `[200,"",false]`},
		{
			"response json",
			`const r = Response.json({ a: [1] }, { status: 202 }); return [r.status, r.headers.get("content-type"), await r.json()]`,
			`[202,"application/json",{"a":[1]}]`,
		},
		{
			"response statics",
			`const r = Response.redirect("https://h/x", 307); return [r.status, r.headers.get("location"), Response.error().type, Response.error().status]`,
			`[307,"https://h/x","error",0]`,
		},
		{
			"headers that stay", `const made = new Response("", { headers: { a: "1" } }); made.headers.set("a", "2"); const copy = made.clone();
				copy.headers.delete("a"); const fixed = [Response.redirect("https://h/x"), Response.redirect("https://h/x").clone(), Response.error()];
				const tries = (h: any) => [() => h.set("a", "1"), () => h.append("a", "1"), () => h.delete("location")]
					.map((f) => { try { f(); return "changed" } catch (e) { return e.name } }).join();
				const other = new Headers(fixed[0].headers); other.set("location", "x");
				return [made.headers.get("a"), copy.headers.has("a"), ...fixed.map((r) => tries(r.headers)), other.get("location")]`,
			`["2",false,"TypeError,TypeError,TypeError","TypeError,TypeError,TypeError","TypeError,TypeError,TypeError","x"]`,
		},
		{"response faults", `return [() => new Response("", { status: 99 }), () => new Response("x", { status: 204 }), () => Response.redirect("https://h", 200), () => Response.json(undefined)].map((f) => { try { return f() } catch (e) { return e.name } })`,
			`["RangeError","TypeError","RangeError","TypeError"]`},
		{
			"json of a response by hand",
			`try { await new Response("{oops").json() } catch (e) { return [e.name, e.cause.code] }`,
			`["SyntaxError",55]`,
		},
		{"request", `const r = new Request("https://h/x", { method: "post", body: "b" }); return [r.method, r.url, r.redirect, r.signal.aborted, await r.clone().json().catch((e: any) => e.name), r.bodyUsed, await r.text()]`,
			`["POST","https://h/x","follow",false,"SyntaxError",false,"b"]`},
		{"request faults", `return [() => new Request("x"), () => new Request("https://h", { redirect: "maybe" as any }), () => new Request("https://h", { timeout: 0 }), () => new (Request as any)()].map((f) => { try { f(); return "made" } catch (e) { return e.name } })`,
			`["TypeError","TypeError","TypeError","TypeError"]`},
	} {
		c.run(t, w, "")
	}
}
