package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host/deploy/apply"
	"carjs/host/deploy/cluster"
	"carjs/host/deploy/manifest"
	"carjs/host/failure"
	"carjs/host/settings"
)

// codeDifferent is the exit code of a dry run when something would change.
const codeDifferent = 3

// deployCommand is carjs deploy: connectors into a cluster, and back.
func (env environment) deployCommand() *cli.Command {
	return &cli.Command{
		Name:  "deploy",
		Usage: "apply a connector's objects to a cluster and follow the first run, or roll back",
		UsageText: "carjs deploy [flags] CONNECTOR [flags]\n   carjs deploy -connections FILE [flags]\n   carjs deploy -f MANIFEST [flags]\n" +
			"   carjs deploy -rollback [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.deploy(c.Context, c.Args().Slice())
		},
	}
}

const aboutDeploy = `
Applies what carjs manifest writes, by server-side apply with the login of your kubeconfig file. The cluster checks everything before
anything is changed. Then a run is started, and its exit code is that of the command. What was there before is kept with each object,
for -rollback. docs/deploy.md describes it.
`

func (env environment) deploy(ctx context.Context, args []string) error {
	line, values, err := env.flagsOf("deploy", settings.DeployTable(), aboutDeploy, args)
	if err != nil || line.Help {
		return err
	}
	d := &deployment{environment: env, line: line, values: values}
	if err := d.read(); err != nil {
		return err
	}
	if d.client, err = cluster.Connect(cluster.Config{
		Kubeconfig: values.Text(settings.EnvKubeconfig), Context: values.Text(settings.EnvContext),
		Namespace: values.Text(settings.EnvNamespace),
		Warn:      func(text string) { fmt.Fprintf(env.Stderr, "the cluster warns: %s\n", terminal.Safe(text)) },
	}); err != nil {
		return err
	}
	return d.do(ctx)
}

// deployment is one execution of the command.
type deployment struct {
	environment
	line    *app.Line
	values  settings.Values
	client  *cluster.Client
	objects []cluster.Object
}

// is tells whether a flag is on.
func (d *deployment) is(env string) bool { return d.values.Value(env) == true }

// read makes the objects that the line names.
func (d *deployment) read() (err error) {
	file := d.values.Text(settings.EnvDeployFile)
	if file != "" {
		return d.readFile(file)
	}
	if d.is(settings.EnvRollback) && d.values.Text(settings.EnvConnections) == "" {
		d.objects, err = d.named()
		return err
	}
	text, err := d.manifestText("deploy", d.line, d.values)
	if err != nil {
		return err
	}
	d.objects, err = apply.ReadObjects("the manifest", text)
	return err
}

// readFile reads the objects of a manifest.
func (d *deployment) readFile(file string) (err error) {
	if d.line.Connector.Name != "" || d.values.Text(settings.EnvConnections) != "" {
		return usage("deploy: -f and a connector or -connections are both given").WithHint("name either the manifest or what it is made of")
	}
	for _, row := range settings.ManifestTable() {
		if row.Env != settings.EnvNamespace && row.Env != settings.EnvOutput && d.line.HasFlag(row.Env) {
			return usage("deploy: -%s has no meaning with -f: the manifest says it", row.Flag).WithHint("leave it out")
		}
	}
	var text []byte
	name := file
	if file == app.StandardOutput {
		name = "standard input"
		text, err = io.ReadAll(d.Stdin)
	} else {
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return usage("cannot read the manifest: %v", err).WithCause(err).WithHint("set -f to a file that carjs manifest has written")
	}
	if d.objects, err = apply.ReadObjects(name, text); err != nil {
		return err
	}
	for _, o := range d.objects {
		if want, own := d.values.Text(settings.EnvNamespace), o.Namespace(); want != "" && own != "" && own != want {
			return usage("%s is for the namespace %s, not for %s", o, own, want).WithHint("leave -namespace out, or change the manifest")
		}
	}
	return nil
}

// named are the objects of a connection or of a connector, by their names alone: to go back, no
// more need be known.
func (d *deployment) named() ([]cluster.Object, error) {
	object := cluster.Object{}
	name := d.values.Text(settings.EnvSource)
	if d.values.Text(settings.EnvKind) == settings.KindConnector {
		name = d.line.Connector.Name
		if name == "" {
			return nil, usage("deploy: no connector given").WithHint("carjs deploy -rollback -kind connector CONNECTOR")
		}
		object["apiVersion"], object["kind"] = manifest.ResourceVersion, manifest.ResourceKind
	} else {
		if name == "" {
			return nil, usage("deploy: no connection name given").
				WithHint("name what to roll back: -source NAME, -connections FILE or -f MANIFEST")
		}
		object["apiVersion"], object["kind"] = "batch/v1", "CronJob"
	}
	if err := manifest.CheckName(name); err != nil {
		return nil, err
	}
	object.Set(manifest.Prefix+name, "metadata", "name")
	return []cluster.Object{object}, nil
}

// do prepares and does what was asked for.
func (d *deployment) do(ctx context.Context) error {
	options := apply.Options{Force: d.is(settings.EnvForceConflicts), Run: d.is(settings.EnvWait)}
	var plan *apply.Plan
	var err error
	if d.is(settings.EnvRollback) {
		plan, err = apply.PrepareRollback(ctx, d.client, d.objects, options)
	} else {
		plan, err = apply.Prepare(ctx, d.client, d.objects, options, func(also error) {
			fmt.Fprintf(d.Stderr, "carjs: %s\n", terminal.Safe(also.Error()))
		})
	}
	if err != nil {
		return shownError(err, "; nothing was changed")
	}
	if d.is(settings.EnvDryRun) {
		if err := plan.Diff(d.Stdout); err != nil {
			return err
		}
		if plan.Changes() {
			return exitError(codeDifferent)
		}
		return nil
	}
	if err := plan.Apply(ctx, d.told); err != nil {
		return shownError(err, "")
	}
	if d.is(settings.EnvRollback) || !d.is(settings.EnvWait) {
		return nil
	}
	return d.follow(ctx, plan)
}

// shownError is an error whose words come from a cluster, for a terminal, with more at its end.
func shownError(err error, more string) error {
	f := *failure.From(err)
	f.Message, f.Hint = terminal.Safe(f.Message)+more, terminal.Safe(f.Hint)
	return &f
}

// told tells what became of an object.
func (d *deployment) told(s apply.Step) {
	where := ""
	if s.Namespace != "" {
		where = " in " + s.Namespace
	}
	note := ""
	if s.Note != "" {
		note = " (" + s.Note + ")"
	}
	fmt.Fprintf(d.Stdout, "%s%s is %s%s\n", s.Object, where, s.Action, terminal.Safe(note))
}
