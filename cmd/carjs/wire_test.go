package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// wireAnswers are what comes over a connection instead of an answer, or as one that is hostile, and
// what a request for it ends with: "OK", or the code and a part of the message. More is sent after
// the rest, again and again, until the other side has had enough.
var wireAnswers = map[string]struct{ says, more, want string }{
	"something else":             {says: "SSH-2.0-OpenSSH_9.6\r\n", want: `51 the response is not valid HTTP: malformed HTTP response "SSH-2.0-OpenSSH_9.6"`},
	"bytes":                      {says: "\x00\x01\x02\xff\xfe\n\n", want: "51 the response is not valid HTTP"},
	"an alert of TLS":            {says: "\x15\x03\x01\x00\x02\x02\x46", want: "51 the response is not valid HTTP"},
	"a body alone":               {says: `["h1"]`, want: "51 the response is not valid HTTP"},
	"nothing":                    {want: "51 the connection was closed before the response was complete"},
	"half a head":                {says: "HTTP/1.1 200 OK\r\nContent-Ty", want: "51 the "},
	"a status that is no number": {says: "HTTP/1.1 2x0 OK\r\n\r\n", want: `51 the response is not valid HTTP: malformed HTTP status code "2x0"`},
	"a status below 100":         {says: headed("099 Low", "Content-Length: 0"), want: "50 status 99 Low"},
	"a status beyond 599":        {says: headed("999 Denied", "Content-Length: 0"), want: "51 status 999 Denied"},
	"a change of protocols":      {says: headed("101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket"), want: "50 status 101"},
	"a line without a colon":     {says: headed("200 OK", "Just text"), want: "51 the response is not valid HTTP: malformed MIME header"},
	"NUL in a header":            {says: headed("200 OK", "X-N: a\x00b"), want: "51 the response is not valid HTTP: malformed MIME header"},
	"two lengths":                {says: headed("200 OK", "Content-Length: 6", "Content-Length: 3") + `["h1"]`, want: "51 the response is not valid HTTP"},
	"a length below 0":           {says: headed("200 OK", "Content-Length: -6") + `["h1"]`, want: `51 the response is not valid HTTP: bad Content-Length "-6"`},
	"a length and chunks":        {says: headed("200 OK", "Content-Length: 3", "Transfer-Encoding: chunked") + "6\r\n[\"h1\"]\r\n0\r\n\r\n", want: "OK"},
	"an unknown transfer":        {says: headed("200 OK", "Transfer-Encoding: superzip") + `["h1"]`, want: "51 the response is not valid HTTP: unsupported"},
	"a chunk without a length":   {says: headed("200 OK", "Transfer-Encoding: chunked") + "zz\r\n[\"h1\"]", want: "51 the response is not valid HTTP"},
	"a chunk beyond all lengths": {says: headed("200 OK", "Transfer-Encoding: chunked") + "fffffffffffffffff\r\n[", want: "51 the response is not valid HTTP"},
	"line feeds alone":           {says: "HTTP/1.1 200 OK\nContent-Length: 6\n\n[\"h1\"]", want: "OK"},
	"a folded header":            {says: headed("200 OK", "X-A: b\r\n c", "Content-Length: 6") + `["h1"]`, want: "OK"},
	"an answer nobody asked for": {says: strings.Repeat(headed("200 OK", "Content-Length: 6")+`["h1"]`, 2), want: "OK"},
	"many cookies":               {says: headed("200 OK", strings.Repeat("Set-Cookie: a="+strings.Repeat("v", 4000)+"\r\n", 100)+"Content-Length: 6") + `["h1"]`, want: "OK"},
	"a reason in colours":        {says: headed("500 \x1b[31mred\x1b[2J", "Content-Length: 0"), want: "51 status 500"},
	"a charset without end":      {says: headed("200 OK", "Content-Type: application/json; charset="+strings.Repeat("x", 5000), "Content-Length: 6") + `["h1"]`, want: "55 names an unknown charset"},
	"encodings without end":      {says: headed("200 OK", "Content-Encoding: "+strings.Repeat("gzip, ", 2000)+"gzip", "Content-Length: 6") + `["h1"]`, want: "55 the body is labelled gzip"},

	"a redirect to a file":   {says: headed("302 Found", "Location: file:///etc/passwd", "Content-Length: 0"), want: "51 it redirects, but file:///etc/passwd is not an http or https URL"},
	"a redirect to data":     {says: headed("302 Found", `Location: data:application/json,["h1"]`, "Content-Length: 0"), want: "51 it redirects, but data:"},
	"a redirect to a script": {says: headed("302 Found", "Location: javascript:alert(1)", "Content-Length: 0"), want: "51 it redirects, but javascript:"},
	"a redirect to no URL":   {says: headed("302 Found", "Location: http://[::1", "Content-Length: 0"), want: "51 it redirects, but the URL cannot be parsed"},
	"a redirect to metadata": {says: headed("302 Found", "Location: http://169.254.169.254/latest", "Content-Length: 0"), want: "54 connecting to 169.254.169.254:80 is not allowed"},
	"a redirect to a closed port": {
		says: headed("302 Found", "Location: http://u:s3cret@127.0.0.1:1/x?key=s3cret", "Content-Length: 0"),
		want: "51 it redirects to http://127.0.0.1:1/x?key=…: connection refused by 127.0.0.1:1",
	},

	"headers without end":            {says: "HTTP/1.1 200 OK\r\n", more: "X-A: " + strings.Repeat("b", 8000) + "\r\n", want: "51 the response is not valid HTTP: server response headers exceeded"},
	"a header without end":           {says: "HTTP/1.1 200 OK\r\nX-A: ", more: strings.Repeat("b", 8000), want: "51 the response is not valid HTTP: server response headers exceeded"},
	"preliminary answers, no other":  {more: strings.Repeat("HTTP/1.1 103 Early Hints\r\nX-A: "+strings.Repeat("b", 4000)+"\r\n\r\n", 2), want: "51 "},
	"a chunk with an endless remark": {says: headed("200 OK", "Transfer-Encoding: chunked") + "1;", more: strings.Repeat("e", 8000), want: "51 the response is not valid HTTP"},
	"nothing, and an open end":       {more: " ", want: "51 no "},
	"JSON nested deep":               {says: headed("200 OK", "Connection: close") + strings.Repeat("[", 1<<20), want: "55 is not JSON: values nest too deeply"},
	"an integer of many digits":      {says: headed("200 OK", "Connection: close") + "[" + strings.Repeat("9", 200_000) + "]", want: "55 an integer has 200000 digits"},
	"two byte order marks":           {says: headed("200 OK", "Connection: close") + "\xef\xbb\xbf\xef\xbb\xbf[]", want: "55 is not JSON"},
	"not a number":                   {says: headed("200 OK", "Connection: close") + "[NaN]", want: "55 is not JSON"},
	"a wait before the beginning":    {says: headed("429 Slow Down", "Retry-After: -1", "Content-Length: 0"), want: "51 status 429"},
	"a wait without end":             {says: headed("503 Busy", "Retry-After: 1e308", "Content-Length: 0"), want: "51 status 503"},
	"a challenge without end":        {says: headed("401 No", "WWW-Authenticate: Digest "+strings.Repeat(`a="b",`, 20_000), "Content-Length: 0"), want: "52 status 401"},
}

