package server

import (
	"database/sql/driver"
	"encoding/json"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// encoder writes the rows of a collection as JSON into an output.
type encoder struct {
	out    *output
	keys   []string // `,"name":` of c.fields
	refs   []string // `"http://host/sites/` for fields that refer to others
	fields []*field
}

// newEncoder prepares the constant parts of the rows of c; base is where references begin,
// "http://host".
func newEncoder(out *output, c *collection, base string) *encoder {
	e := &encoder{out: out, fields: c.fields}
	for _, f := range c.fields {
		e.keys = append(e.keys, ","+string(appendString(nil, f.name))+":")
		ref := ""
		if f.target != nil {
			ref = strings.TrimSuffix(string(appendString(nil, base+"/"+f.target.name+"/")), `"`)
		}
		e.refs = append(e.refs, ref)
	}
	return e
}

// baseURL is the address that the client used.
func baseURL(r *http.Request) string {
	host := r.Host
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok && host == "" {
		host = local.String() // HTTP/1.0 requests may have no host
	}
	if r.TLS != nil {
		return "https://" + host
	}
	return "http://" + host
}

// encode writes the reader's current row.
func (e *encoder) encode(r *reader) error {
	e.out.buf = strconv.AppendInt(append(e.out.buf, `{"pk":`...), r.pk(), 10)
	column, set := 1, 0
	for i, f := range e.fields {
		e.out.buf = append(e.out.buf, e.keys[i]...)
		if f.kind == many {
			if err := e.set(r, set, e.refs[i]); err != nil {
				return err
			}
			set++
			continue
		}
		e.value(r.row()[column], e.refs[i])
		column++
	}
	e.out.buf = append(e.out.buf, '}')
	return e.out.room()
}

func (e *encoder) set(r *reader, i int, ref string) error {
	e.out.buf = append(e.out.buf, '[')
	empty := true
	err := r.targets(i, func(pk int64) error {
		if !empty {
			e.out.buf = append(e.out.buf, ',')
		}
		empty = false
		e.reference(pk, ref)
		return e.out.room()
	})
	e.out.buf = append(e.out.buf, ']')
	return err
}

func (e *encoder) value(v driver.Value, ref string) {
	switch v := v.(type) {
	case int64:
		if ref != "" {
			e.reference(v, ref)
		} else {
			e.out.buf = strconv.AppendInt(e.out.buf, v, 10)
		}
	case float64:
		format := byte('f')
		if abs := math.Abs(v); abs >= 1e21 || abs < 1e-6 && abs > 0 {
			format = 'e'
		}
		e.out.buf = strconv.AppendFloat(e.out.buf, v, format, -1, 64)
	case string:
		e.out.buf = appendString(e.out.buf, v)
	default:
		e.out.buf = append(e.out.buf, "null"...)
	}
}

func (e *encoder) reference(pk int64, ref string) {
	e.out.buf = append(strconv.AppendInt(append(e.out.buf, ref...), pk, 10), `/"`...)
}

// appendString appends s as a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			quoted, _ := json.Marshal(s) // a string can always be marshalled
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// jsonArray is the text of an array of pks, the form in which a query takes a list of any length.
func jsonArray(pks []int64) string {
	b := []byte{'['}
	for i, pk := range pks {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, pk, 10)
	}
	return string(append(b, ']'))
}
