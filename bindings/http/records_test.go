package http_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"carjs/bindings/fetch"
)

// gather is a script that reads all records of what an expression gives.
func gather(records string) string {
	return `const c = new HttpClient({ baseURL: a, ...quick }); const all: any[] = []; for await (const record of ` +
		records + `) all.push(record); return all`
}

func TestRecords(t *testing.T) {
	answers := map[string]string{
		"/list":    `[{"n":1},{"n":2,"more":[1,[2]]},3,"four",null]`,
		"/deep":    `{"count":2,"data":{"other":[[{}],"]"],"rows":[{"n":1},{"n":2}]},"rest":{"data":{"rows":5}}}`,
		"/dots":    `{"data.rows":{"x":1},"@odata.value":[1],"a":{"b.c":[2]}}`,
		"/null":    `{"rows":null}`,
		"/none":    `{"rows":[ ]}`,
		"/bom":     "\ufeff [1 ,\n2 ] \n",
		"/lines":   "{\"n\":1}\n\n{\"n\":2} \r\n3",
		"/twice":   `{"rows":[1],"rows":[2]}`,
		"/cut":     `{"rows":[{"n":1},{"n":2},{"n":`,
		"/cutend":  `{"rows":[{"n":1}]`,
		"/garbage": `[{"n":1},{"n":2}, {n:3}]`,
		"/more":    `[1] [2]`,
		"/page":    `<html>`,
		"/empty":   ``,
		"/badline": "{\"n\":1}\n{\"n\":2}{\"n\":3}\n",
		"/cutline": "{\"n\":1}\n{\"n\":2",
	}
	routes := map[string]http.HandlerFunc{"/missing": text(404, "no such thing")}
	for path, answer := range answers {
		routes[path] = func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }
	}
	url := serve(t, routes)
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"array", gather(`c.records("/list")`), `[{"n":1},{"n":2,"more":[1,[2]]},3,"four",null]`},
		{"at a path", gather(`c.records("/deep", { items: "data.rows" })`), `[{"n":1},{"n":2}]`},
		{"name with dots", gather(`c.records("/dots", { items: "@odata.value" })`), `[1]`},
		{"name with dots below", gather(`c.records("/dots", { items: "a.b.c" })`), `[2]`},
		{"null", gather(`c.records("/null", { items: "rows" })`), `[]`},
		{"none", gather(`c.records("/none", { items: "rows" })`), `[]`},
		{"mark and white space", gather(`c.records("/bom")`), `[1,2]`},
		{"lines", gather(`c.records("/lines", { format: "ndjson" })`), `[{"n":1},{"n":2},3]`},
		{"no line", gather(`c.records("/empty", { format: "ndjson" })`), `[]`},
		{
			"no list there", gather(`c.records("/deep", { items: "rows" })`),
			`failure 55: GET $a/deep: found no list at "rows"; the response is an object of count, data, rest (at src/main.ts:7:76)`,
		},
		{
			"no list", gather(`c.records("/deep")`),
			`failure 55: GET $a/deep: found no list at the top of the response; the response is an object of count, data, rest (at src/main.ts:7:76)`,
		},
		{
			"twice", gather(`c.records("/twice", { items: "rows" })`),
			`failure 55: GET $a/twice: the list at "rows" occurs twice at byte 19, after 1 record (at src/main.ts:7:76)`,
		},
		{
			"cut off", gather(`c.records("/cut", { items: "rows" })`),
			`failure 55: GET $a/cut: the response (status 200) is not JSON: the text ends where a value is expected at byte 30, after 2 records: {"rows":[{"n":1},{"n":2},{"n": (at src/main.ts:7:76)`,
		},
		{
			"cut off behind the list", gather(`c.records("/cutend", { items: "rows" })`),
			`failure 55: GET $a/cutend: the response (status 200) is not JSON: the text ends where "," or "}" is expected at byte 17, after 1 record: {"rows":[{"n":1}] (at src/main.ts:7:76)`,
		},
		{
			"garbage", gather(`c.records("/garbage")`),
			`failure 55: GET $a/garbage: the response (status 200) is not JSON: found 'n' where a key in double quotes is expected at byte 19, after 2 records: [{"n":1},{"n":2}, {n:3}] (at src/main.ts:7:76)`,
		},
		{
			"more behind", gather(`c.records("/more")`),
			`failure 55: GET $a/more: the response (status 200) is not JSON: data after the end of the value at byte 4, after 1 record: [1] [2] (at src/main.ts:7:76)`,
		},
		{
			"page for people", gather(`c.records("/page")`),
			`failure 55: GET $a/page: the response (status 200) is an HTML page and not JSON (at src/main.ts:7:76)`,
		},
		{
			"nothing", gather(`c.records("/empty")`),
			`failure 55: GET $a/empty: the response (status 200) is empty and not JSON (at src/main.ts:7:76)`,
		},
		{
			"two on a line", gather(`c.records("/badline", { format: "ndjson" })`),
			`failure 55: GET $a/badline: the response (status 200) is not JSON: found '{' where the end of the line is expected at byte 15, after 2 records: {"n":1} {"n":2}{"n":3} (at src/main.ts:7:76)`,
		},
		{
			"cut line", gather(`c.records("/cutline", { format: "ndjson" })`),
			`failure 55: GET $a/cutline: the response (status 200) is not JSON: the text ends where "," or "}" is expected at byte 14, after 1 record: {"n":1} {"n":2 (at src/main.ts:7:76)`,
		},
		{"refused", gather(`c.records("/missing")`), `failure 54: GET $a/missing: status 404 Not Found (at src/main.ts:7:76)`},
		{
			"what came before a failure",
			`const seen: any[] = [];
				try { for await (const r of new HttpClient({ baseURL: a }).records<any>("/garbage")) seen.push(r.n); } catch (e: any) { seen.push(e.name, e.code) } return seen`,
			`[1,2,"DatasourceFailure",55]`,
		},
		{
			"each loop anew",
			`const rs = new HttpClient({ baseURL: a }).records("/bom"); const all: any[] = [];
				for await (const r of rs) { all.push(r); break } for await (const r of rs) all.push(r); return all`,
			`[1,1,2]`,
		},
		{"by hand", `const i = new HttpClient({ baseURL: a }).records("/bom")[Symbol.asyncIterator]();
			const first = i.next(), second = await caught(() => i.next());
			return [(await first).value, second[2], (await i.next()).value, (await i.next()).done, (await i.next()).done, await i.return!()]`,
			`[1,"await a record before asking for the next one",2,true,true,{"done":true}]`},
		{
			"left by hand",
			`const i = new HttpClient({ baseURL: a }).records("/bom")[Symbol.asyncIterator](); await i.next();
				await i.return!(); return (await i.next()).done`,
			`true`,
		},
		{"array from", `return (await Array.fromAsync(new HttpClient({ baseURL: a }).records("/list"))).length`, `5`},
		{
			"records change",
			`for await (const r of new HttpClient({ baseURL: a }).records<any>("/list")) { r.x = 1; delete r.n; return { ...r, y: 2 } }`,
			`{"x":1,"y":2}`,
		},
		{
			"signal",
			`const c = new AbortController(); const seen: any[] = [];
				try { for await (const r of new HttpClient({ baseURL: a }).records("/bom", { signal: c.signal })) { seen.push(r); c.abort("enough") } } catch (e) { seen.push(e) } return seen`,
			`[1,"enough"]`,
		},
		{
			"signal before",
			`try { for await (const r of new HttpClient({ baseURL: a }).records("/bom", { signal: AbortSignal.abort("no") })) return r } catch (e) { return e }`,
			`no`,
		},
		{"options", `const c = new HttpClient({ baseURL: a });
			return Promise.all([{ itmes: "x" }, { format: "xml" }, { format: "ndjson", items: "x" }, { items: () => 1 }].map((o: any) => caught(async () => { for await (const r of c.records("/x", o)) void r })))`,
			`[["TypeError","","records: unknown option \"itmes\", did you mean \"items\"?"],["TypeError","","records: the option format must be \"json\", \"ndjson\" or \"csv\", not \"xml\""],["TypeError","","records: the option items names a list, but ndjson has none"],["TypeError","","records: the option items must be a text, not a function"]]`},
	} {
		c.run(t, w, url)
	}
}

