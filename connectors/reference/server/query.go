package server

import (
	"math"
	"net/url"
	"strconv"
)

// listQuery is what a client may request from a collection: rows by pk, a page, or both.
type listQuery struct {
	params url.Values
	only   []int64 // nil: all
	paged  bool
	limit  int64
	offset int64
}

// parseListQuery reads the query of a URL. Unknown parameters are ignored.
func parseListQuery(raw string) (listQuery, error) {
	wrong := faults{}
	params, err := url.ParseQuery(raw)
	if err != nil {
		wrong.add("query", "The address is not well formed.")
		return listQuery{}, wrong
	}
	q := listQuery{params: params}
	if params.Has("pk") {
		if q.only, err = parsePKs(params.Get("pk")); err != nil {
			wrong.add("pk", err.Error())
		}
	}
	number := func(name string, lowest int64) int64 {
		n, err := strconv.ParseInt(params.Get(name), 10, 64)
		if err != nil || n < lowest {
			wrong.add(name, "A whole number of at least "+strconv.FormatInt(lowest, 10)+" is expected.")
		}
		return n
	}
	if params.Get("limit") != "" {
		q.paged, q.limit = true, number("limit", 1)
	}
	if params.Get("offset") != "" {
		q.offset = number("offset", 0)
	}
	return q, wrong.err()
}

// neighbour is the URL of the page at an offset: the same query with another offset.
func (q listQuery) neighbour(base, path string, offset int64) string {
	params := url.Values{}
	for name, list := range q.params {
		params[name] = list
	}
	params.Set("offset", strconv.FormatInt(offset, 10))
	if offset == 0 {
		params.Del("offset")
	}
	return base + (&url.URL{Path: path, RawQuery: params.Encode()}).String()
}

// neighbours are the URLs of the next and the previous page; "" if there is none.
func (q listQuery) neighbours(base, path string, count int64) (next, previous string) {
	if q.offset <= math.MaxInt64-q.limit && q.offset+q.limit < count {
		next = q.neighbour(base, path, q.offset+q.limit)
	}
	if q.offset > 0 {
		previous = q.neighbour(base, path, max(0, q.offset-q.limit))
	}
	return next, previous
}

// window returns the page of a list of pks.
func (q listQuery) window(pks []int64) []int64 {
	count := int64(len(pks))
	from := min(q.offset, count)
	return pks[from : from+min(q.limit, count-from)]
}

// existing returns those of the pks that are rows of c, in order.
func (s *snapshot) existing(c *collection, pks []int64) ([]int64, error) {
	return s.list("SELECT pk FROM "+c.name+" WHERE pk IN (SELECT value FROM json_each(?1)) ORDER BY pk", jsonArray(pks))
}
