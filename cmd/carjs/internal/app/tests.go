package app

import (
	"context"
	"strings"
	"time"

	"carjs/bindings/harness"
	"carjs/host/author/acceptance"
	"carjs/host/author/testrun"
	"carjs/host/redact"
	"carjs/host/script"
	"carjs/host/settings"
)

// Tests are the tests of a connector and the checks that it must pass: carjs test.
type Tests struct {
	// Line is the line of the command. Its declaration is there after [Tests.Reread].
	Line *Line
	// Values are the settings of the command. There are none of the connector among them: what a
	// test says counts; those of the environment would make it pass here and fail elsewhere.
	Values settings.Values
}

// ReadTests reads the line of carjs test. Nothing is gathered when only help is asked for.
func ReadTests(args []string) (*Tests, error) {
	t := &Tests{}
	var err error
	if t.Line, err = ReadSourceLine("test", settings.TestTable(), args); err != nil || t.Line.Help {
		return t, err
	}
	t.Values, err = t.Line.Checked()
	return t, err
}

// AllTests are the tests and checks of the connector that another command works on. What the
// environment says of carjs test does not count: whoever asks for all must not get some.
func AllTests(line *Line) (*Tests, error) {
	table := settings.TestTable()
	own, err := ReadSourceLine("test", table, []string{line.word})
	if err != nil {
		return nil, err
	}
	values, err := settings.Gather(settings.Input{Table: table, Flags: own.flags, LookupEnv: func(string) (string, bool) { return "", false }})
	if err == nil {
		err = values.Check()
	}
	return &Tests{Line: own, Values: values}, err
}

// Reread reads what the connector declares about its settings, which may have changed.
func (t *Tests) Reread() error {
	declaration, err := settings.ReadDeclaration(t.Line.Connector.FS)
	if err != nil {
		return err
	}
	t.Line.Declaration = declaration
	return nil
}

// Filter is the text that names must have; "" when all are asked for.
func (t *Tests) Filter() string { return t.Values.Text(settings.EnvTestFilter) }

// Selected tells whether a test or a check is asked for.
func (t *Tests) Selected(name string) bool {
	return strings.Contains(strings.ToLower(name), strings.ToLower(t.Filter()))
}

// Options say what is tested, and how. done is told of every file when its tests have run.
func (t *Tests) Options(done func(testrun.File)) harness.Options {
	c := t.Line.Connector
	timeout, _ := t.Values.Value(settings.EnvTestTimeout).(time.Duration)
	options := harness.Options{
		Source: c.Source(), Files: c.FS, Declaration: t.Line.Declaration, Timeout: timeout,
		Script: scriptOptions(t.Values, access{}), Done: done,
	}
	options.Source.Name = c.Name
	if t.Filter() != "" {
		options.Selected = t.Selected
	}
	if covered, _ := t.Values.Value(settings.EnvTestCoverage).(bool); covered || t.Values.Text(settings.EnvTestCoverageFile) != "" {
		options.Coverage = script.NewCoverage(func(file string) bool { return !harness.IsTest(file) })
	}
	return options
}

// Acceptance is what the acceptance checks are made on.
type Acceptance struct {
	// Subject is the connector with its data sources. Its Skip is the caller's to fill.
	Subject acceptance.Subject
	// About says where the data sources come from.
	About string

	sources *dataSources
}

// Close ends the data sources.
func (a *Acceptance) Close() error { return a.sources.close() }

// Acceptance builds the connector for the acceptance checks; nil when no data source is to be had:
// nothing is recorded. Errors of the connector are those of [harness.Accept].
func (t *Tests) Acceptance(ctx context.Context, options harness.Options) (*Acceptance, error) {
	redactor := redact.New()
	sources, err := findDataSources(t.Line.Connector, redactor)
	if err != nil || sources == nil {
		return nil, err
	}
	a := &Acceptance{About: sources.about, sources: sources}
	args, secrets, err := t.acceptanceArgs(sources.settings, redactor)
	if err == nil {
		a.Subject, err = harness.Accept(ctx, options, args, redactor.Add, sources.clock)
	}
	if err != nil {
		_ = a.Close() // it was in memory
		return nil, err
	}
	a.Subject.Source, a.Subject.Changed, a.Subject.Secrets = sources.source, sources.changed, secrets
	return a, nil
}

// acceptanceArgs are the settings of the connector, with secrets that are told from anything else.
// The redactor gets to know them, because requests are recorded without secrets and compared so.
func (t *Tests) acceptanceArgs(
	given map[string]string, redactor *redact.Redactor,
) (args map[string]any, secrets []string, err error) {
	texts := map[string]string{}
	for _, field := range t.Line.Declaration.Fields {
		value, ok := given[field.Env]
		switch {
		case ok && value != redact.Marker:
			texts[field.Env] = value
		case field.Secret():
			texts[field.Env] = "never-shown-" + strings.ToLower(field.Env)
			secrets = append(secrets, texts[field.Env])
		case field.Required():
			texts[field.Env] = field.StandIn()
		}
	}
	texts[settings.EnvSource] = "acceptance"
	values, err := settings.GatherTexts(t.Line.Declaration, texts)
	if err == nil {
		err = values.Check()
	}
	values.Redact(redactor)
	return values.Connector(), secrets, err
}
