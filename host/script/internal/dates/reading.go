package dates

import (
	"math"
	"strings"
	"time"
)

// reading is a text on its way to a time: what was read so far.
type reading struct {
	tokens
	day   parts // two or three numbers, of which value says what they are
	clock parts // hours, minutes, seconds, milliseconds
	zone  zone
	// iso8601 tells that day is a year, a month and a day.
	iso8601 bool
	// month is a month by its name, 1 to 12, and 0 for none.
	month int
	// half is 0 for am and 12 for pm, and -1 where neither was said.
	half int
	// numbers tells that a number was read, behind which no other words may stand.
	numbers bool
}

// parts are numbers in their order.
type parts struct {
	n     [4]int
	count int
}

func (p *parts) add(n, most int) bool {
	if p.count == most {
		return false
	}
	p.n[p.count] = n
	p.count++
	return true
}

// zone is an offset from UTC.
type zone struct {
	sign         int // 0 for none that was read
	hour, minute int
	wantsMinute  bool // a colon stood behind the hour
	named        bool // by the name of a zone
}

func (z *zone) set(hours int) {
	*z = zone{sign: 1, hour: hours, named: true}
	if hours < 0 {
		z.sign, z.hour = -1, -hours
	}
}

func (z *zone) utc() bool { return z.named && z.hour == 0 && z.minute == 0 }

// iso reads as much of the standard's form as is there. It is false for a text that has its T and
// goes on wrong, which is no date at all.
func (r *reading) iso() bool {
	r.half = -1
	if !r.isoDate() {
		return true
	}
	if r.token.kind == end {
		r.iso8601 = true
		r.zone.set(0)
		return true
	}
	if !r.token.isWord("t") {
		return true
	}
	r.next()
	r.iso8601 = true
	return r.isoTime() && r.token.kind == end
}

// isoDate reads a date. It is false where what follows can be no more of the standard's form.
func (r *reading) isoDate() bool {
	sign := r.token.sign()
	if sign != 0 {
		ahead := r.tokens // the sign may be of no year
		ahead.next()
		if !ahead.token.digits(6) || sign < 0 && ahead.token.n == 0 {
			return false
		}
		r.tokens = ahead
	} else if !r.token.digits(4) {
		return false
	}
	year := r.next().n
	if sign < 0 {
		year = -year
	}
	r.numbers = true
	r.day.add(year, 3)
	for _, most := range [...]int{12, 31} {
		if !r.skip("-") {
			return true
		}
		if !r.token.digits(2) || r.token.n < 1 || r.token.n > most {
			return false
		}
		r.day.add(r.next().n, 3)
	}
	return true
}

// isoTime reads what stands behind the T.
func (r *reading) isoTime() bool {
	if !r.clockPart(24) || !r.skip(":") || !r.clockPart(59) {
		return false
	}
	if r.skip(":") {
		if !r.clockPart(59) {
			return false
		}
		if r.skip(".") {
			if r.token.kind != number {
				return false
			}
			r.clock.add(millis(r.next().text), 4)
		}
	}
	if r.clock.n[0] == 24 && (r.clock.n[1] != 0 || r.clock.n[2] != 0 || r.clock.n[3] != 0) {
		return false
	}
	if r.token.isWord("z") {
		r.next()
		r.zone.set(0)
		return true
	}
	return r.token.sign() == 0 || r.isoOffset()
}

func (r *reading) clockPart(most int) bool {
	return r.token.digits(2) && r.token.n <= most && r.clock.add(r.next().n, 4)
}

// isoOffset reads +hh:mm and +hhmm.
func (r *reading) isoOffset() bool {
	r.zone.sign = r.next().sign()
	if r.token.digits(4) {
		n := r.next().n
		r.zone.hour, r.zone.minute = n/100, n%100
	} else {
		if !r.token.digits(2) {
			return false
		}
		r.zone.hour = r.next().n
		if !r.skip(":") || !r.token.digits(2) {
			return false
		}
		r.zone.minute = r.next().n
	}
	return r.zone.hour < 24 && r.zone.minute < 60
}

// value is the time of what was read.
func (r *reading) value(local *time.Location) float64 {
	c, ok := r.components()
	if !ok {
		return math.NaN()
	}
	t := c.Make()
	if r.zone.sign == 0 {
		return Clip(UTC(t, local))
	}
	by := r.zone.hour*perHour + r.zone.minute*perMinute
	return Clip(t - float64(r.zone.sign*by))
}

// components tells year, month and day apart and puts the time of the day right.
func (r *reading) components() (Components, bool) {
	if r.day.count == 0 {
		return Components{}, false
	}
	year, month, day := r.order()
	if !r.iso8601 {
		switch {
		case year >= 0 && year < 50:
			year += 2000
		case year >= 50 && year < 100:
			year += 1900
		}
	}
	clock := r.clock.n
	if r.half >= 0 {
		if clock[0] > 12 {
			return Components{}, false
		}
		clock[0] = clock[0]%12 + r.half
	}
	midnight := clock == [4]int{24}
	if month < 1 || month > 12 || day < 1 || day > 31 || !midnight && (clock[0] > 23 || clock[1] > 59 || clock[2] > 59 || clock[3] > 999) {
		return Components{}, false
	}
	return Components{
		float64(year), float64(month - 1), float64(day), float64(clock[0]), float64(clock[1]), float64(clock[2]), float64(clock[3]),
	}, true
}

// order says which of the numbers is what. Those that are not there are 1, with which the year
// becomes 2001: that is what other engines make of "6 Nov".
func (r *reading) order() (year, month, day int) {
	n := r.day.n
	given := r.day.count
	for i := given; i < 3; i++ {
		n[i] = 1
	}
	isDay := n[0] >= 1 && n[0] <= 31
	switch {
	case r.month != 0 && isDay:
		return n[1], r.month, n[0]
	case r.month != 0:
		return n[0], r.month, n[1]
	case r.iso8601 || !isDay:
		return n[0], n[1], n[2]
	}
	return n[2], n[0], n[1]
}

// months are the first letters of their names.
var months = [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}

// zones are the names that are known wherever one is, with their hours.
var zones = map[string]int{
	"ut": 0, "utc": 0, "z": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}

// monthOf is the month of a word that begins as its name does, 0 for none.
func monthOf(text string) int {
	if len(text) < 3 {
		return 0
	}
	for i, name := range months {
		if strings.EqualFold(text[:3], name) {
			return i + 1
		}
	}
	return 0
}
