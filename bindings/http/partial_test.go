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
		"/items": part("items 0-0/1", `[{"id":1}]`)})
	w := world(fetch.Deps{})
	const refused = `DatasourceFailure 55 GET $a/part: status 206 Partial Content: the data source returned a part of the answer, though all of it was requested`
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
			`DatasourceFailure 55 POST $a/bare: status 206 Partial Content: the data source returned a part of the answer, though all of it was requested`},
		{"get of items", client + caught(`await c.get("/items"); return "taken"`),
			`DatasourceFailure 55 GET $a/items: status 206 Partial Content: the data source returned a part of the answer, though all of it was requested`},
		{"page of items", client + `for await (const page of c.paginate.nextURL("/items")) return page.length`, `1`},
		{"accepted", client + `return await c.get("/part", { accept: [206] })`, `[{"id":1}]`},
		{"Range", client + `return await c.get("/part", { headers: { Range: "bytes=0-9" } })`, `[{"id":1}]`},
		{"fetch", `const r = await fetch(a + "/part"); return [r.status, await r.json()]`, `[206,[{"id":1}]]`},
	} {
		c.run(t, w, url)
	}
}
