package dates

import (
	"math"
	"time"
)

// Parse is the time value of a text, NaN for what is no date: Date.parse. It reads the standard's
// form of ISO 8601 and, as engines do by convention, times as mails, logs and people write them:
// "Wed, 06 Nov 2024 12:00:00 GMT", "Nov 6, 2024", "2024/11/06 10:00". Texts without an offset are
// in the zone, but for an ISO date without a time, which is in UTC.
func Parse(text string, zone *time.Location) float64 {
	if t, ok := parseISO(text, zone); ok {
		return t
	}
	r := reading{tokens: tokens{rest: text}}
	r.next()
	if !r.iso() || !r.other() {
		return math.NaN()
	}
	return r.value(zone)
}

// parseISO reads the one form that nearly all texts have, YYYY-MM-DDTHH:mm:ss.sssZ and its parts up
// to a date. What it does not read may be a date all the same.
func parseISO(s string, zone *time.Location) (t float64, ok bool) {
	if len(s) < len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:10])
	if year < 0 || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	days := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix() / (perDay / perSecond)
	if s = s[len("2006-01-02"):]; s == "" {
		return float64(days * perDay), true
	}
	if len(s) < len("T15:04:05") || s[0] != 'T' || s[3] != ':' || s[6] != ':' {
		return 0, false
	}
	hour, minute, second := digits(s[1:3]), digits(s[4:6]), digits(s[7:9])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 {
		return 0, false
	}
	milli, s, ok := fraction(s[len("T15:04:05"):])
	if !ok {
		return 0, false
	}
	t = float64(days*perDay + int64(hour*perHour+minute*perMinute+second*perSecond+milli))
	switch {
	case s == "":
		return UTC(t, zone), true
	case s == "Z":
		return t, true
	case len(s) == len("+07:00") && (s[0] == '+' || s[0] == '-') && s[3] == ':':
		hours, minutes := digits(s[1:3]), digits(s[4:6])
		if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
			return 0, false
		}
		by := float64(hours*perHour + minutes*perMinute)
		if s[0] == '-' {
			by = -by
		}
		return t - by, true
	}
	return 0, false
}

// fraction reads ".123": milliseconds, of which further digits are cut off.
func fraction(s string) (milli int, rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return 0, s, true
	}
	n := 1
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return millis(s[1:n]), s[n:], n > 1
}

// millis are the milliseconds of a fraction's digits.
func millis(s string) int {
	milli := 0
	for i := range 3 {
		milli *= 10
		if i < len(s) {
			milli += int(s[i] - '0')
		}
	}
	return milli
}

// digits is the number that a text is, -1 when it is none.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
