package car

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"carjs/host/model"
)

// idLength is about how long the ids in one URL may be together.
const idLength = 1800

// Delete deletes vertices of the source, by their keys in collections that have a _key and by their
// external ids in the others, in as many requests as keep the URLs short. CAR splits the ids at
// commas, so an id with one cannot be named and is an error before anything is deleted.
func (c *Client) Delete(ctx context.Context, collection string, ids []string) error {
	name := "external_ids"
	if known, ok := c.collection(collection); ok && known.KeyedBy == model.ByKey {
		name = "keys"
	}
	for _, id := range ids {
		if id == "" || strings.Contains(id, ",") {
			return mistake("CAR cannot delete the %s %q: the id has a comma", collection, id).
				WithHint("use ids without commas, or run a full import, which removes it as well")
		}
	}
	base := c.v2 + "/source/" + url.PathEscape(c.config.Source) + "/" + url.PathEscape(collection) + "?" + name + "="
	for _, page := range idPages(ids) {
		escaped := make([]string, len(page))
		for i, id := range page {
			escaped[i] = url.QueryEscape(id)
		}
		if err := c.do(ctx, request{call: DeleteVertices, method: http.MethodDelete,
			url: base + strings.Join(escaped, ",")}, c.without(collection, page)); err != nil {
			return err
		}
	}
	return nil
}

// idPages splits ids into groups that fit into one URL each.
func idPages(ids []string) [][]string {
	var pages [][]string
	begin, length := 0, 0
	for i, id := range ids {
		n := len(url.QueryEscape(id)) + len(",")
		if i > begin && length+n > idLength+len(",") {
			pages = append(pages, ids[begin:i])
			begin, length = i, 0
		}
		length += n
	}
	if begin < len(ids) {
		pages = append(pages, ids[begin:])
	}
	return pages
}

// PatchVertex changes fields of one vertex.
func (c *Client) PatchVertex(ctx context.Context, collection, externalID string, fields map[string]any) error {
	return c.patch(ctx, PatchVertex, collection, url.Values{"external_id": {externalID}}, fields,
		c.has(collection, "external_id: {_eq: "+text(externalID)+"}", fields))
}

// PatchEdge changes fields of the source's edge between two vertices, each named by its id in CAR
// without the source before it.
func (c *Client) PatchEdge(ctx context.Context, collection, from, to string, fields map[string]any) error {
	return c.patch(ctx, PatchEdge, collection, c.between(from, to), fields, c.patched(collection, from, to, fields))
}

// EndEdge switches off the source's edge between two vertices, which are named by their ids as CAR
// gave them.
func (c *Client) EndEdge(ctx context.Context, collection, fromID, toID string) error {
	return c.patch(ctx, PatchEdge, collection, c.between(c.withoutSource(fromID), c.withoutSource(toID)),
		map[string]any{"active": false}, c.gone(collection, fromID, toID))
}

func (c *Client) between(from, to string) url.Values {
	return url.Values{"source": {c.config.Source}, "from": {from}, "to": {to}}
}

// withoutSource is how a call that names the source names a vertex of it.
func (c *Client) withoutSource(id string) string { return strings.TrimPrefix(id, c.config.Source+"/") }

func (c *Client) patch(ctx context.Context, call Call, collection string, which url.Values, fields map[string]any, changed check) error {
	body, err := encode(fields)
	if err != nil {
		return err
	}
	return c.do(ctx, request{call: call, method: http.MethodPatch,
		url: c.v2 + "/" + url.PathEscape(collection) + "?" + which.Encode(), body: body}, changed)
}
