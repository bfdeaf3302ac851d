package graphql

import (
	"fmt"
	"strconv"
	"strings"
)

// maxDepth limits how deep lists may be nested, in the response and in conditions.
const maxDepth = 10

// compiler compiles one root field to SQL.
type compiler struct {
	at      *int64 // epoch milliseconds; nil is now
	args    []any
	aliases int
}

func (c *compiler) bind(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("?%d", len(c.args))
}

func (c *compiler) alias() string {
	c.aliases++
	return fmt.Sprintf("t%d", c.aliases)
}

// on replaces @ in an expression by an alias.
func on(expression, alias string) string { return strings.ReplaceAll(expression, "@", alias) }

// from returns the table of an object under an alias, with the rows that exist at the requested
// time. A time in the past needs two halves with an index each, and the join must be inside the
// halves to use it. Otherwise the caller's condition does the join.
func (c *compiler) from(o *object, alias, join string) string {
	if o.table == nil {
		return "sources AS " + alias
	}
	table := strconv.Quote(o.table.Name)
	if c.at == nil {
		return table + " AS " + alias
	}
	then := conjunction(fmt.Sprintf("_t1 <= %d", *c.at), join)
	return fmt.Sprintf(`(SELECT * FROM %[1]s AS %[3]s WHERE _t2 IS NULL AND %[4]s
		UNION ALL SELECT * FROM %[1]s AS %[3]s WHERE _t2 > %[2]d AND %[4]s) AS %[3]s`, table, *c.at, alias, then)
}

// current returns the condition that goes with from; "" means none.
func (c *compiler) current(o *object, alias string) string {
	if o.table == nil || c.at != nil {
		return ""
	}
	return alias + "._t2 IS NULL"
}

// list compiles a list: a SELECT of one column with the JSON of an object. join, if not nil,
// returns a condition on the rows under an alias.
func (c *compiler) list(o *object, s *selection, join func(alias string) string, depth int) (string, error) {
	if depth > maxDepth {
		return "", problem(codeNotSupported, "this service answers lists nested up to %d deep", maxDepth)
	}
	alias := c.alias()
	shown, err := c.object(o, alias, s.fields, depth)
	if err != nil {
		return "", err
	}
	condition := ""
	if join != nil {
		condition = join(alias)
	}
	rows, err := c.rows(o, alias, s.args, condition)
	if err != nil {
		return "", err
	}
	return "SELECT " + shown + " AS j" + rows, nil
}

// single compiles the row of a primary key.
func (c *compiler) single(o *object, s *selection) (string, error) {
	alias := c.alias()
	shown, err := c.object(o, alias, s.fields, 0)
	if err != nil {
		return "", err
	}
	return "SELECT " + shown + " AS j FROM " + c.from(o, alias, "") + " WHERE " +
		conjunction(c.keyed(o, alias, s.args[primaryKey]), c.current(o, alias)), nil
}

// keyed returns the condition for a primary key. Sources have no row number; their position in the
// order of keys stands for it.
func (c *compiler) keyed(o *object, alias string, key any) string {
	if o.table == nil {
		return "(SELECT count(*) FROM sources WHERE key <= " + alias + ".key) = " + c.bind(key)
	}
	return alias + ".n = " + c.bind(key)
}

// object returns the expression for the JSON of one object.
func (c *compiler) object(o *object, alias string, fields []*selection, depth int) (string, error) {
	parts := make([]string, 0, len(fields))
	for _, s := range fields {
		key := c.bind(s.key)
		shown, err := c.shown(o, alias, s, depth)
		if err != nil {
			return "", at("selectionSet", at(s.member.name, err))
		}
		parts = append(parts, key+", "+shown)
	}
	return "json_object(" + strings.Join(parts, ", ") + ")", nil
}

// shown returns the expression for the JSON of one field.
func (c *compiler) shown(o *object, alias string, s *selection, depth int) (string, error) {
	f := s.member.field
	switch {
	case f == nil: // __typename
		return "'" + o.name + "'", nil
	case f.counted != nil:
		return c.value(f, alias), nil
	case f.target == nil:
		steps, err := jsonPath(s.args["path"])
		if err != nil {
			return "", at("args", at("path", err))
		}
		shown := on(f.json, alias)
		for _, step := range steps {
			shown += " -> " + c.bind(step)
		}
		return shown, nil
	}
	list, err := c.list(f.target, s, func(target string) string { return on(f.join(target), alias) }, depth+1)
	return "json((SELECT json_group_array(json(j)) FROM (" + list + ")))", err
}

// value returns the expression by which a field is compared and sorted.
func (c *compiler) value(f *field, alias string) string {
	if f.counted == nil {
		return on(f.value, alias)
	}
	counts := make([]string, 0, len(f.counted))
	for _, o := range f.counted {
		link := c.alias()
		join := fmt.Sprintf("%[1]s.source = %[2]s.source AND %[1]s.from_key = %[2]s.key", link, alias)
		counts = append(counts, "(SELECT count(*) FROM "+c.from(o, link, join)+" WHERE "+conjunction(join, c.current(o, link))+")")
	}
	return "(" + strings.Join(counts, " + ") + ")"
}

// jsonPath splits a path into JSON, such as $.a[0]["b c"], into keys and indexes.
func jsonPath(given any) ([]any, error) {
	path, ok := given.(string)
	if !ok {
		return nil, nil
	}
	var steps []any
	rest := strings.TrimPrefix(path, "$")
	for first := true; rest != ""; first = false {
		var step any
		switch {
		case rest[0] == '[':
			end := strings.IndexByte(rest, ']')
			if end < 0 {
				return nil, problem(codeParse, "parse json path error: %q has no closing bracket", path)
			}
			inside := rest[1:end]
			if index, err := strconv.Atoi(inside); err == nil {
				step = index
			} else if len(inside) > 2 && strings.ContainsRune(`"'`, rune(inside[0])) && inside[len(inside)-1] == inside[0] {
				step = inside[1 : len(inside)-1]
			} else {
				return nil, problem(codeParse, "parse json path error: %q has neither an index nor a quoted key in brackets", path)
			}
			rest = rest[end+1:]
		case rest[0] == '.' || first:
			rest = strings.TrimPrefix(rest, ".")
			end := strings.IndexAny(rest, ".[")
			if end < 0 {
				end = len(rest)
			}
			if end == 0 {
				return nil, problem(codeParse, "parse json path error: %q has an empty key", path)
			}
			step, rest = rest[:end], rest[end:]
		default:
			return nil, problem(codeParse, "parse json path error: %q", path)
		}
		steps = append(steps, step)
	}
	return steps, nil
}
