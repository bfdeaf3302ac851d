package node

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	_ "crypto/md5" // the digests register themselves
	"crypto/pbkdf2"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"

	"carjs/bindings/args"
	"carjs/bindings/internal/pemkey"

	"github.com/dop251/goja"
)

const (
	// maxIterations bounds what an interrupt does not reach to some seconds.
	maxIterations = 10_000_000
	// maxDerived is how many bytes of a key can be derived.
	maxDerived = 1 << 20
)

// hashes are the digests by the names that crypto.js gives them.
var hashes = map[string]crypto.Hash{
	"md5": crypto.MD5, "sha1": crypto.SHA1, "sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512,
}

// keys are the natives of crypto.js beside the module carjs/crypto: what a key is.
var keys = []args.Function{
	{Name: "describe", Run: func(c *args.Call) goja.Value {
		key, _ := pemkey.Parse(c.Arg(0, "the key").Data())
		kind := kindOf(key)
		if kind == nil {
			return goja.Null()
		}
		return c.VM().NewArray(kind...)
	}},
	{Name: "pbkdf2", Run: func(c *args.Call) goja.Value {
		hash, ok := hashes[c.Arg(0, "the digest").Text()]
		if !ok {
			c.Misuse("unknown digest %q", c.Value(0))
		}
		iterations := c.Arg(3, "iterations").Integer(1, maxIterations)
		key, err := pbkdf2.Key(hash.New, string(c.Arg(1, "the password").Buffer()), c.Arg(2, "the salt").Buffer(),
			int(iterations), int(c.Arg(4, "keylen").Integer(1, maxDerived)))
		if err != nil {
			c.Misuse("%v", err)
		}
		return c.VM().ToValue(c.VM().NewArrayBuffer(key))
	}},
}

// kindOf says what a key is, in the words of Node: its type, whether it is public, and of RSA the
// bits of the modulus, of EC the bytes of half a signature.
func kindOf(key any) []any {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return []any{"rsa", "private", key.N.BitLen()}
	case *rsa.PublicKey:
		return []any{"rsa", "public", key.N.BitLen()}
	case *ecdsa.PrivateKey:
		return []any{"ec", "private", (key.Curve.Params().BitSize + 7) / 8}
	case *ecdsa.PublicKey:
		return []any{"ec", "public", (key.Curve.Params().BitSize + 7) / 8}
	case ed25519.PrivateKey:
		return []any{"ed25519", "private", 0}
	case ed25519.PublicKey:
		return []any{"ed25519", "public", 0}
	}
	return nil
}
