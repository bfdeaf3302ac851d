package host

import (
	"fmt"
	"strconv"
)

// Limit is the most objects of a collection that a run may remove or leave out: a percentage, a
// number, or no limit.
type Limit struct {
	// Off means no limit; the other fields are ignored then.
	Off bool
	// Percent is the percentage of a collection, above 0 and at most 100; 0 when Count is the
	// limit.
	Percent float64
	// Count is the number of objects, which may be 0.
	Count int
}

// reached tells whether n objects may exceed the limit, depending on the size of their collection:
// with a percentage, fewer than few never do.
func (l Limit) reached(n, few int) bool {
	switch {
	case l.Off || n <= 0:
		return false
	case l.Percent > 0:
		return n >= few
	}
	return n > l.Count
}

// exceeded tells whether n objects of a collection exceed the limit.
func (l Limit) exceeded(n, of, few int) bool {
	return l.reached(n, few) && (l.Percent == 0 || float64(n)*100 > l.Percent*float64(of))
}

// String returns the limit in the form of the setting.
func (l Limit) String() string {
	switch {
	case l.Off:
		return "off"
	case l.Percent > 0:
		return strconv.FormatFloat(l.Percent, 'f', -1, 64) + "%"
	}
	return strconv.Itoa(l.Count)
}

// grouped is a number with commas between thousands.
func grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
