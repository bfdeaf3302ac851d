package http_test

import (
	"archive/zip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/bindings/fetch"
)

// row is a record as data sources send them, of 200 bytes and some.
func row(n int) string {
	return fmt.Sprintf(`{"pk":%d,"name":"asset-%07d.example.com","type":"server","initial_value":%d.5,"site":"http://source.example.com/sites/%d/","tags":["a","b"],"owner":{"name":"owner %d","mail":null},"seen":true}`, n, n, n%1000, n%40, n%17)
}

// rows serves {"results":[...]} of so many times a thousand rows, never more than those at once.
func rows(thousands int) http.HandlerFunc {
	var part strings.Builder
	for n := range 1000 {
		part.WriteString("," + row(n))
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, `{"count":1,"results":[`+part.String()[1:])
		for n := 1; n < thousands && err == nil; n++ {
			_, err = io.WriteString(w, part.String())
		}
		_, _ = io.WriteString(w, `]}`) // whoever has gone does not hear it
	}
}

// An answer may be larger than the memory there is.
func TestRecordsTakeNoMemory(t *testing.T) {
	const thousands = 1_500
	if size := thousands * 1000 * len(row(0)); size < 250<<20 {
		t.Fatalf("the answer has %d bytes only", size)
	}
	w := world(fetch.Deps{})
	w.MaxMemory, w.Context = 64<<20, t.Context()
	url := serve(t, map[string]http.HandlerFunc{"/rows": rows(thousands)})
	check{"flat", `let count = 0, sum = 0;
		for await (const r of new HttpClient({ baseURL: a }).records<any>("/rows", { items: "results" })) { count++; sum += r.pk }
		return [count, sum]`, fmt.Sprintf(`[%d,%d]`, thousands*1000, thousands*999*500)}.run(t, w, url)
}

// BenchmarkRecords reads a record of 200 bytes and looks at two of its fields, in the ways there
// are.
func BenchmarkRecords(b *testing.B) {
	for name, loop := range map[string]string{
		"records":          `for await (const r of client.records<any>("/rows", { items: "results" })) sum += r.pk + r.name.length`,
		"one await each":   `for await (const r of client.records<any>("/rows", { items: "results" })) { sum += r.pk + r.name.length; await null }`,
		"one whole answer": `for (const r of (await client.get("/rows")).results) sum += r.pk + r.name.length`,
		"one large page":   `for await (const page of client.paginate.nextURL<any>("/rows", { items: "results" })) for (const r of page) sum += r.pk + r.name.length`,
	} {
		b.Run(name, func(b *testing.B) {
			thousands := 100
			server := httptest.NewServer(rows(thousands))
			defer server.Close()
			w := world(fetch.Deps{})
			w.Context = b.Context()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := w.Run(b,
					body(`const client = new HttpClient({ baseURL: a }); let sum = 0; `+loop+`; return sum`), server.URL); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(thousands * 1000 * len(row(0))))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*thousands*1000), "ns/record")
		})
	}
}

// While the script is busy, or waits for something else, no more is read than the window holds.
func TestRecordsWaitForTheScript(t *testing.T) {
	var sent atomic.Int64
	url := serve(t, map[string]http.HandlerFunc{
		"/rows": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "[")
			for n := range 1_000_000 {
				if _, err := io.WriteString(w, row(n)+","); err != nil {
					return
				}
				sent.Add(1)
			}
		},
		"/table.zip": func(w http.ResponseWriter, r *http.Request) {
			archive := zip.NewWriter(w)
			file, _ := archive.Create("table.csv")
			_, _ = io.WriteString(file, "pk,sum\n")
			random := rand.New(rand.NewPCG(1, 2)) // what is random cannot be compressed
			for n := range 1_000_000 {
				if _, err := fmt.Fprintf(file, "%d,%x%x%x\n", n, random.Uint64(), random.Uint64(), random.Uint64()); err != nil {
					return
				}
				sent.Add(1)
			}
		},
		// /stalled answers when nothing more is read: the number of rows that were sent stays the
		// same.
		"/stalled": func(w http.ResponseWriter, r *http.Request) {
			for last, same := int64(-1), 0; same < 50; {
				if now := sent.Load(); now == last && now > 0 {
					same++
				} else {
					last, same = now, 0
				}
				select {
				case <-r.Context().Done():
					return
				case <-time.After(time.Millisecond):
				}
			}
			fmt.Fprint(w, sent.Load())
		},
	})
	check{"window", `const client = new HttpClient({ baseURL: a });
		for await (const r of client.records<any>("/rows")) return r.pk === 0 && await client.get("/stalled") < 100_000`, `true`}.run(t, world(fetch.Deps{}), url)
	sent.Store(0)
	check{"window of a packed table", `const client = new HttpClient({ baseURL: a });
		for await (const r of client.records<any>("/table.zip", { format: "csv" })) return r.pk === "0" && await client.get("/stalled") < 300_000`, `true`}.run(t, world(fetch.Deps{}), url)
}

