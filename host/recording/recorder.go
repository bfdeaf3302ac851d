package recording

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"carjs/host/files"
	"carjs/host/httpx"
	"carjs/host/redact"
)

// Recorder carries requests to the data source and writes them down with their answers. It is safe
// for concurrent use.
type Recorder struct {
	next     http.RoundTripper
	scrub    scrubber
	manifest Manifest
	dir      string // where files are written
	target   string // where they go at the end; empty when they are there already
	fresh    bool   // target was not there before
	// Originals, when set, keeps the answers of which something is hidden.
	Originals *Originals
	// Apart tells that the recording does not go on with what was recorded before in its folder: the
	// time in a replay is that of this one.
	Apart bool
	// before is what the folder had; nil for nothing.
	before *Manifest
	shared *shared
}

// shared is what recorders with different TLS settings have in common.
type shared struct {
	mu      sync.Mutex
	number  int
	trouble error
	written []string           // names of files
	open    map[*recorded]bool // answers that are being read
	ended   chan struct{}      // told when one of them is not any more
}

func newShared() *shared { return &shared{open: map[*recorded]bool{}, ended: make(chan struct{}, 1)} }

// NotOursError is a folder that holds something other than a recording, which is not to be lost.
type NotOursError struct{ Dir, File string }

// Error names the folder and a file in it.
func (e *NotOursError) Error() string {
	return fmt.Sprintf("%s is not a recording: it has the file %s", e.Dir, e.File)
}

// Record starts a recording that goes into a folder once [Recorder.Close] is called: what was asked
// takes the place of what is recorded there of the same requests, and the rest of an earlier
// recording stays, so that several runs can be recorded into one folder. redactor takes the
// secrets out. A folder with anything but a recording is a
// [*NotOursError], one with a mistake in it a [*Mistake].
func Record(dir string, next http.RoundTripper, redactor *redact.Redactor, manifest Manifest) (*Recorder, error) {
	files, err := replaceable(dir)
	if err != nil {
		return nil, err
	}
	before, err := earlier(dir, files)
	if err != nil {
		return nil, err
	}
	_, err = os.Stat(dir)
	fresh := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("record into %s: %w", dir, err)
	}
	tidy(dir)
	// In the folder itself, which may be on another disk than the one that it is in.
	temporary, err := os.MkdirTemp(dir, workName+"*")
	if err != nil {
		return nil, fmt.Errorf("record into %s: %w", dir, err)
	}
	manifest.Format = Format
	return &Recorder{
		next: next, scrub: scrubber{redactor}, manifest: manifest, dir: temporary, target: dir, fresh: fresh,
		before: before, shared: newShared(),
	}, nil
}

// joins is how long after a recording another one can go on with it, so that a replay of both has
// the time of the first.
const joins = 24 * time.Hour

// earlier reads what is recorded in a folder, all of it; nil when there is nothing.
func earlier(dir string, files []string) (*Manifest, error) {
	if len(files) == 0 {
		return nil, nil
	}
	recorded, err := Open(dir)
	if errors.Is(err, ErrEmpty) {
		var m Manifest
		return &m, decode(filepath.Join(dir, ManifestFile), &m)
	}
	if err != nil {
		return nil, err
	}
	return &recorded.Manifest, nil
}

// goesOn tells whether the recording goes on with an earlier one.
func (r *Recorder) goesOn() bool {
	if r.target == "" {
		return r.before != nil // it was extended
	}
	return r.before != nil && !r.before.Sample && !r.Apart && r.manifest.Recorded.Sub(r.before.Recorded).Abs() <= joins
}

// Imported tells in which mode the import was that is recorded.
func (r *Recorder) Imported(mode string) {
	if mode != "" && !slices.Contains(r.manifest.Imports, mode) {
		r.manifest.Imports = append(r.manifest.Imports, mode)
	}
}

// HasFull tells whether a full import is in the recording, as far as [Recorder.Imported] told.
func (r *Recorder) HasFull() bool {
	return slices.Contains(r.manifest.Imports, fullImport) || r.goesOn() && slices.Contains(r.before.Imports, fullImport)
}

// Extend goes on with the recording in a folder, which may be empty or missing: files are written
// there at once.
func Extend(dir string, next http.RoundTripper, redactor *redact.Redactor, manifest Manifest) (*Recorder, error) {
	files, err := replaceable(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("record into %s: %w", dir, err)
	}
	tidy(dir)
	manifest.Format = Format
	var before *Manifest
	if slices.Contains(files, ManifestFile) {
		before = &Manifest{}
		if err := decode(filepath.Join(dir, ManifestFile), before); err != nil {
			return nil, err
		}
	}
	r := &Recorder{next: next, scrub: scrubber{redactor}, manifest: manifest, dir: dir, before: before, shared: newShared()}
	r.shared.number = last(files)
	return r, nil
}

// replaceable returns the files of a recording that may be replaced.
func replaceable(dir string) ([]string, error) {
	files, other, err := ours(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("record into %s: %w", dir, err)
	case other != "":
		return nil, &NotOursError{Dir: dir, File: other}
	}
	return files, nil
}

var _ httpx.TLSTransport = (*Recorder)(nil)

// WithTLS is the same recorder over connections with other TLS settings.
func (r *Recorder) WithTLS(config *tls.Config) http.RoundTripper {
	other := *r
	other.next = httpx.WithTLS(r.next, config)
	return &other
}

