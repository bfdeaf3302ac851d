package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host"
)

// formLogin is a connector that logs in by a form, with settings that config.json types as
// passwords, and reports users.
const formLogin = `
  const { url, username, password } = context().args as Record<string, string>;
  const client = new HttpClient({ baseURL: url, retries: 0 });
  const fields = reverse ? { password, user: username } : { user: username, password };
  await client.post<{ access_token: string; client_secret: string }>("/api/user/login", { form: fields });
  for (const row of await client.get<{ user: string; name: string }[]>("/api/user/list", { query: { user: username, role: "any", page: 1 } }))
    handler.addCollection("user", { external_id: row.user, username: row.name } as any);
  console.log("user list read as", username, "with", JSON.stringify({ user: username, password, username: "x" }));
`

func (d *desk) formLogin(reverse bool) string {
	d.Helper()
	d.small("const reverse = (context().args as any).reverse === true;" + formLogin)
	path := filepath.Join(d.dir, "connectors", "small", "main.ts")
	text, err := os.ReadFile(path)
	if err != nil {
		d.Fatal(err)
	}
	d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";`+"\n"+string(text))
	d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","url":{"type":"text"},
"username":{"type":"password"},"password":{"type":"password"},"reverse":{"type":"boolean","optional":true}}}}`)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/login") {
			if r.ParseForm() != nil || r.PostForm.Get("user") == "" || r.PostForm.Get("password") == "" {
				w.WriteHeader(http.StatusUnauthorized)
			}
			answer := map[string]any{"access_token": "t0ken-of-a-user", "users": 2, "expires": 1234, "echo": r.PostForm.Get("password")}
			json.NewEncoder(w).Encode(answer) //nolint:errcheck // a test
			return
		}
		fmt.Fprint(w, `[{"user":"u1","name":"Ann Example","secret":true,"pages":1},{"user":"u2","name":"Bob Example","users":12345}]`)
	}))
	d.Cleanup(source.Close)
	return source.URL
}

// A secret that is a word, a number, or of few characters hides values and nothing else: a run with
// it says the same as with any other, and its own recording is replayed to the same graph.
func TestSecretsThatAreWords(t *testing.T) {
	for _, test := range []struct{ username, password string }{
		{"user", "secret"},
		{"admin", "password"},
		{"list", "client_secret"},
		{"1", "ab"},
		{"1234", "12"},
		{"username", "Example"},
		{"full", "import"},
		{"http", "form"},
		{"svc-carjs-01", "p&ss"},
		{"ann@example.com", "N0t-A-W0rd/at+all="},
	} {
		t.Run(test.username+" "+strings.ReplaceAll(test.password, "/", "_"), func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			url := d.formLogin(false)
			login := []string{"-url", url, "-username", test.username, "-password", test.password}
			live := d.ok(host.ModeFull, "small", append(login, "-record", "traffic")...)
			graph := d.graph("small")
			if live.report.Collections["user"].Sent != 2 {
				t.Errorf("%v", live.report.Collections)
			}
			contains(t, live.stdout, "The full import of small is complete", "    user                              2")
			files, err := filepath.Glob(filepath.Join(d.dir, "traffic", "0*.json"))
			if err != nil || len(files) != 2 {
				t.Fatalf("%v %v", files, err)
			}
			var all string
			for _, file := range files {
				data, err := os.ReadFile(file)
				if err != nil || !json.Valid(data) {
					t.Fatalf("%s: %v\n%s", file, err, data)
				}
				all += string(data)
			}
			contains(t, all, "user=[redacted]", "password=[redacted]", `"users": 2`, `"expires": 1234`, `"echo": "[redacted]"`, `"access_token"`,
				"/api/user/list?", `"user": "u1"`, `"secret": true`)
			for _, value := range []string{test.username, test.password} {
				for _, as := range []string{`=` + value + `&`, `=` + value + `"`, `: "` + value + `"`} {
					if strings.Contains(all, as) {
						t.Errorf("%q is in the recording:\n%s", as, all)
					}
				}
			}
			// Its own recording answers, with the same settings, with others, and with none.
			for _, args := range [][]string{login, {"-username", "other", "-password", "words"}, nil, append(login, "-reverse")} {
				if err := os.RemoveAll(filepath.Join(d.dir, ".carjs")); err != nil {
					t.Fatal(err)
				}
				d.ok(host.ModeFull, "small", append(args, "-replay", "traffic")...)
				if got := d.graph("small"); test.password != "Example" && !graph.Equal(got) {
					t.Errorf("%v: the graph is another one: %v", args, graph.Diff(got))
				}
			}
		})
	}
}

