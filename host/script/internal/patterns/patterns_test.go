package patterns

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf16"
)

func compiled(t testing.TB, pattern, flags string) *Program {
	t.Helper()
	parsed, err := ParseFlags(flags)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(utf16.Encode([]rune(pattern)), parsed)
	if err != nil {
		t.Fatalf("/%s/%s: %v", pattern, flags, err)
	}
	return p
}

// Patterns that the standard refuses, and what is said of them.
func TestSyntax(t *testing.T) {
	for _, test := range []struct{ pattern, flags, want string }{
		{`(`, "", "Unterminated group"}, {`)`, "", "Unmatched ')'"}, {`[a`, "", "Unterminated character class"}, {`*`, "", "Nothing to repeat"},
		{`a{2,1}`, "", "out of order"}, {`[b-a]`, "", "out of order"}, {`\`, "", "at end"}, {`(?<a>.)(?<a>.)`, "", "Duplicate"},
		{`\k<b>(?<a>.)`, "", "named capture referenced"}, {`(?<1>a)`, "", "group name"}, {`(?ii:a)`, "", "Invalid group"}, {`(?-:a)`, "", "flag group"},
		{`{`, "u", "Nothing to repeat"}, {`]`, "u", "Lone quantifier"}, {`\-`, "u", "Invalid escape"}, {`\1`, "u", "Invalid escape"}, {`[\d-a]`, "u", "Invalid character class"},
		{`\u{110000}`, "u", "Undefined Unicode"}, {`(?=a)*`, "u", "Nothing to repeat"}, {`(?<=a)*`, "", "Nothing to repeat"}, {`\p{Nope}`, "u", "not available"},
		{`\p{RGI_Emoji}`, "v", "not available"}, {`\p{scx=Latin}`, "u", `use \p{Script=Latin}`}, {`\p{L`, "u", "property name"},
		{`[a&&b--c]`, "v", "set operation"}, {`[a-z&&b]`, "v", "set operation"}, {`[(]`, "v", "Invalid character"}, {`[a&&&b]`, "v", "set operation"}, {`[^\q{ab}]`, "v", "strings"},
	} {
		flags, err := ParseFlags(test.flags)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Compile(utf16.Encode([]rune(test.pattern)), flags); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("/%s/%s: %v, want %s", test.pattern, test.flags, err, test.want)
		}
	}
	for _, flags := range []string{"gg", "x", "uv"} {
		if _, err := ParseFlags(flags); err == nil {
			t.Errorf("the flags %q are taken", flags)
		}
	}
	// What annex B of the standard takes.
	for _, pattern := range []string{`{`, `a{`, `a{1`, `]`, `}`, `\-`, `\8`, `\1`, `[\d-a]`, `(?=a)*`, `\c`, `[\c]`, `\k`, `\u{1}`, `\p{L}`, `[\b-\n]`} {
		compiled(t, pattern, "")
	}
}

// A match that takes long is stopped, and one that needs too much memory says so.
func TestBounds(t *testing.T) {
	text := TextOf(strings.Repeat("a", 60) + "b")
	asked := 0
	m := &Matcher{Stopped: func() bool { asked++; return asked > 3 }}
	if found, err := m.Match(compiled(t, `^(a|aa)+$`, ""), text, 0, false); !errors.Is(err, ErrStopped) || found != nil {
		t.Errorf("a match without end: %v, %v", found, err)
	}
	if found, err := m.Match(compiled(t, `a+b`, ""), text, 0, false); err != nil || found[1] != 61 {
		t.Errorf("the next match: %v, %v", found, err)
	}
	long := TextOf(strings.Repeat("ab", 5<<20))
	if found, err := new(Matcher).Match(compiled(t, `(?:a|b)+c`, ""), long, 0, true); !errors.Is(err, ErrTooDeep) {
		t.Errorf("a match with ten million ways back: %v, %v", found, err)
	}
	if found, err := new(Matcher).Match(compiled(t, `[ab]+`, ""), long, 0, true); err != nil || found[1] != 10<<20 {
		t.Errorf("a long run: %v, %v", found, err)
	}
}

// A literal travels through the engine as a number.
func TestCarrier(t *testing.T) {
	a, err := Carrier(`a/b`, "gi")
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Carrier(`a/b`, "g")
	if again, _ := Carrier(`a/b`, "gi"); again != a || a == b {
		t.Errorf("carried by %s, %s and %s", a, again, b)
	}
	if l := Carried(a); l == nil || l.Pattern != `a/b` || l.Flags != "gi" || !l.Program.Flags.IgnoreCase {
		t.Errorf("%s carries %v", a, l)
	}
	for _, other := range []string{"a", "%carjs:x", "%carjs:-1", "%carjs:999999"} {
		if Carried(other) != nil {
			t.Errorf("%s carries something", other)
		}
	}
}

func TestSource(t *testing.T) {
	for pattern, want := range map[string]string{``: `(?:)`, `a`: `a`, `a/b[/]\/`: `a\/b[/]\/`, "a\n\\\n\u2028": `a\n\n\u2028`} {
		if got := Source(pattern); got != want {
			t.Errorf("%q becomes %q, want %q", pattern, got, want)
		}
	}
	for text, want := range map[string]string{"1+a": `\x31\+a`, "a.b": `\x61\.b`, "-\n ü😀": `\x2d\n\x20ü😀`} {
		if got := Escape(utf16.Encode([]rune(text))); got != want {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
}

// Letters are the same in other case where they are for Node, with the flag u and without.
func TestCasesOfNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	for _, flags := range []string{"i", "iu"} {
		out, err := exec.Command(node, "-e", `
			for (let c = 0x80; c < 0xD800; c++) {
				const s = String.fromCharCode(c), other = [s.toUpperCase(), s.toLowerCase(), s.toUpperCase().toLowerCase()];
				for (const o of other) if (o !== s && o.length === 1)
					console.log(c, o.charCodeAt(0), new RegExp("^" + s + "$", "`+flags+`").test(o));
			}`).Output()
		if err != nil {
			t.Fatal(err)
		}
		m, differ, n := new(Matcher), 0, 0
		for line := range strings.Lines(string(out)) {
			var a, b rune
			var want bool
			if _, err := fmt.Sscan(line, &a, &b, &want); err != nil {
				t.Fatal(err)
			}
			found, _ := m.Match(compiled(t, "^"+string(a)+"$", flags), TextOf(string(b)), 0, false)
			if n++; (found != nil) != want && assigned().has(a) && assigned().has(b) {
				differ++
				t.Logf("/%c/%s and %c: %v in Node", a, flags, b, want)
			}
		}
		if n < 2000 || differ > 4 { // Unicode goes on
			t.Errorf("%d of %d letters differ with %s", differ, n, flags)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add(`^[\uD800-\uDBFF]\b$|(?<x>a)\k<x>`, "gm", "aa😀")
	f.Add(`[\p{L}--[a-z]\q{ab|c}]*?`, "v", "abé")
	f.Fuzz(func(t *testing.T, pattern, flags, text string) {
		parsed, err := ParseFlags(flags)
		if err != nil {
			return
		}
		p, err := Compile(utf16.Encode([]rune(pattern)), parsed)
		if err != nil {
			return
		}
		asked := 0
		m := &Matcher{Stopped: func() bool { asked++; return asked > 10 }}
		found, _ := m.Match(p, TextOf(text), 0, false)
		for i := 0; i < len(found); i += 2 {
			if found[i] > found[i+1] || int(found[i+1]) > TextOf(text).Length() {
				t.Errorf("group %d is at %v", i/2, found[i:i+2])
			}
		}
	})
}
