package model

import (
	"net/netip"
	"strings"
)

// CAR keeps addresses in columns of PostgreSQL's type inet, and shows them as that type writes
// them, whatever the spelling of the import was. What follows reads and writes them alike.

// IsAddress tells whether a text is an address as CAR's database takes it. A query that compares
// addresses with another text is refused.
func IsAddress(text string) bool {
	_, ok := parseAddress(text)
	return ok
}

// IsInet is [IsAddress] for an address with the length of its prefix, or without: 10.0.0.0/8.
func IsInet(text string) bool {
	address, length, there := strings.Cut(text, "/")
	parsed, ok := parseAddress(address)
	return ok && (!there || isPrefixLength(length, parsed.BitLen()))
}

// CanonicalAddress returns an address in the one spelling in which CAR shows it: 2001:db8::1 for
// 2001:DB8:0::0:1, 10.0.0.1 for 010.0.0.1. A text that is no address is returned as it is.
func CanonicalAddress(text string) string {
	if isPlain(text) {
		return text
	}
	address, ok := parseAddress(text)
	if !ok {
		return text
	}
	var buf [64]byte
	if written := appendAddress(buf[:0], address); string(written) != text {
		return string(written)
	}
	return text
}

// CanonicalInet is [CanonicalAddress] for a value of an inet column, which may have a prefix length
// behind the address: 10.0.0.0/8. The length of a single address, /32 or /128, is not shown.
func CanonicalInet(text string) string {
	address, length, there := strings.Cut(text, "/")
	if !there {
		return CanonicalAddress(text)
	}
	switch parsed, ok := parseAddress(address); {
	case !ok:
		return text
	case parsed.Is4() && length == "32", !parsed.Is4() && length == "128":
		return CanonicalAddress(address)
	}
	return CanonicalAddress(address) + "/" + length
}

// isPlain tells quickly of most canonical addresses that they are. It is called for every address
// and every end of an edge at one.
func isPlain(text string) bool {
	if len(text) > 4 && (text[4] == ':' || text[3] == ':') {
		return isPlainIPv6(text)
	}
	return isPlainIPv4(text)
}

// isPlainIPv6 tells that a text is an IPv6 address in its canonical spelling: in lower case, no
// group begins with a zero, and a gap stands for two groups at least. Not all canonical addresses
// pass.
func isPlainIPv6(text string) bool {
	groups, digits, gap := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == ':' && digits > 0:
			digits = 0
		case c == ':' && groups > 0 && !gap:
			gap = true
		case c-'0' <= 9 || c-'a' <= 5:
			if digits == 0 {
				if c == '0' {
					return false
				}
				groups++
			}
			if digits++; digits > 4 {
				return false
			}
		default:
			return false
		}
	}
	if gap {
		return groups <= 6 && (digits > 0 || text[len(text)-2] == ':')
	}
	return groups == 8 && digits > 0
}

// isPlainIPv4 tells that a text has the characters of an IPv4 address and no number with zeros
// before it, so that it is in its canonical spelling or no address at all.
func isPlainIPv4(text string) bool {
	before := byte('.')
	for i := 0; i < len(text); i++ {
		c := text[i]
		if c-'0' > 9 && c != '.' || before == '.' && c == '0' && i+1 < len(text) && text[i+1] != '.' {
			return false
		}
		before = c
	}
	return true
}

// parseAddress reads an address. PostgreSQL takes the numbers of IPv4 as decimal ones with any
// number of zeros before them.
func parseAddress(text string) (netip.Addr, bool) {
	if address, err := netip.ParseAddr(text); err == nil {
		return address, address.Zone() == ""
	}
	var octets [4]byte
	rest, more := text, true
	for i := range octets {
		var number string
		if !more {
			return netip.Addr{}, false
		}
		if number, rest, more = strings.Cut(rest, "."); number == "" {
			return netip.Addr{}, false
		}
		value := 0
		for _, c := range []byte(number) {
			if value = value*10 + int(c) - '0'; c < '0' || c > '9' || value > 255 {
				return netip.Addr{}, false
			}
		}
		octets[i] = byte(value)
	}
	return netip.AddrFrom4(octets), !more
}

// appendAddress writes an address. PostgreSQL writes the last 32 bits of an IPv6 address like an
// IPv4 one where all before them are zero and they have more than 16 bits.
func appendAddress(dst []byte, address netip.Addr) []byte {
	if !address.Is6() || address.Is4In6() {
		return address.AppendTo(dst)
	}
	bits := address.As16()
	if [12]byte(bits[:12]) != [12]byte{} || bits[12] == 0 && bits[13] == 0 {
		return address.AppendTo(dst)
	}
	return netip.AddrFrom4([4]byte(bits[12:])).AppendTo(append(dst, "::"...))
}
