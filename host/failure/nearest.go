package failure

import (
	"slices"
	"strings"
)

// maxSuggestions is how many names an error offers for one that does not exist.
const maxSuggestions = 3

// Nearest returns the known names that someone may have meant, the likeliest first: what a hint
// offers for a name that does not exist. Case, dashes and underscores do not count.
func Nearest(name string, known []string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var found []candidate
	wanted := folded(name)
	for _, k := range known {
		have := folded(k)
		d := distance(wanted, have)
		switch {
		case d <= max(1, min(len(wanted), len(have))/3):
		case len(wanted) >= 3 && strings.Contains(have, wanted):
		default:
			continue
		}
		found = append(found, candidate{k, d})
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.distance - b.distance })
	var names []string
	for _, c := range found[:min(len(found), maxSuggestions)] {
		names = append(names, c.name)
	}
	return names
}

// DidYouMean returns what a message about a name that does not exist ends with: ", did you mean
// X?", or "" when no known name is near.
func DidYouMean(name string, known []string) string {
	near := Nearest(name, known)
	if len(near) == 0 {
		return ""
	}
	text := near[0]
	if last := len(near) - 1; last > 0 {
		text = strings.Join(near[:last], ", ") + " or " + near[last]
	}
	return ", did you mean " + text + "?"
}

func folded(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, "_", "-"))
}

// distance is the number of letters to insert, remove or replace, or of neighbours to swap, that
// turn a into b.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
