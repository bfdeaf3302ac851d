package logging

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/go-hclog"

	"carjs/host/esjson"
)

// pairsOf are the pairs behind a message, on one line.
func pairsOf(e entry) string {
	var text []byte
	for _, p := range e.pairs {
		value := p.value
		if p.block != "" {
			value = quoteValue(p.block)
		}
		text = append(append(append(append(text, ' '), p.key...), '='), value...)
	}
	return string(text)
}

// label says which part of carjs speaks.
func (s *sink) label(e entry) string {
	if e.name == "" {
		return s.options.Redactor.Name(s.options.Label)
	}
	return s.options.Redactor.Name(e.name)
}

// The colours of text lines.
const (
	colourOff  = "\x1b[0m"
	colourDim  = "\x1b[2m"
	colourBold = "\x1b[1m"
)

// levelStyle is how text lines show a level: in words of one width, so that messages begin in one
// column.
type levelStyle struct{ word, colour string }

func styleOf(level hclog.Level) levelStyle {
	switch level {
	case hclog.Trace:
		return levelStyle{"trace", "\x1b[90m"}
	case hclog.Debug:
		return levelStyle{"debug", "\x1b[90m"}
	case hclog.Warn:
		return levelStyle{"warn ", "\x1b[33m"}
	case hclog.Error:
		return levelStyle{"error", "\x1b[31m"}
	}
	return levelStyle{"info ", "\x1b[32m"}
}

// blockIndent stands before each line of a text that has several.
const blockIndent = "  | "

func (s *sink) appendText(buf []byte, now time.Time, e entry) []byte {
	style := styleOf(e.level)
	buf = s.colour(buf, colourDim, now.Format(time.TimeOnly))
	buf = append(buf, ' ')
	buf = s.colour(buf, style.colour, style.word)
	buf = append(buf, ' ')
	if e.name != "" {
		buf = s.colour(buf, colourBold, printable(s.options.Redactor.Name(e.name))+":")
		buf = append(buf, ' ')
	}
	first, more, _ := strings.Cut(strings.TrimRight(e.message, "\r\n"), "\n")
	buf = append(buf, printable(strings.TrimSuffix(first, "\r"))...)
	for _, p := range e.pairs {
		if p.block == "" {
			buf = appendSpace(buf)
			buf = s.colour(buf, colourDim, p.key+"=")
			buf = append(buf, p.value...)
		}
	}
	buf = append(buf, '\n')
	if more != "" {
		buf = appendBlock(buf, more)
	}
	for _, p := range e.pairs {
		if p.block != "" {
			buf = append(buf, "  "...)
			buf = s.colour(buf, colourDim, p.key+"=")
			buf = append(buf, '\n')
			buf = appendBlock(buf, p.block)
		}
	}
	return buf
}

func (s *sink) colour(buf []byte, colour, text string) []byte {
	if !s.options.Colour {
		return append(buf, text...)
	}
	return append(append(append(buf, colour...), text...), colourOff...)
}

func appendBlock(buf []byte, text string) []byte {
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		buf = append(buf, blockIndent...)
		buf = append(buf, printable(strings.TrimSuffix(line, "\r"))...)
		buf = append(buf, '\n')
	}
	return buf
}

// appendSpace separates what follows, unless it comes first.
func appendSpace(buf []byte) []byte {
	if len(buf) > 0 && buf[len(buf)-1] != ' ' {
		buf = append(buf, ' ')
	}
	return buf
}

// visible spells out the unpaired surrogates of a text, \ud800, so that two names that differ in them
// alone can be told apart.
func visible(text string) string {
	if !esjson.HasLone(text) {
		return text
	}
	return string(esjson.EscapeLone([]byte(text)))
}

// printable takes the control characters out of a line: what a data source sends must not move the
// cursor, or forge a line.
func printable(text string) string {
	text = visible(text)
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsGraphic(r) {
			return r
		}
		return utf8.RuneError
	}, text)
}
