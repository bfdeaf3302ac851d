package terminal

import (
	"io"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/width"
)

// What a terminal obeys: back to the margin, and from there clear what follows.
//
// The cursor rests at the beginning of the line. Where a window that is made narrower breaks the
// line in two, the cursor stays at its beginning, and all of it is cleared.
const (
	toMargin = "\r"
	erase    = toMargin + "\x1b[J"
)

// Live is a line at the bottom of a terminal that changes while a command runs. What is written
// meanwhile goes through its Write and appears above. Any goroutine may use it.
type Live struct {
	// Out is the terminal, Width how many columns it has now.
	Out   io.Writer
	Width func() int
	// Colour tells whether the terminal wants colours.
	Colour bool

	mu    sync.Mutex
	shown string // with its colours; empty for nothing
	over  bool
}

// Show draws the line anew: head stands out from the rest. It is cut where the window ends.
func (l *Live) Show(head, rest string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	head, rest = oneLine(head), oneLine(rest)
	text := Fit(head+rest, l.Width()-1) // a character in the last column would make some terminals go on below
	if tail, whole := strings.CutPrefix(text, head); whole {
		text = Text(l.Colour, Bold, head) + tail
	}
	l.shown = text
	_, _ = io.WriteString(l.Out, erase+text+toMargin) // a terminal that is gone cannot be told
}

// Write writes whole lines above the live one.
func (l *Live) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown == "" {
		return l.Out.Write(p)
	}
	if _, err := io.WriteString(l.Out, erase+string(p)+l.shown+toMargin); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Close clears the line for good. What is written afterwards passes through.
func (l *Live) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown != "" {
		_, _ = io.WriteString(l.Out, erase)
	}
	l.shown, l.over = "", true
}

// Clear clears the live line that a process left which is gone.
func Clear(out io.Writer) { _, _ = io.WriteString(out, erase) }

// oneLine is a text without control characters.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}

// ellipsis ends a text that was cut.
const ellipsis = '…'

// Fit is as much of a text as fits into some columns; a text that was cut ends in an ellipsis.
func Fit(text string, columns int) string {
	used, cut := 0, 0 // cut is where the text ends when the ellipsis must fit, too
	for i, r := range text {
		w := columnsOf(r)
		if used+w > columns {
			if columns < 1 {
				return ""
			}
			return text[:cut] + string(ellipsis)
		}
		used += w
		if used < columns {
			cut = i + len(string(r))
		}
	}
	return text
}

// columnsOf is how many columns of a terminal a character takes.
func columnsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0 // is drawn over the one before
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
