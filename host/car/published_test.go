package car_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"carjs/host/car"
	"carjs/host/internal/inventory"
	"carjs/host/model"
)

// publishedSchema makes a schema of CAR's published introspection, which the folder that
// CARJS_SHARED names has. It is not part of the project; without it the test is skipped.
func publishedSchema(t *testing.T) *ast.Schema {
	t.Helper()
	shared := os.Getenv("CARJS_SHARED")
	if shared == "" {
		shared = "../../../shared"
	}
	data, err := os.ReadFile(filepath.Join(shared, "data", "car_graphql_introspection.json"))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("CAR's published introspection is not there (%v); name the folder that has data/ in CARJS_SHARED", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	var document introspection
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Schema.Types) == 0 {
		document.Schema = document.Data.Schema
	}
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "published", Input: document.Schema.language()})
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

type introspection struct {
	Schema schemaOf `json:"__schema"`
	Data   struct {
		Schema schemaOf `json:"__schema"`
	} `json:"data"`
}

type schemaOf struct {
	QueryType struct{ Name string }
	Types     []struct {
		Kind, Name          string
		Fields, InputFields []memberOf
		EnumValues          []struct{ Name string }
	}
}

type memberOf struct {
	Name string
	Type typeOf
	Args []memberOf
}

type typeOf struct {
	Kind, Name string
	OfType     *typeOf
}

func (t typeOf) String() string {
	switch t.Kind {
	case "NON_NULL":
		return t.OfType.String() + "!"
	case "LIST":
		return "[" + t.OfType.String() + "]"
	}
	return t.Name
}

// language writes a schema in GraphQL's own language.
func (s schemaOf) language() string {
	var b strings.Builder
	fmt.Fprintf(&b, "schema { query: %s }\n", s.QueryType.Name)
	for _, t := range s.Types {
		switch {
		case strings.HasPrefix(t.Name, "__"):
		case t.Kind == "SCALAR":
			if !slices.Contains([]string{"String", "Int", "Float", "Boolean", "ID"}, t.Name) {
				fmt.Fprintf(&b, "scalar %s\n", t.Name)
			}
		case t.Kind == "ENUM":
			fmt.Fprintf(&b, "enum %s {", t.Name)
			for _, v := range t.EnumValues {
				b.WriteString(" " + v.Name)
			}
			b.WriteString(" }\n")
		default:
			word, members := "type", t.Fields
			if t.Kind == "INPUT_OBJECT" {
				word, members = "input", t.InputFields
			}
			fmt.Fprintf(&b, "%s %s {\n", word, t.Name)
			for _, m := range members {
				var args []string
				for _, a := range m.Args {
					args = append(args, a.Name+": "+a.Type.String())
				}
				arguments := ""
				if args != nil {
					arguments = "(" + strings.Join(args, ", ") + ")"
				}
				fmt.Fprintf(&b, "  %s%s: %s\n", m.Name, arguments, m.Type)
			}
			b.WriteString("}\n")
		}
	}
	return b.String()
}

// publishedCAR answers every query that the schema allows with one row, and the next one of its
// kind with none; others as Hasura does. Anything else is done without a word, so that it is asked
// for.
type publishedCAR struct {
	schema *ast.Schema
	mu     sync.Mutex
	seen   map[string]bool // by collection
	wrong  []string
	asked  int
}

func (p *publishedCAR) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/v3/query") {
		fmt.Fprint(w, "{}")
		return
	}
	var body struct{ Query string }
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	document, errs := gqlparser.LoadQueryWithRules(p.schema, body.Query, rules.NewDefaultRules())
	if errs != nil {
		p.wrong = append(p.wrong, errs.Error()+": "+body.Query)
		fmt.Fprintf(w, `{"errors":[{"message":%q}]}`, errs.Error())
		return
	}
	data := map[string]any{}
	for _, selection := range document.Operations[0].SelectionSet {
		f := selection.(*ast.Field)
		rows := []any{}
		if !p.seen[f.Name] {
			rows = append(rows, row(f.SelectionSet))
		}
		p.seen[f.Name] = !p.seen[f.Name]
		data[f.Alias] = rows
	}
	if err := json.NewEncoder(w).Encode(map[string]any{"data": data}); err != nil {
		p.wrong = append(p.wrong, err.Error())
	}
}

// row makes a row with all the fields that are asked for.
func row(fields ast.SelectionSet) map[string]any {
	made := map[string]any{}
	for _, selection := range fields {
		f := selection.(*ast.Field)
		switch {
		case len(f.SelectionSet) > 0:
			made[f.Alias] = []any{row(f.SelectionSet)}
		case f.Name == "name" && f.ObjectDefinition.Name == "ipaddress":
			made[f.Alias] = "10.0.0.1"
		case f.Name == "region_id":
			made[f.Alias] = "0"
		case f.Name == "external_id":
			made[f.Alias] = "1"
		case strings.HasSuffix(f.Name, "id"):
			made[f.Alias] = "s/1"
		default:
			made[f.Alias] = nil
		}
	}
	return made
}

