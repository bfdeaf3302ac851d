// Package dates is the arithmetic of the language's Date and the reader of its texts: epoch
// milliseconds to and from components, local time as the standard defines it, ISO 8601 and the
// other formats that engines read by convention.
//
// It exists because the engine's own reader takes texts of digits for dates, and leaves the hour
// that a change of the clocks skips or repeats to package time, which promises neither choice. It
// knows nothing of the engine: host/script puts it in the place of the built-ins.
package dates

import (
	"fmt"
	"math"
	"time"
)

// Max is how far a Date is from 1970 at most, in milliseconds.
const Max = 8.64e15

const (
	perSecond = 1000
	perMinute = 60 * perSecond
	perHour   = 60 * perMinute
	perDay    = 24 * perHour
)

// Components are what a time is made of, as numbers of a script: whole or not, NaN, or beyond their
// range, which carries over into the next. Month counts from 0, Day from 1.
type Components struct{ Year, Month, Day, Hour, Minute, Second, Milli float64 }

// Make is the time value of components, NaN where they have none. It may be beyond [Max].
func (c Components) Make() float64 {
	return makeDate(c.day(), c.time())
}

// day is MakeDay of the standard.
func (c Components) day() float64 {
	year, month, day := math.Trunc(c.Year), math.Trunc(c.Month), math.Trunc(c.Day)
	if !finite(year) || !finite(month) || !finite(day) {
		return math.NaN()
	}
	year += math.Floor(month / 12)
	month = math.Mod(math.Mod(month, 12)+12, 12)
	if math.Abs(year) > 1_000_000 {
		return math.NaN() // no Date has it, whatever the day
	}
	first := time.Date(int(year), time.Month(int(month)+1), 1, 0, 0, 0, 0, time.UTC)
	return float64(first.Unix()/(perDay/perSecond)) + day - 1
}

// time is MakeTime of the standard.
func (c Components) time() float64 {
	hour, minute, second, milli := math.Trunc(c.Hour), math.Trunc(c.Minute), math.Trunc(c.Second), math.Trunc(c.Milli)
	if !finite(hour) || !finite(minute) || !finite(second) || !finite(milli) {
		return math.NaN()
	}
	return hour*perHour + minute*perMinute + second*perSecond + milli
}

func makeDate(day, timeOfDay float64) float64 {
	made := day*perDay + timeOfDay
	if !finite(made) {
		return math.NaN()
	}
	return made
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Of are the components of a time value that a Date can have.
func Of(t float64) Components {
	at := time.UnixMilli(int64(t)).UTC()
	return Components{
		Year: float64(at.Year()), Month: float64(at.Month() - 1), Day: float64(at.Day()),
		Hour: float64(at.Hour()), Minute: float64(at.Minute()), Second: float64(at.Second()),
		Milli: float64(at.Nanosecond() / int(time.Millisecond)),
	}
}

// Clip is a time value that a Date can have: whole and not beyond [Max], or NaN.
func Clip(t float64) float64 {
	if !finite(t) || math.Abs(t) > Max {
		return math.NaN()
	}
	return math.Trunc(t) + 0 // no negative zero
}

// Local is the local time of a time value, as a time value.
func Local(t float64, zone *time.Location) float64 {
	return t + offset(t, zone)
}

// UTC is the time value of a local time. Of a local time that a zone has twice it is the earlier
// one; one that a zone skips is taken with the offset from before the change. Both are the
// standard's.
func UTC(local float64, zone *time.Location) float64 {
	if !finite(local) || math.Abs(local) > Max+perDay {
		return math.NaN()
	}
	before, after := offset(local-perDay, zone), offset(local+perDay, zone)
	if t := local - before; offset(t, zone) == before {
		return t
	}
	if t := local - after; before != after && offset(t, zone) == after {
		return t
	}
	// The zone skips it, or it changes twice within two days.
	if between := offset(local-before, zone); before == after && offset(local-between, zone) == between {
		return local - between
	}
	return local - before
}

// offset is by how much local time is ahead of UTC at a time value, in milliseconds.
func offset(t float64, zone *time.Location) float64 {
	_, seconds := time.UnixMilli(int64(math.Floor(t))).In(zone).Zone()
	return float64(seconds) * perSecond
}

// ISO is the text of a time value that a Date can have, in UTC: Date.prototype.toISOString.
func ISO(t float64) string {
	at := time.UnixMilli(int64(t)).UTC()
	switch year := at.Year(); {
	case year < 0:
		return fmt.Sprintf("-%06d", -year) + at.Format("-01-02T15:04:05.000Z")
	case year > 9999:
		return fmt.Sprintf("+%06d", year) + at.Format("-01-02T15:04:05.000Z")
	}
	return at.Format("2006-01-02T15:04:05.000Z")
}
