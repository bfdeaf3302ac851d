package server

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseRow reads arbitrary bodies for every collection. What is accepted must have the types
// that the database expects, and be accepted again as it is.
func FuzzParseRow(f *testing.F) {
	for _, body := range []string{
		`{"name":"a","site":"http://h/sites/1/","vulnerabilities":["/vulnerabilities/3",4,"5"],"initial_value":1e3}`,
		`{"port_number":"443","protocol":6,"apps":[],"ip_addresses":[1,1]}`, `{"address":"::1","asset":2.0}`,
		`{"extref_typename":"\ud800","extref_value":7,"q_extref_typeid":-0}`, `{"name":null}`, `[]`, `{"pk":1}`, `{"asset":"//[/assets/1"}`,
	} {
		f.Add([]byte(body))
	}
	s := newSchema()
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, c := range s.collections {
			v, err := c.parseJSON(body, 0, true)
			if err != nil {
				if v := faults(nil); !errors.As(err, &v) && !errors.Is(err, errNotObject) {
					t.Fatalf("%s: %v is nothing to tell a client", c.name, err)
				}
				continue
			}
			again := map[string]any{}
			for field, value := range v {
				checkType(t, field, value)
				again[field.name] = value
			}
			b, err := json.Marshal(again)
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			if _, err := c.parseJSON(b, 0, true); err != nil {
				t.Fatalf("%s: %s was accepted, %s is not: %v", c.name, body, b, err)
			}
		}
	})
}

func checkType(t *testing.T, f *field, value any) {
	t.Helper()
	ok := false
	switch v := value.(type) {
	case nil:
		ok = f.kind == one && f.blank
	case int64:
		ok = f.kind == integer || f.kind == one && v > 0
	case float64:
		ok = f.kind == number
	case string:
		ok = f.sqlType() == "TEXT" && utf8.ValidString(v) && (v != "" || f.blank)
	case []int64:
		ok = f.kind == many && slices.IsSorted(v) && (len(v) == 0 || v[0] > 0)
	}
	if !ok {
		t.Fatalf("%s holds %T %v", f.name, value, value)
	}
}

// FuzzListQuery reads arbitrary queries: the addresses of the neighbours of an accepted page must
// be accepted too and keep its question, and the page must be cut out of any list without a slip.
func FuzzListQuery(f *testing.F) {
	for _, q := range []string{
		"", "pk=1,2", "limit=2&offset=4&pk=9,,1", "limit=9223372036854775807&offset=9223372036854775807",
		"limit=1&offset=-1", "%", "a;b",
	} {
		f.Add(q, 7)
	}
	f.Fuzz(func(t *testing.T, raw string, count int) {
		q, err := parseListQuery(raw)
		if err != nil || !q.paged {
			return
		}
		count = min(max(count, 0), 1000)
		all := make([]int64, count)
		for i := range all {
			all[i] = int64(i)
		}
		window := q.window(all)
		if int64(len(window)) > q.limit || len(window) > 0 && window[0] != q.offset {
			t.Fatalf("%+v of %d: %v", q, count, window)
		}
		next, previous := q.neighbours("http://host", "/assets/", int64(count))
		if (next != "") != (len(window) > 0 && q.offset+int64(len(window)) < int64(count)) {
			t.Fatalf("%+v of %d: next %q", q, count, next)
		}
		for _, address := range []string{next, previous} {
			if address == "" {
				continue
			}
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			n, err := parseListQuery(u.RawQuery)
			if err != nil || n.limit != q.limit || !slices.Equal(n.only, q.only) {
				t.Fatalf("%q leads to %q: %+v %v", raw, address, n, err)
			}
		}
	})
}

// FuzzSet reads what a person may type as a set; writing it and reading that again must not change
// it.
func FuzzSet(f *testing.F) {
	for _, s := range []string{"", "1-3, 7", "1 2;3\n4", "9-1", "-", "1-", "1-999", "9223372036854775807"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 100 {
			return
		}
		set, err := parseSet(s)
		if err != nil {
			return
		}
		again, err := parseSet(formatSet(set))
		if err != nil || !slices.Equal(set, again) {
			t.Fatalf("%q reads as %v, then as %v (%v)", s, set, again, err)
		}
	})
}

// FuzzString compares the encoding of a text with that of the standard library.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain", `"\`, "\x00\x1f", "é\u2028", "\xff", "<&>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var back string
		if err := json.Unmarshal(appendString(nil, s), &back); err != nil || back != strings.ToValidUTF8(s, "\uFFFD") && utf8.ValidString(s) {
			t.Fatalf("%s becomes %s: %v", strconv.Quote(s), strconv.Quote(back), err)
		}
	})
}
