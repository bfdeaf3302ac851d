package http_test

import (
	"net/http"
	"testing"

	"carjs/bindings/fetch"
)

// A part of an answer is not taken for the whole in any way of reading, unless it was asked for.
func TestPartialAnswers(t *testing.T) {
	part := func(covers, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if covers != "" {
				w.Header().Set("Content-Range", covers)
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write([]byte(body))
		}
	}
	url := serve(t, map[string]http.HandlerFunc{"/part": part("bytes 0-9/100", `[{"id":1}]`), "/bare": part("", `[{"id":1}]`),
		"/items": part("items 0-0/1", `[{"id":1}]`), "/more": part("rows 0-0/2", `[{"id":1}]`), "/broken": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", `</2; rel="next"`)
			_, _ = w.Write([]byte(`{"items":[{"id":1}]}`))
		}, "/unknown": part("rows 0-0/*", `[{"id":1}]`),
		"/counted": part("rows 0-0/2", `{"n":1,"items":[{"id":1}]}`)})
	w := world(fetch.Deps{})
	const refused = `DatasourceFailure 55 GET $a/part: status 206 Partial Content: the data source returned a part of the response, though all of it was requested`
	caught := func(code string) string {
		return `try { ` + code + ` } catch (e) { return e.name + " " + e.code + " " + e.message; }`
	}
	const client = `const c = new HttpClient({ baseURL: a }); `
	for _, c := range []check{
		{"get", client + caught(`return await c.get("/part")`), refused},
		{"text", client + caught(`return await c.get("/part", { responseType: "text" })`), refused},
		{"request", client + caught(`return (await c.request("GET", "/part")).data`), refused},
		{"paginate", client + caught(`for await (const page of c.paginate.nextURL("/part")) return page`), refused},
		{"records", client + caught(`for await (const r of c.records("/part")) return r`), refused},
		{"post", client + caught(`return await c.post("/bare")`),
			`DatasourceFailure 55 POST $a/bare: status 206 Partial Content: the data source returned a part of the response, though all of it was requested`},
		{"get of items", client + caught(`await c.get("/items"); return "taken"`),
			`DatasourceFailure 55 GET $a/items: status 206 Partial Content: the data source returned a part of the response, though all of it was requested`},
		{"page of items", client + `for await (const page of c.paginate.nextURL("/items")) return page.length`, `1`},
		{"the last page is not the last", client + caught(`for await (const page of c.paginate.link("/more")) return page.length`),
			`DatasourceFailure 55 GET $a/more: the list ends at a page that is not its last one: Content-Range: rows 0-0/2`},
		{"a Link that cannot be read", client + caught(`for await (const page of c.paginate.link("/broken", { items: "items" })) return page.length`),
			`DatasourceFailure 55 $a/broken: the header Link cannot be read, so what comes next is not known: </2; rel="next"`},
		{"rows may go", client + `for await (const page of c.paginate.link("/more", { changes: "any" })) return page.length`, `1`},
		{"a list of unknown length", client + `for await (const page of c.paginate.link("/unknown")) return page.length`, `1`},
		{"a total that says more", client + `for await (const page of c.paginate.link("/counted", { items: "items", total: "n" })) return page.length`, `1`},
		{"accepted", client + `return await c.get("/part", { accept: [206] })`, `[{"id":1}]`},
		{"Range", client + `return await c.get("/part", { headers: { Range: "bytes=0-9" } })`, `[{"id":1}]`},
		{"fetch", `const r = await fetch(a + "/part"); return [r.status, await r.json()]`, `[206,[{"id":1}]]`},
	} {
		c.run(t, w, url)
	}
}
