package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// A recording that was made before carjs asked for a page behind a full one with the total as its
// rows is whole without that page. Any other page that is missing is a failure, which says to
// record again.
func TestRecordingWithoutPageBehindTotal(t *testing.T) {
	page := func(rows string) string { return `{"total":2,"items":[` + rows + `]}` }
	d := newDesk(t)
	d.reads(answersBy(t, "offset", map[string]string{"0": page(`{"id":"1"},{"id":"2"}`), "2": page("")}), `
	for await (const rows of client.paginate.offset<any>("/hosts", { items: "items", total: "total", limit: 2 }))
		for (const { id } of rows) handler.addCollection("asset", { external_id: id, name: "x" });`)
	d.ok(host.ModeFull, "small", "-full", "-record", "traffic")
	files, err := filepath.Glob(filepath.Join(d.dir, "traffic", "0*.json"))
	if err != nil || len(files) != 2 {
		t.Fatalf("recorded %v, %v", files, err)
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	if r := d.ok(host.ModeFull, "small", "-full", "-replay", "traffic"); r.report.Collections["asset"].Sent != 2 {
		t.Error(r)
	}
	d.write("traffic/"+filepath.Base(files[0]), replaceOnce(t, d.read("traffic/"+filepath.Base(files[0])), `"total": 2`, `"total": 4`))
	r := d.imports("small", "-full", "-replay", "traffic")
	if r.code != 51 {
		t.Error(r)
	}
	contains(t, r.stderr, "no response is recorded for GET", "offset=2")
	contains(t, r.report.Failure.Hint, "record again")
}

// answersBy is a data source whose answer depends on a parameter of the query.
func answersBy(t testing.TB, parameter string, pages map[string]string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, pages[r.URL.Query().Get(parameter)])
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// replaceOnce replaces a text that must be there.
func replaceOnce(t testing.TB, text, old, replacement string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q is not once in %s", old, text)
	}
	return strings.Replace(text, old, replacement, 1)
}
