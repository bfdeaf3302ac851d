package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"

	"carjs/bindings/args"
)

// family is what keys and signatures of several algorithms have in common.
type family string

const (
	secretKey family = "secret" // HMAC
	rsaPKCS1  family = "RSA"
	rsaPSS    family = "RSA-PSS"
	ecKey     family = "EC"
	edKey     family = "Ed25519"
)

// algorithm is a row of RFC 7518, section 3.1, or RFC 8037.
type algorithm struct {
	name   string
	family family
	hash   crypto.Hash
	// curve is the one that the algorithm fixes, size the bytes of each half of its signatures.
	curve string
	size  int
}

// algorithms are those of sign, verify and jwt; the secret ones of jwt alone, because hmac is there
// for other data.
var algorithms = []algorithm{
	{name: "HS256", family: secretKey, hash: crypto.SHA256},
	{name: "HS384", family: secretKey, hash: crypto.SHA384},
	{name: "HS512", family: secretKey, hash: crypto.SHA512},
	{name: "RS256", family: rsaPKCS1, hash: crypto.SHA256},
	{name: "RS384", family: rsaPKCS1, hash: crypto.SHA384},
	{name: "RS512", family: rsaPKCS1, hash: crypto.SHA512},
	{name: "PS256", family: rsaPSS, hash: crypto.SHA256},
	{name: "PS384", family: rsaPSS, hash: crypto.SHA384},
	{name: "PS512", family: rsaPSS, hash: crypto.SHA512},
	{name: "ES256", family: ecKey, hash: crypto.SHA256, curve: "P-256", size: 32},
	{name: "ES384", family: ecKey, hash: crypto.SHA384, curve: "P-384", size: 48},
	{name: "ES512", family: ecKey, hash: crypto.SHA512, curve: "P-521", size: 66},
	{name: "EdDSA", family: edKey},
}

// findAlgorithm returns a row of the table by its name.
func findAlgorithm(c *args.Call, name string, withSecret bool) algorithm {
	var known []string
	for _, a := range algorithms {
		if a.family == secretKey && !withSecret {
			continue
		}
		if a.name == name {
			return a
		}
		known = append(known, a.name)
	}
	c.Misuse("unknown algorithm %q: the algorithms are %s", name, list(known))
	return algorithm{}
}

// needs says what key the algorithm needs, in the words of kind.
func (a algorithm) needs() string {
	switch a.family {
	case rsaPKCS1, rsaPSS:
		return "an RSA key"
	case ecKey:
		return "an EC key on " + a.curve
	}
	return "an Ed25519 key"
}

// kind says what a public key is, "" for one that no algorithm takes.
func kind(key crypto.PublicKey) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return "an RSA key"
	case *ecdsa.PublicKey:
		return "an EC key on " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "an Ed25519 key"
	}
	return ""
}

// digest returns what is signed of the data: its digest, or all of it.
func (a algorithm) digest(data []byte) []byte {
	if a.family == edKey {
		return data
	}
	h := a.hash.New()
	h.Write(data)
	return h.Sum(nil)
}

// pss is what RFC 7518, section 3.5, fixes.
func pss() *rsa.PSSOptions { return &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash} }

// sign signs with a private key that fits.
func (a algorithm) sign(key crypto.Signer, data []byte) ([]byte, error) {
	digest := a.digest(data)
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if a.family == rsaPSS {
			return rsa.SignPSS(rand.Reader, key, a.hash, digest, pss())
		}
		return rsa.SignPKCS1v15(nil, key, a.hash, digest)
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, digest)
		if err != nil {
			return nil, err
		}
		// Both numbers at their full length, one after the other, as tokens want it and not as
		// certificates do.
		signature := make([]byte, 2*a.size)
		r.FillBytes(signature[:a.size])
		s.FillBytes(signature[a.size:])
		return signature, nil
	case ed25519.PrivateKey:
		return ed25519.Sign(key, digest), nil
	}
	return nil, fmt.Errorf("no key of %s", a.family)
}

// mac is sign with a secret.
func (a algorithm) mac(key, data []byte) []byte {
	h := hmac.New(a.hash.New, key)
	h.Write(data)
	return h.Sum(nil)
}

// verify tells whether a signature was made of the data with the private part of a key that fits.
func (a algorithm) verify(key crypto.PublicKey, data, signature []byte) bool {
	digest := a.digest(data)
	switch key := key.(type) {
	case *rsa.PublicKey:
		if a.family == rsaPSS {
			return rsa.VerifyPSS(key, a.hash, digest, signature, pss()) == nil
		}
		return rsa.VerifyPKCS1v15(key, a.hash, digest, signature) == nil
	case *ecdsa.PublicKey:
		if len(signature) != 2*a.size {
			return false
		}
		r, s := new(big.Int).SetBytes(signature[:a.size]), new(big.Int).SetBytes(signature[a.size:])
		return ecdsa.Verify(key, digest, r, s)
	case ed25519.PublicKey:
		return ed25519.Verify(key, digest, signature)
	}
	return false
}
