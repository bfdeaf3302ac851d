// Package host is the import session: it runs a connector against CAR. It decides between a full
// and an incremental import, keeps the order of a run, and turns whatever goes wrong into a typed
// failure with an exit code.
//
// A Go program runs a connector with [Import] or [TestConnection], which take [Options] and return
// a [Report]. A connector is the Go interface [Connector]; it sees its run as a [Run] and calls CAR
// through a [Service]. This package knows nothing of TypeScript: carjs/bindings makes a Connector
// of a folder or an artifact. What else such a program may rely on is in CONTRIBUTING.md, "What a
// Go program may rely on": mainly host/car for the credentials, host/failure for what a report
// says, host/model and host/submit for connectors in Go, and host/carserver for tests.
//
// host/car calls CAR, host/internal/inventory reads what CAR has, host/internal/served compares
// CAR's import schema with the model, and host/submit makes the pages. This package holds what must
// be true over a whole run:
//
//   - The save point is read before the data that it stands for, and stored once CAR has imported
//     all of that data.
//   - An unfinished full import is followed by another full one: the save point is reset before the
//     first page is sent.
//   - After an incremental import the graph is the same as after a full one ([Run.Replace],
//     [Service.Delete]).
//   - A run that is stopped, by its caller or by its deadline, stores no save point.
package host

import (
	"context"

	"carjs/host/model"
)

// Connector copies one data source into CAR.
//
// The session calls its methods from one goroutine, one at a time: Start first and Close last, once
// each, Close after a failed Start too. The context ends when the run is stopped, when its time is
// up, and as soon as pages cannot be sent; a method that blocks must return then. What it returns
// is not looked at in that case.
type Connector interface {
	// Start prepares the connector. The run is valid until Close.
	Start(ctx context.Context, run *Run) error
	// SchemaExtension returns what the connector adds to CAR's data model; nil is nothing.
	SchemaExtension(ctx context.Context) (*model.Extension, error)
	// TestConnection tries the data source; 0 is fine, anything else is the exit code.
	TestConnection(ctx context.Context) (code int, err error)
	// FullImport makes what imports everything.
	FullImport() FullImport
	// IncrementalImport makes what imports changes; nil when the connector has none: then every run
	// is full.
	IncrementalImport() IncrementalImport
	// Close ends the connector.
	Close() error
}

// FullImport brings everything that the data source has. Its methods are called in the order in
// which they are listed.
type FullImport interface {
	// Head says what the source and the report are called.
	Head(ctx context.Context) (Head, error)
	// NewSavePoint returns where the data source is now: what was changed before is in the data
	// that are read next. "" means that the data source cannot say; the run after is full then.
	NewSavePoint(ctx context.Context) (string, error)
	// ImportVertices adds vertices to the run's submission. They need not be sent: the session
	// sends what is left.
	ImportVertices(ctx context.Context) error
	// ImportEdges adds edges, once CAR has all vertices.
	ImportEdges(ctx context.Context) error
}

// IncrementalImport brings what changed. LoadDelta is called after NewSavePoint, DeleteVertices at
// the end. Each of its methods may return a [*failure.NotPossible], wrapped or not: the session
// then makes a full import in the same run.
type IncrementalImport interface {
	FullImport
	// LoadDelta finds out what changed between two save points, which may be the same.
	LoadDelta(ctx context.Context, last, current string) error
	// DeleteVertices deletes what is gone, with [Service.Delete], unless [Run.Replace] covers it.
	DeleteVertices(ctx context.Context) error
}

// Head is the beginning of every page: what the source and the report of this run are called.
// Properties that CAR does not know are kept. What is missing is filled in: the key of the report,
// its timestamp, and the name of the source. The key of the source is always the name of the
// connection.
type Head struct {
	Source map[string]any `json:"source"`
	Report map[string]any `json:"report"`
}

// Located is an error that knows where in a connector's source it came up. An adapter for a
// language implements it on the errors that its scripts throw; the failure that is made of such an
// error says so too.
type Located interface {
	error
	// At is the place, "src/main.ts:7:8", or "".
	At() string
	// Detail is what a developer wants to see of it, as a code frame and a stack, or "".
	Detail() string
}

// Blocking is a connector that counts the time that its own code takes.
type Blocking interface {
	// Block calls wait, which waits for CAR, without counting the time.
	Block(wait func())
}

// Placed is a connector that knows where in its source it is.
type Placed interface {
	// Place is where the call of the submission that is under way was made, "src/main.ts:7:8", or
	// "".
	Place() string
	// Site numbers that place, from 1 on; 0 when it has no number. SiteAt is the place of a number.
	Site() int
	SiteAt(site int) string
}
