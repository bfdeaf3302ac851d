package logging

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// jsonTime is UTC with microseconds.
const jsonTime = "2006-01-02T15:04:05.000000Z"

// line is the beginning of a JSON line; these fields and their order are the platform's.
type line struct {
	Time      string `json:"ibm_datetime"`
	Level     string `json:"level"`
	Label     string `json:"label"`
	Message   string `json:"message"`
	Connector string `json:"connector"`
	Source    string `json:"source"`
	Version   string `json:"version"`
}

// platformFields are the names that fields of a line cannot have.
var platformFields = map[string]bool{
	"ibm_datetime": true, "level": true, "label": true, "message": true, "connector": true, "source": true, "version": true,
}

// secondsSuffix ends the names of durations, which are numbers of seconds.
const secondsSuffix = "_seconds"

// field is a pair as it stands in a JSON line.
type field struct {
	name string
	raw  string // JSON of a value that is no text; empty for a text
	text string
}

// fieldOf makes the field of a value: numbers and booleans stay what they are, a duration becomes
// seconds, and a value that is made of others stays JSON as long as its text is.
func fieldOf(key string, from any, text string, encoded bool) field {
	switch v := from.(type) {
	case nil:
		return field{name: key, raw: "null"}
	case bool, int, int64, uint64:
		return field{name: key, raw: text}
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return field{name: key, raw: strconv.FormatFloat(v, 'f', -1, 64)}
		}
	case time.Duration:
		return field{name: key + secondsSuffix, raw: strconv.FormatFloat(float64(v.Round(time.Microsecond).Microseconds())/1e6, 'f', -1, 64)}
	}
	if encoded && json.Valid([]byte(text)) {
		return field{name: key, raw: text}
	}
	return field{name: key, text: text}
}

func (s *sink) appendJSON(buf []byte, now time.Time, e entry) []byte {
	r := s.options.Redactor
	out := bytes.NewBuffer(buf)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(line{
		Time: now.UTC().Format(jsonTime), Level: e.level.String(), Label: s.label(e), Message: visible(e.message),
		Connector: r.Name(s.options.Connector), Source: r.Name(s.options.Source), Version: r.Name(s.options.Version),
	})
	if err != nil { // strings always encode
		return buf
	}
	if len(e.pairs) > 0 {
		out.Truncate(out.Len() - len("}\n"))
		appendFields(out, e.pairs, ",")
		out.WriteString("}\n")
	}
	return out.Bytes()
}

// appendFields writes the members of an object, each behind a separator; the first behind the given
// one. A name that is the platform's, or that was there before, gets an underscore at its end, so
// that no reader takes one for the other.
func appendFields(out *bytes.Buffer, pairs []pair, separator string) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	write := func(value any) {
		if encoder.Encode(value) == nil { // texts, and JSON that was checked
			out.Truncate(out.Len() - len("\n"))
		}
	}
	for i, p := range pairs {
		name := p.field.name
		for platformFields[name] || taken(pairs[:i], name) {
			name += "_"
		}
		pairs[i].field.name = name
		out.WriteString(separator)
		separator = ","
		write(name)
		out.WriteByte(':')
		if p.field.raw != "" {
			write(json.RawMessage(p.field.raw))
		} else {
			write(p.field.text)
		}
	}
}

// taken tells whether one of a few fields has a name.
func taken(pairs []pair, name string) bool {
	for _, p := range pairs {
		if p.field.name == name {
			return true
		}
	}
	return false
}

// fieldsOf is the object of the fields of a line; nil when it has none.
func fieldsOf(pairs []pair) json.RawMessage {
	if len(pairs) == 0 {
		return nil
	}
	var out bytes.Buffer
	appendFields(&out, pairs, "{")
	out.WriteByte('}')
	return out.Bytes()
}