// Every query that the client can send is one that the published service takes: those of whole
// collections and of parts, of deletions and orphans, of searches, and of changes that were
// answered with nothing.
func TestQueriesAreOfPublishedNames(t *testing.T) {
	schema := publishedSchema(t)
	p := &publishedCAR{schema: schema}
	server := httptest.NewServer(p)
	defer server.Close()
	m := model.CAR()
	ctx := context.Background()
	keys := []string{"1", "10.0.0.1", "r/10.0.0.2"}
	edges, vertices, deleted := 0, 0, 0
	// works tells whether what was done sent queries, and only such as are taken.
	works := func(what string, do func(*car.Client) error) bool {
		t.Helper()
		p.seen, p.wrong, p.asked = map[string]bool{}, nil, 0
		c, err := car.New(car.Config{URL: server.URL + "/api/car/v2", Source: "s", RetryWait: time.Microsecond})
		if err == nil {
			err = do(c)
		}
		if err != nil || p.wrong != nil || p.asked == 0 {
			t.Errorf("%s: %v after %d queries; refused: %s", what, err, p.asked, strings.Join(p.wrong, "\n"))
			return false
		}
		return true
	}
	read := func(c *model.Collection, parts ...inventory.Part) bool {
		all := true
		for _, part := range parts {
			all = works(fmt.Sprintf("replaces(%s) %+v", c.Name, part), func(client *car.Client) error {
				_, err := inventory.New(client, m, "s").Read(ctx, c, part)
				return err
			}) && all
		}
		return all
	}
	for _, c := range m.Edges() {
		if read(c, inventory.Part{}, inventory.Part{From: keys}, inventory.Part{To: keys}, inventory.Part{From: keys[:1], To: keys[1:]}) {
			edges++
		}
		works("ending an edge of "+c.Name, func(client *car.Client) error {
			if err := client.EndEdge(ctx, c.Name, "s/9", "s/9"); err != nil && p.wrong != nil {
				return err
			}
			if err := client.PatchEdge(ctx, c.Name, "a%_\\", "9", map[string]any{"active": false}); err != nil && p.wrong != nil {
				return err
			}
			return nil
		})
	}
	for _, c := range m.Vertices() {
		if read(c, inventory.Part{}, inventory.Part{Keys: keys}) {
			vertices++
		}
		if works("delete "+c.Name, func(client *car.Client) error {
			_, err := inventory.New(client, m, "s").EdgesAt(ctx, c, keys)
			return errors.Join(err, client.Delete(ctx, c.Name, keys))
		}) {
			deleted++
		}
	}
	for _, c := range append(m.Vertices(), m.Edges()...) {
		object := map[string]any{"_key": "10.0.0.1", "external_id": "1", "_from_external_id": "1", "_to_external_id": "1",
			"_from": "ipaddress/10.0.0.1", "_to": "ipaddress/10.0.0.1"}
		for i := range c.Properties {
			if object[c.Properties[i].Name] == nil {
				object[c.Properties[i].Name] = "x"
			}
		}
		works("the evidence of "+c.Name, func(client *car.Client) error {
			_, err := inventory.New(client, m, "s").Missing(ctx, c, []map[string]any{object})
			return err
		})
		works("the size of "+c.Name, func(client *car.Client) error {
			_, err := inventory.New(client, m, "s").Sizes(ctx, []inventory.Least{{Collection: c}})
			return err
		})
		works("searchCollection "+c.Name, func(client *car.Client) error {
			fields := slices.Sorted(maps.Keys(fieldsOf(schema, c.Name)))
			_, err := client.SearchCollection(ctx, c.Name, "source", "s", fields)
			return err
		})
	}
	works("the end of an edge", func(client *car.Client) error {
		c, _ := m.Collection("ipaddress")
		_, _, err := inventory.New(client, m, "s").End(ctx, c, "10.0.0.1")
		return err
	})
	t.Logf("of published names: replaces %d/%d edge and %d/%d vertex collections, delete %d/%d",
		edges, len(m.Edges()), vertices, len(m.Vertices()), deleted, len(m.Vertices()))
}

// fieldsOf are the fields of a collection that have no fields of their own.
func fieldsOf(schema *ast.Schema, collection string) map[string]bool {
	fields := map[string]bool{}
	for _, f := range schema.Types[collection].Fields {
		if kind := schema.Types[f.Type.Name()].Kind; !strings.HasPrefix(f.Name, "__") && (kind == ast.Scalar || kind == ast.Enum) {
			fields[f.Name] = true
		}
	}
	return fields
}

// The model's table of what queries show is that of the published service.
func TestModelKnowsWhatQueriesShow(t *testing.T) {
	schema := publishedSchema(t)
	m := model.CAR()
	for _, c := range append(m.Vertices(), m.Edges()...) {
		published := fieldsOf(schema, c.Name)
		shown := map[string]bool{}
		for i := range c.Properties {
			name := c.Properties[i].Name
			if field := c.ShownAs(name); field != "" {
				shown[field] = true
				if !published[field] {
					t.Errorf("%s.%s is not published", c.Name, field)
				}
			} else if published[name] && !slices.Contains([]string{"id", "source", "connecting_id"}, name) {
				t.Errorf("%s.%s is published", c.Name, name)
			}
		}
	}
}