// A loop that is left takes its connection along.
func TestLeavingRecordsClosesTheConnection(t *testing.T) {
	for name, leave := range map[string]string{
		"break":  `for await (const r of records) { seen.push(r.pk); break }`,
		"throw":  `try { for await (const r of records) { seen.push(r.pk); throw new Error("own") } } catch (e: any) { seen.push(e.message) }`,
		"return": `await (async () => { for await (const r of records) { seen.push(r.pk); return } })();`,
		"signal": `try { for await (const r of records) { seen.push(r.pk); control.abort("enough") } } catch (e: any) { seen.push(e) }`,
	} {
		closed := make(chan struct{})
		url := serve(t, map[string]http.HandlerFunc{
			"/rows": func(w http.ResponseWriter, r *http.Request) {
				defer close(closed)
				_, _ = io.WriteString(w, "["+row(0)+",")
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			},
			"/closed": func(w http.ResponseWriter, r *http.Request) { <-closed; fmt.Fprint(w, "0") },
		})
		want := map[string]string{"throw": `[0,"own",0]`, "signal": `[0,"enough",0]`}[name]
		if want == "" {
			want = `[0,0]`
		}
		check{name, `const client = new HttpClient({ baseURL: a }); const control = new AbortController(); const seen: any[] = [];
			const records = client.records<any>("/rows", { signal: control.signal }); ` + leave + ` seen.push(await client.get("/closed")); return seen`, want}.run(t, world(fetch.Deps{}), url)
	}
}

// What fails is tried again as long as no record was read, and never behind one.
func TestRecordsRetries(t *testing.T) {
	var asked atomic.Int64
	drop := func(w http.ResponseWriter, text string) {
		_, _ = io.WriteString(w, text)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	url := serve(t, map[string]http.HandlerFunc{
		"/before": func(w http.ResponseWriter, r *http.Request) {
			switch asked.Add(1) {
			case 1:
				w.WriteHeader(http.StatusServiceUnavailable)
			case 2:
				drop(w, `{"results":[{"n"`)
			default:
				_, _ = io.WriteString(w, `{"results":[{"n":1}]}`)
			}
		},
		"/behind": func(w http.ResponseWriter, r *http.Request) { drop(w, `{"results":[{"n":1},{"n":2},{"n`) },
		"/always": func(w http.ResponseWriter, r *http.Request) { drop(w, `{"resu`) },
		"/hang": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, `{"results":[{"n":1},`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
		"/silent": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	})
	list := func(path, options string) string {
		return strings.Replace(gather(`c.records("`+path+`", { items: "results"`+options+` })`), "return all", "return all.length", 1)
	}
	for _, c := range []check{
		{"before the first record", list("/before", ""), `1`},
		{
			"behind it", list("/behind", ""),
			`failure 51: GET $a/behind: the connection was closed before the response was complete, at byte 31, after 2 records (at src/main.ts:7:76)`,
		},
		{
			"always", list("/always", ""),
			`failure 51: GET $a/always: the connection was closed before the response was complete, at byte 6, after 0 records (tried 4 times) (at src/main.ts:7:76)`,
		},
		{
			"hanging", list("/hang", ", timeout: 50"),
			`failure 51: GET $a/hang: no data for 50ms, at byte 20, after 1 record (at src/main.ts:7:76)`,
		},
		{"silent", list("/silent", ", timeout: 50"), `failure 51: GET $a/silent: no data for 50ms (at src/main.ts:7:76)`},
	} {
		c.run(t, world(fetch.Deps{}), url)
	}
}

// Credentials are those of the client, and a token that is refused is replaced.
func TestRecordsCredentials(t *testing.T) {
	var tokens atomic.Int64
	url := serve(t, map[string]http.HandlerFunc{
		"/token": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, `{"access_token":"t%d","expires_in":3600}`, tokens.Add(1))
		},
		"/rows": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer t2" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprintf(w, `[%q,%q]`, r.Header.Get("Accept"), r.URL.RequestURI())
		},
	})
	check{"token", `const c = new HttpClient({ baseURL: a, auth: oauth2({ tokenURL: a + "/token", clientId: "i", clientSecret: "s" }) });
		const all: any[] = []; for await (const r of c.records("/rows?x=1", { query: { y: 2 } })) all.push(r); return all`, `["application/json","/rows?x=1&y=2"]`}.run(t, world(fetch.Deps{}), url)
}
