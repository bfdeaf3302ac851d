package settings

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
)

// mount is a folder of mounted secrets.
type mount struct {
	t         testing.TB
	dir       string
	algorithm jose.KeyAlgorithm
	content   jose.ContentEncryption
	key       any
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// newMount makes a folder with a symmetric key, the fastest to make.
func newMount(t testing.TB) *mount {
	m := &mount{t: t, dir: t.TempDir(), algorithm: jose.A256KW, content: jose.A256GCM, key: random(32)}
	m.writeKey(m.key)
	return m
}

func (m *mount) writeKey(key any) {
	m.t.Helper()
	data, err := json.Marshal(jose.JSONWebKey{Key: key, KeyID: "k1"})
	if err != nil {
		m.t.Fatal(err)
	}
	m.write(keyFile, string(data))
}

func (m *mount) write(name, text string) {
	m.t.Helper()
	path := filepath.Join(m.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *mount) encrypt(text string) string {
	m.t.Helper()
	key := m.key
	switch private := key.(type) {
	case *rsa.PrivateKey:
		key = &private.PublicKey
	case *ecdsa.PrivateKey:
		key = &private.PublicKey
	}
	encrypter, err := jose.NewEncrypter(m.content, jose.Recipient{Algorithm: m.algorithm, Key: key}, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	token, err := encrypter.Encrypt([]byte(text))
	if err != nil {
		m.t.Fatal(err)
	}
	compact, err := token.CompactSerialize()
	if err != nil {
		m.t.Fatal(err)
	}
	return compact
}

func (m *mount) add(name, text string) { m.write(name, m.encrypt(text)) }

func TestSecretsOfEveryAlgorithm(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		algorithm jose.KeyAlgorithm
		content   jose.ContentEncryption
		key       any
	}{
		{jose.RSA_OAEP, jose.A256CBC_HS512, rsaKey}, {jose.RSA_OAEP_256, jose.A256GCM, rsaKey},
		{jose.DIRECT, jose.A256GCM, random(32)}, {jose.DIRECT, jose.A128CBC_HS256, random(32)},
		{jose.A128KW, jose.A128GCM, random(16)}, {jose.A192KW, jose.A192GCM, random(24)}, {jose.A256KW, jose.A192CBC_HS384, random(32)},
		{jose.A128GCMKW, jose.A128GCM, random(16)}, {jose.A192GCMKW, jose.A128GCM, random(24)}, {jose.A256GCMKW, jose.A256GCM, random(32)},
		{jose.ECDH_ES, jose.A256GCM, ecKey}, {jose.ECDH_ES_A128KW, jose.A256GCM, ecKey},
		{jose.ECDH_ES_A192KW, jose.A256GCM, ecKey}, {jose.ECDH_ES_A256KW, jose.A256GCM, ecKey},
	}
	for _, test := range tests {
		m := &mount{t: t, dir: t.TempDir(), algorithm: test.algorithm, content: test.content, key: test.key}
		m.writeKey(test.key)
		m.add("A_SECRET", "hunter2 größe\n")
		got, mounted, err := readSecrets(m.dir)
		if err != nil || !mounted || got["A_SECRET"] != "hunter2 größe\n" {
			t.Errorf("%s, %s: %q, %v, %v", test.algorithm, test.content, got, mounted, err)
		}
	}
}

// TestKubernetesMount has the layout in which Kubernetes mounts secrets: names are links into a
// folder that is a link itself.
func TestKubernetesMount(t *testing.T) {
	m := newMount(t)
	m.add("..2026_01_02/CONNECTION_HOST", "a.example")
	m.add("..2026_01_02/CAR_SERVICE_KEY", "key")
	m.write("..2026_01_02/ignored/FILE", "no secret")
	links := map[string]string{"..data": "..2026_01_02", "CONNECTION_HOST": "..data/CONNECTION_HOST",
		"CAR_SERVICE_KEY": "..data/CAR_SERVICE_KEY", "ignored": "..data/ignored"}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(m.dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.write(".hidden", "no secret")
	m.write("CONNECTION_REGION", m.encrypt("north")+"\n")
	got, mounted, err := readSecrets(m.dir)
	want := map[string]string{"CONNECTION_HOST": "a.example", "CAR_SERVICE_KEY": "key", "CONNECTION_REGION": "north"}
	if diff := cmp.Diff(want, got); diff != "" || !mounted || err != nil {
		t.Errorf("%v, %v (-want +got):\n%s", mounted, err, diff)
	}
}

func TestNoSecretsMounted(t *testing.T) {
	empty := t.TempDir()
	for name, dir := range map[string]string{"no folder": filepath.Join(empty, "none"), "no name": "", "empty": empty} {
		if got, mounted, err := readSecrets(dir); len(got) > 0 || mounted || err != nil {
			t.Errorf("%s: %v, %v, %v", name, got, mounted, err)
		}
	}
	if _, mounted, err := readSecrets(newMount(t).dir); !mounted || err != nil {
		t.Errorf("a key alone: mounted %v, %v", mounted, err)
	}
}

const hidden = "hunter2-do-not-show"

func TestSecretsThatCannotBeRead(t *testing.T) {
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name    string
		prepare func(m *mount)
		file    string // that the failure names
	}{
		{"no key", func(m *mount) {
			m.add("NAME", hidden)
			if err := os.RemoveAll(filepath.Join(m.dir, ".jwk")); err != nil {
				m.t.Fatal(err)
			}
		}, keyFile},
		{"plain text", func(m *mount) { m.write("NAME", hidden) }, "NAME"},
		{"empty", func(m *mount) { m.write("NAME", "") }, "NAME"},
		{"another key", func(m *mount) { m.add("NAME", hidden); m.writeKey(random(32)) }, "NAME"},
		{"another kind of key", func(m *mount) { m.add("NAME", hidden); m.writeKey(ecKey) }, "NAME"},
		{"cut off", func(m *mount) { m.write("NAME", m.encrypt(hidden)[:80]) }, "NAME"},
		{"tampered with", func(m *mount) {
			m.write("NAME", strings.TrimRight(m.encrypt(hidden), "=")[:100]+"AAAA")
		}, "NAME"},
		{"algorithm that is not allowed", func(m *mount) {
			m.key, m.algorithm = rsaKey, jose.RSA1_5
			m.writeKey(rsaKey)
			m.add("NAME", hidden)
		}, "NAME"},
		{"key no JSON", func(m *mount) { m.add("NAME", hidden); m.write(keyFile, hidden) }, keyFile},
		{"key no JWK", func(m *mount) { m.add("NAME", hidden); m.write(keyFile, `{"kty":"`+hidden+`"}`) }, keyFile},
		{"public key", func(m *mount) { m.add("NAME", hidden); m.writeKey(&ecKey.PublicKey) }, keyFile},
		{"key a folder", func(m *mount) {
			m.add("NAME", hidden)
			if err := os.Remove(filepath.Join(m.dir, keyFile)); err != nil {
				m.t.Fatal(err)
			}
			m.write(keyFile+"/x", "")
		}, keyFile},
		{"dangling link", func(m *mount) {
			if err := os.Symlink("nowhere", filepath.Join(m.dir, "NAME")); err != nil {
				m.t.Fatal(err)
			}
		}, "NAME"},
		{"key that is empty", func(m *mount) { m.add("NAME", hidden); m.write(keyFile, `{"kty":"oct","k":""}`) }, keyFile},
		{"key too large", func(m *mount) { m.add("NAME", hidden); m.write(keyFile, strings.Repeat(" ", maxSecretSize)+"{}") }, keyFile},
		{"too large", func(m *mount) { m.write("NAME", strings.Repeat(hidden, maxSecretSize/len(hidden)+1)) }, "NAME"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMount(t)
			test.prepare(m)
			_, err := Gather(Input{Table: RunTable(), LookupEnv: env(map[string]string{"CARJS_SECRETS_DIR": m.dir})})
			var f *failure.Failure
			if !errors.As(err, &f) || f.Kind != failure.InvalidParameter || f.Code != 2 {
				t.Fatalf("no failure: %v", err)
			}
			if !strings.Contains(f.Message, filepath.Join(m.dir, test.file)) {
				t.Errorf("%q does not name %s", f.Message, test.file)
			}
			for cause := error(f); cause != nil; cause = errors.Unwrap(cause) {
				if shown := fmt.Sprintf("%v %+v %#v", cause, cause, cause); strings.Contains(shown, hidden) {
					t.Errorf("the content is in %s", shown)
				}
			}
		})
	}
	t.Run("folder a file", func(t *testing.T) {
		m := newMount(t)
		m.write("file", hidden)
		if _, _, err := readSecrets(filepath.Join(m.dir, "file")); err == nil || strings.Contains(err.Error(), hidden) {
			t.Errorf("%v", err)
		}
	})
}

func env(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		text, ok := vars[name]
		return text, ok
	}
}

// A file may have the largest size, and no byte more.
func TestReadLimited(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for size, fits := range map[int]bool{0: true, 4 << 20: true, 4<<20 + 1: false, 5 << 20: false} {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		if data, err := readLimited(path); fits != (err == nil) || fits && len(data) != size {
			t.Errorf("%d bytes: %d, %v", size, len(data), err)
		}
	}
	if _, err := readLimited(t.TempDir()); err == nil {
		t.Error("a folder can be read")
	}
	// Folders are left out, and one that takes the place of a secret meanwhile is not taken for one.
	if text, err := decryptFile(t.TempDir(), &jose.JSONWebKey{Key: random(32)}); err == nil || !strings.Contains(err.Error(), "cannot read the secret") {
		t.Errorf("a folder: %q, %v", text, err)
	}
	if _, err := readKey(t.TempDir()); err == nil || !strings.Contains(err.Error(), "cannot read the key") {
		t.Errorf("a folder for a key: %v", err)
	}
	for _, c := range []struct {
		key  any
		want bool
	}{{[]byte{}, false}, {[]byte{1}, true}, {"x", false}, {nil, false}} {
		if decrypts(c.key) != c.want {
			t.Errorf("%v", c.key)
		}
	}
}
