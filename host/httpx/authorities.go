package httpx

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Bundles returns the names of the variables that name certificate authorities to trust besides
// those of the system: each a file in PEM form, or a folder of such files. These are the names that
// OpenSSL, Python's requests and curl use, so a machine set up for those needs nothing more.
func Bundles() []string { return []string{"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"} }

// Roots returns the certificate authorities of the system and those of the variables of [Bundles].
// It reads files, which takes milliseconds. The error is an [*EnvironmentError]. A nil lookup means
// the environment of the process. The caller owns the pool.
func Roots(lookup Lookup) (*x509.CertPool, error) {
	if lookup == nil {
		lookup = os.LookupEnv
	}
	return rootsWith(bundlesIn(lookup))
}

// bundle is a variable and the path that it names.
type bundle struct{ variable, path string }

func bundlesIn(lookup Lookup) []bundle {
	var bundles []bundle
	seen := map[string]bool{}
	for _, name := range Bundles() {
		if _, path := lookup.first(name); path != "" && !seen[path] {
			seen[path] = true
			bundles = append(bundles, bundle{name, path})
		}
	}
	return bundles
}

func rootsWith(bundles []bundle) (*x509.CertPool, error) {
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any is no reason to ignore the named ones
	}
	for _, b := range bundles {
		found := false
		err := b.read(func(data []byte) { found = pool.AppendCertsFromPEM(data) || found })
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, b.empty()
		}
	}
	return pool, nil
}

// check returns an error if a bundle cannot be read or holds no certificate. It parses only the
// first: a bundle may hold hundreds.
func (b bundle) check() error {
	found := false
	err := b.read(func(data []byte) {
		for !found && len(data) > 0 {
			var block *pem.Block
			if block, data = pem.Decode(data); block == nil {
				return
			}
			if block.Type == "CERTIFICATE" {
				_, err := x509.ParseCertificate(block.Bytes)
				found = err == nil
			}
		}
	})
	if err == nil && !found {
		return b.empty()
	}
	return err
}

// read yields the content of the file, or of each file in the folder.
func (b bundle) read(each func([]byte)) error {
	info, err := os.Stat(b.path)
	if err != nil {
		return b.unreadable(err)
	}
	paths := []string{b.path}
	if info.IsDir() {
		entries, err := os.ReadDir(b.path)
		if err != nil {
			return b.unreadable(err)
		}
		paths = paths[:0]
		for _, entry := range entries {
			path := filepath.Join(b.path, entry.Name())
			// Links are followed: such folders consist of links.
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
				paths = append(paths, path)
			}
		}
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return b.unreadable(err)
		}
		each(data)
	}
	return nil
}

func (b bundle) unreadable(err error) error {
	path, reason := b.path, err
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		path, reason = wrapped.Path, wrapped.Err
	}
	return &EnvironmentError{Variable: b.variable, Problem: fmt.Sprintf("cannot read %s: %v", path, reason), Err: err}
}

func (b bundle) empty() error {
	return &EnvironmentError{Variable: b.variable, Problem: b.path + " holds no certificate in PEM form"}
}
