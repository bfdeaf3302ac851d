package script

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// readSize is the size of the first buffer. It grows when a record does not fit.
	readSize = 64 << 10
	// maxRecord is the largest record, and the largest text beside the records. What is larger is a mistake, or the end of
	// the machine's memory.
	maxRecord = 64 << 20
	// smallRecord is the size up to which a record that is there in part is tried again whenever more has come. A larger one has to
	// grow by half first, or a large record that comes in small pieces would be read once for each of them.
	smallRecord = 32 << 10
	// behind is how much of what was read is kept for the excerpt of an error.
	behind = 256
)

// Layout says where the records of a text are.
type Layout struct {
	// At is the path of the list, such as "data.rows"; "" when the text is the list.
	At string
	// Lines tells that the text is no list: each line is a record.
	Lines bool
}

// RecordsError is a text whose records cannot be read to the end, with the place.
type RecordsError struct {
	// Message says what is wrong, when it is the text.
	Message string
	// NotJSON tells that the text is no JSON, rather than without a list where one is wanted.
	NotJSON bool
	// Offset is the place, counted in bytes from 0, and Records is how many whole records are before it. -1 is no place: what is
	// missing is nowhere.
	Offset, Records int64
	// Excerpt is the text around the place, at most 60 characters of it, on one line.
	Excerpt string
	// Err is what the source of the text failed with, when that is why.
	Err error
}

// Error returns message, place and excerpt.
func (e *RecordsError) Error() string {
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
func (e *RecordsError) Place() string {
	if e.Records == 1 {
		return fmt.Sprintf("at byte %d, behind 1 record", e.Offset)
	}
	return fmt.Sprintf("at byte %d, behind %d records", e.Offset, e.Records)
}

// Unwrap returns what the source failed with.
func (e *RecordsError) Unwrap() error { return e.Err }

// recordReader reads the records of a text while that arrives. It blocks where its source does, and where whoever takes the records is
// slow, so it has a goroutine of its own. What it keeps is a buffer with room for one record.
type recordReader struct {
	*jsonParser
	src   io.Reader
	out   *Records
	buf   []byte
	base  int64 // how many bytes of the text are before data
	ended bool  // all of the text is in data
	ready []any // read, but not handed over
	size  int   // of the text of ready
	count int64 // of the records that were read
	found bool  // the list
	names []string
}

// ReadJSON reads the records of a text while it arrives, and hands them over. It returns when all of them were handed over, or with what went wrong: a
// [*RecordsError], whose Err is the cause of ctx when that has ended. It is called beside the loop.
func (out *Records) ReadJSON(ctx context.Context, src io.Reader, layout Layout) error {
	buf := make([]byte, readSize)
	r := &recordReader{jsonParser: out.rt.decoder(ctx, buf[:0]), src: src, out: out, buf: buf}
	r.reused = true
	err := r.all(layout)
	if handed := r.handOver(); err == nil {
		err = handed
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx) // what broke off because of it says less
	}
	return r.located(err)
}

func (r *recordReader) all(layout Layout) error {
	if err := r.more(len("\ufeff")); err != nil {
		return err
	}
	if bytes.HasPrefix(r.data, []byte("\ufeff")) {
		r.pos = len("\ufeff")
	}
	if layout.Lines {
		return r.lines()
	}
	if err := r.find(layout.At, 0); err != nil {
		return err
	}
	c, err := r.peek()
	switch {
	case err != nil:
		return err
	case !r.found:
		return r.noList(layout.At)
	case c != 0 || r.pos < len(r.data):
		return r.fault("the value is over, but more follows")
	}
	return nil
}

// located gives an error its place in the whole text.
func (r *recordReader) located(err error) error {
	var fault *JSONError
	var done *RecordsError
	switch place := (&RecordsError{Offset: r.base + int64(r.pos), Records: r.count}); {
	case err == nil || errors.As(err, &done):
		return err
	case errors.As(err, &fault):
		place.Message, place.NotJSON, place.Excerpt = fault.Message, true, fault.Excerpt
		return place
	default:
		place.Offset, place.Err = r.base+int64(len(r.data)), err
		return place
	}
}

// noList is the error of a text without the list.
func (r *recordReader) noList(at string) error {
	where := "at the top of the answer"
	if at != "" {
		where = fmt.Sprintf("at %q", at)
	}
	message := "there is no list " + where
	if len(r.names) > 0 {
		message += "; the answer is an object of " + strings.Join(r.names, ", ")
	}
	return &RecordsError{Message: message, Offset: -1, Records: r.count}
}

// wrong is the error of JSON that is not what it is taken for.
func (r *recordReader) wrong(message string) error {
	return &RecordsError{Message: message, Offset: r.base + int64(r.pos), Records: r.count}
}

// find reads a value in which the list is at a path, depth levels below the top.
func (r *recordReader) find(at string, depth int) error {
	c, err := r.peek()
	switch {
	case err != nil:
		return err
	case at == "" && c == '[':
		r.found = true
		return r.list()
	case at == "" && c == 'n': // null is an empty list, as some servers write it
		r.found = true
		return r.skipValue(depth)
	case c != '{' || at == "" && depth > 0:
		return r.skipValue(depth)
	}
	return r.object(depth, func(name string) error {
		if depth == 0 && len(r.names) < 10 {
			r.names = append(r.names, name)
		}
		rest, below := strings.CutPrefix(at, name+".")
		switch {
		case at == "" || name != at && !below:
			return r.skipValue(depth + 1)
		case r.found: // of a name that comes twice the last one counts, but the first one has been handed over
			return r.wrong(fmt.Sprintf("the list at %q comes a second time", name))
		case name == at:
			return r.find("", depth+1)
		}
		return r.find(rest, depth+1)
	})
}

