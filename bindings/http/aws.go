package http

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"carjs/bindings/args"

	"github.com/dop251/goja"
)

// awsKey signs requests with AWS Signature Version 4.
type awsKey struct {
	lasting
	m               *module
	id, secret      string
	token           string // of temporary credentials; "" for none
	region, service string
}

const (
	awsAlgorithm = "AWS4-HMAC-SHA256"
	awsTime      = "20060102T150405Z"
)

// aws is the native behind aws(): (options).
func (m *module) aws(call goja.FunctionCall) goja.Value {
	o := args.Of(m.rt, call, "aws").Options(0, "accessKeyId", "secretAccessKey", "sessionToken", "region", "service")
	k := &awsKey{
		m: m, id: headerText(o.Get("accessKeyId")), secret: o.Get("secretAccessKey").Filled(),
		region: o.Get("region").Filled(), service: o.Get("service").Filled(),
	}
	if token := o.Get("sessionToken"); token.Given() {
		k.token = headerText(token)
	}
	m.deps.Secret(k.secret, k.token)
	return m.made(k)
}

func (k *awsKey) pass(context.Context, *client, *request, *pendingToken) (pass, error) {
	return pass{sign: func(r *http.Request, body []byte) error {
		k.sign(r, body, k.m.now())
		return nil
	}}, nil
}

// awsUnsigned are headers that something between here and AWS may change.
var awsUnsigned = []string{"Authorization", "User-Agent", "Accept-Encoding", "Connection", "Expect", "X-Amzn-Trace-Id"}

// sign adds the signature to a request that is about to leave.
func (k *awsKey) sign(r *http.Request, body []byte, now time.Time) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	r.Header.Set("X-Amz-Date", now.UTC().Format(awsTime))
	if k.token != "" {
		r.Header.Set("X-Amz-Security-Token", k.token)
	}
	if k.service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	headers := map[string]string{"host": host}
	for name, values := range r.Header {
		if !slices.Contains(awsUnsigned, name) {
			headers[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	r.Header.Set("Authorization", k.authorization(r.Method, r.URL.EscapedPath(), r.URL.RawQuery, headers, hash, now))
}

// authorization is the value of the header: the signature of a request by its method, the path and
// query as they are sent, the headers to be signed, and the hash of the body.
func (k *awsKey) authorization(method, path, query string, headers map[string]string, hash string, now time.Time) string {
	canonical, signed := k.canonical(method, path, query, headers, hash)
	sum := sha256.Sum256([]byte(canonical))
	day := now.UTC().Format("20060102")
	scope := strings.Join([]string{day, k.region, k.service, "aws4_request"}, "/")
	toSign := strings.Join([]string{awsAlgorithm, now.UTC().Format(awsTime), scope, hex.EncodeToString(sum[:])}, "\n")
	key := []byte("AWS4" + k.secret)
	for _, part := range []string{day, k.region, k.service, "aws4_request", toSign} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(part))
		key = mac.Sum(nil)
	}
	return awsAlgorithm + " Credential=" + k.id + "/" + scope + ", SignedHeaders=" + signed + ", Signature=" + hex.EncodeToString(key)
}

// canonical is the form of a request that is signed, and the names of its headers.
func (k *awsKey) canonical(method, path, query string, headers map[string]string, hash string) (canonical, signed string) {
	names := slices.Sorted(maps.Keys(headers))
	var b strings.Builder
	b.WriteString(method + "\n" + k.canonicalPath(path) + "\n" + canonicalQuery(query) + "\n")
	for _, name := range names {
		b.WriteString(name + ":" + strings.Join(strings.Fields(headers[name]), " ") + "\n")
	}
	signed = strings.Join(names, ";")
	b.WriteString("\n" + signed + "\n" + hash)
	return b.String(), signed
}

// canonicalPath is the path without dots and empty segments, escaped once more than it is sent. S3
// takes it as it is sent, because its keys may have both.
func (k *awsKey) canonicalPath(path string) string {
	if path == "" {
		return "/"
	}
	if k.service == "s3" {
		return path
	}
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, awsEscape(segment))
		}
	}
	clean := "/" + strings.Join(kept, "/")
	if last := path[strings.LastIndexByte(path, '/')+1:]; len(kept) > 0 && (last == "" || last == ".") {
		clean += "/"
	}
	return clean
}

// canonicalQuery is the query with each name and value escaped in one way, sorted.
func canonicalQuery(query string) string {
	var pairs [][2]string
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		pairs = append(pairs, [2]string{awsEscape(unescaped(name)), awsEscape(unescaped(value))})
	}
	slices.SortFunc(pairs, func(a, b [2]string) int {
		if order := strings.Compare(a[0], b[0]); order != 0 {
			return order
		}
		return strings.Compare(a[1], b[1])
	})
	joined := make([]string, len(pairs))
	for i, pair := range pairs {
		joined[i] = pair[0] + "=" + pair[1]
	}
	return strings.Join(joined, "&")
}

// unescaped is a name or value of a query as it is meant.
func unescaped(text string) string {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}

// awsEscape escapes all but the unreserved characters of RFC 3986.
func awsEscape(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return b.String()
}
