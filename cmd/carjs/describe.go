package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"carjs/host/author/acceptance"
	"carjs/host/author/check"
	"carjs/host/author/reference"
	"carjs/host/failure"
	"carjs/host/settings"
)

// topic is something that carjs describe tells about, from the table that the rest of carjs goes
// by.
type topic struct {
	name, about string
	// rows tells that one of its rows can be asked for by its name.
	rows bool
	// whole returns what -json prints; one is the name of one row, "" for all.
	whole func(one string) (any, error)
	// print tells it to people.
	print func(env environment, one string) error
}

// topics is the table of topics.
func topics() []topic {
	return []topic{
		{
			"modules", "what a connector can import; with a module's name, everything in it", true,
			describedModules, environment.printModules,
		},
		{
			"failures", "how a run can fail, and what that means for the next one", false,
			func(string) (any, error) { return failure.Kinds(), nil }, environment.printFailures,
		},
		{
			"settings", "the settings of carjs run: flags and environment variables", false,
			func(string) (any, error) { return settings.RunTable(), nil }, environment.printSettings,
		},
		{"model", "CAR's data model; with a collection's name, its properties", true, describedModel, environment.printModel},
		{"checks", "what carjs check looks for, and the acceptance checks of carjs test", false, describedChecks, environment.printChecks},
		{"config", "the keys of a connector's config.json", false, describedConfig, environment.printConfig},
		{"connector", "a connector or an artifact: its version, the hosts it connects to, its settings", true,
			describedConnectorOf, environment.printConnector},
	}
}

// describeCommand is carjs describe: what there is.
func (env environment) describeCommand() *cli.Command {
	return &cli.Command{
		Name:            "describe",
		Usage:           "describe modules, failures, settings, the data model, checks, config.json, and a connector",
		UsageText:       "carjs describe [-json] TOPIC [NAME]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.describe(c.Args().Slice())
		},
	}
}

// question is what carjs describe is asked.
type question struct {
	topic, name string
	json, help  bool
}

// readQuestion takes the line apart: the flags may stand anywhere.
func readQuestion(args []string) (question, error) {
	var q question
	for _, arg := range args {
		switch flag := strings.TrimLeft(arg, "-"); {
		case arg != flag && flag == "json":
			q.json = true
		case arg != flag && (flag == "h" || flag == "help"):
			q.help = true
		case arg != flag:
			return q, usage("describe: unknown flag %s%s", arg, failure.DidYouMean(arg, []string{"-json", "-help"})).
				WithHint("carjs describe -help shows its usage")
		case q.topic == "":
			q.topic = arg
		case q.name == "":
			q.name = arg
		default:
			return q, usage("describe takes one topic and one name: unexpected %q", arg).WithHint("carjs describe TOPIC [NAME]")
		}
	}
	q.help = q.help || q.topic == ""
	return q, nil
}

func (env environment) describe(args []string) error {
	q, err := readQuestion(args)
	if err != nil {
		return err
	}
	if q.help {
		return env.describeHelp()
	}
	var names []string
	for _, t := range topics() {
		names = append(names, t.name)
		switch {
		case t.name != q.topic:
			continue
		case q.name != "" && !t.rows:
			return usage("describe %s takes no name, but got %q", t.name, q.name).WithHint("carjs describe %s", t.name)
		case !q.json:
			return t.print(env, q.name)
		}
		whole, err := t.whole(q.name)
		if err != nil {
			return err
		}
		return printJSON(env.Stdout, whole)
	}
	return usage("unknown topic %q%s", q.topic, failure.DidYouMean(q.topic, names)).
		WithHint("the topics are: %s", strings.Join(names, ", "))
}

func (env environment) describeHelp() error {
	fmt.Fprint(env.Stdout, "usage: carjs describe [-json] TOPIC [NAME]\n\nTopics:\n")
	return env.columns(func(row func(...string)) {
		for _, t := range topics() {
			row("  "+t.name, t.about)
		}
	})
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
			row("", "    "+c.Mend)
		}
		row("carjs test")
		for _, c := range acceptance.Checks() {
			row("  "+c.Name, c.Explains)
		}
	})
}
