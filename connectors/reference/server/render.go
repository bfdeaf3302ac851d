package server

import (
	"iter"
	"strconv"
)

// Rows yields the rows of a model of a size, as a new data source at base ("http://host") would
// return them: the name of the collection and the row's JSON, which is valid until the next one. It
// needs no database, so that benchmarks get large models quickly.
func Rows(size int, base string) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		schema := newSchema()
		for _, r := range recipes(size) {
			e := newEncoder(&output{}, schema.byName[r.collection], base)
			for i := range r.count {
				e.out.buf = e.out.buf[:0]
				e.generated(int64(i)+1, r.row(i))
				if !yield(r.collection, e.out.buf) {
					return
				}
			}
		}
	}
}

// generated writes a row of a recipe. The first row of every collection has the pk 1.
func (e *encoder) generated(pk int64, values row) {
	e.out.buf = strconv.AppendInt(append(e.out.buf, `{"pk":`...), pk, 10)
	for i, f := range e.fields {
		e.out.buf = append(e.out.buf, e.keys[i]...)
		switch v := values[f.name].(type) {
		case int:
			e.reference(int64(v)+1, e.refs[i])
		case []int:
			e.out.buf = append(e.out.buf, '[')
			for j, target := range v {
				if j > 0 {
					e.out.buf = append(e.out.buf, ',')
				}
				e.reference(int64(target)+1, e.refs[i])
			}
			e.out.buf = append(e.out.buf, ']')
		default:
			e.value(v, e.refs[i])
		}
	}
	e.out.buf = append(e.out.buf, '}')
}
