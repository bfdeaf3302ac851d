package http_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"carjs/bindings/fetch"
)

func gzipped(texts ...string) string {
	var out bytes.Buffer
	for _, text := range texts {
		w := gzip.NewWriter(&out)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
	}
	return out.String()
}

// zipped is an archive of files, name and content in turn, whose sizes stand before or behind them.
func zipped(before bool, method uint16, files ...string) string {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for i := 0; i+1 < len(files); i += 2 {
		head := &zip.FileHeader{Name: files[i], Method: method}
		if before {
			plain := zipped(false, method, files[i], files[i+1])
			r, _ := zip.NewReader(strings.NewReader(plain), int64(len(plain)))
			raw, _ := r.File[0].OpenRaw()
			head = &r.File[0].FileHeader
			head.Flags &^= 8
			f, _ := w.CreateRaw(head)
			_, _ = io.Copy(f, raw)
			continue
		}
		f, _ := w.CreateHeader(head)
		_, _ = io.WriteString(f, files[i+1])
	}
	_ = w.Close()
	return out.String()
}

// Records come out of every kind of file, whole or with what is wrong.
func TestRecordsOfFiles(t *testing.T) {
	lines := "{\"n\":1}\n{\"n\":2}\n"
	list := `{"rows":[{"n":1},{"n":2}]}`
	const csv, nd, rows = `, { format: "csv" }`, `, { format: "ndjson" }`, `, { items: "rows" }`
	twoFiles := []string{"a/", "", "a/1.json", list, "2.json", `{"rows":[{"n":3}]}`}
	one := zipped(false, zip.Deflate, "x.json", list)
	flipped := []byte(one)
	flipped[40]++
	long := strings.Repeat(`{"n":1}`+"\n", 200_000)
	fails := func(text string) string { return "failure 55: GET $a/file: " + text + " (at src/main.ts:7:85)" }
	for _, c := range []struct{ name, file, options, want string }{
		{"gzip", gzipped(list), rows, `[{"n":1},{"n":2}]`},
		{"gzip of lines, in parts", gzipped("{\"n\":1}\n", "{\"n\":2}\n"), nd, `[{"n":1},{"n":2}]`},
		{"gzip cut off", gzipped(list)[:30], rows, fails("the file is a gzip file and ends too early")},
		{"gzip and more", gzipped(lines) + "more than ten bytes", nd, fails("the file is a gzip file and is damaged: gzip: invalid header")},
		{"gzip of nothing", gzipped(""), nd, `[]`},
		{"nothing", "", nd, `[]`},
		{"short", "1", "", "failure 55: GET $a/file: found no list at the top of the response (at src/main.ts:7:85)"},
		{"zip, sizes behind", zipped(false, zip.Deflate, twoFiles...), rows, `[{"n":1},{"n":2},{"n":3}]`},
		{"zip, sizes before", zipped(true, zip.Deflate, twoFiles...), rows, `[{"n":1},{"n":2},{"n":3}]`},
		{"zip, not compressed", zipped(true, zip.Store, twoFiles...), rows, `[{"n":1},{"n":2},{"n":3}]`},
		{"zip, not compressed, sizes behind", zipped(false, zip.Store, "x.json", list), rows,
			fails(`the file is a zip archive and "x.json" in it can only be read from its end, because its size is missing`)},
		{"zip of gzip", zipped(false, zip.Deflate, "x.json.gz", gzipped(list)), rows, `[{"n":1},{"n":2}]`},
		{"zip of no files", zipped(false, zip.Deflate), rows, `[]`},
		{"zip cut off", one[:60], rows, fails("the file is a zip archive and ends too early")},
		{"zip without its directory", one[:len(one)-22], rows, fails("the file is a zip archive and ends too early")},
		{"zip, damaged", string(flipped), rows, ""},
		{"zip of something else", zipped(false, zip.Deflate, "x.json", "{}"), rows,
			"failure 55: GET $a/file: found no list at \"rows\" in \"x.json\" (at src/main.ts:7:85)"},
		{"zip, large", zipped(false, zip.Deflate, "x", long), `, { format: "ndjson" }`, `200000`},
		{"table", "id,name\r\n1,\"a,\r\nb\"\r\n2,ü\r\n", csv, `[{"id":"1","name":"a,\r\nb"},{"id":"2","name":"ü"}]`},
		{"table of old lines", "a,b\r1,\"2\r\"\r", csv, `[{"a":"1","b":"2\r"}]`},
		{"table with a mark and a separator", "\ufeffsep=;\nid;name\n1;a\n", csv, `[{"id":"1","name":"a"}]`},
		{"table with options", "# c\n1| a \n", `, { format: "csv", csv: { delimiter: "|", comment: "#", header: ["id", "name"], trim: true } }`, `[{"id":"1","name":"a"}]`},
		{"table that is relaxed", "a,b\n1\n1,2,3\n", `, { format: "csv", csv: { relaxed: true } }`, `[{"a":"1","b":""},{"a":"1","b":"2"}]`},
		{"table in gzip", gzipped("a\n1\n"), csv, `[{"a":"1"}]`},
		{"table of a header", "a,b\n", csv, `[]`},
		{"table that is a sentence", "Rate limit exceeded. Try again later.\n", csv, fails(`the file is a text and not CSV: "Rate limit exceeded. Try again later."`)},
		{"table of a header alone", "Host Name\n", csv, "[]"},
		{"table of nothing", "", csv, fails("the file is empty: it has no header")},
		{"table with a short row", "a,b\n1,2\n3\n", csv, fails("the row in line 3 has 1 fields, not 2")},
		{"table with a name twice", "a,a\n1,2\n", csv, fails(`the header in line 1 has the name "a" twice`)},
		{"table with a quote", "a,b\n1,\"2\n", csv, fails("not CSV: a quote is missing or extra at line 2, column 6")},
		{"relaxed table of old lines", "a,b\r1,2\r", `, { format: "csv", csv: { relaxed: true } }`, fails("the lines of the file end in a carriage return alone")},
		{"table with a bad byte", "a,b\n1,\xff\n", csv, fails("the response (status 200) is not valid UTF-8: byte 0xFF at offset 6")},
		{"page instead of a table", "<!doctype html><title>Log in</title><p>a\nb\n", csv, fails(`the file is an HTML page ("Log in") and not CSV`)},
		{"lines of a list", lines, `, { format: "ndjson", items: "rows" }`, `failure 1: records: the option items names a list, but ndjson has none (at src/main.ts:7:85)`},
	} {
		at := serve(t, map[string]http.HandlerFunc{"/file": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = io.WriteString(w, c.file)
		}})
		if c.want == "" {
			if got, err := world(fetch.Deps{}).Run(t, body(`const all: any[] = []; for await (const r of new HttpClient({ baseURL: a }).records("/file"`+c.options+`)) all.push(r); return all`), at); err == nil {
				t.Errorf("%s: got %s", c.name, got)
			}
			continue
		}
		check{c.name, `const all: any[] = []; const client = new HttpClient({ baseURL: a, retryWait: 1 }); for await (const r of client.records("/file"` + c.options + `)) all.push(r); return all.length > 9 ? all.length : all`, c.want}.
			run(t, world(fetch.Deps{}), at)
	}
}

