package settings

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/go-jose/go-jose/v4"

	"carjs/host/failure"
	"carjs/host/netpolicy"
)

// FuzzSecrets reads keys and encrypted secrets that are anything: what comes of them is a plaintext,
// or a failure that quotes neither.
func FuzzSecrets(f *testing.F) {
	m := newMount(f)
	for _, algorithm := range []jose.KeyAlgorithm{jose.A256KW, jose.DIRECT, jose.A256GCMKW} {
		m.algorithm = algorithm
		key, err := json.Marshal(jose.JSONWebKey{Key: m.key})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(key, []byte(m.encrypt("s3cret-text")))
	}
	header := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	key := []byte(`{"kty":"oct","k":"` + base64.RawURLEncoding.EncodeToString(make([]byte, 32)) + `"}`)
	f.Add(key, []byte(header(`{"alg":"dir","enc":"A256GCM","zip":"DEF"}`)+"..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA"))
	f.Add(key, []byte(header(`{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":2147483647,"p2s":"AAAA"}`)+".AAAA.AAAA.AAAA.AAAA"))
	f.Add([]byte(`{"kty":"EC","crv":"P-256","x":"AA","y":"AA","d":"AA"}`), []byte(header(`{"alg":"ECDH-ES","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}`)+"...."))
	f.Add([]byte(`{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}`), []byte("a.b.c.d.e"))
	f.Fuzz(func(t *testing.T, key, secret []byte) {
		parsed, err := parseKey("key", key)
		if err == nil {
			_, err = decrypt("secret", secret, parsed)
		}
		var wrong *failure.Failure
		if err != nil && (!errors.As(err, &wrong) || wrong.Code != failure.CodeInvalidParameter || wrong.Err != nil || len(err.Error()) > 200) {
			t.Errorf("%v", err)
		}
	})
}

// FuzzHosts declares hosts that are anything, and gives the settings in them any values: what comes
// of them is rules that can be read again, or a failure. A value cannot make a star of itself.
func FuzzHosts(f *testing.F) {
	for _, seed := range [][2]string{
		{"{url}", "https://user:p@api.example.com:8443/v1?x#y"}, {"*.{url}.example.com:443", "eu-1"}, {"{url}:{port}", "[2001:db8::1]"},
		{"10.0.0.0/8", ""}, {"{url}", "a,b;c d"}, {"{url}{url}", "*"}, {"{", "}"}, {"{url}", "10.0.0.0/0"}, {"{url}", "\x00://%2a"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, host, value string) {
		encoded, err := json.Marshal(host)
		if err != nil {
			t.Fatal(err)
		}
		declaration, err := ReadDeclaration(fstest.MapFS{ConfigFile: {Data: []byte(`{"connection": {"type": {"type": "connectorType", "hosts": [` + string(encoded) + `]}},
			"configuration": {"url": {"type": "text", "optional": true}, "port": {"type": "number", "default": 443}}}`)}})
		if err != nil {
			return
		}
		values, err := GatherTexts(declaration, map[string]string{"CONFIGURATION_URL": value})
		if err != nil {
			t.Fatal(err)
		}
		rules, err := values.Hosts()
		if wrong := (*failure.Failure)(nil); err != nil {
			if !errors.As(err, &wrong) || wrong.Code != failure.CodeInvalidParameter {
				t.Errorf("%q with %q: %v", host, value, err)
			}
			return
		}
		for _, rule := range rules {
			text := rule.String()
			if strings.Contains(text, "*") && !strings.Contains(host, "*") || strings.Contains(text, "/") && !strings.Contains(host, "/") {
				t.Errorf("%q with %q is %s", host, value, text)
			}
			if again, err := netpolicy.ParseRule(text); err != nil || again != rule {
				t.Errorf("%q with %q is %s, which is %v, %v", host, value, text, again, err)
			}
		}
	})
}
