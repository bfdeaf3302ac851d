package esjson

import "encoding/json"

// Decode returns the value of a JSON text as encoding/json decodes it with UseNumber: nil, bool,
// json.Number, string, []any and map[string]any. Unlike there, strings keep unpaired surrogates:
// see [HasLone]. An error is a [*SyntaxError].
func Decode(text []byte) (any, error) {
	d := decoder{Scanner{Data: text}}
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	if d.Space(); d.Pos < len(d.Data) {
		return nil, d.Fault("the value is over, but more follows")
	}
	return v, nil
}

type decoder struct{ Scanner }

func (d *decoder) value(depth int) (any, error) {
	d.Space()
	start := d.Pos
	switch d.Next() {
	case '"':
		return d.string()
	case '{', '[':
		if depth == MaxDepth {
			return nil, d.Fault("values nest too deeply")
		}
		if d.Next() == '{' {
			return d.object(depth + 1)
		}
		return d.array(depth + 1)
	case 'n':
		return nil, d.Word("null")
	case 't', 'f':
		return d.Next() == 't', d.Skip()
	}
	if err := d.Skip(); err != nil {
		return nil, err
	}
	return json.Number(d.Data[start:d.Pos]), nil
}

func (d *decoder) string() (string, error) {
	raw, plain, err := d.Quoted()
	switch {
	case err != nil:
		return "", err
	case plain:
		return Valid(raw), nil
	}
	return Unescape(raw), nil
}

func (d *decoder) object(depth int) (any, error) {
	object := map[string]any{}
	for d.Pos++; ; d.Pos++ {
		if d.Space(); d.Next() == '}' && len(object) == 0 {
			break
		}
		if d.Next() != '"' {
			return nil, d.Unexpected("a key in double quotes")
		}
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		if d.Space(); d.Next() != ':' {
			return nil, d.Unexpected(`":"`)
		}
		d.Pos++
		if object[name], err = d.value(depth); err != nil {
			return nil, err
		}
		if d.Space(); d.Next() == '}' {
			break
		}
		if d.Next() != ',' {
			return nil, d.Unexpected(`"," or "}"`)
		}
	}
	d.Pos++
	return object, nil
}

func (d *decoder) array(depth int) (any, error) {
	items := []any{}
	for d.Pos++; ; d.Pos++ {
		if d.Space(); d.Next() == ']' && len(items) == 0 {
			break
		}
		item, err := d.value(depth)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if d.Space(); d.Next() == ']' {
			break
		}
		if d.Next() != ',' {
			return nil, d.Unexpected(`"," or "]"`)
		}
	}
	d.Pos++
	return items, nil
}

// IsStrings tells whether the JSON of an array contains only strings.
func IsStrings(array []byte) bool {
	s := Scanner{Data: array}
	for s.Pos++; ; s.Pos++ {
		if s.Space(); s.Next() == ']' {
			return true
		}
		if s.Next() != '"' || s.Skip() != nil {
			return false
		}
		if s.Space(); s.Next() == ']' {
			return true
		}
	}
}
