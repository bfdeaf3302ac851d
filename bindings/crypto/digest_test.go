package crypto

import (
	"os"
	"strings"
	"testing"

	"carjs/bindings/args/argstest"
	"carjs/host/failure"
)

func TestExports(t *testing.T) {
	typings, err := os.ReadFile("../../typings/crypto.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	argstest.New(t, Module()).Exports("crypto", string(typings))
}

func TestHash(t *testing.T) {
	s := argstest.New(t, Module())
	// The digests of "abc" in RFC 1321 and FIPS 180, and of nothing.
	for expression, want := range map[string]string{
		`crypto.hash("md5", "abc")`:    "900150983cd24fb0d6963f7d28e17f72",
		`crypto.hash("md5", "")`:       "d41d8cd98f00b204e9800998ecf8427e",
		`crypto.hash("sha1", "abc")`:   "a9993e364706816aba3e25717850c26c9cd0d89d",
		`crypto.hash("sha256", "abc")`: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		`crypto.hash("sha384", "abc")`: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		`crypto.hash("sha512", "abc")`: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		// Every kind of data, and a part of a buffer.
		`crypto.hash("md5", new Uint8Array([97, 98, 99]))`:                            "900150983cd24fb0d6963f7d28e17f72",
		`crypto.hash("md5", new Uint8Array([97, 98, 99]).buffer)`:                     "900150983cd24fb0d6963f7d28e17f72",
		`crypto.hash("md5", new Uint8Array([0, 97, 98, 99, 0]).subarray(1, 4))`:       "900150983cd24fb0d6963f7d28e17f72",
		`crypto.hash("md5", new DataView(new Uint8Array([0, 97, 98, 99]).buffer, 1))`: "900150983cd24fb0d6963f7d28e17f72",
		// Text is UTF-8: this is the digest of the bytes c3 bc.
		`crypto.hash("md5", "ü")`:                                       "c03410a5204b21cd8229ff754688d743",
		`crypto.hash("md5", new Uint8Array([0xc3, 0xbc]))`:              "c03410a5204b21cd8229ff754688d743",
		`crypto.hash("md5", "abc", "base64")`:                           "kAFQmDzST7DWlj99KOF/cg==",
		`crypto.hash("md5", "abc", "base64url")`:                        "kAFQmDzST7DWlj99KOF_cg",
		`[...crypto.hash("md5", "abc", "bytes")].join()`:                "144,1,80,152,60,210,79,176,214,150,63,125,40,225,127,114",
		`crypto.hash("md5", "abc", undefined)`:                          "900150983cd24fb0d6963f7d28e17f72",
		`String(crypto.hash("md5", "", "bytes") instanceof Uint8Array)`: "true",
	} {
		s.Equal(expression, `"`+want+`"`)
	}
	for expression, want := range map[string]string{
		`crypto.hash("SHA-256", "")`:       `hash: unknown algorithm "SHA-256": the algorithms are md5, sha1, sha256, sha384 and sha512`,
		`crypto.hash()`:                    `hash: the algorithm must be a text, not undefined`,
		`crypto.hash("md5")`:               `hash: data must be a text or bytes (ArrayBuffer, typed array), not undefined`,
		`crypto.hash("md5", 5)`:            `hash: data must be a text or bytes (ArrayBuffer, typed array), not a number`,
		`crypto.hash("md5", [1])`:          `hash: data must be a text or bytes (ArrayBuffer, typed array), not an array`,
		`crypto.hash("md5", {})`:           `hash: data must be a text or bytes (ArrayBuffer, typed array), not an object`,
		`crypto.hash("md5", "", "latin1")`: `hash: unknown encoding "latin1": the encodings are hex, base64, base64url and bytes`,
	} {
		s.Throws(expression, "TypeError: "+want)
	}
}

// The cases of RFC 4231 that are not cut off.
func TestHMAC(t *testing.T) {
	s := argstest.New(t, Module())
	fill := func(b string, n int) string { return `new Uint8Array(` + itoa(n) + `).fill(` + b + `)` }
	for _, test := range []struct{ key, data, sha256, sha384, sha512 string }{
		{fill("0x0b", 20), `"Hi There"`,
			"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
			"afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
			"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
		{`"Jefe"`, `"what do ya want for nothing?"`,
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
			"af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
			"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
		{fill("0xaa", 20), fill("0xdd", 50),
			"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
			"88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
			"fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb"},
		{fill("0xaa", 131), `"Test Using Larger Than Block-Size Key - Hash Key First"`,
			"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
			"4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
			"80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"},
	} {
		for name, want := range map[string]string{"sha256": test.sha256, "sha384": test.sha384, "sha512": test.sha512} {
			s.Equal(`crypto.hmac("`+name+`", `+test.key+`, `+test.data+`)`, `"`+want+`"`)
		}
	}
	s.Equal(`crypto.hmac("sha256", "Jefe", "what do ya want for nothing?", "base64")`, `"W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="`)
	f := s.Throws(`crypto.hmac("sha256", "", "data")`, "Error: hmac: the key is empty")
	if f == nil || f.Fault != failure.FaultSettings {
		t.Errorf("an empty key: %+v", f)
	}
	s.Throws(`crypto.hmac("sha256", undefined, "data")`,
		"TypeError: hmac: the key must be a text or bytes (ArrayBuffer, typed array), not undefined")
}

func itoa(n int) string { return strings.Repeat("+1", n)[1:] }

func TestRandom(t *testing.T) {
	s := argstest.New(t, Module())
	s.Equal(`/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.uuid())`, "true")
	s.Equal(`new Set(Array.from({ length: 1000 }, () => crypto.uuid())).size`, "1000")
	s.Equal(`[0, 1, 32, 65536].map((n) => crypto.randomBytes(n).length)`, "[0,1,32,65536]")
	s.Equal(`new Set(Array.from({ length: 100 }, () => crypto.randomBytes(16).join())).size`, "100")
	for _, count := range []string{"-1", "65537", "1.5", "NaN"} {
		s.Throws(`crypto.randomBytes(`+count+`)`, "TypeError: randomBytes: the count must be a whole number from 0 to 65536, not "+count)
	}
	s.Throws(`crypto.randomBytes("5")`, "TypeError: randomBytes: the count must be a whole number from 0 to 65536, not a text")
}

func TestTimingSafeEqual(t *testing.T) {
	s := argstest.New(t, Module())
	s.Equal(`crypto.timingSafeEqual("abc", new Uint8Array([97, 98, 99]))`, "true")
	s.Equal(`crypto.timingSafeEqual("", "")`, "true")
	s.Equal(`crypto.timingSafeEqual("abc", "abd")`, "false")
	s.Equal(`crypto.timingSafeEqual("abc", "abcd")`, "false")
	s.Throws(`crypto.timingSafeEqual("abc")`,
		"TypeError: timingSafeEqual: b must be a text or bytes (ArrayBuffer, typed array), not undefined")
}
