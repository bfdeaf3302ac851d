package terminal

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe is a text without what would move the cursor, clear a terminal or name its window: of all
// control characters it keeps line ends, tabs and colours. What a data source or a connector says
// is printed as part of a text, and is not to be obeyed.
func Safe(text string) string {
	if strings.IndexFunc(text, harmful) < 0 {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		if !harmful(r) || r == '\x1b' && isColour(text[i:]) {
			out.WriteRune(r)
		} else {
			out.WriteRune(utf8.RuneError)
		}
	}
	return out.String()
}

func harmful(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' }

// isColour tells whether a text begins with the code of a colour, ESC [ 3 1 m.
func isColour(text string) bool {
	rest, found := strings.CutPrefix(text, "\x1b[")
	return found && strings.HasPrefix(strings.TrimLeft(rest, "0123456789;"), "m")
}

// Writer writes texts to out, each made [Safe].
func Writer(out io.Writer) io.Writer { return safeWriter{out} }

type safeWriter struct{ out io.Writer }

func (w safeWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.out, Safe(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
