package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"carjs/host/carserver"
)

// The secrets of a run, with characters that every encoding writes otherwise.
var secrets = map[string]string{
	"CAR_SERVICE_PASSWORD":        `car "pass"/wörd+%&`,
	"CONFIGURATION_AUTH_PASSWORD": `source?pass=wörd<ü>`,
	"token":                       `tok/en+of==oauth&2`,
}

// leaky is a connector that does everything wrong that can be done with a secret.
const leaky = `
  const { password, url } = context().args as Record<string, string>;
  const token = oauthToken;
  for (const secret of [password, token]) {
    console.log("secret", secret, { nested: [secret] });
    console.error(new Error("with " + secret));
    console.debug(btoa(unescape(encodeURIComponent("xy" + secret + "z"))), encodeURIComponent(secret), JSON.stringify({ secret }));
    context().logger.warn(url.replace("//", "//user:" + encodeURIComponent(secret) + "@"));
    handler.addCollection("asset", { external_id: "1" + secret.length, name: secret, description: encodeURIComponent(secret) });
    handler.addCollection("asset", { external_id: 1, name: secret } as any);
    handler.addCollection("hostname", { _key: "h" + secret } as any);
  }
  console.log("Authorization: Bearer abcdefghijk");
  const answer = await fetch(url + "/echo?q=" + encodeURIComponent(password), { headers: { Authorization: "Basic " + btoa(unescape(encodeURIComponent("me:" + password))), "X-Token": token } });
  console.log(await answer.text());
`

// Nothing that a run writes has a secret in it: not the log at its most talkative, no error, no
// report, no page that is kept.
func TestNoSecretGetsOut(t *testing.T) {
	for _, test := range []struct {
		name, end string
		carStatus int
		code      int
	}{
		{"success", "", 0, 0},
		{"error", `throw new Error("could not log in with " + password + " and " + token);`, 0, 1},
		{"failure", `throw new DatasourceFailure(token, { hint: "try " + password, cause: new Error(token) });`, 0, 50},
		{
			"data source",
			`await new HttpClient({ baseURL: url, auth: basic("me", password), retries: 0 }).get("/fail", { query: { token } });`,
			0, 51,
		},
		{"CAR", "", http.StatusBadRequest, 10},
		{"thrown text", `throw password;`, 0, 1},
	} {
		for _, format := range []string{"text", "json"} {
			t.Run(test.name+"/"+format, func(t *testing.T) {
				t.Parallel()
				d := newDesk(t)
				d.leakyConnector(test.end)
				d.write("termination.log", "")
				d.env = append(d.env, "CARJS_TERMINATION_LOG="+filepath.Join(d.dir, "termination.log"))
				r := d.imports("small", append(d.leakyServices(test.carStatus), "-d", "-log-format", format, "-max-skipped", "off",
					"-keep-export-data-dir", "-export-data-dir", filepath.Join(d.dir, "kept"))...)
				if r.code != test.code {
					t.Errorf("exit code %d, want %d\n%s", r.code, test.code, r)
				}
				if d.read("termination.log") == "" {
					t.Error("the termination log is empty")
				}
				d.write("stdout.txt", r.stdout)
				d.write("stderr.txt", r.stderr)
				if kept := d.searchSecrets(); test.code == 0 && kept == 0 {
					t.Error("no page was kept")
				}
			})
		}
	}
}

func (d *desk) leakyConnector(end string) {
	d.small(leaky + end)
	path := filepath.Join(d.dir, "connectors", "small", "main.ts")
	text, err := os.ReadFile(path)
	if err != nil {
		d.Fatal(err)
	}
	login := `import { HttpClient, basic, oauth2 } from "carjs/http"; void basic;
let oauthToken = "";
async function body() {
  const args = context().args as Record<string, string>;
  const client = new HttpClient({ baseURL: args.url, auth: oauth2({ tokenURL: args.url + "/token", clientId: "me", clientSecret: args.password }) });
  oauthToken = (await client.get("/whoami") as any).token.slice(1, -1);
`
	d.write("connectors/small/main.ts", strings.Replace(string(text), "async function body() {\n", login, 1))
	d.write("connectors/small/configurations/config.json",
		`{"configuration":{"auth":{"type":"fields","url":{"type":"text"},"password":{"type":"password"}}}}`)
}

