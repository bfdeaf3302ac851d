package host_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"carjs/host/model"
)

// everything makes random data of every collection of a model, and changes it.
type everything struct {
	random *rand.Rand
	model  *model.Model
	// linked tells that what is in a collection that edges lead to is there for these edges only,
	// as the addresses of assets are where a data source knows assets alone.
	linked bool
	// commas lets ids have commas, of which CAR cannot delete.
	commas bool

	past []graph
}

// extended adds a collection that is joined to itself, another one, and properties of all types.
func extended() *model.Extension {
	properties := map[string]model.ExtensionProperty{"unit": {Type: "integer", Unique: true}, "made": {Type: "text", Default: "here"}}
	for _, typ := range model.ExtensionTypes() {
		if typ != "bigserial" { // by what CAR numbers depends on what it had before
			properties["a"+typ] = model.ExtensionProperty{Type: typ, Indexed: typ == "text"}
		}
	}
	return &model.Extension{
		Key: "5a0e7d1c-2f5b-4f0e-9d7e-0c4c2b8f3a61", Owner: "office", Version: "1",
		Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{
				{Name: "rack", Properties: properties},
				{Name: "asset", Properties: map[string]model.ExtensionProperty{"floor": {Type: "jsonb"}, "report": {Type: "text"}}},
			},
			Edges: []model.ExtensionEdge{
				{End1: "rack", End2: "rack", Properties: map[string]model.ExtensionProperty{"cable": {Type: "text"}}},
				{End1: "rack", End2: "ipaddress"},
				{End1: "asset", End2: "hostname", Properties: map[string]model.ExtensionProperty{"since": {Type: "timestamp"}}},
			},
		},
	}
}

