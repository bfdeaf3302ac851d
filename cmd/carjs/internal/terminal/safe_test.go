package terminal

import (
	"fmt"
	"strings"
	"testing"
)

func TestSafe(t *testing.T) {
	for text, want := range map[string]string{
		"plain, añ😀\n\tindented\r\n":      "plain, añ😀\n\tindented\r\n",
		Text(true, Red, "red"):            "\x1b[31mred\x1b[0m",
		"\x1b[1;31mboth\x1b[m":            "\x1b[1;31mboth\x1b[m",
		"a\x1b[2Jb":                       "a�[2Jb",
		"\x1b]0;title\x07":                "�]0;title�",
		"\x1b[31":                         "�[31",
		"back\x08space \x00 \u009b2J end": "back�space � �2J end",
	} {
		if got := Safe(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		var out strings.Builder
		if n, err := fmt.Fprint(Writer(&out), text); err != nil || n != len(text) || out.String() != want {
			t.Errorf("%q: %d, %v, %q", text, n, err, out.String())
		}
	}
}
