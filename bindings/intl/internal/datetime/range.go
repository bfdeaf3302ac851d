package datetime

import "strings"

// Shown are the components that are shown, and their widths: those of the pattern, which may differ
// from what was asked for.
func (f *Format) Shown() map[string]any {
	shown := map[string]any{}
	for _, t := range f.tokens {
		if t.name == "" {
			continue
		}
		letter, width := t.name[0], len(strings.TrimRight(t.name, "0123456789"))
		widths := letter
		switch letter {
		case 'H', 'm', 's':
			widths = 'h'
		case 'S':
			shown["fractionalSecondDigits"] = f.opts.FractionalSecondDigits
		case 'z':
			shown["timeZoneName"] = f.opts.TimeZoneName
		case 'B':
			if f.opts.DayPeriod != "" {
				shown["dayPeriod"] = f.opts.DayPeriod
			}
		}
		asked := map[byte]string{'E': f.opts.Weekday, 'G': f.opts.Era}[letter] // whose names may be the same in two widths
		if asked != "" {
			shown[kinds[letter]] = asked
			continue
		}
		for text, n := range letters[widths] {
			if n == width && letter != 'B' {
				shown[kinds[letter]] = text
			}
		}
	}
	return shown
}

// FormatRange writes two times as a range.
func (f *Format) FormatRange(start, end float64) string { return text(f.RangeParts(start, end)) }

// RangeParts writes two times as a range: what they share once, where the locale has a pattern for
// that.
func (f *Format) RangeParts(start, end float64) []Part {
	a, b := f.zone.at(start), f.zone.at(end)
	differs := f.difference(a, b)
	if pattern := f.rangePattern(differs); pattern != "" {
		return f.fillRange(pattern, a, b)
	}
	if dated := f.dated(differs); dated != nil {
		return dated.RangeParts(start, end)
	}
	if text(f.fill(f.tokens, a, "")) == text(f.fill(f.tokens, b, "")) || differs == "" {
		return f.fill(f.tokens, a, "shared")
	}
	parts := f.fill(f.tokens, a, "startRange")
	parts = append(parts, Part{"literal", f.locale.Text("range"), "shared"})
	return append(parts, f.fill(f.tokens, b, "endRange")...)
}

// dated is a format that shows of the date what tells two times of day apart, nil where this one does.
func (f *Format) dated(differs string) *Format {
	date, clock := f.keys()
	if !strings.ContainsAny(clock, "hHms") || differs == "" || !strings.Contains("dMyG", differs) {
		return nil
	}
	with := f.opts
	for _, field := range []struct {
		letter string
		width  *string
		always bool
	}{{"d", &with.Day, true}, {"M", &with.Month, differs != "d"}, {"y", &with.Year, differs == "y" || differs == "G"}} {
		if *field.width == "" && (field.always || date == "") {
			*field.width = "numeric"
		}
	}
	if differs == "G" && with.Era == "" {
		with.Era = "short"
	}
	if with == f.opts {
		return nil
	}
	return New(f.locale, f.zone, with)
}

// difference is the largest field in which two times differ.
func (f *Format) difference(a, b moment) string {
	switch {
	case (a.Year() <= 0) != (b.Year() <= 0):
		return "G"
	case a.Year() != b.Year():
		return "y"
	case a.Month() != b.Month():
		return "M"
	case a.Day() != b.Day():
		return "d"
	case a.Hour()/12 != b.Hour()/12:
		return "a"
	case a.Hour() != b.Hour():
		return "h"
	case a.Minute() != b.Minute():
		return "m"
	case a.Second() != b.Second() || f.opts.FractionalSecondDigits > 0 && a.Nanosecond() != b.Nanosecond():
		return "s"
	}
	return ""
}

// rangePattern is the pattern of a range of times that differ in a field, empty where both are
// written in full.
func (f *Format) rangePattern(differs string) string {
	if differs == "" {
		return ""
	}
	inDay := strings.Contains("ahms", differs)
	find := func(key string) string { return f.locale.Text("range:" + key + ":" + differs) }
	if f.opts.DateStyle != "" || f.opts.TimeStyle != "" {
		cycle := ""
		if f.opts.TimeStyle != "" {
			cycle = "h12"
			if f.full() {
				cycle = "h23"
			}
		}
		return f.locale.Text("range:" + f.opts.DateStyle + "/" + f.opts.TimeStyle + "/" + cycle + ":" + differs)
	}
	date, clock := f.keys()
	switch {
	case date == "":
		return find(clock)
	case clock == "":
		return find(date)
	case !inDay:
		return ""
	}
	whole, time := f.pattern(), f.clock(clock)
	pattern := find(clock)
	visible := strings.ContainsAny(clock, "hH") && (differs != "m" || strings.Contains(clock, "m"))
	if pattern == "" && visible && differs != "s" && !strings.Contains(clock, "s") {
		pattern = "<" + time + "=" + f.locale.Text("range") + ">" + time
	}
	if pattern == "" {
		return ""
	}
	// The date is shared.
	before, found := strings.CutSuffix(whole, time)
	if !found {
		return ""
	}
	return "=" + before + pattern
}

// fillRange writes a pattern of which < begins what is of the start, > what is of the end, and =
// what is of both.
func (f *Format) fillRange(pattern string, a, b moment) []Part {
	var parts []Part
	for pattern != "" {
		marker, rest := pattern[0], pattern[1:]
		length := strings.IndexAny(rest, "<>=")
		if length < 0 {
			length = len(rest)
		}
		tokens := f.parse(rest[:length])
		pattern = rest[length:]
		switch marker {
		case '<':
			parts = append(parts, f.fill(tokens, a, "startRange")...)
		case '>':
			parts = append(parts, f.fill(tokens, b, "endRange")...)
		default:
			parts = append(parts, f.fill(tokens, a, "shared")...)
		}
	}
	return parts
}
