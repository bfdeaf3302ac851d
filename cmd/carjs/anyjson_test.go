package main

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/esjson"
)

// digits says which numbers a way to read JSON keeps.
type digits int

const (
	// every number, of any size, with any exponent.
	every digits = iota
	// integers of any size, and fractions that a Number holds.
	integers
	// doubles are what a Number holds, integers only as far as they are safe.
	doubles
)

// Whatever JSON a data source sends arrives in CAR, through each way in which a connector reads it,
// byte by byte but for the order of members and the spelling of numbers and texts; and the next run
// finds all of it unchanged. What is right is known from how the JSON was made, and compared by a
// reader of the test's own, so that no fault of carjs's own reader can be on both sides.
func TestAnyJSONArrives(t *testing.T) {
	const each = 60
	const add = `handler.addCollection("asset", { external_id: id, name: "x", properties: `
	ways := map[string]struct {
		keeps digits
		loop  string // through value and id
	}{
		"records": {every, `for await (const { id, value } of client.records<any>("/records")) ` + add + `value });`},
		"lines":   {every, `for await (const { id, value } of client.records<any>("/lines", { format: "ndjson" })) ` + add + `value });`},
		"link": {every, `for await (const page of client.paginate.link<any>("/link")) for (const { id, value } of page) ` +
			add + `value });`},
		"copied":  {integers, `for await (const { id, value } of client.records<any>("/copied")) ` + add + `{ ...structuredClone(value) } });`},
		"get":     {integers, `for (const { id, value } of await client.get<any[]>("/get")) ` + add + `{ ...value } });`},
		"request": {integers, `for (const { id, value } of (await client.request<any[]>("GET", "/request")).data) ` + add + `value });`},
		"utf-16":  {integers, `for (const { id, value } of await client.get<any[]>("/utf-16")) ` + add + `{ ...value } });`},
		"fetch":   {doubles, `for (const { id, value } of await (await fetch(client.baseURL + "/fetch")).json() as any[]) ` + add + `value });`},
		"parse": {doubles, `for (const { id, value } of JSON.parse(await client.get("/parse", { responseType: "text" }))) ` +
			add + `value });`},
		"rewrite": {doubles, `for (const { id, value } of JSON.parse(JSON.stringify(await client.get("/rewrite")))) ` + add + `value });`},
		"reviver": {every, `for (const { id, value } of revived(await client.get("/reviver", { responseType: "text" }))) ` + add + `value });`},
		"as bytes": {doubles, `const bytes = await client.get<any>("/as%20bytes", { responseType: "bytes" });
	for (const { id, value } of JSON.parse(new TextDecoder().decode(bytes))) ` + add + `value });`},
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	want, sent := map[string]any{}, map[string]string{}
	pages := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(ways)) {
		g := anyJSON{r, ways[name].keeps, " "}
		if name != "lines" {
			g.space = " \n\r\t"
		}
		var list []string
		for i := range each { // ids that differ in nothing but half of a pair
			key := append(utf16.Encode([]rune(name)), 0xD800+uint16(i))
			text, value := g.object(4)
			list = append(list, `{"id":`+g.spelled(key)+`,"value":`+text+`}`)
			id := name + wtf8(key[len(key)-1])
			want[id], sent[id] = value, text
		}
		pages["/"+name] = "[" + strings.Join(list, ",") + "]"
		if name == "lines" {
			pages["/"+name] = strings.Join(list, "\n")
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Path]
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/utf-16" {
			w.Header().Set("Content-Type", "application/json; charset=utf-16le")
			var wide []byte
			for _, unit := range utf16.Encode([]rune(page)) {
				wide = append(wide, byte(unit), byte(unit>>8))
			}
			page = string(wide)
		}
		fmt.Fprint(w, page)
	}))
	defer server.Close()
	d := newDesk(t)
	var body strings.Builder
	body.WriteString(`const revived = (text: string) => JSON.parse(text, (_, v, c: any) => typeof v === "number" ? JSON.rawJSON(c.source) : v);
	await handler.replaces("asset");
`)
	for _, way := range ways {
		body.WriteString("\t" + strings.ReplaceAll(way.loop, "client.baseURL", strconv.Quote(server.URL)) + "\n")
	}
	d.reads(server.URL, body.String())
	for _, mode := range []host.Mode{host.ModeFull, host.ModeIncremental} {
		run := d.ok(mode, "small")
		if count := run.report.Collections["asset"]; mode == host.ModeFull && count.Sent != len(want) ||
			mode == host.ModeIncremental && count.Unchanged != len(want) {
			t.Fatalf("%+v, want %d\n%s", count, len(want), run)
		}
		g := d.graph("small")
		if len(g.Vertices) != len(want) {
			t.Errorf("%d vertices, want %d", len(g.Vertices), len(want))
		}
		for id, value := range want {
			got := g.Vertices[carserver.VertexID{Collection: "asset", Key: id}]
			decoded, err := esjson.Decode([]byte(sent[id]))
			if err != nil {
				t.Fatalf("%q: %v", id, err)
			}
			asset, ok := (&reader{text: got}).whole().(object)
			if !ok || differs(value, asset[units("properties")]) || !strings.Contains(got, `"properties":`+string(carserver.Canonical(decoded))) {
				t.Errorf("%q was sent as\n%s\nand is\n%s", id, sent[id], got)
			}
		}
	}
}

