package netpolicy

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Rule names hosts: a host ("api.example.com"), the hosts below a domain ("*.example.com"), an
// address ("192.0.2.1", "[2001:db8::1]"), a range of addresses ("10.0.0.0/8"), or all ("*"), each
// with a port ("api.example.com:443") or for all ports. The zero value names nothing.
type Rule struct {
	all   bool
	below bool         // the hosts below name, and not name itself
	name  string       // "" for addresses
	net   netip.Prefix // invalid for names
	port  uint16       // 0 for all
}

// Rules are rules of which one must match. nil differs from none: it is no bound.
type Rules []Rule

// ParseRule reads a rule. The error says what is wrong with the text, without repeating it.
func ParseRule(text string) (Rule, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Rule{}, errors.New("it is empty")
	case strings.Contains(text, "://"):
		return Rule{}, errors.New("it is a URL: name its host, as in api.example.com or api.example.com:443")
	}
	host, port, err := cutPort(text)
	if err != nil {
		return Rule{}, err
	}
	rule := Rule{port: port}
	if host == "*" {
		rule.all = true
		return rule, nil
	}
	if strings.ContainsAny(host, "[]/") {
		rule.net, err = parseRange(host)
		return rule, err
	}
	host, rule.below = strings.CutPrefix(host, "*.")
	if rule.name = canonical(host); !validName(rule.name) {
		return Rule{}, errors.New("it is no host: use a name, *.DOMAIN, an address or a range such as 10.0.0.0/8, and IPv6 in brackets")
	}
	if address, ok := parseAddress(rule.name); ok {
		if rule.below {
			return Rule{}, errors.New("there is nothing below an address: use a range such as 10.0.0.0/8")
		}
		rule.name, rule.net = "", netip.PrefixFrom(address, address.BitLen())
	}
	return rule, nil
}

// cutPort takes the port off, 0 for none. A range has its port behind its length: 10.0.0.0/8:443.
func cutPort(text string) (host string, port uint16, err error) {
	colon := strings.LastIndexByte(text, ':')
	switch {
	case colon < 0 || colon < strings.LastIndexByte(text, ']'):
		return text, 0, nil
	case strings.Count(text, ":") > 1 && !strings.HasPrefix(text, "["):
		return "", 0, errors.New("write an IPv6 address in brackets, as in [2001:db8::1] or [2001:db8::1]:443")
	}
	n, err := strconv.ParseUint(text[colon+1:], 10, 16)
	if err != nil || n == 0 {
		return "", 0, errors.New("a port is a number from 1 to 65535")
	}
	return text[:colon], uint16(n), nil
}

// parseRange reads "10.0.0.0/8", "[fd00::]/8" or "[2001:db8::1]".
func parseRange(text string) (netip.Prefix, error) {
	address, bits, ranged := strings.Cut(text, "/")
	if strings.HasPrefix(address, "[") != strings.HasSuffix(address, "]") {
		return netip.Prefix{}, errors.New("a bracket is missing")
	}
	parsed, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(address, "["), "]"))
	if err != nil || parsed.Zone() != "" {
		return netip.Prefix{}, errors.New("it is no address, or one with a zone")
	}
	length := parsed.BitLen()
	if ranged {
		if length, err = strconv.Atoi(bits); err != nil || length < 0 || length > parsed.BitLen() {
			return netip.Prefix{}, fmt.Errorf("the length of a range is a number from 0 to %d, as in 10.0.0.0/8", parsed.BitLen())
		}
	}
	const mapped = 96 // bits before an IPv4 address in one of IPv6
	if parsed.Is4In6() && length >= mapped {
		parsed, length = parsed.Unmap(), length-mapped
	}
	return netip.PrefixFrom(parsed, length).Masked(), nil
}

// validName tells whether a name can be that of a host.
func validName(name string) bool {
	if name == "" || len(name) > 253 {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for _, c := range []byte(label) {
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return false
			}
		}
	}
	return true
}

// ParseRules reads rules that are separated by commas; blank ones do not count. The error names the
// one that is wrong.
func ParseRules(text string) (Rules, error) {
	rules := Rules{}
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		rule, err := ParseRule(part)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", strings.TrimSpace(part), err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// String is the rule as it would be given.
func (r Rule) String() string {
	text := r.name
	switch {
	case r.all:
		text = "*"
	case r.below:
		text = "*." + r.name
	case r.net.IsValid():
		text = r.net.Addr().String()
		if r.net.Addr().Is6() {
			text = "[" + text + "]"
		}
		if !r.net.IsSingleIP() {
			text += "/" + strconv.Itoa(r.net.Bits())
		}
	}
	if r.port != 0 {
		text += ":" + strconv.Itoa(int(r.port))
	}
	return text
}

// String are the rules, separated by commas.
func (r Rules) String() string {
	if len(r) == 0 {
		return "none"
	}
	texts := make([]string, len(r))
	for i, rule := range r {
		texts[i] = rule.String()
	}
	return strings.Join(texts, ", ")
}

// names tells whether the rule names a host as it is written: by its name, or by the address that is
// written in its place.
func (r Rule) names(t Target) bool {
	switch {
	case !r.ofPort(t.port):
		return false
	case r.all:
		return true
	case r.net.IsValid():
		return t.address.IsValid() && r.has(t.address)
	case r.below:
		return strings.HasSuffix(t.name, "."+r.name)
	}
	return t.name == r.name
}

// has tells whether the rule is one of addresses and has this one, or one that is written in it.
func (r Rule) has(address netip.Addr) bool {
	if !r.net.IsValid() {
		return false
	}
	for _, a := range spellings(address) {
		if r.net.Contains(a) {
			return true
		}
	}
	return false
}

func (r Rule) ofPort(port uint16) bool { return r.port == 0 || r.port == port }

// covers tells whether all that another rule names is named by this one.
func (r Rule) covers(other Rule) bool {
	switch {
	case !r.ofPort(other.port):
		return false
	case r.all || other.all:
		return r.all
	case r.net.IsValid() || other.net.IsValid():
		return r.net.IsValid() && other.net.IsValid() && r.net.Bits() <= other.net.Bits() && r.has(other.net.Addr())
	case !r.below:
		return !other.below && r.name == other.name
	}
	return strings.HasSuffix(other.name, "."+r.name) || other.below && other.name == r.name
}

// mayCover tells whether what a rule names may turn out to be named by this one when the name is
// looked up.
func (r Rule) mayCover(other Rule) bool {
	return r.net.IsValid() && other.name != "" && r.ofPort(other.port)
}
