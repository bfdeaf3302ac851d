package model

import (
	"math"
	"strings"
	"testing"
)

func TestInet(t *testing.T) {
	for text, want := range map[string]bool{
		"10.0.0.1": true, "10.0.0.1/8": true, "10.0.0.1/32": true, "10.0.0.1/33": false, "10.0.0.1/08": false, "10.0.0.1/": false, "10.0.0.1/a": false,
		"::1": true, "::1/128": true, "::1/129": false, "::1/1280": false, "::1/0": true, "fe80::1%eth0": false, "": false, "/8": false, "10.0.0/8": false,
		"x/8": false, "010.0.0.1": true, "10.0.0.256": false, "10.0.0.1.2": false, "10..0.1": false, "1.2.3.": false, "10.0.0.1/:": false,
	} {
		if IsInet(text) != want {
			t.Errorf("inet %q", text)
		}
		if address, _, there := strings.Cut(text, "/"); !there && IsAddress(address) != want {
			t.Errorf("address %q", text)
		}
	}
	for text, want := range map[string]string{
		"10.0.0.1": "10.0.0.1", "010.0.0.01/08": "10.0.0.1/08", "10.0.0.1/32": "10.0.0.1", "10.0.0.1/128": "10.0.0.1/128", "::1/32": "::1/32", "::1/128": "::1",
		"2001:DB8:0::0:1/64": "2001:db8::1/64", "x/8": "x/8", "x": "x", "": "", "::0102:0304": "::1.2.3.4", "::1:2/96": "::0.1.0.2/96",
	} {
		if got := CanonicalInet(text); got != want {
			t.Errorf("%q: %q instead of %q", text, got, want)
		}
	}
	// Only what is canonical passes the quick look, which need not see all of it.
	for text, want := range map[string]bool{
		"10.0.0.1": true, "0.0.0.0": true, "10.00.0.1": false, "01.2.3.4": false, "1.2.3.a": false, "1.2.3.4/8": false, "2001:db8:1:2:3:4:5:6": true,
		"2001:db8::1": true, "2001:db8::": true, "2001:DB8::1": false, "2001:0db8::1": false, "2001:db8:1:2:3:4:5": false, "2001:db8:1:2:3:4:5:6:7": false,
		"2001:db8:1:2:3:4:5::": false, "2001:db8:1:2:3:4::": true, "2001:db8:1:2:3::7": true, "2001:db8::1::2": false, "2001:db8:::1": false, "2001:db81a::1": false,
		"2001:db8:g::1": false, "2001:db8:1:2:3:4:5:": false, "2001:db8:1:2:3:4:5:6:": false, "2001:db8:1:": false, "abc:1::2": true, "2001:0:0::1": false,
	} {
		if got := isPlain(text); got != want {
			t.Errorf("plain %q: %t", text, got)
		}
		if isPlain(text) && IsAddress(text) && CanonicalAddress(text) != text {
			t.Errorf("plain %q is %q", text, CanonicalAddress(text))
		}
	}
}

func TestVertexKeys(t *testing.T) {
	m := CAR()
	for _, c := range []struct{ collection, given, want string }{
		{"asset", "asset/1", "asset/1"}, {"ipaddress", "ipaddress/10.0.0.1", "10.0.0.1"}, {"ipaddress", "0/10.0.0.1", "10.0.0.1"}, {"ipaddress", "/10.0.0.1", "10.0.0.1"},
		{"ipaddress", "r/10.0.0.1", "r/10.0.0.1"}, {"hostname", "hostname/h", "h"}, {"hostname", "0/h", "0/h"},
	} {
		of, _ := m.Collection(c.collection)
		if got := of.VertexKey(c.given); got != c.want {
			t.Errorf("%s %s: %s", c.collection, c.given, got)
		}
	}
	for _, c := range []struct{ region, address, want string }{{"", "a", "a"}, {"0", "a", "a"}, {"r", "a", "r/a"}} {
		if got := RegionalKey(c.region, c.address); got != c.want {
			t.Errorf("%q %q: %q", c.region, c.address, got)
		}
	}
	for _, c := range []struct{ collection, given, want string }{
		{"ipaddress", "10.0.0.1", "10.0.0.1"}, {"ipaddress", "0/010.0.0.1", "10.0.0.1"}, {"ipaddress", "r/010.0.0.1", "r/10.0.0.1"}, {"ipaddress", "r/10.0.0.1", "r/10.0.0.1"},
		{"ipaddress", "ipaddress/::0:1", "::1"}, {"ipaddress", "odd", "odd"}, {"hostname", "010.0.0.1", "010.0.0.1"},
	} {
		if got := SameKey(c.collection, c.given); got != c.want {
			t.Errorf("%s %s: %s", c.collection, c.given, got)
		}
	}
}

func TestLengthsAndNumbers(t *testing.T) {
	for _, c := range []struct {
		least, most int
		text, want  string
	}{
		{0, 0, "", ""}, {0, 0, "abc", ""}, {1, 0, "", "must not be empty"}, {2, 0, "", "must not be empty"}, {2, 0, "a", "must have at least 2 characters"},
		{2, 0, "äö", ""}, {2, 0, "abcdefgh", ""}, {0, 3, "", ""}, {0, 3, "äöü", ""}, {0, 3, "abcd", "must have at most 3 characters, has 4"}, {1, 1, "a", ""},
	} {
		p := &Property{Type: String, MinLength: c.least, MaxLength: c.most}
		if got := p.CheckString(c.text); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	whole, number := &Property{Type: Integer}, &Property{Type: Number}
	for v, want := range map[float64][2]bool{0: {true, true}, -1: {true, true}, 1.5: {false, true}, math.Inf(1): {false, false}, math.Inf(-1): {false, false}, 1e300: {true, true}} {
		if got := [2]bool{whole.CheckNumber(v) == "", number.CheckNumber(v) == ""}; got != want {
			t.Errorf("%v: %v", v, got)
		}
	}
	if got := whole.CheckNumber(math.Inf(1)); got != "must be a whole number, not +Inf" {
		t.Error(got)
	}
	for v, want := range map[float64]string{
		1: "1", -0.5: "-0.5", 1e20: "100000000000000000000", 1e21: "1e+21", -1e21: "-1e+21", 999999999999999868928: "999999999999999900000", 1e-7: "1e-07", 0: "0",
	} {
		if got := numberText(v); got != want {
			t.Errorf("%v: %s instead of %s", v, got, want)
		}
	}
	for n, want := range map[int]int{59: 59, 60: 60, 61: 61, 100: 61} {
		if got := len([]rune(shortened(strings.Repeat("ä", n)))); got != want {
			t.Errorf("%d characters: %d", n, got)
		}
	}
}
