package web

import (
	"net/netip"
	"strconv"
	"strings"

	"carjs/bindings/internal/charset"

	"golang.org/x/net/idna"
)

// hostProfile maps names to ASCII as browsers do: in lower case, and without the rules for names of
// machines, which would refuse what works, such as an underscore.
var hostProfile = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.ValidateLabels(true),
	idna.StrictDomainName(false), idna.CheckHyphens(false))

func parseHost(text string, special bool) (string, bool) {
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		address, err := netip.ParseAddr(inner)
		if !ok || err != nil || !address.Is6() || address.Zone() != "" {
			return "", false
		}
		return "[" + pieces(address.As16()) + "]", true
	}
	if !special {
		return percentEncode(text, controlSet), !strings.ContainsAny(text, "\x00\t\n\r #/:<>?@[\\]^|")
	}
	if text == "" {
		return "", true
	}
	host, err := hostProfile.ToASCII(charset.ReplaceInvalid(percentDecode(text)))
	if err != nil || host == "" || strings.ContainsAny(host, "\x00\t\n\r #/<>?@[\\]^|:%\x7f") ||
		strings.ContainsFunc(host, func(r rune) bool { return r < ' ' }) {
		return "", false
	}
	if endsInNumber(host) {
		return parseIPv4(host)
	}
	return host, true
}

// endsInNumber tells whether a host is an IPv4 address, or nothing.
func endsInNumber(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := labels[len(labels)-1]
	if last == "" {
		return false
	}
	_, ok := ipv4Number(last)
	return ok || strings.Trim(last, "0123456789") == ""
}

// parseIPv4 reads an address in any of its forms: parts may be missing, hexadecimal or octal.
func parseIPv4(host string) (string, bool) {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(parts) > 4 {
		return "", false
	}
	var address uint64
	for i, part := range parts {
		n, ok := ipv4Number(part)
		last := i == len(parts)-1
		if !ok || !last && n > 255 || last && n >= 1<<(8*(5-len(parts))) {
			return "", false
		}
		if last {
			address += n
		} else {
			address += n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}).String(), true
}

// ipv4Number reads a part of an address. One that is too large is as large as can be.
func ipv4Number(text string) (uint64, bool) {
	base, digits := 10, text
	if lower := strings.ToLower(text); strings.HasPrefix(lower, "0x") {
		base, digits = 16, lower[2:]
	} else if len(text) > 1 && text[0] == '0' {
		base, digits = 8, text[1:]
	}
	if text == "" {
		return 0, false
	}
	if digits == "" {
		return 0, true
	}
	if strings.Trim(digits, "0123456789abcdef"[:base]) != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		n = 1 << 40
	}
	return n, true
}

// pieces writes an IPv6 address in hexadecimal digits alone, the longest run of zeros left out.
func pieces(address [16]byte) string {
	start, length := -1, 1
	piece := func(i int) uint16 { return uint16(address[2*i])<<8 | uint16(address[2*i+1]) }
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && piece(j) == 0 {
			j++
		}
		if j-i > length {
			start, length = i, j-i
		}
		i = max(i, j-1)
	}
	var b strings.Builder
	for i := 0; i < 8; i++ {
		if i == start {
			b.WriteString("::"[min(i, 1):])
			i += length - 1
			continue
		}
		b.WriteString(strconv.FormatUint(uint64(piece(i)), 16))
		if i < 7 {
			b.WriteByte(':')
		}
	}
	return b.String()
}

// The sets of ASCII characters that the parts encode, besides the controls and all that is not
// ASCII.
const (
	controlSet  = ""
	fragmentSet = " \"<>`"
	querySet    = " \"#<>"
	pathSet     = querySet + "?^`{}"
	userSet     = pathSet + "/:;=@[\\]|"
)

func percentEncode(text, set string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c >= ' ' && c < 0x7f && strings.IndexByte(set, c) < 0 {
			b.WriteByte(c)
			continue
		}
		const digits = "0123456789ABCDEF"
		b.Write([]byte{'%', digits[c>>4], digits[c&15]})
	}
	return b.String()
}

// EscapeQuery escapes in the text of a query what cannot stand in a URL, and leaves escapes as they
// are.
func EscapeQuery(text string) string { return percentEncode(text, querySet+"'") }

// encodeForm is a name or a value as URLSearchParams writes it.
func encodeForm(text string) string {
	const set = "!\"#$%&'()+,/:;<=>?@[\\]^`{|}~"
	return strings.ReplaceAll(percentEncode(text, set), " ", "+")
}

func decodeForm(text string) string {
	text = strings.ReplaceAll(text, "+", " ")
	if !strings.Contains(text, "%") {
		return text
	}
	return charset.ReplaceInvalid(percentDecode(text))
}

func percentDecode(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) {
			if c, err := strconv.ParseUint(text[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}
