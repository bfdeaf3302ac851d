package artifact

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carjs/host/bundle"
	"carjs/host/failure"
)

func newKey(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return public, private
}

// signed is a small signed artifact.
func signed(t testing.TB, key ed25519.PrivateKey) []byte {
	t.Helper()
	whole, err := Encode(&bundle.Bundle{Name: "demo", Entry: "src/main.ts", Code: "x()", Map: []byte(`{"version":3}`)}, demo, "1")
	if err != nil {
		t.Fatal(err)
	}
	data, err := Sign(whole, key)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refused reads and verifies data, and returns why it is refused; "" when it is not.
func refused(data []byte, keys ...ed25519.PublicKey) string {
	a, err := decode("file", data)
	if err == nil {
		err = a.Verify("file", keys)
	}
	if err == nil {
		return ""
	}
	return err.Error()
}

// A signature counts with the key that made it, also beside others, and is the same every time.
func TestSign(t *testing.T) {
	public, private := newKey(t)
	other, _ := newKey(t)
	data := signed(t, private)
	if !bytes.Equal(data, signed(t, private)) {
		t.Error("the same key signs the same artifact in another way")
	}
	if why := refused(data, other, public); why != "" {
		t.Error(why)
	}
	if why := refused(data, other); !strings.Contains(why, "is signed with another key") {
		t.Errorf("with another key: %q", why)
	}
	if why := refused(data); !strings.Contains(why, "is signed with another key") {
		t.Errorf("with no key: %q", why)
	}
	a, err := decode("file", data)
	if err != nil || !a.Signed() || a.Bundle().Code != "x()" {
		t.Errorf("read without a key: %v", err)
	}
	if _, err := Sign(data, private); err == nil {
		t.Error("signed twice")
	}
	whole := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	if why := refused(whole, public); !strings.Contains(why, "file is not signed") {
		t.Errorf("unsigned: %q", why)
	}
}

// No byte of a signed artifact can be another one, and nothing can be added, removed or moved.
func TestSignedIsWhole(t *testing.T) {
	public, private := newKey(t)
	data := signed(t, private)
	for i := range data {
		for _, bit := range []byte{0x01, 0x20, 0x80} {
			changed := bytes.Clone(data)
			changed[i] ^= bit
			if refused(changed, public) == "" {
				t.Errorf("byte %d of %d may be %#x instead of %#x", i, len(data), changed[i], data[i])
			}
		}
	}
	for i := range data {
		if refused(data[:i], public) == "" {
			t.Errorf("the first %d of %d bytes are enough", i, len(data))
		}
	}
	body, comment := split(data)
	unsigned := bytes.Clone(body)
	unsigned[len(unsigned)-2], unsigned[len(unsigned)-1] = 0, 0
	moved := repack(t, unsigned, func(names []string, _ map[string][]byte) []string {
		names[1], names[2] = names[2], names[1]
		return names
	})
	twice := repack(t, unsigned, func(names []string, _ map[string][]byte) []string { return append(names, names[1]) })
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, changed := range map[string][]byte{
		"the signature removed":          unsigned,
		"something before":               join([]byte("x"), data),
		"something after":                join(data, []byte("x")),
		"a zip before":                   join(unsigned, data),
		"a zip after":                    join(data, unsigned),
		"the signature twice":            join(data, comment),
		"the signature of another order": join(moved[:len(moved)-2], body[len(body)-2:], comment),
		"an entry twice":                 join(twice[:len(twice)-2], body[len(body)-2:], comment),
		"something between":              join(body[:len(body)-endLength], []byte("x"), body[len(body)-endLength:], comment),
	} {
		if refused(changed, public) == "" {
			t.Error(name)
		}
	}
}

func writePEM(t *testing.T, blocks ...*pem.Block) string {
	t.Helper()
	var text []byte
	for _, b := range blocks {
		text = append(text, pem.EncodeToMemory(b)...)
	}
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestReadKeys(t *testing.T) {
	public, private := newKey(t)
	second, _ := newKey(t)
	spki := func(key any) *pem.Block {
		der, err := x509.MarshalPKIXPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return &pem.Block{Type: "PUBLIC KEY", Bytes: der}
	}
	pkcs8 := func(key any) *pem.Block {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	}
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if key, err := ReadPrivateKey(writePEM(t, pkcs8(private))); err != nil || !key.Equal(private) {
		t.Error(err)
	}
	if keys, err := ReadPublicKeys(writePEM(t, spki(second), spki(public))); err != nil || len(keys) != 2 || !keys[1].Equal(public) {
		t.Error(err)
	}
	privately := func(file string) error { _, err := ReadPrivateKey(file); return err }
	publicly := func(file string) error { _, err := ReadPublicKeys(file); return err }
	for _, test := range []struct {
		name string
		read func(string) error
		file string
		says string
	}{
		{"no file", privately, filepath.Join(t.TempDir(), "none"), "cannot read the private key"},
		{"a folder", publicly, t.TempDir(), "is not the file of a key"},
		{"nothing", privately, writePEM(t), "holds no private key in PEM form"},
		{"nothing public", publicly, writePEM(t), "holds no public key in PEM form"},
		{"two keys", privately, writePEM(t, pkcs8(private), pkcs8(private)), "holds 2 blocks"},
		{"an encrypted key", privately, writePEM(t, &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}), "the key is encrypted"},
		{"the public half", privately, writePEM(t, spki(public)), `holds a block "PUBLIC KEY"`},
		{"the private half", publicly, writePEM(t, pkcs8(private)), `holds a block "PRIVATE KEY"`},
		{"another kind", privately, writePEM(t, pkcs8(p256)), "not for Ed25519"},
		{"another public kind", publicly, writePEM(t, spki(public), spki(&p256.PublicKey)), "not for Ed25519"},
		{"a damaged key", privately, writePEM(t, &pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}), "the key is damaged"},
		{"a damaged public key", publicly, writePEM(t, &pem.Block{Type: "PUBLIC KEY", Bytes: []byte("x")}), "the key is damaged"},
	} {
		err := test.read(test.file)
		if f := failure.From(err); err == nil || f.Code != failure.CodeInvalidParameter || f.Hint == "" || !strings.Contains(f.Message, test.says) {
			t.Errorf("%s: %v, want %q", test.name, err, test.says)
		}
	}
}

