package netpolicy

import (
	"fmt"
	"net/netip"
)

// Refusal is a connection that is not made.
type Refusal struct {
	// Host is host and port as the connector wrote them, Address what the name stands for; "" when
	// that does not matter, or the host is an address.
	Host, Address string
	// Operator tells that a rule of the operator is the reason, and not what the connector does.
	Operator bool

	why  reason
	rule string // the rule, the rules that lack it, or what is out of bounds
}

// reason is why a connection is not made.
type reason int

const (
	denied     reason = iota // -deny-net names it
	notAllowed               // -allow-net does not name it
	undeclared               // the connector does not declare it
	outside                  // it is out of bounds for all
	own                      // it is a service of carjs itself
)

func refused(t Target, address netip.Addr, why reason, rule string) *Refusal {
	r := &Refusal{Host: t.String(), Operator: why == denied || why == notAllowed, why: why, rule: rule}
	if !address.IsValid() {
		address = t.address
	}
	if address.IsValid() {
		if text := address.WithZone("").Unmap().String(); text != t.name {
			r.Address = text
		}
	}
	return r
}

// Error says what is not connected to, and by which rule.
func (r *Refusal) Error() string {
	host := r.Host
	if r.Address != "" {
		host += " (" + r.Address + ")"
	}
	switch r.why {
	case denied:
		return fmt.Sprintf("connecting to %s is denied by the rule %s of -deny-net", host, r.rule)
	case notAllowed:
		return fmt.Sprintf("connecting to %s is not allowed: -allow-net names %s", host, r.rule)
	case undeclared:
		return fmt.Sprintf("connecting to %s is not declared: hosts in config.json names %s", host, r.rule)
	}
	return fmt.Sprintf("connecting to %s is not allowed: it is %s", host, r.rule)
}

// Hint says what to do, as an order.
func (r *Refusal) Hint() string {
	switch r.why {
	case denied:
		return "remove the rule from -deny-net (CARJS_DENY_NET) if the connector may connect there"
	case notAllowed:
		return fmt.Sprintf("add %s to -allow-net (CARJS_ALLOW_NET) if the connector may connect there", r.Host)
	case undeclared:
		return fmt.Sprintf(`add %s to "hosts" of connection.type in configurations/config.json, `+
			`or the setting that has it, such as "{url}"`, r.Host)
	case own:
		return fmt.Sprintf("set the data source's URL, not that of carjs's own services; "+
			"if it is the data source, allow it by its name: -allow-net '*,%s'", r.Host)
	}
	return fmt.Sprintf("check the URL in the settings, and where the data source redirects to; "+
		"only an operator can allow it: -allow-net '*,%s'", r.bare())
}

// bare is what an operator would allow: the address, in the form of a rule, or the host.
func (r *Refusal) bare() string {
	address, err := netip.ParseAddr(r.Address)
	if err != nil {
		written, err := netip.ParseAddrPort(r.Host)
		if err != nil {
			return r.Host
		}
		address = written.Addr()
	}
	address = address.WithZone("").Unmap()
	return Rule{net: netip.PrefixFrom(address, address.BitLen())}.String()
}