// Whatever the pieces are in which an answer comes, the records are the same.
func TestRecordsInPieces(t *testing.T) {
	const answer = `{"total":12,"x":{"rows":[1]},"rows":[{"text":"a\u00e9\n\"ü😀","n":-12.5e+3,"t":true},[],{},123456,null,"\ud83d\ude00"],"e":"end"}`
	const want = `[{"text":"aé\n\"ü😀","n":-12500,"t":true},[],{},123456,null,"😀"]`
	for size := 1; size <= len(answer); size += 1 + size/16 {
		url := serve(t, map[string]http.HandlerFunc{"/x": func(w http.ResponseWriter, _ *http.Request) {
			for rest := answer; rest != ""; rest = rest[min(size, len(rest)):] {
				_, _ = io.WriteString(w, rest[:min(size, len(rest))])
				_ = http.NewResponseController(w).Flush()
			}
		}})
		check{fmt.Sprint(size), gather(`c.records("/x", { items: "rows" })`), want}.run(t, world(fetch.Deps{}), url)
	}
}

// A record may be larger than any buffer.
func TestLargeRecords(t *testing.T) {
	big := strings.Repeat("0123456789", 100_000)
	url := serve(t, map[string]http.HandlerFunc{"/x": func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `[{"n":1},{"text":%q},{"n":2},[%s1],{"n":3}]`, big, strings.Repeat("1,", 300_000))
	}})
	check{"large", `const seen: any[] = [];
		for await (const r of new HttpClient({ baseURL: a }).records<any>("/x")) seen.push(r.n ?? r.text?.length ?? r.length);
		return seen`,
		`[1,1000000,2,300001,3]`}.run(t, world(fetch.Deps{}), url)
}
