// Package pemkey reads keys in PEM form as connectors have them from their settings: the one place
// for carjs/crypto, the logins of carjs/http and Node's crypto. What a key is good for is decided by
// who reads it, and so is what a failure says besides [Problem].
package pemkey

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// Problem is what is wrong with a key, to go on from "this is" or "it is". It tells nothing of the
// inside of the key; "" is no problem.
type Problem string

// NotPEM is the problem of a text that is none in PEM form.
const NotPEM Problem = "not PEM text, which begins with -----BEGIN"

// forms are the PEM blocks that hold a key, and how to read each.
var forms = []struct {
	block string
	parse func([]byte) (any, error)
}{
	{"PRIVATE KEY", x509.ParsePKCS8PrivateKey},
	{"RSA PRIVATE KEY", func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) }},
	{"EC PRIVATE KEY", func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) }},
	{"PUBLIC KEY", x509.ParsePKIXPublicKey},
	{"RSA PUBLIC KEY", func(der []byte) (any, error) { return x509.ParsePKCS1PublicKey(der) }},
	{"CERTIFICATE", func(der []byte) (any, error) {
		certificate, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		return certificate.PublicKey, nil
	}},
}

// Unescaped is a text in PEM form whose line breaks may be written as \n, as happens where it is
// pasted into JSON or a variable.
func Unescaped(text string) []byte {
	if !strings.Contains(text, "\n") {
		text = strings.NewReplacer(`\r`, "", `\n`, "\n").Replace(text)
	}
	return []byte(strings.TrimSpace(text) + "\n")
}

// Parse returns the first key of a text in PEM form: a [crypto.Signer] or, of a public key or a
// certificate, its public key.
func Parse(text []byte) (key any, problem Problem) {
	if len(text) == 0 {
		return nil, "empty"
	}
	block, rest := pem.Decode(text)
	if block == nil {
		block, rest = pem.Decode(Unescaped(string(text)))
	}
	if block == nil {
		return nil, NotPEM
	}
	for ; block != nil; block, rest = pem.Decode(rest) {
		if key, problem = parseBlock(block); key != nil || problem != "" {
			return key, problem
		}
	}
	return nil, "PEM text without a key"
}

// Public is the public part of a key that [Parse] returned, and its private part, nil for a public
// key.
func Public(key any) (public crypto.PublicKey, private crypto.Signer) {
	if private, ok := key.(crypto.Signer); ok {
		return private.Public(), private
	}
	return key, nil
}

// parseBlock reads one block. Neither a key nor a problem is a block that is something else: EC
// keys come with one before them.
func parseBlock(block *pem.Block) (key any, problem Problem) {
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return nil, "protected by a password: remove it with openssl pkey -in protected.pem -out plain.pem"
	case block.Type == "OPENSSH PRIVATE KEY":
		return nil, "in OpenSSH format: convert it with ssh-keygen -p -m PKCS8 -f key"
	}
	for _, form := range forms {
		if form.block != block.Type {
			continue
		}
		key, err := form.parse(block.Bytes)
		if err != nil {
			return nil, "damaged, or an unsupported kind of key"
		}
		return key, ""
	}
	return nil, ""
}
