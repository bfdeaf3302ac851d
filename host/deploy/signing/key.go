// Package signing signs what is published with a key in a file, as cosign does, so that cosign and
// the policies of clusters verify it. It knows the files of keys, and nothing of registries: where
// a signature is kept is for host/deploy/image.
package signing

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/crypto/nacl/secretbox"
	"golang.org/x/crypto/scrypt"

	"carjs/host/failure"
)

// PasswordVariable is the environment variable that cosign reads the password of a key from.
const PasswordVariable = "COSIGN_PASSWORD"

// Key is a private key.
type Key struct{ key *ecdsa.PrivateKey }

// ReadKey reads a private key for ECDSA on the curve P-256 from a PEM file: one that cosign
// generate-key-pair wrote, which the password decrypts, or one in the clear, PKCS #8 or SEC 1. The
// error is a [*failure.Failure], and shows nothing of the key.
func ReadKey(file, password string) (*Key, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, failure.Usage("cannot read the key: %v", err).WithCause(err).WithHint("set -key to a file of cosign generate-key-pair")
	}
	refuse := func(hint, format string, args ...any) (*Key, error) {
		return nil, failure.Usage("cannot sign with %s: %s", file, fmt.Sprintf(format, args...)).WithHint("%s", hint)
	}
	const another = "set -key to a file of cosign generate-key-pair"
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return refuse(another, "it holds no private key in PEM form")
		}
		der := block.Bytes
		if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			return refuse("decrypt it for the time of the release: openssl pkey -in KEY -out PLAIN", "the key is encrypted, but not by cosign")
		}
		switch block.Type {
		case "EC PARAMETERS": // OpenSSL writes them before a key
			continue
		case "ENCRYPTED SIGSTORE PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY":
			if der, err = decrypt(der, password); errors.Is(err, errPassword) {
				return refuse("set "+PasswordVariable+" to the password of the key", "the password does not decrypt it")
			} else if err != nil {
				return refuse(another, "%v", err)
			}
		case "PRIVATE KEY", "EC PRIVATE KEY":
		default:
			return refuse(another, "it holds a block %q, not a private key", block.Type)
		}
		key, err := parse(der)
		if err != nil {
			return refuse(another, "%v", err)
		}
		return &Key{key}, nil
	}
}

// parse reads a key in the clear.
func parse(der []byte) (*ecdsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		if parsed, err = x509.ParseECPrivateKey(der); err != nil {
			return nil, errors.New("the key is damaged")
		}
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("the key is not for ECDSA on the curve P-256")
	}
	return key, nil
}

// Sign signs a text, and returns the signature in base64, as cosign stores it. The same key signs
// the same text with the same signature, so that what is published twice is there once.
func (k *Key) Sign(text []byte) (string, error) {
	hash := sha256.Sum256(text)
	signature, err := k.key.Sign(nil, hash[:], crypto.SHA256) // no randomness: RFC 6979
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return base64.StdEncoding.EncodeToString(signature), nil
}

// errPassword is a password that does not decrypt a key.
var errPassword = errors.New("wrong password")

// envelope is an encrypted key.
type envelope struct {
	KDF struct {
		Name   string `json:"name"`
		Params struct {
			N int `json:"N"`
			R int `json:"r"`
			P int `json:"p"`
		} `json:"params"`
		Salt []byte `json:"salt"`
	} `json:"kdf"`
	Cipher struct {
		Name  string `json:"name"`
		Nonce []byte `json:"nonce"`
	} `json:"cipher"`
	Ciphertext []byte `json:"ciphertext"`
}

// maxWork bounds what a file can make scrypt do: 128·N·r bytes, 256 MiB, and p times that work.
const (
	maxWork        = 1 << 21
	maxParallelism = 16
)

// decrypt opens what cosign encrypted: scrypt makes a key of the password, which opens a box.
func decrypt(data []byte, password string) ([]byte, error) {
	var e envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, errors.New("the encrypted key is damaged")
	}
	p := e.KDF.Params
	switch {
	case e.KDF.Name != "scrypt" || e.Cipher.Name != "nacl/secretbox":
		return nil, fmt.Errorf("it is encrypted with %q and %q, which carjs does not know", e.KDF.Name, e.Cipher.Name)
	case p.N < 2 || p.R < 1 || p.P < 1 || p.N > maxWork || p.R > maxWork/p.N || p.P > maxParallelism || len(e.Cipher.Nonce) != 24:
		return nil, errors.New("the encrypted key is damaged")
	}
	derived, err := scrypt.Key([]byte(password), e.KDF.Salt, p.N, p.R, p.P, 32)
	if err != nil {
		return nil, errors.New("the encrypted key is damaged")
	}
	out, ok := secretbox.Open(nil, e.Ciphertext, (*[24]byte)(e.Cipher.Nonce), (*[32]byte)(derived))
	if !ok {
		return nil, errPassword
	}
	return out, nil
}
