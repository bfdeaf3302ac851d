package xml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep elements may nest: deeper ones are attacks, or mistakes.
const maxDepth = 1000

// SyntaxError is text that is no well-formed XML, with the place.
type SyntaxError struct {
	Message      string
	Line, Column int // from 1, in characters; where reading stopped
}

// Error returns the message and the place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("not well-formed XML: %s at line %d, column %d", e.Message, e.Line, e.Column)
}

// event is what the scanner has come to.
type event int

const (
	started event = iota // an element; its name ends path, its attributes are in attributes
	ended                // the element that path still names; it is off the path with the next event
	passed               // text, which is in text
)

// scanner reads elements one after the other and holds them to the rules that the decoder leaves to
// its user: as it is asked for raw tokens, because of the prefixes, it does not look at how they
// follow each other.
type scanner struct {
	data    []byte
	decoder *xml.Decoder
	// strip takes the prefixes off names.
	strip bool

	path       []string   // names of the open elements, the root first
	raw        []xml.Name // the same as they are spelt
	attributes []xml.Attr
	text       []byte // valid until the next event

	tokens int
	root   bool // was there a root
	leave  bool // the last event was an end
}

// newScanner makes a scanner of UTF-8, whatever the declaration says.
func newScanner(data []byte, strip bool) *scanner {
	s := &scanner{data: data, decoder: xml.NewDecoder(bytes.NewReader(data)), strip: strip}
	s.decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return s
}

// name returns the name of the innermost open element.
func (s *scanner) name() string { return s.path[len(s.path)-1] }

// next goes to the next event. At the end of a whole document it returns io.EOF, any other error is
// a [*SyntaxError].
func (s *scanner) next() (event, error) {
	if s.leave {
		s.leave = false
		s.path, s.raw = s.path[:len(s.path)-1], s.raw[:len(s.raw)-1]
	}
	for {
		token, err := s.decoder.RawToken()
		if err != nil {
			return 0, s.end(err)
		}
		s.tokens++
		switch token := token.(type) {
		case xml.StartElement:
			return started, s.start(token)
		case xml.EndElement:
			return ended, s.close(token.Name)
		case xml.CharData:
			if len(s.path) > 0 {
				s.text = token
				return passed, nil
			}
			if len(bytes.TrimSpace(token)) > 0 {
				return 0, s.fault("text outside the root element")
			}
		case xml.ProcInst:
			if token.Target == "xml" && s.tokens > 1 {
				return 0, s.fault("the declaration is not at the beginning")
			}
		case xml.Directive:
			if s.root || !bytes.HasPrefix(token, []byte("DOCTYPE")) {
				return 0, s.fault("unexpected <!: not a comment, CDATA or a DOCTYPE before the root")
			}
		}
	}
}

// start enters an element.
func (s *scanner) start(element xml.StartElement) error {
	if len(s.path) == 0 && s.root {
		return s.fault("a second root element, <" + spelt(element.Name) + ">")
	}
	if len(s.path) == maxDepth {
		return s.fault("elements nest too deeply")
	}
	if twice, ok := repeated(element.Attr); ok {
		return s.fault("the attribute " + spelt(twice) + " occurs twice")
	}
	s.root = true
	s.raw = append(s.raw, element.Name)
	s.path = append(s.path, s.named(element.Name))
	s.attributes = element.Attr
	return nil
}

// close checks that an end tag is the one of the innermost open element.
func (s *scanner) close(name xml.Name) error {
	if len(s.raw) == 0 {
		return s.fault("</" + spelt(name) + "> closes nothing")
	}
	if open := s.raw[len(s.raw)-1]; open != name {
		return s.fault("<" + spelt(open) + "> is closed by </" + spelt(name) + ">")
	}
	s.leave = true
	return nil
}

// end makes the error of a document that goes no further.
func (s *scanner) end(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case err == io.EOF && len(s.raw) > 0:
		return s.fault("the text ends inside <" + spelt(s.raw[len(s.raw)-1]) + ">")
	case err == io.EOF && !s.root:
		return s.fault("there is no element")
	case err == io.EOF:
		return io.EOF
	case errors.As(err, &syntax):
		return s.fault(syntax.Msg)
	}
	return s.fault(strings.TrimPrefix(err.Error(), "xml: "))
}

// fault makes an error at the place that was read to.
func (s *scanner) fault(message string) error {
	before := s.data[:min(int(s.decoder.InputOffset()), len(s.data))]
	return &SyntaxError{
		Message: message,
		Line:    bytes.Count(before, []byte("\n")) + 1,
		Column:  utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1,
	}
}

// named returns the name that scripts see.
func (s *scanner) named(name xml.Name) string {
	if s.strip {
		return name.Local
	}
	return spelt(name)
}

// spelt returns a name as it stands in the text.
func spelt(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

// repeated returns a name that two attributes have. Few are compared with each other, many through
// a set.
func repeated(attributes []xml.Attr) (xml.Name, bool) {
	if len(attributes) > 8 {
		seen := make(map[xml.Name]bool, len(attributes))
		for _, a := range attributes {
			if seen[a.Name] {
				return a.Name, true
			}
			seen[a.Name] = true
		}
		return xml.Name{}, false
	}
	for i, a := range attributes {
		for _, b := range attributes[:i] {
			if a.Name == b.Name {
				return a.Name, true
			}
		}
	}
	return xml.Name{}, false
}
