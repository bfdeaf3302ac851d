package locales

import (
	"strconv"
	"strings"
	"sync"
)

// Styles in which the time zone of a time has a name, by their columns in zones.txt.
const (
	ShortName = iota
	LongName
	ShortGeneric
	LongGeneric
)

var styleNames = [...]string{"short", "long", "shortGeneric", "longGeneric"}

// zone is a time zone: its name, and what it is called.
type zone struct {
	name   string
	listed bool
	cells  [len(styleNames)]string
}

// zoneData is zones.txt.
type zoneData struct {
	zones map[string]*zone // by names in lower case, links among them
	names []string         // those that are listed
	// texts are the names of each style, by their numbers and the columns of locales.
	texts   [len(styleNames)][][]string
	columns map[string]int
}

var zones = sync.OnceValue(func() *zoneData {
	text, err := files.ReadFile("data/zones.txt")
	if err != nil {
		panic(err) // it is embedded
	}
	d := &zoneData{zones: map[string]*zone{}, columns: map[string]int{}}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		switch cells[0] {
		case "locales":
			for i, locale := range cells[1:] {
				d.columns[locale] = i
			}
		case "zone":
			z := &zone{name: cells[1], listed: cells[2] != "", cells: [4]string(cells[3:7])}
			d.zones[strings.ToLower(z.name)] = z
			if z.listed {
				d.names = append(d.names, z.name)
			}
		case "link":
			d.zones[strings.ToLower(cells[1])] = d.zones[strings.ToLower(cells[2])]
		default:
			for i, style := range styleNames {
				if cells[0] == style {
					d.texts[i] = append(d.texts[i], cells[2:])
				}
			}
		}
	}
	return d
})

// Zones are the time zones by their names in IANA's database, without other names of the same.
func Zones() []string { return zones().names }

// Zone is the zone with a name of IANA's database in any case, by the name under which it is listed.
func Zone(name string) (string, bool) {
	if strings.ContainsFunc(name, func(r rune) bool { return r >= 0x80 }) { // of which the lower case may be ASCII
		return "", false
	}
	z := zones().zones[strings.ToLower(name)]
	if z == nil {
		return "", false
	}
	return z.name, true
}

// ZoneName is what a zone is called in a style at a time, in minutes since 1970, at which it is
// offset seconds ahead of UTC. It is empty where that is nothing but the offset.
func (l *Locale) ZoneName(name string, style int, minute int64, offset int) string {
	d := zones()
	z := d.zones[strings.ToLower(name)]
	if z == nil {
		return ""
	}
	span := ""
	for each := range strings.SplitSeq(z.cells[style], ";") {
		since, names, dated := strings.Cut(each, ":")
		if !dated {
			span = each
			continue
		}
		if from, err := strconv.ParseInt(since, 10, 64); err != nil || from > minute {
			break
		}
		span = names
	}
	id, others, _ := strings.Cut(span, ",")
	for other := range strings.SplitSeq(others, ",") {
		if at, named, ok := strings.Cut(other, "="); ok && at == strconv.Itoa(offset) {
			id = named
		}
	}
	number, err := strconv.Atoi(id)
	if err != nil {
		return ""
	}
	texts := d.texts[style][number]
	for _, file := range []string{l.file, l.Language()} {
		if column := d.columns[file]; column < len(texts) && texts[column] != "" {
			return strings.TrimPrefix(texts[column], "=")
		}
	}
	return ""
}
