package http_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"carjs/bindings/fetch"
)

// Bodies of every kind go out whole, and again where a request is repeated.
func TestUploads(t *testing.T) {
	busy := true
	at := serve(t, map[string]http.HandlerFunc{
		"/form": func(w http.ResponseWriter, r *http.Request) {
			if busy = !busy; !busy {
				_, _ = io.Copy(io.Discard, r.Body)
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			if err := r.ParseMultipartForm(1 << 20); err != nil {
				t.Error(err)
				return
			}
			file, head, err := r.FormFile("file")
			if err != nil {
				t.Error(err)
				return
			}
			data, _ := io.ReadAll(file)
			fmt.Fprintf(w, `[%q,%q,%q,%q]`, r.FormValue("name"), head.Filename, head.Header.Get("Content-Type"), data)
		},
	})
	for _, c := range []check{
		{"form", `const f = new FormData(); f.append("name", "ü");
			f.append("file", new File(["a,b\n1,2\n"], "hosts.csv", { type: "text/csv" }));
			return new HttpClient({ baseURL: a, ...quick }).post("/form", { body: f })`,
			`["ü","hosts.csv","text/csv","a,b\n1,2\n"]`},
		{"blob", `const r = await new HttpClient({ baseURL: a }).put("/echo", { body: new Blob(["x"], { type: "text/csv" }) });
			return [r.body, r.type]`, `["x","text/csv"]`},
		{"blob without a type", `const r = await new HttpClient({ baseURL: a }).put("/echo", { body: new Blob(["x"]), headers: { "X-Own": "1" } });
			return [r.body, r.type, r.own]`, `["x","application/octet-stream","1"]`},
		{"stream", `const r = await new HttpClient({ baseURL: a }).post("/echo", { body: new Blob(["a", "b"]).stream(), headers: { "Content-Type": "text/csv" }, query: { q: 1 } });
			return [r.body, r.type, r.url]`, `["ab","text/csv","/echo?q=1"]`},
		{"stream that fails", `return caught(() => new HttpClient({ baseURL: a }).post("/echo", { body: new ReadableStream({ pull() { throw new RangeError("mine") } }) }))`, `["RangeError","","mine"]`},
		{"stream of a job", `return caught(async () => { for await (const r of new HttpClient({ baseURL: a }).job({ start: { path: "/x", body: new ReadableStream() } as any })) void r })`,
			`["TypeError","","body of this request cannot be a ReadableStream, as it may be sent again: await new Response(stream).bytes() first"]`},
		{"something else", `return (await caught(() => new HttpClient({ baseURL: a }).post("/echo", { body: {} as any })))[0]`, `TypeError`},
	} {
		c.run(t, world(fetch.Deps{}), at)
	}
}
