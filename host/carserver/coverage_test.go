package carserver

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// introspectionQuery is the first query of GraphQL clients.
const introspectionQuery = `query IntrospectionQuery {
	__schema {
		queryType { name } mutationType { name } subscriptionType { name }
		types { ...FullType }
		directives { name description isRepeatable locations args { ...InputValue } }
	}
}
fragment FullType on __Type {
	kind name description
	fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields { ...InputValue }
	interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
	possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
	kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }
}`

// introspection is the part of an introspection result that has names and types.
type introspection struct {
	Schema struct {
		QueryType, MutationType, SubscriptionType struct{ Name string }
		Types                                     []describedType
		Directives                                []describedField
	} `json:"__schema"`
}

type describedType struct {
	Kind, Name          string
	Fields, InputFields []describedField
	EnumValues          []struct{ Name string }
}

type describedField struct {
	Name         string
	Type         typeRef
	Args         []describedField
	DefaultValue *string
}

type typeRef struct {
	Kind, Name string
	OfType     *typeRef
}

func (t *typeRef) String() string {
	switch {
	case t == nil:
		return ""
	case t.Kind == "NON_NULL":
		return t.OfType.String() + "!"
	case t.Kind == "LIST":
		return "[" + t.OfType.String() + "]"
	}
	return t.Name
}

// sets returns everything that an introspection names, as sets of lines by kind.
func (n *introspection) sets() map[string]map[string]bool {
	sets := map[string]map[string]bool{}
	add := func(kind string, parts ...string) {
		if sets[kind] == nil {
			sets[kind] = map[string]bool{}
		}
		sets[kind][strings.Join(parts, " ")] = true
	}
	initial := func(f describedField) string {
		if f.DefaultValue == nil {
			return ""
		}
		return "= " + *f.DefaultValue
	}
	add("roots", n.Schema.QueryType.Name, n.Schema.MutationType.Name, n.Schema.SubscriptionType.Name)
	for _, d := range n.Schema.Directives {
		add("directives", d.Name)
	}
	for _, t := range n.Schema.Types {
		add("types", t.Kind, t.Name)
		for _, f := range t.Fields {
			add("fields with types", t.Name, f.Name, f.Type.String())
			for _, a := range f.Args {
				add("arguments with types", t.Name, f.Name, a.Name, a.Type.String(), initial(a))
			}
		}
		for _, f := range t.InputFields {
			add("input fields with types", t.Name, f.Name, f.Type.String(), initial(f))
		}
		for _, v := range t.EnumValues {
			add("enum values", t.Name, v.Name)
		}
	}
	return sets
}

// introspect runs the introspection of a service.
func introspect(c *client) *introspection {
	c.tb.Helper()
	status, answer := c.query(introspectionQuery, nil)
	var own struct{ Data introspection }
	if err := json.Unmarshal([]byte(answer), &own); err != nil || status != 200 {
		c.tb.Fatalf("%d %v %.300s", status, err, answer)
	}
	return &own.Data
}

// TestPublishedNames compares the names of the GraphQL interface with the published ones, both
// ways. The published ones are not part of the project; without them the test is skipped.
func TestPublishedNames(t *testing.T) {
	shared := os.Getenv("CARJS_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(shared, "data", "car_graphql_introspection.json"))
	if err != nil {
		t.Skipf("CAR's published introspection is not there: %v; name the folder that has data/ in CARJS_SHARED", err)
	}
	var published introspection
	if err := json.Unmarshal(data, &published); err != nil {
		t.Fatal(err)
	}
	own, want := introspect(start(t, Config{Prepared: true})).sets(), published.sets()
	for _, kind := range slices.Sorted(maps.Keys(want)) {
		missing, extra := difference(want[kind], own[kind]), difference(own[kind], want[kind])
		t.Logf("%-24s %5d published, %5d of them here, %d only here", kind, len(want[kind]), len(want[kind])-len(missing), len(extra))
		for _, line := range missing {
			t.Errorf("%s: missing: %s", kind, line)
		}
		for _, line := range extra {
			t.Errorf("%s: only here: %s", kind, line)
		}
	}
}

func difference(a, b map[string]bool) []string {
	var only []string
	for _, line := range slices.Sorted(maps.Keys(a)) {
		if !b[line] {
			only = append(only, line)
		}
	}
	return only
}

// TestSchemaIsWhole checks that introspection, with an extension, has every type that it uses
// exactly once, and names in alphabetical order.
func TestSchemaIsWhole(t *testing.T) {
	own := introspect(graphForQueries(t))
	types := map[string]string{}
	for _, described := range own.Schema.Types {
		if _, twice := types[described.Name]; twice {
			t.Errorf("type %s is there twice", described.Name)
		}
		types[described.Name] = described.Kind
	}
	uses := func(where string, t1 typeRef, output bool) {
		t.Helper()
		name := strings.Trim(t1.String(), "[]!")
		if kind := types[name]; kind == "" || output && kind == "INPUT_OBJECT" || !output && kind == "OBJECT" {
			t.Errorf("%s has type %s, which is %q", where, t1.String(), kind)
		}
	}
	ordered := func(where string, fields []describedField) {
		t.Helper()
		if !slices.IsSortedFunc(fields, func(a, b describedField) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("%s is not sorted", where)
		}
	}
	for _, described := range own.Schema.Types {
		ordered(described.Name, described.Fields)
		ordered(described.Name, described.InputFields)
		for _, f := range described.Fields {
			uses(described.Name+"."+f.Name, f.Type, true)
			ordered(described.Name+"."+f.Name, f.Args)
			for _, a := range f.Args {
				uses(described.Name+"."+f.Name+"."+a.Name, a.Type, false)
			}
		}
		for _, f := range described.InputFields {
			uses(described.Name+"."+f.Name, f.Type, false)
		}
	}
	for _, name := range []string{"site", "site_asset", "tag_site", "site_bool_exp", "tag_site_insert_input", "asset_inc_input"} {
		if types[name] == "" {
			t.Errorf("type %s of the extension is missing", name)
		}
	}
}