// The same secret as a name in the code and in the answers: tests that give several secrets use one
// recording.
func TestSecretNamedSecret(t *testing.T) {
	d := newDesk(t)
	url := d.formLogin(false)
	d.ok(host.ModeFull, "small", "-url", url, "-username", "id1", "-password", "s3cr3tvalue", "-record", "connectors/small/recordings/first")
	d.write("connectors/small/tests/a.test.ts", `import { connector, expect, recorded, test } from "carjs/test";
for (const password of ["s3cr3tvalue", "another", "secret", "user", "password", "list", "a", "1"])
  test("password " + password, async () => {
    const source = recorded("recordings/first");
    const subject = connector({ source, settings: { url: source.url, username: "id1", password } });
    expect(await subject.import()).toMatchObject({ exitCode: 0 });
  });
`)
	if r := d.run("test", "small", "-filter", "password"); r.code != 0 {
		t.Error(r)
	}
}

// What looks like a secret is hidden in capitals and in hexadecimal as well, and a key in a URL by
// its name.
func TestSecretSpellings(t *testing.T) {
	const secret = "Tr0ub4dor&3x"
	d := newDesk(t)
	d.small(`
  const { password } = context().args as Record<string, string>;
  const hex = [...password].map((c) => c.charCodeAt(0).toString(16)).join("");
  console.log("so", password.toUpperCase(), password.toLowerCase(), hex, hex.toUpperCase(), "https://x.example/a?api_key=literal-key&b=1");
  handler.addCollection("asset", { external_id: 1, name: hex, [password]: password.toUpperCase() } as any);
  throw new Error("key " + hex + " " + password.toLowerCase());
`)
	d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","password":{"type":"password"}}}}`)
	r := d.imports("small", "-password", secret, "-d")
	report, err := os.ReadFile(filepath.Join(d.dir, "report.json"))
	if err != nil || r.code != 1 {
		t.Fatalf("%v %s", err, r)
	}
	text := r.stdout + r.stderr + string(report)
	for _, form := range []string{
		secret, strings.ToUpper(secret), strings.ToLower(secret), hex.EncodeToString([]byte(secret)),
		strings.ToUpper(hex.EncodeToString([]byte(secret))), "literal-key",
	} {
		if strings.Contains(text, form) {
			t.Errorf("%s is in\n%s", form, text)
		}
	}
	contains(t, text, "api_key=[redacted]&b=1")
}

// A secret that may be missing and was set makes requests that are not made without it: a replay
// stands in for it as for one that may not.
func TestReplayOfAnOptionalSecret(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	url := d.formLogin(false)
	d.write("connectors/small/configurations/config.json", `{"configuration":{"auth":{"type":"fields","url":{"type":"text"},
"username":{"type":"text"},"password":{"type":"password","optional":true}}}}`)
	d.ok(host.ModeFull, "small", "-url", url, "-username", "ann", "-password", "s3cret-w0rd", "-record", "traffic")
	graph := d.graph("small")
	if err := os.RemoveAll(filepath.Join(d.dir, ".carjs")); err != nil {
		t.Fatal(err)
	}
	d.ok(host.ModeFull, "small", "-replay", "traffic")
	if !graph.Equal(d.graph("small")) {
		t.Errorf("the graph is another one: %v", graph.Diff(d.graph("small")))
	}
	manifest, err := os.ReadFile(filepath.Join(d.dir, "traffic", "recording.json"))
	if err != nil || strings.Contains(string(manifest), "s3cret") {
		t.Errorf("%v %s", err, manifest)
	}
}

// A secret that is blank hides nothing, neither in requests nor among the settings, so that the
// recording is replayed without settings.
func TestBlankSecrets(t *testing.T) {
	for _, blank := range []string{"", " ", "  ", "\t", "\n", "\u00a0"} {
		t.Run(fmt.Sprintf("%q", blank), func(t *testing.T) {
			d := newDesk(t)
			d.small(`const { url, pin } = context().args as Record<string, string>;
  for (const { id } of await new HttpClient({ baseURL: url, retries: 0 }).get<{ id: string }[]>("/hosts", { query: { pin } }))
    handler.addCollection("asset", { external_id: id, name: "x" });`)
			path := filepath.Join(d.dir, "connectors", "small", "main.ts")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d.write("connectors/small/main.ts", `import { HttpClient } from "carjs/http";`+"\n"+string(text))
			d.write("connectors/small/configurations/config.json",
				`{"configuration":{"auth":{"type":"fields","url":{"type":"text"},"pin":{"type":"password","optional":true}}}}`)
			source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `[{"id":%q}]`, "pin"+r.URL.Query().Get("pin"))
			}))
			defer source.Close()
			d.ok(host.ModeFull, "small", "-url", source.URL, "-pin", blank, "-record", "traffic")
			graph := d.graph("small")
			if err := os.RemoveAll(filepath.Join(d.dir, ".carjs")); err != nil {
				t.Fatal(err)
			}
			d.ok(host.ModeFull, "small", "-replay", "traffic")
			if got := d.graph("small"); !graph.Equal(got) {
				t.Errorf("the graph is another one: %v", graph.Diff(got))
			}
		})
	}
}
