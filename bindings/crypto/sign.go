package crypto

import (
	"encoding/base64"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// sign is sign(algorithm, key, data, encoding?).
func sign(c *args.Call) goja.Value {
	a := findAlgorithm(c, c.Arg(0, "the algorithm").Text(), false)
	key := privateKey(c, a, c.Arg(1, "the key").Data())
	signature, err := a.sign(key, c.Arg(2, "data").Data())
	if err != nil {
		cannotSign(c, a)
	}
	return encoded(c, 3, signature)
}

// cannotSign refuses a key that is sound but not up to it, such as an RSA key too short for the
// digest.
func cannotSign(c *args.Call, a algorithm) {
	c.BadSetting("create a new key: RSA with at least 2048 bits", "the key cannot sign with %s: it is too short", a.name)
}

// verify is verify(algorithm, key, data, signature, encoding?).
func verify(c *args.Call) goja.Value {
	a := findAlgorithm(c, c.Arg(0, "the algorithm").Text(), false)
	key := publicKey(c, a, c.Arg(1, "the key").Data())
	signature, ok := decoded(c, 3, 4, "the signature")
	return c.VM().ToValue(ok && a.verify(key, c.Arg(2, "data").Data(), signature))
}

// jwt is jwt({header?, claims, key, algorithm}): the compact form of RFC 7515.
func jwt(c *args.Call) goja.Value {
	c.Arg(0, "its argument").Object()
	options := c.Options(0, "header", "claims", "key", "algorithm")
	a := findAlgorithm(c, options.Get("algorithm").Text(), true)
	head := c.Of("the header", header(c, a, options.Get("header")))
	data := tokenPart(head) + "." + tokenPart(options.Get("claims"))
	key := options.Get("key").Data()
	var signature []byte
	if a.family == secretKey {
		if len(key) == 0 {
			emptyKey(c)
		}
		signature = a.mac(key, []byte(data))
	} else {
		var err error
		if signature, err = a.sign(privateKey(c, a, key), []byte(data)); err != nil {
			cannotSign(c, a)
		}
	}
	return c.VM().ToValue(data + "." + base64.RawURLEncoding.EncodeToString(signature))
}

// header makes the header of a token: what the algorithm says, then what the script adds.
func header(c *args.Call, a algorithm, option args.Arg) *goja.Object {
	vm := c.VM()
	made := vm.NewObject()
	set := func(name string, value goja.Value) {
		if err := script.SetProperty(made, name, value); err != nil {
			c.Rethrow(err)
		}
	}
	set("alg", vm.ToValue(a.name))
	set("typ", vm.ToValue("JWT"))
	if option.Given() {
		own := option.Object()
		for _, name := range own.Keys() {
			value := own.Get(name)
			if name == "alg" && value.String() != a.name {
				c.Misuse("the header names another algorithm than the option algorithm, %s", a.name)
			}
			set(name, value)
		}
	}
	return made
}

// tokenPart is an object's JSON in base64url.
func tokenPart(part args.Arg) string { return base64.RawURLEncoding.EncodeToString(part.JSONObject()) }
