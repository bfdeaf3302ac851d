// Package app puts together what the commands of carjs run: it reads a line to a connector and its
// settings, opens the way to the data source, starts embedded services, and makes the connector and
// the options of its session.
//
//   - [Line] is the line of a command, taken apart (line.go).
//   - [Run] is one import or connection test, from its line to its report (run.go, session.go).
//   - [Dev] is the reload loop with its watcher and its page (dev.go), which has the connector made
//     anew for each run (devsubject.go, devtraffic.go).
//   - [Tests] is what carjs test runs: tests, and acceptance checks on data sources that are
//     recorded or embedded (tests.go, datasources.go).
//   - [SchemaExtension], [CheckSubject], [Bundle] and [Compiles] look at a connector without
//     running it (look.go).
//
// What settings say about scripts passes through one function, scriptOptions (script.go), and every
// request to a data source through what traffic.go and devtraffic.go open. Flags that only one
// command has, and all printing, are the commands' own.
package app

import (
	"github.com/hashicorp/go-hclog"

	"carjs/bindings"
	"carjs/connectors"
	"carjs/host/bundle"
)

// ConnectorLabel is the name under which the connector itself logs.
const ConnectorLabel = "connector"

// Level is the level of a log, with details or without.
func Level(debug bool) hclog.Level {
	if debug {
		return hclog.Debug
	}
	return hclog.Info
}

// sourceOf is a connector as the bundler takes it.
func sourceOf(connector connectors.Connector) bundle.Source {
	source := connector.Source()
	source.Modules = bindings.Modules()
	return source
}
