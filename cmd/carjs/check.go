package main

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/connectors"
	"carjs/host/author/check"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/settings"
)

// checkCommand is carjs check: what is wrong with a connector, without running it.
func (env environment) checkCommand() *cli.Command {
	return &cli.Command{
		Name:            "check",
		Usage:           "check a connector: types, settings, extension, common mistakes",
		UsageText:       "carjs check [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.check(c.Context, c.Args().Slice())
		},
	}
}

const aboutCheck = `
Builds the connector, runs the TypeScript compiler when there is one, and compares code, config.json, lang_en.json and schema
extension with each other. The exit code is 2 when there are errors, and 0 when there are warnings at most. carjs describe checks
lists what is looked for.
`

func (env environment) check(ctx context.Context, args []string) error {
	line, err := app.ReadSourceLine("check", settings.CheckTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage(), aboutCheck)
		return nil
	}
	values, err := line.Checked()
	if err != nil {
		return err
	}
	connector := line.Connector
	if _, err := bundle.Entry(connector.FS); err != nil && connector.Entry == "" {
		return usage("%s is not a connector: %v", connector.Dir, firstLine(err.Error())).
			WithHint("name a connector's folder, or create one: carjs init NAME")
	}
	findings := check.Run(ctx, app.CheckSubject(connector))
	var hosts []string
	declaration, broken := settings.ReadDeclaration(connector.FS) // what is wrong with it is a finding
	if broken == nil {
		hosts = declaration.Hosts
	}
	if asJSON, _ := values.Value(settings.EnvCheckJSON).(bool); asJSON {
		err = printJSON(env.Stdout, map[string]any{"connector": connector.Name, "findings": findings, "hosts": hosts})
	} else {
		err = env.printFindings(connector, findings)
		if broken == nil {
			fmt.Fprintf(env.Stdout, "%s connects to %s\n", connector.Name, shownHosts(hosts))
		}
	}
	if err == nil && check.Failed(findings) {
		return exitError(failure.CodeInvalidParameter)
	}
	return err
}

// printFindings prints findings as compilers do, each with its line of the source.
func (env environment) printFindings(connector connectors.Connector, findings []check.Finding) error {
	p := &devPrinter{out: env.Stdout, colour: hasColour(env.Stdout)}
	counts := map[check.Severity]int{}
	for _, f := range findings {
		counts[f.Severity]++
		place := f.File
		if f.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", f.File, f.Line, max(f.Column, 1))
		}
		if place != "" {
			place = p.paint(terminal.Bold, place) + ": "
		}
		colour := map[check.Severity]terminal.Colour{check.Error: terminal.Red, check.Warning: terminal.Yellow}[f.Severity]
		p.printf("%s%s: %s  [%s]\n", place, p.paint(colour, string(f.Severity)), f.Message, f.Check)
		p.printf("%s", frame(connector.FS, f))
		if f.Hint != "" {
			p.printf("    %s\n", f.Hint)
		}
	}
	switch {
	case counts[check.Error]+counts[check.Warning] == 0:
		p.printf("%s: no problems found\n", connector.Name)
	default:
		p.printf("\n%s: %s, %s\n", connector.Name, counted(counts[check.Error], "error"), counted(counts[check.Warning], "warning"))
	}
	return nil
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// frame is the line of a finding with a caret under the place, empty when the file cannot be read
// or its line not be shown.
func frame(files fs.FS, f check.Finding) string {
	if f.Line == 0 || f.Hide {
		return ""
	}
	text, err := fs.ReadFile(files, f.File)
	lines := strings.Split(string(text), "\n")
	if err != nil || f.Line > len(lines) {
		return ""
	}
	line := strings.TrimRight(lines[f.Line-1], "\r")
	before := []rune(line)
	before = before[:min(max(f.Column-1, 0), len(before))]
	for i, r := range before {
		if r != '\t' {
			before[i] = ' '
		}
	}
	return fmt.Sprintf("    %s\n    %s^\n", line, string(before))
}
