package http

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // APIs ask for it
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // APIs ask for it
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// hmacKey signs requests by a form that the connector describes.
type hmacKey struct {
	lasting
	m       *module
	key     []byte
	hash    func() hash.Hash
	encode  func([]byte) string
	message template
	headers []headerTemplate
}

// headerTemplate is a header of a signed request.
type headerTemplate struct {
	name  string
	value template
}

// hmacHashes is the table of the hashes; the first is the one that is meant when none is named.
var hmacHashes = []struct {
	name string
	hash func() hash.Hash
}{{"sha256", sha256.New}, {"sha1", sha1.New}, {"sha384", sha512.New384}, {"sha512", sha512.New}, {"md5", md5.New}}

// hmac is the native behind hmac(): (options).
func (m *module) hmac(call goja.FunctionCall) goja.Value {
	o := args.Of(m.rt, call, "hmac").Options(0, "key", "algorithm", "encoding", "message", "headers")
	k := &hmacKey{m: m}
	key := o.Get("key")
	if k.key = slices.Clone(key.Data()); len(k.key) == 0 {
		key.Misuse("must not be empty")
	}
	if key.IsText() {
		m.deps.Secret(key.Text())
	}
	var names []string
	for _, h := range hmacHashes {
		names = append(names, h.name)
	}
	algorithm := o.Get("algorithm").OneOf(names...)
	k.hash = hmacHashes[slices.Index(names, algorithm)].hash
	k.encode = hex.EncodeToString
	switch o.Get("encoding").OneOf("hex", "base64", "base64url") {
	case "base64":
		k.encode = base64.StdEncoding.EncodeToString
	case "base64url":
		k.encode = base64.RawURLEncoding.EncodeToString
	}
	k.message = readTemplate(o.Get("message"), false)
	given := o.Get("headers")
	signed := false
	names = given.Object().Keys()
	fields := given.Fields(names...)
	for _, name := range names {
		t := readTemplate(fields.Get(name), true)
		signed = signed || t.has("signature")
		k.headers = append(k.headers, headerTemplate{http.CanonicalHeaderKey(name), t})
	}
	if !signed {
		given.Misuse("must have {signature} in the value of one of them")
	}
	return m.made(k)
}

func (k *hmacKey) pass(context.Context, *client, *request, *pendingToken) (pass, error) {
	return pass{sign: func(r *http.Request, body []byte) error {
		k.sign(r, body, k.m.now())
		return nil
	}}, nil
}

// sign adds the headers to a request that is about to leave.
func (k *hmacKey) sign(r *http.Request, body []byte, now time.Time) {
	s := &signing{r: r, body: body, now: now, nonce: rand.Text()}
	mac := hmac.New(k.hash, k.key)
	mac.Write([]byte(k.message.text(s)))
	s.signature = k.encode(mac.Sum(nil))
	for _, h := range k.headers {
		r.Header.Set(h.name, h.value.text(s))
	}
}

// signing is a request that is signed.
type signing struct {
	r         *http.Request
	body      []byte
	now       time.Time
	nonce     string
	signature string
}

// places is the table of what can stand in braces in a template.
var places = map[string]func(s *signing) string{
	"method": func(s *signing) string { return s.r.Method },
	"scheme": func(s *signing) string { return s.r.URL.Scheme },
	"host":   func(s *signing) string { return cmp.Or(s.r.Host, s.r.URL.Host) },
	"path":   func(s *signing) string { return s.r.URL.EscapedPath() },
	"query":  func(s *signing) string { return s.r.URL.RawQuery },
	// sortedQuery is by names and values, each escaped as RFC 3986 has it.
	"sortedQuery":  func(s *signing) string { return canonicalQuery(s.r.URL.RawQuery) },
	"pathAndQuery": func(s *signing) string { return s.r.URL.RequestURI() },
	"url":          func(s *signing) string { return s.r.URL.String() },
	"body":         func(s *signing) string { return string(s.body) },
	"bodySha256":   func(s *signing) string { sum := sha256.Sum256(s.body); return hex.EncodeToString(sum[:]) },
	"bodySha256Base64": func(s *signing) string {
		sum := sha256.Sum256(s.body)
		return base64.StdEncoding.EncodeToString(sum[:])
	},
	"bodyMd5Base64":    func(s *signing) string { sum := md5.Sum(s.body); return base64.StdEncoding.EncodeToString(sum[:]) },
	"contentType":      func(s *signing) string { return s.r.Header.Get("Content-Type") },
	"timestamp":        func(s *signing) string { return strconv.FormatInt(s.now.Unix(), 10) },
	"timestampMs":      func(s *signing) string { return strconv.FormatInt(s.now.UnixMilli(), 10) },
	"isoDate":          func(s *signing) string { return s.now.UTC().Format("2006-01-02T15:04:05.000Z") },
	"httpDate":         func(s *signing) string { return s.now.UTC().Format(http.TimeFormat) },
	"nonce":            func(s *signing) string { return s.nonce },
	"signature":        func(s *signing) string { return s.signature },
	"signatureEncoded": func(s *signing) string { return url.QueryEscape(s.signature) },
}

// template is a text with places in braces.
type template []part

type part struct{ text, place string }

// readTemplate reads a template: of a header, which has no line breaks, or of what is signed, which
// has no signature.
func readTemplate(given args.Arg, header bool) template {
	rest := given.Text()
	if header {
		rest = headerText(given)
	}
	fits := func(place string) bool {
		return places[place] != nil && (header || !strings.HasPrefix(place, "signature"))
	}
	var t template
	for {
		text, behind, found := strings.Cut(rest, "{")
		if text != "" {
			t = append(t, part{text: text})
		}
		if !found {
			return t
		}
		name, after, closed := strings.Cut(behind, "}")
		if !closed || !fits(name) {
			known := slices.DeleteFunc(slices.Sorted(maps.Keys(places)), func(place string) bool { return !fits(place) })
			given.Misuse("has %q, but the places are {%s}", "{"+name+"}", strings.Join(known, "}, {"))
		}
		t = append(t, part{place: name})
		rest = after
	}
}

func (t template) has(place string) bool {
	return slices.ContainsFunc(t, func(p part) bool { return p.place == place })
}

func (t template) text(s *signing) string {
	var b strings.Builder
	for _, p := range t {
		if p.place == "" {
			b.WriteString(p.text)
		} else {
			b.WriteString(places[p.place](s))
		}
	}
	return b.String()
}
