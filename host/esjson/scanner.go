package esjson

import "bytes"

// Scanner reads JSON text token by token. A method that fails leaves Pos at the error and returns a
// [*SyntaxError].
type Scanner struct {
	Data []byte
	// Pos is the position in Data to read next. It may be set.
	Pos int
	// UTF8 makes invalid UTF-8 in strings an error.
	UTF8 bool
}

// Next returns the next byte, 0 at the end: a NUL byte is never valid, so the two need not be
// distinguished until the error is described.
func (s *Scanner) Next() byte {
	if s.Pos < len(s.Data) {
		return s.Data[s.Pos]
	}
	return 0
}

// Space skips white space.
func (s *Scanner) Space() {
	for s.Pos < len(s.Data) {
		switch s.Data[s.Pos] {
		case ' ', '\t', '\n', '\r':
			s.Pos++
		default:
			return
		}
	}
}

// Skip skips and checks a value that is neither object nor array.
func (s *Scanner) Skip() error {
	switch c := s.Next(); {
	case c == '"':
		_, _, err := s.Quoted()
		return err
	case c == '-' || '0' <= c && c <= '9':
		_, err := s.Number()
		return err
	case c == 't':
		return s.Word("true")
	case c == 'f':
		return s.Word("false")
	case c == 'n':
		return s.Word("null")
	}
	return s.Unexpected("a value")
}

// Word skips true, false or null.
func (s *Scanner) Word(word string) error {
	if !bytes.HasPrefix(s.Data[s.Pos:], []byte(word)) {
		return s.Unexpected("a value")
	}
	s.Pos += len(word)
	return nil
}

// Number skips a number and tells whether it is written as an integer.
func (s *Scanner) Number() (integer bool, err error) {
	if s.Next() == '-' {
		s.Pos++
	}
	whole := s.Pos
	if s.digits() == 0 {
		return false, s.Unexpected("a digit")
	}
	if s.Data[whole] == '0' && s.Pos > whole+1 {
		s.Pos = whole + 1
		return false, s.Fault("a number does not start with 0")
	}
	integer = true
	if s.Next() == '.' {
		integer = false
		if s.Pos++; s.digits() == 0 {
			return false, s.Unexpected("a digit")
		}
	}
	if c := s.Next(); c == 'e' || c == 'E' {
		integer = false
		s.Pos++
		if c := s.Next(); c == '+' || c == '-' {
			s.Pos++
		}
		if s.digits() == 0 {
			return false, s.Unexpected("a digit")
		}
	}
	return integer, nil
}

func (s *Scanner) digits() int {
	start := s.Pos
	for c := s.Next(); '0' <= c && c <= '9'; c = s.Next() {
		s.Pos++
	}
	return s.Pos - start
}
