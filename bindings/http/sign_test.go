package http

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"
)

// The published test suite of AWS for Signature Version 4, by the names of its cases.
func TestAWSSuite(t *testing.T) {
	const (
		form    = "content-type: application/x-www-form-urlencoded\ncontent-length: 13\nx-amz-content-sha256: " + formHash
		letters = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	)
	now := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	for _, c := range []struct{ name, method, target, headers, body, want string }{
		{"get-vanilla", "GET", "/", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-vanilla-empty-query-key", "GET", "/?Param1=value1", "", "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
		{
			"get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "", "",
			"b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
		},
		{
			"get-vanilla-query-order-encoded", "GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "", "",
			"371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
		},
		{
			"get-vanilla-query-unreserved", "GET", "/?" + letters + "=" + letters, "", "",
			"9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
		},
		{"get-vanilla-utf8-query", "GET", "/?ሴ=bar", "", "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
		{"get-unreserved", "GET", "/" + letters, "", "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{"get-utf8", "GET", "/ሴ", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
		{"get-space-normalized", "GET", "/example space/", "", "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
		{"get-slashes-normalized", "GET", "//example//", "", "", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
		{"get-relative-normalized", "GET", "/example/..", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-slash-dot-slash-normalized", "GET", "/./", "", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{"get-slash-pointless-dot-normalized", "GET", "/./example", "", "", "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
		{
			"get-header-value-trim", "GET", "/", "my-header1:  value1\nmy-header2:  \"a   b   c\"", "",
			"acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
		},
		{"post-vanilla", "POST", "/", "", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{"post-header-key-sort", "POST", "/", "my-header1: value1", "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
		{"post-header-value-case", "POST", "/", "my-header1: VALUE1", "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
		{"post-x-www-form-urlencoded", "POST", "/", form, "Param1=value1", "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"},
		{
			"get-vanilla-with-session-token", "GET", "/",
			"x-amz-security-token: 6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267", "",
			"07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
		},
	} {
		k := &awsKey{id: "AKIDEXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1", service: "service"}
		headers := map[string]string{"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
		for line := range strings.Lines(c.headers) {
			name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
			headers[name] = value
		}
		sum := sha256.Sum256([]byte(c.body))
		path, query, _ := strings.Cut(c.target, "?")
		got := k.authorization(c.method, path, query, headers, hex.EncodeToString(sum[:]), now)
		_, signature, _ := strings.Cut(got, "Signature=")
		if signature != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// formHash is the SHA-256 of Param1=value1.
const formHash = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"

// The documented example of Amazon S3, whose paths are signed as they are sent, and whose hash of the
// body is a header.
func TestAWSForS3(t *testing.T) {
	k := &awsKey{id: "AKIAIOSFODNN7EXAMPLE", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1", service: "s3"}
	r, err := http.NewRequest(http.MethodGet, "https://examplebucket.s3.amazonaws.com/test.txt", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Range", "bytes=0-9")
	k.sign(r, nil, time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC))
	want := "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, " +
		"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
	if got := r.Header.Get("Authorization"); got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
	for path, want := range map[string]string{"": "/", "/a%2Fb//c/../d": "/a%2Fb//c/../d"} {
		if got := k.canonicalPath(path); got != want {
			t.Errorf("%q: %q", path, got)
		}
	}
	k.service = "ec2"
	for path, want := range map[string]string{"/a%2Fb/c": "/a%252Fb/c", "/a/b/..": "/a", "/a/b/.": "/a/b/"} {
		if got := k.canonicalPath(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// The examples of RFC 7616, section 3.9.1, and of RFC 2617 and RFC 2069.
func TestDigestExamples(t *testing.T) {
	const both = `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ` +
		`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	md5 := strings.Replace(both, "SHA-256", "MD5", 1)
	const old = `Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`
	for _, c := range []struct {
		name             string
		challenges       []string
		user, password   string
		uri, clientNonce string
		want             []string
	}{
		{
			"SHA-256", []string{md5, both}, "Mufasa", "Circle of Life", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
			[]string{`response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"`, "algorithm=SHA-256", "qop=auth, nc=00000001"},
		},
		{
			"MD5", []string{"Basic realm=\"x\", " + md5},
			"Mufasa", "Circle of Life", "/dir/index.html", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
			[]string{`response="8ca523f5e9506fed4657c9700eebdbec"`, `username="Mufasa"`, `uri="/dir/index.html"`, `opaque="FQhe/`},
		},
		{
			"RFC 2617", []string{old + `, qop="auth,auth-int"`}, "Mufasa", "Circle Of Life", "/dir/index.html", "0a4f113b",
			[]string{`response="6629fae49393a05397450978507c4ef1"`},
		},
		{"RFC 2069", []string{old}, "Mufasa", "CircleOfLife", "/dir/index.html", "", []string{`response="1949323746fe6a43ef61f9606e7febea"`}},
	} {
		found, stale, known := challengeOf(c.challenges)
		if !known || stale {
			t.Errorf("%s: %v %v", c.name, stale, known)
			continue
		}
		got := found.answer(c.user, c.password, "GET", c.uri, c.clientNonce, 1)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s is not in %s", c.name, want, got)
			}
		}
	}
}

func TestChallenges(t *testing.T) {
	for text, want := range map[string]string{
		``: ``, `Negotiate`: `Negotiate []`, `Basic realm="a, \"b\" c", Digest nonce=1 , stale=TRUE`: `Basic [realm=a, "b" c] Digest [nonce=1 stale=TRUE]`,
		`NTLM, Bearer realm = "x"`: `NTLM [] Bearer [realm=x]`, `=,= "`: ``, `Digest nonce="open`: `Digest [nonce=open]`,
	} {
		var parts []string
		for _, c := range challenges([]string{text}) {
			var params []string
			for _, name := range []string{"realm", "nonce", "stale"} {
				if value, ok := c.params[name]; ok {
					params = append(params, name+"="+value)
				}
			}
			parts = append(parts, c.scheme+" ["+strings.Join(params, " ")+"]")
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	if _, _, known := challengeOf([]string{`Digest nonce="n", algorithm=SHA-512-256`, `Digest nonce="n", qop="auth-int"`, `Digest realm="r"`}); known {
		t.Error("a challenge that cannot be answered is taken")
	}
}

func FuzzChallenges(f *testing.F) {
	f.Add(`Digest realm="a\"b", nonce=x, qop="auth"`)
	f.Fuzz(func(t *testing.T, text string) {
		if n := len(challenges([]string{text})); n > len(text) {
			t.Errorf("%d challenges in %q", n, text)
		}
	})
}
