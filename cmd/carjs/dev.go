package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/urfave/cli/v2"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/dev"
	"carjs/host/dev/page"
	"carjs/host/logging"
	"carjs/host/redact"
	hostserve "carjs/host/serve"
	"carjs/host/settings"
	"carjs/host/transport"
	"carjs/host/watch"
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
	command  *command
	settings settings.Run
	subject  *devSubject
	printed  *devPrinter // nil when events are told as JSON
	stop     []func() error
}

// do runs the loop until the context ends, which is how it is meant to end.
func (d *devSession) do(ctx context.Context) error {
	var err error
	if d.command, err = readCommand("dev", settings.DevTable(), d.args); err != nil {
		return err
	}
	if d.command.flags.Help {
		fmt.Fprint(d.Stdout, d.command.usage())
		return nil
	}
	values, err := d.command.gather()
	if err != nil {
		return err
	}
	d.settings = values.Run()
	values.Redact(d.redactor)
	d.subject = newDevSubject(d, values)
	d.stop = append(d.stop, d.subject.close)
	commands := make(chan dev.Command, 1)
	journal := dev.NewJournal()
	show := d.printer()
	config := dev.Config{
		Subject: d.subject, Commands: commands, Redact: d.redactor.Bytes, Level: level(d.settings.Debug),
		Events: func(e dev.Event) { journal.Add(e); show(e) },
	}
	if err := d.watch(&config); err != nil {
		return err
	}
	loop := dev.New(config)
	url, err := d.servePage(ctx, values, page.Config{
		Connector: d.command.connector.Name, Journal: journal, Graph: loop.Graph,
		Command: func(c dev.Command) { ask(commands, c) },
	})
	if err != nil {
		return err
	}
	show(dev.Event{Kind: dev.Started, Time: time.Now(), Start: &dev.Start{Connector: d.command.connector.Name, Page: url}})
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
	dir := d.command.connector.Dir
	if dir == "" {
		return nil
	}
	watcher, err := watch.New(dir)
	if err != nil {
		return usage("the folder of %s cannot be watched: %v", d.command.connector.Name, err).WithCause(err).
			WithHint("on Linux fs.inotify.max_user_watches and max_user_instances say how much one user may watch")
	}
	d.stop = append(d.stop, watcher.Close)
	config.Changes, config.Follow = watcher.Changes(), watcher.Follow
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
	server := &http.Server{Handler: page.New(config), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
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

// devSubject makes the connector for each run, with the settings as they are then.
type devSubject struct {
	session *devSession
	builder *bundle.Builder
	source  *running // the embedded data source, once it is needed
	values  settings.Values
}

func newDevSubject(d *devSession, values settings.Values) *devSubject {
	source := d.command.connector.Source()
	source.Modules = bindings.Modules()
	return &devSubject{session: d, builder: bundle.NewBuilder(source), values: values}
}

// Build bundles the connector.
func (s *devSubject) Build(ctx context.Context) (*bundle.Bundle, error) { return s.builder.Build(ctx) }

// Files are those of the settings.
func (s *devSubject) Files() []string {
	dir := s.session.command.connector.Dir
	if dir == "" {
		return nil
	}
	return []string{
		filepath.Join(dir, "configurations", "config.json"),
		filepath.Join(dir, "configurations", "lang_en.json"),
	}
}

// Open reads the settings anew, because config.json may have changed, and makes the connector.
func (s *devSubject) Open(b *bundle.Bundle, opening dev.Opening) (dev.Opened, error) {
	values, err := s.read(opening.Log)
	if err != nil {
		return dev.Opened{}, err
	}
	run := values.Run()
	connector, err := bindings.Open(b, bindings.Options{
		Args: values.Connector(), Logger: opening.Log.Named(connectorLabel), Secret: s.session.redactor.Add,
		Transport:      opening.Requests.Watch(transport.New(), func(*http.Response) bool { return false }),
		RequestTimeout: run.RequestTimeout, RetryWait: run.RetryWait,
		MaxStack: run.MaxStack, MaxStretch: run.MaxStretch, MaxMemory: run.MaxMemory,
	})
	if err != nil {
		return dev.Opened{}, err
	}
	options := host.Options{
		Logger: opening.Log, Timeout: run.Timeout, PageSize: run.PageSize, DatasourceRequests: connector.DatasourceRequests,
		CAR: car.Config{Source: s.session.command.connector.Name, RequestTimeout: run.RequestTimeout},
	}
	return dev.Opened{Connector: connector, Options: options, Done: func(bool) error { return nil }}, nil
}

// read gathers and checks the settings, and starts the embedded data source when that stands in.
func (s *devSubject) read(log hclog.Logger) (settings.Values, error) {
	command, err := readCommand("dev", settings.DevTable(), s.session.args)
	if err != nil {
		return settings.Values{}, err
	}
	values, err := command.gather()
	if err != nil {
		return values, err
	}
	values.Redact(s.session.redactor)
	if standsIn(command, values) {
		if s.source == nil {
			if s.source, err = startSource(values.Run().StateDir, log); err != nil {
				return values, err
			}
		}
		values = withSource(values, s.source.URL)
	}
	values.Redact(s.session.redactor)
	return values, values.Check()
}

func (s *devSubject) close() error {
	s.builder.Close()
	if s.source != nil {
		return s.source.Stop()
	}
	return nil
}
