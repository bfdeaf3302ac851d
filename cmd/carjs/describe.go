package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"carjs/host/acceptance"
	"carjs/host/check"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/reference"
	"carjs/host/settings"
)

// topic is something that carjs describe tells about, from the table that the rest of carjs goes by.
type topic struct {
	name, about string
	// whole returns what -json prints; one is the name of one row, "" for all.
	whole func(one string) (any, error)
	// print tells it to people.
	print func(env environment, one string) error
}

// topics is the table of topics.
func topics() []topic {
	return []topic{
		{"modules", "what a connector can import; with a module's name, all that it has", describedModules, environment.printModules},
		{"failures", "how a run can end, and what that means for the next one", func(string) (any, error) { return failure.Kinds(), nil }, environment.printFailures},
		{"settings", "the settings of carjs run: flags and environment variables", func(string) (any, error) { return settings.RunTable(), nil }, environment.printSettings},
		{"model", "CAR's data model; with a collection's name, its properties", describedModel, environment.printModel},
		{"checks", "what carjs check looks for, and the acceptance checks of carjs test", describedChecks, environment.printChecks},
	}
}

// describeCommand is carjs describe: what there is.
func (env environment) describeCommand() *cli.Command {
	var list strings.Builder
	for _, t := range topics() {
		fmt.Fprintf(&list, "  %-10s%s\n", t.name, t.about)
	}
	return &cli.Command{
		Name:            "describe",
		Usage:           "list modules, failures, settings, the data model, and checks",
		UsageText:       "carjs describe [-json] TOPIC [NAME]",
		Description:     strings.TrimRight(list.String(), "\n"),
		Flags:           []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print it as one JSON document"}},
		HideHelpCommand: true,
		OnUsageError:    usageError,
		Action:          env.describe,
	}
}

func (env environment) describe(c *cli.Context) error {
	if !c.Args().Present() {
		return cli.ShowSubcommandHelp(c)
	}
	if c.Args().Len() > 2 {
		return usage("describe takes a topic and a name, but there is %q besides", c.Args().Get(2)).WithHint("flags stand before the topic")
	}
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
		if t.name != c.Args().First() {
			continue
		}
		one := c.Args().Get(1)
		if !c.Bool("json") {
			return t.print(env, one)
		}
		whole, err := t.whole(one)
		if err != nil {
			return err
		}
		encoder := json.NewEncoder(env.Stdout)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(whole)
	}
	return usage("there is no topic %q", c.Args().First()).WithHint("there are: %s", strings.Join(names, ", "))
}

// columns prints rows in columns.
func (env environment) columns(rows func(row func(cells ...string))) error {
	w := tabwriter.NewWriter(env.Stdout, 0, 0, 2, ' ', 0)
	rows(func(cells ...string) { fmt.Fprintln(w, strings.TrimRight(strings.Join(cells, "\t"), "\t")) })
	return w.Flush()
}

func describedModules(one string) (any, error) {
	modules, err := reference.Modules()
	if err != nil || one == "" {
		return modules, err
	}
	found, err := reference.Find(modules, one)
	if err != nil {
		return nil, usage("%v", err).WithCause(err)
	}
	return found, nil
}

func (env environment) printModules(one string) error {
	modules, err := reference.Modules()
	if err != nil {
		return err
	}
	if one == "" {
		return env.columns(func(row func(...string)) {
			for _, m := range modules {
				row(m.Name, strings.TrimPrefix(reference.Summary(m.Doc), "The module `"+m.Name+"`: "))
			}
		})
	}
	found, err := reference.Find(modules, one)
	if err != nil {
		return usage("%v", err).WithCause(err)
	}
	_, err = fmt.Fprint(env.Stdout, found.Markdown(modules))
	return err
}

func (env environment) printFailures(string) error {
	return env.columns(func(row func(...string)) {
		row("failure", "exit code", "fault of", "next run")
		for _, k := range failure.Kinds() {
			row(string(k.Kind), fmt.Sprint(k.Code), string(k.Fault), k.NextRun)
		}
	})
}

func (env environment) printSettings(string) error {
	return env.columns(func(row func(...string)) {
		group := ""
		for _, s := range settings.RunTable() {
			if s.Group != group {
				group = s.Group
				row(group)
			}
			flag := ""
			if s.Flag != "" {
				flag = "-" + s.Flag
			}
			row("  "+flag, s.Env, string(s.Type), s.Default, s.Help)
		}
	})
}

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
		return describedCollection{}, usage("there is no collection %q in CAR's data model", name).WithHint("carjs describe model lists them")
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

func describedChecks(string) (any, error) {
	var accepted []map[string]string
	for _, c := range acceptance.Checks() {
		accepted = append(accepted, map[string]string{"name": c.Name, "explains": c.Explains})
	}
	return map[string]any{"check": check.Checks(), "test": accepted}, nil
}

func (env environment) printChecks(string) error {
	return env.columns(func(row func(...string)) {
		row("carjs check")
		for _, c := range check.Checks() {
			row("  "+c.Name, c.Finds)
		}
		row("carjs test")
		for _, c := range acceptance.Checks() {
			row("  "+c.Name, c.Explains)
		}
	})
}
