package graphql

import (
	"database/sql"
	"strconv"
	"strings"

	"carjs/host/carserver/internal/tables"
	"carjs/host/esjson"
)

// Row writes the JSON of a row of a statement from the columns of the statement. SQLite's JSON
// functions, which are the other way to make the JSON of rows, take several times as long.
type Row struct {
	// Columns is how many columns the statement has.
	Columns int
	steps   []step
	docs    []shownDoc
}

// step writes a part of the JSON.
type step struct {
	kind   stepKind
	text   string // of a literal
	column int    // raw, text, optional
	slot   int    // member: its place in the members of all documents
	over   int    // optional: how many steps to leave out
}

type stepKind uint8

const (
	// stepLiteral writes the same for every row.
	stepLiteral stepKind = iota
	// stepRaw writes a column that is JSON already, null if it is missing.
	stepRaw
	// stepText writes a column as a JSON string, null if it is missing.
	stepText
	// member writes a member of a document, null if it is missing.
	stepMember
	// stepOptional leaves out the steps of a related row that does not exist.
	stepOptional
)

// shownDoc is a column with a JSON object, some of whose members are shown.
type shownDoc struct {
	column, first int // first is the slot of the first member
	names         []string
}

// Append appends the JSON of a row. Members is the work space of earlier calls, or nil.
func (r *Row) Append(dst []byte, columns []sql.RawBytes, members *[][]byte) []byte {
	*members = (*members)[:0]
	for i := range r.docs {
		*members = r.docs[i].find(columns[r.docs[i].column], *members)
	}
	for i := 0; i < len(r.steps); i++ {
		s := &r.steps[i]
		var value []byte
		switch s.kind {
		case stepLiteral:
			dst = append(dst, s.text...)
			continue
		case stepOptional:
			if columns[s.column] == nil {
				i += s.over
			}
			continue
		case stepMember:
			value = (*members)[s.slot]
		default:
			value = columns[s.column]
		}
		switch {
		case value == nil:
			dst = append(dst, "null"...)
		case s.kind == stepText:
			dst = esjson.AppendString(dst, string(value))
		default:
			dst = append(dst, value...)
		}
	}
	return dst
}

// find appends the members of a document, nil for each one that it lacks.
func (d *shownDoc) find(doc []byte, members [][]byte) [][]byte {
	first := len(members)
	for range d.names {
		members = append(members, nil)
	}
	found := members[first:]
	s := esjson.Scanner{Data: doc}
	for left := len(found); left > 0; {
		s.Pos++ // { or ,
		s.Space()
		if s.Next() != '"' {
			break // the end
		}
		begin := s.Pos
		if s.Skip() != nil {
			break
		}
		name := doc[begin+1 : s.Pos-1]
		s.Space()
		s.Pos++ // :
		s.Space()
		begin = s.Pos
		skipValue(&s)
		value := doc[begin:s.Pos]
		s.Space()
		for i, wanted := range d.names {
			if found[i] == nil && string(name) == wanted {
				found[i], left = value, left-1
			}
		}
	}
	return members
}

// skipValue skips a value of a document, which is valid.
func skipValue(s *esjson.Scanner) {
	depth := 0
	for {
		switch s.Next() {
		case '{', '[':
			depth++
			s.Pos++
		case '}', ']':
			depth--
			s.Pos++
		case ',', ':', ' ', '\n', '\t', '\r':
			s.Pos++
		default:
			if s.Skip() != nil {
				return
			}
		}
		if depth == 0 {
			return
		}
	}
}

// rowPlan collects what a statement selects for a [Row].
type rowPlan struct {
	compiler *compiler
	columns  []string
	joins    strings.Builder
	docs     map[string]int // by alias
	row      Row
}

