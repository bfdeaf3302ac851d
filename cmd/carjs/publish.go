package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/cmd/carjs/internal/app"
	"carjs/host/author/check"
	"carjs/host/deploy/image"
	"carjs/host/deploy/signing"
	"carjs/host/failure"
	"carjs/host/settings"
)

// publishCommand is carjs publish: a version of a connector that others deploy.
func (env environment) publishCommand() *cli.Command {
	return &cli.Command{
		Name:            "publish",
		Usage:           "check and test a connector, and publish its image under a version that never changes",
		UsageText:       "carjs publish [flags] CONNECTOR -to REGISTRY/REPOSITORY [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			return env.publish(c.Context, c.Args().Slice())
		},
	}
}

const aboutPublish = `
Runs carjs check and carjs test, and publishes the image as an index of its platforms, with the bill of materials, the built connector
and, with -key, a signature for cosign. The version is set last: what fails before publishes nothing. A version that is there with
other content is never replaced. An artifact has no tests in it: say with -skip-tests where it was tested.
`

// publication is one execution of the command.
type publication struct {
	environment
	line   *app.Line
	values settings.Values
	target *image.Target
	with   image.Publication
}

func (env environment) publish(ctx context.Context, args []string) error {
	line, err := app.ReadFilesLine("publish", settings.PublishTable(), args)
	if err != nil {
		return err
	}
	if line.Help {
		fmt.Fprint(env.Stdout, line.Usage(), aboutPublish)
		return nil
	}
	p := &publication{environment: env, line: line}
	if p.values, err = line.Checked(); err != nil {
		return err
	}
	return stoppedAs(p.do(ctx), "the version was not published")
}

func (p *publication) do(ctx context.Context) error {
	spec, err := p.prepare(ctx)
	if err != nil {
		return err
	}
	if err := p.addConnector(ctx, p.line.Connector, &spec); err != nil {
		return err
	}
	made, err := image.Build(ctx, spec)
	if err != nil {
		return err
	}
	if err := made.CheckFree(ctx, p.target); err != nil {
		return err
	}
	if err := p.clean(ctx); err != nil {
		return err
	}
	published, err := made.Publish(ctx, p.target, p.with)
	if err != nil {
		return err
	}
	p.tell(made, published)
	return nil
}

// prepare reads what is wrong before any work is done: the version, the key, the repository.
func (p *publication) prepare(ctx context.Context) (image.Spec, error) {
	to := p.values.Text(settings.EnvPublishTo)
	if to == "" {
		return image.Spec{}, usage("publish: no repository given").WithHint("set -to REGISTRY/REPOSITORY")
	}
	if p.line.Connector.Built() && p.reason() == "" {
		return image.Spec{}, usage("%s is an artifact: its tests are not in it", p.line.Connector.Name).
			WithHint("publish the connector's folder, or say where it was tested: -skip-tests REASON")
	}
	spec, err := imageSpec(p.line.Connector, p.values)
	if err != nil {
		return spec, err
	}
	spec.Index = true
	switch {
	case spec.Version == "":
		return spec, usage("the connector %s has no version", spec.Name).
			WithHint(`add it to connection.type in config.json: "version": "1.0.0", or set -version`)
	case spec.Version[0] < '0' || spec.Version[0] > '9':
		return spec, usage("invalid version %q", spec.Version).WithHint("begin with a digit, as in 1.4.0: a word such as latest is no version")
	}
	if file := p.values.Text(settings.EnvPublishKey); file != "" {
		key, err := signing.ReadKey(file, os.Getenv(signing.PasswordVariable))
		if err != nil {
			return spec, err
		}
		p.with.Key = key
	}
	if p.target, err = image.OpenTarget(ctx, to); err != nil {
		return spec, err
	}
	if p.target.Tagged() {
		return spec, usage("%s has a tag: the version is the tag", to).WithHint("set -to REGISTRY/REPOSITORY, and -version")
	}
	if candidate, _ := p.values.Value(settings.EnvPublishCandidate).(bool); candidate {
		spec.Version, err = p.target.Candidate(ctx, spec.Version)
	}
	return spec, err
}

// reason is why tests are skipped; "" when they are not.
func (p *publication) reason() string {
	return strings.TrimSpace(p.values.Text(settings.EnvPublishSkipTests))
}

// clean refuses a connector that its checks or tests find fault with.
func (p *publication) clean(ctx context.Context) error {
	connector := p.line.Connector
	if !connector.Built() {
		findings := check.Run(ctx, app.CheckSubject(connector))
		if err := p.printFindings(connector, findings); err != nil {
			return err
		}
		if check.Failed(findings) {
			return usage("%s was not published: carjs check found errors", connector.Name).WithHint("fix the errors above")
		}
	}
	if reason := p.reason(); reason != "" {
		p.with.Checked = "not tested: " + reason
		fmt.Fprintf(p.Stdout, "%s: the tests are skipped: %s\n", connector.Name, reason)
		return nil
	}
	tests, err := app.AllTests(p.line)
	if err != nil {
		return err
	}
	session := &testSession{environment: p.environment, Tests: tests}
	err = session.do(ctx)
	if exit := exitError(0); errors.As(err, &exit) {
		return failure.New(failure.General, "%s was not published: its tests failed", connector.Name).
			WithHint("fix the failures above")
	}
	if err == nil {
		p.with.Checked = "passed carjs check and carjs test of " + version()
	}
	return err
}

// tell says what is published, and what comes next.
func (p *publication) tell(made *image.Image, published image.Published) {
	verb := "is published"
	if published.Already {
		verb = "was published before, with the same content"
	}
	var platforms []string
	for _, platform := range made.Platforms() {
		platforms = append(platforms, string(platform))
	}
	fmt.Fprintf(p.Stdout, "%s %s: %s, %.1f MB\n", published.Tagged, verb, strings.Join(platforms, " and "), float64(made.Size())/1e6)
	for _, row := range [][2]string{
		{"bill of materials", published.SBOM}, {"artifact", published.Artifact}, {"signature", published.Signature},
	} {
		if row[1] != "" {
			fmt.Fprintf(p.Stdout, "  %-17s  %s\n", row[0], row[1])
		}
	}
	fmt.Fprintf(p.Stdout, "digest %s\n", made.Digest())
	if published.Signature == "" {
		fmt.Fprintf(p.Stdout, "next: cosign sign --key cosign.key %s\n", published.Digest)
		return
	}
	fmt.Fprintf(p.Stdout, "next: carjs manifest %s -image %s@%s\n", p.line.Connector.Name, published.Tagged, made.Digest())
}
