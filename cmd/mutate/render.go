package main

import (
	"fmt"
	"slices"
	"strings"
)

// helper is what mutated packages get: it tells which mutant is active, and notes which ones are
// reached at all.
const helper = `package %s

import (
	"os"
	"strconv"
	"sync"
)

var (
	mutantActive, _ = strconv.Atoi(os.Getenv("MUTANT"))
	mutantTrace     = os.Getenv("MUTANT_TRACE")
	mutantsReached  sync.Map
)

func mutantIs(id int) bool {
	if mutantTrace != "" {
		mutantReached(id)
	}
	return mutantActive == id
}

func mutantIsNone(ids ...int) bool {
	for _, id := range ids {
		if mutantIs(id) {
			return false
		}
	}
	return true
}

func mutantReached(id int) {
	if _, known := mutantsReached.LoadOrStore(id, true); known {
		return
	}
	if f, err := os.OpenFile(mutantTrace, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		_, _ = f.WriteString(strconv.Itoa(id) + "\n")
		_ = f.Close()
	}
}
`

// render writes a file with its mutants beside what they replace. Which one is active is decided
// while it runs.
func render(file *source, mutants []*mutant) string {
	groups := group(mutants)
	return (&renderer{text: file.text}).span(0, len(file.text), groups)
}

// place is a part of a file with all mutants of exactly it.
type place struct {
	start, end int
	statement  bool
	mutants    []*mutant
}

// group orders places from the outside to the inside.
func group(mutants []*mutant) []*place {
	type span struct {
		start, end int
		statement  bool
	}
	places := map[span]*place{}
	var all []*place
	for _, m := range mutants {
		key := span{m.start, m.end, m.form == removal || m.form == before}
		if places[key] == nil {
			places[key] = &place{start: m.start, end: m.end, statement: key.statement}
			all = append(all, places[key])
		}
		places[key].mutants = append(places[key].mutants, m)
	}
	slices.SortStableFunc(all, func(a, b *place) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return b.end - a.end
		}
		if a.statement != b.statement && a.statement {
			return -1
		}
		return 1
	})
	return all
}

type renderer struct{ text []byte }

// span writes a part of the text; places are those within it.
func (r *renderer) span(start, end int, places []*place) string {
	var out strings.Builder
	at := start
	for len(places) > 0 {
		p := places[0]
		inner := 1
		for inner < len(places) && places[inner].start < p.end {
			inner++
		}
		out.Write(r.text[at:p.start])
		out.WriteString(p.write(r.span(p.start, p.end, places[1:inner])))
		at, places = p.end, places[inner:]
	}
	out.Write(r.text[at:end])
	return out.String()
}

// write puts the mutants of a place beside what is there.
func (p *place) write(original string) string {
	ids := make([]string, len(p.mutants))
	var ways []string
	for i, m := range p.mutants {
		ids[i] = fmt.Sprint(m.id)
		switch m.form {
		case condition:
			ways = append(ways, fmt.Sprintf("mutantIs(%d) && (%s)", m.id, m.text))
		case expression:
			ways = append(ways, fmt.Sprintf("if mutantIs(%d) { return %s }", m.id, m.text))
		case removal:
			return fmt.Sprintf(" /*m%[1]d*/if !mutantIs(%[1]d) { %[2]s\n}", m.id, original)
		case before:
			return fmt.Sprintf(" /*m%[1]d*/if mutantIs(%[1]d) { %[2]s }; %[3]s", m.id, m.text, original)
		}
	}
	if p.mutants[0].form == condition {
		return " /*m" + ids[0] + "*/" +
			fmt.Sprintf("(%s || mutantIsNone(%s) && (%s))", strings.Join(ways, " || "), strings.Join(ids, ", "), original)
	}
	return fmt.Sprintf(" /*m%s*/func() %s { %s; return %s }()", ids[0], p.mutants[0].typed, strings.Join(ways, "; "), original)
}
