package pages

// Record is an object under way: push its properties, then Commit. It is valid until the next one is begun.
type Record struct{}

// String pushes a string.
func (r *Record) String(name, v string) {}

// Number pushes a number.
func (r *Record) Number(name string, v float64) {}

// Bool pushes a boolean.
func (r *Record) Bool(name string, v bool) {}

// Null pushes a null.
func (r *Record) Null(name string) {}

// JSON pushes a value that is JSON already: an object or an array above all.
func (r *Record) JSON(name string, v []byte) {}

// KeyedBy says which property identifies the object, where that is not the collection's own key.
func (r *Record) KeyedBy(name string) {}

// Commit ends the object.
func (r *Record) Commit() (Result, error) { return Result{}, nil }