// The values of JSON, as the test makes and reads them: nil, bool, literal, utf16s, list and object.
type (
	literal string // a number
	utf16s  string // UTF-16 units, two bytes each
	list    []any
	object  map[utf16s]any
)

// units is a text of a Go string.
func units(s string) utf16s { return fromUnits(utf16.Encode([]rune(s))) }

func fromUnits(all []uint16) utf16s {
	var b []byte
	for _, unit := range all {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return utf16s(b)
}

// wtf8 is half of a pair as CAR's keys have it.
func wtf8(unit uint16) string {
	return string([]byte{0xE0 | byte(unit>>12), 0x80 | byte(unit>>6)&0x3F, 0x80 | byte(unit)&0x3F})
}

// differs compares two values; numbers are equal when they are the same number, exactly.
func differs(a, b any) bool {
	switch a := a.(type) {
	case literal:
		b, ok := b.(literal)
		if !ok {
			return true
		}
		x, okX := new(big.Rat).SetString(string(a))
		y, okY := new(big.Rat).SetString(string(b))
		return !okX || !okY || x.Cmp(y) != 0
	case list:
		b, ok := b.(list)
		return !ok || !slices.EqualFunc(a, b, func(x, y any) bool { return !differs(x, y) })
	case object:
		b, ok := b.(object)
		return !ok || !maps.EqualFunc(a, b, func(x, y any) bool { return !differs(x, y) })
	}
	return a != b
}

// reader reads JSON that is known to be JSON; anything else makes it panic.
type reader struct {
	text string
	at   int
}

func (r *reader) whole() any {
	if r.text == "" {
		return nil
	}
	value := r.value()
	if r.at != len(r.text) {
		panic("more behind the value: " + r.text)
	}
	return value
}

// next steps over a byte if it is the next one.
func (r *reader) next(c byte) bool {
	if r.text[r.at] != c {
		return false
	}
	r.at++
	return true
}

func (r *reader) value() any {
	switch {
	case r.next('{'):
		members := object{}
		for !r.next('}') {
			r.next(',')
			name := r.units()
			r.next(':')
			members[name] = r.value()
		}
		return members
	case r.next('['):
		items := list{}
		for !r.next(']') {
			r.next(',')
			items = append(items, r.value())
		}
		return items
	case r.text[r.at] == '"':
		return r.units()
	}
	from := r.at
	for r.at < len(r.text) && !strings.ContainsRune(",]}", rune(r.text[r.at])) {
		r.at++
	}
	switch word := r.text[from:r.at]; word {
	case "null":
		return nil
	case "true", "false":
		return word == "true"
	default:
		return literal(word)
	}
}

func (r *reader) units() utf16s {
	var all []uint16
	if !r.next('"') {
		panic("no text at " + r.text[r.at:])
	}
	for !r.next('"') {
		if !r.next('\\') {
			end := r.at + strings.IndexAny(r.text[r.at:], `"\`)
			all = append(all, utf16.Encode([]rune(r.text[r.at:end]))...)
			r.at = end
			continue
		}
		c := r.text[r.at]
		r.at++
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
			all = append(all, uint16("\"\\/\b\f\n\r\t"[i]))
			continue
		}
		unit, err := strconv.ParseUint(r.text[r.at:r.at+4], 16, 16)
		if err != nil {
			panic(err)
		}
		all = append(all, uint16(unit))
		r.at += 4
	}
	return fromUnits(all)
}

// anyJSON makes random JSON: its text, and the value that it is.
type anyJSON struct {
	*rand.Rand
	keeps digits
	space string // what may be between its parts
}

func (r anyJSON) value(depth int) (string, any) {
	switch kind := r.IntN(10); {
	case kind == 0:
		i := r.IntN(3)
		return []string{"null", "true", "false"}[i], []any{nil, true, false}[i]
	case kind < 4 || depth == 0 && kind < 7:
		n := r.number()
		return n, literal(n)
	case kind < 7 || depth == 0:
		all := r.text()
		return r.spelled(all), fromUnits(all)
	case kind == 7:
		return r.object(depth - 1)
	case kind == 8 && r.IntN(20) == 0: // some are deep
		text, value := r.value(0)
		for range r.IntN(300) {
			text, value = "["+text+"]", list{value}
		}
		return text, value
	}
	texts, items := make([]string, r.IntN(5)), list{}
	for i := range texts {
		var item any
		texts[i], item = r.value(depth - 1)
		items = append(items, item)
	}
	return "[" + r.gap() + strings.Join(texts, r.gap()+","+r.gap()) + r.gap() + "]", items
}

// object has some names twice, of which the last counts, and names that objects of JavaScript have
// from the beginning or keep in an order of their own.
func (r anyJSON) object(depth int) (string, object) {
	var all []string
	members := object{}
	for range r.IntN(7) {
		name := r.text()
		if r.IntN(4) == 0 {
			name = utf16.Encode([]rune([]string{"__proto__", "constructor", "toString", "length", "1", "0", "-1", "id", "", "toJSON"}[r.IntN(10)]))
		}
		for range 1 + r.IntN(12)/11 {
			text, value := r.value(depth)
			all = append(all, r.spelled(name)+r.gap()+":"+r.gap()+text)
			members[fromUnits(name)] = value
		}
	}
	return "{" + r.gap() + strings.Join(all, r.gap()+","+r.gap()) + r.gap() + "}", members
}

func (r anyJSON) gap() string {
	if r.IntN(3) > 0 {
		return ""
	}
	return string(r.space[r.IntN(len(r.space))])
}

func (r anyJSON) number() string {
	sign := []string{"", "-"}[r.IntN(2)]
	digits := func(n int) string {
		text := strconv.Itoa(1 + r.IntN(9))
		for range n {
			text += strconv.Itoa(r.IntN(10))
		}
		return text
	}
	exponent := []string{"", "e" + strconv.Itoa(r.IntN(900)-450), "E+7", "e-07", "e0"}
	switch {
	case r.IntN(8) == 0:
		special := []string{
			"0", "-0", "0.0", "1.0", "-1e0", "9007199254740991", "1e21", "100E-2", "0.1", "5e-324", "1.7976931348623157e308",
			"9007199254740992", // no safe integer, so a BigInt, which JSON.stringify does not take
		}
		return special[r.IntN(len(special)-int(r.keeps)/int(doubles))]
	case r.IntN(2) == 0 && r.keeps == doubles:
		return sign + strconv.FormatInt(r.Int64N(1<<53), 10)
	case r.IntN(2) == 0 && r.keeps != doubles:
		return sign + digits(r.IntN(60))
	case r.keeps != every:
		return sign + strconv.FormatFloat(r.Float64()*1e3, "fge"[r.IntN(3)], -1, 64)
	}
	return sign + digits(r.IntN(25)) + []string{"", "." + digits(r.IntN(30))}[r.IntN(2)] + exponent[r.IntN(len(exponent))]
}

// text has any units, halves of pairs among them.
func (r anyJSON) text() []uint16 {
	var all []uint16
	for range r.IntN(8) {
		switch r.IntN(6) {
		case 0:
			all = append(all, uint16(r.IntN(1<<16)))
		case 1:
			all = append(all, 0xD800+uint16(r.IntN(0x800)))
		case 2:
			all = append(all, utf16.Encode([]rune([]string{"\n", `"`, `\`, "/", "\x00", "😀", "\u2028", "\x7f"}[r.IntN(8)]))...)
		case 3:
			all = append(all, utf16.Encode([]rune{[]rune{'é', '日', '😀', 0xFFFD, 0xD7FF, 0xE000, 0x10FFFF, 0xFEFF}[r.IntN(8)]})...)
		default:
			all = append(all, uint16("abc019 {}[]:,"[r.IntN(13)]))
		}
	}
	return all
}

// spelled is a text in JSON, each of its characters in one of the ways that there are.
func (r anyJSON) spelled(all []uint16) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(all); i++ {
		unit := all[i]
		short := strings.IndexRune("\"\\/\b\f\n\r\t", rune(unit))
		pair := i+1 < len(all) && utf16.DecodeRune(rune(unit), rune(all[i+1])) != 0xFFFD
		switch {
		case short >= 0 && r.IntN(2) == 0:
			b.WriteString(`\` + string(`"\/bfnrt`[strings.Index("\"\\/\b\f\n\r\t", string(rune(unit)))]))
		case pair && r.IntN(2) == 0:
			b.WriteRune(utf16.DecodeRune(rune(unit), rune(all[i+1])))
			i++
		case unit < 0x20 || unit == '"' || unit == '\\' || utf16.IsSurrogate(rune(unit)) || r.IntN(4) == 0:
			fmt.Fprintf(&b, []string{`\u%04x`, `\u%04X`}[r.IntN(2)], unit)
		default:
			b.WriteRune(rune(unit))
		}
	}
	b.WriteByte('"')
	return b.String()
}
