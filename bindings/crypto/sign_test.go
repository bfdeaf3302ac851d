package crypto

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
	"carjs/host/failure"

	"github.com/go-jose/go-jose/v4"
)

// keys are PEM texts by name, and the public keys to check against.
type keys struct {
	text   map[string]string
	public map[string]crypto.PublicKey
}

func makeKeys(t *testing.T) keys {
	t.Helper()
	k := keys{map[string]string{}, map[string]crypto.PublicKey{}}
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	p256 := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signers := map[string]crypto.Signer{
		"rsa": rsaKey, "p256": p256, "ed": ed,
		"p384": must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)),
		"p521": must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)),
	}
	for name, key := range signers {
		k.public[name] = key.Public()
		k.text[name] = block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key)))
		k.text[name+" public"] = block("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key.Public())))
	}
	k.text["rsa pkcs1"] = block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey))
	k.text["rsa public pkcs1"] = block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey))
	k.text["rsa one line"] = strings.ReplaceAll(k.text["rsa"], "\n", `\n`)
	k.text["rsa certificate"] = block("CERTIFICATE", must(x509.CreateCertificate(rand.Reader,
		&x509.Certificate{SerialNumber: big.NewInt(1)}, &x509.Certificate{SerialNumber: big.NewInt(1)}, rsaKey.Public(), rsaKey)))
	// As openssl ecparam -genkey writes it: the parameters first.
	k.text["p256 sec1"] = block("EC PARAMETERS", []byte{6, 8, 42, 134, 72, 206, 61, 3, 1, 7}) +
		block("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(p256)))
	k.text["x25519"] = block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(must(ecdh.X25519().GenerateKey(rand.Reader)))))
	k.text["protected"] = block("ENCRYPTED PRIVATE KEY", []byte("secret"))
	k.text["openssh"] = block("OPENSSH PRIVATE KEY", []byte("secret"))
	k.text["damaged"] = block("PRIVATE KEY", []byte("secret"))
	k.text["parameters"] = block("EC PARAMETERS", []byte("secret"))
	k.text["short"] = block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(shortKey()))
	return k
}

// shortKey is an RSA key of 512 bits, which the standard library does not make.
func shortKey() *rsa.PrivateKey {
	e := big.NewInt(65537)
	for {
		p, q := must(rand.Prime(rand.Reader, 256)), must(rand.Prime(rand.Reader, 256))
		one := big.NewInt(1)
		phi := new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		if d := new(big.Int).ModInverse(e, phi); d != nil && p.Cmp(q) != 0 {
			return &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).Mul(p, q), E: 65537}, D: d, Primes: []*big.Int{p, q}}
		}
	}
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var signing = []struct{ algorithm, key string }{
	{"RS256", "rsa"}, {"RS384", "rsa"}, {"RS512", "rsa"}, {"PS256", "rsa"}, {"PS384", "rsa"}, {"PS512", "rsa"},
	{"ES256", "p256"}, {"ES384", "p384"}, {"ES512", "p521"}, {"EdDSA", "ed"},
	{"RS256", "rsa pkcs1"}, {"RS256", "rsa one line"}, {"ES256", "p256 sec1"},
}

