package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/connectors"
	"carjs/host"
	"carjs/host/author/check"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/settings"
)

// startTime bounds how long a connector may take to start and say what its extension is. It waits
// for nothing and computes little.
const startTime = 10 * time.Second

// startTurn is the part of it that goes to computing without a pause. It is shorter, so that
// what does not end has a place.
const startTurn = startTime / 2

// SchemaExtension builds a connector and asks for its schema extension, with settings that nobody
// looks at and a data source that nobody asks.
func SchemaExtension(
	ctx context.Context, connector connectors.Connector, declaration *settings.Declaration,
) (*model.Extension, error) {
	built, err := bundle.Build(ctx, sourceOf(connector))
	if err != nil {
		return nil, err
	}
	options := lookingOptions()
	options.Args = map[string]any{"source": connector.Name}
	invented := map[string]string{} // the environment variables of those settings that have no default
	for _, field := range declaration.Fields {
		for _, name := range append(field.Names(), field.Env) {
			if field.Default == nil {
				invented[name] = field.Env
			}
		}
		options.Args[field.Env] = field.TypedStandIn()
		if field.Short != "" {
			options.Args[field.Short] = options.Args[field.Env]
		}
	}
	var read []string
	options.OnRead = func(name string) {
		if env := invented[name]; env != "" && !slices.Contains(read, env) {
			read = append(read, env)
		}
	}
	options.MaxTurn = startTurn
	opened, err := bindings.Open(built, options)
	if err != nil {
		return nil, err
	}
	extension, err := host.SchemaExtension(ctx, opened, host.Options{Timeout: startTime})
	if blamesStandIns(err) && len(read) > 0 {
		err = &settings.StandInError{Err: err, Read: read}
	}
	return extension, err
}

// blamesStandIns tells whether an error can come from the values of settings: what the script
// threw can, unless it asked the data source or the extension has mistakes.
func blamesStandIns(err error) bool {
	var mistakes model.ExtensionMistakes
	var thrown *failure.Failure
	return errors.As(err, &thrown) && thrown.At != "" &&
		!errors.As(err, &mistakes) && !errors.Is(err, errAsked) && !errors.Is(err, context.DeadlineExceeded)
}

// CheckSubject is a connector as carjs check looks at it.
func CheckSubject(connector connectors.Connector) *check.Subject {
	return &check.Subject{
		FS: connector.FS, Dir: connector.Dir,
		Build: func(ctx context.Context) (*bundle.Bundle, error) { return bundle.Build(ctx, sourceOf(connector)) },
		Extension: func(ctx context.Context, declaration *settings.Declaration) (*model.Extension, error) {
			return SchemaExtension(ctx, connector, declaration)
		},
	}
}

// Bundle bundles a connector, for an artifact.
func Bundle(ctx context.Context, connector connectors.Connector) (*bundle.Bundle, error) {
	return connector.Build(ctx, bindings.Modules(), bundle.Cache{})
}

// Compiles has the engine read a bundle, so that what it does not take is told now and not where
// the artifact is deployed.
func Compiles(made *bundle.Bundle) error {
	opened, err := bindings.Open(made, lookingOptions())
	if err != nil {
		return err
	}
	return opened.Close()
}

// lookingOptions are those of a script that no settings are for.
func lookingOptions() bindings.Options {
	return scriptOptions(settings.Values{}, access{transport: nobody{}, log: hclog.NewNullLogger()})
}
