package app

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"carjs/connectors"
	"carjs/host/author/dev"
	"carjs/host/author/dev/page"
	"carjs/host/author/watch"
	"carjs/host/failure"
	"carjs/host/httpx"
	"carjs/host/redact"
	"carjs/host/settings"
)

// Dev is the reload loop with what belongs to it: the watcher of the connector's folder, and the
// page that shows what happens.
type Dev struct {
	// Line is the line of the command.
	Line *Line
	// Redactor gets to know the secrets of all runs.
	Redactor *redact.Redactor

	loop     *dev.Loop
	commands chan dev.Command
	stop     []func() error
}

// Start starts all but the loop itself; the settings are those of the line. events is told of what
// happens, of the page's URL first.
func (d *Dev) Start(ctx context.Context, values settings.Values, events func(dev.Event)) error {
	if err := checkConnections(); err != nil {
		return err
	}
	connector := d.Line.Connector
	d.Redactor.Public(publicWords(connector.Name, values.Run().Source)...)
	subject := newDevSubject(d.Line, d.Redactor)
	d.stop = append(d.stop, subject.close)
	d.commands = make(chan dev.Command, 1)
	journal := dev.NewJournal()
	config := dev.Config{
		Subject: subject, Commands: d.commands, Redact: d.Redactor.Bytes, Level: Level(values.Run().Debug),
		Events: func(e dev.Event) { journal.Add(e); events(e) },
	}
	if err := d.watch(connector, &config); err != nil {
		return err
	}
	d.loop = dev.New(config)
	url, err := d.servePage(ctx, values, page.Config{
		Connector: connector.Name, Journal: journal, Graph: d.loop.Graph, Redact: d.Redactor.Bytes, Command: d.Ask,
	})
	if err != nil {
		return err
	}
	events(dev.Event{Kind: dev.Started, Time: time.Now(), Start: &dev.Start{Connector: connector.Name, Page: url}})
	return nil
}

// Run runs the loop until the context ends, which is how it is meant to end.
func (d *Dev) Run(ctx context.Context) { d.loop.Run(ctx) }

// Ask hands a command over; one that waits already is replaced.
func (d *Dev) Ask(c dev.Command) {
	for {
		select {
		case d.commands <- c:
			return
		default:
		}
		select {
		case <-d.commands:
		default:
		}
	}
}

// Close ends what was started, the last first. failed is told of what did not end cleanly.
func (d *Dev) Close(failed func(error)) {
	for i := len(d.stop) - 1; i >= 0; i-- {
		if err := d.stop[i](); err != nil {
			failed(err)
		}
	}
}

// watch starts to watch the connector's folder; a connector that is built in does not change.
func (d *Dev) watch(connector connectors.Connector, config *dev.Config) error {
	if connector.Dir == "" {
		return nil
	}
	watcher, err := watch.New(connector.Dir)
	if err != nil {
		return failure.Usage("cannot watch the folder of %s: %v", connector.Name, err).WithCause(err).
			WithHint("on Linux, raise fs.inotify.max_user_watches and max_user_instances")
	}
	d.stop = append(d.stop, watcher.Close)
	config.Changes, config.Follow, config.Stale = watcher.Changes(), watcher.Follow, watcher.Stale
	return nil
}

// servePage serves the page on loopback until the context ends, and returns its URL.
func (d *Dev) servePage(ctx context.Context, values settings.Values, config page.Config) (string, error) {
	port, _ := values.Value(settings.EnvDevPort).(int)
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return "", failure.Usage("cannot serve the page on %s: %v", address, err).WithCause(err).
			WithHint("choose another port with -port, or omit it to use any free port")
	}
	ctx, cancel := context.WithCancel(ctx)
	server := &http.Server{
		Handler: page.New(config), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	var done sync.WaitGroup
	var served error
	done.Go(func() { served = httpx.Until(ctx, server, listener) })
	d.stop = append(d.stop, func() error {
		cancel()
		done.Wait()
		return served
	})
	return "http://" + listener.Addr().String() + "/", nil
}
