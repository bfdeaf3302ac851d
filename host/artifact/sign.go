package artifact

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"io"
	"os"

	"carjs/host/failure"
)

// A signed artifact has its signature in the comment of the zip, at the very end of the file, where
// other readers of zips ignore it. What is signed is every byte before the comment, with the number
// that says how long the comment is; the comment itself has one spelling for each signature. So no
// byte of the file can be another one: neither of the parts nor of the zip's own lists, which is
// more than checksums of the parts could promise.

// endLength is the length of the record at the end of a zip, without a comment.
const endLength = 22

// endMark begins that record.
const endMark = "PK\x05\x06"

// signatureMark begins the comment. It is followed by the name of the key, in hex, and the signature,
// in base64, each on a line.
const signatureMark = "carjs-ed25519-1\n"

// keyNameLength is how many bytes of the checksum of a public key name it.
const keyNameLength = 8

// signatureLength is the length of the comment of every signed artifact.
var signatureLength = len(signatureMark) + hex.EncodedLen(keyNameLength) + 1 + base64.StdEncoding.EncodedLen(ed25519.SignatureSize) + 1

// keyName names a public key in signatures, so that the message of a refusal can say which key is
// needed. Nothing relies on it.
func keyName(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return hex.EncodeToString(sum[:keyNameLength])
}

// signedText is what is signed of a file: its checksum, with a line before it so that a signature
// for something else is never one for an artifact.
func signedText(body []byte) []byte {
	return []byte("carjs artifact 1\n" + Checksum(body) + "\n")
}

// comment is the comment of a signature.
func comment(key ed25519.PublicKey, signature []byte) []byte {
	return []byte(signatureMark + keyName(key) + "\n" + base64.StdEncoding.EncodeToString(signature) + "\n")
}

// Sign returns an artifact of [Encode] with a signature. The same key signs the same artifact with
// the same bytes.
func Sign(data []byte, key ed25519.PrivateKey) ([]byte, error) {
	if len(data) < endLength || string(data[len(data)-endLength:][:4]) != endMark {
		return nil, fmt.Errorf("sign the artifact: it is signed already, or no artifact")
	}
	body := bytes.Clone(data)
	binary.LittleEndian.PutUint16(body[len(body)-2:], uint16(signatureLength))
	public := key.Public().(ed25519.PublicKey) // which it always is
	return append(body, comment(public, ed25519.Sign(key, signedText(body)))...), nil
}

// split returns the file before its signature, and the comment with the signature, which is nil when
// there is none. It tells nothing about who has signed.
func split(data []byte) (body, signature []byte) {
	at := len(data) - signatureLength
	if at < endLength || !bytes.HasPrefix(data[at:], []byte(signatureMark)) {
		return data, nil
	}
	end := data[at-endLength : at]
	if string(end[:4]) != endMark || int(binary.LittleEndian.Uint16(end[endLength-2:])) != signatureLength {
		return data, nil
	}
	return data[:at], data[at:]
}

// Signed tells whether the artifact has a signature, by whomever.
func (a *Artifact) Signed() bool {
	_, signature := split(a.data)
	return signature != nil
}

// Verify makes sure that one of the keys has signed the artifact, every byte of it. The error is a
// [*failure.Failure].
func (a *Artifact) Verify(path string, keys []ed25519.PublicKey) error {
	refuse := func(hint, format string, args ...any) error {
		return failure.Usage(format, args...).WithFault(failure.FaultConnector).WithHint("%s", hint)
	}
	body, signature := split(a.data)
	if signature == nil {
		return refuse("use an artifact of carjs build -sign", "%s is not signed, and -verify (CARJS_VERIFY) asks for a signature", path)
	}
	name, encoded, _ := bytes.Cut(signature[len(signatureMark):], []byte("\n"))
	decoded, err := base64.StdEncoding.DecodeString(string(bytes.TrimSuffix(encoded, []byte("\n"))))
	known := false
	for _, key := range keys {
		known = known || keyName(key) == string(name)
		// The comment is made anew, because one signature has several spellings in base64.
		if err == nil && bytes.Equal(comment(key, decoded), signature) && ed25519.Verify(key, signedText(body), decoded) {
			return nil
		}
	}
	if !known {
		return refuse("set -verify to the public key of whoever built it, and use nothing that somebody else has signed",
			"%s is signed with another key, %q", path, bytes.ToValidUTF8(name, []byte("?")))
	}
	return refuse("copy it again from whoever built it, and use nothing that was changed",
		"%s was changed after it was signed", path)
}

