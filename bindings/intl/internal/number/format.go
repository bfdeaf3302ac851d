package number

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"carjs/bindings/intl/internal/locales"
	"carjs/bindings/intl/internal/plural"
)

// Options are what numbers are shown as, by the names of Intl.NumberFormat.
type Options struct {
	Digits
	Style string // decimal, percent, currency or unit
	// Currency is a code in upper case.
	Currency, CurrencyDisplay, CurrencySign string
	Unit, UnitDisplay                       string
	Notation, CompactDisplay                string
	// Grouping is auto, always, min2 or false.
	Grouping string
	// Sign is auto, always, never, exceptZero or negative.
	Sign string
}

// Part is a piece of a number that is shown. Source tells for a range of numbers whose it is.
type Part struct{ Type, Value, Source string }

// Format writes numbers.
type Format struct {
	locale *locales.Locale
	opts   Options
	// groups are the sizes of the last group and of the others, and how many digits there are at
	// least before the first.
	last, others, least int
}

// New makes a format.
func New(locale *locales.Locale, opts Options) *Format {
	f := &Format{locale: locale, opts: opts}
	sizes := strings.Fields(locale.Text("groups"))
	for i, n := range []*int{&f.last, &f.others, &f.least} {
		*n, _ = strconv.Atoi(sizes[i]) // it is written by the generator
	}
	switch opts.Grouping {
	case "always":
		f.least = 1
	case "min2":
		f.least = max(f.least, 2)
	}
	return f
}

// shown is a number as it is shown, and what that is made of.
type shown struct {
	Decimal
	whole, fraction string
	exponent        int
	plural          string
	parts           []Part
}

// Format writes a number.
func (f *Format) Format(d Decimal) string { return text(f.Parts(d)) }

// Plural is the category of a number as it is shown.
func (f *Format) Plural(d Decimal, ordinal bool) string {
	if !d.finite() {
		return "other"
	}
	s := f.digits(d)
	return plural.Of(f.locale.Language(), ordinal, s.whole, s.fraction)
}

func text(parts []Part) string {
	var out strings.Builder
	for _, part := range parts {
		out.WriteString(part.Value)
	}
	return out.String()
}

// Parts writes a number.
func (f *Format) Parts(d Decimal) []Part {
	if f.opts.Style == "percent" {
		d = d.shifted(2)
	}
	s := f.digits(d)
	sign := f.sign(s.Decimal)
	number := s.parts
	if f.opts.Notation == "compact" {
		number = fill(f.compactPattern(s), number, map[string]Part{"=": {Type: "compact"}})
	}
	signs := map[string]Part{
		"-": {Type: "minusSign", Value: f.locale.Text("symbol:minus")},
		"+": {Type: "plusSign", Value: f.locale.Text("symbol:plus")},
		"%": {Type: "percentSign", Value: f.locale.Text("symbol:percent")},
		"=": {Type: "unit"},
	}
	switch f.opts.Style {
	case "percent":
		return fill(f.locale.Text("percent"+sign), number, signs)
	case "unit":
		return fill(f.unitPattern(s.plural), fill(f.locale.Text("decimal"+sign), number, signs), signs)
	case "currency":
		if f.opts.CurrencyDisplay == "name" {
			signs["c"] = Part{Type: "currency", Value: f.currencyName(s.plural)}
			return fill(f.locale.Text("currency:name:"+s.plural), fill(f.locale.Text("decimal"+sign), number, signs), signs)
		}
		symbol := f.symbol()
		signs["c"] = Part{Type: "currency", Value: symbol}
		kind := "letters"
		if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsSymbol(last) || !d.finite() {
			kind = "symbol"
		}
		return fill(f.locale.Text("currency:"+f.opts.CurrencySign+":"+kind+sign), number, signs)
	}
	return fill(f.locale.Text("decimal"+sign), number, signs)
}

// fill puts the number and other parts into a pattern.
func fill(pattern string, number []Part, others map[string]Part) []Part {
	if pattern == "{0}" {
		return number
	}
	var parts []Part
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "{")
		if before != "" {
			parts = append(parts, Part{Type: "literal", Value: before})
		}
		if !found {
			break
		}
		field, after, _ := strings.Cut(rest, "}")
		pattern = after
		if field == "0" {
			parts = append(parts, number...)
			continue
		}
		part := others[field[:1]]
		if named, isText := strings.CutPrefix(field, "="); isText {
			part.Value = named
		}
		parts = append(parts, part)
	}
	return parts
}

