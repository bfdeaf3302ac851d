package inventory

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"carjs/host/model"
)

// sized answers looks at collections of some sizes, and gives no more than some rows at once.
type sized struct {
	sizes map[string]int
	most  int
	asked []string
}

var lookPattern = regexp.MustCompile(`(w\d+): (\w+)\(where: \{_and: \[[^\]]*\]\}, limit: (\d+), offset: (\d+)\)`)

func (s *sized) Query(_ context.Context, query string, _ map[string]any) (json.RawMessage, error) {
	s.asked = append(s.asked, query)
	answer := map[string][]struct{}{}
	for _, look := range lookPattern.FindAllStringSubmatch(query, -1) {
		limit, _ := strconv.Atoi(look[3])
		offset, _ := strconv.Atoi(look[4])
		answer[look[1]] = make([]struct{}, max(0, min(limit, s.most, s.sizes[look[2]]-offset)))
	}
	return json.Marshal(answer)
}

func TestSizes(t *testing.T) {
	m := model.CAR()
	asset := collection(t, m, "asset")
	for _, test := range []struct{ size, least, most, requests int }{
		{0, 0, rowPage, 1}, {40, 40, rowPage, 1}, {41, 40, rowPage, 2}, {1000, 0, rowPage, 2}, {3, 10, rowPage, 1},
		{1999, 0, rowPage, 6}, {2000, 0, rowPage, 6}, {2001, 0, rowPage, 6}, {230_000, 100_000, rowPage, 9}, {1_000_000, 0, rowPage, 11},
		{30_000_000, 0, rowPage, 12}, {5000, 0, 7, 7}, {7, 0, 7, 2},
	} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			car := &sized{sizes: map[string]int{"asset": test.size}, most: test.most}
			sizes, err := New(car, m, "s").Sizes(context.Background(), []Least{{asset, test.least}})
			if want := max(test.size, test.least); err != nil || sizes[0] != want {
				t.Fatalf("%v, want %d: %v", sizes, want, err)
			}
			if len(car.asked) > test.requests {
				t.Errorf("%d requests, want %d at most", len(car.asked), test.requests)
			}
		})
	}
}

// What has no more than is known takes one look, and many looks are one request.
func TestSizesTogether(t *testing.T) {
	m := model.CAR()
	var known []Least
	car := &sized{sizes: map[string]int{"asset": 2, "asset_ipaddress": 1500}, most: rowPage}
	all := append(m.Vertices(), m.Edges()...)
	for _, c := range all {
		known = append(known, Least{c, 0})
	}
	sizes, err := New(car, m, "s").Sizes(context.Background(), known)
	if err != nil {
		t.Fatal(err)
	}
	for n, c := range all {
		if sizes[n] != car.sizes[c.Name] {
			t.Errorf("%s: %d", c.Name, sizes[n])
		}
	}
	looks := (len(all) + looksAtOnce - 1) / looksAtOnce
	if n := len(lookPattern.FindAllString(strings.Join(car.asked[:looks], ""), -1)); n != len(all) {
		t.Errorf("%d looks in the first %d requests for %d collections", n, looks, len(all))
	}
}

func TestSizesFail(t *testing.T) {
	m := racks(t)
	known := []Least{{collection(t, m, "rack"), 0}}
	if _, err := New(&scripted{answers: []string{""}}, m, "s").Sizes(context.Background(), known); !isNoAnswer(err) {
		t.Errorf("no answer: %v", err)
	}
	_, err := New(&scripted{answers: []string{`{"x":[]}`}}, m, "s").Sizes(context.Background(), known)
	if err == nil || !strings.Contains(err.Error(), "no list of rows") {
		t.Errorf("another answer: %v", err)
	}
}
