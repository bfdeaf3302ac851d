package http_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"

	"carjs/bindings/fetch"
	"carjs/host/failure"

	"github.com/hashicorp/go-hclog"
)

// wide is a text in UTF-16, little end first.
func wide(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

// nothing is the text of an empty body.
const nothing = "\x00"

// bodies are answers whose bytes are what their type, their mark or they themselves say, or not.
var bodies = []struct {
	path, contentType, body string
	// json and text are what is read, or the failure without what comes before and after it; json
	// stands for text where that is "".
	json, text string
}{
	{"plain", "application/json", `["Zoë"]`, `["Zoë"]`, ""},
	{"mark", "application/json", "\ufeff[\"Zoë\"]", `["Zoë"]`, ""},
	{"latin1", "application/json; charset=ISO-8859-1", "[\"Zo\xeb\",\"\x80\"]", `["Zoë","€"]`, ""},
	{"quoted", `application/json; Charset="Windows-1252"`, "[\"Zo\xeb\"]", `["Zoë"]`, ""},
	{"utf8", "application/json;charset=UTF8", `["Zoë"]`, `["Zoë"]`, ""},
	{"utf16", "application/json; charset=utf-16le", wide(`["Zoë"]`), `["Zoë"]`, ""},
	{"utf16mark", "application/json", "\xff\xfe" + wide(`["Zoë"]`), `["Zoë"]`, ""},
	{"utf16bare", "application/json", wide(`["Zoë"]`), `["Zoë"]`, ""},
	{"utf32", "application/json", "\x00\x00\xfe\xff\x00\x00\x00[\x00\x00\x00]", `[]`, ""},
	{"against", "application/json; charset=iso-8859-1", "\ufeff[\"Zoë\"]", `["Zoë"]`, ""},
	{"sjis", "application/json; charset=shift_jis", "[\"\x93\xfa\x96\x7b\"]", `["日本"]`, ""},

	{"wrong", "application/json", "[\"a\",\n\"Zo\xeb\"]", "is not valid UTF-8: byte 0xEB at offset 9", ""},
	{"wronglabel", "application/json; charset=utf-8", "[{\"Zo\xeb\":1}]", "is not valid UTF-8: byte 0xEB at offset 5", ""},
	{"wrongmark", "application/json; charset=latin1", "\ufeff[\"Zo\xeb\"]", "is not valid UTF-8: byte 0xEB at offset 7", ""},
	{"cut", "application/json", "[\"Zo\xc3", "is not valid UTF-8: byte 0xC3 at offset 4",
		"is not valid UTF-8: byte 0xC3 at offset 4 begins a character that is cut off at the end"},
	{"outside", "application/json", "\xa0[]", "is not valid UTF-8: byte 0xA0 at offset 0", ""},
	{
		"cut16", "application/json; charset=utf-16be", "\x00[\x00",
		"is not valid UTF-16BE: byte 0x00 at offset 2 begins a character that is cut off at the end", "",
	},
	{
		"cutsjis", "application/json; charset=shift_jis", "[\"\x93",
		"is not valid shift_jis: byte 0x93 at offset 2 begins a character that is cut off at the end", "",
	},
	{"unknown", "application/json; charset=klingon", `[]`, `names an unknown charset: "klingon"`, ""},
	{"html", "text/html", "<!DOCTYPE html>\n<html><title>Down for <b>maintenance</title>",
		`is an HTML page ("Down for <b>maintenance") and not JSON`,
		"<!DOCTYPE html>\n<html><title>Down for <b>maintenance</title>"},
	{"login", "text/html; charset=latin1", "<html><title>Z\xfcrich</title><input type=password>",
		`is an HTML login page ("Zürich") and not JSON`,
		"<html><title>Zürich</title><input type=password>"},
	{"empty", "application/json", "", "is empty and not JSON", nothing},
	{"blank", "application/json", "\ufeff \r\n", "is empty and not JSON", " \r\n"},
}

// Every way to read a body makes the same of its bytes: text, or a failure that says where they are
// none.
func TestBytes(t *testing.T) {
	routes := map[string]http.HandlerFunc{}
	for _, b := range bodies {
		routes["/"+b.path] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", b.contentType)
			_, _ = w.Write([]byte(b.body))
		}
	}
	url := serve(t, routes)
	w := world(fetch.Deps{})
	const caughtAll = `const read = async (f: () => any) => { try { const v = await f(); return typeof v === "string" ? v : JSON.stringify(v) } catch (e: any) {
		const f = e.cause?.code ? e.cause : e; return f.code + f.message.replace(/^.*\(status 200\)/, "").replace(/, behind 1 record$/, "") } };
		const c = new HttpClient({ baseURL: a }); `
	for _, b := range bodies {
		wanted := func(text string) string {
			if strings.HasPrefix(text, "is ") || strings.HasPrefix(text, "names ") {
				return "55 " + text
			}
			return text
		}
		text := b.text
		switch text {
		case "":
			text = b.json
		case nothing:
			text = ""
		}
		for name, expression := range map[string]string{
			"get": `c.get("/%s")`, "post": `(await c.request("POST", "/%s", { body: "" })).data`, "fetch": `(await fetch(a + "/%s")).json()`,
			"paginate": `(async () => { for await (const p of c.paginate.link("/%s")) return p })()`,
			"records":  `(async () => { const all = []; for await (const r of c.records("/%s")) all.push(r); return all })()`,
		} {
			want := wanted(b.json)
			if name == "post" && b.path == "empty" {
				want = "undefined"
			}
			check{
				name + " " + b.path,
				caughtAll + `return String(await read(async () => ` + fmt.Sprintf(expression, b.path) + `))`, want,
			}.run(t, w, url)
		}
		for name, expression := range map[string]string{
			"text": `c.get("/%s", { responseType: "text" })`, "fetch text": `(await fetch(a + "/%s")).text()`,
		} {
			check{
				name + " " + b.path,
				caughtAll + `return await read(async () => ` + fmt.Sprintf(expression, b.path) + `)`, wanted(text),
			}.run(t, w, url)
		}
	}
}

