// Package imagetest has what tests of container images need: a registry on loopback that takes the
// specification at its word, a reader that does the same, and the unpacking of an image into a
// folder, so that what is in it can be run. Nothing of it is part of carjs.
package imagetest

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Registry is a registry in memory, as the OCI distribution specification has it. It refuses
// content that does not match its digest, and manifests that refer to what is not there.
type Registry struct {
	// Host is its address, "127.0.0.1:5000", and Server the server that answers there.
	Host   string
	Server *httptest.Server

	mu       sync.Mutex
	options  Options
	repos    map[string]*repository
	uploads  map[string][]byte
	requests []string
}

// Options say how a registry behaves. The zero value lets everybody do everything, over plain HTTP.
type Options struct {
	// TLS makes it answer over TLS, with the certificate of Server.
	TLS bool
	// Users are passwords by user name; nil for no login. Readers among them may not push.
	Users   map[string]string
	Readers []string
	// Tokens makes logins go the way of bearer tokens instead of basic authentication.
	Tokens bool
	// NoReferrers makes it a registry of before the referrers API.
	NoReferrers bool
	// Before sees every request first and returns true when it has answered it.
	Before func(http.ResponseWriter, *http.Request) bool
}

type repository struct {
	blobs     map[digest.Digest][]byte
	manifests map[digest.Digest]stored
	tags      map[string]digest.Digest
}

type stored struct {
	mediaType string
	data      []byte
}

// NewRegistry starts a registry that ends with the test.
func NewRegistry(t testing.TB, options Options) *Registry {
	t.Helper()
	r := &Registry{options: options, repos: map[string]*repository{}, uploads: map[string][]byte{}}
	r.Server = httptest.NewUnstartedServer(r)
	r.Server.Config.ErrorLog = log.New(io.Discard, "", 0) // clients that do not trust it, and its own deaths, are part of tests
	if options.TLS {
		r.Server.StartTLS()
	} else {
		r.Server.Start()
	}
	r.Host = r.Server.Listener.Addr().String()
	t.Cleanup(r.Server.Close)
	return r
}

// Set changes how the registry behaves; TLS stays as it is.
func (r *Registry) Set(options Options) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.options = options
}

// Tags are the digests of a repository's tags, by tag.
func (r *Registry) Tags(name string) map[string]digest.Digest {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := map[string]digest.Digest{}
	for tag, d := range r.repo(name).tags {
		out[tag] = d
	}
	return out
}

// Requests are the requests up to now, "PUT /v2/...", and forgets them.
func (r *Registry) Requests() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.requests
	r.requests = nil
	return out
}

// Source reads a repository.
func (r *Registry) Source(name string) Source {
	return func(d digest.Digest) ([]byte, error) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if m, ok := r.repo(name).manifests[d]; ok {
			return m.data, nil
		}
		if data, ok := r.repo(name).blobs[d]; ok {
			return data, nil
		}
		return nil, fmt.Errorf("%s has no %s", name, d)
	}
}

// Put stores content in a repository, as a manifest when it has a media type of one and under the
// tag when there is one.
func (r *Registry) Put(name, tag, mediaType string, data []byte) ocispec.Descriptor {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := digest.FromBytes(data)
	if strings.Contains(mediaType, "manifest") || strings.Contains(mediaType, "index") {
		r.repo(name).manifests[d] = stored{mediaType, data}
	} else {
		r.repo(name).blobs[d] = data
	}
	if tag != "" {
		r.repo(name).tags[tag] = d
	}
	return ocispec.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(data))}
}

func (r *Registry) repo(name string) *repository {
	if r.repos[name] == nil {
		r.repos[name] = &repository{map[digest.Digest][]byte{}, map[digest.Digest]stored{}, map[string]digest.Digest{}}
	}
	return r.repos[name]
}

var route = regexp.MustCompile(`^/v2/(.+)/(blobs|manifests|referrers|tags)/(.*)$`)

// ServeHTTP answers a request.
func (r *Registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.mu.Lock()
	before := r.options.Before
	r.requests = append(r.requests, q.Method+" "+q.URL.Path)
	r.mu.Unlock()
	if before != nil && before(w, q) {
		return
	}
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.URL.Path == "/token" {
		r.token(w, q)
		return
	}
	if !r.allowed(w, q) {
		return
	}
	parts := route.FindStringSubmatch(q.URL.Path)
	switch {
	case q.URL.Path == "/v2/":
		w.WriteHeader(http.StatusOK)
	case parts == nil:
		refuse(w, http.StatusNotFound, "NAME_INVALID", q.URL.Path)
	case parts[2] == "blobs" && strings.HasPrefix(parts[3], "uploads/"):
		r.upload(w, q, parts[1], strings.TrimPrefix(parts[3], "uploads/"), body)
	case parts[2] == "blobs":
		data, ok := r.repo(parts[1]).blobs[digest.Digest(parts[3])]
		answer(w, q, ok, "BLOB_UNKNOWN", stored{"application/octet-stream", data})
	case parts[2] == "manifests" && q.Method == http.MethodPut:
		r.putManifest(w, q, parts[1], parts[3], body)
	case parts[2] == "manifests":
		m, ok := r.repo(parts[1]).manifests[r.resolve(parts[1], parts[3])]
		answer(w, q, ok, "MANIFEST_UNKNOWN", m)
	case parts[2] == "tags" && parts[3] == "list":
		r.listTags(w, q, parts[1])
	case parts[2] == "referrers" && !r.options.NoReferrers:
		r.referrers(w, parts[1], digest.Digest(parts[3]))
	default:
		refuse(w, http.StatusNotFound, "UNSUPPORTED", q.URL.Path)
	}
}

func (r *Registry) resolve(name, reference string) digest.Digest {
	if d, ok := r.repo(name).tags[reference]; ok {
		return d
	}
	return digest.Digest(reference)
}

func answer(w http.ResponseWriter, q *http.Request, ok bool, code string, s stored) {
	if !ok {
		refuse(w, http.StatusNotFound, code, q.URL.Path)
		return
	}
	w.Header().Set("Content-Type", s.mediaType)
	w.Header().Set("Content-Length", fmt.Sprint(len(s.data)))
	w.Header().Set("Docker-Content-Digest", digest.FromBytes(s.data).String())
	if q.Method != http.MethodHead {
		w.Write(s.data) //nolint:errcheck // a client that is gone is the test's
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	said := map[string]any{"errors": []any{map[string]string{"code": code, "message": message}}}
	json.NewEncoder(w).Encode(said) //nolint:errcheck // as above
}