// headed is the head of an answer.
func headed(status string, headers ...string) string {
	return "HTTP/1.1 " + status + "\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n"
}

// wireServer answers requests for /NAME with one of the answers, byte by byte as it stands there.
func wireServer(t *testing.T) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	serve := func(conn net.Conn) {
		defer conn.Close()
		request, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			return
		}
		answer := wireAnswers[strings.TrimPrefix(request.URL.Path, "/")]
		_, err = fmt.Fprint(conn, answer.says)
		slow := len(answer.more) < 10
		for err == nil && answer.more != "" {
			if slow {
				time.Sleep(50 * time.Millisecond) // what it is about
			}
			_, err = fmt.Fprint(conn, answer.more)
		}
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serve(conn)
		}
	}()
	return listener.Addr().String()
}

// What is no answer, or a hostile one, ends each way to ask as a failure of the data source, in
// bounded time and words that are not Go's, and the run goes on.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	var names []string
	for name := range wireAnswers {
		names = append(names, name)
	}
	list, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	d.small(`	const ways: Record<string, (path: string) => unknown> = {
		get: (path) => client.get(path),
		records: async (path) => { for await (const row of client.records(path)) void row; },
		link: async (path) => { for await (const page of client.paginate.link(path)) void page; },
		fetch: (path) => client.fetch(path).then(async (r) => { if (r.ok) JSON.parse(await r.text()); }),
	};
	for (const name of ` + string(list) + `) for (const way in ways) {
		let said = "OK";
		try { await ways[way]("/" + encodeURIComponent(name)); } catch (e: any) { said = (e.code ?? e.cause?.code) + " " + e.message; }
		console.log("<" + way + "|" + name + "|" + JSON.stringify(said.slice(0, 400)) + ">");
	}`)
	d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";
const client = new HttpClient({ baseURL: "http://`+wireServer(t)+`", retries: 0, timeout: 3000 });
`+d.read("connectors/small/main.ts"))
	r := d.ok("full", "small", "-log-format", "text")
	found := regexp.MustCompile(`<(\w+)\|([^|]+)\|(".*")>`).FindAllStringSubmatch(r.stderr, -1)
	if len(found) != 4*len(names) {
		t.Fatalf("%d outcomes of %d\n%s", len(found), 4*len(names), r)
	}
	for _, f := range found {
		way, name := f[1], f[2]
		var said string
		if err := json.Unmarshal([]byte(f[3]), &said); err != nil {
			t.Fatal(err, f[3])
		}
		want := wireAnswers[name].want
		code, text, _ := strings.Cut(want, " ")
		if way == "fetch" && (strings.HasPrefix(text, "status") || strings.Contains(text, "JSON") || strings.Contains(text, "digits")) {
			continue // the response, or the connector's own reading of it
		}
		if !strings.HasPrefix(said, code) || !strings.Contains(said, text) {
			t.Errorf("%s, %s: %s, want %s", name, way, said, want)
		}
	}
	for _, word := range []string{"net/http", "goroutine", "Unsolicited", "s3cret"} {
		if strings.Contains(r.stderr, word) {
			t.Errorf("the log has %q\n%s", word, r.stderr)
		}
	}
}
