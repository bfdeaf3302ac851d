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
// up, and as soon as pages cannot be sent; a method that blocks must return then, and its result is
// ignored.
type Connector interface {
	// Start prepares the connector. The run is valid until Close.
	Start(ctx context.Context, run *Run) error
	// SchemaExtension returns what the connector adds to CAR's data model; nil for nothing.
	SchemaExtension(ctx context.Context) (*model.Extension, error)
	// TestConnection tests the connection to the data source: 0 means that it works, any other code
	// is the exit code.
	TestConnection(ctx context.Context) (code int, err error)
	// FullImport returns the import of everything.
	FullImport() FullImport
	// IncrementalImport returns the import of changes; nil if the connector has none, so that every
	// run is full.
	IncrementalImport() IncrementalImport
	// Close releases what the connector holds.
	Close() error
}

// FullImport imports everything that the data source has. Its methods are called in the order
// listed here.
type FullImport interface {
	// Head returns the source and the report of this run.
	Head(ctx context.Context) (Head, error)
	// NewSavePoint returns the data source's current save point: all data read from now on include
	// the changes before it. "" means that the data source has none, so that the next run is full.
	NewSavePoint(ctx context.Context) (string, error)
	// ImportVertices adds vertices to the run's submission. The session sends what the connector
	// does not send itself.
	ImportVertices(ctx context.Context) error
	// ImportEdges adds edges, once CAR has all vertices.
	ImportEdges(ctx context.Context) error
}

// IncrementalImport imports what changed. LoadDelta is called after NewSavePoint, DeleteVertices at
// the end. Each of its methods may return a [*failure.NotPossible], wrapped or not: the session
// then makes a full import in the same run.
type IncrementalImport interface {
	FullImport
	// LoadDelta determines what changed between two save points, which may be equal.
	LoadDelta(ctx context.Context, last, current string) error
	// DeleteVertices deletes what is gone, with [Service.Delete], unless [Run.Replace] covers it.
	DeleteVertices(ctx context.Context) error
}

// Head is the beginning of every page: the source and the report of this run. Properties that CAR
// does not know are kept. Missing ones are filled in: the key and the timestamp of the report, and
// the name of the source. The key of the source is always the name of the connection.
type Head struct {
	Source map[string]any `json:"source"`
	Report map[string]any `json:"report"`
}

// Located is an error that knows where in a connector's source it occurred. The adapter of a
// scripting language implements it for the errors that scripts throw; failures made from them have
// the position, too.
type Located interface {
	error
	// At is the position, "src/main.ts:7:8", or "".
	At() string
	// Detail is more for the developer, such as a code frame and a stack; may be empty.
	Detail() string
}

// Blocking is a connector that limits the time that its own code computes.
type Blocking interface {
	// Block calls wait, which waits for CAR, without counting the time.
	Block(wait func())
}

// Placed is a connector that knows its current position in its source.
type Placed interface {
	// Place is the position of the current call of the submission, "src/main.ts:7:8", or "".
	Place() string
	// Site returns the number of that position, from 1; 0 if it has none. SiteAt returns the
	// position with a number.
	Site() int
	SiteAt(site int) string
}
