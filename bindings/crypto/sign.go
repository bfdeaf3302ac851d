package crypto

import (
	"encoding/base64"

	"carjs/bindings/internal/native"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// sign is sign(algorithm, key, data, encoding?).
func sign(c *native.Call) goja.Value {
	a := findAlgorithm(c, c.Text(0, "the algorithm"), false)
	key := privateKey(c, a, c.Data(1, "the key"))
	signature, err := a.sign(key, c.Data(2, "data"))
	if err != nil {
		cannotSign(c, a)
	}
	return encoded(c, 3, signature)
}

// cannotSign refuses a key that is sound but not up to it, such as an RSA key too short for the
// digest.
func cannotSign(c *native.Call, a algorithm) {
	c.BadSetting("make a new key: RSA with 2048 bits or more", "the key cannot sign with %s: it is too short", a.name)
}

// verify is verify(algorithm, key, data, signature, encoding?).
func verify(c *native.Call) goja.Value {
	a := findAlgorithm(c, c.Text(0, "the algorithm"), false)
	key := publicKey(c, a, c.Data(1, "the key"))
	signature, ok := decoded(c, 3, 4, "the signature")
	return c.VM().ToValue(ok && a.verify(key, c.Data(2, "data"), signature))
}

// jwt is jwt({header?, claims, key, algorithm}): the compact form of RFC 7515.
func jwt(c *native.Call) goja.Value {
	c.Object(0, "its argument")
	options := c.Options(0)
	a := findAlgorithm(c, options.Text("algorithm", ""), true)
	data := tokenPart(c, header(c, a, options), "header") + "." + tokenPart(c, options.Object("claims"), "claims")
	key := options.Data("key")
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
func header(c *native.Call, a algorithm, options native.Options) *goja.Object {
	vm := c.VM()
	made := vm.NewObject()
	set := func(name string, value goja.Value) {
		if err := script.SetProperty(made, name, value); err != nil {
			c.Rethrow(err)
		}
	}
	set("alg", vm.ToValue(a.name))
	set("typ", vm.ToValue("JWT"))
	if _, given := options.Value("header"); given {
		own := options.Object("header")
		for _, name := range own.Keys() {
			value := own.Get(name)
			if name == "alg" && value.String() != a.name {
				c.Misuse("the header says another algorithm than the option algorithm, %s", a.name)
			}
			set(name, value)
		}
	}
	return made
}

// tokenPart is an object's JSON in base64url.
func tokenPart(c *native.Call, object *goja.Object, what string) string {
	text, err := object.MarshalJSON()
	if err != nil {
		c.Rethrow(err)
	}
	if len(text) == 0 || text[0] != '{' {
		c.Misuse("%s must be an object in JSON too", what)
	}
	return base64.RawURLEncoding.EncodeToString(text)
}
