package netpolicy

import (
	"fmt"
	"net/netip"
	"net/url"
	"testing"
)

// FuzzRules reads any text as rules. What is read is read again as it is shown, and never names an
// address that is out of bounds unless it says so.
func FuzzRules(f *testing.F) {
	for _, seed := range []string{"a.example, *.b.example:443", "10.0.0.0/8:80,[fd00::]/8", "*,169.254.169.254", "[::1]:1", "0x7f.1",
		"bücher.example", "a/b:1", "[::ffff:1.2.3.4]/97"} {
		f.Add(seed, "http://a.example/")
	}
	f.Add("*", "http://[::ffff:a9fe:a9fe]")
	f.Add("0.0.0.0/0,[::]/0", "http://0251.0376.43518")
	f.Fuzz(func(t *testing.T, text, address string) {
		rules, err := ParseRules(text)
		if err != nil {
			return
		}
		for _, rule := range rules {
			again, err := ParseRule(rule.String())
			if err != nil || again != rule {
				t.Fatalf("%q is %v, which is %v, %v", text, rule, again, err)
			}
			if !rule.covers(rule) {
				t.Fatalf("%v does not cover itself", rule)
			}
		}
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		r := Route{Target: TargetOf(u)}
		if err := New(Bounds{Denied: rules}).Name(r); err == nil &&
			New(Bounds{Allowed: Rules{{all: true}}, Denied: Rules{{all: true}}}).Name(r) == nil {
			t.Fatalf("%s is not denied by *", r.Target)
		}
		if New(Bounds{Allowed: rules}).Name(r) != nil || !r.Target.address.IsValid() {
			return
		}
		if what, _ := forbidden(r.Target.address); what != "" && !at(narrow(rules), r.Target, r.Target.address) {
			t.Fatalf("%s, %s, is allowed by %v", r.Target, what, rules)
		}
	})
}

// narrow are the rules that are about a few addresses.
func narrow(rules Rules) Rules {
	few := Rules{}
	for _, rule := range rules {
		if rule.net.IsValid() && (rule.net.IsSingleIP() || rule.net.Bits() >= 10) {
			few = append(few, rule)
		}
	}
	return few
}

// FuzzSpellings spells addresses in many ways: each is refused exactly when the address is.
func FuzzSpellings(f *testing.F) {
	f.Add(byte(169), byte(254), byte(169), byte(254), uint8(0))
	f.Add(byte(100), byte(100), byte(100), byte(200), uint8(3))
	f.Add(byte(192), byte(0), byte(2), byte(1), uint8(9))
	f.Fuzz(func(t *testing.T, a, b, c, d byte, spelling uint8) {
		address := netip.AddrFrom4([4]byte{a, b, c, d})
		number := uint32(a)<<24 | uint32(b)<<16 | uint32(c)<<8 | uint32(d)
		spellings := []string{
			address.String(), fmt.Sprint(number), fmt.Sprintf("%#x", number), fmt.Sprintf("0%o.0%o.0%o.0%o", a, b, c, d),
			fmt.Sprintf("%#X.%d.%d", a, b, uint32(c)<<8|uint32(d)),
			fmt.Sprintf("%d.%d", a, number&0xffffff), fmt.Sprintf("0x%x.0%o.%d.0x%x.", a, b, c, d),
			fmt.Sprintf("[::ffff:%s]", address), fmt.Sprintf("[::ffff:%x:%x]", number>>16, number&0xffff),
			fmt.Sprintf("[64:ff9b::%x:%x]", number>>16, number&0xffff),
			fmt.Sprintf("[2002:%x:%x::1]", number>>16, number&0xffff), fmt.Sprintf("[::ffff:0:%x:%x]", number>>16, number&0xffff),
		}
		text := spellings[int(spelling)%len(spellings)]
		u, err := url.Parse("http://" + text + "/")
		if err != nil {
			t.Fatal(err)
		}
		what, _ := forbidden(address)
		if err := New(Bounds{}).Name(Route{Target: TargetOf(u)}); (err != nil) != (what != "") {
			t.Errorf("%s, which is %s, %q: %v", text, address, what, err)
		}
		if err := New(Bounds{Denied: Rules{{net: netip.PrefixFrom(address, 32)}}}).Name(Route{Target: TargetOf(u)}); err == nil {
			t.Errorf("%s is not denied as %s", text, address)
		}
	})
}
