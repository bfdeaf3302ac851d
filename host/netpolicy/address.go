package netpolicy

import (
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// outOfBounds is what nothing leads to unless the operator names it: addresses that mean something
// else on every machine, and where clouds hand out the credentials of the machine.
var outOfBounds = []struct {
	net  netip.Prefix
	what string
}{
	{netip.MustParsePrefix("169.254.0.0/16"), "a link-local address, as those of cloud metadata services are"},
	{netip.MustParsePrefix("fe80::/10"), "a link-local address"},
	{netip.MustParsePrefix("fd00:ec2::254/128"), "a cloud metadata service"},      // Amazon
	{netip.MustParsePrefix("fd20:ce::254/128"), "a cloud metadata service"},       // Google
	{netip.MustParsePrefix("fd00:c1::a9fe:a9fe/128"), "a cloud metadata service"}, // Oracle
	{netip.MustParsePrefix("192.0.0.192/32"), "a cloud metadata service"},         // Oracle
	{netip.MustParsePrefix("100.100.100.200/32"), "a cloud metadata service"},     // Alibaba
	{netip.MustParsePrefix("168.63.129.16/32"), "a cloud metadata service"},       // Azure
}

// metadataNames are names of cloud metadata services, for requests through a proxy, which looks
// names up itself.
var metadataNames = []string{
	"metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal", "metadata.tencentyun.com",
}

// canonical is a host in the form in which hosts are compared: lower case, the letters of other
// scripts as DNS has them, without the dot of the root.
func canonical(host string) string {
	for i := range len(host) {
		if host[i] >= 0x80 {
			if ascii, err := idna.Lookup.ToASCII(host); err == nil {
				host = ascii
			}
			break
		}
	}
	return strings.TrimSuffix(strings.ToLower(host), ".")
}

// parseAddress reads an address in any form that some part of a machine takes for one: those of
// package netip, and of IPv4 the forms of inet_aton, which are one to four numbers, each decimal,
// octal (0251) or hexadecimal (0xa9), the last of which fills what is left.
func parseAddress(host string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return address.Unmap(), true
	}
	parts := strings.Split(host, ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, part := range parts {
		n, ok := parseOctets(part)
		most := uint64(0xff)
		if i == len(parts)-1 {
			most = 1<<(8*(5-len(parts))) - 1
		}
		if !ok || n > most {
			return netip.Addr{}, false
		}
		if i == len(parts)-1 {
			value |= n
		} else {
			value |= n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true
}

func parseOctets(part string) (uint64, bool) {
	base := 10
	if hex, ok := strings.CutPrefix(part, "0x"); ok {
		part, base = hex, 16
		if part == "" {
			return 0, true // as inet_aton has it
		}
	} else if len(part) > 1 && part[0] == '0' {
		base = 8
	}
	if strings.HasPrefix(part, "+") || strings.HasPrefix(part, "-") {
		return 0, false
	}
	n, err := strconv.ParseUint(part, base, 33)
	return n, err == nil
}

// spellings are an address and the IPv4 addresses that are written in it: what is sent to an address
// of a translator ends at those.
func spellings(address netip.Addr) []netip.Addr {
	address = address.WithZone("").Unmap()
	all := []netip.Addr{address}
	if address.Is4() {
		return all
	}
	b := address.As16()
	in := func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(address) }
	v4 := func(at int) { all = append(all, netip.AddrFrom4([4]byte(b[at:at+4]))) }
	switch {
	case in("64:ff9b::/96"), in("::ffff:0:0:0/96"), in("::/96") && b[12] != 0: // NAT64, SIIT, IPv4-compatible
		v4(12)
	case in("64:ff9b:1::/48"): // NAT64 of a site: the address is behind the first 48, 56, 64 or 96 bits
		v4(12)
		all = append(all, netip.AddrFrom4([4]byte{b[6], b[7], b[9], b[10]}), netip.AddrFrom4([4]byte{b[7], b[9], b[10], b[11]}))
		v4(9)
	case in("2002::/16"): // 6to4
		v4(2)
	case in("2001::/32"): // Teredo
		all = append(all, netip.AddrFrom4([4]byte{^b[12], ^b[13], ^b[14], ^b[15]}))
	}
	return all
}

// forbidden says what is out of bounds about an address, and by which range; "" when nothing is.
func forbidden(address netip.Addr) (what string, of netip.Prefix) {
	for _, a := range spellings(address) {
		for _, f := range outOfBounds {
			if f.net.Contains(a) {
				return f.what, f.net
			}
		}
	}
	return "", netip.Prefix{}
}
