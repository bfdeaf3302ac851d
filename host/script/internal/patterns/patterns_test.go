package patterns_test

import (
	"testing"

	"carjs/host/script/internal/patterns"
)

// What is written for a pattern; most are left alone.
func TestMended(t *testing.T) {
	const start, end = `(?<![^\n\r\u2028\u2029])`, `(?![^\n\r\u2028\u2029])`
	const word = `(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))`
	for _, test := range []struct{ pattern, flags, want string }{
		{`^a$`, "g", `^a$`},
		{`^a[$^]\$\^$`, "m", start + `a[$^]\$\^` + end},
		{`^a[\]^]$`, "gm", start + `a[\]^]` + end},
		{`\ba[\b]\\b`, "", `\ba[\b]\\b`},
		{`\ba[\b]\\b`, "g", word + `a[\b]\\b`},
		{`\b(?=a)`, "", word + `(?=a)`},
		{`\b(.)\1`, "", word + `(.)\1`},
		{`\b(.)\\1`, "", `\b(.)\\1`},
		{`[\uD800-\uDBFF][\udc00-\udfff]`, "", `[\uD800-\uDBFF](?:(?!\uF002)[\uDC00-\uDFFF\uF002])`},
		{`[\uDE00-\uDEFF\uDC3D]`, "", `[\uDE00-\uDEFF\uDC3D]`},
		{`[\uD800-\uDBFF][\uDC00]`, "u", `[\uD800-\uDBFF][\uDC00]`},
		{`[^\uDC00-\uDFFF][a\uD800-\uFFFF][b]`, "", `[^\uDC00-\uDFFF](?:\uF002|[\u0061\uD800-\uF001\uF003-\uFFFF])[b]`},
		{`[\uD800][^\uDC00][\uD800][^\uDC01-\uFFFF]`, "", `[\uD800](?:\uF002|[^\uDC00\uF002])[\uD800](?:(?!\uF004)[^\uDC01-\uF003\uF005-\uFFFF])`},
		{`[`, "", `[`}, {`\`, "g", `\`}, {`[\`, "m", `[\`}, {``, "m", ``},
	} {
		got := patterns.Mended(test.pattern, test.flags)
		if got != test.want {
			t.Errorf("/%s/%s becomes %s, want %s", test.pattern, test.flags, got, test.want)
		}
		if again := patterns.Mended(got, test.flags); again != got {
			t.Errorf("/%s/%s becomes %s when it is mended again", test.pattern, test.flags, again)
		}
	}
}

func FuzzMended(f *testing.F) {
	f.Add(`^[\uD800-\uDBFF]\b$`, "gm")
	f.Fuzz(func(t *testing.T, pattern, flags string) { patterns.Mended(pattern, flags) })
}
