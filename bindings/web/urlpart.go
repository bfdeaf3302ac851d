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
		return "[" + address.String() + "]", ok && err == nil && address.Is6() && address.Zone() == ""
	}
	if !special {
		return percentEncode(text, controlSet), !strings.ContainsAny(text, "\x00\t\n\r #/<>?@[\\]^|:")
	}
	if text == "" {
		return "", true
	}
	host, err := hostProfile.ToASCII(percentDecode(text))
	if err != nil || host == "" || strings.ContainsAny(host, "\x00\t\n\r #/<>?@[\\]^|:%\x7f") ||
		strings.ContainsFunc(host, func(r rune) bool { return r < ' ' }) {
		return "", false
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	if last := labels[len(labels)-1]; last != "" && strings.Trim(last, "0123456789") == "" {
		address, err := netip.ParseAddr(strings.TrimSuffix(host, "."))
		return address.String(), err == nil
	}
	return host, true
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

func prefixed(mark byte, text, set string) string { return string(mark) + percentEncode(text, set) }

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
