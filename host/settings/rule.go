package settings

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/lazyregexp"
)

// rule is what a value of a setting must keep.
type rule struct {
	kind     Type
	min, max *float64
	options  []string
	fits     func(string) bool
	regex    string
	anyValue bool
}

func ruleOf(f *Field) rule {
	return rule{kind: f.Type, min: f.Min, max: f.Max, options: f.Options, fits: f.fits, regex: f.Regex}
}

func ruleOfSetting(s *Setting) rule {
	return rule{kind: s.Type, min: s.Min, options: s.Options, anyValue: s.AnyValue}
}

// parse turns a text into the typed value: string, float64, bool, int, [time.Duration], uint64 for
// a size, [Limit], or [netpolicy.Rules]. The fault is what the value must be, and does not repeat it;
// empty when all is well. An empty text is a value of the textual types, on which no further demand
// is made.
func (r rule) parse(text string) (value any, fault string) {
	switch r.kind {
	case Boolean:
		return parseBoolean(text)
	case Number:
		return r.parseNumber(text)
	case Integer:
		number, fault := r.parseNumber(text)
		if n, ok := number.(float64); fault == "" && ok && n == math.Trunc(n) && math.Abs(n) <= math.MaxInt32 {
			return int(n), ""
		}
		return nil, "must be a whole number" + r.bounds("")
	case Duration:
		return r.parseDuration(text)
	case Size:
		return parseSize(text)
	case Bound:
		return parseLimit(text)
	case Hosts:
		return parseHosts(text)
	}
	if text == "" {
		return "", ""
	}
	return r.parseText(text)
}

func (r rule) parseText(text string) (any, string) {
	switch r.kind {
	case Link:
		text = strings.TrimSpace(text)
		if _, err := url.Parse(text); err != nil || strings.ContainsAny(text, " \t\r\n") {
			return nil, "must be a URL"
		}
	case Cron:
		return text, "" // the platform's business, and not worth stopping a run for
	}
	if len(r.options) > 0 && !slices.Contains(r.options, text) {
		return nil, "must be " + alternatives(quoted(r.options))
	}
	if r.fits != nil && !r.fits(text) {
		return nil, "must match the pattern " + r.regex
	}
	return text, ""
}

var (
	trueWords  = []string{"true", "1", "yes", "on", "y", "t"}
	falseWords = []string{"false", "0", "no", "off", "n", "f"}
)

func parseBoolean(text string) (any, string) {
	word := strings.ToLower(strings.TrimSpace(text))
	switch {
	case slices.Contains(trueWords, word):
		return true, ""
	case slices.Contains(falseWords, word):
		return false, ""
	}
	return nil, "must be true or false"
}

func (r rule) parseNumber(text string) (any, string) {
	text = strings.TrimSpace(text)
	number, err := strconv.ParseFloat(text, 64)
	// ParseFloat also reads hexadecimal numbers, infinities and underscores.
	if err != nil || strings.Trim(text, "0123456789+-.eE") != "" || r.outside(number) {
		return nil, "must be a number" + r.bounds("")
	}
	if len(r.options) > 0 && !slices.ContainsFunc(r.options, func(option string) bool {
		n, err := strconv.ParseFloat(option, 64)
		return err == nil && n == number
	}) {
		return nil, "must be " + alternatives(quoted(r.options))
	}
	return number, ""
}

func (r rule) parseDuration(text string) (any, string) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseFloat(text, 64); err == nil && strings.Trim(text, "0123456789.") == "" {
		text = strconv.FormatFloat(n, 'f', -1, 64) + "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || r.outside(d.Seconds()) {
		return nil, "must be a duration such as 90s or 1h30m" + r.bounds("s")
	}
	return d, ""
}

var sizePattern = lazyregexp.New(`^(?i)\s*([0-9]+(?:\.[0-9]+)?)\s*([kmgt]?)(?:i?b)?\s*$`)

func parseSize(text string) (any, string) {
	const fault = "must be a size such as 512MB or 2GB"
	part := sizePattern().FindStringSubmatch(text)
	if part == nil {
		return nil, fault
	}
	number, err := strconv.ParseFloat(part[1], 64)
	unit := 1.0
	if part[2] != "" {
		unit = math.Pow(1024, float64(1+strings.Index("kmgt", strings.ToLower(part[2]))))
	}
	if err != nil || number*unit >= math.MaxInt64 {
		return nil, fault
	}
	return uint64(number * unit), ""
}

func (r rule) outside(n float64) bool {
	return r.min != nil && n < *r.min || r.max != nil && n > *r.max
}

func (r rule) bounds(unit string) string {
	show := func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) + unit }
	switch {
	case r.min != nil && r.max != nil:
		return fmt.Sprintf(" from %s to %s", show(*r.min), show(*r.max))
	case r.min != nil:
		return " of at least " + show(*r.min)
	case r.max != nil:
		return " of at most " + show(*r.max)
	}
	return ""
}

// alternatives joins words as "a, b or c".
func alternatives(words []string) string { return join(words, " or ") }

func quoted(words []string) []string {
	out := make([]string, len(words))
	for i, word := range words {
		out[i] = strconv.Quote(word)
	}
	return out
}

// enumerate joins words as "a, b and c".
func enumerate(words []string) string { return join(words, " and ") }

func join(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}
