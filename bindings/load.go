package bindings

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"carjs/host/artifact"
	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/files"
	"carjs/host/httpx"
	"carjs/host/netpolicy"
	"carjs/host/settings"
)

// Load makes a connector for one run, out of its folder or of an artifact that carjs build wrote.
// It is how Go programs run connectors: hand the result to host.Import.
//
// opts.Args are the settings, by environment variable ("CONFIGURATION_AUTH_URL") or short name
// ("url"), as texts, booleans or numbers, and what else context().args is to show. Load adds the
// defaults of configurations/config.json. Flags, the environment and mounted secrets do not count.
// Without a transport of the program's own, the connector connects to the hosts alone that its
// config.json declares, and in no case to link-local and cloud metadata addresses.
//
// The error is a [*bundle.BuildError] when the TypeScript does not build, and a
// [*failure.Failure] when settings are missing or malformed.
func Load(ctx context.Context, path string, opts Options) (*Connector, error) {
	build, files, err := loader(ctx, path, opts)
	if err != nil {
		return nil, err
	}
	return Build(build, func() (Options, error) {
		return completed(files, opts)
	})
}

// loader returns what makes the bundle, and the connector's files.
func loader(ctx context.Context, path string, opts Options) (func() (*bundle.Bundle, error), fs.FS, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("load a connector: %w", err)
	case info.IsDir():
		source := bundle.Source{Dir: path, Modules: Modules(opts.Modules...)}
		return func() (*bundle.Bundle, error) { return bundle.Build(ctx, source) }, files.Folder(path), nil
	}
	built, err := artifact.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("load a connector: %w", err)
	}
	return func() (*bundle.Bundle, error) { return built.Bundle(), nil }, built.FS(), nil
}

// completed are the options with the defaults that the connector declares, and with a transport that
// keeps to the hosts that it declares.
func completed(files fs.FS, opts Options) (Options, error) {
	declaration, err := settings.ReadDeclaration(files)
	if err != nil {
		return opts, err
	}
	texts := map[string]string{}
	for name, value := range opts.Args {
		if field, ok := declaration.Field(name); ok {
			texts[field.Env] = text(value)
		} else if own, ok := settings.ConnectorTable().Lookup(name); ok {
			texts[own.Env] = text(value)
		}
	}
	values, err := settings.GatherTexts(declaration, texts)
	if err == nil {
		err = values.Check()
	}
	if err == nil && opts.Transport == nil {
		var hosts netpolicy.Rules
		hosts, err = values.Hosts()
		opts.Transport = httpx.Within(netpolicy.New(netpolicy.Bounds{Asked: hosts}))
	}
	if err != nil {
		return opts, failure.From(err).WithHint("set it in Options.Args, by environment variable or short name")
	}
	whole := values.Connector()
	for name, value := range opts.Args {
		if _, there := whole[name]; !there {
			whole[name] = value
		}
	}
	opts.Args = whole
	return opts, nil
}

// text is a setting as it would be given on a command line.
func text(value any) string {
	if number, ok := value.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(value)
}
