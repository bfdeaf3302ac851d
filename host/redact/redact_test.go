package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// spellings returns the text in the ways in which it may get into a log.
func spellings(secret string) map[string]string {
	out := map[string]string{
		"plain":              secret,
		"query":              url.QueryEscape(secret),
		"path":               url.PathEscape(secret),
		"query, small":       lowerEscapes(url.QueryEscape(secret)),
		"query twice":        url.QueryEscape(url.QueryEscape(secret)),
		"userinfo":           strings.TrimPrefix(url.UserPassword("u", secret).String(), "u:"),
		"json":               quoteJSON(secret, true),
		"json, HTML kept":    quoteJSON(secret, false),
		"json, ASCII":        asciiJSON(secret),
		"json in json":       quoteJSON(quoteJSON(secret, false), false),
		"json in a query":    url.QueryEscape(quoteJSON(secret, false)),
		"base64":             base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 raw":         base64.RawStdEncoding.EncodeToString([]byte(secret)),
		"base64 url":         base64.URLEncoding.EncodeToString([]byte(secret)),
		"base64 raw url":     base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"base64 in a query":  url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))),
		"slashes escaped":    strings.ReplaceAll(secret, "/", `\/`),
		"everything escaped": everyByte(secret),
		"escaped and plain":  url.QueryEscape(secret[:len(secret)/2]) + secret[len(secret)/2:],
		"capitals":           strings.ToUpper(secret),
		"small letters":      strings.ToLower(secret),
		"hex":                fmt.Sprintf("%x", secret),
		"hex in capitals":    fmt.Sprintf("%X", secret),
	}
	if kindOf(secret) == anywhere {
		out["among other letters"] = "x" + secret + "y"
	}
	return out
}

func lowerEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			b.WriteString(strings.ToLower(s[i : i+3]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

func quoteJSON(s string, html bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(html)
	if err := encoder.Encode(s); err != nil {
		panic(err)
	}
	text := strings.TrimSuffix(b.String(), "\n")
	return text[1 : len(text)-1]
}

func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range quoteJSON(s, false) {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
	}
	return b.String()
}

var hard = []string{
	"s3cret", "p@ss/w0rd", "a b+c&d=e", `quo"te\back`, "grün€𝄞schlüssel", "100%25 sure", "<tag>&'amp'", "tab\tnew\nline",
	"abcd", "====", "%41%42%43", "q/1+2==", "ünïq", "longer secret with several words in it",
}

func TestNoSpellingSurvives(t *testing.T) {
	for _, secret := range hard {
		r := New(secret)
		for how, text := range spellings(secret) {
			line := "before " + text + " after"
			got := r.String(line)
			if strings.Contains(got, text) || strings.Contains(got, secret) {
				t.Errorf("%q as %s survives: %q", secret, how, got)
			}
			if how != "among other letters" && got != "before "+Marker+" after" {
				t.Errorf("%q as %s: %q, want only the marker", secret, how, got)
			}
			if !r.Finds([]byte(line)) || r.Finds([]byte(got)) {
				t.Errorf("%q as %s: it is not found, or still found when it is gone", secret, how)
			}
			if again := r.String(got); again != got {
				t.Errorf("%q as %s: a second pass makes %q of %q", secret, how, again, got)
			}
			if b := string(r.Bytes([]byte(line))); b != got {
				t.Errorf("%q as %s: Bytes %q, String %q", secret, how, b, got)
			}
		}
	}
}

func TestInsideLongerBase64(t *testing.T) {
	const secret = "hunter2!"
	r := New(secret)
	for before := range 7 {
		for after := range 4 {
			document := strings.Repeat("u", before) + secret + strings.Repeat("z", after)
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				got := r.String(encoding.EncodeToString([]byte(document)))
				if !strings.Contains(got, Marker) {
					t.Errorf("%d bytes before, %d after: %q", before, after, got)
				}
			}
		}
	}
}

