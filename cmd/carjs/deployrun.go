package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"carjs/cmd/carjs/internal/terminal"
	"carjs/host/deploy/apply"
	"carjs/host/failure"
	"carjs/host/settings"
)

// follow waits for the first runs, and ends with the exit code of the first that failed.
func (d *deployment) follow(ctx context.Context, plan *apply.Plan) error {
	limit, _ := d.values.Value(settings.EnvWaitTimeout).(time.Duration)
	outcomes := plan.Run(ctx, apply.Follow{
		Timeout: limit, Unschedulable: min(limit/8, 2*time.Minute),
		Tell: func(line string) { fmt.Fprintln(d.Stderr, terminal.Safe(line)) },
	})
	code := failure.CodeOK
	for _, o := range outcomes {
		d.outcome(o)
		if code == failure.CodeOK {
			code = o.Code
		}
	}
	if code == failure.CodeOK {
		return nil
	}
	return exitError(code)
}

// outcome tells how a run ended, as carjs run does.
func (d *deployment) outcome(o apply.Outcome) {
	name := o.Object.Name()
	switch r := o.Result; {
	case o.Err != nil:
		f := failure.From(o.Err)
		fmt.Fprintf(d.Stderr, "carjs: %s\n", terminal.Safe(f.Message))
		facts(d.Stderr, "next step", f.Hint, "deployed", name+" stays as it is now; to go back: "+d.way())
	case o.Code != 0:
		fmt.Fprintf(d.Stderr, "carjs: the run of %s failed: %s\n", name, terminal.Safe(r.Message))
		facts(d.Stderr, "at", r.At, "exit code", fmt.Sprint(o.Code), "next step", r.Hint, "log",
			fmt.Sprintf("kubectl logs job/%s -n %s", o.Job, o.Namespace))
	case r.Summary != "":
		fmt.Fprintf(d.Stdout, "%s\n", terminal.Safe(r.Summary))
	default:
		fmt.Fprintf(d.Stdout, "The run of %s succeeded.\n", name)
	}
}

// way is the command that rolls back what was deployed.
func (d *deployment) way() string {
	words := []string{"carjs deploy -rollback"}
	file, many := d.values.Text(settings.EnvDeployFile), d.values.Text(settings.EnvConnections)
	switch {
	case many != "":
		words = append(words, "-connections", many)
	case file != "":
		words = append(words, "-f", file)
	case d.values.Text(settings.EnvKind) == settings.KindConnector:
		words = append(words, "-kind connector", d.line.Connector.Name)
	default:
		words = append(words, "-source", d.values.Text(settings.EnvSource))
	}
	for _, row := range settings.DeployTable() {
		switch row.Env {
		case settings.EnvNamespace, settings.EnvKubeconfig, settings.EnvContext:
			if d.line.HasFlag(row.Env) {
				words = append(words, "-"+row.Flag, d.values.Text(row.Env))
			}
		}
	}
	return strings.Join(words, " ")
}

// facts prints names and values, without those that are empty.
func facts(w io.Writer, pairs ...string) {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			fmt.Fprintf(&b, "  %-9s  %s\n", pairs[i], terminal.Safe(pairs[i+1]))
		}
	}
	_, _ = io.WriteString(w, b.String()) // a terminal that is gone cannot be told
}
