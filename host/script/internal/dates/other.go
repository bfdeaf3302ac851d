package dates

import "strings"

// other reads what the standard's form has left over, in the order in which it comes: numbers, of
// which those with a colon behind them are a time, words, offsets and remarks in parentheses. It is
// false for what is no date.
func (r *reading) other() bool {
	for r.token.kind != end {
		t := r.next()
		ok := true
		switch {
		case t.kind == number:
			r.numbers = true
			ok = r.number(t)
		case t.kind == word:
			ok = r.word(t)
		case t.sign() != 0 && (r.zone.utc() || r.clock.count > 0):
			ok = r.offset(t.sign())
		case (t.sign() != 0 || t.is(")")) && r.numbers:
			return false
		case t.is("("):
			r.parentheses()
		}
		if !ok {
			return false
		}
	}
	return true
}

// number takes a number by what stands behind it.
func (r *reading) number(t token) bool {
	if r.skip(":") {
		if r.skip(":") { // 12::30
			return r.clock.count == 0 && r.clock.add(t.n, 4) && r.clock.add(0, 4)
		}
		ok := r.clock.add(t.n, 4)
		r.skip(".")
		return ok
	}
	dot := r.skip(".")
	switch {
	case dot && r.timeWants(t.n):
		r.clock.add(t.n, 4)
		if r.token.kind != number {
			return false
		}
		milli := millis(r.next().text)
		r.clock.count = 3
		return r.clock.add(milli, 4)
	case r.zone.wantsMinute && t.n < 60:
		r.zone.minute, r.zone.wantsMinute = t.n, false
		return true
	case r.timeWants(t.n):
		r.clock.add(t.n, 4)
		r.clock.count = 4 // the rest is 0
		next := r.token
		return next.kind == end || next.kind == space || next.isWord("z") || next.sign() != 0
	}
	if !r.day.add(t.n, 3) {
		return false
	}
	r.skip("-")
	return true
}

// timeWants tells whether a number can be the next part of a time.
func (r *reading) timeWants(n int) bool {
	switch r.clock.count {
	case 1, 2:
		return n < 60
	case 3:
		return n < 1000
	}
	return false
}

// word takes a month, am or pm, or a zone. Others are passed over before the first number, if they
// do not run into it: "Wed," and "on".
func (r *reading) word(t token) bool {
	lower := strings.ToLower(t.text)
	hours, isZone := zones[lower]
	switch month := monthOf(lower); {
	case (lower == "am" || lower == "pm") && r.clock.count > 0:
		r.half = 0
		if lower == "pm" {
			r.half = 12
		}
		return true
	case month != 0:
		r.month = month
		r.skip("-")
		return true
	case isZone && r.numbers:
		r.zone.set(hours)
		return true
	}
	return !r.numbers && r.token.kind != number
}

// offset reads what stands behind the sign of an offset: +2, +02, +0200 and +02:00.
func (r *reading) offset(sign int) bool {
	r.zone = zone{sign: sign}
	r.numbers = true
	n, length := 0, 0
	if r.token.kind == number {
		t := r.next()
		n, length = t.n, len(t.text)
	}
	switch {
	case r.token.is(":"):
		r.zone.hour, r.zone.wantsMinute = n, true
	case length == 1 || length == 2:
		r.zone.hour = n
	case length == 3 || length == 4:
		r.zone.hour, r.zone.minute = n/100, n%100
	default:
		return false
	}
	return true
}
