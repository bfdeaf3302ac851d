package crypto

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"

	"carjs/bindings/args"
)

// forms are the PEM blocks that hold a key, and how to read each. One that reads to a
// [crypto.Signer] is private.
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

// What the two kinds of keys look like, for hints.
const (
	privateForm = "a private key is PEM text: -----BEGIN PRIVATE KEY----- (PKCS#8), " +
		"-----BEGIN RSA PRIVATE KEY----- (PKCS#1) or -----BEGIN EC PRIVATE KEY-----"
	publicForm = "a public key is PEM text: -----BEGIN PUBLIC KEY-----, -----BEGIN RSA PUBLIC KEY----- or -----BEGIN CERTIFICATE-----"
)

// privateKey reads the key to sign with.
func privateKey(c *args.Call, a algorithm, text []byte) crypto.Signer {
	private, public, problem := parseKey(text)
	switch {
	case problem != "":
	case private == nil:
		problem = "this is a public key or a certificate"
	case kind(public) != a.needs():
		problem = "this is " + kind(public)
	default:
		return private
	}
	c.BadSetting(privateForm, "the key is unusable: %s signs with %s, private, in PEM form; %s", a.name, a.needs(), problem)
	return nil
}

// publicKey reads the key to verify with, which may be the public part of a private one.
func publicKey(c *args.Call, a algorithm, text []byte) crypto.PublicKey {
	_, public, problem := parseKey(text)
	switch {
	case problem != "":
	case kind(public) != a.needs():
		problem = "this is " + kind(public)
	default:
		return public
	}
	c.BadSetting(publicForm, "the key is unusable: %s verifies with %s, public, in PEM form; %s", a.name, a.needs(), problem)
	return nil
}

// parseKey returns the first key of a PEM text, or says what is wrong with it. private is nil for a
// public key.
func parseKey(text []byte) (private crypto.Signer, public crypto.PublicKey, problem string) {
	if len(text) == 0 {
		return nil, nil, "this is empty"
	}
	block, rest := pem.Decode(text)
	if block == nil {
		// A key out of an environment variable, or cut out of a JSON file, often has its line ends
		// spelt out.
		block, rest = pem.Decode([]byte(strings.ReplaceAll(string(text), `\n`, "\n")))
	}
	if block == nil {
		return nil, nil, "this is not PEM text, which begins with -----BEGIN"
	}
	for ; block != nil; block, rest = pem.Decode(rest) {
		key, problem := parseBlock(block)
		if problem != "" {
			return nil, nil, problem
		}
		if key != nil {
			private, _ = key.(crypto.Signer)
			if public = key; private != nil {
				public = private.Public()
			}
			if kind(public) == "" {
				return nil, nil, "this key cannot sign"
			}
			return private, public, ""
		}
	}
	return nil, nil, "this is PEM text without a key"
}

// parseBlock reads one block. Neither a key nor a problem is a block that is something else: EC
// keys come with one before them. What the parsers say of a key that they do not take stays here,
// because it is about the inside of the key.
func parseBlock(block *pem.Block) (key any, problem string) {
	switch {
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return nil, "this is protected by a password: remove it with openssl pkey -in protected.pem -out plain.pem"
	case block.Type == "OPENSSH PRIVATE KEY":
		return nil, "this is in OpenSSH format: convert it with ssh-keygen -p -m PKCS8 -f key"
	}
	for _, form := range forms {
		if form.block != block.Type {
			continue
		}
		key, err := form.parse(block.Bytes)
		if err != nil {
			return nil, "this is damaged, or an unsupported kind of key"
		}
		return key, ""
	}
	return nil, ""
}
