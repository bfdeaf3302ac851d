package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/host/author/dev"
	"carjs/host/logging"
	"carjs/host/redact"
	"carjs/host/settings"
)

// devCommand is carjs dev: the loop in which a connector is written.
func (env environment) devCommand() *cli.Command {
	return &cli.Command{
		Name:            "dev",
		Usage:           "re-import on every save and show what changed in the graph",
		UsageText:       "carjs dev [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			d := &devSession{environment: env}
			return d.do(c.Context, c.Args().Slice())
		},
	}
}

// devSession is one execution of the command.
type devSession struct {
	environment
	settings settings.RunOptions
	printed  *devPrinter // nil when events are told as JSON
}

// do runs the loop until the context ends, which is how it is meant to end.
func (d *devSession) do(ctx context.Context, args []string) error {
	line, err := app.ReadLine("dev", settings.DevTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(d.Stdout, line.Usage())
		return nil
	}
	if line.Connector.Built() {
		return usage("%s is an artifact: carjs dev needs TypeScript that it can rebuild on every save", line.Word()).
			WithHint("carjs dev takes the connector's folder; carjs run %s imports once", line.Word())
	}
	values, err := line.Gather()
	if err != nil {
		return err
	}
	d.settings = values.Run()
	redactor := redact.New()
	values.Redact(redactor)
	loop := &app.Dev{Line: line, Redactor: redactor}
	defer loop.Close(func(err error) { fmt.Fprintf(d.Stderr, "carjs: shutdown was not clean: %v\n", err) })
	if err := loop.Start(ctx, values, d.printer()); err != nil {
		return err
	}
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	defer d.keys(loop.Ask, quit)()
	loop.Run(ctx)
	return nil
}

// printer is how events are told: one JSON object a line where that is asked for, else for people.
func (d *devSession) printer() func(dev.Event) {
	if d.settings.LogFormat == logging.JSON {
		encoder := json.NewEncoder(d.Stdout)
		encoder.SetEscapeHTML(false)
		return func(e dev.Event) { _ = encoder.Encode(e) } // who does not listen cannot be told
	}
	d.printed = &devPrinter{out: d.Stdout, colour: hasColour(d.Stdout), debug: d.settings.Debug}
	if d.interactive() {
		d.printed.keys, d.printed.out = true, lineEnds{d.Stdout}
	}
	return d.printed.print
}
