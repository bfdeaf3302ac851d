package server

import (
	"encoding/json"
	"math"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxText is the maximum length of a text, in characters.
	maxText = 255
	// maxSet is the maximum size of a set, such as of a range 1-1000000.
	maxSet = 10_000_000
)

// parseJSON reads one value. Its errors are sentences for the client.
func (f *field) parseJSON(raw json.RawMessage) (any, error) {
	if f.kind == many {
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil || list == nil {
			return nil, complaint("A list of references is expected.")
		}
		set := make([]int64, 0, len(list))
		for _, item := range list {
			pk, err := f.parseScalar(item)
			if err != nil {
				return nil, err
			}
			set = append(set, pk.(int64))
		}
		return sortedSet(set), nil
	}
	if string(raw) == "null" {
		if f.kind == one && f.blank {
			return nil, nil
		}
		return nil, complaint("This field may not be null.")
	}
	return f.parseScalar(raw)
}

// parseScalar reads a JSON string or number as text.
func (f *field) parseScalar(raw json.RawMessage) (any, error) {
	s := string(raw)
	switch c := s[0]; {
	case c == '"':
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, complaint("A valid text is expected.")
		}
	case c != '-' && (c < '0' || c > '9'):
		return nil, complaint("A text or a number is expected.")
	}
	if f.kind == many {
		return f.parseReference(s)
	}
	return f.parse(s)
}

// parse reads a value from the text of a JSON string or a form.
func (f *field) parse(s string) (any, error) {
	s = strings.TrimSpace(s)
	if s == "" && f.blank {
		if f.kind == one {
			return nil, nil
		}
		return "", nil
	}
	if s == "" {
		return nil, complaint("This field may not be empty.")
	}
	switch f.kind {
	case integer:
		return f.parseInteger(s)
	case number:
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			return nil, complaint("A number is expected.")
		}
		return x, nil
	case one:
		return f.parseReference(s)
	case many:
		return parseSet(s)
	case ipAddress:
		addr, err := netip.ParseAddr(s)
		if err != nil || addr.Zone() != "" {
			return nil, complaint("An IPv4 or IPv6 address is expected.")
		}
		return s, nil
	case macAddress:
		if hw, err := net.ParseMAC(s); err != nil || len(hw) != 6 {
			return nil, complaint("A MAC address is expected, such as 02:00:00:00:00:01.")
		}
		return s, nil
	default:
		switch n := utf8.RuneCountInString(s); {
		case n > maxText:
			return nil, complain("At most %d characters are allowed, these are %d.", maxText, n)
		case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
			return nil, complaint("A valid text is expected.")
		}
		return s, nil
	}
}

func (f *field) parseInteger(s string) (any, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		// JSON has only one kind of number: 5.0 is an integer, too.
		x, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			return nil, complaint("An integer is expected.")
		}
		n = int64(x)
	}
	if f.max > f.min && (n < f.min || n > f.max) {
		return nil, complain("A number from %d to %d is expected.", f.min, f.max)
	}
	return n, nil
}

// parseReference reads a reference: a pk, or the URL of a row, of which only the path counts, since
// the server may have several names.
func (f *field) parseReference(s string) (any, error) {
	if pk, err := parsePK(s); err == nil {
		return pk, nil
	}
	if u, err := url.Parse(s); err == nil {
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		if n := len(parts); n >= 2 && parts[n-2] == f.to {
			if pk, err := parsePK(parts[n-1]); err == nil {
				return pk, nil
			}
		}
	}
	return nil, complain("A reference into %s is expected: a pk, or an address that ends in /%s/PK/.", f.to, f.to)
}

// notPK is the fault of text that is not a pk.
const notPK = complaint("A pk is a whole number above 0.")

func parsePK(s string) (int64, error) {
	pk, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || pk < 1 {
		return 0, notPK
	}
	return pk, nil
}

// parsePKs reads a list of pks, "1,2,3".
func parsePKs(s string) ([]int64, error) {
	pks := []int64{}
	for part := range strings.SplitSeq(s, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		pk, err := parsePK(part)
		if err != nil {
			return nil, err
		}
		pks = append(pks, pk)
	}
	return sortedSet(pks), nil
}

// parseSet reads a set as a person writes it, "1-3, 7". formatSet is its inverse.
func parseSet(s string) ([]int64, error) {
	set := []int64{}
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(", \t\r\n;", r) }) {
		low, high, ranged := strings.Cut(part, "-")
		if !ranged {
			high = low
		}
		from, err1 := parsePK(low)
		to, err2 := parsePK(high)
		if err1 != nil || err2 != nil || from > to {
			return nil, complain("%q is neither a pk nor a range such as 1-3.", part)
		}
		if to-from >= maxSet-int64(len(set)) {
			return nil, complain("At most %d rows can be in a set.", maxSet)
		}
		for i := range to - from + 1 { // not up to to, which may be the highest integer
			set = append(set, from+i)
		}
	}
	return sortedSet(set), nil
}

func formatSet(set []int64) string {
	var b strings.Builder
	for i := 0; i < len(set); {
		j := i
		for j+1 < len(set) && set[j+1] == set[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strconv.FormatInt(set[i], 10))
		if j > i {
			b.WriteString("-" + strconv.FormatInt(set[j], 10))
		}
		i = j + 1
	}
	return b.String()
}

func sortedSet(pks []int64) []int64 {
	slices.Sort(pks)
	return slices.Compact(pks)
}
