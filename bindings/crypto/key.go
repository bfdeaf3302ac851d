package crypto

import (
	"crypto"

	"carjs/bindings/args"
	"carjs/bindings/internal/pemkey"
)

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
	key, wrong := pemkey.Parse(text)
	if wrong != "" {
		return nil, nil, "this is " + string(wrong)
	}
	if public, private = pemkey.Public(key); kind(public) == "" {
		return nil, nil, "this key cannot sign"
	}
	return private, public, ""
}
