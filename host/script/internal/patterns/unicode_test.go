package patterns

import (
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// known are the names of all properties, for tests.
func known() []string {
	names := slices.Collect(maps.Keys(binary))
	names = slices.AppendSeq(names, maps.Keys(emoji))
	for name := range unicode.Properties {
		if !strings.HasPrefix(name, "Other_") {
			names = append(names, name)
		}
	}
	for name := range unicode.Categories {
		names = append(names, "gc="+name)
	}
	for name := range unicode.Scripts {
		names = append(names, "sc="+name)
	}
	slices.Sort(names)
	return names
}

// Translations that are short enough to read.
func TestTranslated(t *testing.T) {
	for _, test := range []struct{ pattern, flags, want, with string }{
		{`^\p{ASCII}+$`, "u", `^[\u{0}-\u{7F}]+$`, "u"},
		{`\P{ASCII}`, "gu", `[\u{80}-\u{10FFFF}]`, "gu"},
		{`[^\p{ASCII}\]é]\\p{`, "u", `[\u{80}-\u{E8}\u{EA}-\u{10FFFF}]\\p{`, "u"},
		{`[^\p{Lu}\0-\u{BF}]`, "iu", "", ""},
		{`[\d-\p{Nl}-]`, "u", "", ""},
		{`[a-z--[aeiou]]`, "v", `[\u{62}-\u{64}\u{66}-\u{68}\u{6A}-\u{6E}\u{70}-\u{74}\u{76}-\u{7A}]`, "u"},
		{`[\w&&\d]`, "gv", `[\u{30}-\u{39}]`, "gu"},
		{`[^\d\n\-]`, "v", `[\u{0}-\u{9}\u{B}-\u{2C}\u{2E}-\u{2F}\u{3A}-\u{10FFFF}]`, "u"},
		{`[\q{ab|c|abc}x]`, "v", `(?:\u{61}\u{62}\u{63}|\u{61}\u{62}|[\u{63}\u{78}])`, "u"},
		{`[\p{Emoji_Modifier}]`, "v", `[\u{1F3FB}-\u{1F3FF}]`, "u"},
		{`[\u{1F600}\ud83d\ude01]`, "v", `[\u{1F600}-\u{1F601}]`, "u"},
		{`[a--a]`, "v", `[^\u{0}-\u{10FFFF}]`, "u"},
	} {
		got, with, err := Translated(test.pattern, test.flags)
		if err != nil {
			t.Errorf("/%s/%s: %v", test.pattern, test.flags, err)
		} else if test.want != "" && (got != test.want || with != test.with) {
			t.Errorf("/%s/%s becomes /%s/%s, want /%s/%s", test.pattern, test.flags, got, with, test.want, test.with)
		}
	}
	for pattern, want := range map[string]string{
		`\p{RGI_Emoji}`: "not available", `\p{scx=Latin}`: `use \p{Script=Latin}`, `\p{L`: "no closing brace", `[^\q{ab}]`: "negated", `[a`: "unterminated",
		`[b-a]`: "out of order", `\p{Nope=1}`: "not available",
	} {
		if _, _, err := Translated(pattern, "v"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("/%s/v: %v, want %s", pattern, err, want)
		}
	}
}

// Properties hold the characters that they hold in Node, as far as both know the same version of
// Unicode: of those that were assigned when the tables of Go were made. (The planes behind the first
// two hold ideographs and little else.)
func TestPropertiesOfNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node is not installed")
	}
	names := known()
	text, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(node, "-e", `
		const result = {};
		for (const name of `+string(text)+`) {
			let re;
			try { re = new RegExp("^\\p{" + name + "}$", "u"); } catch { continue; }
			const ranges = [];
			let start = -1;
			for (let c = 0; c <= 0x20000; c++) {
				const is = c < 0x20000 && re.test(String.fromCodePoint(c));
				if (is && start < 0) start = c;
				if (!is && start >= 0) { ranges.push([start, c - 1]); start = -1; }
			}
			result[name] = ranges;
		}
		console.log(JSON.stringify(result));`).Output()
	if err != nil {
		t.Fatal(err)
	}
	var theirs map[string]set
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	old := assigned().common(set{{0, 0x1FFFF}})
	// What Unicode has changed of characters that were there in version 15.
	changed := 0
	for name, want := range theirs {
		ours, err := property(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		differ := ours.without(want).and(want.without(ours)).common(old)
		count := 0
		for _, r := range differ {
			count += int(r[1]-r[0]) + 1
		}
		if changed += count; count > 60 {
			t.Errorf("%s differs in %d characters: %x", name, count, differ[:min(8, len(differ))])
		}
	}
	t.Logf("%d properties of %d compared, with %d differences in all; Go has Unicode %s", len(theirs), len(names), changed, unicode.Version)
}

func FuzzTranslated(f *testing.F) {
	f.Add(`[\p{L}--[a-z]\q{ab|c}]`, "v")
	f.Fuzz(func(t *testing.T, pattern, flags string) { _, _, _ = Translated(pattern, flags) })
}
