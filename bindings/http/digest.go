package http

import (
	"context"
	"crypto/md5" //nolint:gosec // the standard has it
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"sync"

	"carjs/bindings/args"
	"carjs/host/failure"

	"github.com/dop251/goja"
)

// digestLogin answers challenges as RFC 7616 has it. The first request of a client goes without
// credentials and is challenged; those after it use the same nonce.
type digestLogin struct {
	m              *module
	user, password string
	nonceOf        func() string // what the client adds to a nonce

	mu      sync.Mutex
	current *challenge // nil before the first one
}

// challenge is what a server wants proved, and how often that was done.
type challenge struct {
	realm, nonce, opaque, algorithm string
	session                         bool // the algorithm is one with -sess
	qop                             bool // false for servers older than RFC 2617
	hash                            func() hash.Hash
	count                           int
}

// digest is the native behind digest(): (user, password).
func (m *module) digest(call goja.FunctionCall) goja.Value {
	in := args.Of(m.rt, call, "digest")
	d := &digestLogin{m: m, user: secretText(in.Arg(0, "the user")), password: secretText(in.Arg(1, "the password")), nonceOf: rand.Text}
	m.deps.Secret(d.password)
	return m.made(d)
}

func (d *digestLogin) rules() []rule { return nil }

func (d *digestLogin) pass(context.Context, *client, *request, *pendingToken) (pass, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == nil {
		return pass{}, nil
	}
	at := d.current
	return pass{mark: at.nonce, sign: func(r *http.Request, _ []byte) error {
		d.mu.Lock()
		at.count++
		count := at.count
		d.mu.Unlock()
		r.Header.Set("Authorization", at.answer(d.user, d.password, r.Method, r.URL.RequestURI(), d.nonceOf(), count))
		return nil
	}}, nil
}

// renew takes the challenge of an answer. One that comes although an answer was given means that the
// user or the password is wrong, unless the server says that only its nonce was too old.
func (d *digestLogin) renew(_ context.Context, _ *client, used pass, answer *result, times int) (bool, error) {
	next, stale, known := challengeOf(answer.Header["Www-Authenticate"])
	if !known {
		if used.mark == "" {
			return false, failure.New(failure.Datasource, "%s asks for another login than digest: %s", answer.URL.Host, offered(answer.Header)).
				WithCode(failure.CodeDatasourceAuth).WithHint("use the login that the data source offers, such as basic() or oauth2()")
		}
		return false, nil
	}
	if times >= 2 || used.mark != "" && !stale && used.mark == d.nonce() {
		return false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == nil || d.current.nonce == used.mark {
		d.current = next
	}
	return true, nil
}

// nonce is the one in use.
func (d *digestLogin) nonce() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.current == nil {
		return ""
	}
	return d.current.nonce
}

// offered are the names of the logins that a server offers.
func offered(header http.Header) string {
	var names []string
	for _, c := range challenges(header["Www-Authenticate"]) {
		names = append(names, c.scheme)
	}
	if len(names) == 0 {
		return "it names none"
	}
	return strings.Join(names, ", ")
}

// challengeOf is the strongest challenge that can be answered.
func challengeOf(values []string) (best *challenge, stale, known bool) {
	for _, c := range challenges(values) {
		if !strings.EqualFold(c.scheme, "Digest") || c.params["nonce"] == "" {
			continue
		}
		made := &challenge{
			realm: c.params["realm"], nonce: c.params["nonce"], opaque: c.params["opaque"], algorithm: c.params["algorithm"],
		}
		plain := strings.ToUpper(made.algorithm)
		plain, made.session = strings.CutSuffix(plain, "-SESS")
		switch plain {
		case "", "MD5":
			made.hash = md5.New
		case "SHA-256":
			made.hash = sha256.New
		default:
			continue
		}
		if offers := c.params["qop"]; offers != "" {
			for offer := range strings.SplitSeq(offers, ",") {
				made.qop = made.qop || strings.EqualFold(strings.TrimSpace(offer), "auth")
			}
			if !made.qop {
				continue // auth-int only
			}
		}
		if best == nil || plain == "SHA-256" && best.hash().Size() < sha256.Size {
			best, stale = made, strings.EqualFold(c.params["stale"], "true")
		}
	}
	return best, stale, best != nil
}

// answer is the value of the header Authorization.
func (c *challenge) answer(user, password, method, uri, clientNonce string, count int) string {
	sum := func(parts ...string) string {
		h := c.hash()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	first, second := sum(user, c.realm, password), sum(method, uri)
	if c.session {
		first = sum(first, c.nonce, clientNonce)
	}
	counted := fmt.Sprintf("%08x", count)
	response := sum(first, c.nonce, second)
	if c.qop {
		response = sum(first, c.nonce, counted, clientNonce, "auth", second)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Digest username=%s, realm=%s, nonce=%s, uri=%s, response=%q",
		quote(user), quote(c.realm), quote(c.nonce), quote(uri), response)
	if c.algorithm != "" {
		b.WriteString(", algorithm=" + c.algorithm)
	}
	if c.qop || c.session {
		fmt.Fprintf(&b, ", cnonce=%q", clientNonce)
	}
	if c.qop {
		b.WriteString(", qop=auth, nc=" + counted)
	}
	if c.opaque != "" {
		b.WriteString(", opaque=" + quote(c.opaque))
	}
	return b.String()
}

// quote writes a quoted string of HTTP.
func quote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// offer is one challenge of WWW-Authenticate.
type offer struct {
	scheme string
	params map[string]string
}

// challenges reads the challenges of WWW-Authenticate, of which one value may hold several.
func challenges(values []string) []offer {
	var all []offer
	for _, text := range values {
		for text = strings.TrimLeft(text, " \t,"); text != ""; text = strings.TrimLeft(text, " \t,") {
			end := strings.IndexAny(text, " \t,=")
			if end < 0 {
				end = len(text)
			}
			word := text[:end]
			rest := strings.TrimLeft(text[end:], " \t")
			if !strings.HasPrefix(rest, "=") {
				all = append(all, offer{word, map[string]string{}})
				text = rest
				continue
			}
			value, behind := paramValue(strings.TrimLeft(rest[1:], " \t"))
			if len(all) > 0 {
				all[len(all)-1].params[strings.ToLower(word)] = value
			}
			text = behind
		}
	}
	return all
}

// paramValue reads a token or a quoted string, and what is behind it.
func paramValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		end := strings.IndexAny(text, " \t,")
		if end < 0 {
			end = len(text)
		}
		return text[:end], text[end:]
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:]
		case '\\':
			if i++; i < len(text) {
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String(), ""
}
