package server

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
)

// maxBody is the maximum size of a request: a port with all apps of the largest model fits.
const maxBody = 256 << 20

// list returns the rows of a collection, as an array, or with ?limit= as a page.
func (s *Server) list(w http.ResponseWriter, r *http.Request, c *collection) error {
	q, err := parseListQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	return s.stream(w, r, func(snap *snapshot, out *output) error {
		base := baseURL(r)
		sel := everything
		if q.only != nil {
			sel.only = q.only
		}
		if !q.paged {
			return writeRows(snap, out, c, sel, base)
		}
		var count int64
		if q.only != nil {
			found, err := snap.existing(c, q.only)
			if err != nil {
				return err
			}
			count, sel = int64(len(found)), selection{only: q.window(found)}
		} else if sel, count, err = s.offsets.page(snap, c, q.limit, q.offset); err != nil {
			return err
		}
		next, previous := q.neighbours(base, r.URL.Path, count)
		out.buf = strconv.AppendInt(append(out.buf, `{"count":`...), count, 10)
		out.buf = appendAddress(append(out.buf, `,"next":`...), next)
		out.buf = appendAddress(append(out.buf, `,"previous":`...), previous)
		out.buf = append(out.buf, `,"results":`...)
		if err := writeRows(snap, out, c, sel, base); err != nil {
			return err
		}
		out.buf = append(out.buf, '}')
		return nil
	})
}

// show returns one row.
func (s *Server) show(w http.ResponseWriter, r *http.Request, c *collection) error {
	pk, err := pathPK(r)
	if err != nil {
		return err
	}
	return s.writeRow(w, r, c, pk)
}

func (s *Server) create(w http.ResponseWriter, r *http.Request, c *collection) error {
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	v, err := c.parseJSON(body, 0, true)
	if err != nil {
		return err
	}
	var pk int64
	if err := s.change(r, func(m *mutation) (err error) { pk, err = m.create(c, v); return err }); err != nil {
		return err
	}
	w.Header().Set("Location", fmt.Sprintf("/%s/%d/", c.name, pk))
	return s.writeRowStatus(w, r, c, pk, http.StatusCreated)
}

// edit changes a row. With whole (PUT), required fields must be present; omitted fields keep their
// values either way.
func (s *Server) edit(w http.ResponseWriter, r *http.Request, c *collection, whole bool) error {
	pk, err := pathPK(r)
	if err != nil {
		return err
	}
	body, err := readBody(w, r)
	if err != nil {
		return err
	}
	v, err := c.parseJSON(body, pk, whole)
	if err != nil {
		return err
	}
	if err := s.change(r, func(m *mutation) error { return m.edit(c, pk, v) }); err != nil {
		return err
	}
	return s.writeRow(w, r, c, pk)
}

func (s *Server) remove(w http.ResponseWriter, r *http.Request, c *collection) error {
	pk, err := pathPK(r)
	if err != nil {
		return err
	}
	if err := s.change(r, func(m *mutation) error { return m.removeOne(c, pk) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// change runs f in one transaction, which includes the change log.
func (s *Server) change(r *http.Request, f func(*mutation) error) error {
	return s.store.update(r.Context(), func(tx *sql.Tx) error { return f(&mutation{r.Context(), tx, s.schema}) })
}

// modelStateID returns the number of the last change, as text.
func (s *Server) modelStateID(w http.ResponseWriter, r *http.Request) error {
	return s.stream(w, r, func(snap *snapshot, out *output) error {
		out.buf = fmt.Appendf(out.buf, `{"model_state_id":"%d"}`, snap.state)
		return nil
	})
}

// delta returns what changed from one state to another.
func (s *Server) delta(w http.ResponseWriter, r *http.Request) error {
	from, to, err := parseDeltaQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	return s.stream(w, r, func(snap *snapshot, out *output) error {
		body, err := snap.deltaBody(from, to)
		out.buf = append(out.buf, body...)
		return err
	})
}

func parseDeltaQuery(raw string) (from, to int64, err error) {
	wrong := faults{}
	params, err := url.ParseQuery(raw)
	if err != nil {
		wrong.add("query", "The address is not well formed.")
		return 0, 0, wrong
	}
	state := func(name string) int64 {
		n, err := strconv.ParseInt(params.Get(name), 10, 64)
		if err != nil || n < 0 {
			wrong.add(name, "A model_state_id is expected: a whole number.")
		}
		return n
	}
	from, to = state("from"), state("to")
	if len(wrong) == 0 && from > to {
		wrong.add("from", "This state is newer than the one in to.")
	}
	return from, to, wrong.err()
}

// stream returns what f writes, all read from one snapshot.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, f func(*snapshot, *output) error) error {
	return s.streamStatus(w, r, http.StatusOK, f)
}

func (s *Server) streamStatus(w http.ResponseWriter, r *http.Request, status int, f func(*snapshot, *output) error) error {
	out := newOutput(w, r, status)
	err := s.store.view(r.Context(), func(snap *snapshot) error { return f(snap, out) })
	if err == nil {
		err = out.finish()
	}
	if err != nil && out.sent {
		err = errors.Join(errCutOff, err)
	}
	return err
}

func (s *Server) writeRow(w http.ResponseWriter, r *http.Request, c *collection, pk int64) error {
	return s.writeRowStatus(w, r, c, pk, http.StatusOK)
}

func (s *Server) writeRowStatus(w http.ResponseWriter, r *http.Request, c *collection, pk int64, status int) error {
	return s.streamStatus(w, r, status, func(snap *snapshot, out *output) error {
		rows, err := newReader(snap, c, selection{only: []int64{pk}})
		if err != nil {
			return err
		}
		if ok, err := rows.next(); err != nil {
			return err
		} else if !ok {
			return errNoRow
		}
		return newEncoder(out, c, baseURL(r)).encode(rows)
	})
}

// writeRows writes an array of rows.
func writeRows(snap *snapshot, out *output, c *collection, sel selection, base string) error {
	rows, err := newReader(snap, c, sel)
	if err != nil {
		return err
	}
	enc := newEncoder(out, c, base)
	out.buf = append(out.buf, '[')
	for n := 0; ; n++ {
		ok, err := rows.next()
		if err != nil {
			return err
		}
		if !ok {
			out.buf = append(out.buf, ']')
			return nil
		}
		if n > 0 {
			out.buf = append(out.buf, ',')
		}
		if err := enc.encode(rows); err != nil {
			return err
		}
	}
}

// appendAddress appends an address as JSON, null when it is empty.
func appendAddress(b []byte, address string) []byte {
	if address == "" {
		return append(b, "null"...)
	}
	return appendString(b, address)
}

// pathPK reads the pk in a request's path. Anything else names no row.
func pathPK(r *http.Request) (int64, error) {
	pk, err := parsePK(r.PathValue("pk"))
	if err != nil {
		return 0, errNoRow
	}
	return pk, nil
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read request: %w", err)
	}
	return body, nil
}
