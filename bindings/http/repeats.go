package http

import (
	"encoding/binary"
	"hash/maphash"
	"strconv"
	"strings"

	"carjs/bindings/args"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// tell returns a hash that identifies each row of a page: of its key, or else of its JSON text.
// Rows that a function of the connector's has made have no text, so nothing is known of them.
func (t *tally) tell(p *pager, at *page, list *goja.Object, body *script.Decoded) ([]uint64, error) {
	if !t.key.given() {
		if sums := body.Sums(list); sums != nil {
			return sums, nil
		}
	}
	told := make([]uint64, 0, at.items)
	for i := range at.items {
		row := list.Get(strconv.Itoa(i))
		if t.key.given() {
			var err error
			if row, err = t.key.find(row, nil); err != nil {
				return nil, err
			}
		}
		_, composed := row.(*goja.Object)
		switch {
		case t.key.given() && (composed || args.Absent(row)):
			return nil, p.mistake(at.result, "the key of row %d is not text or a number", t.rows+i+1).
				WithHint("check the option key of paginate against the data source's documentation")
		case composed || row == nil:
			return nil, nil
		}
		told = append(told, maphash.String(t.seed, row.String()))
	}
	return told, nil
}

// repeats compares the rows of a page with those of the pages before. The same page twice is a list
// without an end.
func (t *tally) repeats(p *pager, at *page) error {
	page := t.sum(at)
	if _, known := t.pages[page]; known {
		return p.mistake(at.result, "the page has the same rows as an earlier one, so the list would never end").
			WithHint("%s", t.advice())
	}
	t.pages[page] = struct{}{}
	if t.changes == anyChanges {
		return nil
	}
	t.remember()
	t.last = at.rows
	again := 0
	for _, row := range at.rows {
		if _, known := t.seen[row]; known {
			again++
		}
	}
	if t.again += again; again > 0 && t.changes == noChanges {
		return p.mistake(at.result, "%s of the page came on an earlier page already, so others may have been skipped", rows(again)).
			WithHint(`run the import again; if this repeats, request the rows in a fixed order, or set changes: "added"`)
	}
	return nil
}

// remember adds the rows of the last page to those that were seen.
func (t *tally) remember() {
	if len(t.seen) >= maxSeen && !t.key.given() && t.changes != noChanges {
		return
	}
	if t.seen == nil && t.last != nil {
		t.seen = make(map[uint64]struct{}, min(t.total, maxRoom)) // growing takes longer than filling
	}
	for _, row := range t.last {
		t.seen[row] = struct{}{}
	}
}

// maxRoom is for how many rows there is room from the start: totals can be wrong.
const maxRoom = 1 << 17

// maxSeen is from how many rows on further ones are not remembered, unless the connector asks for
// the comparison: a million take 40 MB, and rows that come again do so among the first million,
// too.
const maxSeen = 1 << 20

// sum tells pages apart.
func (t *tally) sum(at *page) uint64 {
	if at.rows == nil {
		return maphash.Bytes(t.seed, at.data)
	}
	var h maphash.Hash
	h.SetSeed(t.seed)
	var row [8]byte
	for _, sum := range at.rows {
		binary.NativeEndian.PutUint64(row[:], sum)
		_, _ = h.Write(row[:]) // never fails
	}
	return h.Sum64()
}

// advice says what to do about a page that comes again and again.
func (t *tally) advice() string {
	if t.param == "" {
		return "check that the data source returns a different next page each time"
	}
	return "check that the data source supports the parameter " + strconv.Quote(t.param) + ", which paginate uses to request a page"
}

// distinct fails when rows that were there at the beginning cannot have come, because others came
// twice. Only keys show that: rows without keys may be equal and still different objects.
func (t *tally) distinct(p *pager, at *page) error {
	if !t.known || !t.key.given() || t.changes == anyChanges {
		return nil
	}
	t.remember()
	if different := len(t.seen); different < t.first {
		return p.mistake(at.result, "the data source announced %s and returned %d different ones: %d came more than once",
			rows(t.first), different, t.rows-different).WithHint("%s", t.repeatedHint())
	}
	return nil
}

func (t *tally) repeatedHint() string {
	how := []string{"request the rows in a fixed order, such as by id"}
	if !t.key.given() {
		how = append(how, "set key to a field that identifies a row")
	}
	return strings.Join(how, ", and ")
}
