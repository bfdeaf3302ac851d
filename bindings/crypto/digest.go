package crypto

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/md5" // the digests of the table register themselves
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// digests are the algorithms of hash and hmac. The old ones are there because APIs ask for them.
var digests = []struct {
	name string
	hash crypto.Hash
}{
	{"md5", crypto.MD5},
	{"sha1", crypto.SHA1},
	{"sha256", crypto.SHA256},
	{"sha384", crypto.SHA384},
	{"sha512", crypto.SHA512},
}

// digest reads an argument that names one of them.
func digest(c *args.Call, i int) crypto.Hash {
	name := c.Arg(i, "the algorithm").Text()
	known := make([]string, len(digests))
	for row, d := range digests {
		if d.name == name {
			return d.hash
		}
		known[row] = d.name
	}
	c.Misuse("unknown algorithm %q: the algorithms are %s", name, list(known))
	return 0
}

// hashData is hash(algorithm, data, encoding?).
func hashData(c *args.Call) goja.Value {
	h := digest(c, 0).New()
	h.Write(c.Arg(1, "data").Data())
	return encoded(c, 2, h.Sum(nil))
}

// hmacData is hmac(algorithm, key, data, encoding?).
func hmacData(c *args.Call) goja.Value {
	hash := digest(c, 0)
	key := c.Arg(1, "the key").Data()
	if len(key) == 0 {
		emptyKey(c)
	}
	h := hmac.New(hash.New, key)
	h.Write(c.Arg(2, "data").Data())
	return encoded(c, 3, h.Sum(nil))
}

// emptyKey refuses a key that any digest would take: a setting that was forgotten would otherwise
// show as a signature that the data source does not accept.
func emptyKey(c *args.Call) {
	c.BadSetting("check that the setting with the key is set", "the key is empty")
}
