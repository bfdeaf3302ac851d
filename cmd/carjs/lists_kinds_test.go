package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
)

// sourceOfLists is a data source with a list of every kind, and a door for forms.
func sourceOfLists(t testing.TB) *httptest.Server {
	t.Helper()
	var polls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/pages":
			fmt.Fprintf(w, `{"rows":[{"id":"page-%s"}],"pages":3}`, r.URL.Query().Get("page"))
		case "/graph":
			var sent struct{ Variables struct{ After string } }
			_ = json.NewDecoder(r.Body).Decode(&sent)
			if sent.Variables.After == "" {
				fmt.Fprint(w, `{"rows":[{"id":"graph-1"}],"next":"c2"}`)
			} else {
				fmt.Fprint(w, `{"rows":[{"id":"graph-2"}]}`)
			}
		case "/batches":
			var sent struct{ IDs []string }
			_ = json.NewDecoder(r.Body).Decode(&sent)
			rows := []map[string]string{}
			for _, id := range sent.IDs {
				rows = append(rows, map[string]string{"id": id})
			}
			_ = json.NewEncoder(w).Encode(rows)
		case "/jobs":
			w.Header().Set("Location", "/jobs/1")
			w.WriteHeader(http.StatusAccepted)
		case "/jobs/1":
			if polls.Add(1)%3 != 0 {
				w.Header().Set("Retry-After", "0")
			}
			fmt.Fprintf(w, `{"state":%q,"files":["/files/1","/files/2"]}`, map[bool]string{true: "done", false: "running"}[polls.Load()%3 == 0])
		case "/files/1":
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			_, _ = io.WriteString(z, "id\njob-1\n")
			_ = z.Close()
			w.Header().Set("Content-Type", "application/gzip")
			_, _ = w.Write(packed.Bytes())
		case "/files/2":
			w.Header().Set("Content-Type", "text/csv")
			fmt.Fprint(w, "id\njob-2\n")
		case "/form":
			_, head, err := r.FormFile("file")
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(w, "%q", "form-"+head.Filename)
		case "/stream":
			fmt.Fprint(w, `{"id":"stream"}`)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// Lists of every kind are recorded, and replayed without the data source.
func TestListsOfEveryKindAreReplayed(t *testing.T) {
	s := sourceOfLists(t)
	d := newDesk(t)
	d.reads(s.URL, `
	const add = (rows: any[]) => { for (const { id } of rows) handler.addCollection("asset", { external_id: id, name: "x" }); };
	for await (const rows of client.paginate.page<any>("/pages", { items: "rows", pages: "pages" })) add(rows);
	for await (const rows of client.paginate.cursor<any>("/graph", { json: { query: "{ x }" }, cursorParam: "variables.after", items: "rows", next: "next" })) add(rows);
	for await (const rows of client.batches<any>("/batches", { ids: ["batch-1", "batch-2", "batch-3"], size: 2, json: {} })) add(rows);
	for await (const row of client.job<any>({ start: "/jobs", state: "state", files: "files", format: "csv" })) add([row]);
	const form = new FormData();
	form.append("file", new Blob(["x"]), "x.txt");
	add([{ id: await client.post("/form", { body: form }) }]);
	let text = "";
	const decoder = new TextDecoder();
	for await (const chunk of (await fetch("`+s.URL+`/stream")).body!) text += decoder.decode(chunk, { stream: true });
	add([JSON.parse(text)]);`)
	want := strings.Fields("batch-1 batch-2 batch-3 form-x.txt graph-1 graph-2 job-1 job-2 page-1 page-2 page-3 stream")
	d.ok(host.ModeFull, "small", "-full", "-record", "traffic")
	if got := keys(d.graph("small"), "asset"); !slices.Equal(got, want) {
		t.Fatalf("imported %q, want %q", got, want)
	}
	s.Close()
	r := d.ok(host.ModeFull, "small", "-full", "-replay", "traffic")
	if got := keys(d.graph("small"), "asset"); !slices.Equal(got, want) || r.report.Collections["asset"].Sent != len(want) {
		t.Errorf("replayed %q, want %q\n%s", got, want, r)
	}
}
