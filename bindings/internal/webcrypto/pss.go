package webcrypto

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"math/big"
)

// Package crypto/rsa has no RSA-PSS without salt: there a length of 0 stands for any. This is
// EMSA-PSS of RFC 8017, section 9.1, for no salt at all, which makes it deterministic.

// encodeUnsalted makes the message that is signed, of a key of so many bits.
func encodeUnsalted(hash crypto.Hash, digest []byte, bits int) ([]byte, error) {
	length := (bits - 1 + 7) / 8
	if length < len(digest)+2 {
		return nil, errors.New("the key is too short for this digest")
	}
	h := sum(hash, append(make([]byte, 8), digest...))
	db := make([]byte, length-len(h)-1)
	db[len(db)-1] = 1
	for i, b := range mask(hash, h, len(db)) {
		db[i] ^= b
	}
	db[0] &= 0xff >> (8*length - (bits - 1))
	return append(append(db, h...), 0xbc), nil
}

// mask is MGF1.
func mask(hash crypto.Hash, seed []byte, length int) []byte {
	var out []byte
	for counter := byte(0); len(out) < length; counter++ {
		out = append(out, sum(hash, append(bytes.Clone(seed), 0, 0, 0, counter))...)
	}
	return out[:length]
}

// signUnsalted signs a digest. The exponentiation is blinded, as its time would tell of the key.
func signUnsalted(private *rsa.PrivateKey, hash crypto.Hash, digest []byte) ([]byte, error) {
	encoded, err := encodeUnsalted(hash, digest, private.N.BitLen())
	if err != nil {
		return nil, err
	}
	m, n := new(big.Int).SetBytes(encoded), private.N
	var blind, unblind *big.Int
	for unblind == nil {
		if blind, err = rand.Int(rand.Reader, n); err != nil {
			return nil, err
		}
		unblind = new(big.Int).ModInverse(blind, n)
	}
	m.Mul(m, blind.Exp(blind, big.NewInt(int64(private.E)), n)).Mod(m, n)
	m.Exp(m, private.D, n)
	m.Mul(m, unblind).Mod(m, n)
	return m.FillBytes(make([]byte, private.Size())), nil
}

// verifyUnsalted tells whether such a signature is right.
func verifyUnsalted(public *rsa.PublicKey, hash crypto.Hash, digest, signature []byte) bool {
	encoded, err := encodeUnsalted(hash, digest, public.N.BitLen())
	s := new(big.Int).SetBytes(signature)
	if err != nil || len(signature) != public.Size() || s.Cmp(public.N) >= 0 {
		return false
	}
	s.Exp(s, big.NewInt(int64(public.E)), public.N)
	return s.Cmp(new(big.Int).SetBytes(encoded)) == 0
}
