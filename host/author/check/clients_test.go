package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A client is known wherever it goes; what may be something else is left alone. The call at issue
// is the one behind CALL.
func TestForgottenAwaitOfAClientThatIsPassedOn(t *testing.T) {
	const head = `import { HttpClient } from "carjs/http";
declare const config: any, list: any[], use: (...x: any[]) => any;
`
	for _, test := range []struct{ name, code string }{
		{"through a constructor", `class Api { constructor(private readonly client: HttpClient) {} load() { this.client./*CALL*/get("/x"); } }
			new Api(new HttpClient({ baseURL: "" })).load();`},
		{"through a constructor, from a variable", `class Api { client: HttpClient; constructor(c: HttpClient) { this.client = c; } load() { this.client./*CALL*/get("/x"); } }
			const shared = new HttpClient({ baseURL: "" }); new Api(shared).load();`},
		{"inside of the constructor", `class Api { constructor(client: HttpClient) { client./*CALL*/post("/x"); } } new Api(new HttpClient({ baseURL: "" }));`},
		{"through super", `class Base { constructor(protected client: HttpClient) {} } class Api extends Base { constructor(c: HttpClient) { super(c); }
			load() { this.client./*CALL*/get("/x"); } } new Api(new HttpClient({ baseURL: "" })).load();`},
		{"through a class without a constructor", `class Base { constructor(protected client: HttpClient) {} } class Api extends Base {
			load() { this.client./*CALL*/get("/x"); } } new Api(new HttpClient({ baseURL: "" })).load();`},
		{"through an object of options", `class Api { client: HttpClient; constructor(options: { http: HttpClient }) { this.client = options.http; }
			load() { this.client./*CALL*/get("/x"); } } new Api({ http: new HttpClient({ baseURL: "" }) }).load();`},
		{"taken out of the options", `function load({ http }: { http: HttpClient }) { http./*CALL*/get("/x"); } load({ http: new HttpClient({ baseURL: "" }) });`},
		{"through a parameter", `function load(client: HttpClient, path: string) { client./*CALL*/get(path); } load(new HttpClient({ baseURL: "" }), "/x");`},
		{"through the parameter of an arrow", `const load = (client: HttpClient) => { client./*CALL*/get("/x"); };
			load(new HttpClient({ baseURL: "" }));`},
		{"through the parameter of a method", `class Api { load(client: HttpClient) { client./*CALL*/get("/x"); } } new Api().load(new HttpClient({ baseURL: "" }));`},
		{"through a default", `function load(client = new HttpClient({ baseURL: "" })) { client./*CALL*/get("/x"); } load();`},
		{"through two functions", `function inner(c: HttpClient) { c./*CALL*/delete("/x"); } function outer(http: HttpClient) { inner(http); }
			outer(new HttpClient({ baseURL: "" }));`},
		{"through recursion", `function walk(client: HttpClient, depth: number) { if (depth > 0) walk(client, depth - 1); client./*CALL*/get("/x"); }
			walk(new HttpClient({ baseURL: "" }), 3);`},
		{"from a function", `function connect() { return new HttpClient({ baseURL: "" }); } const client = connect(); client./*CALL*/get("/x");`},
		{"from an async function", `const connect = async () => new HttpClient({ baseURL: "" });
			export async function f() { const client = await connect(); client./*CALL*/get("/x"); }`},
		{"from a method", `class Api { connect() { return new HttpClient({ baseURL: "" }); } } new Api().connect()./*CALL*/get("/x");`},
		{"from a getter", `class Api { #client?: HttpClient; get client() { return (this.#client ??= new HttpClient({ baseURL: "" })); }
			load() { this.client./*CALL*/get("/x"); } } new Api().load();`},
		{"made when it is needed", `class Api { private client: HttpClient | null = null;
			load() { this.client = this.client ?? new HttpClient({ baseURL: "" }); this.client./*CALL*/get("/x"); } } new Api().load();`},
		{"one of two", `const a = new HttpClient({ baseURL: "a" }), b = new HttpClient({ baseURL: "b" });
			function load(client: HttpClient) { client./*CALL*/get("/x"); } load(list.length ? a : b);`},
		{"beside a parameter of the same name", `function load(client: HttpClient) { client./*CALL*/get("/x"); } load(new HttpClient({ baseURL: "" }));
			function read(client: Map<string, string>) { client.get("x"); } read(new Map());`},

		{"awaited", `class Api { constructor(private client: HttpClient) {} async load() { return (await this.client.get("/x")).items; } }
			new Api(new HttpClient({ baseURL: "" })).load();`},
		{"a map or a client", `function load(client: any) { client.get("/x"); } load(new HttpClient({ baseURL: "" })); load(new Map());`},
		{"a client of its own", `class Cache { get(x: string) { return x; } } class Api { constructor(private cache: Cache) {} load() { this.cache.get("/x"); } }
			new Api(new Cache()).load(); use(new HttpClient({ baseURL: "" }));`},
		{"spread arguments", `function load(...all: any[]) { all[0].get("/x"); } load(...list, new HttpClient({ baseURL: "" }));`},
		{"a linked list", `let node: any = list[0]; while (node) { node.get("/x"); node = node.next; } use(new HttpClient({ baseURL: "" }));`},
		{"something of the options", `const options = { cache: config.cache }; options.cache.get("/x"); use(new HttpClient({ baseURL: "" }));`},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := head + test.code
			found := findings(t, map[string]string{
				"src/main.ts": used + `import * as more from "./more"; console.log(more);`,
				"src/more.ts": text + "\nexport {};",
			})
			found = slices.DeleteFunc(found, func(line string) bool { return !strings.Contains(line, "returns a promise") })
			var want []string
			if before, after, ok := strings.Cut(text, "/*CALL*/"); ok {
				line, column := strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n')+len("/*CALL*/")
				method, _, _ := strings.Cut(after, "(")
				want = []string{fmt.Sprintf("src/more.ts:%d:%d: warning: %s() returns a promise, which is not awaited", line, column, method)}
			}
			expect(t, found, want...)
		})
	}
}
