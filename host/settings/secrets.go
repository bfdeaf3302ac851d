package settings

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"carjs/host/failure"
)

// The place of the key below the folder of secrets.
const keyFile = ".jwk/key.jwk"

// maxSecretSize is far beyond any secret; a larger file is something else that was mounted there.
const maxSecretSize = 4 << 20

// keyAlgorithms and contentAlgorithms are what a secret may be encrypted with: all that the
// platform's libraries offer and that is sound. RSA1_5 is not (padding oracles), and passwords
// (PBES2) are no keys.
var (
	keyAlgorithms = []jose.KeyAlgorithm{
		jose.RSA_OAEP, jose.RSA_OAEP_256, jose.DIRECT,
		jose.A128KW, jose.A192KW, jose.A256KW, jose.A128GCMKW, jose.A192GCMKW, jose.A256GCMKW,
		jose.ECDH_ES, jose.ECDH_ES_A128KW, jose.ECDH_ES_A192KW, jose.ECDH_ES_A256KW,
	}
	contentAlgorithms = []jose.ContentEncryption{
		jose.A128GCM, jose.A192GCM, jose.A256GCM, jose.A128CBC_HS256, jose.A192CBC_HS384, jose.A256CBC_HS512,
	}
)

// readSecrets decrypts the secrets that are mounted in a folder: the plaintext by the name of its
// file. Mounted tells whether there are any, or at least their key; a folder that does not exist
// has none. Files and folders whose names begin with a dot are not secrets: the key is kept in one,
// and Kubernetes keeps the files that the names are links to in another.
//
// No cause is kept in a failure: what a library says of a file that it cannot read may quote the
// file.
func readSecrets(dir string) (secrets map[string]string, mounted bool, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, secretFailure("cannot read the secrets folder %s", dir)
	}
	var names []string
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, entry.Name())) // follows the links
		if err != nil {
			return nil, false, secretFailure("cannot read the secret %s", filepath.Join(dir, entry.Name()))
		}
		if !info.IsDir() {
			names = append(names, entry.Name())
		}
	}
	if len(names) == 0 {
		_, err := os.Stat(filepath.Join(dir, keyFile))
		return nil, err == nil, nil
	}
	key, err := readKey(filepath.Join(dir, keyFile))
	if err != nil {
		return nil, true, err
	}
	secrets = make(map[string]string)
	for _, name := range names {
		secrets[name], err = decryptFile(filepath.Join(dir, name), key)
		if err != nil {
			return nil, true, err
		}
	}
	return secrets, true, nil
}

func readKey(path string) (*jose.JSONWebKey, error) {
	data, err := readLimited(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, secretFailure("secrets are mounted, but their key %s is missing", path)
	}
	if err != nil {
		return nil, secretFailure("cannot read the key of the secrets, %s", path)
	}
	return parseKey(path, data)
}

// parseKey reads the key of the secrets; the path is for messages.
func parseKey(path string, data []byte) (*jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	if err := json.Unmarshal(data, &key); err != nil || !decrypts(key.Key) {
		return nil, secretFailure("the key of the secrets, %s, is not a JWK for decryption", path)
	}
	return &key, nil
}

// decrypts tells whether a key is of a kind that can: a public one cannot, nor can one for
// signatures only.
func decrypts(key any) bool {
	switch key := key.(type) {
	case []byte:
		return len(key) > 0
	case *rsa.PrivateKey, *ecdsa.PrivateKey:
		return true
	}
	return false
}

// decryptFile returns exactly the plaintext, a newline at its end included: only who encrypted it
// knows whether it belongs.
func decryptFile(path string, key *jose.JSONWebKey) (string, error) {
	data, err := readLimited(path)
	if err != nil {
		return "", secretFailure("cannot read the secret %s", path)
	}
	return decrypt(path, data, key)
}

// decrypt returns the plaintext of a secret; the path is for messages.
func decrypt(path string, data []byte, key *jose.JSONWebKey) (string, error) {
	token, err := jose.ParseEncryptedCompact(strings.TrimSpace(string(data)), keyAlgorithms, contentAlgorithms)
	if err != nil {
		return "", secretFailure("the secret %s is not a compact JWE with an allowed algorithm", path)
	}
	plain, err := token.Decrypt(key)
	if err != nil {
		return "", secretFailure("cannot decrypt the secret %s with the key %s", path, keyFile)
	}
	return string(plain), nil
}

func readLimited(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSecretSize+1))
	if err == nil && len(data) > maxSecretSize {
		return nil, errors.New("file too large")
	}
	return data, err
}

func secretFailure(format string, args ...any) *failure.Failure {
	return invalid(format, args...).WithHint("mount every secret as a compact JWE next to its key, or set another folder with -secrets-dir")
}
