package check_test

import (
	"slices"
	"strings"
	"testing"
)

// awaitHead is in front of the code of each case, which is at line 10.
const awaitHead = `import { BaseDataHandler, context } from "carjs";
import { HttpClient } from "carjs/http";
export const client = new HttpClient({ baseURL: context().args.url });
export class Server { client = new HttpClient({ baseURL: context().args.url }); readonly later: HttpClient; changes: any;
  constructor() { this.later = new HttpClient({ baseURL: "" }); } }
export const server = new Server();
export abstract class Handler extends BaseDataHandler { x = 1; }
export declare const handler: Handler; declare const use: (...x: any[]) => any; declare const list: any[];
console.log(server);
`

func TestForgottenAwait(t *testing.T) {
	const promise = ": warning: %s returns a promise, which is not awaited"
	at := func(column, what string) string {
		return "src/more.ts:10:" + column + strings.Replace(promise, "%s", what, 1)
	}
	for _, test := range []struct {
		name, code string
		want       []string
	}{
		{"thrown away", `export async function f() { handler.replaces("asset"); }`, []string{at("37", "replaces()")}},
		{"of the importer", `export async function f(i: any) { i.sendData("asset", []); }`, []string{at("37", "sendData()")}},
		{"of a client", `export async function f() { client.post("/x"); }`, []string{at("36", "post()")}},
		{"of a property", `export async function f() { server.client.delete("/x"); }`, []string{at("43", "delete()")}},
		{"of a property set in the constructor", `export async function f() { server.later.get("/x"); }`, []string{at("42", "get()")}},
		{"of the service", `export async function f() { context().carService.delete("asset", ["1"]); }`, []string{at("50", "delete()")}},
		{"of the service in a variable", `export async function f() { const s = context().carService; s.saveModelStateId("1"); }`,
			[]string{at("63", "saveModelStateId()")}},
		{"of fetch", `export async function f() { fetch("http://x"); }`, []string{at("29", "fetch()")}},
		{"behind a condition", `export async function f() { list.length && handler.replaces("asset"); }`, []string{at("52", "replaces()")}},
		{"a member of it", `export async function f() { return (client.get("/x") as any).items; }`, []string{at("44", "get()")}},
		{"a loop over it", `export async function f() { for (const x of client.get("/x") as any) use(x); }`, []string{at("52", "get()")}},
		{"spread", `export async function f() { return [...(client.get("/x") as any)]; }`, []string{at("48", "get()")}},
		{"in a text", "export async function f() { return `${client.get(\"/x\")}`; }", []string{at("46", "get()")}},
		{"as a condition", `export async function f() { if (client.get("/x")) use(1); }`, []string{at("40", "get()")}},
		{"passed to addCollection", `export async function f() { handler.addCollection("asset", client.get("/x") as any); }`, []string{at("67", "get()")}},
		{"passed to JSON", `export async function f() { return JSON.stringify(client.get("/x")); }`, []string{at("58", "get()")}},
		{"taken apart", `export async function f() { const { items } = client.get("/x") as any; return items; }`, []string{at("54", "get()")}},
		{"assigned", `export async function f() { const hosts: any = client.get("/x"); for (const h of hosts) use(h); }`, []string{at("55", "get()")}},
		{"assigned, and its member", `export async function f() { const r: any = client.get("/x"); use(r.items.length); }`, []string{at("51", "get()")}},
		{"assigned and not used", `export async function f() { const gone = handler.replaces("asset"); }`, []string{at("50", "replaces()")}},
		{"assigned to a property",
			`export async function f() { server.changes = client.get("/x"); } export function g() { return server.changes.updated.length; }`,
			[]string{at("53", "get()")}},
		{"one of the same name that is right",
			`export async function f() { const r: any = await client.get("/x"); return r; } export function g() { const r: any = client.get("/y"); return r.x; }`,
			[]string{at("124", "get()")}},

		{"in forEach", `export async function f() { list.forEach(async (x) => { await client.get(x); }); }`,
			[]string{"src/more.ts:10:34: warning: forEach() does not wait for its async function"}},
		{"in forEach, without async", `export function f() { list.forEach((x) => client.get(x)); }`,
			[]string{"src/more.ts:10:28: warning: forEach() does not wait for get()"}},
		{"in a map that nobody takes", `export function f() { list.map(async function (x) { await client.get(x); }); }`,
			[]string{"src/more.ts:10:28: warning: map() does not wait for its async function"}},
		{"in a map that is awaited", `export async function f() { await Promise.all(list.map(async (x) => client.get(x))); list.forEach((x) => use(x)); }`, nil},

		{"awaited", `export async function f() { await handler.replaces("asset"); return (await client.get("/x")).items; }`, nil},
		{"returned", `export function f() { return client.get("/x"); }`, nil},
		{"returned by an arrow", `export const f = () => client.get("/x");`, nil},
		{"meant to be left alone", `export async function f() { void client.post("/x"); }`, nil},
		{"then", `export async function f() { client.get("/x").then(use).catch(use); }`, nil},
		{"all at once", `export async function f() { const [a, b] = await Promise.all([client.get("/a"), client.get("/b")]); return a + b; }`, nil},
		{"all of a list", `export async function f() { return Promise.all(list.map((x) => client.get(x))); }`, nil},
		{"all of a list with a block", `export async function f() { return Promise.all(list.map((x) => { return client.get(x); })); }`, nil},
		{"collected", `export async function f() { const all: any[] = []; for (const x of list) all.push(client.get(x)); await Promise.all(all); }`, nil},
		{"started early", `export async function f() { const a = client.get("/a"); const b = client.get("/b"); return use(await a, await b); }`, nil},
		{"started early and settled together", `export async function f() { const a = client.get("/a"); await Promise.allSettled([a]); }`, nil},
		{"passed on", `export async function f() { const a: any = client.get("/a"); use(a); use(client.get("/b")); }`, nil},
		{"passed on by name", `export async function f() { const a = client.get("/a"); return { a }; }`, nil},
		{"used and awaited", `export async function f() { const a: any = client.get("/a"); if (a) use(a.x); return await a; }`, nil},
		{"assigned later", `export async function f() { let a; if (list.length) a = client.get("/a"); await a; }`, nil},
		{"kept in a property", `export function f() { return (server.changes ??= client.get("/x")); }`, nil},
		{"kept in a property and awaited", `export async function f() { server.changes = client.get("/x"); use((await server.changes).updated); }`, nil},
		{"something else with a get", `export function f() { const m = new Map(); m.get("/x"); list.map((x) => x.get("/x").items); }`, nil},
		{"a function of its own", `const own = { replaces: (x: string) => x };
			class A { replaces(x: string) { return x; } } export function f() { own.replaces("a"); new A().replaces("b"); }`, nil},
		{"the client's pages", `export async function f() { for await (const p of client.paginate.link("/x")) use(p); }`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			found := findings(t, map[string]string{"src/main.ts": used + `import * as more from "./more"; console.log(more);`, "src/more.ts": awaitHead + test.code})
			found = slices.DeleteFunc(found, func(line string) bool { return strings.Contains(line, "[types]") })
			expect(t, found, test.want...)
		})
	}
}
