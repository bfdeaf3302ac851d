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
		if !strings.HasPrefix(name, "Other_") && !notOfPatterns[name] {
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
