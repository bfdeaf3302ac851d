package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"carjs/host"
	"carjs/host/author/dev"
)

// tlsConnector has a client with TLS settings of its own from the start.
var tlsConnector = assetConnector(`import { HttpClient } from "carjs/http";
const client = new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL, tls: TLS });
declare module "carjs" { interface Args { CONFIGURATION_AUTH_URL: string } }`,
	`async testConnection() { await client.get("/hosts"); return 0; }`,
	`for (const { id } of await client.get<{ id: string }[]>("/hosts")) handler.add(id, id);`)

const tlsConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Secured", "group": "secured"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text", "regex": "^https?://.+"}}}}`

const tlsTest = `import { connector, dataSource, expect, recorded, test } from "carjs/test";
test("recorded", async () => {
  const subject = connector({ source: recorded("recordings/first") });
  expect(await subject.testConnection()).toBe(0);
  expect(await subject.import()).toMatchObject({ exitCode: 0, failure: null });
  expect(subject.graph.vertices("asset").map((a) => a.name)).toEqual(["h1", "h2"]);
});
test("scripted", async () => {
  const source = dataSource();
  source.get("/hosts", [{ id: "h3" }]);
  const subject = connector({ source, settings: { url: source.url } });
  expect(await subject.import()).toMatchObject({ exitCode: 0, failure: null });
});
`

// secured is a desk with the connector, and its data source, which is encrypted with a certificate
// that nobody but the connector trusts.
func secured(t *testing.T, option func(certificate string) string) (d *desk, url string, asked *atomic.Int64) {
	t.Helper()
	asked = &atomic.Int64{}
	data := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `[{"id": "h1"}, {"id": "h2"}]`)
	}))
	data.Config.ErrorLog = log.New(io.Discard, "", 0) // refused handshakes
	data.StartTLS()
	t.Cleanup(data.Close)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: data.Certificate().Raw})
	d = newDesk(t)
	d.write("connectors/secured/src/main.ts", strings.Replace(tlsConnector, "TLS", option(string(certificate)), 1))
	d.write("connectors/secured/configurations/config.json", tlsConfig)
	d.write("connectors/secured/tests/secured.test.ts", tlsTest)
	return d, data.URL, asked
}

// TLS settings of a client count whatever its requests pass on their way to the data source, and
// are no obstacle where nobody is asked.
func TestTLSOfAClient(t *testing.T) {
	for name, option := range map[string]func(string) string{
		"ca":       func(certificate string) string { return fmt.Sprintf("{ ca: %s }", quoted(certificate)) },
		"insecure": func(string) string { return "{ insecure: true }" },
	} {
		t.Run(name, func(t *testing.T) {
			d, url, asked := secured(t, option)
			reached := func(want bool, what string) {
				t.Helper()
				if got := asked.Swap(0) > 0; got != want {
					t.Errorf("%s: the data source was asked: %t, want %t", what, got, want)
				}
			}
			graph := func(what string, r result) {
				t.Helper()
				if n := r.report.Collections["asset"].Sent; n != 2 {
					t.Errorf("%s: %d assets, want 2", what, n)
				}
			}
			if r := d.run("run", "secured", "-url", url, "-connection-test"); r.code != 0 {
				t.Errorf("connection test: %s", r)
			}
			reached(true, "connection test")
			graph("run", d.ok(host.ModeFull, "secured", "-url", url, "-full"))
			reached(true, "run")
			graph("-record", d.ok(host.ModeFull, "secured", "-url", url, "-full", "-record", "connectors/secured/recordings/first"))
			reached(true, "-record")
			graph("-replay", d.ok(host.ModeFull, "secured", "-full", "-replay", "connectors/secured/recordings/first"))
			reached(false, "-replay")

			r := d.run("test", "secured")
			contains(t, r.stdout, "✓ recorded", "✓ scripted", "✓ connection-test", "✓ objects-validate", "✓ failures-are-typed")
			if r.code != 0 {
				t.Errorf("test: %s", r)
			}
			if r := d.run("types", "secured"); r.code != 0 || strings.Contains(r.stderr, "were not updated") {
				t.Errorf("types: %s", r)
			}
			r = d.run("check", "secured", "-json")
			var checked struct {
				Findings []struct{ Check, Severity, Message string }
			}
			if err := json.Unmarshal([]byte(r.stdout), &checked); err != nil {
				t.Errorf("check: %v\n%s", err, r)
			}
			for _, f := range checked.Findings {
				if f.Severity == "error" {
					t.Errorf("check found %+v", f)
				}
			}
			reached(false, "test, types and check")

			if r := d.run("build", "secured"); r.code != 0 {
				t.Errorf("build: %s", r)
			}
			reached(false, "build")
			graph("artifact", d.ok(host.ModeFull, "secured.carjs", "-url", url, "-full"))
			reached(true, "artifact")

			a := &author{desk: d}
			l := a.started("dev", "secured", "-url", url, "-log-format", "json")
			if end := l.end(dev.Good); end.Vertices != 2 {
				t.Errorf("dev: %d vertices, want 2", end.Vertices)
			}
			reached(true, "dev")
			// The second run has the answers of the first, and asks for what is not among them.
			l.write("connectors/secured/src/main.ts", strings.Replace(d.read("connectors/secured/src/main.ts"),
				`client.get<{ id: string }[]>("/hosts")`, `client.get<{ id: string }[]>("/hosts/all")`, 1))
			if end := l.end(dev.Good); end.Vertices != 2 {
				t.Errorf("dev, second run: %d vertices, want 2", end.Vertices)
			}
			reached(true, "dev, second run")
		})
	}
}

// Without TLS settings the certificate is refused: what the tests above show is theirs.
func TestTLSIsChecked(t *testing.T) {
	t.Parallel()
	d, url, asked := secured(t, func(string) string { return "{}" })
	r := d.imports("secured", "-url", url)
	if r.code == 0 || asked.Load() > 0 {
		t.Errorf("%s", r)
	}
	contains(t, r.report.Failure.Message, "certificate")
}

func quoted(text string) string {
	encoded, _ := json.Marshal(text) // texts always encode
	return string(encoded)
}

// Every transport of the program passes TLS settings of a client on: a type that can carry requests
// can do so with other TLS settings.
func TestEveryTransportTakesTLS(t *testing.T) {
	carries, takes := map[string]string{}, map[string]bool{}
	for _, room := range []string{"bindings", "cmd", "connectors", "host"} {
		err := filepath.WalkDir(filepath.Join("..", "..", room), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, declared := range file.Decls {
				transports(declared, func(name string, isTransport bool) {
					of := filepath.Dir(path) + "." + name
					if isTransport {
						carries[of] = path
					} else {
						takes[of] = true
					}
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(carries) < 5 {
		t.Fatalf("only %d transports found: %v", len(carries), carries)
	}
	for of, path := range carries {
		if !takes[of] {
			t.Errorf("%s: %s has RoundTrip and no WithTLS, so that the option tls of HttpClient is lost behind it", path, of)
		}
	}
}

// transports tells of a declaration that makes a type a transport: the method RoundTrip, or a
// transport embedded in a struct, which hides all its other methods; and of the method WithTLS.
func transports(declared ast.Decl, tell func(name string, isTransport bool)) {
	switch d := declared.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || d.Name.Name != "RoundTrip" && d.Name.Name != "WithTLS" {
			return
		}
		receiver := d.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		if name, ok := receiver.(*ast.Ident); ok {
			tell(name.Name, d.Name.Name == "RoundTrip")
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			named, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			of, ok := named.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, field := range of.Fields.List {
				embedded, ok := field.Type.(*ast.SelectorExpr)
				if ok && len(field.Names) == 0 && embedded.Sel.Name == "RoundTripper" {
					tell(named.Name.Name, true)
				}
			}
		}
	}
}
