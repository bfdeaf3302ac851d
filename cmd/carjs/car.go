package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/host/carserver"
	"carjs/host/logging"
	"carjs/host/redact"
)

// carCommand is carjs car: the embedded CAR service on its own.
func (env environment) carCommand() *cli.Command {
	return &cli.Command{
		Name:      "car",
		UsageText: "carjs car [flags]",
		Usage:     "serve the embedded CAR service, for connectors in any language",
		Description: "Serves CAR's REST and GraphQL interface under /api/car/v2 and /api/car/v3, until Ctrl-C.\n" +
			"Without -key and -token, it accepts every request that names it localhost or 127.0.0.1, and no other.\n" +
			"Pages of other sites are refused in any case. A folder of an older version is migrated;\n" +
			"an older carjs cannot open it afterwards.\n\n" +
			"Versions that are older than -history are removed every hour, and their space is used again.\n" +
			"-compact, while nothing else uses the folder, makes the file as small as what it holds.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:3000", Usage: "`ADDRESS` to listen on"},
			&cli.StringFlag{Name: "data", Value: "", Usage: "`DIR` for the graph (default: in memory, lost on exit)"},
			&cli.StringFlag{
				Name: "key", EnvVars: []string{"CAR_SERVICE_KEY"},
				Usage: "API `KEY` required from clients; opens the service to other machines and names",
			},
			&cli.StringFlag{Name: "password", EnvVars: []string{"CAR_SERVICE_PASSWORD"}, Usage: "`PASSWORD` of the key"},
			&cli.StringFlag{Name: "token", EnvVars: []string{"CAR_SERVICE_AUTHTOKEN"}, Usage: "`TOKEN` accepted instead of a key"},
			&cli.DurationFlag{
				Name: "history", Value: carserver.DefaultHistory,
				Usage: "`TIME` for which earlier versions are kept, for queries of the past; 0 keeps none",
			},
			&cli.BoolFlag{Name: "compact", Usage: "do not serve, but remove older versions from the folder, and return the space to the system"},
			&cli.DurationFlag{Name: "job-delay", Usage: "minimum `TIME` of a job, to see how a client waits"},
			&cli.BoolFlag{Name: "d", Aliases: []string{"debug"}, Usage: "log every request"},
		},
		HideHelpCommand: true,
		OnUsageError:    usageError,
		Action:          env.car,
	}
}

func (env environment) car(c *cli.Context) error {
	if c.Args().Present() {
		return usage("car takes no arguments, but got %q", c.Args().First())
	}
	redactor := redact.New(c.String("password"), c.String("token"))
	redactor.AddBasic(c.String("key"), c.String("password"))
	config := carserver.Config{
		Key: c.String("key"), Password: c.String("password"), Token: c.String("token"), JobDelay: c.Duration("job-delay"),
		Logger: logging.New(logging.Options{Level: app.Level(c.Bool("d")), Output: env.Stderr, Redactor: redactor}),
	}
	switch history := c.Duration("history"); {
	case history < 0:
		return usage("-history cannot be less than 0, but is %s", history)
	case history == 0:
		config.History = -1
	default:
		config.History = history
	}
	if c.Bool("compact") {
		return env.compactCAR(c.Context, c.String("data"), config)
	}
	s, err := embedded.OpenCAR(c.String("data"), config)
	if err != nil {
		return err
	}
	return embedded.Serve(c.Context, c.String("addr"), s, func(url string) {
		fmt.Fprintf(env.Stdout, "The embedded CAR service listens on %s/api/car/v2\n", url)
		if data := c.String("data"); data == "" {
			fmt.Fprintln(env.Stdout, "The graph is in memory and lost on exit; use -data to keep it.")
		} else {
			fmt.Fprintf(env.Stdout, "The graph is kept in %s.\n", data)
		}
		if c.String("key") == "" && c.String("token") == "" {
			fmt.Fprintf(env.Stdout, "Try:  carjs run reference -source reference "+
				"-car-service-url %s/api/car/v2 -car-service-key any -car-service-password any\n", url)
		}
	})
}

// compactCAR is carjs car -compact.
func (env environment) compactCAR(ctx context.Context, dir string, config carserver.Config) error {
	if dir == "" {
		return usage("-compact needs -data, the folder with the graph")
	}
	before, after, err := embedded.CompactCAR(ctx, dir, config)
	if err != nil {
		return err
	}
	fmt.Fprintf(env.Stdout, "The graph in %s takes %s; it took %s.\n", dir, megabytes(after), megabytes(before))
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
