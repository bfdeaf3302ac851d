package source

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// frameContext is how many lines are shown before and after the one in question.
	frameContext = 2
	// frameWidth is how much of a line is shown; what is longer is generated, and only the part
	// round the place matters.
	frameWidth = 120
)

// Frame shows the lines round a position in a file's text with a caret under it, "" when the
// text has no such line.
func Frame(text string, line, column int) string {
	lines := linesOf(text)
	if text == "" || line < 1 || line > len(lines) {
		return ""
	}
	first, last := max(line-frameContext, 1), min(line+frameContext, len(lines))
	if last > line && lines[last-1] == "" && last == len(lines) {
		last-- // what follows the newline at the end of the file
	}
	width := len(strconv.Itoa(last))
	before := runesBefore(lines[line-1], column-1)
	from := max(before-frameWidth/2, 0)
	if utf8.RuneCountInString(lines[line-1]) <= frameWidth {
		from = 0
	}
	var b strings.Builder
	for n := first; n <= last; n++ {
		mark := " "
		if n == line {
			mark = ">"
		}
		shown := strings.TrimRight(cut(lines[n-1], from), " \t\r")
		fmt.Fprintf(&b, "%s\n", strings.TrimRight(fmt.Sprintf("%s %*d | %s", mark, width, n, shown), " "))
		if n == line {
			fmt.Fprintf(&b, "  %*s | %s^\n", width, "", indent(cut(lines[n-1], from), before-from))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func linesOf(text string) []string {
	return strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
}

// At returns what a line has from a position on, at least the beginning of it; "" when the text has
// no such line.
func At(text string, line, column int) string {
	lines := linesOf(text)
	if line < 1 || line > len(lines) {
		return ""
	}
	return cut(lines[line-1], runesBefore(lines[line-1], column-1))
}

// runesBefore returns how many characters of a line the first n units of UTF-16 are, which is what
// a column counts.
func runesBefore(line string, n int) int {
	runes := 0
	for _, r := range line {
		if n <= 0 {
			break
		}
		n -= utf16.RuneLen(r)
		runes++
	}
	return runes
}

// cut returns the part of a line that is shown.
func cut(line string, from int) string {
	if from == 0 && len(line) <= frameWidth {
		return line
	}
	runes := []rune(line)
	if from >= len(runes) {
		return ""
	}
	return string(runes[from:min(from+frameWidth, len(runes))])
}

// indent returns what puts a caret below the n-th character of line: tabs stay tabs, because their
// width is the terminal's affair.
func indent(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if n == 0 {
			break
		}
		n--
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}