// maxKeyFile bounds the file of a key.
const maxKeyFile = 1 << 20

// readKeys reads the blocks of a PEM file.
func readKeys(what, flag, file string) ([]*pem.Block, error) {
	refuse := func(err error) error {
		return failure.Usage("cannot read the %s key: %v", what, err).WithCause(err).WithHint("set -%s to a file in PEM form", flag)
	}
	info, err := os.Stat(file)
	if err == nil && (info.IsDir() || info.Size() > maxKeyFile) {
		err = fmt.Errorf("%s is not the file of a key", file)
	}
	if err != nil {
		return nil, refuse(err)
	}
	opened, err := os.Open(file)
	if err != nil {
		return nil, refuse(err)
	}
	defer opened.Close()
	data, err := io.ReadAll(io.LimitReader(opened, maxKeyFile))
	if err != nil {
		return nil, refuse(err)
	}
	var blocks []*pem.Block
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return blocks, nil
		}
		blocks, data = append(blocks, block), rest
	}
}

// How to make keys, for hints.
const (
	makePrivate = "make one: openssl genpkey -algorithm ed25519 -out artifacts.key"
	makePublic  = "make one of the private key: openssl pkey -in artifacts.key -pubout -out artifacts.pub"
)

// ReadPrivateKey reads an Ed25519 private key from a PEM file, PKCS #8 in the clear as openssl
// genpkey writes it. The error is a [*failure.Failure], and shows nothing of the key.
func ReadPrivateKey(file string) (ed25519.PrivateKey, error) {
	blocks, err := readKeys("private", "sign", file)
	if err != nil {
		return nil, err
	}
	refuse := func(hint, format string, args ...any) (ed25519.PrivateKey, error) {
		return nil, failure.Usage("cannot sign with %s: %s", file, fmt.Sprintf(format, args...)).WithHint("%s", hint)
	}
	switch {
	case len(blocks) == 0:
		return refuse(makePrivate, "it holds no private key in PEM form")
	case len(blocks) > 1:
		return refuse("leave one of them", "it holds %d blocks instead of one key", len(blocks))
	case blocks[0].Type == "ENCRYPTED PRIVATE KEY":
		return refuse("decrypt it for the time of the build: openssl pkey -in KEY -out PLAIN", "the key is encrypted")
	case blocks[0].Type != "PRIVATE KEY":
		return refuse(makePrivate, "it holds a block %q, not a private key", blocks[0].Type)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(blocks[0].Bytes)
	if err != nil {
		return refuse(makePrivate, "the key is damaged")
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return refuse(makePrivate, "the key is not for Ed25519")
	}
	return key, nil
}

// ReadPublicKeys reads Ed25519 public keys from a PEM file, as openssl pkey -pubout writes them: one
// or several, of which any counts, so that keys can be changed one after the other. The error is a
// [*failure.Failure].
func ReadPublicKeys(file string) ([]ed25519.PublicKey, error) {
	blocks, err := readKeys("public", "verify", file)
	if err != nil {
		return nil, err
	}
	refuse := func(format string, args ...any) ([]ed25519.PublicKey, error) {
		return nil, failure.Usage("cannot verify with %s: %s", file, fmt.Sprintf(format, args...)).WithHint(makePublic)
	}
	if len(blocks) == 0 {
		return refuse("it holds no public key in PEM form")
	}
	var keys []ed25519.PublicKey
	for _, block := range blocks {
		if block.Type != "PUBLIC KEY" {
			return refuse("it holds a block %q, not a public key", block.Type)
		}
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return refuse("the key is damaged")
		}
		key, ok := parsed.(ed25519.PublicKey)
		if !ok {
			return refuse("the key is not for Ed25519")
		}
		keys = append(keys, key)
	}
	return keys, nil
}