// object reads an object, whose values are read by value.
func (r *recordReader) object(depth int, value func(name string) error) error {
	if depth >= maxJSONDepth {
		return r.fault("values nest too deeply")
	}
	r.pos++
	if c, err := r.peek(); err != nil || c == '}' {
		r.pos++
		return err
	}
	for {
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c != '"' {
			return r.unexpected("a key in double quotes")
		}
		var name string
		if err := r.try(func() (err error) {
			name, err = r.key()
			return err
		}); err != nil {
			return err
		}
		if c, err = r.peek(); err != nil {
			return err
		}
		if c != ':' {
			return r.unexpected(`":"`)
		}
		r.pos++
		if err := value(name); err != nil {
			return err
		}
		if more, err := r.separated('}', `"," or "}"`); err != nil || !more {
			return err
		}
	}
}

// array reads an array, whose items are read by item.
func (r *recordReader) array(item func() error) error {
	r.pos++
	if c, err := r.peek(); err != nil || c == ']' {
		r.pos++
		return err
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if more, err := r.separated(']', `"," or "]"`); err != nil || !more {
			return err
		}
	}
}

// separated reads what is behind an item: more of them follow, or the end.
func (r *recordReader) separated(end byte, wanted string) (more bool, err error) {
	c, err := r.peek()
	if err != nil {
		return false, err
	}
	if c != ',' && c != end {
		return false, r.unexpected(wanted)
	}
	r.pos++
	return c == ',', nil
}

// list reads the list.
func (r *recordReader) list() error { return r.array(r.one) }

// lines reads a record from each line.
func (r *recordReader) lines() error {
	for {
		c, err := r.peek()
		if err != nil || c == 0 && r.pos == len(r.data) {
			return err
		}
		if err := r.one(); err != nil {
			return err
		}
		for end := false; !end; {
			switch c := r.next(); {
			case c == ' ' || c == '\t' || c == '\r':
				r.pos++
			case c == '\n' || c == 0 && r.pos == len(r.data) && r.ended:
				end = true
			case r.pos < len(r.data):
				return r.unexpected("the end of the line")
			default:
				if err := r.more(1); err != nil {
					return err
				}
			}
		}
	}
}

// one reads a record.
func (r *recordReader) one() error {
	if _, err := r.peek(); err != nil {
		return err
	}
	var record any
	start := r.base + int64(r.pos)
	err := r.try(func() (err error) {
		record, err = r.value(1)
		return err
	})
	if err != nil {
		return err
	}
	r.count++
	r.ready = append(r.ready, record)
	if r.size += int(r.base + int64(r.pos) - start); len(r.ready) >= handful || r.size >= readSize {
		return r.handOver()
	}
	return nil
}

// skipValue reads a value that nobody wants, whatever its size.
func (r *recordReader) skipValue(depth int) error {
	c, err := r.peek()
	switch {
	case err != nil:
		return err
	case depth >= maxJSONDepth:
		return r.fault("values nest too deeply")
	case c == '{':
		return r.object(depth, func(string) error { return r.skipValue(depth + 1) })
	case c == '[':
		return r.array(func() error { return r.skipValue(depth + 1) })
	}
	if err := r.another(); err != nil {
		return err
	}
	return r.try(r.skip)
}

// peek steps over white space and returns what is next, 0 at the end.
func (r *recordReader) peek() (byte, error) {
	for {
		if r.space(); r.pos < len(r.data) || r.ended {
			return r.next(), nil
		}
		if err := r.more(1); err != nil {
			return 0, err
		}
	}
}

// longestWord is the longest thing that the parser looks at as a whole: an escape, "\u0000", or "false".
const longestWord = 6

// try reads something that has to be there as a whole, again with more of the text when it is not.
func (r *recordReader) try(read func() error) error {
	for {
		start := r.pos
		number := r.next() == '-' || '0' <= r.next() && r.next() <= '9'
		err := read()
		switch {
		case r.ended || r.ctx.Err() != nil:
			return err
		case err == nil && (!number || r.pos < len(r.data)): // a number may go on
			return nil
		case err != nil && r.pos+longestWord <= len(r.data):
			return err
		}
		r.pos = start
		wanted, partial := 1, len(r.data)-start
		if partial > smallRecord {
			wanted = partial / 2
		}
		if err := r.more(wanted); err != nil {
			return err
		}
	}
}

// more reads at least so many bytes more, unless the text ends. What is before the place is let go.
func (r *recordReader) more(least int) error {
	if r.ended {
		return nil
	}
	keep := max(0, r.pos-behind)
	if len(r.data)-r.pos+least > len(r.buf)-behind {
		if len(r.buf) > maxRecord {
			return r.wrong(fmt.Sprintf("something is larger than %d MiB, which is more than a record may be", maxRecord>>20))
		}
		r.buf = make([]byte, 2*len(r.buf)+least)
	}
	kept := copy(r.buf, r.data[keep:])
	r.base, r.pos, r.data = r.base+int64(keep), r.pos-keep, r.buf[:kept]
	if err := r.handOver(); err != nil { // the source may be slow
		return err
	}
	for empty := 0; least > 0; {
		n, err := r.src.Read(r.buf[len(r.data):])
		r.data = r.buf[:len(r.data)+n]
		least -= n
		switch {
		case err == io.EOF:
			r.ended = true
			return nil
		case err != nil:
			return err
		case n > 0:
			empty = 0
		default:
			if empty++; empty == 100 {
				return io.ErrNoProgress
			}
		}
	}
	return nil
}

// handOver hands over what was read.
func (r *recordReader) handOver() error {
	if len(r.ready) == 0 {
		return nil
	}
	err := r.out.put(r.ctx, r.ready, r.size)
	clear(r.ready)
	r.ready, r.size = r.ready[:0], 0
	return err
}
