package number

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// FormatRange writes two numbers as a range.
func (f *Format) FormatRange(a, b Decimal) string { return text(f.RangeParts(a, b)) }

// RangeParts writes two numbers as a range: what they are shown alike is "about" that number, and a
// unit of more than one character is written once.
func (f *Format) RangeParts(a, b Decimal) []Part {
	x, y := f.Parts(a), f.Parts(b)
	if text(x) == text(y) {
		about := Part{Type: "approximatelySign", Value: f.locale.Text("symbol:about")}
		at := 0
		for at < len(x) && x[at].Type == "literal" {
			at++
		}
		x = append(append(append([]Part{}, x[:at]...), about), x[at:]...)
		return sourced(x, "shared")
	}
	// What stands around the digits of each: the unit, and within that signs and currencies.
	first, second := f.take(x), f.take(y)
	before, behind := text(first.before), text(first.behind)
	affixes := before == text(second.before) && behind == text(second.behind) && utf8.RuneCountInString(before+behind) > 1
	separator := f.locale.Text("symbol:range")
	empty := len(first.before)+len(first.behind)+len(second.before)+len(second.behind) == 0
	if !affixes && !empty {
		separator = " " + separator + " "
	}
	from, to := sourced(first.number, "startRange"), sourced(second.number, "endRange")
	between := Part{"literal", separator, "shared"}
	if !affixes {
		from = slices.Concat(sourced(first.before, "startRange"), from, sourced(first.behind, "startRange"))
		to = slices.Concat(sourced(second.before, "endRange"), to, sourced(second.behind, "endRange"))
	}
	if len(first.unit) > 0 && text(first.unit) != text(second.unit) {
		// The form of the unit is that of the range.
		first.unit = f.rangeUnit(a, b)
	}
	if affixes {
		from = append(sourced(first.before, "shared"), from...)
		to = append(to, sourced(first.behind, "shared")...)
	}
	return slices.Concat(from, []Part{between}, to, sourced(first.unit, "shared"))
}

// rangeUnit is the unit behind a range.
func (f *Format) rangeUnit(a, b Decimal) []Part {
	from, to := f.digits(a).plural, f.digits(b).plural
	form := f.locale.Text("plurals:cardinal:" + from + "-" + to)
	if form == "" {
		form = to
	}
	others := map[string]Part{"=": {Type: "unit"}}
	pattern := f.unitPattern(form)
	if f.opts.Style == "currency" {
		pattern = f.locale.Text("currency:name:" + form)
		others["c"] = Part{Type: "currency", Value: f.currencyName(form)}
	}
	_, behind, _ := strings.Cut(pattern, "{0}")
	return fill(behind, nil, others)
}

func sourced(parts []Part, source string) []Part {
	out := make([]Part, len(parts))
	for i, part := range parts {
		part.Source = source
		out[i] = part
	}
	return out
}

// pieces are the parts of a number: its digits, what is before and behind them, and its unit.
type pieces struct{ before, number, behind, unit []Part }

// take takes the parts of a number apart. Units, and the names of currencies, stand behind numbers
// in all locales.
func (f *Format) take(parts []Part) pieces {
	isNumber := func(p Part) bool {
		switch p.Type {
		case "literal", "minusSign", "plusSign", "percentSign", "currency", "unit", "compact":
			return false
		}
		return true
	}
	first, last := 0, len(parts)-1
	for first < len(parts) && !isNumber(parts[first]) {
		first++
	}
	for last > first && !isNumber(parts[last]) {
		last--
	}
	p := pieces{before: parts[:first], number: parts[first : last+1], behind: parts[last+1:]}
	for i, each := range p.behind {
		named := each.Type == "currency" && f.opts.CurrencyDisplay == "name"
		if each.Type == "unit" && f.opts.Unit != "percent" || named { // percent is a sign
			at := i
			if at > 0 && p.behind[at-1].Type == "literal" {
				at--
			}
			p.behind, p.unit = p.behind[:at], p.behind[at:]
			break
		}
	}
	return p
}
