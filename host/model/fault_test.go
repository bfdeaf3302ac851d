package model

import "testing"

// A rule is told apart from another, and not by the values that break it.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		a, b Fault
		same bool
	}{
		{Fault{"risk", "must be at most 10, not 11"}, Fault{"risk", "must be at most 10, not 12.5e3"}, true},
		{Fault{"name", `does not match ^a$: "x \" y"`}, Fault{"name", `does not match ^a$: "z"`}, true},
		{Fault{"properties.list[3].x", "is a Set: use an array"}, Fault{"properties.list[12].x", "is a Set: use an array"}, true},
		{Fault{"room", `must be unique: "1" has "A" already`}, Fault{"room", `must be unique: "2" has "B" already`}, true},
		{Fault{"xfr_cvss2_base", "is required"}, Fault{"xfr_cvss3_base", "is required"}, false},
		{Fault{"name", "is required"}, Fault{"name", "must be a string, not a number"}, false},
		{Fault{"", "must have exactly one of: a, or b"}, Fault{"", "must have exactly one of: a, or c"}, false},
	} {
		if (test.a.Rule() == test.b.Rule()) != test.same {
			t.Errorf("%q and %q", test.a.Rule(), test.b.Rule())
		}
	}
}