// The manifest says what a connector is, needs and asks for, to whoever looks before running it.
func TestManifestDeclares(t *testing.T) {
	var m Manifest
	if err := m.declare([]byte(`{"connection": {"type": {"type": "connectorType", "version": "1.4.0", "hosts": ["{url}"]}},
		"configuration": {"auth": {"type": "fields", "url": {"type": "text"}, "pin": {"type": "password", "optional": true}}}}`)); err != nil {
		t.Fatal(err)
	}
	if m.Version != "1.4.0" || !slices.Equal(m.Hosts, []string{"{url}"}) || len(m.Settings) != 2 ||
		m.Settings[0] != (Setting{"CONFIGURATION_AUTH_URL", "text", true}) ||
		m.Settings[1] != (Setting{"CONFIGURATION_AUTH_PIN", "password", false}) {
		t.Errorf("%+v", m)
	}
	data := encode(t, bundle.Source{FS: demo, Name: "demo"}, demo)
	a, err := decode("file", data)
	if err != nil || a.Digest != digestOf(a.Parts) {
		t.Fatalf("digest %q, %v", a.Digest, err)
	}
	other := repack(t, data, func(names []string, parts map[string][]byte) []string {
		parts[manifestPart] = bytes.Replace(parts[manifestPart], []byte(a.Digest), []byte("sha256:"+strings.Repeat("0", 64)), 1)
		return names
	})
	if why := refused(other); !strings.Contains(why, "carjs.json has a wrong digest") {
		t.Errorf("another digest: %q", why)
	}
}
