package car

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// id is the id of a job or an import in an answer: text, or a number, of which every digit counts.
// "" is none, be it absent, null or empty.
type id string

// UnmarshalJSON reads text, a number or null.
func (i *id) UnmarshalJSON(data []byte) error {
	switch c := data[0]; {
	case c == '"':
		return json.Unmarshal(data, (*string)(i))
	case c == '-' || '0' <= c && c <= '9':
		*i = id(data)
	case c == 'n':
		*i = ""
	default:
		return fmt.Errorf("an id is text or a number, not %s", shorten(data))
	}
	return nil
}

// reason is why a job or an import ended in an error, as CAR puts it: text, or any other JSON. ""
// is none.
type reason string

// UnmarshalJSON reads text as it is, null as none, and keeps the JSON of anything else.
func (r *reason) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(r))
	case 'n':
		*r = ""
	default:
		*r = reason(bytes.TrimSpace(data))
	}
	return nil
}

// detail is as much of the reason as a failure shows.
func (r reason) detail() string { return string(shorten([]byte(r))) }
