package car

import (
	"strings"
	"testing"
)

// Ids go into as few URLs as they fit into: their texts with the commas between them have 1,800
// characters at most, as they are escaped.
func TestIDPages(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		name string
		ids  []string
		want []int // how many are in each
	}{
		{"none", nil, nil},
		{"one", []string{"1"}, []int{1}},
		{"one that is too long", []string{x(3000)}, []int{1}},
		{"too long ones", []string{x(3000), x(3000), "1"}, []int{1, 1, 1}},
		{"at the limit", []string{x(899), x(900)}, []int{2}},
		{"over the limit", []string{x(900), x(900)}, []int{1, 1}},
		{"three at the limit", []string{x(599), x(600), x(599)}, []int{3}},
		{"three over it", []string{x(600), x(600), x(599)}, []int{2, 1}},
		{"again and again", []string{x(900), x(900), x(899), x(900), x(899)}, []int{1, 2, 2}},
		{"escaped", []string{strings.Repeat("/", 300), x(899)}, []int{2}},
		{"escaped, over the limit", []string{strings.Repeat("/", 300), x(900)}, []int{1, 1}},
		{"small ones", strings.Split(strings.Repeat("1234,", 720)+"1234", ","), []int{360, 360, 1}},
	} {
		var got []int
		var ids []string
		for _, page := range idPages(c.ids) {
			got = append(got, len(page))
			ids = append(ids, page...)
		}
		if len(got) != len(c.want) || strings.Join(ids, ",") != strings.Join(c.ids, ",") {
			t.Errorf("%s: %v", c.name, got)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v instead of %v", c.name, got, c.want)
			}
		}
	}
}
