package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// values are the values of a row that a client sent: int64, float64, string, nil (no reference) or
// []int64 (a set, sorted).
type values map[*field]any

// faults are the faults of a row by field. It is an error, and the body of a 400.
type faults map[string][]string

// Error implements error.
func (f faults) Error() string {
	body, _ := json.Marshal(f) // strings can always be marshalled
	return "invalid row: " + string(body)
}

func (f faults) add(field, message string) { f[field] = append(f[field], message) }

// complaint is a sentence for the client about a value.
type complaint string

// Error implements error.
func (c complaint) Error() string { return string(c) }

func complain(format string, args ...any) error { return complaint(fmt.Sprintf(format, args...)) }

// err returns f if it has faults, else nil.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// errNotObject is the error for a body that is not a JSON object.
var errNotObject = errors.New("the body is not a JSON object")

// parseJSON reads the values of a row from the body of a request. With whole, required fields must
// be present. A "pk" is accepted if it is the row's own, so that a row that was read can be written
// back; pk 0 is a new row.
func (c *collection) parseJSON(body []byte, pk int64, whole bool) (values, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	var object map[string]json.RawMessage
	if err := dec.Decode(&object); err != nil || object == nil {
		return nil, errNotObject
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNotObject
	}
	v, wrong := values{}, faults{}
	for name, raw := range object {
		f, ok := c.field(name)
		switch {
		case ok:
			value, err := f.parseJSON(raw)
			if err != nil {
				wrong.add(name, err.Error())
			} else {
				v[f] = value
			}
		case name != "pk":
			wrong.add(name, "There is no such field.")
		case pk != 0 && string(raw) != strconv.FormatInt(pk, 10):
			wrong.add(name, "The pk of a row cannot be changed.")
		}
	}
	if whole {
		c.demand(v, wrong)
	}
	return v, wrong.err()
}

// demand adds a fault for every required field without a value.
func (c *collection) demand(v values, wrong faults) {
	for _, f := range c.fields {
		if _, given := v[f]; !given && f.required() && wrong[f.name] == nil {
			wrong.add(f.name, "This field is required.")
		}
	}
}

// complete sets the omitted fields of a new row to their initial values.
func (c *collection) complete(v values) {
	for _, f := range c.fields {
		if _, given := v[f]; given {
			continue
		}
		switch {
		case f.kind == many:
			v[f] = []int64{}
		default:
			v[f] = f.initial
		}
	}
}
