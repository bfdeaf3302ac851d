package signing

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/scrypt"

	"carjs/host/failure"
)

// pkcs8 is a key in the clear.
func pkcs8(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// encrypted is a key as cosign generate-key-pair writes it.
func encrypted(t *testing.T, der []byte, password string, n int) []byte {
	t.Helper()
	var nonce [24]byte
	salt := make([]byte, 32)
	rand.Read(nonce[:]) //nolint:errcheck // it never fails
	rand.Read(salt)     //nolint:errcheck // as above
	derived, err := scrypt.Key([]byte(password), salt, n, 8, 1, 32)
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(map[string]any{
		"kdf":        map[string]any{"name": "scrypt", "params": map[string]int{"N": n, "r": 8, "p": 1}, "salt": salt},
		"cipher":     map[string]any{"name": "nacl/secretbox", "nonce": nonce[:]},
		"ciphertext": secretbox.Seal(nil, der, &nonce, (*[32]byte)(derived)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func pemFile(t *testing.T, blocks ...*pem.Block) string {
	t.Helper()
	var text []byte
	for _, b := range blocks {
		text = append(text, pem.EncodeToMemory(b)...)
	}
	path := filepath.Join(t.TempDir(), "cosign.key")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Whatever form a key has, what it signs is verified with the public half.
func TestSign(t *testing.T) {
	key := newKey(t, elliptic.P256())
	sec1, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	der := pkcs8(t, key)
	for name, file := range map[string]string{
		"PKCS 8":         pemFile(t, &pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		"SEC 1":          pemFile(t, &pem.Block{Type: "EC PARAMETERS", Bytes: []byte{6, 0}}, &pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}),
		"cosign":         pemFile(t, &pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY", Bytes: encrypted(t, der, "pass", 65536)}),
		"an older one's": pemFile(t, &pem.Block{Type: "ENCRYPTED COSIGN PRIVATE KEY", Bytes: encrypted(t, der, "pass", 32768)}),
	} {
		t.Run(name, func(t *testing.T) {
			read, err := ReadKey(file, "pass")
			if err != nil {
				t.Fatal(err)
			}
			text, err := read.Sign([]byte("a text"))
			if err != nil {
				t.Fatal(err)
			}
			signature, err := base64.StdEncoding.DecodeString(text)
			hash := sha256.Sum256([]byte("a text"))
			if err != nil || !ecdsa.VerifyASN1(&key.PublicKey, hash[:], signature) {
				t.Errorf("%q is no signature: %v", text, err)
			}
			if again, err := read.Sign([]byte("a text")); err != nil || again != text {
				t.Errorf("another signature of the same text: %v", err)
			}
		})
	}
}

func TestReadKeyFails(t *testing.T) {
	der := pkcs8(t, newKey(t, elliptic.P256()))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	box := encrypted(t, der, "pass", 1024)
	edited := func(old, text string) string {
		return pemFile(t, &pem.Block{Type: "ENCRYPTED SIGSTORE PRIVATE KEY", Bytes: []byte(strings.Replace(string(box), old, text, 1))})
	}
	for _, test := range []struct{ name, file, says string }{
		{"no file", filepath.Join(t.TempDir(), "none"), "cannot read the key"},
		{"no PEM", pemFile(t), "holds no private key in PEM form"},
		{"a public key", pemFile(t, &pem.Block{Type: "PUBLIC KEY", Bytes: der}), `holds a block "PUBLIC KEY"`},
		{"a damaged key", pemFile(t, &pem.Block{Type: "PRIVATE KEY", Bytes: der[:20]}), "the key is damaged"},
		{"a key that OpenSSL encrypted", pemFile(t, &pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: der}), "encrypted, but not by cosign"},
		{
			"one in its old form", pemFile(t, &pem.Block{Type: "EC PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED"}, Bytes: der}),
			"encrypted, but not by cosign",
		},
		{"RSA", pemFile(t, &pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8(t, rsaKey)}), "not for ECDSA on the curve P-256"},
		{
			"another curve", pemFile(t, &pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8(t, newKey(t, elliptic.P384()))}),
			"not for ECDSA on the curve P-256",
		},
		{"another password", edited("", ""), "the password does not decrypt it"},
		{"another derivation", edited("scrypt", "bcrypt"), `encrypted with "bcrypt"`},
		{"too much work", edited(`"N":1024`, `"N":1073741824`), "the encrypted key is damaged"},
		{"no power of two", edited(`"N":1024`, `"N":1000`), "the encrypted key is damaged"},
		{"no envelope", edited("{", "["), "the encrypted key is damaged"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ReadKey(test.file, "word")
			var f *failure.Failure
			if !errors.As(err, &f) || f.Code != failure.CodeInvalidParameter || f.Hint == "" || !strings.Contains(f.Message, test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}
