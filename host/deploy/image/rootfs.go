package image

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/crypto/x509roots/fallback/bundle"

	"carjs/host/failure"
)

// Where things are in an image.
const (
	// WorkingFolder is the folder that a run starts in and keeps its state below. The platform
	// looks for configurations/ there.
	WorkingFolder = "/usr/src/app"
	// ConnectorFolder holds the artifact.
	ConnectorFolder = "/connector"

	binaryPath = "usr/local/bin/carjs"
	// authoritiesPath is where Go looks for certificate authorities first, addedPath where those
	// that are added to a base lie, so that what the base has there stays.
	authoritiesPath = "etc/ssl/certs/ca-certificates.crt"
	addedPath       = "connector/ca-certificates.crt"
)

// user is who runs the connector. Platforms that give every run a user id of its own keep the
// group, 0, which is why that may write into the working folder.
const user = 1001

// sharedLayers are the layers that are the same for every platform: what is below the binary and
// what is above it. What changes most often comes last.
func (i *Image) sharedLayers() (first, last layer, err error) {
	entries, history := i.system(), "certificate authorities, user, folders"
	if i.base != nil {
		entries, history = i.onBase(), "folders"
	}
	if first, err = pack(history, entries); err != nil {
		return first, last, err
	}
	last, err = pack("connector "+i.spec.Name, i.connector())
	return first, last, err
}

// system is what an image from nothing needs besides carjs. Time zones are in the binary.
func (i *Image) system() []entry {
	return []entry{
		{name: "connector/", mode: 0o755},
		{name: "etc/", mode: 0o755},
		{name: "etc/group", mode: 0o644, data: []byte("root:x:0:\nnobody:x:65534:\n")},
		{name: "etc/passwd", mode: 0o644, data: []byte("root:x:0:0:root:/:/sbin/nologin\n" +
			"carjs:x:1001:0:carjs:" + WorkingFolder + ":/sbin/nologin\n")},
		{name: "etc/ssl/", mode: 0o755},
		{name: "etc/ssl/certs/", mode: 0o755},
		{name: authoritiesPath, mode: 0o644, data: append(mozilla(), i.spec.Authorities...)},
		{name: "tmp/", mode: 0o1777},
		{name: "usr/", mode: 0o755},
		{name: "usr/local/", mode: 0o755},
		{name: "usr/local/bin/", mode: 0o755},
		{name: "usr/src/", mode: 0o755},
		{name: "usr/src/app/", mode: 0o775, uid: user},
	}
}

// onBase is what is added to a base: nothing that it may have itself, because a folder in a layer
// would replace the owner and mode of one below it.
func (i *Image) onBase() []entry {
	entries := []entry{
		{name: "connector/", mode: 0o755},
		{name: "usr/src/app/", mode: 0o775, uid: user},
	}
	if len(i.spec.Authorities) > 0 {
		entries = append(entries, entry{name: addedPath, mode: 0o644, data: i.spec.Authorities})
	}
	return entries
}

// connector is the artifact and the configurations.
func (i *Image) connector() []entry {
	entries := []entry{{name: i.artifactPath()[1:], mode: 0o644, data: i.spec.Artifact}}
	folders := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(i.spec.Configurations)) {
		if dir := path.Dir(name); dir != "." && !folders[dir] {
			folders[dir] = true
			entries = append(entries, entry{name: path.Join("usr/src/app", dir) + "/", mode: 0o775, uid: user})
		}
		entries = append(entries, entry{name: path.Join("usr/src/app", name), mode: 0o664, uid: user, data: i.spec.Configurations[name]})
	}
	return entries
}

func (i *Image) artifactPath() string { return path.Join(ConnectorFolder, i.spec.Name+".carjs") }

// mozilla returns the certificate authorities that Mozilla trusts, in PEM form, of the version that
// carjs is built with: the same on every machine. An authority that is trusted for certificates of
// before some day only is left out, because a PEM file cannot say that.
func mozilla() []byte {
	var out bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // a buffer takes all
		}
	}
	return out.Bytes()
}

// checkAuthorities tells whether authorities can be used. Who can pull the image can read them.
func checkAuthorities(data []byte) error {
	if data == nil {
		return nil
	}
	const begin = "-----BEGIN "
	n := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(data) {
		if bytes.Count(data[:len(data)-len(rest)], []byte(begin)) > 1 {
			break // there is one that cannot be read before it
		}
		data = rest
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return failure.Usage("the file of -ca holds a private key, which everybody could read in the image").
				WithHint("set -ca to a file that has nothing but certificates")
		}
		if block.Type != "CERTIFICATE" {
			return failure.Usage("the file of -ca holds a %s, not only certificates", block.Type).
				WithHint("set -ca to a file with lines like -----BEGIN CERTIFICATE-----")
		}
		n++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return failure.Usage("certificate %d in the file of -ca cannot be read: %v", n, err).WithCause(err).
				WithHint("export it again, in PEM form")
		}
	}
	if bytes.Contains(data, []byte(begin)) {
		return failure.Usage("what follows certificate %d in the file of -ca is cut off or damaged", n).WithHint("export it again, in PEM form")
	}
	if n == 0 {
		return failure.Usage("the file of -ca holds no certificate in PEM form").
			WithHint("set -ca to a file with lines like -----BEGIN CERTIFICATE-----")
	}
	return nil
}
