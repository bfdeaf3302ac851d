package webcrypto

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"math/big"
)

var curves = map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}

// generate makes keys: {publicKey, privateKey}, or {secretKey} of so many bits.
func generate(c *call) (any, error) {
	pair := func(private, public any) (any, error) {
		return map[string]any{"privateKey": &key{private}, "publicKey": &key{public}}, nil
	}
	switch kind := c.texts["kind"]; kind {
	case "RSA":
		exponent := new(big.Int).SetBytes(c.bytes["exponent"])
		if bits := c.numbers["bits"]; bits < 1024 || bits > 16384 {
			return nil, operation("RSA keys have 1024 to 16384 bits, not %d", bits)
		}
		if exponent.Cmp(big.NewInt(65537)) != 0 {
			return nil, operation("RSA keys are made with the exponent 65537, not %s", exponent)
		}
		private, err := rsa.GenerateKey(rand.Reader, c.numbers["bits"])
		if err != nil {
			return nil, err
		}
		return pair(private, &private.PublicKey)
	case "EC":
		private, err := ecdsa.GenerateKey(curves[c.texts["curve"]], rand.Reader)
		if err != nil {
			return nil, err
		}
		return pair(private, &private.PublicKey)
	case "Ed25519":
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return pair(private, public)
	case "X25519":
		private, err := ecdh.X25519().GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return pair(private, private.PublicKey())
	default:
		secret := make([]byte, (c.numbers["bits"]+7)/8)
		_, _ = rand.Read(secret) // never fails
		if rest := c.numbers["bits"] % 8; rest != 0 {
			secret[len(secret)-1] &= 0xff << (8 - rest)
		}
		return map[string]any{"secretKey": &key{secret}}, nil
	}
}

// importKey reads a key, and tells what it is: {key, private}, and {bits, exponent} of RSA.
func importKey(c *call) (any, error) {
	var value any
	var err error
	data := c.bytes["data"]
	switch c.texts["format"] {
	case "raw":
		value, err = rawPublic(c.texts["kind"], c.texts["curve"], data)
	case "spki":
		value, err = x509.ParsePKIXPublicKey(data)
	case "pkcs8":
		value, err = x509.ParsePKCS8PrivateKey(data)
	}
	if err != nil {
		return nil, badData("the key cannot be read: %v", err)
	}
	return described(c, value)
}

func rawPublic(kind, curve string, data []byte) (any, error) {
	switch kind {
	case "Ed25519":
		if len(data) != ed25519.PublicKeySize {
			return nil, badData("a public key of Ed25519 has 32 bytes, not %d", len(data))
		}
		return ed25519.PublicKey(data), nil
	case "X25519":
		return ecdh.X25519().NewPublicKey(data)
	case "EC":
		if size := (curves[curve].Params().BitSize + 7) / 8; len(data) == size+1 && (data[0] == 2 || data[0] == 3) {
			x, y := elliptic.UnmarshalCompressed(curves[curve], data)
			if x == nil {
				return nil, badData("the point is not on %s", curve)
			}
			data = make([]byte, 1+2*size)
			data[0] = 4
			x.FillBytes(data[1 : 1+size])
			y.FillBytes(data[1+size:])
		}
		return ecdsa.ParseUncompressedPublicKey(curves[curve], data)
	}
	return data, nil
}

// described checks that a key is of the kind that was asked for.
func described(c *call, value any) (any, error) {
	result := map[string]any{"key": &key{value}}
	switch value.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey, *ecdh.PrivateKey:
		result["private"] = true
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, *ecdh.PublicKey:
		result["private"] = false
	}
	kind := c.texts["kind"]
	got := ""
	switch value := value.(type) {
	case *rsa.PublicKey:
		got = "RSA"
		result["bits"], result["exponent"] = value.N.BitLen(), big.NewInt(int64(value.E)).Bytes()
	case *rsa.PrivateKey:
		got = "RSA"
		result["bits"], result["exponent"] = value.N.BitLen(), big.NewInt(int64(value.E)).Bytes()
	case *ecdsa.PublicKey:
		if got = "EC"; value.Curve != curves[c.texts["curve"]] {
			return nil, badData("the key is on %s", value.Curve.Params().Name)
		}
	case *ecdsa.PrivateKey:
		if got = "EC"; value.Curve != curves[c.texts["curve"]] {
			return nil, badData("the key is on %s", value.Curve.Params().Name)
		}
	case ed25519.PublicKey, ed25519.PrivateKey:
		got = "Ed25519"
	case *ecdh.PublicKey, *ecdh.PrivateKey:
		got = "X25519"
	case []byte:
		got = kind
	}
	if got != kind {
		return nil, badData("the key is not one of %s", kind)
	}
	return result, nil
}

