package recording

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/redact"
)

// Replayer answers requests from a recording. The nth time that a request comes it gets the answer
// of the nth time that it was recorded, and the last one from then on. It is safe for concurrent
// use.
type Replayer struct {
	recording *Recording
	answers   map[string][]*stored // by identity, in the order of the recording
	scrub     scrubber
	// Originals, when set, has answers as they came of which the recording hides something.
	Originals *Originals
	// Clock is what the connector goes by; nil is the machine's time.
	Clock Clock
	next  http.RoundTripper // asked where nothing is recorded; nil asks nobody
	alike *alike
	mu    *sync.Mutex
	asked map[string]int
}

// Replay answers from a recording alone, or, with next, asks that for what is not in it. redactor
// is that of the recording: what is asked is compared without its secrets, because it was recorded
// so.
func (r *Recording) Replay(next http.RoundTripper, redactor *redact.Redactor) *Replayer {
	answers := make(map[string][]*stored, len(r.exchanges))
	for _, s := range r.exchanges {
		answers[s.identity] = append(answers[s.identity], s)
	}
	return &Replayer{recording: r, answers: answers, scrub: scrubber{redactor}, next: next,
		alike: &alike{}, mu: &sync.Mutex{}, asked: map[string]int{}}
}

// MissingError is a request that is not in a recording.
type MissingError struct {
	// Method and URL are those of the request, without secrets.
	Method, URL string
	// Near are recorded requests that are most like it, "GET /assets?limit=10".
	Near []string
}

// Error names the request.
func (e *MissingError) Error() string {
	return fmt.Sprintf("no response is recorded for %s %s", e.Method, e.URL)
}

// NotRecorded tells this error from others, also where this package is not known.
func (e *MissingError) NotRecorded() bool { return true }

var _ httpx.TLSTransport = (*Replayer)(nil)

// WithTLS is the same replayer with other TLS settings for what it asks elsewhere.
func (p *Replayer) WithTLS(config *tls.Config) http.RoundTripper {
	if p.next == nil {
		return p
	}
	other := *p
	other.next = httpx.WithTLS(p.next, config)
	return &other
}

// Replayed tells whether an answer came from a recording.
func Replayed(answer *http.Response) bool {
	_, ok := answer.Body.(*replayed)
	return ok
}

// RoundTrip answers a request. One that is not recorded is a *failure.Failure with a
// [*MissingError] as its cause.
func (p *Replayer) RoundTrip(q *http.Request) (*http.Response, error) {
	sent, err := readBody(q)
	if err != nil {
		return nil, err
	}
	asked, err := url.Parse(p.scrub.url(q.URL.String()))
	if err != nil {
		asked = q.URL
	}
	body := canonical(p.scrub.body(redact.Tokens(sent), q.Header.Get(contentType)).bytes())
	found := p.pick(asked.Host, p.answers[p.recording.Ignore.identity(q.Method, asked, body)])
	if found == nil {
		found = p.pick(asked.Host, p.atAnotherTime(q.Method, asked, p.recording.Ignore.body(body)))
	}
	if found == nil {
		found = p.pick(asked.Host, p.alike.find(p, q.Method, q.URL, string(sent)))
	}
	switch {
	case found != nil:
		return found.answer(q, p.Originals)
	case p.next != nil:
		return p.next.RoundTrip(q)
	}
	return nil, p.missing(q.Method, asked)
}

// pick finds the answer whose turn it is. The host counts only where the same is recorded of
// several.
func (p *Replayer) pick(host string, answers []*stored) *stored {
	var same, elsewhere []*stored
	for _, s := range answers {
		if s.url.Host == host {
			same = append(same, s)
		} else {
			elsewhere = append(elsewhere, s)
		}
	}
	if len(same) == 0 {
		same = elsewhere
	}
	if len(same) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key := same[0].path
	turn := p.asked[key]
	p.asked[key]++
	return same[min(turn, len(same)-1)]
}

// answer reads a recorded answer.
func (s *stored) answer(q *http.Request, originals *Originals) (*http.Response, error) {
	var e exchange
	if err := decode(s.path, &e); err != nil {
		return nil, failure.New(failure.InvalidParameter, "%v", err).WithFault(failure.FaultSettings).WithCause(err).
			WithHint("fix the recording, or record it again")
	}
	content := originals.of(s.identity, e.Response.body)
	headers := http.Header{}
	for name, value := range e.Response.Headers {
		headers[http.CanonicalHeaderKey(name)] = []string{value}
		if http.CanonicalHeaderKey(name) == setCookie {
			headers[setCookie] = strings.Split(value, "\n")
		}
	}
	if asksToWait(e.Response.Status, headers) {
		headers.Set("Retry-After", "0") // the data source is not there to be waited for
	}
	size := int64(len(content))
	if e.Response.Cut {
		size = -1
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", e.Response.Status, http.StatusText(e.Response.Status)), StatusCode: e.Response.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: headers, Body: &replayed{Reader: bytes.NewReader(content), cut: e.Response.Cut}, ContentLength: size, Request: q,
	}, nil
}

// asksToWait tells whether whoever gets an answer may wait because of it.
func asksToWait(status int, header http.Header) bool {
	_, asks := httpx.WaitAsked(header, true, time.Now())
	_, none := httpx.Exhausted(header)
	return asks || none || status >= http.StatusInternalServerError ||
		slices.Contains([]int{http.StatusRequestTimeout, 420, http.StatusTooEarly, http.StatusTooManyRequests}, status)
}

// replayed is an answer's body.
type replayed struct {
	*bytes.Reader
	cut bool
}

// Read ends as the recorded answer did.
func (b *replayed) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.cut {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Close has nothing to close.
func (b *replayed) Close() error { return nil }

// nearest is how many recorded requests a failure names.
const nearest = 3

// missing is the failure of a request that is not recorded.
func (p *Replayer) missing(method string, asked *url.URL) error {
	e := &MissingError{Method: method, URL: asked.String()}
	seen := map[string]bool{}
	for _, exact := range []bool{true, false} {
		for _, s := range p.recording.exchanges {
			near := s.method + " " + s.url.RequestURI()
			fits := s.url.Path == asked.Path
			if !exact {
				fits = strings.HasPrefix(asked.Path, firstSegment(s.url.Path))
			}
			if fits && !seen[near] && len(e.Near) < nearest {
				seen[near] = true
				e.Near = append(e.Near, near)
			}
		}
	}
	f := failure.New(failure.Datasource, "%v", e).WithCode(failure.CodeDatasourceConnect).WithFault(failure.FaultSettings).WithCause(e).
		WithHint("%s", p.hint())
	if len(e.Near) > 0 {
		f = f.WithDetail("Similar recorded requests:\n  " + strings.Join(e.Near, "\n  "))
	}
	return f
}

// hint says what to do about a request that is not recorded.
func (p *Replayer) hint() string {
	again := "carjs run CONNECTOR -record " + filepath.ToSlash(p.recording.dir)
	if imports := p.recording.Imports; len(imports) > 0 && !slices.Contains(imports, fullImport) {
		return "record a full import, too, because the recording has an incremental one only: " + again + " -full"
	}
	return "record again, because the connector or carjs asks for more than it did then: " + again +
		"; if requests have a random part, name it in \"ignore\" of " + ManifestFile
}

// firstSegment is the beginning of a path, "/api".
func firstSegment(path string) string {
	head, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "/" + head
}