// sign is the suffix of the patterns for the sign of a number that is rounded.
func (f *Format) sign(d Decimal) string {
	negative, zero := d.Negative && !d.nan, d.zero() || d.nan
	switch f.opts.Sign {
	case "never":
		return ""
	case "always":
		if negative {
			return "-"
		}
		return "+"
	case "exceptZero":
		switch {
		case zero:
			return ""
		case negative:
			return "-"
		}
		return "+"
	case "negative":
		if negative && !zero {
			return "-"
		}
		return ""
	}
	if negative {
		return "-"
	}
	return ""
}

// digits rounds a number and writes its digits.
func (f *Format) digits(d Decimal) shown {
	switch {
	case d.nan:
		return shown{Decimal: d, plural: "other", parts: []Part{{Type: "nan", Value: f.locale.Text("symbol:nan")}}}
	case d.infinite:
		return shown{Decimal: d, plural: "other", parts: []Part{{Type: "infinity", Value: f.locale.Text("symbol:infinity")}}}
	}
	exponent := f.exponent(d.magnitude())
	r, fractions := f.opts.round(d.shifted(-exponent))
	if f.opts.Notation != "standard" && !r.zero() && !d.zero() {
		// Rounding may have made a digit more of it: 999,999 is 1M.
		if again := f.exponent(r.magnitude() + exponent); again != exponent {
			exponent = again
			r, fractions = f.opts.round(d.shifted(-exponent))
		}
	}
	s := shown{Decimal: r, exponent: exponent}
	s.whole, s.fraction = r.text(f.opts.MinInteger, fractions)
	s.plural = f.pluralOf(s.whole, s.fraction)
	if exponent != 0 && f.opts.Notation != "compact" { // 1E6 is a million
		s.plural = f.pluralOf(r.shifted(exponent).text(1, 0))
	}
	s.parts = f.grouped(s.whole)
	if s.fraction != "" {
		s.parts = append(s.parts, Part{Type: "decimal", Value: f.locale.Text("symbol:decimal")}, Part{Type: "fraction", Value: s.fraction})
	}
	if f.opts.Notation == "scientific" || f.opts.Notation == "engineering" {
		s.parts = append(s.parts, Part{Type: "exponentSeparator", Value: f.locale.Text("symbol:exponent")})
		if exponent < 0 {
			s.parts = append(s.parts, Part{Type: "exponentMinusSign", Value: f.locale.Text("symbol:minus")})
			exponent = -exponent
		}
		s.parts = append(s.parts, Part{Type: "exponentInteger", Value: strconv.Itoa(exponent)})
	}
	return s
}

func (f *Format) pluralOf(whole, fraction string) string {
	return plural.Of(f.locale.Language(), false, whole, fraction)
}

// exponent is the power of ten that a number of a magnitude is shown with.
func (f *Format) exponent(magnitude int) int {
	switch f.opts.Notation {
	case "scientific":
		return magnitude
	case "engineering":
		return magnitude - ((magnitude%3)+3)%3
	case "compact":
		pattern := f.compact(magnitude, "other")
		if pattern == "" {
			return 0
		}
		return min(magnitude, 14) - int(pattern[0]-'1')
	}
	return 0
}

// compact is the pattern of a magnitude behind the number of digits that are shown, empty where
// numbers are shown as they are.
func (f *Format) compact(magnitude int, plural string) string {
	if magnitude < 3 {
		return ""
	}
	magnitude = min(magnitude, 14)
	display := f.opts.CompactDisplay
	if f.opts.Style == "currency" && f.opts.CurrencyDisplay != "name" {
		display = "short"
	}
	pattern := f.locale.Text("compact:" + display + ":" + strconv.Itoa(magnitude) + ":" + plural)
	if !strings.Contains(pattern, "{=") {
		return ""
	}
	return pattern
}

func (f *Format) compactPattern(s shown) string {
	if s.exponent == 0 || !s.finite() {
		return "{0}"
	}
	pattern := f.compact(s.exponent, s.plural)
	if pattern == "" {
		return "{0}"
	}
	return pattern[1:]
}

// grouped are the digits before the point.
func (f *Format) grouped(whole string) []Part {
	if f.opts.Grouping == "false" || len(whole) < f.last+f.least {
		return []Part{{Type: "integer", Value: whole}}
	}
	var groups []string
	for size := f.last; len(whole) > size; size = f.others {
		groups = append(groups, whole[len(whole)-size:])
		whole = whole[:len(whole)-size]
	}
	parts := []Part{{Type: "integer", Value: whole}}
	for i := len(groups) - 1; i >= 0; i-- {
		parts = append(parts, Part{Type: "group", Value: f.locale.Text("symbol:group")}, Part{Type: "integer", Value: groups[i]})
	}
	return parts
}
