package webcrypto

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"math/big"
	"slices"
)

// sign signs data as the parameter algorithm says.
func sign(c *call) (any, error) {
	data, hash := c.bytes["data"], c.hash()
	switch private := c.keys["key"].(type) {
	case []byte:
		mac := hmac.New(hash.New, private)
		mac.Write(data)
		return mac.Sum(nil), nil
	case *rsa.PrivateKey:
		if c.texts["algorithm"] == "RSA-PSS" {
			return signPSS(c, private, hash, sum(hash, data))
		}
		return rsa.SignPKCS1v15(nil, private, hash, sum(hash, data))
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, private, sum(hash, data))
		if err != nil {
			return nil, err
		}
		size := (private.Curve.Params().BitSize + 7) / 8
		signature := make([]byte, 2*size)
		r.FillBytes(signature[:size])
		s.FillBytes(signature[size:])
		return signature, nil
	case ed25519.PrivateKey:
		return ed25519.Sign(private, data), nil
	}
	return nil, operation("this key does not sign")
}

func signPSS(c *call, private *rsa.PrivateKey, hash crypto.Hash, digest []byte) (any, error) {
	if c.numbers["saltLength"] == 0 {
		return signUnsalted(private, hash, digest)
	}
	return rsa.SignPSS(rand.Reader, private, hash, digest, &rsa.PSSOptions{SaltLength: c.numbers["saltLength"]})
}

func verifyPSS(c *call, public *rsa.PublicKey, hash crypto.Hash, digest, signature []byte) bool {
	if c.numbers["saltLength"] == 0 {
		return verifyUnsalted(public, hash, digest, signature)
	}
	return rsa.VerifyPSS(public, hash, digest, signature, &rsa.PSSOptions{SaltLength: c.numbers["saltLength"]}) == nil
}

// verify tells whether a signature is right.
func verify(c *call) (any, error) {
	data, signature, hash := c.bytes["data"], c.bytes["signature"], c.hash()
	switch public := c.keys["key"].(type) {
	case []byte:
		mac := hmac.New(hash.New, public)
		mac.Write(data)
		return hmac.Equal(mac.Sum(nil), signature), nil
	case *rsa.PublicKey:
		if c.texts["algorithm"] == "RSA-PSS" {
			return verifyPSS(c, public, hash, sum(hash, data), signature), nil
		}
		return rsa.VerifyPKCS1v15(public, hash, sum(hash, data), signature) == nil, nil
	case *ecdsa.PublicKey:
		size := (public.Curve.Params().BitSize + 7) / 8
		if len(signature) != 2*size {
			return false, nil
		}
		r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
		return ecdsa.Verify(public, sum(hash, data), r, s), nil
	case ed25519.PublicKey:
		return len(signature) == ed25519.SignatureSize && !smallOrder(public) && !smallOrder(signature[:32]) &&
			ed25519.Verify(public, data, signature), nil
	}
	return nil, operation("this key does not verify")
}

// smallOrders are the y coordinates of the points of curve 25519 whose order is 8 or less, also where
// they are written as numbers that are too large, in hexadecimal digits.
var smallOrders = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

// smallOrder tells whether a point has such an order: with one in it, a signature holds for other
// data too.
func smallOrder(point []byte) bool {
	y := bytes.Clone(point)
	y[len(y)-1] &= 0x7f
	return slices.Contains(smallOrders, hex.EncodeToString(y))
}
