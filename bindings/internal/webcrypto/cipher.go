package webcrypto

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"encoding/binary"
	"math/big"
)

// encrypt encrypts data as the parameter algorithm says.
func encrypt(c *call) (any, error) {
	if public, ok := c.keys["key"].(*rsa.PublicKey); ok {
		return rsa.EncryptOAEP(c.hash().New(), rand.Reader, public, c.bytes["data"], c.bytes["label"])
	}
	block, err := blockOf(c)
	if err != nil {
		return nil, err
	}
	data := c.bytes["data"]
	switch c.texts["algorithm"] {
	case "AES-CBC":
		fill := aes.BlockSize - len(data)%aes.BlockSize
		for range fill {
			data = append(data, byte(fill))
		}
		cipher.NewCBCEncrypter(block, c.bytes["iv"]).CryptBlocks(data, data)
		return data, nil
	case "AES-GCM":
		gcm, err := gcmOf(c, block)
		if err != nil {
			return nil, err
		}
		sealed := gcm.Seal(nil, c.bytes["iv"], data, c.bytes["additionalData"])
		return sealed[:len(data)+c.numbers["tagLength"]/8], nil
	}
	return count(c, block, data)
}

// decrypt undoes it.
func decrypt(c *call) (any, error) {
	if private, ok := c.keys["key"].(*rsa.PrivateKey); ok {
		data, err := rsa.DecryptOAEP(c.hash().New(), nil, private, c.bytes["data"], c.bytes["label"])
		if err != nil {
			return nil, operation("the data cannot be decrypted with this key")
		}
		return data, nil
	}
	block, err := blockOf(c)
	if err != nil {
		return nil, err
	}
	data := c.bytes["data"]
	switch c.texts["algorithm"] {
	case "AES-CBC":
		if len(data) == 0 || len(data)%aes.BlockSize != 0 {
			return nil, operation("data of AES-CBC has whole blocks of 16 bytes")
		}
		cipher.NewCBCDecrypter(block, c.bytes["iv"]).CryptBlocks(data, data)
		return unfilled(data)
	case "AES-GCM":
		return openGCM(c, block, data)
	}
	return count(c, block, data)
}

func blockOf(c *call) (cipher.Block, error) {
	secret, ok := c.keys["key"].([]byte)
	if !ok {
		return nil, operation("this key does not encrypt")
	}
	return aes.NewCipher(secret)
}

// unfilled takes away what fills the last block, in a time that does not depend on it.
func unfilled(data []byte) ([]byte, error) {
	fill := int(data[len(data)-1])
	good := subtle.ConstantTimeLessOrEq(1, fill) & subtle.ConstantTimeLessOrEq(fill, aes.BlockSize)
	for i := range aes.BlockSize {
		in := subtle.ConstantTimeLessOrEq(i+1, fill)
		same := subtle.ConstantTimeByteEq(data[len(data)-1-i], byte(fill))
		good &= subtle.ConstantTimeSelect(in, same, 1)
	}
	if good != 1 {
		return nil, operation("the data cannot be decrypted with this key")
	}
	return data[:len(data)-fill], nil
}

func gcmOf(c *call, block cipher.Block) (cipher.AEAD, error) {
	if len(c.bytes["iv"]) == 0 {
		return nil, operation("the iv of AES-GCM is empty")
	}
	return cipher.NewGCMWithNonceSize(block, len(c.bytes["iv"]))
}

// openGCM decrypts with tags of all lengths that the standard has, of which the package has the
// longest alone: the counter goes over the data as when it is encrypted, and the tag is that of the
// outcome.
func openGCM(c *call, block cipher.Block, data []byte) (any, error) {
	gcm, err := gcmOf(c, block)
	if err != nil {
		return nil, err
	}
	size := c.numbers["tagLength"] / 8
	if len(data) < size {
		return nil, operation("the data is shorter than its tag")
	}
	text, tag := data[:len(data)-size], data[len(data)-size:]
	plain := gcm.Seal(nil, c.bytes["iv"], text, nil)[:len(text)]
	sealed := gcm.Seal(nil, c.bytes["iv"], plain, c.bytes["additionalData"])
	if subtle.ConstantTimeCompare(sealed[len(text):len(text)+size], tag) != 1 {
		return nil, operation("the data cannot be decrypted with this key, iv and additional data")
	}
	return plain, nil
}

// count is AES-CTR, where so many of the counter's last bits count and go round, and the others stay.
func count(c *call, block cipher.Block, data []byte) (any, error) {
	counter, bits := c.bytes["counter"], c.numbers["length"]
	blocks := (len(data) + aes.BlockSize - 1) / aes.BlockSize
	if bits < 62 && blocks > 1<<bits {
		return nil, operation("the data has more blocks than the counter has values")
	}
	// Up to where the counter goes round, and from there.
	width := new(big.Int).Lsh(big.NewInt(1), uint(bits))
	value := new(big.Int).SetBytes(counter)
	low := new(big.Int).Mod(value, width)
	left := new(big.Int).Sub(width, low)
	first := len(data)
	if left.IsInt64() && left.Int64() < int64(blocks) {
		first = int(left.Int64()) * aes.BlockSize
	}
	cipher.NewCTR(block, counter).XORKeyStream(data[:first], data[:first])
	if first < len(data) {
		start := new(big.Int).Sub(value, low).FillBytes(make([]byte, aes.BlockSize))
		cipher.NewCTR(block, start).XORKeyStream(data[first:], data[first:])
	}
	return data, nil
}

// wrap is AES-KW of RFC 3394.
func wrap(c *call) (any, error) {
	data := c.bytes["data"]
	if len(data)%8 != 0 || len(data) < 16 {
		return nil, operation("AES-KW wraps at least 16 bytes, and a multiple of 8; the key has %d", len(data))
	}
	block, err := blockOf(c)
	if err != nil {
		return nil, err
	}
	n := len(data) / 8
	out := append([]byte{0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6}, data...)
	var both [16]byte
	for step := 1; step <= 6*n; step++ {
		at := 8 * ((step-1)%n + 1)
		copy(both[:8], out[:8])
		copy(both[8:], out[at:at+8])
		block.Encrypt(both[:], both[:])
		binary.BigEndian.PutUint64(out, binary.BigEndian.Uint64(both[:8])^uint64(step))
		copy(out[at:], both[8:])
	}
	return out, nil
}

// unwrap undoes it.
func unwrap(c *call) (any, error) {
	out := c.bytes["data"]
	if len(out)%8 != 0 || len(out) < 24 {
		return nil, operation("the data is no key that AES-KW wrapped")
	}
	block, err := blockOf(c)
	if err != nil {
		return nil, err
	}
	n := len(out)/8 - 1
	var both [16]byte
	for step := 6 * n; step >= 1; step-- {
		at := 8 * ((step-1)%n + 1)
		binary.BigEndian.PutUint64(both[:8], binary.BigEndian.Uint64(out)^uint64(step))
		copy(both[8:], out[at:at+8])
		block.Decrypt(both[:], both[:])
		copy(out[:8], both[:8])
		copy(out[at:], both[8:])
	}
	if binary.BigEndian.Uint64(out) != 0xa6a6a6a6a6a6a6a6 {
		return nil, operation("the data cannot be unwrapped with this key")
	}
	return out[8:], nil
}