// An author who knows better than the data source says so.
func TestDecodingOptions(t *testing.T) {
	write := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	url := serve(t, map[string]http.HandlerFunc{
		"/latin":    write(200, "application/json", "[\"Zo\xeb\"]"),
		"/mojibake": write(200, "application/json; charset=latin1", `["Zoë"]`),
		"/late":     write(200, "application/json", "["+strings.Repeat(`"x",`, 100)+"\"Zo\xeb\"]"),
		"/page":     write(404, "text/plain", "Z\xfcrich?"),
		"/problem":  write(404, "application/problem+json; charset=latin1", "{\"title\":\"Z\xfcrich?\"}"),
		"/broken":   write(404, "application/json", "{\"title\":\"Z\xfcrich?\"}"),
		"/refused":  write(400, "text/plain; charset=latin1", "Z\xfcrich?"),
		"/nothing":  write(204, "", ""),
		"/xml":      write(200, "application/xml", `<?xml version="1.0" encoding="ISO-8859-1"?>`+"<a>Z\xfcrich</a>"),
	})
	w := world(fetch.Deps{})
	for _, c := range []check{
		{"of the client", `const c = new HttpClient({ baseURL: a, encoding: "Latin1" });
			return [await c.get("/latin"), await c.get("/latin", { responseType: "text" }), await c.get("/latin", { encoding: "windows-1251" })]`,
			`[["Zoë"],"[\"Zoë\"]",["Zoл"]]`},
		{"of a request", `const c = new HttpClient({ baseURL: a });
			return [await c.get("/latin", { encoding: "latin1" }), await c.get("/mojibake", { encoding: "utf-8" }), await c.get("/mojibake")]`,
			`[["Zoë"],["Zoë"],["ZoÃ«"]]`},
		{"replaced", `const c = new HttpClient({ baseURL: a, invalidBytes: "replace" });
			return [await c.get("/latin"), await c.get("/latin", { responseType: "text" })]`,
			"[[\"Zo\ufffd\"],\"[\\\"Zo\ufffd\\\"]\"]"},
		{"not replaced", `return caught(() => new HttpClient({ baseURL: a, invalidBytes: "replace" }).get("/latin", { invalidBytes: "fail" }))`,
			`["DatasourceFailure",55,"GET $a/latin: the response (status 200) is not valid UTF-8: byte 0xEB at offset 4"]`},
		{"records", gather(`c.records("/latin", { encoding: "latin1" })`), `["Zoë"]`},
		{"records replaced", gather(`c.records("/latin", { invalidBytes: "replace" })`), "[\"Zo\ufffd\"]"},
		{"records before", gather(`c.records("/late")`),
			`failure 55: GET $a/late: the response (status 200) is not valid UTF-8: byte 0xEB at offset 404, behind 100 records (at src/main.ts:7:76)`},
		{"no records", gather(`c.records("/nothing")`), `[]`},
		{
			"pages",
			`const c = new HttpClient({ baseURL: a }); for await (const page of c.paginate.link("/latin", { encoding: "latin1" })) return page`,
			`["Zoë"]`,
		},
		{"bytes", `return [...await new HttpClient({ baseURL: a }).get("/latin", { responseType: "bytes" })]`, `[91,34,90,111,235,34,93]`},
		{
			"XML", `return new HttpClient({ baseURL: a }).get("/xml", { responseType: "text" })`,
			`<?xml version="1.0" encoding="ISO-8859-1"?><a>Zürich</a>`,
		},
		{"accepted page", `return (await new HttpClient({ baseURL: a }).request("GET", "/page", { accept: [404] })).data`, "Z\ufffdrich?"},
		{
			"accepted JSON",
			`return (await new HttpClient({ baseURL: a }).request("GET", "/problem", { accept: [404] })).data`,
			`{"title":"Zürich?"}`,
		},
		{"accepted JSON, invalid", `return (await new HttpClient({ baseURL: a }).request("GET", "/broken", { accept: [404] })).data`,
			`failure 55: GET $a/broken: the response (status 404) is not valid UTF-8: byte 0xFC at offset 11 (at src/main.ts:7:46)`},
		{"fetch in its own way", `return new TextDecoder("iso-8859-2").decode(await (await fetch(a + "/latin")).arrayBuffer())`, `["Zoë"]`},
		{"unknown", `return caught(() => new HttpClient({ baseURL: a, encoding: "klingon" }))`,
			`["TypeError","","HttpClient: the option encoding names no encoding: \"klingon\""]`},
		{"unknown of a request", `return caught(() => new HttpClient({ baseURL: a }).get("/latin", { invalidBytes: "drop" as any }))`,
			`["TypeError","","GET request: the option invalidBytes must be \"fail\" or \"replace\", not \"drop\""]`},
	} {
		c.run(t, w, url)
	}
	var log bytes.Buffer
	logged := world(fetch.Deps{Logger: hclog.New(&hclog.LoggerOptions{Level: hclog.Warn, Output: &log, DisableTime: true})})
	check{
		"mislabelled", `const c = new HttpClient({ baseURL: a }); await c.get("/mojibake"); return c.get("/mojibake")`,
		`["ZoÃ«"]`,
	}.run(t, logged, url)
	if want := "looks like UTF-8, but the data source names another encoding: named=windows-1252"; strings.Count(log.String(), want) != 1 {
		t.Errorf("the log is %s", &log)
	}
	_, err := w.Run(t, body(`await new HttpClient({ baseURL: a }).get("/refused")`), url)
	if f := failure.From(err); !strings.HasPrefix(f.Detail, "Zürich?\n") {
		t.Errorf("the detail of %v is %q", err, f.Detail)
	}
}