// exports is a data source with a job.
type exports struct {
	states []string
	asked  []string
}

func (e *exports) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	e.asked = append(e.asked, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+string(data)))
	if r.Header.Get("Authorization") != "Bearer t0k" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	state := func() string {
		state := e.states[0]
		if len(e.states) > 1 {
			e.states = e.states[1:]
		}
		return state
	}
	switch r.URL.Path {
	case "/v1/exports":
		w.Header().Set("Location", "/v1/exports/7/status")
		w.WriteHeader(http.StatusAccepted)
		fmt.Fprint(w, `{"id":7}`)
	case "/v1/exports/7":
		if s := state(); s == "none" {
			fmt.Fprint(w, `{}`)
		} else {
			fmt.Fprintf(w, `{"state":%q,"chunks":[1,2],"urls":["/v1/files/1","/v1/files/2"],"rows":[{"n":5}]}`, s)
		}
	case "/v1/exports/7/status":
		switch s := state(); s {
		case "202":
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusAccepted)
		case "303":
			http.Redirect(w, r, "/v1/files/1", http.StatusSeeOther)
		default:
			fmt.Fprint(w, `[{"n":9}]`)
		}
	case "/v1/files/1":
		fmt.Fprint(w, `[{"n":1},{"n":2}]`)
	case "/v1/files/2":
		fmt.Fprint(w, `[{"n":3}]`)
	default:
		http.Error(w, "none", http.StatusNotFound)
	}
}

