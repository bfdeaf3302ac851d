package datetime

import (
	"fmt"
	"strconv"
	"strings"
)

// token is a field, or text if it has no name.
type token struct {
	name string
	text string
	list []string // of a field that is a name
}

// kinds are the types of parts by the letters of fields.
var kinds = map[byte]string{
	'E': "weekday", 'G': "era", 'y': "year", 'M': "month", 'd': "day", 'B': "dayPeriod", 'h': "hour", 'H': "hour", 'm': "minute",
	's': "second", 'S': "fractionalSecond", 'z': "timeZoneName",
}

// parse takes a pattern apart.
func (f *Format) parse(pattern string) []token {
	var tokens []token
	for pattern != "" {
		before, rest, found := strings.Cut(pattern, "{")
		if before != "" {
			tokens = append(tokens, token{text: before})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		pattern = after
		t := token{name: name}
		text := f.locale.Text("list:" + name)
		if text == "" && name[0] == 'B' {
			text = f.locale.Text("list:" + strings.TrimRight(name, "0123456789"))
		}
		if text == "" && name[0] == 'B' { // whose names are those of the shorter ones
			text = f.locale.Text("list:B" + strings.TrimLeft(name, "B"))
		}
		if text != "" {
			t.list = strings.Split(text, "|")
		}
		if name[0] == 'B' {
			t.list = spread(t.list)
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// spread are the names of parts of a day, of which a list says how often each follows the other.
func spread(runs []string) []string {
	var names []string
	for _, each := range runs {
		name := strings.TrimLeft(each, "0123456789")
		count, err := strconv.Atoi(each[:len(each)-len(name)])
		if err != nil {
			panic(err) // it is written by the generator
		}
		for range count {
			names = append(names, name)
		}
	}
	return names
}

// fill writes the fields of a time.
func (f *Format) fill(tokens []token, at moment, source string) []Part {
	parts := make([]Part, 0, len(tokens))
	for _, t := range tokens {
		if t.name == "" {
			parts = append(parts, Part{"literal", t.text, source})
			continue
		}
		parts = append(parts, Part{kinds[t.name[0]], f.value(t, at), source})
	}
	return parts
}

func digits(n, width int) string {
	text := strconv.Itoa(n)
	if len(text) < width {
		return strings.Repeat("0", width-len(text)) + text
	}
	return text
}

// value is a field of a time.
func (f *Format) value(t token, at moment) string {
	width := len(t.name)
	switch t.name[0] {
	case 'E':
		return t.list[at.Weekday()]
	case 'G':
		if at.Year() <= 0 {
			return t.list[0]
		}
		return t.list[1]
	case 'y':
		year := at.Year()
		if year <= 0 { // the year before 1 is 1 before Christ
			year = 1 - year
		}
		if width == 2 {
			return digits(year%100, 2)
		}
		return strconv.Itoa(year)
	case 'M':
		if t.list != nil {
			return t.list[at.Month()-1]
		}
		return digits(int(at.Month()), width)
	case 'd':
		return digits(at.Day(), width)
	case 'B':
		part := 2
		if at.Minute() == 0 {
			part = min(at.Second(), 1)
		}
		return t.list[at.Hour()*3+part]
	case 'h', 'H':
		return digits(f.hour(at.Hour()), width)
	case 'm':
		return digits(at.Minute(), width)
	case 's':
		return digits(at.Second(), width)
	case 'S':
		return digits(at.Nanosecond()/1e6, 3)[:f.opts.FractionalSecondDigits]
	default:
		return f.zoneName(at, t.name == "z1")
	}
}

// hour is an hour in the cycle that was asked for.
func (f *Format) hour(hour int) int {
	switch f.opts.HourCycle {
	case "h11":
		return hour % 12
	case "h12":
		return (hour+11)%12 + 1
	case "h24":
		return (hour+23)%24 + 1
	}
	return hour
}

// offset is an offset as names of zones have it, "GMT+1" or "GMT+01:00".
func (f *Format) offset(seconds int, long bool) string {
	sign, value := "gmt:+", seconds
	if seconds < 0 {
		sign, value = "gmt:-", -seconds
	}
	hours, minutes, rest := value/3600, value/60%60, value%60
	if value == 0 {
		if long {
			return f.locale.Text("gmt")
		}
		return f.locale.Text("gmt:short")
	}
	// The sample is that of one hour.
	prefix := strings.TrimSuffix(f.locale.Text(sign), "01:00")
	if long {
		prefix += fmt.Sprintf("%02d:%02d", hours, minutes)
	} else {
		prefix += strconv.Itoa(hours)
		if minutes != 0 || rest != 0 {
			prefix += fmt.Sprintf(":%02d", minutes)
		}
	}
	if rest != 0 {
		prefix += fmt.Sprintf(":%02d", rest)
	}
	return prefix
}
