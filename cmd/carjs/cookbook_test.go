package main

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"carjs/host"
	"carjs/host/failure"
)

// What can happen to the second page of a list.
const (
	nothingHappens = "normal"
	throttles      = "throttled in the middle"
	expires        = "token expired in the middle"
	repeats        = "a page repeated"
	cutOff         = "a page cut off"
	shortened      = "a page cut, and its length too"
	totalFalls     = "the total changes"
)

// front is what stands before a product: logins, and what happens to the second page.
type front struct {
	product
	shop    *shop
	happens string
	mu      sync.Mutex
	logins  int
	pages   int
	first   *httptest.ResponseRecorder // the first page
}

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data, _ := io.ReadAll(r.Body)
	if strings.HasSuffix(r.URL.Path, "/token") {
		f.logins++
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"access_token":"t-%d","expires_in":1799}`, f.logins)
		return
	}
	name, value := f.guard, f.value
	if name == "" {
		name, value = "Authorization", fmt.Sprintf("Bearer t-%d", f.logins)
	}
	start, cut := strings.CutSuffix(value, "*")
	if got := r.Header.Get(name); got != value && (!cut || !strings.HasPrefix(got, start)) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	answer := httptest.NewRecorder()
	page := f.listed(r)
	if page {
		f.pages++
	}
	if page && f.pages == 2 {
		switch f.happens {
		case throttles:
			f.busy.write(w)
			return
		case expires:
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
	}
	f.shop.mu.Lock()
	f.serve(f.shop, answer, r, string(data))
	f.shop.mu.Unlock()
	if page && f.pages == 1 {
		f.first = answer
	}
	f.deliver(w, answer, page && f.pages == 2)
}

// deliver writes an answer, the second page with what happens to it.
func (f *front) deliver(w http.ResponseWriter, a *httptest.ResponseRecorder, second bool) {
	announced := 0
	if second {
		body := a.Body.Bytes()
		switch f.happens {
		case repeats:
			a = f.first
		case cutOff:
			announced = len(body)
			a.Body = bytes.NewBuffer(body[:len(body)/2])
		case shortened:
			a.Body = bytes.NewBuffer(body[:len(body)/2])
		case totalFalls:
			if a.Header().Get(f.total) != "" {
				a.Header().Set(f.total, "4")
			}
			a.Body = bytes.NewBuffer(bytes.ReplaceAll(body, []byte(f.total+"5"), []byte(f.total+"4")))
		}
	}
	for name, values := range a.Header() {
		w.Header()[name] = values
	}
	if announced > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(announced))
	}
	w.WriteHeader(a.Code)
	_, _ = w.Write(a.Body.Bytes())
}

// start serves a product, and returns its URL and the certificate of its authority.
func (f *front) start(t *testing.T) (url, ca string) {
	server := httptest.NewUnstartedServer(f)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if f.secure {
		server.StartTLS()
		ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	f.shop.url = server.URL
	return server.URL, ca
}

var sectionHead = regexp.MustCompile(`(?m)^### (.*)$`)