// flat compiles a list whose rows a [Row] can write: those with scalars and with the vertices at the
// ends of an edge. ok is false for any other.
func (c *compiler) flat(o *object, s *selection) (query string, row *Row, ok bool, err error) {
	if c.at != nil || s.args["distinct_on"] != nil {
		return "", nil, false, nil
	}
	p := &rowPlan{compiler: c, docs: map[string]int{}}
	alias := c.alias()
	if !p.object(o, alias, s.fields) {
		return "", nil, false, nil
	}
	p.finish()
	rows, err := c.joined(o, alias, s.args, "", p.joins.String())
	if err != nil {
		return "", nil, false, err
	}
	return "SELECT " + strings.Join(p.columns, ", ") + rows, &p.row, true, nil
}

// object adds the steps of an object; it is false if a field needs more than a row.
func (p *rowPlan) object(o *object, alias string, fields []*selection) bool {
	opening := "{"
	for _, s := range fields {
		p.literal(opening + string(esjson.AppendString(nil, s.key)) + ":")
		opening = ","
		if !p.field(o, alias, s) {
			return false
		}
	}
	if opening == "{" {
		p.literal("{")
	}
	p.literal("}")
	return true
}

func (p *rowPlan) field(o *object, alias string, s *selection) bool {
	f := s.member.field
	switch {
	case f == nil: // __typename
		p.literal(`"` + o.name + `"`)
	case f.target != nil:
		return p.related(f, alias, s)
	case f.counted != nil || s.args["path"] != nil:
		return false
	case f.property != "" && f.json == tables.JSON("@.doc", f.property):
		p.member(alias, f.property)
	case f.property == "" && f.scalar == scalarString && f.json == f.value:
		p.add(stepText, on(f.value, alias))
	default:
		p.add(stepRaw, "json_quote("+on(f.json, alias)+")")
	}
	return true
}

// related joins the row at the other end of a relation of which there is at most one.
func (p *rowPlan) related(f *field, alias string, s *selection) bool {
	if !f.byKeys() || f.theirs[1] != "#.key" || f.target.table == nil {
		return false
	}
	for _, given := range s.args {
		if given != nil {
			return false
		}
	}
	target := p.compiler.alias()
	p.joins.WriteString(" LEFT JOIN " + strconv.Quote(f.target.table.Name) + " AS " + target + " ON " +
		on(f.join(target), alias) + " AND " + target + "._t2 IS NULL")
	p.literal("[")
	at := len(p.row.steps)
	p.add(stepOptional, target+".n")
	if !p.object(f.target, target, s.fields) {
		return false
	}
	p.row.steps[at].over = len(p.row.steps) - at - 1
	p.row.steps = append(p.row.steps, step{kind: stepLiteral, text: "]"})
	return true
}

// literal adds a text, to the one before where that is possible.
func (p *rowPlan) literal(s string) {
	if last := len(p.row.steps) - 1; last >= 0 && p.row.steps[last].kind == stepLiteral {
		p.row.steps[last].text += s
		return
	}
	p.row.steps = append(p.row.steps, step{kind: stepLiteral, text: s})
}

func (p *rowPlan) add(kind stepKind, column string) {
	p.row.steps = append(p.row.steps, step{kind: kind, column: len(p.columns)})
	p.columns = append(p.columns, column)
}

// member adds a member of the document of a row.
func (p *rowPlan) member(alias, name string) {
	at, ok := p.docs[alias]
	if !ok {
		at = len(p.row.docs)
		p.docs[alias] = at
		p.row.docs = append(p.row.docs, shownDoc{column: len(p.columns)})
		p.columns = append(p.columns, alias+".doc")
	}
	d := &p.row.docs[at]
	p.row.steps = append(p.row.steps, step{kind: stepMember, column: at, slot: len(d.names)})
	d.names = append(d.names, name)
}

// finish turns places within documents into places within all of them.
func (p *rowPlan) finish() {
	first := 0
	for i := range p.row.docs {
		p.row.docs[i].first = first
		first += len(p.row.docs[i].names)
	}
	for i := range p.row.steps {
		if s := &p.row.steps[i]; s.kind == stepMember {
			s.slot += p.row.docs[s.column].first
		}
	}
	if len(p.columns) == 0 {
		p.columns = []string{"1"}
	}
	p.row.Columns = len(p.columns)
}
