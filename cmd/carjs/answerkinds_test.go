package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
)

// readings are the ways to read a list that is one response; url is that of the data source.
var readings = map[string]string{
	"get":     `for (const row of await client.get<any[]>("/rows")) add(row);`,
	"records": `for await (const row of client.records<any>("/rows")) add(row);`,
	"link":    `for await (const page of client.paginate.link<any>("/rows")) for (const row of page) add(row);`,
	"fetch": `const answer = await fetch(url + "/rows");
	if (!answer.ok) throw new DatasourceFailure("status " + answer.status);
	for (const row of (await answer.json()) as any[]) add(row);`,
}

// kind is one kind of answer of a data source that had 40 hosts.
type kind struct {
	name   string
	answer http.HandlerFunc
	code   int // with which the import ends
	// but is what differs in some readings. An answer that is well taken for a list leaves the hosts
	// that it has.
	but map[string]outcome
}

type outcome struct{ code, left int }

// says answers with a status, headers as "Name: value", and a body.
func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// cut answers with a length that the body does not have, or chunks of which the last is missing.
func cut(body string, header string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer connection.Close()
		fmt.Fprintf(buffer, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s\r\n\r\n%s", header, body)
		_ = buffer.Flush() // the connection is closed anyway
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close() // in memory
	return b.String()
}

// everywhere is an outcome of all readings.
func everywhere(o outcome) map[string]outcome {
	but := map[string]outcome{}
	for name := range readings {
		but[name] = o
	}
	return but
}

func kindsOfAnswers() []kind {
	list := rows(0, 40, goodRow)
	half := rows(0, 20, goodRow)
	packed := gzipped(list)
	const zipped = "Content-Encoding: gzip"
	const incomplete = "Content-Range: rows 0-19/40"
	inTurn := func(answers ...http.HandlerFunc) http.HandlerFunc {
		var turns atomic.Int32
		return func(w http.ResponseWriter, r *http.Request) { answers[int(turns.Add(1)-1)%len(answers)](w, r) }
	}
	return []kind{
		{"the list", says(200, list), 0, nil},
		{"an empty list", says(200, `[]`), 0, everywhere(outcome{0, 0})},
		{"null", says(200, `null`), 1, map[string]outcome{"records": {0, 0}, "link": {0, 0}}},

		{"nothing", says(200, ``), 55, nil},
		{"white space", says(200, " \r\n"), 55, nil},
		{"204", says(204, ``), 55, map[string]outcome{"get": {1, 40}, "records": {0, 0}, "link": {0, 0}}},
		{"a page of HTML", says(200, `<!doctype html><title>Back soon</title>`, "Content-Type: text/html"), 55, nil},
		{"a page of HTML as JSON", says(200, `<html><body>Back soon</body></html>`), 55, nil},
		{"a sentence", says(200, `try again later`, "Content-Type: text/plain"), 55, nil},
		{"a login", inTurn(says(302, ``, "Location: /login"),
			says(200, `<html><form><input type="password"></form></html>`, "Content-Type: text/html")),
			55, nil},
		{"an object of nothing", says(200, `{}`), 55, map[string]outcome{"get": {1, 40}, "fetch": {1, 40}}},
		{"an error", says(200, `{"error":"quota exceeded"}`), 55, map[string]outcome{"get": {1, 40}, "fetch": {1, 40}}},
		{"a text", says(200, `"[]"`), 55, map[string]outcome{"get": {1, 40}, "fetch": {1, 40}}},
		{"rows that are null", says(200, `[null,null]`), 1, nil},
		{"rows that are lists", says(200, `[[],[]]`), 1, nil},

		{"the end is missing", says(200, list[:len(list)-1]), 55, nil},
		{"more behind the end", says(200, list+`[]`), 55, nil},
		{"a sentence behind the end", says(200, list+"\n-- 40 rows"), 55, nil},
		{"fewer bytes than announced", cut(list[:len(list)-50], fmt.Sprintf("Content-Length: %d", len(list))), 51, nil},
		{"the last chunk is missing",
			cut(fmt.Sprintf("%x\r\n%s\r\n", len(half)-1, half[:len(half)-1]), "Transfer-Encoding: chunked"), 51, nil},
		{"more bytes than announced", cut(list, fmt.Sprintf("Content-Length: %d", len(list)-9)), 55, nil},

		{"packed", says(200, packed, zipped), 0, nil},
		{"packed, and cut off", says(200, packed[:len(packed)/2], zipped), 55, nil},
		{"packed, without its sum", says(200, packed[:len(packed)-8], zipped), 55, nil},
		{"packed, with another sum", says(200, packed[:len(packed)-8]+"\x00\x00\x00\x00"+packed[len(packed)-4:], zipped), 55, nil},
		{"packed, and more", says(200, packed+"more", zipped), 55, nil},
		{"packed, nothing", says(200, ``, zipped), 55, nil},
		{"packed by name alone", says(200, list, zipped), 55, nil},
		{"packed twice", says(200, gzipped(packed), "Content-Encoding: gzip, gzip"), 0, nil},

		{"another charset", says(200, strings.ReplaceAll(list, "host", "h\xf6st")), 55, nil},
		{"the wrong charset", says(200, strings.ReplaceAll(list, "host", "h\xf6st"), "Content-Type: application/json; charset=utf-8"), 55, nil},
		{"ASCII that is none",
			says(200, strings.ReplaceAll(list, "host", "h\xf6st"), "Content-Type: application/json; charset=us-ascii"), 55, nil},
		{"the right charset", says(200, strings.ReplaceAll(list, "host", "h\xf6st"), "Content-Type: application/json; charset=latin1"), 0, nil},
		{"no charset", says(200, list, "Content-Type: application/json; charset=none"), 55, nil},
		{"halves of characters", says(200, strings.ReplaceAll(list, "host", "\xed\xa0\x80")), 55, nil},

		{"a part, in bytes", says(206, half, "Content-Range: bytes 0-999/2000"), 55, map[string]outcome{"fetch": {0, 20}}},
		{"a part, in rows", says(206, half, incomplete), 55, map[string]outcome{"fetch": {0, 20}}},
		{"202 before the list is there", says(202, `[]`), 55, map[string]outcome{"get": {0, 0}, "fetch": {0, 0}}},
		{"202 with the list", says(202, list), 0, nil},
		{"300", says(300, `[]`), 50, nil},
		{"304", says(304, ``), 50, nil},
		{"a redirect to nowhere", says(302, ``), 50, nil},
		{"redirects for ever", says(307, ``, "Location: /rows"), 51, nil},
		{"401", says(401, `[]`), 52, map[string]outcome{"fetch": {50, 40}}},
		{"403", says(403, `[]`), 53, map[string]outcome{"fetch": {50, 40}}},
		{"404", says(404, `[]`), 54, map[string]outcome{"fetch": {50, 40}}},
		{"410", says(410, `[]`), 50, nil},
		{"429", says(429, `[]`, "Retry-After: 0"), 51, map[string]outcome{"fetch": {50, 40}}},
		{"500", says(500, `[]`), 51, map[string]outcome{"fetch": {50, 40}}},
		{"500, then nothing", inTurn(says(500, ``), says(200, ``)), 55, map[string]outcome{"fetch": {50, 40}}},
		{"503, then a part of the list", inTurn(says(503, ``), says(200, half[:len(half)-1])), 55, map[string]outcome{"fetch": {50, 40}}},
	}
}

// What an answer that is no list, or not all of one, takes from CAR: nothing, in every way to read
// it, in an incremental import that replaces what it reads and in a full one. Nothing else guards
// CAR here, and what is well taken for a list removes what it lacks and no more. The ordinary tests
// run one of the two imports of each; make matrix runs both.
func TestKindsOfAnswers(t *testing.T) {
	for reading, body := range readings {
		t.Run(reading, func(t *testing.T) {
			t.Parallel()
			var answer atomic.Value // of type http.HandlerFunc
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer.Load().(http.HandlerFunc)(w, r)
			}))
			defer server.Close()
			d := newDesk(t)
			d.small(`const add = (row: any) => handler.addCollection("asset", { external_id: row.id, name: row.name });
	await handler.replaces("asset");
	` + body)
			d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";
const url = "`+server.URL+`";
const client = new HttpClient({ baseURL: url, retries: 1, retryWait: 1 });
`+d.read("connectors/small/main.ts"))
			d.env = []string{"MAX_DELETIONS=off"}
			good := says(200, rows(0, 40, goodRow))
			answer.Store(good)
			d.ok(host.ModeFull, "small")
			for mode, flags := range [][]string{nil, {"-full"}} { // a full import that fails has no save point to go on from
				for i, kind := range kindsOfAnswers() {
					if i%2 == mode && os.Getenv(everyCell) == "" {
						continue
					}
					want, differs := kind.but[reading]
					if !differs {
						want = outcome{kind.code, 40}
					}
					answer.Store(kind.answer)
					r := d.imports("small", flags...)
					if (len(flags) == 0) != (r.report.Mode == host.ModeIncremental) {
						t.Fatalf("%s: mode %s\n%s", kind.name, r.report.Mode, r)
					}
					count := r.report.Collections["asset"]
					got := outcome{r.code, d.left()["asset"]}
					if got != want || count.Deleted+count.Retired != 40-want.left {
						t.Errorf("%s %v: exit code and hosts left %v, want %v; the report counts %+v\n%s", kind.name, flags, got, want, count, r)
					}
					if got.left == 40 {
						continue
					}
					answer.Store(good)
					if r := d.imports("small", flags...); r.code != 0 || d.left()["asset"] != 40 {
						t.Fatalf("%s: not restored\n%s", kind.name, r)
					}
				}
			}
		})
	}
}
