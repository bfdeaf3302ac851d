// Package datetime writes times as Intl.DateTimeFormat does: components or styles of a locale, in a
// time zone.
//
// How fields are arranged is data (package locales); this package finds the pattern for what was
// asked for and fills it in. It knows nothing of the engine: options arrive checked.
package datetime

import (
	"strings"
	"time"

	"carjs/bindings/intl/internal/locales"
)

// Options are what is shown of a time, by the names of Intl.DateTimeFormat. Either there is a style, or
// there are components.
type Options struct {
	Weekday, Era, Year, Month, Day, DayPeriod, Hour, Minute, Second, TimeZoneName string
	// FractionalSecondDigits is 0 to 3.
	FractionalSecondDigits int
	DateStyle, TimeStyle   string
	// HourCycle is h11, h12, h23 or h24 where hours are shown.
	HourCycle string
	// ISO has dates written as in ISO 8601, of which there are numbers alone and no styles.
	ISO bool
}

// Part is a piece of what is shown. Source tells for a range of times whose it is.
type Part struct{ Type, Value, Source string }

// Format writes times.
type Format struct {
	locale *locales.Locale
	zone   Zone
	opts   Options
	tokens []token
}

// New makes a format.
func New(locale *locales.Locale, zone Zone, opts Options) *Format {
	f := &Format{locale: locale, zone: zone, opts: opts}
	f.tokens = f.parse(f.pattern())
	return f
}

// letters are how many letters a width has in a key.
var letters = map[byte]map[string]int{
	'E': {"short": 1, "long": 4, "narrow": 5},
	'G': {"short": 1, "long": 4, "narrow": 5},
	'y': {"numeric": 1, "2-digit": 2},
	'M': {"numeric": 1, "2-digit": 2, "short": 3, "long": 4, "narrow": 5},
	'd': {"numeric": 1, "2-digit": 2},
	'B': {"short": 1, "long": 4, "narrow": 5},
	'h': {"numeric": 1, "2-digit": 2},
}

func run(letter, widths byte, width string) string {
	return strings.Repeat(string(letter), letters[widths][width])
}

// full tells whether hours go from 0 to 23.
func (f *Format) full() bool { return f.opts.HourCycle == "h23" || f.opts.HourCycle == "h24" }

// keys are the keys of the date and of the time that were asked for.
func (f *Format) keys() (date, clock string) {
	o := f.opts
	date = run('E', 'E', o.Weekday) + run('G', 'G', o.Era) + run('y', 'y', o.Year) + run('M', 'M', o.Month) + run('d', 'd', o.Day)
	hour := byte('h')
	if f.full() {
		hour = 'H'
	}
	clock = run('B', 'B', o.DayPeriod) + run(hour, 'h', o.Hour) + run('m', 'h', o.Minute) + run('s', 'h', o.Second)
	if o.FractionalSecondDigits > 0 {
		clock += "S"
	}
	if o.TimeZoneName != "" {
		clock += "z"
	}
	return date, clock
}

// pattern finds the pattern for what was asked for.
func (f *Format) pattern() string {
	if f.opts.DateStyle != "" || f.opts.TimeStyle != "" {
		cycle := ""
		if f.opts.TimeStyle != "" {
			cycle = "h12"
			if f.full() {
				cycle = "h23"
			}
		}
		return f.locale.Text("style:" + f.opts.DateStyle + "/" + f.opts.TimeStyle + "/" + cycle)
	}
	date, clock := f.keys()
	switch {
	case f.opts.ISO && date != "" && clock == "":
		return f.isoDate()
	case f.opts.ISO && date != "":
		return f.isoDate() + f.locale.Text("glue:short") + f.clock(clock)
	case clock == "":
		return f.one("date:", date)
	case date == "":
		return f.clock(clock)
	}
	if whole := f.locale.Text("both:" + date + "+" + base(clock)); whole != "" {
		return predicted(whole, unusual(clock))
	}
	kind := "short"
	switch width := f.opts.Month; {
	case width == "long" && f.opts.Weekday != "":
		kind = "full"
	case width == "long":
		kind = "long"
	case width == "short", width == "narrow":
		kind = "medium"
	}
	return f.one("date:", date) + f.locale.Text("glue:"+kind) + f.clock(clock)
}

// isoDate is the pattern of a date as in ISO 8601. Eras have no names there.
func (f *Format) isoDate() string {
	o := f.opts
	month, day := run('M', 'M', o.Month), run('d', 'd', o.Day)
	if o.Month != "2-digit" && o.Day != "2-digit" && (o.Year != "" && month != "" || month != "" && day != "") {
		month, day = "MM", strings.Repeat(day, 2)
	}
	var fields []string
	for _, field := range []string{run('y', 'y', o.Year), month, day} {
		if field != "" {
			fields = append(fields, "{"+field+"}")
		}
	}
	pattern := strings.Join(fields, "-")
	if o.Era != "" && pattern != "" {
		pattern = " " + pattern
	}
	return pattern
}

// clock is the pattern of a time of day.
func (f *Format) clock(key string) string {
	if pattern := f.locale.Text("time:" + key + ":" + f.opts.TimeZoneName); pattern != "" {
		return pattern
	}
	return f.one("time:", key)
}

// unusual are the fields of a key in other widths than those of its base.
func unusual(key string) string {
	var out strings.Builder
	for each := range runs(key) {
		if base(each) != each {
			out.WriteString(each)
		}
	}
	return out.String()
}

// one is the pattern of a key, of its own or as it follows from that of the base.
func (f *Format) one(prefix, key string) string {
	if pattern := f.locale.Text(prefix + key); pattern != "" {
		return pattern
	}
	return predicted(f.locale.Text(prefix+base(key)), key)
}

// base is a key with the widths from which patterns of others follow.
func base(key string) string {
	var out strings.Builder
	for runOf := range runs(key) {
		out.WriteByte(runOf[0])
		if runOf[0] == 'M' && len(runOf) >= 3 {
			out.WriteString("MM")
		}
	}
	return out.String()
}

// runs are the runs of equal letters.
func runs(key string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for key != "" {
			rest := strings.TrimLeft(key, key[:1])
			if !yield(key[:len(key)-len(rest)]) {
				return
			}
			key = rest
		}
	}
}

// predicted is a pattern with its fields in the widths of a key.
func predicted(pattern, key string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		field, after, _ := strings.Cut(rest, "}")
		pattern = after
		name := strings.TrimRight(field, "0123456789")
		asked := ""
		for each := range runs(key) {
			if each[0] == name[0] {
				asked = each
			}
		}
		if asked == "" || name[0] == 'M' && (len(asked) < 3) != (len(name) < 3) {
			asked = name
		}
		out.WriteString("{" + asked + field[len(name):] + "}")
	}
}

// Parts writes a time in milliseconds since 1970.
func (f *Format) Parts(ms float64) []Part {
	return f.fill(f.tokens, f.zone.at(ms), "")
}

// Format writes a time in milliseconds since 1970.
func (f *Format) Format(ms float64) string {
	return text(f.Parts(ms))
}

func text(parts []Part) string {
	var out strings.Builder
	for _, part := range parts {
		out.WriteString(part.Value)
	}
	return out.String()
}

// moment is a time in a zone.
type moment struct {
	time.Time
	offset int // seconds ahead of UTC
}