func TestBasicPair(t *testing.T) {
	r := New()
	r.AddBasic("admin", "pw1") // too short on its own, not in the pair
	pair := base64.StdEncoding.EncodeToString([]byte("admin:pw1"))
	for _, text := range []string{"sent Basic " + pair, "login admin:pw1", "login admin%3Apw1"} {
		if got := r.String(text); !strings.Contains(got, Marker) || strings.Contains(got, "pw1") || strings.Contains(got, pair) {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := r.String("admin made pw1"); got != "admin made pw1" {
		t.Errorf("neither the user nor a short password is hidden alone: %q", got)
	}
	none := New()
	none.AddBasic("admin", "")
	if got := none.String("user admin:"); got != "user admin:" {
		t.Errorf("an empty password hides nothing: %q", got)
	}
}

func TestReplace(t *testing.T) {
	tests := []struct {
		name    string
		secrets []string
		text    string
		want    string
	}{
		{"nothing known", nil, "all is well", "all is well"},
		{"blank and short ignored", []string{"", "  ", "abc", " abc \n"}, "abc   abc", "abc   abc"},
		{"four characters count", []string{"äöüß"}, "die äöüß!", "die [redacted]!"},
		{"longest first", []string{"token", "token-long"}, "token-long token", "[redacted] [redacted]"},
		{"overlapping ones share a marker", []string{"abc1ef", "1efg2i"}, "abc1efg2i.", "[redacted]."},
		{"side by side", []string{"a!cd", "w!yz"}, "a!cdw!yz", "[redacted][redacted]"},
		{"file with a newline", []string{"s3cret\n"}, "got s3cret.", "got [redacted]."},
		{"part of the marker", []string{"redacted", "acte"}, "acte redacted", "[redacted] [redacted]"},
		{"two that share a start", []string{"s3cret1", "s3cret2"}, "s3cret1s3cret2s3cret3", "[redacted][redacted]s3cret3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := New(test.secrets...)
			got := r.String(test.text)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if again := r.String(got); again != got {
				t.Errorf("a second pass makes %q of %q", again, got)
			}
		})
	}
}

const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n" +
	"abc=\n-----END PRIVATE KEY-----\n"

func TestSecretOfSeveralLines(t *testing.T) {
	for name, secret := range map[string]string{"lines": pem, "spelled out": strings.ReplaceAll(pem, "\n", `\n`)} {
		r := New(secret)
		for _, line := range strings.Split(pem, "\n")[1:3] {
			if got := r.String("  | " + line); got != "  | "+Marker {
				t.Errorf("%s: line %q: %q", name, line, got)
			}
		}
		if got := r.String("key: " + pem); strings.Contains(got, "abc=") {
			t.Errorf("%s: the whole key: %q", name, got)
		}
		if got := r.String("-----BEGIN PRIVATE KEY-----"); got != "-----BEGIN PRIVATE KEY-----" {
			t.Errorf("%s: the frame is no secret: %q", name, got)
		}
	}
}

func TestPatterns(t *testing.T) {
	tests := []struct{ text, want string }{
		{"GET https://user:pw@host/path", "GET https://user:[redacted]@host/path"},
		{"GET https://user:p@w:x@host:8080/path?a=b@c", "GET https://user:[redacted]@host:8080/path?a=b@c"},
		{`{"url":"https:\/\/u:pw@host\/"}`, `{"url":"https:\/\/u:[redacted]@host\/"}`},
		{"postgres://:pw@db, redis://:other@cache", "postgres://:[redacted]@db, redis://:[redacted]@cache"},
		{"https://host:8080/x mail a@b.c", "https://host:8080/x mail a@b.c"},
		{"https://user@host/", "https://user@host/"},
		{"mailto:a@b.c at 10:30", "mailto:a@b.c at 10:30"},
		{"Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Basic [redacted]"},
		{"Authorization: Basic YWRtaW46YWRtaW4=\r\nAccept: */*", "Authorization: Basic [redacted]\r\nAccept: */*"},
		{"authorization: car-token eyJh.bGci.OiJ", "authorization: car-token [redacted]"},
		{"Proxy-Authorization: Bearer abc.def", "Proxy-Authorization: Bearer [redacted]"},
		{"AUTHORIZATION=abc status=200", "AUTHORIZATION=[redacted] status=200"},
		{"authorization=custom abc== status=200", "authorization=[redacted] status=200"},
		{`Authorization="custom abc" status=200`, `Authorization="[redacted]" status=200`},
		{`{"Authorization":"Bearer abc","a":1}`, `{"Authorization":"Bearer [redacted]","a":1}`},
		{`{"a":[{"authorization":"Digest u=1, r=2"}],"b":1}`, `{"a":[{"authorization":"Digest [redacted]"}],"b":1}`},
		{`{"Authorization":["Bearer abc"]}`, `{"Authorization":["Bearer [redacted]"]}`},
		{`{\"Authorization\":\"Bearer abc\",\"a\":1}`, `{\"Authorization\":\"Bearer [redacted]\",\"a\":1}`},
		{`{"Authorization":["Bearer abc"]}`, `{"Authorization":["Bearer [redacted]"]}`},
		{"map[Accept:[x] Authorization:[Basic abc] Date:[y]]", "map[Accept:[x] Authorization:[Basic [redacted]] Date:[y]]"},
		{"map[Authorization:[abc def] Date:[y]]", "map[Authorization:[[redacted]] Date:[y]]"},
		{`Authorization: Digest username="u", response="0a1b"`, "Authorization: Digest [redacted]"},
		{"Authorization: AWS4-HMAC-SHA256 Credential=AK/x, Signature=fe5f", "Authorization: AWS4-HMAC-SHA256 [redacted]"},
		{"Authorization: VENDOR id=1,sig=fe5f", "Authorization: [redacted]"},
		{"authorization failed for user x", "authorization failed for user x"},
	}
	var none *Redactor
	for _, test := range tests {
		got := none.String(test.text)
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.text, got, test.want)
		}
		if again := none.String(got); again != got {
			t.Errorf("a second pass makes\n%s of\n%s", again, got)
		}
	}
}