// parts makes a key of the numbers of a JSON Web Key.
func parts(c *call) (any, error) {
	number := func(name string) *big.Int { return new(big.Int).SetBytes(c.bytes[name]) }
	switch kind := c.texts["kind"]; kind {
	case "RSA":
		public := rsa.PublicKey{N: number("n"), E: int(number("e").Int64())}
		if !number("e").IsInt64() || number("e").BitLen() > 31 || public.N.BitLen() < 512 {
			return nil, badData("the numbers are no RSA key")
		}
		if !c.has("d") {
			return described(c, &public)
		}
		private := &rsa.PrivateKey{PublicKey: public, D: number("d"), Primes: []*big.Int{number("p"), number("q")}}
		if err := private.Validate(); err != nil {
			return nil, badData("the numbers are no RSA key: %v", err)
		}
		private.Precompute()
		return described(c, private)
	case "EC":
		curve := curves[c.texts["curve"]]
		size := (curve.Params().BitSize + 7) / 8
		if len(c.bytes["x"]) != size || len(c.bytes["y"]) != size {
			return nil, badData("x and y of %s have %d bytes", c.texts["curve"], size)
		}
		point := append(append([]byte{4}, c.bytes["x"]...), c.bytes["y"]...)
		public, err := ecdsa.ParseUncompressedPublicKey(curve, point)
		if err != nil {
			return nil, badData("the point is not on %s", c.texts["curve"])
		}
		if !c.has("d") {
			return described(c, public)
		}
		if len(c.bytes["d"]) != size {
			return nil, badData("d of %s has %d bytes", c.texts["curve"], size)
		}
		private, err := ecdsa.ParseRawPrivateKey(curve, c.bytes["d"])
		if err != nil || !private.PublicKey.Equal(public) {
			return nil, badData("the private key does not belong to the point")
		}
		return described(c, private)
	case "Ed25519":
		if len(c.bytes["x"]) != ed25519.PublicKeySize {
			return nil, badData("x of Ed25519 has 32 bytes")
		}
		if !c.has("d") {
			return described(c, ed25519.PublicKey(c.bytes["x"]))
		}
		if len(c.bytes["d"]) != ed25519.SeedSize {
			return nil, badData("d of Ed25519 has 32 bytes")
		}
		private := ed25519.NewKeyFromSeed(c.bytes["d"])
		if !private.Public().(ed25519.PublicKey).Equal(ed25519.PublicKey(c.bytes["x"])) {
			return nil, badData("d does not belong to x")
		}
		return described(c, private)
	default:
		public, err := ecdh.X25519().NewPublicKey(c.bytes["x"])
		if err != nil {
			return nil, badData("x of X25519: %v", err)
		}
		if !c.has("d") {
			return described(c, public)
		}
		private, err := ecdh.X25519().NewPrivateKey(c.bytes["d"])
		if err != nil || !private.PublicKey().Equal(public) {
			return nil, badData("d does not belong to x")
		}
		return described(c, private)
	}
}

// exportKey writes a key: bytes, or for "jwk" its numbers.
func exportKey(c *call) (any, error) {
	value := c.keys["key"]
	switch c.texts["format"] {
	case "spki":
		return x509.MarshalPKIXPublicKey(value)
	case "pkcs8":
		return x509.MarshalPKCS8PrivateKey(value)
	case "jwk":
		return numbers(value)
	}
	switch value := value.(type) {
	case *ecdsa.PublicKey:
		return value.Bytes()
	case ed25519.PublicKey:
		return []byte(value), nil
	case *ecdh.PublicKey:
		return value.Bytes(), nil
	case []byte:
		return value, nil
	}
	return nil, unsupported("this key has no raw form")
}

// numbers are the members of a key as a JSON Web Key.
func numbers(value any) (any, error) {
	switch value := value.(type) {
	case []byte:
		return map[string]any{"k": value}, nil
	case *rsa.PublicKey:
		return map[string]any{"n": value.N.Bytes(), "e": big.NewInt(int64(value.E)).Bytes()}, nil
	case *rsa.PrivateKey:
		p := value.Precomputed
		return map[string]any{
			"n": value.N.Bytes(), "e": big.NewInt(int64(value.E)).Bytes(), "d": value.D.Bytes(),
			"p": value.Primes[0].Bytes(), "q": value.Primes[1].Bytes(),
			"dp": p.Dp.Bytes(), "dq": p.Dq.Bytes(), "qi": p.Qinv.Bytes(),
		}, nil
	case *ecdsa.PublicKey:
		return point(value)
	case *ecdsa.PrivateKey:
		members, err := point(&value.PublicKey)
		if err != nil {
			return nil, err
		}
		members["d"], err = value.Bytes()
		return members, err
	case ed25519.PublicKey:
		return map[string]any{"x": []byte(value)}, nil
	case ed25519.PrivateKey:
		return map[string]any{"x": []byte(value.Public().(ed25519.PublicKey)), "d": value.Seed()}, nil
	case *ecdh.PublicKey:
		return map[string]any{"x": value.Bytes()}, nil
	case *ecdh.PrivateKey:
		return map[string]any{"x": value.PublicKey().Bytes(), "d": value.Bytes()}, nil
	}
	return nil, unsupported("this key has no form as JSON")
}

func point(public *ecdsa.PublicKey) (map[string]any, error) {
	data, err := public.Bytes()
	if err != nil {
		return nil, err
	}
	half := (len(data) - 1) / 2
	return map[string]any{"x": data[1 : 1+half], "y": data[1+half:]}, nil
}
