package crypto

import (
	"crypto/rand"
	"crypto/subtle"
	"fmt"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// maxRandom is how many random bytes one call gives: what the web's own function allows.
const maxRandom = 65_536

// randomBytes is randomBytes(count).
func randomBytes(c *args.Call) goja.Value {
	data := make([]byte, c.Arg(0, "the count").Integer(0, maxRandom))
	rand.Read(data) // never fails
	return c.Bytes(data)
}

// uuid is uuid(): version 4 of RFC 9562.
func uuid(c *args.Call) goja.Value {
	var id [16]byte
	rand.Read(id[:])
	id[6] = id[6]&0x0f | 0x40 // version
	id[8] = id[8]&0x3f | 0x80 // variant
	return c.VM().ToValue(fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:]))
}

// timingSafeEqual is timingSafeEqual(a, b).
func timingSafeEqual(c *args.Call) goja.Value {
	return c.VM().ToValue(subtle.ConstantTimeCompare(c.Arg(0, "a").Data(), c.Arg(1, "b").Data()) == 1)
}
