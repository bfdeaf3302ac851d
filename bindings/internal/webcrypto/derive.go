package webcrypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/pbkdf2"
)

// maxIterations bounds work that nothing stops to some seconds.
const maxIterations = 10_000_000

// derive makes bytes: so many of HKDF and PBKDF2, all that there are of the others.
func derive(c *call) (any, error) {
	hash, length := c.hash(), c.numbers["length"]
	switch c.texts["algorithm"] {
	case "HKDF":
		if length > 255*hash.Size() {
			return nil, operation("HKDF makes at most %d bytes with this digest, not %d", 255*hash.Size(), length)
		}
		secret, _ := c.keys["key"].([]byte)
		return hkdf.Key(hash.New, secret, c.bytes["salt"], string(c.bytes["info"]), length)
	case "PBKDF2":
		if c.numbers["iterations"] > maxIterations {
			return nil, operation("carjs does at most %d iterations of PBKDF2", maxIterations)
		}
		secret, _ := c.keys["key"].([]byte)
		return pbkdf2.Key(hash.New, string(secret), c.bytes["salt"], c.numbers["iterations"], length)
	}
	private, err := exchangePrivate(c.keys["key"])
	if err != nil {
		return nil, err
	}
	public, err := exchangePublic(c.keys["public"])
	if err != nil {
		return nil, err
	}
	return private.ECDH(public)
}

func exchangePrivate(value any) (*ecdh.PrivateKey, error) {
	switch private := value.(type) {
	case *ecdsa.PrivateKey:
		return private.ECDH()
	case *ecdh.PrivateKey:
		return private, nil
	}
	return nil, operation("this key derives nothing")
}

func exchangePublic(value any) (*ecdh.PublicKey, error) {
	switch public := value.(type) {
	case *ecdsa.PublicKey:
		return public.ECDH()
	case *ecdh.PublicKey:
		return public, nil
	}
	return nil, operation("this key is not public")
}
