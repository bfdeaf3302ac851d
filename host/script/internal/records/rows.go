package records

import "context"

// Rows hands over records that all have the same names, the columns of a table, and texts as values.
// It is used beside the loop.
type Rows struct {
	out   *Window
	shape *shape
	ready []any
	size  int
	// Count is how many records there were.
	Count int64
}

// Rows begins with the records of a table. None of the names is there twice.
func (out *Window) Rows(names []string) *Rows { return &Rows{out: out, shape: newShape(names)} }

// Add adds a record of values in the order of the names. It may wait until the script has taken
// others.
func (r *Rows) Add(ctx context.Context, values []string) error {
	row := &Record{in: r.out.in, shape: r.shape, values: make([]any, len(r.shape.names))}
	for i := range row.values {
		text := ""
		if i < len(values) {
			text = values[i]
		}
		r.size += len(text)
		row.values[i] = r.out.in.VM.ToValue(text)
	}
	r.Count++
	if r.ready = append(r.ready, row); len(r.ready) < handful && r.size < readSize {
		return nil
	}
	return r.Flush(ctx)
}

// Flush hands over what was added. It is called at the end, and before a wait for the source.
func (r *Rows) Flush(ctx context.Context) error {
	if len(r.ready) == 0 {
		return nil
	}
	err := r.out.Put(ctx, r.ready, r.size)
	clear(r.ready)
	r.ready, r.size = r.ready[:0], 0
	return err
}
