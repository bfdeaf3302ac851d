package records

import (
	"errors"
	"fmt"
	"strings"

	"carjs/host/esjson"
)

// Error is a text whose records cannot be read to the end, with the place.
type Error struct {
	// Message says what is wrong, when it is the text.
	Message string
	// NotJSON tells that the text is no JSON, rather than without a list where one is wanted.
	NotJSON bool
	// NotUTF8 tells that the text is no JSON because a byte is invalid in UTF-8, and Byte is that
	// one.
	NotUTF8 bool
	Byte    byte
	// Offset is the place, counted in bytes from 0, and Records is how many whole records are
	// before it. -1 is no place: what is missing is nowhere.
	Offset, Records int64
	// Excerpt is the text around the place, at most 60 characters of it, on one line.
	Excerpt string
	// Err is what the source of the text failed with, when that is why.
	Err error
}

// Error returns message, place and excerpt.
func (e *Error) Error() string {
	text := e.Message
	switch {
	case e.Err != nil:
		text = e.Err.Error()
	case e.NotJSON:
		text = "not JSON: " + text
	}
	if e.Offset >= 0 {
		text += " " + e.Place()
	}
	if e.Excerpt != "" {
		text += ": " + e.Excerpt
	}
	return text
}

// Place names the place.
func (e *Error) Place() string {
	if e.Records == 1 {
		return fmt.Sprintf("at byte %d, after 1 record", e.Offset)
	}
	return fmt.Sprintf("at byte %d, after %d records", e.Offset, e.Records)
}

// Unwrap returns what the source failed with.
func (e *Error) Unwrap() error { return e.Err }

// located gives an error its place in the whole text.
func (r *recordReader) located(err error) error {
	var fault *esjson.SyntaxError
	var done *Error
	switch place := (&Error{Offset: r.base + int64(r.Pos), Records: r.count}); {
	case err == nil || errors.As(err, &done):
		return err
	case errors.As(err, &fault):
		place.Message, place.NotJSON, place.Excerpt = fault.Message, true, fault.Excerpt
		place.NotUTF8, place.Byte = fault.NotUTF8, fault.Byte
		return place
	default:
		place.Offset, place.Err = r.base+int64(len(r.Data)), err
		return place
	}
}

// noList is the error of a text without the list.
func (r *recordReader) noList(at string) error {
	where := "at the top of the response"
	if at != "" {
		where = fmt.Sprintf("at %q", at)
	}
	message := "found no list " + where
	if len(r.names) > 0 {
		message += "; the response is an object of " + strings.Join(r.names, ", ")
	}
	return &Error{Message: message, Offset: -1, Records: r.count}
}

// wrong is the error of JSON that is not what it is taken for.
func (r *recordReader) wrong(message string) error {
	return &Error{Message: message, Offset: r.base + int64(r.Pos), Records: r.count}
}
