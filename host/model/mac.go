package model

import "strings"

// CanonicalMAC returns a MAC address in the one spelling in which CAR's database shows values of
// its type macaddr: 08:00:2b:01:02:03 for 08-00-2B-01-02-03, 0800.2b01.0203 or 8:0:2b:1:2:3. A text
// that is no MAC address is returned as it is.
func CanonicalMAC(text string) string {
	if !macForm().MatchString(text) {
		return text
	}
	var digits strings.Builder
	groups := strings.FieldsFunc(text, func(r rune) bool { return r == ':' || r == '-' || r == '.' })
	for _, group := range groups {
		if len(groups) == 6 && len(group) == 1 {
			digits.WriteByte('0')
		}
		digits.WriteString(strings.ToLower(group))
	}
	all := digits.String()
	pairs := make([]string, 0, 6)
	for i := 0; i < len(all); i += 2 {
		pairs = append(pairs, all[i:i+2])
	}
	return strings.Join(pairs, ":")
}

// Shown returns a text as CAR shows it in a column of a type: addresses are kept by value, whatever
// the spelling of the import was. Texts of other types are shown as they are.
func Shown(column, text string) string {
	switch column {
	case "inet":
		return CanonicalInet(text)
	case "macaddr":
		return CanonicalMAC(text)
	}
	return text
}
