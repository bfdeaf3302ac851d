package model

import (
	"net/netip"
	"testing"
)

func TestCanonicalAddress(t *testing.T) {
	for given, want := range map[string]string{
		"10.1.2.3":                  "10.1.2.3",
		"0.0.0.0":                   "0.0.0.0",
		"010.001.000.0003":          "10.1.0.3",
		"10.0.0.999":                "10.0.0.999",
		"010.0.0.999":               "010.0.0.999",
		"010.0.0":                   "010.0.0",
		"010.0.0.1.":                "010.0.0.1.",
		"010.0.0.1.2":               "010.0.0.1.2",
		"010..0.1":                  "010..0.1",
		"":                          "",
		"host":                      "host",
		"2001:db8::1":               "2001:db8::1",
		"2001:DB8::0001":            "2001:db8::1",
		"2001:db8:0:0:0:0:0:1":      "2001:db8::1",
		"2001:db8:0:1:0:0:0:1":      "2001:db8:0:1::1",
		"2001:db8::1:1:1:1:1":       "2001:db8:0:1:1:1:1:1",
		"1:0:0:2:0:0:3:4":           "1::2:0:0:3:4",
		"::FFFF:10.0.0.1":           "::ffff:10.0.0.1",
		"::ffff:a00:1":              "::ffff:10.0.0.1",
		"0:0:0:0:0:0:10.0.0.1":      "::10.0.0.1",
		"::1:2":                     "::0.1.0.2",
		"::0:1":                     "::1",
		"0:0:0:0:0:0:0:0":           "::",
		"fe80::1%eth0":              "fe80::1%eth0",
		"2001:db8::1::2":            "2001:db8::1::2",
		"2001:DB8::":                "2001:db8::",
		"64:ff9b:0:0:0:0:c0a8:0101": "64:ff9b::c0a8:101",
	} {
		got := CanonicalAddress(given)
		if got != want {
			t.Errorf("%q becomes %q, want %q", given, got, want)
		}
		if isPlain(given) && given != want {
			t.Errorf("%q is not canonical and passes for it", given)
		}
		if again := CanonicalAddress(got); again != got {
			t.Errorf("%q becomes %q, then %q", given, got, again)
		}
	}
	for given, want := range map[string]string{
		"2001:DB8::/32": "2001:db8::/32", "2001:DB8::1/128": "2001:db8::1", "010.0.0.1/32": "10.0.0.1", "10.1.2.3/8": "10.1.2.3/8",
		"x/8": "x/8", "::1": "::1",
	} {
		if got := CanonicalInet(given); got != want {
			t.Errorf("inet %q becomes %q, want %q", given, got, want)
		}
	}
	for key, want := range map[string]string{
		"north/2001:DB8::1": "north/2001:db8::1", "0/2001:DB8::1": "2001:db8::1", "ipaddress/0/010.0.0.1": "10.0.0.1",
		"a/b/2001:DB8::1": "a/b/2001:db8::1", "north/10.0.0.1": "north/10.0.0.1", "ipaddress/::1": "::1",
		"/10.0.0.1": "10.0.0.1", "ipaddress//::01": "::1",
	} {
		if got := SameKey("ipaddress", key); got != want {
			t.Errorf("key %q is compared as %q, want %q", key, got, want)
		}
	}
	if got := SameKey("hostname", "2001:DB8::1"); got != "2001:DB8::1" {
		t.Errorf("the host name is compared as %q", got)
	}
}

// FuzzCanonicalAddress looks for addresses whose canonical spelling is another address.
func FuzzCanonicalAddress(f *testing.F) {
	for _, seed := range []string{"2001:DB8::1", "::ffff:10.0.0.1", "::1:2", "010.0.0.1", "1::"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		canonical := CanonicalAddress(text)
		if address, ok := parseAddress(text); ok && isPlain(text) && string(appendAddress(nil, address)) != text {
			t.Fatalf("%q passes for canonical", text)
		}
		if CanonicalAddress(canonical) != canonical || IsAddress(text) != IsAddress(canonical) {
			t.Fatalf("%q becomes %q", text, canonical)
		}
		before, err := netip.ParseAddr(text)
		if err != nil || before.Zone() != "" {
			return
		}
		if after, err := netip.ParseAddr(canonical); err != nil || after != before {
			t.Fatalf("%q becomes %q", text, canonical)
		}
	})
}

func BenchmarkSameKey(b *testing.B) {
	for _, key := range []string{"10.120.30.40", "2001:db8:a::1234:5678", "2001:DB8:A::1234:5678"} {
		b.Run(key, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				SameKey(addresses, key)
			}
		})
	}
}