// RoundTrip carries one request. Its file is written when the answer has been read, or closed. A
// request without an answer leaves no file.
func (r *Recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	sent, err := readBody(q)
	if err != nil {
		return nil, err
	}
	r.shared.mu.Lock()
	r.shared.number++
	number := r.shared.number
	r.shared.mu.Unlock()
	made := time.Now()
	outer := q.Context()
	inner, cancel := context.WithCancelCause(context.WithoutCancel(outer))
	stop := context.AfterFunc(outer, func() { cancel(context.Cause(outer)) })
	answer, err := r.next.RoundTrip(q.WithContext(inner))
	if err != nil {
		stop()
		cancel(nil)
		return nil, err
	}
	body, err := r.pending(answer, cancel)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("record an answer: %w", err), answer.Body.Close())
	}
	if stop() {
		body.watch(outer)
	}
	body.end = func(how ending) {
		// An answer that failed is as good as none, and is asked for again.
		if how != broken || body.err != nil {
			r.note(r.write(number, made, q, sent, answer, body, how == cut))
		}
		r.ended(body)
	}
	answer.Body = body
	return answer, nil
}

// readBody reads what a request sends, which is in memory, and puts it back.
func readBody(q *http.Request) ([]byte, error) {
	if q.Body == nil || q.Body == http.NoBody {
		return nil, nil
	}
	sent, err := io.ReadAll(q.Body)
	if err := errors.Join(err, q.Body.Close()); err != nil {
		return nil, fmt.Errorf("record a request: %w", err)
	}
	q.Body = http.NoBody // which is sent as such, and not in chunks
	if len(sent) > 0 {
		q.Body = io.NopCloser(bytes.NewReader(sent))
	}
	return sent, nil
}

// write writes the file of an exchange.
func (r *Recorder) write(
	number int, made time.Time, q *http.Request, sent []byte, answer *http.Response, body *recorded, cut bool,
) error {
	received, err := body.read()
	if err != nil {
		return fmt.Errorf("copy an answer: %w", err)
	}
	e := exchange{
		Request: request{
			At: made.UTC().Truncate(time.Millisecond), Method: q.Method, URL: r.scrub.url(q.URL.String()), Headers: r.scrub.headers(q.Header),
			body: r.scrub.body(redact.Tokens(sent), q.Header.Get(contentType)),
		},
		Response: response{
			Status: answer.StatusCode, Headers: r.scrub.received(answer.Header), Cut: cut,
			body: r.scrub.body(redact.Tokens(received), answer.Header.Get(contentType)),
		},
	}
	if at, err := url.Parse(e.Request.URL); err == nil {
		r.Originals.keep(r.ignore().identity(q.Method, at, canonical(e.Request.bytes())), e.Response.body, received)
	}
	data, err := encode(e)
	if err != nil {
		return err
	}
	name := fileName(number, q.Method, r.scrub.text(q.URL.Path))
	r.shared.mu.Lock()
	r.shared.written = append(r.shared.written, name)
	r.shared.mu.Unlock()
	return files.Write(filepath.Join(r.dir, name), data)
}

// encode is JSON for people: indented, with the characters that they know.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return out.Bytes(), err
}

// note keeps the first thing that went wrong for Close.
func (r *Recorder) note(err error) {
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	if r.shared.trouble == nil {
		r.shared.trouble = err
	}
}

// Close finishes the recording and puts it in its place. Secrets that became known after a file was
// written are taken out of it. No request may be made any more.
func (r *Recorder) Close() error {
	r.wait()
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	names, _, err := ours(r.dir)
	err = errors.Join(err, r.shared.trouble, r.rescrub(names), r.writeManifest())
	if r.target != "" {
		if err == nil {
			err = r.replace()
		}
		err = errors.Join(err, r.remove())
	}
	return unwritten(err)
}

// CloseAddition is Close for a recording that was extended, in whose earlier files there is no
// secret that has become known since: they are not looked at again, and nothing is written when no
// request was made.
func (r *Recorder) CloseAddition() error {
	if r.target != "" {
		return r.Close()
	}
	r.wait()
	r.shared.mu.Lock()
	defer r.shared.mu.Unlock()
	err := errors.Join(r.shared.trouble, r.rescrub(r.shared.written))
	if len(r.shared.written) > 0 {
		err = errors.Join(err, r.writeManifest())
	}
	return unwritten(err)
}

func unwritten(err error) error {
	if err != nil {
		return fmt.Errorf("write the recording: %w", err)
	}
	return nil
}

// Discard gives the recording up: what was there before stays.
func (r *Recorder) Discard() error {
	if r.target == "" {
		return r.Close()
	}
	r.wait()
	return r.remove()
}

// remove removes the folder of files that are not in their place yet, and the recording's own where
// it was made and stayed empty.
func (r *Recorder) remove() error {
	err := os.RemoveAll(r.dir)
	if r.fresh {
		_ = os.Remove(r.target) // not when there is something in it
	}
	return err
}

// ignore is what the recording does not compare.
func (r *Recorder) ignore() Ignore {
	if r.before == nil || r.before.Sample {
		return Ignore{}
	}
	return r.before.Ignore
}

func (r *Recorder) writeManifest() error {
	r.manifest.Ignore = r.ignore()
	if r.goesOn() {
		r.manifest.Recorded = r.before.Recorded
		for _, mode := range r.before.Imports {
			r.Imported(mode)
		}
		slices.Sort(r.manifest.Imports)
	}
	for name, value := range r.manifest.Settings {
		r.manifest.Settings[name] = r.scrub.text(value)
	}
	data, err := encode(r.manifest)
	if err != nil {
		return err
	}
	return files.Write(filepath.Join(r.dir, ManifestFile), data)
}
