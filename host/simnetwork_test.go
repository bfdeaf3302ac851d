package host_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"

	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// trouble is what a simulated network does to a request.
type trouble int

const (
	none        trouble = iota
	refused             // nobody listens
	lost                // the connection breaks before CAR has the request
	unanswered          // CAR has the request, and the connection breaks before the answer
	refusal             // a proxy or CAR answers that it cannot now
	page                // a proxy answers with a web page
	cut                 // CAR's answer ends in the middle
	silent              // CAR has the request and never answers
	deaf                // CAR never gets the request, and the connection stays open
	twice               // CAR gets the request twice, one after the other
	late                // the connection breaks, and CAR gets the request seconds later
	slow                // CAR answers shortly before the client would give up
	crash               // the client's process dies before CAR has the request
	answerCrash         // the client's process dies before CAR's answer
	troubles
)

var troubleNames = [troubles]string{
	"none", "refused", "lost", "unanswered", "refusal", "page", "cut", "silent", "deaf", "twice", "late", "slow", "crash",
	"crash before the answer",
}

// simNetwork is the network between one run and CAR. What it does to a request depends on the seed
// and on the request alone, not on the order in which goroutines get their turn; all times are those
// of a bubble of testing/synctest, in which an hour takes no time.
type simNetwork struct {
	seed    uint64
	car     http.Handler
	percent uint64 // of the requests that meet trouble
	crashes bool   // whether the process may die
	die     context.CancelFunc

	mu      sync.Mutex
	seen    map[string]int // how often a request was sent
	dead    bool
	trace   []string
	waiting sync.WaitGroup // requests that are on their way without their client
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

// RoundTrip implements http.RoundTripper.
func (n *simNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body.Close()
	}
	dice, what, dead := n.decide(req, body)
	if dead {
		return nil, errReset
	}
	pause := func(d time.Duration) bool {
		select {
		case <-time.After(d):
			return true
		case <-req.Context().Done():
			return false
		}
	}
	if !pause(time.Duration(dice.IntN(int(50*time.Millisecond))) + 1) {
		return nil, req.Context().Err()
	}
	switch what {
	case refused:
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	case lost:
		return nil, errReset
	case crash:
		n.kill()
		return nil, errReset
	case refusal:
		return made(req, []int{429, 500, 502, 503, 504}[dice.IntN(5)], "application/json", `{"message":"not now"}`, dice.IntN(20)), nil
	case page:
		return made(req, 200, "text/html", "<html><body>Sign in</body></html>", 0), nil
	case deaf:
		<-req.Context().Done()
		return nil, req.Context().Err()
	case late:
		wait := time.Duration(dice.IntN(int(40 * time.Second)))
		n.waiting.Go(func() { time.Sleep(wait); n.deliver(req, body) })
		return nil, errReset
	case slow:
		if !pause(time.Duration(dice.IntN(int(50 * time.Second)))) {
			return nil, req.Context().Err()
		}
	}
	answer := n.deliver(req, body)
	if what == twice {
		answer = n.deliver(req, body)
	}
	switch what {
	case unanswered:
		return nil, errReset
	case answerCrash:
		n.kill()
		return nil, errReset
	case silent:
		<-req.Context().Done()
		return nil, req.Context().Err()
	case cut:
		whole, _ := io.ReadAll(answer.Body)
		if len(whole) == 0 {
			return nil, errReset
		}
		answer.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:dice.IntN(len(whole))]), failing{io.ErrUnexpectedEOF}))
	}
	return answer, nil
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

// decide throws the dice for a request.
func (n *simNetwork) decide(req *http.Request, body []byte) (dice *rand.Rand, what trouble, dead bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	line := describe(req, body)
	identity := line + identityOfBody(req, body)
	n.seen[identity]++
	hash := fnv.New64a()
	fmt.Fprintf(hash, "%s %d", identity, n.seen[identity])
	dice = rand.New(rand.NewPCG(n.seed, hash.Sum64()))
	if dice.Uint64N(100) < n.percent {
		what = trouble(1 + dice.IntN(int(troubles)-1))
	}
	if what >= crash && !n.crashes {
		what = none
	}
	if n.dead {
		line += ": the process is dead"
	} else if what != none {
		line += ": " + troubleNames[what]
	}
	n.trace = append(n.trace, line)
	return dice, what, n.dead
}

// reportSuffix is what the key of a report has at random; edges name their report.
var reportSuffix = regexp.MustCompile(`-[A-Z0-9]{8}"`)

// identityOfBody is what tells requests of one kind apart, without what is made at random: the ids of
// jobs and reports, and the mark of a full import.
func identityOfBody(req *http.Request, body []byte) string {
	if req.Header.Get("Content-Encoding") != "" {
		unpacked, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			return err.Error()
		}
		body, _ = io.ReadAll(unpacked)
	}
	switch {
	case strings.HasSuffix(req.URL.Path, "/imports"):
		var envelope map[string]json.RawMessage
		if err := json.Unmarshal(body, &envelope); err != nil {
			return err.Error()
		}
		delete(envelope, "source")
		delete(envelope, "report")
		return reportSuffix.ReplaceAllString(fmt.Sprintf("%s", envelope), "")
	case req.Method == http.MethodGet:
		return ""
	}
	return req.URL.RequestURI() + string(body)
}

// kill ends the client's process: nothing that it does later reaches CAR.
func (n *simNetwork) kill() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.dead = true
	n.die()
}

// deliver gives CAR the request. CAR does not notice that a client is gone.
func (n *simNetwork) deliver(req *http.Request, body []byte) *http.Response {
	r := httptest.NewRequest(req.Method, req.URL.RequestURI(), bytes.NewReader(body))
	r.Header = req.Header.Clone()
	w := httptest.NewRecorder()
	n.car.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = req
	return answer
}

// made is an answer that is not CAR's.
func made(req *http.Request, status int, contentType, text string, retryAfter int) *http.Response {
	header := http.Header{"Content-Type": {contentType}}
	if retryAfter > 0 {
		header.Set("Retry-After", fmt.Sprint(retryAfter))
	}
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Header: header, Request: req, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader([]byte(text))), ContentLength: int64(len(text)),
	}
}
