package settings

import (
	"math"
	"strconv"
	"strings"
)

// Limit bounds how many of the objects of a collection something may happen to: a part of them, a
// number of them, or all when it is off.
type Limit struct {
	// Off is no limit at all; the rest does not count then.
	Off bool
	// Percent is the part of a collection, above 0 and at most 100; 0 when Count is the limit.
	Percent float64
	// Count is the number of objects, which may be 0.
	Count int
}

// parseLimit reads "50%", "100" or "off".
func parseLimit(text string) (any, string) {
	const fault = "must be a percentage such as 50%, a number or off"
	text = strings.ToLower(strings.TrimSpace(text))
	if text == "off" {
		return Limit{Off: true}, ""
	}
	if strings.Trim(strings.TrimSuffix(text, "%"), "0123456789.") != "" {
		return nil, fault // ParseFloat and Atoi take 1e1, 0x10 and +5
	}
	if percent, ok := strings.CutSuffix(text, "%"); ok {
		number, err := strconv.ParseFloat(percent, 64)
		if err != nil || !(number > 0 && number <= 100) {
			return nil, fault
		}
		return Limit{Percent: number}, ""
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 || number > math.MaxInt32 {
		return nil, fault
	}
	return Limit{Count: number}, ""
}
