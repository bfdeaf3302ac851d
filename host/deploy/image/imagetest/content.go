package imagetest

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// upload takes a blob: whole, in two steps, in parts, or from another repository.
func (r *Registry) upload(w http.ResponseWriter, q *http.Request, name, id string, body []byte) {
	query := q.URL.Query()
	if from := query.Get("from"); q.Method == http.MethodPost && from != "" {
		if data, ok := r.repo(from).blobs[digest.Digest(query.Get("mount"))]; ok {
			r.repo(name).blobs[digest.FromBytes(data)] = data
			w.WriteHeader(http.StatusCreated)
			return
		}
	}
	wanted := digest.Digest(query.Get("digest"))
	switch {
	case q.Method == http.MethodPost && wanted == "":
		id = rand.Text()
		r.uploads[id] = nil
		w.Header().Set("Location", "/v2/"+name+"/blobs/uploads/"+id)
		w.WriteHeader(http.StatusAccepted)
		return
	case q.Method == http.MethodPatch:
		r.uploads[id] = append(r.uploads[id], body...)
		w.Header().Set("Location", q.URL.Path)
		w.WriteHeader(http.StatusAccepted)
		return
	}
	data := append(r.uploads[id], body...)
	delete(r.uploads, id)
	if digest.FromBytes(data) != wanted {
		refuse(w, http.StatusBadRequest, "DIGEST_INVALID", fmt.Sprintf("%d bytes are not %s", len(data), wanted))
		return
	}
	r.repo(name).blobs[wanted] = data
	w.WriteHeader(http.StatusCreated)
}

// putManifest takes a manifest whose parts are there. Its subject need not be.
func (r *Registry) putManifest(w http.ResponseWriter, q *http.Request, name, reference string, body []byte) {
	var m struct {
		MediaType string               `json:"mediaType"`
		Config    *ocispec.Descriptor  `json:"config"`
		Layers    []ocispec.Descriptor `json:"layers"`
		Manifests []ocispec.Descriptor `json:"manifests"`
		Subject   *ocispec.Descriptor  `json:"subject"`
	}
	if err := json.Unmarshal(body, &m); err != nil || m.MediaType != q.Header.Get("Content-Type") {
		what := fmt.Sprintf("%q sent as %q, %v", m.MediaType, q.Header.Get("Content-Type"), err)
		refuse(w, http.StatusBadRequest, "MANIFEST_INVALID", what)
		return
	}
	if m.Config != nil {
		m.Layers = append(m.Layers, *m.Config)
	}
	repo := r.repo(name)
	for _, l := range m.Layers {
		if data, ok := repo.blobs[l.Digest]; !ok || int64(len(data)) != l.Size {
			refuse(w, http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN", l.Digest.String())
			return
		}
	}
	for _, l := range m.Manifests {
		if child, ok := repo.manifests[l.Digest]; !ok || int64(len(child.data)) != l.Size {
			refuse(w, http.StatusBadRequest, "MANIFEST_BLOB_UNKNOWN", l.Digest.String())
			return
		}
	}
	d := digest.FromBytes(body)
	if strings.Contains(reference, ":") && reference != d.String() {
		refuse(w, http.StatusBadRequest, "DIGEST_INVALID", reference)
		return
	}
	repo.manifests[d] = stored{m.MediaType, body}
	if !strings.Contains(reference, ":") {
		repo.tags[reference] = d
	}
	if m.Subject != nil && !r.options.NoReferrers {
		w.Header().Set("OCI-Subject", m.Subject.Digest.String())
	}
	w.Header().Set("Docker-Content-Digest", d.String())
	w.WriteHeader(http.StatusCreated)
}

// tagsPerPage is how many tags a page of the list has: few, so that whoever lists them must page.
const tagsPerPage = 3

// listTags lists the tags of a repository, page by page.
func (r *Registry) listTags(w http.ResponseWriter, q *http.Request, name string) {
	tags := slices.Sorted(maps.Keys(r.repo(name).tags))
	if len(tags) == 0 {
		refuse(w, http.StatusNotFound, "NAME_UNKNOWN", name)
		return
	}
	after := q.URL.Query().Get("last")
	tags = slices.DeleteFunc(tags, func(tag string) bool { return tag <= after })
	if len(tags) > tagsPerPage {
		tags = tags[:tagsPerPage]
		w.Header().Set("Link", fmt.Sprintf(`</v2/%s/tags/list?last=%s>; rel="next"`, name, url.QueryEscape(tags[len(tags)-1])))
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"name": name, "tags": tags}) //nolint:errcheck // as above
}

func (r *Registry) referrers(w http.ResponseWriter, name string, subject digest.Digest) {
	w.Header().Set("Content-Type", ocispec.MediaTypeImageIndex)
	json.NewEncoder(w).Encode(r.referring(name, subject)) //nolint:errcheck // as above
}

// Referrers lists what refers to a manifest.
func (r *Registry) Referrers(name string, subject digest.Digest) ocispec.Index {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.referring(name, subject)
}

func (r *Registry) referring(name string, subject digest.Digest) ocispec.Index {
	index := ocispec.Index{MediaType: ocispec.MediaTypeImageIndex, Manifests: []ocispec.Descriptor{}}
	index.SchemaVersion = 2
	for d, s := range r.repo(name).manifests {
		var m ocispec.Manifest
		if json.Unmarshal(s.data, &m) == nil && m.Subject != nil && m.Subject.Digest == subject {
			index.Manifests = append(index.Manifests, ocispec.Descriptor{
				MediaType: s.mediaType, ArtifactType: m.ArtifactType, Digest: d, Size: int64(len(s.data)),
			})
		}
	}
	return index
}
