package web_test

import (
	"strings"
	"testing"

	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
)

// TestURL compares the normal form of URLs, "no" for what is none, with what browsers make of them.
func TestURL(t *testing.T) {
	for _, c := range [][3]string{
		{"https://h", "", "https://h/"},
		{"HTTPS://User:Pw@EXAMPLE.com:443/A/", "", "https://User:Pw@example.com/A/"},
		{"https://h/a/./b/../c/", "", "https://h/a/c/"},
		{"https://h/a/%2e%2E/b", "", "https://h/b"},
		{"https://h/../../x", "", "https://h/x"},
		{"https://h//double//", "", "https://h//double//"},
		{"https://h/%2F/a%20b", "", "https://h/%2F/a%20b"},
		{"https://h/é ü?ä=ö#ß", "", "https://h/%C3%A9%20%C3%BC?%C3%A4=%C3%B6#%C3%9F"},
		{"  https://h/\tx\n ", "", "https://h/x"},
		{"https:\\\\h\\a?b\\c", "", "https://h/a?b\\c"},
		{"https:h/x", "", "https://h/x"},
		{"http://[2001:DB8:0:0::1]:8080/", "", "http://[2001:db8::1]:8080/"},
		{"http://1.2.3.4./", "", "http://1.2.3.4/"},
		{"http://bücher.example/", "", "http://xn--bcher-kva.example/"},
		{"http://ex%61mple.com/", "", "http://example.com/"},
		{"http://a_b.example/", "", "http://a_b.example/"},
		{"https://h?q#f", "", "https://h/?q#f"},
		{"https://h/?#", "", "https://h/?#"},
		{"https://h/x?a=b'c\"d", "", "https://h/x?a=b%27c%22d"},
		{"mailto:a b@c?x", "", "mailto:a b@c?x"},
		{"file:///etc/hosts", "", "file:///etc/hosts"},
		{"urn:x:y", "", "urn:x:y"},
		{"foo://Host/p", "", "foo://Host/p"},
		{"a@b:c@h", "https://x/y/z?q", "https://x/y/a@b:c@h"},
		{"https://a@b:c@h/", "", "https://a%40b:c@h/"},
		{"b?x#y", "https://h/a/c?q#f", "https://h/a/b?x#y"},
		{"../b", "https://h/a/c/d", "https://h/a/b"},
		{"/b", "https://u@h:8/a/c", "https://u@h:8/b"},
		{"//o/b", "https://h/a", "https://o/b"},
		{"?n", "https://h/a/c?q#f", "https://h/a/c?n"},
		{"#n", "https://h/a?q#f", "https://h/a?q#n"},
		{"", "https://h/a?q#f", "https://h/a?q"},
		{"https:x", "https://h/a/b", "https://h/a/x"},
		{"", "", "no"},
		{"x", "", "no"},
		{"x", "y", "no"},
		{"x", "mailto:a", "no"},
		{"https://", "", "no"},
		{"https://u@/", "", "no"},
		{"https://h:x/", "", "no"},
		{"https://h:65536/", "", "no"},
		{"https://:80/", "", "no"},
		{"https://a b/", "", "no"},
		{"https://[::g]/", "", "no"},
		{"https://[::1/", "", "no"},
		{"http://1.2.3.999/", "", "no"},
		{"1http://h", "", "no"},
	} {
		base := ""
		if c[1] != "" {
			base = ", b"
		}
		got := webtest.Text(world.Run(t, webtest.Main("try { return new URL(a"+base+").href } catch { return 'no' }"), c[0], c[1]))
		// The standard keeps an empty query and fragment as a lone ? and #; here they go. Nobody
		// asks for them.
		if got != c[2] {
			t.Errorf("%q below %q: got %q, want %q", c[0], c[1], got, c[2])
		}
	}
}

func TestURLParts(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"all", `const u = new URL("../b?x=1&x=2#h", "https://user:pw@Example.com:8443/a/c"); return [u.origin, u.protocol, u.pathname, u.search, u.hash, u.host, u.hostname, u.port, u.username, u.password, u.searchParams.getAll("x")]`,
			`["https://example.com:8443","https:","/b","?x=1&x=2","#h","example.com:8443","example.com","8443","user","pw",["1","2"]]`},
		{
			"opaque",
			`const u = new URL("mailto:a@b"); u.pathname = "x"; u.host = "y"; return [u.origin, u.pathname, u.host, u.href]`,
			`["null","a@b","","mailto:a@b"]`,
		},
	} {
		if got := webtest.Text(world.Run(t, webtest.Main(c.body))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// FuzzURL holds the parser to what a normal form is: parsed again, it stays as it is, and there is
// nothing in it that a request line or a header could not carry.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{
		"https://u:p@h:8/a/../b?c#d", "http://[::1]/", "mailto:x", "//a", "https://é/ü?ö", "file:///x", "https:/\\x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, ok := web.NormalURL(text)
		if !ok {
			return
		}
		if strings.ContainsFunc(once, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Errorf("%q became %q", text, once)
		}
		if twice, ok := web.NormalURL(once); !ok || twice != once {
			t.Errorf("%q became %q and then %q", text, once, twice)
		}
	})
}
