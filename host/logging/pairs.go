package logging

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/go-hclog"

	"carjs/host/redact"
)

// pair is a key with its value, without secrets, in the forms of both formats.
type pair struct {
	key   string
	value string // for text lines: on one line, quoted where it must be; empty when there is a block
	block string // for text lines: a value of several lines
	field field  // for JSON lines
}

// pairs turns hclog's alternating keys and values into pairs.
func (s *sink) pairs(args []any) []pair {
	var out []pair
	for i := 0; i < len(args); i += 2 {
		if i+1 == len(args) {
			key := hclog.MissingKey
			if _, ok := args[i].(hclog.CapturedStacktrace); ok {
				key = "stacktrace"
			}
			return append(out, s.pair(key, args[i]))
		}
		key, ok := args[i].(string)
		if !ok {
			key = fmt.Sprint(args[i])
		}
		out = append(out, s.pair(key, args[i+1]))
	}
	return out
}

// pair makes a pair. The value is redacted before it is quoted, since quoting would hide a secret
// from the redactor or leave a piece of it; and again with its key, which may say what the value
// alone does not (Authorization="custom abc").
func (s *sink) pair(key string, from any) pair {
	r := s.options.Redactor
	key = printable(r.Name(key))
	text, encoded := valueText(from)
	clean := text
	if isFigure(from) || words[key] {
		clean = r.Name(clean)
	} else {
		clean = r.String(clean)
	}
	text, clean = visible(text), visible(clean)
	shown := strings.TrimRight(clean, "\n")
	block := strings.Contains(shown, "\n")
	if block {
		shown = clean
	} else {
		shown = quoteValue(shown)
	}
	out := pair{key: key, field: fieldOf(key, from, clean, encoded)}
	if rest, ok := strings.CutPrefix(patterns.String(key+"="+shown), key+"="); ok && rest != shown {
		shown = rest
		out.field = field{name: key, text: unquoted(rest)}
	} else if clean != text && !encoded {
		out.field = field{name: key, text: clean} // a figure that is a secret is no figure any more
	}
	if block {
		out.block = shown
	} else {
		out.value = shown
	}
	return out
}

// unquoted undoes [quoteValue] where it quoted.
func unquoted(value string) string {
	if plain, err := strconv.Unquote(value); err == nil {
		return plain
	}
	return value
}

// patterns finds what shows itself as a secret.
var patterns *redact.Redactor

// words are the keys whose values are words of carjs, or say how far an import came.
var words = map[string]bool{"failure": true, "fault": true, "mode": true, "hint": true, "save_point": true}

// isFigure tells what carjs has counted or measured: a figure that happens to be somebody's
// password is none.
func isFigure(value any) bool {
	switch value.(type) {
	case bool, int, int64, uint64, float64, time.Duration, time.Time:
		return true
	}
	return false
}

// valueText is the text of a value, and whether that is JSON. An error or a Stringer that panics, as
// nil pointers of such types do, is caught by fmt.
func valueText(value any) (text string, encoded bool) {
	switch v := value.(type) {
	case string:
		return v, false
	case []byte:
		return string(v), false
	case time.Duration:
		return durationText(v), false
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano), false
	case hclog.Hex:
		return "0x" + strconv.FormatInt(int64(v), 16), false
	case hclog.Octal:
		return "0" + strconv.FormatInt(int64(v), 8), false
	case hclog.Binary:
		return "0b" + strconv.FormatInt(int64(v), 2), false
	case hclog.Quote:
		return strconv.Quote(string(v)), false
	case hclog.Format:
		if len(v) > 0 {
			return fmt.Sprintf(fmt.Sprint(v[0]), v[1:]...), false
		}
		return "", false
	case error, fmt.Stringer, fmt.Formatter, nil, bool, int, int64, uint64, float64:
		return fmt.Sprint(v), false
	}
	return structured(value)
}

// structured is the text of a value that is made of others: JSON where that is possible, because it
// tells "a b" from "a", "b". A value that panics when it is encoded must not end the run that logs
// it.
func structured(value any) (text string, encoded bool) {
	defer func() {
		if recover() != nil {
			text, encoded = fmt.Sprintf("%T", value), false
		}
	}()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprintf("%+v", value), false
	}
	return strings.TrimSuffix(out.String(), "\n"), true
}

// durationText drops digits that nobody reads: 1.234s and not 1.234567891s.
func durationText(d time.Duration) string {
	switch {
	case d >= time.Minute || d <= -time.Minute:
		d = d.Round(time.Second)
	case d >= time.Second || d <= -time.Second:
		d = d.Round(time.Millisecond)
	case d >= time.Millisecond || d <= -time.Millisecond:
		d = d.Round(time.Microsecond)
	}
	return d.String()
}

// quoteValue puts a value in quotes where it would otherwise run into its neighbours, or into the
// terminal. JSON is left as it is: it shows where it ends, and quoting its quotes makes it
// unreadable.
func quoteValue(value string) string {
	special := func(r rune) bool { return r == '"' || r == '=' || r == ' ' || !unicode.IsPrint(r) }
	if value != "" && !strings.ContainsFunc(value, special) {
		return value
	}
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		strange := func(r rune) bool { return !unicode.IsGraphic(r) }
		if json.Valid([]byte(value)) && !strings.ContainsFunc(value, strange) {
			return value
		}
	}
	return strconv.Quote(value)
}
