package records

import (
	"fmt"
	"strings"

	"carjs/host/esjson"
)

// Layout says where the records of a text are.
type Layout struct {
	// At is the path of the list, such as "data.rows"; "" when the text is the list.
	At string
	// Lines tells that the text is no list: each line is a record.
	Lines bool
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
			return r.wrong(fmt.Sprintf("the list at %q occurs twice", name))
		case name == at:
			return r.find("", depth+1)
		}
		return r.find(rest, depth+1)
	})
}

// object reads an object, whose values are read by value.
func (r *recordReader) object(depth int, value func(name string) error) error {
	if depth >= esjson.MaxDepth {
		return r.Fault("values nest too deeply")
	}
	r.Pos++
	if c, err := r.peek(); err != nil || c == '}' {
		r.Pos++
		return err
	}
	for {
		c, err := r.peek()
		if err != nil {
			return err
		}
		if c != '"' {
			return r.Unexpected("a key in double quotes")
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
			return r.Unexpected(`":"`)
		}
		r.Pos++
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
	r.Pos++
	if c, err := r.peek(); err != nil || c == ']' {
		r.Pos++
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
		return false, r.Unexpected(wanted)
	}
	r.Pos++
	return c == ',', nil
}

// list reads the list.
func (r *recordReader) list() error { return r.array(r.one) }

// lines reads a record from each line.
func (r *recordReader) lines() error {
	for {
		c, err := r.peek()
		if err != nil || c == 0 && r.Pos == len(r.Data) {
			return err
		}
		if err := r.one(); err != nil {
			return err
		}
		for end := false; !end; {
			switch c := r.Next(); {
			case c == ' ' || c == '\t' || c == '\r':
				r.Pos++
			case c == '\n' || c == 0 && r.Pos == len(r.Data) && r.ended:
				end = true
			case r.Pos < len(r.Data):
				return r.Unexpected("the end of the line")
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
	start := r.base + int64(r.Pos)
	err := r.try(func() (err error) {
		record, err = r.value(1)
		return err
	})
	if err != nil {
		return err
	}
	if len(r.lost) > 0 {
		r.out.losses, r.lost = addLosses(r.out.losses, r.lost), r.lost[:0]
	}
	r.count++
	r.ready = append(r.ready, record)
	if r.size += int(r.base + int64(r.Pos) - start); len(r.ready) >= handful || r.size >= readSize {
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
	case depth >= esjson.MaxDepth:
		return r.Fault("values nest too deeply")
	case c == '{':
		return r.object(depth, func(string) error { return r.skipValue(depth + 1) })
	case c == '[':
		return r.array(func() error { return r.skipValue(depth + 1) })
	}
	if err := r.another(); err != nil {
		return err
	}
	return r.try(r.Skip)
}
