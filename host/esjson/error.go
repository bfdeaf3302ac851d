package esjson

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SyntaxError is text that is not JSON, with the position of the error.
type SyntaxError struct {
	Message      string
	Line, Column int // from 1, in characters
	Offset       int // the position in bytes, from 0
	// NotUTF8 tells that the error is an invalid UTF-8 byte, and Byte is that byte.
	NotUTF8 bool
	Byte    byte
	// Excerpt is the text around the position, at most 60 characters, on one line.
	Excerpt string
}

// Error returns message, position and excerpt.
func (e *SyntaxError) Error() string {
	text := fmt.Sprintf("not JSON: %s at line %d, column %d", e.Message, e.Line, e.Column)
	if e.Excerpt != "" {
		text += ": " + e.Excerpt
	}
	return text
}

// Unexpected is the error for text at Pos that is not what was expected.
func (s *Scanner) Unexpected(wanted string) *SyntaxError {
	if s.Pos >= len(s.Data) {
		return s.Fault("the text ends where " + wanted + " is expected")
	}
	r, size := utf8.DecodeRune(s.Data[s.Pos:])
	if r == utf8.RuneError && size == 1 {
		return s.notUTF8()
	}
	return s.Fault(fmt.Sprintf("found %q where %s is expected", r, wanted))
}

const (
	excerptBefore = 30
	excerptAfter  = 30
)

// notUTF8 is the error for the invalid byte at Pos.
func (s *Scanner) notUTF8() *SyntaxError {
	fault := s.Fault(fmt.Sprintf("byte 0x%02X is invalid in UTF-8", s.Data[s.Pos]))
	fault.NotUTF8, fault.Byte = true, s.Data[s.Pos]
	return fault
}

// Fault is an error at Pos.
func (s *Scanner) Fault(message string) *SyntaxError {
	before := s.Data[:s.Pos]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	// A character has at most four bytes: no need to decode a long text for the few around the
	// place.
	left := []rune(Valid(before[max(0, len(before)-utf8.UTFMax*excerptBefore):]))
	after := s.Data[s.Pos:]
	right := []rune(Valid(after[:min(len(after), utf8.UTFMax*excerptAfter)]))
	excerpt := append(left[max(0, len(left)-excerptBefore):], right[:min(len(right), excerptAfter)]...)
	for i, r := range excerpt {
		if !unicode.IsPrint(r) {
			excerpt[i] = ' '
		}
	}
	return &SyntaxError{Message: message, Line: line, Column: column, Offset: s.Pos, Excerpt: strings.TrimSpace(string(excerpt))}
}
