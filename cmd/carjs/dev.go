package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/host/author/dev"
	"carjs/host/author/dev/page"
	"carjs/host/author/watch"
	hostserve "carjs/host/httpx"
	"carjs/host/logging"
	"carjs/host/redact"
	"carjs/host/settings"
)

// devCommand is carjs dev: the loop in which a connector is written.
func (env environment) devCommand() *cli.Command {
	return &cli.Command{
		Name:            "dev",
		Usage:           "import again at every save, and show what changed in the graph",
		UsageText:       "carjs dev [flags] CONNECTOR [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			d := &devSession{environment: env, redactor: redact.New(), args: c.Args().Slice()}
			defer d.close()
			return d.do(c.Context)
		},
	}
}

// devSession is one execution of the command.
type devSession struct {
	environment
	redactor *redact.Redactor
	args     []string
	line     *app.Line
	settings settings.RunOptions
	printed  *devPrinter // nil when events are told as JSON
	stop     []func() error
}

// do runs the loop until the context ends, which is how it is meant to end.
func (d *devSession) do(ctx context.Context) error {
	var err error
	if d.line, err = app.ReadLine("dev", settings.DevTable(), d.args); err != nil {
		return err
	}
	if d.line.Help {
		fmt.Fprint(d.Stdout, d.line.Usage())
		return nil
	}
	values, err := d.line.Gather()
	if err != nil {
		return err
	}
	d.settings = values.Run()
	values.Redact(d.redactor)
	subject := app.NewDevSubject(d.line, d.redactor)
	d.stop = append(d.stop, subject.Close)
	commands := make(chan dev.Command, 1)
	journal := dev.NewJournal()
	show := d.printer()
	config := dev.Config{
		Subject: subject, Commands: commands, Redact: d.redactor.Bytes, Level: app.Level(d.settings.Debug),
		Events: func(e dev.Event) { journal.Add(e); show(e) },
	}
	if err := d.watch(&config); err != nil {
		return err
	}
	loop := dev.New(config)
	url, err := d.servePage(ctx, values, page.Config{
		Connector: d.line.Connector.Name, Journal: journal, Graph: loop.Graph, Redact: d.redactor.Bytes,
		Command: func(c dev.Command) { ask(commands, c) },
	})
	if err != nil {
		return err
	}
	show(dev.Event{Kind: dev.Started, Time: time.Now(), Start: &dev.Start{Connector: d.line.Connector.Name, Page: url}})
	ctx, quit := context.WithCancel(ctx)
	defer quit()
	defer d.keys(func(c dev.Command) { ask(commands, c) }, quit)()
	loop.Run(ctx)
	return nil
}

// ask hands a command over; one that waits already is replaced.
func ask(commands chan dev.Command, c dev.Command) {
	for {
		select {
		case commands <- c:
			return
		default:
		}
		select {
		case <-commands:
		default:
		}
	}
}

// watch starts to watch the connector's folder; a connector that is built in does not change.
func (d *devSession) watch(config *dev.Config) error {
	dir := d.line.Connector.Dir
	if dir == "" {
		return nil
	}
	watcher, err := watch.New(dir)
	if err != nil {
		return usage("the folder of %s cannot be watched: %v", d.line.Connector.Name, err).WithCause(err).
			WithHint("on Linux fs.inotify.max_user_watches and max_user_instances say how much one user may watch")
	}
	d.stop = append(d.stop, watcher.Close)
	config.Changes, config.Follow, config.Stale = watcher.Changes(), watcher.Follow, watcher.Stale
	return nil
}

// servePage serves the page on loopback until the context ends, and returns its URL.
func (d *devSession) servePage(ctx context.Context, values settings.Values, config page.Config) (string, error) {
	port, _ := values.Value(settings.EnvDevPort).(int)
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", usage("the page cannot be served on %s: %v", address, err).WithCause(err).
			WithHint("choose another port with -port; without it, any that is free is taken")
	}
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{
		Handler: page.New(config), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var done sync.WaitGroup
	var served error
	done.Go(func() { served = hostserve.Until(ctx, server, listener) })
	d.stop = append(d.stop, func() error {
		cancel()
		done.Wait()
		return served
	})
	return "http://" + listener.Addr().String() + "/", nil
}

// printer is how events are told: one JSON object a line where that is asked for, else for people.
func (d *devSession) printer() func(dev.Event) {
	if d.settings.LogFormat == logging.JSON {
		encoder := json.NewEncoder(d.Stdout)
		encoder.SetEscapeHTML(false)
		return func(e dev.Event) { _ = encoder.Encode(e) } // who does not listen cannot be told
	}
	d.printed = &devPrinter{out: d.Stdout, colour: isTerminal(d.Stdout), debug: d.settings.Debug}
	if d.interactive() {
		d.printed.keys, d.printed.out = true, lineEnds{d.Stdout}
	}
	return d.printed.print
}

// close ends what was started, the last first.
func (d *devSession) close() {
	for i := len(d.stop) - 1; i >= 0; i-- {
		if err := d.stop[i](); err != nil {
			fmt.Fprintf(d.Stderr, "carjs: something did not end cleanly: %v\n", err)
		}
	}
}
