package datetime

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"carjs/bindings/intl/internal/locales"
	"carjs/host/lazyregexp"
)

// Zone is a time zone: of IANA's database, or an offset such as "+01:00".
type Zone struct {
	Name     string
	Location *time.Location
	// Fixed is set for an offset.
	Fixed bool
}

func (z Zone) at(ms float64) moment {
	t := time.UnixMilli(int64(math.Floor(ms))).In(z.Location)
	_, offset := t.Zone()
	return moment{t, offset}
}

// zoneStyles are the styles of names that are not offsets.
var zoneStyles = map[string]int{
	"short": locales.ShortName, "long": locales.LongName, "shortGeneric": locales.ShortGeneric, "longGeneric": locales.LongGeneric,
}

// zoneName is what the zone is called at a time. Ranges say the short name even where a style has the
// long one.
func (f *Format) zoneName(at moment, short bool) string {
	name := f.opts.TimeZoneName
	switch { // styles have their own
	case short || f.opts.TimeStyle == "long":
		name = "short"
	case f.opts.TimeStyle == "full":
		name = "long"
	}
	long := name == "long" || name == "longOffset" || name == "longGeneric"
	if style, named := zoneStyles[name]; named && !f.zone.Fixed {
		minute := int64(math.Floor(float64(at.Unix()) / 60))
		if text := f.locale.ZoneName(f.zone.Name, style, minute, at.offset); text != "" {
			return text
		}
	}
	return f.offset(at.offset, long)
}

// LongName is what a locale calls a zone at a time, an offset where it has no name for it.
func LongName(locale *locales.Locale, zone Zone, at time.Time) string {
	f := &Format{locale: locale, zone: zone, opts: Options{TimeZoneName: "long"}}
	return f.zoneName(zone.at(float64(at.UnixMilli())), false)
}

// FindZone is the zone with a name of IANA's database in any case, or with an offset (+01:00, +0100,
// +01). It is false where there is none.
func FindZone(name string) (Zone, bool) {
	if seconds, ok := parseOffset(name); ok {
		sign, size := "+", seconds
		if seconds < 0 {
			sign, size = "-", -seconds
		}
		canonical := fmt.Sprintf("%s%02d:%02d", sign, size/3600, size/60%60)
		return Zone{Name: canonical, Location: time.FixedZone(canonical, seconds), Fixed: true}, true
	}
	canonical, ok := locales.Zone(name)
	if !ok {
		return Zone{}, false
	}
	location, err := time.LoadLocation(canonical)
	if err != nil {
		return Zone{}, false // the machine has no database
	}
	return Zone{Name: canonical, Location: location}, true
}

var offsetForm = lazyregexp.New(`^([+-])([01]\d|2[0-3])(?::?([0-5]\d))?$`)

func parseOffset(text string) (seconds int, ok bool) {
	m := offsetForm().FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	hours, minutes := int(m[2][0]-'0')*10+int(m[2][1]-'0'), 0
	if m[3] != "" {
		minutes = int(m[3][0]-'0')*10 + int(m[3][1]-'0')
	}
	seconds = hours*3600 + minutes*60
	if m[1] == "-" {
		seconds = -seconds
	}
	return seconds, true
}

// LocalZone is the zone of the process, which is that of Date.
func LocalZone() Zone {
	if name := time.Local.String(); name != "Local" {
		if _, after, found := strings.Cut(name, "zoneinfo/"); found { // TZ is a file
			name = after
		}
		if zone, ok := FindZone(name); ok {
			return zone
		}
	}
	return machineZone()
}

// machineZone is the zone that the machine is set to. Package time does not tell its name.
var machineZone = sync.OnceValue(func() Zone {
	if target, err := filepath.EvalSymlinks("/etc/localtime"); err == nil {
		if _, name, found := strings.Cut(filepath.ToSlash(target), "zoneinfo/"); found {
			if zone, ok := FindZone(name); ok {
				return zone
			}
		}
	}
	return likeLocal()
})

// likeLocal is a zone whose clocks go like those of the process: where there is no link to a file
// of the database, as in Windows.
func likeLocal() Zone {
	from := time.Now().AddDate(-1, 0, 0)
	same := func(location *time.Location) bool {
		for day := range 3 * 365 {
			at := from.AddDate(0, 0, day)
			_, a := at.In(time.Local).Zone()
			if _, b := at.In(location).Zone(); a != b {
				return false
			}
		}
		return true
	}
	abbreviation, seconds := time.Now().In(time.Local).Zone()
	if same(time.UTC) {
		return Zone{Name: "UTC", Location: time.UTC}
	}
	var found Zone
	for _, name := range locales.Zones() {
		zone, ok := FindZone(name)
		if !ok || !same(zone.Location) {
			continue
		}
		if now, _ := time.Now().In(zone.Location).Zone(); found.Name == "" || now == abbreviation {
			found = zone
			if now == abbreviation {
				break
			}
		}
	}
	if found.Name == "" {
		found, _ = FindZone(fmt.Sprintf("%+03d:%02d", seconds/3600, max(seconds, -seconds)/60%60))
	}
	return found
}
