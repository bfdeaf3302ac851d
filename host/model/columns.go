package model

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"carjs/host/lazyregexp"
)

// column is a type of CAR's database, which the properties of schema extensions have.
type column struct {
	typ Type
	// low and high are its range; empty means unbounded.
	low, high string
	// form checks its texts, pattern says the same to a JSON Schema, forms says it in words. form
	// is nil where any text will do.
	form    func(string) bool
	pattern func() string
	forms   string
	// script is its type in TypeScript, about its documentation there.
	script, about string
}

// bigserial is the column type that CAR numbers by itself where an object has no value.
const bigserial = "bigserial"

const (
	low64, high64 = "-9223372036854775808", "9223372036854775807"
	// A timestamp reaches from 4713 BC to the year 294276; these are the epoch milliseconds.
	lowTime, highTime = "-210866803200000", "9224318015999999"
	highFloat         = "1.7976931348623157e308"
	about64           = "A whole number of 64 bits; give what a number cannot hold exactly as a BigInt"
)

// columns is the table of the types that an extension can use.
var columns = map[string]column{
	"text":    {typ: String, script: "string"},
	"numeric": {typ: Number, script: "number | bigint"},
	"float":   {typ: Number, low: "-" + highFloat, high: highFloat, script: "number"},
	"boolean": {typ: Boolean, script: "boolean"},
	"integer": {typ: Integer, low: "-2147483648", high: "2147483647", script: "number", about: "A whole number of 32 bits"},
	"bigint":  {typ: Integer, low: low64, high: high64, script: "number | bigint", about: about64},
	bigserial: {
		typ: Integer, low: low64, high: high64, script: "number | bigint",
		about: about64 + ". CAR numbers the objects that have none",
	},
	"jsonb": {typ: Any, script: "object | string | number | boolean", about: "Any JSON value but null"},
	"timestamp": {
		typ: Timestamp, low: lowTime, high: highTime, script: "number | string",
		form: func(s string) bool { return timeForm().MatchString(s) }, pattern: func() string { return timePattern },
		forms: `an ISO 8601 time such as "2024-02-29T12:00:00Z"`, about: "Epoch milliseconds, or an ISO 8601 time",
	},
	"inet": {
		typ: String, script: "string", form: isInet, pattern: inetPattern,
		forms: "an IP address, with the length of its prefix or without", about: "An IPv4 or IPv6 address, `10.0.0.0/8` with a prefix",
	},
	"macaddr": {
		typ: String, script: "string", form: func(s string) bool { return macForm().MatchString(s) },
		pattern: func() string { return macaddrPattern }, forms: "a MAC address", about: "A MAC address, such as `08:00:2b:01:02:03`",
	},
}

// ExtensionTypes returns the names of the types that a property of an extension may have, sorted.
func ExtensionTypes() []string { return slices.Sorted(maps.Keys(columns)) }

// timePattern is a date, or a date and a time with or without a zone, as ISO 8601 writes it and
// CAR's database takes it. Days that do not exist in a month do not match.
const timePattern = `^(?:-?infinity|(?:(?:[1-9]\d{3}|\d[1-9]\d\d|\d\d[1-9]\d|\d{3}[1-9])-` +
	`(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))` +
	`|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)` +
	`(?:[Tt ](?:(?:[01]\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:\.\d+)?)?|24:00(?::00(?:\.0+)?)?)` +
	` ?(?:[Zz]|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)?)?)$`

// macaddrPattern is a MAC address in the forms in which CAR's database takes it.
const macaddrPattern = `^(?:[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}|[0-9A-Fa-f]{1,2}(?:-[0-9A-Fa-f]{1,2}){5}` +
	`|[0-9A-Fa-f]{6}[:-]?[0-9A-Fa-f]{6}|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{4}(?:-[0-9A-Fa-f]{4}){2})$`

var (
	timeForm = lazyregexp.New(timePattern)
	macForm  = lazyregexp.New(macaddrPattern)
)

// isInet reports whether CAR's database takes a text as an address.
func isInet(s string) bool {
	address, prefix, there := strings.Cut(s, "/")
	parsed, err := netip.ParseAddr(address)
	if err != nil || parsed.Zone() != "" {
		return false
	}
	return !there || isPrefixLength(prefix, parsed.BitLen())
}

// isPrefixLength reports whether a text is the length of a prefix of an address of so many bits.
func isPrefixLength(text string, most int) bool {
	bits := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' || i > 0 && bits == 0 || i > 2 {
			return false
		}
		bits = bits*10 + int(text[i]-'0')
	}
	return text != "" && bits <= most
}

// inetPattern is [isInet] as a regular expression: an IPv6 address is eight groups, or fewer with
// one gap of at least a group, and its last two may be written as an IPv4 address.
var inetPattern = sync.OnceValue(func() string {
	const (
		group = `[0-9A-Fa-f]{1,4}`
		four  = `(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}`
	)
	times := func(of string, from, to int) string {
		return "(?:" + of + "){" + string(rune('0'+from)) + "," + string(rune('0'+to)) + "}"
	}
	six := []string{times(group+":", 7, 7) + group, times(group+":", 6, 6) + four}
	for left := range 8 {
		before := ""
		if left > 0 {
			before = group + times(":"+group, left-1, left-1)
		}
		if rest := 7 - left; rest == 0 {
			six = append(six, before+"::")
		} else {
			six = append(six, before+"::(?:"+group+times(":"+group, 0, rest-1)+")?")
		}
		if rest := 5 - left; rest >= 0 {
			six = append(six, before+"::"+times(group+":", 0, rest)+four)
		}
	}
	return "^(?:" + four + `(?:/(?:3[0-2]|[12]?\d))?|(?:` + strings.Join(six, "|") + `)(?:/(?:12[0-8]|1[01]\d|[1-9]?\d))?)$`
})
