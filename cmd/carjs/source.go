package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/embedded"
	"carjs/connectors/reference/server"
	"carjs/host/logging"
)

// sourceCommand is carjs source: the embedded reference data source on its own.
func (env environment) sourceCommand() *cli.Command {
	return &cli.Command{
		Name:      "source",
		UsageText: "carjs source [flags]",
		Usage:     "serve the embedded reference data source, with pages for editing its rows",
		Description: "Serves the reference data source as JSON and, under /admin/, as pages to browse, create, edit and delete rows,\n" +
			"until Ctrl-C. User name and password are admin and admin unless -username and -password set them.\n" +
			"Without -password, only this machine may use it, as localhost or 127.0.0.1.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "addr", Value: "127.0.0.1:8000", Usage: "`ADDRESS` to listen on"},
			&cli.StringFlag{Name: "data", Value: "", Usage: "`DIR` for the rows (default: in memory, lost on exit)"},
			&cli.IntFlag{
				Name: "size", Value: server.DefaultSize,
				Usage: fmt.Sprintf("size `N` of new data: N assets, 2N vulnerabilities and so on, from 0 to %d", server.MaxSize),
			},
			&cli.StringFlag{Name: "username", Usage: "user `NAME` required from clients (default: admin)"},
			&cli.StringFlag{Name: "password", Usage: "`PASSWORD` of the user (default: admin); opens the service to other machines and names"},
			&cli.BoolFlag{Name: "d", Aliases: []string{"debug"}, Usage: "log every request"},
		},
		HideHelpCommand: true,
		OnUsageError:    usageError,
		Action:          env.source,
	}
}

func (env environment) source(c *cli.Context) error {
	if c.Args().Present() {
		return usage("source takes no arguments, but got %q", c.Args().First())
	}
	size := c.Int("size")
	switch {
	case size < 0 || size > server.MaxSize:
		return usage("invalid size %d", size).WithHint("choose a size from 0 to %d", server.MaxSize)
	case size == 0:
		size = server.Empty
	}
	log := logging.New(logging.Options{Level: app.Level(c.Bool("d")), Output: env.Stderr})
	s, err := embedded.OpenSource(c.String("data"), server.Config{
		Size: size, Username: c.String("username"), Password: c.String("password"), Logger: log,
	})
	if err != nil {
		return err
	}
	login, user, password := " (admin, admin)", "admin", "admin"
	if c.String("username") != "" || c.String("password") != "" {
		login, user, password = "", "NAME", "PASSWORD"
	}
	return embedded.Serve(c.Context, c.String("addr"), s, func(url string) {
		fmt.Fprintf(env.Stdout, "The reference data source listens on %s; its pages are at %s/admin/%s\n", url, url, login)
		if data := c.String("data"); data == "" {
			fmt.Fprintln(env.Stdout, "The rows are in memory and lost on exit; use -data to keep them.")
		} else {
			fmt.Fprintf(env.Stdout, "The rows are kept in %s.\n", data)
		}
		fmt.Fprintf(env.Stdout, "Try:  carjs run reference -url %s -username %s -password %s\n", url, user, password)
	})
}