// What is signed here is verified by another implementation.
func TestJWT(t *testing.T) {
	k := makeKeys(t)
	s := argstest.New(t, Module())
	s.Set("keys", k.text)
	for _, test := range signing {
		t.Run(test.algorithm+" "+test.key, func(t *testing.T) {
			token, err := s.Eval(`crypto.jwt({ algorithm: "` + test.algorithm + `", key: keys["` + test.key + `"], header: { kid: "7", none: undefined },
				claims: { iss: "ü", exp: 1700000000, ["__proto__"]: "own", nested: { z: 1, a: [true, null] } } })`)
			if err != nil {
				t.Fatal(err)
			}
			jws, err := jose.ParseSignedCompact(strings.Trim(token, `"`), []jose.SignatureAlgorithm{jose.SignatureAlgorithm(test.algorithm)})
			if err != nil {
				t.Fatal(err)
			}
			name, _, _ := strings.Cut(test.key, " ")
			payload, err := jws.Verify(k.public[name])
			if want := `{"iss":"ü","exp":1700000000,"__proto__":"own","nested":{"z":1,"a":[true,null]}}`; err != nil || string(payload) != want {
				t.Errorf("claims: %s, %v", payload, err)
			}
			head := jws.Signatures[0].Header
			if head.KeyID != "7" || head.ExtraHeaders["typ"] != "JWT" {
				t.Errorf("header: %+v", head)
			}
		})
	}
	// The token that every tool shows as its example.
	s.Equal(`crypto.jwt({ algorithm: "HS256", key: "your-256-bit-secret", claims: { sub: "1234567890", name: "John Doe", iat: 1516239022 } })`,
		`"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"`)
	for expression, want := range map[string]string{
		`crypto.jwt()`:                                            "TypeError: jwt: its argument must be an object, not undefined",
		`crypto.jwt({ algoritm: "HS256" })`:                       `TypeError: jwt: unknown option "algoritm", did you mean "algorithm"?`,
		`crypto.jwt({})`:                                          "TypeError: jwt: the option algorithm must be a text, not undefined",
		`crypto.jwt({ algorithm: "none" })`:                       `TypeError: jwt: unknown algorithm "none": the algorithms are HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA`,
		`crypto.jwt({ algorithm: "HS256", key: "k" })`:            "TypeError: jwt: the option claims must be an object, not undefined",
		`crypto.jwt({ algorithm: "HS256", claims: {} })`:          "TypeError: jwt: the option key must be a text or bytes (ArrayBuffer, typed array), not undefined",
		`crypto.jwt({ algorithm: "HS256", claims: {}, key: "" })`: "Error: jwt: the key is empty",
		`crypto.jwt({ algorithm: "HS256", claims: {}, key: "k", header: { alg: "RS256" } })`:                          "TypeError: jwt: the header names another algorithm than the option algorithm, HS256",
		`crypto.jwt({ algorithm: "HS256", claims: { toJSON: () => 5 }, key: "k" })`:                                   "TypeError: jwt: the option claims must be an object in JSON too",
		`(() => { const claims = {}; claims.self = claims; crypto.jwt({ algorithm: "HS256", claims, key: "k" }) })()`: "TypeError: jwt: the option claims.self contains itself",
	} {
		s.Throws(expression, want)
	}
}

func TestSign(t *testing.T) {
	k := makeKeys(t)
	s := argstest.New(t, Module())
	s.Set("keys", k.text)
	for _, test := range signing {
		name, _, _ := strings.Cut(test.key, " ")
		for _, encoding := range []string{"hex", "base64", "base64url", "bytes"} {
			call := `"` + test.algorithm + `", keys["` + name + ` public"], `
			signed := `crypto.sign("` + test.algorithm + `", keys["` + test.key + `"], "data", "` + encoding + `")`
			s.Equal(`crypto.verify(`+call+`"data", `+signed+`, "`+encoding+`")`, "true")
			s.Equal(`crypto.verify(`+call+`"date", `+signed+`, "`+encoding+`")`, "false")
		}
		s.Equal(`crypto.verify("`+test.algorithm+`", keys["`+test.key+`"], "data", crypto.sign("`+test.algorithm+`", keys["`+test.key+`"], "data"))`, "true")
		s.Equal(`crypto.verify("`+test.algorithm+`", keys["`+name+`"], "data", "no hex")`, "false")
		s.Equal(`crypto.verify("`+test.algorithm+`", keys["`+name+`"], "data", "00")`, "false")
	}
	for _, key := range []string{"rsa certificate", "rsa public pkcs1"} {
		s.Equal(`crypto.verify("RS256", keys["`+key+`"], "data", crypto.sign("RS256", keys.rsa, "data"))`, "true")
	}
	s.Throws(`crypto.verify("RS256", keys.rsa, "data", "00", "bytes")`,
		"TypeError: verify: the signature must be bytes (ArrayBuffer, typed array), not a text")
	s.Throws(`crypto.sign("HS256", "k", "data")`,
		`TypeError: sign: unknown algorithm "HS256": the algorithms are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA`)
}