// sections are the TypeScript blocks of docs/http.md by the heading that they are below.
func sections(t *testing.T) map[string][]string {
	t.Helper()
	data, err := os.ReadFile("../../docs/http.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	found := map[string][]string{}
	heads := sectionHead.FindAllStringSubmatchIndex(text, -1)
	for i, head := range heads {
		end := len(text)
		if i+1 < len(heads) {
			end = heads[i+1][0]
		}
		name := text[head[2]:head[3]]
		for _, block := range fence.FindAllStringSubmatch(text[head[1]:end], -1) {
			if block[1] == "ts" {
				found[name] = append(found[name], block[2])
			}
		}
	}
	return found
}

// cookbookSettings are the settings of the recipes but for those that depend on the server.
var cookbookSettings = map[string]string{
	"token": "t0k", "user": "admin", "password": "pa ss", "clientId": "id", "clientSecret": "s3cret", "accessKeyId": "AKID",
	"secretAccessKey": "s3cretkey", "tenant": "acme",
}

// configure writes a config.json whose settings have all values that a recipe needs as defaults.
func (d *desk) configure(name, url, ca string) {
	d.Helper()
	fields := dict{"type": "fields"}
	declare := func(name, value string) { fields[name] = dict{"type": "text", "default": value} }
	for name, value := range cookbookSettings {
		declare(name, value)
	}
	declare("url", url)
	declare("loginURL", url)
	declare("privateKey", anyKey())
	declare("ca", ca)
	encoded, err := json.Marshal(dict{
		"connection":    dict{"type": dict{"type": "connectorType", "displayName": "Cook", "group": "cook"}},
		"configuration": dict{"auth": fields},
	})
	if err != nil {
		d.Fatal(err)
	}
	d.write("connectors/"+name+"/configurations/config.json", string(encoded))
	d.write("connectors/"+name+"/tsconfig.json", `{"extends": "./types/tsconfig.json", "include": ["src", "types"]}`)
}

// cook makes a connector of a recipe and of the parts that all recipes share.
func (d *desk) cook(name, url, ca string, blocks map[string][]string, p product) {
	d.Helper()
	parts := blocks["Where the parts go"]
	if len(parts) != 2 || len(blocks[p.section]) != 1 {
		d.Fatalf("%d and %d blocks: is the page read as it is meant?", len(parts), len(blocks[p.section]))
	}
	frame := parts[0]
	if p.compares {
		head, rest, ok := strings.Cut(frame, "class IncrementalImport")
		_, tail, ok2 := strings.Cut(rest, "\nexport default")
		if !ok || !ok2 {
			d.Fatal("the frame has no IncrementalImport")
		}
		frame = head + parts[1] + "\nexport default" + tail
	}
	d.write("connectors/"+name+"/src/main.ts", blocks[p.section][0]+"\n"+frame)
	d.configure(name, url, ca)
}

// names are the names of the assets of a source, by their ids.
func (d *desk) names(source string) string {
	d.Helper()
	found := map[string]string{}
	for v, text := range d.graph(source).Vertices {
		var asset struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal([]byte(text), &asset); err != nil {
			d.Fatal(err)
		}
		if v.Collection == "asset" {
			found[v.Key] = asset.Name
		}
	}
	encoded, _ := json.Marshal(found)
	return string(encoded)
}

var anyKey = sync.OnceValue(func() string {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	der, _ := x509.MarshalPKCS8PrivateKey(key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
})

// The recipe of each product in docs/http.md is a connector that reads all hosts once, notices what
// has changed and what was deleted, and ends with the right code where the list that it was given
// cannot be the whole one.
func TestCookbookProducts(t *testing.T) {
	blocks := sections(t)
	for _, p := range products {
		t.Run(p.section, func(t *testing.T) {
			t.Parallel()
			for _, happens := range []string{nothingHappens, throttles, expires, repeats, cutOff, shortened, totalFalls} {
				if happens == totalFalls && p.total == "" || happens == repeats && p.pieces {
					continue
				}
				t.Run(happens, func(t *testing.T) {
					f := &front{product: p, shop: newShop(), happens: happens}
					url, ca := f.start(t)
					d := newDesk(t)
					d.cook("cook", url, ca, blocks, p)
					code := 0
					switch {
					case happens == repeats, happens == shortened, happens == totalFalls:
						code = failure.CodeDatasourceDataProcess
					case happens == expires && p.guard != "":
						code = failure.CodeDatasourceAuth
					case happens == cutOff && p.pieces: // records of the file were reported already
						code = failure.CodeDatasourceConnect
					}
					r := d.imports("cook")
					if r.code != code {
						t.Fatalf("exit code %d, want %d\n%s", r.code, code, r)
					}
					if f.pages < 2 {
						t.Errorf("the list was read in %d pages", f.pages)
					}
					if code != 0 {
						return
					}
					const all = `{"1":"n1","2":"n2","3":"n3","4":"n4","5":"n5"}`
					if got := d.names("cook"); got != all {
						t.Errorf("got %s, want %s\n%s", got, all, r)
					}
					if c := r.report.Collections["asset"]; c.Duplicate != 0 || c.Differing != 0 {
						t.Errorf("%+v", c)
					}
					if happens != nothingHappens {
						return
					}
					if r := d.run("check", "cook"); r.code != 0 {
						t.Errorf("%s", r)
					}
					f.shop.moveOn()
					d.ok(host.ModeIncremental, "cook", "-max-deletions", "off")
					if got, want := d.names("cook"), `{"1":"n1","2":"new","4":"n4","5":"n5"}`; got != want {
						t.Errorf("after a change: got %s, want %s", got, want)
					}
				})
			}
		})
	}
}

// All recipes of docs/http.md pass the type checker.
func TestCookbookTypes(t *testing.T) {
	a := typed(t)
	blocks := sections(t)
	inProducts := map[string]bool{"Where the parts go": true}
	checks := func(name string) {
		t.Helper()
		if r := a.run("types", "connectors/"+name); r.code != 0 {
			t.Errorf("%s", r)
		}
		if r := a.run("check", "connectors/"+name); r.code != 0 || !strings.Contains(r.stdout+r.stderr, " 0 errors") {
			t.Errorf("%s: %s", name, r)
		}
	}
	for i, p := range products {
		inProducts[p.section] = true
		name := fmt.Sprintf("cook%d", i)
		a.cook(name, "https://example.com", "", blocks, p)
		checks(name)
	}
	var styles strings.Builder
	for section, found := range blocks {
		if inProducts[section] {
			continue
		}
		for _, block := range found {
			fmt.Fprintf(&styles, "await (async () => { // %s\n%s})();\n", section, block)
		}
	}
	a.cook("styles", "https://example.com", "", blocks, products[0])
	a.write("connectors/styles/src/styles.ts", `import { context, ErrorCode } from "carjs";
import { apiKey, aws, basic, bearer, digest, hmac, HttpClient, lastSegment, oauth2, session } from "carjs/http";
void [apiKey, aws, ErrorCode, lastSegment];
const { url, token, user, password, clientId, clientSecret, accessKeyId, secretAccessKey, privateKey, ca } = context().args;
const add = (row: unknown) => void row;
export async function styles(certificate: string) {
`+styles.String()+"}\n")
	main := "connectors/styles/src/main.ts"
	a.write(main, `import "./styles";`+"\n"+a.read(main))
	checks("styles")
}