// A job is started, asked for until it is done, and downloaded.
func TestJobs(t *testing.T) {
	const atJob = " (at src/main.ts:8:5)"
	run := []string{"QUEUED", "RUNNING", "Done"}
	for _, c := range []struct {
		name, options string
		states        []string
		want, waits   string
		asked         string
	}{
		{"by state, chunk by chunk", `start: { path: "/exports", json: { since: 3 } }, poll: ({ data }: any) => "/exports/" + data.id, state: "state", files: ({ data }: any) => data.chunks.map((n: number) => "/files/" + n)`,
			run, `[{"n":1},{"n":2},{"n":3}]`, "5s 5s",
			`POST /v1/exports {"since":3}, GET /v1/exports/7, GET /v1/exports/7, GET /v1/exports/7, GET /v1/files/1, GET /v1/files/2`},
		{"files by path", `start: "/exports", poll: "/exports/7", state: "state", files: "urls", wait: 100`, run, `[{"n":1},{"n":2},{"n":3}]`, "100ms 100ms", ""},
		{"a file at another origin, without the login", `start: "/exports", poll: "/exports/7", state: (page: any) => page.state, files: () => [b + "/signed", { path: "/files/2" }]`, []string{"done"}, `[{"n":"none"},{"n":3}]`, "", ""},
		{"rows in the answer", `start: { method: "post", path: "/exports", form: { a: 1 } }, poll: () => ({ path: "/exports/7", query: { full: true } }), state: "state", items: "rows"`, run, `[{"n":5}]`, "5s 5s",
			`POST /v1/exports a=1, GET /v1/exports/7?full=true, GET /v1/exports/7?full=true, GET /v1/exports/7?full=true, GET /v1/exports/7?full=true`},
		{"by status", `start: "/exports"`, []string{"202", "202", "200"}, `[{"n":9}]`, "30s 30s",
			"POST /v1/exports, GET /v1/exports/7/status, GET /v1/exports/7/status, GET /v1/exports/7/status, GET /v1/exports/7/status"},
		{"by a redirect", `start: "/exports"`, []string{"202", "303"}, `[{"n":1},{"n":2}]`, "30s", ""},
		{"states of its own", `start: "/exports", poll: "/exports/7", state: "state", done: "RUNNING", failed: [], items: "rows"`, run, `[{"n":5}]`, "5s", ""},
		{"a state in text", `start: "/exports", poll: { path: "/exports/7", responseType: "text" }, state: (page: string) => /"state":"(.*?)"/.exec(page)![1], files: () => ["/files/2"]`,
			run, `[{"n":3}]`, "5s 5s", ""},
		{"no files", `start: "/exports", poll: "/exports/7", state: "state", files: () => []`, run, `[]`, "5s 5s", ""},
		{"failed", `start: "/exports", poll: "/exports/7", state: "state"`, []string{"running", "FAILED"}, `failure 50: GET $a/v1/exports/7: the job ended in the state "FAILED"` + atJob, "5s", ""},
		{"never done", `start: "/exports", poll: "/exports/7", state: "state", wait: 60000, deadline: 150000`, []string{"running"},
			`failure 51: GET $a/v1/exports/7: the job was not done within 2m30s, at last in the state "running"` + atJob, "1m0s 1m0s", ""},
		{"no state", `start: "/exports", poll: "/exports/7", state: "state"`, []string{"none"}, `failure 55: GET $a/v1/exports/7: there is no state at "state"; the page is an object of nothing` + atJob, "", ""},
		{"no file", `start: "/exports", poll: "/exports/7", state: "state", files: "url"`, run,
			`failure 55: GET $a/v1/exports/7: there is no file at "url"; the page is an object of state, chunks, urls, rows` + atJob, "5s 5s", ""},
		{"no such start", `start: "/nothing"`, run, `failure 54: POST $a/v1/nothing: status 404 Not Found` + atJob, "", ""},
		{"no place", `start: { method: "GET", path: "/files/1" }`, run, `failure 55: GET $a/v1/files/1: the response names no Location where the state can be asked for` + atJob, "", ""},
		{"a function that throws", `start: "/exports", poll: () => { throw new RangeError("mine") }`, run, `failure 1: RangeError: mine (at src/main.ts:7:162)`, "", ""},
		{"a poll that is none", `start: "/exports", poll: () => 7`, run, `failure 1: job: the option poll must be a path, a URL, or a request with a path` + atJob, "", ""},
		{"an option that is none", `start: "/exports", stat: "x"`, run, `failure 1: job: unknown option "stat", did you mean "start"?` + atJob, "", ""},
		{"a signal", `start: "/exports", signal: AbortSignal.abort("enough")`, run, `failure 1: a text was thrown, which is not an Error: enough (at src/main.ts:8:5)`, "", ""},
	} {
		e := &exports{states: c.states}
		at := serve(t, map[string]http.HandlerFunc{"/": e.ServeHTTP})
		other := serve(t, map[string]http.HandlerFunc{"/signed": func(w http.ResponseWriter, r *http.Request) {
			_ = json.NewEncoder(w).Encode([]map[string]string{{"n": r.Header.Get("Authorization") + r.Header.Get("X-Own") + "none"}})
		}})
		p := &pauses{}
		check{c.name, `const client = new HttpClient({ baseURL: a + "/v1", auth: bearer("t0k"), headers: { "X-Own": "1" } }); const job: any = { ` + c.options + ` }; const all: any[] = [];
    for await (const r of client.job(job)) all.push(r); return all`, c.want}.run(t, world(p.still(fetch.Deps{})), at, other)
		if got := strings.Join(p.waits, " "); got != c.waits {
			t.Errorf("%s: waited %q, want %q", c.name, got, c.waits)
		}
		if got := strings.Join(e.asked, ", "); c.asked != "" && got != c.asked {
			t.Errorf("%s: asked\n%s\nwant\n%s", c.name, got, c.asked)
		}
	}
}
