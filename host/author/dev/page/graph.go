package page

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"carjs/host/carserver"
)

// shownObjects is how many objects one page of the graph lists.
const shownObjects = 100

// graphView is a part of the graph.
type graphView struct {
	Collections []collectionView
	// Collection and Query are what is asked for; an empty collection stands for all.
	Collection, Query string
	Objects           []objectView
	// Matches is how many objects fit, From and To which of them are listed, from 1.
	Matches, From, To int
	Earlier, Later    string // URLs of the pages before and after, empty without
}

type collectionView struct {
	Name  string
	Count int
	Edges bool
}

// objectView is a vertex or an edge.
type objectView struct {
	Collection string
	// Key is that of a vertex; From and To are the ends of an edge.
	Key, From, To string
	Object        json.RawMessage
}

// graph shows the objects that a filter leaves.
func (p *page) graph(w http.ResponseWriter, r *http.Request) {
	graph := p.Graph()
	query := r.URL.Query()
	view := graphView{Collections: collections(graph), Collection: query.Get("collection"), Query: query.Get("q")}
	objects := matching(graph, view.Collection, strings.ToLower(view.Query))
	start, _ := strconv.Atoi(query.Get("start")) // what is no number is the beginning
	start = max(0, min(start, len(objects)))
	end := min(start+shownObjects, len(objects))
	view.Objects, view.Matches, view.From, view.To = p.clean(objects[start:end]), len(objects), min(start+1, end), end
	if start > 0 {
		view.Earlier = view.at(max(0, start-shownObjects))
	}
	if end < len(objects) {
		view.Later = view.at(end)
	}
	p.render(w, r, "graph.html", p.Journal.Runs(), view)
}

// clean hides secrets in objects: a source may have one in its data by mistake.
func (p *page) clean(objects []objectView) []objectView {
	for i, o := range objects {
		objects[i] = objectView{
			Collection: o.Collection, Key: p.Redact.Text(o.Key), From: p.Redact.Text(o.From), To: p.Redact.Text(o.To),
			Object: p.Redact.Value(o.Object),
		}
	}
	return objects
}

func (v graphView) at(start int) string {
	query := url.Values{"collection": {v.Collection}, "q": {v.Query}, "start": {strconv.Itoa(start)}}
	return "/graph?" + query.Encode()
}

// collections counts what is in the graph.
func collections(graph carserver.Graph) []collectionView {
	counts := map[collectionView]int{}
	for id := range graph.Vertices {
		counts[collectionView{Name: id.Collection}]++
	}
	for id := range graph.Edges {
		counts[collectionView{Name: id.Collection, Edges: true}]++
	}
	var list []collectionView
	for c, n := range counts {
		c.Count = n
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b collectionView) int {
		if a.Edges != b.Edges {
			if a.Edges {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return list
}

// matching lists the objects of a collection, or of all, in which a text occurs.
func matching(graph carserver.Graph, collection, text string) []objectView {
	var objects []objectView
	for id, doc := range graph.Vertices {
		if fits(collection, id.Collection, text, id.Key, doc) {
			objects = append(objects, objectView{Collection: id.Collection, Key: id.Key, Object: json.RawMessage(doc)})
		}
	}
	for _, id := range slices.Collect(maps.Keys(graph.Edges)) {
		if doc := graph.Edges[id]; fits(collection, id.Collection, text, id.From+" "+id.To, doc) {
			objects = append(objects, objectView{Collection: id.Collection, From: id.From, To: id.To, Object: json.RawMessage(doc)})
		}
	}
	slices.SortFunc(objects, func(a, b objectView) int {
		return cmp.Or(cmp.Compare(a.Collection, b.Collection), cmp.Compare(len(a.Key), len(b.Key)),
			cmp.Compare(a.Key, b.Key), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return objects
}

func fits(wanted, collection, text, name, doc string) bool {
	return (wanted == "" || wanted == collection) &&
		(text == "" || strings.Contains(strings.ToLower(name), text) || strings.Contains(strings.ToLower(doc), text))
}