// leakyServices starts a data source that says everything back, and a CAR that does so when it
// fails, and returns the arguments. The passwords are mounted secrets.
func (d *desk) leakyServices(carStatus int) []string {
	d.Helper()
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/token":
			json.NewEncoder(w).Encode(map[string]any{"access_token": secrets["token"], "token_type": "bearer"}) //nolint:errcheck // a test
			return
		case "/whoami":
			json.NewEncoder(w).Encode(map[string]any{"token": "<" + secrets["token"] + ">"}) //nolint:errcheck // a test
			return
		case "/fail":
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		fmt.Fprintf(w, "%s %s\n%v", r.Method, r.URL, r.Header)
	}))
	d.Cleanup(source.Close)
	service, err := carserver.Open(carserver.Config{})
	if err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() { service.Close() })
	car := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, err := io.ReadAll(r.Body); err == nil {
			r.Body = io.NopCloser(bytes.NewReader(body))
			if carStatus != 0 && strings.HasSuffix(r.URL.Path, "/imports") && strings.Contains(string(body), `"asset"`) {
				http.Error(w, fmt.Sprintf("%s %v %s", r.URL, r.Header, body), carStatus)
				return
			}
		}
		service.Handler().ServeHTTP(w, r)
	}))
	d.Cleanup(car.Close)
	dir := d.mountSecrets()
	return []string{
		"-url", source.URL, "-source", "office", "-car-service-url", car.URL + "/api/car/v2", "-car-service-key", "key",
		"-secrets-dir", dir,
	}
}

// mountSecrets makes a folder of mounted secrets, apart from the desk, and returns it.
func (d *desk) mountSecrets() string {
	d.Helper()
	dir := d.TempDir()
	key := make([]byte, 32)
	rand.Read(key) //nolint:errcheck // never fails
	jwk, err := json.Marshal(jose.JSONWebKey{Key: key})
	if err != nil {
		d.Fatal(err)
	}
	mounted := &desk{TB: d.TB, dir: dir}
	mounted.write(".jwk/key.jwk", string(jwk))
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.A256KW, Key: key}, nil)
	if err != nil {
		d.Fatal(err)
	}
	for name, secret := range secrets {
		if name == "token" {
			continue
		}
		encrypted, err := encrypter.Encrypt([]byte(secret))
		if err != nil {
			d.Fatal(err)
		}
		compact, err := encrypted.CompactSerialize()
		if err != nil {
			d.Fatal(err)
		}
		mounted.write(name, compact)
	}
	return dir
}

// searchSecrets looks into every file below the desk for every secret in every form, and returns
// how many pages were kept.
func (d *desk) searchSecrets() (kept int) {
	d.Helper()
	forms := map[string]string{"a bearer token": "abcdefghijk"}
	for name, secret := range secrets {
		for form, text := range formsOf(secret) {
			forms[name+" "+form] = text
		}
	}
	err := filepath.WalkDir(d.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, ".ts") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.Contains(path, "kept") {
			kept++
		}
		for form, text := range forms {
			if at := bytes.Index(data, []byte(text)); at >= 0 {
				d.Errorf("%s in %s: …%s…", form, path, data[max(0, at-100):min(len(data), at+len(text)+50)])
			}
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	return kept
}

// formsOf are the forms in which a secret may show itself.
func formsOf(secret string) map[string]string {
	quoted, _ := json.Marshal(secret)
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.Encode(secret) //nolint:errcheck // a buffer
	forms := map[string]string{
		"as it is": secret, "in a query": url.QueryEscape(secret), "in a path": url.PathEscape(secret),
		"as a user":    url.UserPassword("u", secret).String()[2:],
		"in JSON":      strings.Trim(strings.TrimSpace(plain.String()), `"`),
		"in Go's JSON": strings.Trim(string(quoted), `"`),
	}
	// Inside a longer text: what of the base64 depends on the secret alone, for each of the three
	// places that it can begin at.
	for before := range 3 {
		for name, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
			text := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			begin := []int{0, 2, 3}[before]
			end := len(text) - []int{0, 2, 3}[(before+len(secret))%3]
			forms[fmt.Sprintf("%s at %d", name, before)] = text[begin:end]
		}
	}
	return forms
}