// RFC 8037, appendix A.
func TestEd25519Vector(t *testing.T) {
	seed := must(base64.RawURLEncoding.DecodeString("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"))
	s := argstest.New(t, Module())
	s.Set("key", block("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(ed25519.NewKeyFromSeed(seed)))))
	s.Equal(`crypto.sign("EdDSA", key, "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc", "base64url")`,
		`"hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"`)
}

func TestBadKeys(t *testing.T) {
	k := makeKeys(t)
	s := argstest.New(t, Module())
	s.Set("keys", k.text)
	rs256 := "the key is unusable: RS256 signs with an RSA key, private, in PEM form; this is "
	for expression, want := range map[string]string{
		`crypto.sign("RS256", "", "data")`:                         rs256 + "empty",
		`crypto.sign("RS256", "hunter2", "data")`:                  rs256 + "not PEM text, which begins with -----BEGIN",
		`crypto.sign("RS256", keys.rsa.slice(0, 300), "data")`:     rs256 + "not PEM text, which begins with -----BEGIN",
		`crypto.sign("RS256", keys["rsa public"], "data")`:         rs256 + "a public key or a certificate",
		`crypto.sign("RS256", keys["rsa certificate"], "data")`:    rs256 + "a public key or a certificate",
		`crypto.sign("RS256", keys.p256, "data")`:                  rs256 + "an EC key on P-256",
		`crypto.sign("RS256", keys.x25519, "data")`:                strings.TrimSuffix(rs256, "is ") + "key cannot sign",
		`crypto.sign("RS256", keys.damaged, "data")`:               rs256 + "damaged, or an unsupported kind of key",
		`crypto.sign("RS256", keys.parameters, "data")`:            rs256 + "PEM text without a key",
		`crypto.sign("RS256", keys.protected, "data")`:             rs256 + "protected by a password: remove it with openssl pkey -in protected.pem -out plain.pem",
		`crypto.sign("RS256", keys.openssh, "data")`:               rs256 + "in OpenSSH format: convert it with ssh-keygen -p -m PKCS8 -f key",
		`crypto.sign("RS256", keys.short, "data")`:                 "the key cannot sign with RS256: it is too short",
		`crypto.sign("ES256", keys.p384, "data")`:                  "the key is unusable: ES256 signs with an EC key on P-256, private, in PEM form; this is an EC key on P-384",
		`crypto.sign("EdDSA", keys.rsa, "data")`:                   "the key is unusable: EdDSA signs with an Ed25519 key, private, in PEM form; this is an RSA key",
		`crypto.verify("ES256", keys["rsa public"], "data", "00")`: "the key is unusable: ES256 verifies with an EC key on P-256, public, in PEM form; this is an RSA key",
		`crypto.verify("ES256", "hunter2", "data", "00")`:          "the key is unusable: ES256 verifies with an EC key on P-256, public, in PEM form; this is not PEM text, which begins with -----BEGIN",
	} {
		name, _, _ := strings.Cut(strings.TrimPrefix(expression, "crypto."), "(")
		f := s.Throws(expression, "Error: "+name+": "+want)
		if f == nil || f.Fault != failure.FaultSettings || f.Hint == "" {
			t.Errorf("%s: %+v", expression, f)
		}
	}
	f := s.Throws(`crypto.jwt({ algorithm: "RS256", key: "hunter2", claims: {} })`,
		"Error: jwt: "+rs256+"not PEM text, which begins with -----BEGIN")
	if f == nil || strings.Contains(f.Message+f.Hint+f.Detail, "hunter2") || f.Err != nil {
		t.Errorf("a failure that shows the key: %+v", f)
	}
}
