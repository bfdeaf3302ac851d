package esjson

import "strconv"

// Writer writes one JSON value piece by piece, in the form of JSON.stringify. The caller must close
// what it opens, and write a value after each name; commas are added automatically.
type Writer struct {
	// Buf is what was written so far. It may be set, to append to something or to reuse memory.
	Buf []byte
}

// Object begins an object, Array an array.
func (w *Writer) Object() { w.Buf = append(w.Buf, '{') }

// Array begins an array.
func (w *Writer) Array() { w.Buf = append(w.Buf, '[') }

// EndObject ends the object that was begun last.
func (w *Writer) EndObject() { w.Buf = append(w.Buf, '}') }

// EndArray ends the array that was begun last.
func (w *Writer) EndArray() { w.Buf = append(w.Buf, ']') }

// Name begins a member of an object. It returns the position before it, for [Writer.Back] if there
// is no value after all.
func (w *Writer) Name(name string) (mark int) {
	mark = w.Item()
	w.Buf = append(AppendString(w.Buf, name), ':')
	return mark
}

// Item begins an item of an array and returns the position before it.
func (w *Writer) Item() (mark int) {
	mark = len(w.Buf)
	if c := w.Buf[mark-1]; c != '{' && c != '[' {
		w.Buf = append(w.Buf, ',')
	}
	return mark
}

// Back removes what was written after a position.
func (w *Writer) Back(mark int) { w.Buf = w.Buf[:mark] }

// String writes a string.
func (w *Writer) String(v string) { w.Buf = AppendString(w.Buf, v) }

// Number writes a number; null for NaN and the infinities.
func (w *Writer) Number(v float64) { w.Buf = AppendNumber(w.Buf, v) }

// Decimal writes a number that is JSON already, digit by digit.
func (w *Writer) Decimal(text string) { w.Buf = append(w.Buf, text...) }

// Boolean writes a boolean.
func (w *Writer) Boolean(v bool) { w.Buf = strconv.AppendBool(w.Buf, v) }

// Null writes null.
func (w *Writer) Null() { w.Buf = append(w.Buf, "null"...) }

// Text writes a value that is JSON already. It writes nothing and returns false when the text is
// not exactly one JSON value.
func (w *Writer) Text(text []byte) (ok bool) {
	w.Buf, _, ok = Append(w.Buf, text)
	return ok
}
