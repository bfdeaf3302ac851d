package main

import (
	"fmt"
	"strings"

	"carjs/host/failure"
	"carjs/host/model"
)

// describedCollection is a collection as JSON tells it.
type describedCollection struct {
	Name        string            `json:"name"`
	Kind        string            `json:"kind"`
	Description string            `json:"description"`
	Key         string            `json:"key,omitempty"`
	From        string            `json:"from,omitempty"`
	To          string            `json:"to,omitempty"`
	Edges       []string          `json:"edges,omitempty"`
	Properties  []describedMember `json:"properties"`
}

type describedMember struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Required    bool   `json:"required"`
	Description string `json:"description"`
}

// describeCollection takes a collection out of the model.
func describeCollection(m *model.Model, c *model.Collection) describedCollection {
	d := describedCollection{Name: c.Name, Kind: "vertex", Description: c.Description, Key: string(c.KeyedBy), From: c.From, To: c.To}
	if c.Kind == model.Edge {
		d.Kind = "edge"
	}
	for _, e := range m.EdgesAt(c.Name) {
		d.Edges = append(d.Edges, e.Name)
	}
	required := map[int]bool{}
	for _, i := range c.Required() {
		required[i] = true
	}
	for i, p := range c.Properties {
		d.Properties = append(d.Properties, describedMember{p.Name, fmt.Sprint(p.Type), required[i], p.Description})
	}
	return d
}

func describedModel(one string) (any, error) {
	m := model.CAR()
	if one != "" {
		return namedCollection(m, one)
	}
	var all []describedCollection
	for _, c := range append(m.Vertices(), m.Edges()...) {
		all = append(all, describeCollection(m, c))
	}
	return all, nil
}

func namedCollection(m *model.Model, name string) (describedCollection, error) {
	c, ok := m.Collection(name)
	if !ok {
		var names []string
		for _, c := range append(m.Vertices(), m.Edges()...) {
			names = append(names, c.Name)
		}
		return describedCollection{}, usage("CAR's data model has no collection %q%s", name, failure.DidYouMean(name, names)).
			WithHint("carjs describe model lists them")
	}
	return describeCollection(m, c), nil
}

func (env environment) printModel(one string) error {
	m := model.CAR()
	if one == "" {
		return env.columns(func(row func(...string)) {
			for _, c := range append(m.Vertices(), m.Edges()...) {
				d := describeCollection(m, c)
				where := "key " + d.Key
				if d.Kind == "edge" {
					where = d.From + " → " + d.To
				}
				row(d.Kind, d.Name, where, d.Description)
			}
		})
	}
	d, err := namedCollection(m, one)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "%s %s: %s\n", d.Kind, d.Name, d.Description)
	if d.Kind == "edge" {
		fmt.Fprintf(env.Stdout, "from %s to %s\n", d.From, d.To)
	} else {
		fmt.Fprintf(env.Stdout, "key: %s\nedges: %s\n", d.Key, strings.Join(d.Edges, ", "))
	}
	fmt.Fprintln(env.Stdout)
	return env.columns(func(row func(...string)) {
		for _, p := range d.Properties {
			required := ""
			if p.Required {
				required = "required"
			}
			row("  "+p.Name, p.Type, required, p.Description)
		}
	})
}