var (
	plainKeys = []string{
		"1", "2", "a/b", "asset/1", "0/1", "it's", `say "hi"`, `back\slash`, "ünï → 日本 🖧", " sp ace ", "a+b&c=d", "100%", "{x}: [y]",
		"tab\t", "line\nbreak", "<b>", "#1?", "A", "a", "\u2028", "__typename", "null",
	}
	hostKeys = []string{
		"www.example.com", "WWW.example.com", "bücher.example", "a/b.example", "my host", "host_1", "10.0.0.1", "it's.example", `"quoted"`,
	}
	macKeys     = []string{"00:11:22:33:44:55", "00:11:22:33:44:5A", "00:11:22:33:44:5a", "0011:2233:4455:6677", "00:11:22:33:44:55:66:77"}
	addressKeys = []string{
		"10.0.0.1", "10.0.0.2", "10.0.0.3", "north/10.0.0.1", "north/10.0.0.2", "a/b c/10.0.0.1", `it's "x"/10.0.0.1`, "2001:db8::1",
		"north/2001:db8::1", "2001:DB8:0:0::2", "010.0.0.4", "10.0.0.999", "::ffff:10.0.0.1", "north/2001:DB8::0002", "::10.0.0.1",
	}
	texts = []string{"", "a", "b", `"'\`, "日本 🖧", "line\nbreak", "null", "0", "1.0", "  ", "2024-02-29T12:00:00Z", "<&>"}
	tags  = []string{"red", "green", `say "hi"`, "ünï/1"}
)

func (e *everything) of(from []string) string { return pick(e.random, from) }

func (e *everything) chance(of int) bool { return e.random.IntN(of) == 0 }

func (e *everything) key(collection string) string {
	switch collection {
	case "hostname":
		return e.of(hostKeys)
	case "macaddress":
		return e.of(macKeys)
	case "ipaddress":
		return e.of(addressKeys)
	}
	if e.commas && e.chance(60) {
		return "a,b"
	}
	return e.of(plainKeys)
}

// object makes a valid object of a collection.
func (e *everything) object(c *model.Collection, key string) object {
	for {
		o := object{}
		for i := range c.Properties {
			if p := &c.Properties[i]; e.settable(c, p) && (p.Required || e.chance(4)) {
				o[p.Name] = e.value(p)
			}
		}
		if c.Kind == model.Edge && len(c.Name)%2 == 0 && e.chance(2) { // which CAR does not show
			o["created"], o["modified"] = e.value(&model.Property{Type: model.Number}), 5.0
		}
		if c.Name == "geolocation" {
			for name := range maps.Keys(o) {
				if name == "region" || name == "longitude" || name == "latitude" {
					delete(o, name)
				}
			}
			if o["region"] = "Bavaria"; e.chance(2) {
				delete(o, "region")
				o["longitude"], o["latitude"] = e.value(&model.Property{Type: model.Number}), 1.5
			}
		}
		if c.Name == "ipaddress" && !strings.Contains(key, "/") && e.chance(3) {
			o["region_id"] = e.of([]string{"0", ""})
		}
		if e.valid(c, key, o) {
			if c.Kind == model.Vertex && e.chance(3) {
				o["tag"] = e.tags()
			}
			if c.Kind == model.Edge && key == "" && e.chance(4) {
				e.double(c, o)
			}
			return o
		}
	}
}

// double puts other edges between the vertices of an edge.
func (e *everything) double(c *model.Collection, o object) {
	own := func(o object) string { text, _ := o[model.ByExternalID].(string); return text }
	taken, others := map[string]bool{own(o): true}, []object{}
	for range 1 + e.random.IntN(2) {
		if other := e.object(c, "-"); !taken[own(other)] {
			taken[own(other)] = true
			others = append(others, other)
		}
	}
	if len(others) > 0 {
		o[beside] = others
	}
}

func (e *everything) tags() []string {
	some := []string{}
	for _, tag := range tags {
		if e.chance(2) {
			some = append(some, tag)
		}
	}
	return some
}

// settable tells whether a connector says the property, besides keys and ends.
func (e *everything) settable(c *model.Collection, p *model.Property) bool {
	switch p.Name {
	case "source", "tag", "untag", model.ByKey, "_from", "_to", "_from_external_id", "_to_external_id":
		return false
	case "report", "active":
		return c.Kind == model.Vertex
	case "region_id":
		return false
	case "created", "modified":
		return c.Kind == model.Vertex
	case model.ByExternalID:
		return c.Kind == model.Edge || c.Name == "macaddress"
	}
	return true
}

func (e *everything) valid(c *model.Collection, key string, o object) bool {
	whole := map[string]any{}
	text, err := json.Marshal(o)
	if err != nil || json.Unmarshal(text, &whole) != nil {
		return false
	}
	if c.Kind == model.Vertex {
		if whole[c.KeyedBy] = key; model.Regional(c.Name) {
			whole[c.KeyedBy] = key[strings.LastIndexByte(key, '/')+1:]
		}
	} else {
		whole[c.FromProperty()], whole[c.ToProperty()] = "x", "x"
	}
	return len(c.Validate(model.Normalize(c, whole))) == 0
}

func (e *everything) value(p *model.Property) any {
	switch {
	case p.Name == "name" && p.Pattern != "":
		return e.of([]string{"10.0.0.1", "00:11:22:33:44:55", "10.0.0.77"})
	case p.Column == "inet":
		return e.of([]string{"10.0.0.1", "10.0.0.0/8", "::1", "2001:DB8::0/32", "::0001"})
	case p.Column == "bigint" || p.Column == "numeric":
		return json.Number(e.of([]string{"9007199254740992", "9007199254740993", "-5"})) // a number of JavaScript has fewer digits
	case p.Column == "macaddr":
		return e.of([]string{"08:00:2b:01:02:03", "08002b:010203"})
	}
	switch p.Type {
	case model.String:
		return e.of(texts)
	case model.Number:
		return []float64{0, 1, 2.5, 9, 1700000000000, 0.1}[e.random.IntN(6)]
	case model.Integer:
		return float64(e.random.IntN(20))
	case model.Boolean:
		return e.chance(2)
	case model.Timestamp:
		return []any{1700000000000.0, "2024-02-29T12:00:00Z", "2024-02-29"}[e.random.IntN(3)]
	case model.Strings:
		return e.tags()
	case model.Any:
		return []any{"x", 1.5, true, []any{1.0, nil}, map[string]any{}, e.json()}[e.random.IntN(6)]
	}
	return e.json()
}

func (e *everything) json() map[string]any {
	o := map[string]any{}
	for range e.random.IntN(3) {
		o[e.of(texts)] = []any{nil, "x", 1e21, -0.5, []any{map[string]any{"a": nil}, e.of(texts)}, map[string]any{"b": []any{}}}[e.random.IntN(6)]
	}
	return o
}

// begin is a data source with something in every collection.
func (e *everything) begin() graph {
	g := graph{vertices: map[string]map[string]object{}, edges: map[string]map[[2]string]object{}}
	for _, c := range e.model.Vertices() {
		g.vertices[c.Name] = map[string]object{}
		for range 2 + e.random.IntN(4) {
			e.add(g, c)
		}
	}
	for _, c := range e.model.Edges() {
		g.edges[c.Name] = map[[2]string]object{}
		for range 1 + e.random.IntN(5) {
			e.link(g, c)
		}
	}
	e.settle(g)
	return g
}

func (e *everything) add(g graph, c *model.Collection) {
	key := e.key(c.Name)
	if _, there := g.vertices[c.Name][key]; !there {
		g.vertices[c.Name][key] = e.object(c, key)
	}
}

func (e *everything) link(g graph, c *model.Collection) {
	from, to := g.vertices[c.From], g.vertices[c.To]
	if len(from) > 0 && len(to) > 0 {
		g.edges[c.Name][[2]string{e.of(sorted(from)), e.of(sorted(to))}] = e.object(c, "")
	}
}

// leaf tells whether edges lead to a collection.
func (e *everything) leaf(collection string) bool {
	return slices.ContainsFunc(e.model.Edges(), func(c *model.Collection) bool { return c.To == collection && c.From != collection })
}

// there tells whether both vertices of an edge are.
func (g graph) there(c *model.Collection, ends [2]string) bool {
	return g.vertices[c.From][ends[0]] != nil && g.vertices[c.To][ends[1]] != nil
}

// sound are the edges of a collection whose vertices are there.
func (g graph) sound(c *model.Collection) map[[2]string]object {
	edges := map[[2]string]object{}
	for ends, o := range g.edges[c.Name] {
		if g.there(c, ends) {
			edges[ends] = o
		}
	}
	return edges
}