func TestPatternsAroundKnownSecrets(t *testing.T) {
	r := New("s3cret")
	for text, want := range map[string]string{
		"Authorization: Basic pre-s3cret-post x": "Authorization: Basic [redacted] x",
		"Authorization: s3cret":                  "Authorization: [redacted]",
		"https://u:a-s3cret-b@host":              "https://u:[redacted]@host",
	} {
		if got := r.String(text); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestNoCopyWithoutASecret(t *testing.T) {
	r := New(hard...)
	line := []byte("a line about nothing in particular, with numbers 123 and {\"json\": true}")
	if got := r.Bytes(line); &got[0] != &line[0] {
		t.Error("Bytes copied a text that has no secret")
	}
	text := string(line)
	if n := testing.AllocsPerRun(100, func() { _ = r.String(text) }); n > 0 {
		t.Errorf("String allocates %v times for a text that has no secret", n)
	}
}

func TestConcurrently(t *testing.T) {
	r := New()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			secret := fmt.Sprintf("secret-number-%d", i)
			r.Add(secret)
			for range 100 {
				if got := r.String("x " + secret); got != "x "+Marker {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	wg.Wait()
}

func FuzzNoSpellingSurvives(f *testing.F) {
	for _, secret := range hard {
		f.Add(secret, "before ", " after")
	}
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len(parts(secret)) == 0 || kindOf(strings.TrimSpace(secret)) != anywhere || !isText(secret) || strings.Contains(before+after, secret) {
			t.Skip("no secret that is looked for, no text, or there besides by accident")
		}
		r := New(secret)
		for how, text := range spellings(secret) {
			whole := before + text + after
			got := r.String(whole)
			if strings.Contains(strings.ReplaceAll(got, Marker, "\x00"), text) && !strings.Contains(Marker, text) {
				t.Errorf("%q as %s survives in %q: %q", secret, how, whole, got)
			}
		}
	})
}

func isText(s string) bool { return strings.ToValidUTF8(s, "") == s && !strings.ContainsRune(s, 0) }

func BenchmarkString(b *testing.B) {
	r := New("a-password-of-some-length", "another/one+with=signs", "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4", "1234")
	line := `{"ibm_datetime":"2026-01-02T03:04:05.000006Z","level":"info","label":"import","message":"imported page collection=asset objects=2000"}`
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		_ = r.String(line)
	}
}
