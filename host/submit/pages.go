// Package submit takes data from a connector to CAR: objects are pushed property by property,
// validated and encoded at once, de-duplicated, put into pages and sent in the background.
//
// A [Submission] holds the objects of one import. [Submission.Vertex], [Submission.Edge] and
// [Submission.Link] hand out a [Draft]; each push encodes the property's JSON straight into the
// page and checks it against the data model at once; [Draft.Commit] keeps the object or drops it.
// Full pages of vertices are sent while the caller pushes more. Edges wait in one spill file until
// CAR has accepted every vertex, because an edge whose end CAR does not know is lost. Of the
// source, only eight bytes per key stay in memory ([keySet]).
//
// The package knows the data model and CAR's envelope. It knows neither JavaScript nor HTTP, which
// a [Sender] does, nor the mode of a run nor when its parts are sent, which the import session
// does.
package submit

import (
	"context"

	"github.com/hashicorp/go-hclog"

	"carjs/host/meter"
	"carjs/host/model"
)

// Sender posts pages to CAR. A *car.Client is one.
type Sender interface {
	// Import posts an envelope and returns CAR's job for it. Several goroutines call it. The sender
	// owns the body: the submission does not use it again.
	Import(ctx context.Context, body []byte) (job string, err error)
	// AwaitImports returns when CAR has finished all jobs; an error means that it may not have.
	AwaitImports(ctx context.Context, jobs []string) error
}

// Limits of a submission that callers cannot change, and defaults of those that they can.
const (
	// DefaultPageSize is the maximum number of objects that CAR accepts in one page.
	DefaultPageSize = 2000
	// DefaultInFlight is how many pages are posted at the same time.
	DefaultInFlight = 4
	// jobBatch is how many jobs are checked with one call of AwaitImports.
	jobBatch = 20
)

// Config configures a submission.
type Config struct {
	// Model defines the collections and their objects; nil means the published model.
	Model *model.Model
	// Source is the key of the source; every edge names it.
	Source string
	// Head is the JSON of {"source":{…},"report":{…}} with which every page begins.
	Head []byte
	// Report is the key of the report; every edge names it.
	Report string
	// Timestamp is the time of the run in epoch milliseconds; every edge carries it.
	Timestamp float64
	// PageSize is the maximum number of objects in a page; 0 means DefaultPageSize.
	PageSize int
	// InFlight is the maximum number of pages posted at the same time; 0 means DefaultInFlight.
	// When that many are in flight, Commit waits with the next full page: this back-pressure keeps
	// memory constant when CAR is slow.
	InFlight int
	// Dir is the folder for files; empty means the system's temporary folder. Edges wait there in a
	// file that Close removes.
	Dir string
	// Keep keeps every posted page in Dir, as <Dir>/<collection>/<n>.json, one object per line.
	// Pages of an earlier run are removed first. It requires Dir.
	Keep bool
	// Redact, when set, returns a page without secrets, for the files of Keep. It may be called
	// from several goroutines.
	Redact func(page []byte) []byte
	// Sender posts the pages.
	Sender Sender
	// Skipped, when set, is called by Commit with every object that is left out because it is
	// invalid.
	Skipped func(Skip)
	// CheckEnds leaves out edges whose vertices were neither added nor are in CAR.
	CheckEnds bool
	// InCAR, when set, returns which of up to [MaxAsked] vertices of a collection CAR has and
	// keeps, by their keys. nil means that CAR keeps nothing that is not added, as in a full
	// import. Its errors are returned by the submission.
	InCAR func(ctx context.Context, collection *model.Collection, keys []string) ([]string, error)
	// Unseen are collections of which CAR may have objects with values that it does not show: all
	// that is added there is sent, because it cannot be told whether CAR has it in the same form.
	Unseen []string
	// Place, when set, returns where in the connector's source the current object is added. Commit
	// calls it, for few objects.
	Place func() string
	// Site, when set, numbers the place of the object under way, from 1 on; 0 is a place that has
	// no number. It is called from within Commit for every new vertex, so it has to be cheap.
	// SiteAt is the place of a number, as Place has it.
	Site   func() int
	SiteAt func(site int) string
	// Differing, when set, is called from within Commit with the first vertex of each collection
	// that has the key of another and different content.
	Differing func(Differing)
	// Unknown, when set, is called with the first object of each collection that has a property
	// that is in neither the model nor CAR's import schema.
	Unknown func(Unknown)
	// SwitchedOff, when set, is called by Commit with the keys of the vertices of every edge that
	// is sent with active false.
	SwitchedOff func(collection *model.Collection, from, to string)
	// Block, when set, is called whenever Commit has to wait, for callers that measure time. It
	// must call wait.
	Block func(wait func())
	// Failed, when set, is called once when the sender fails, from a goroutine of the submission.
	// It must not call the submission. It is not called if the context ended.
	Failed func(error)
	// Logger receives messages for developers; nil discards them.
	Logger hclog.Logger
	// Meter is told how far the submission is; nil when nobody looks.
	Meter *meter.Meter
}

// Outcome is what happened to an object.
type Outcome int

// The outcomes of [Draft.Commit].
const (
	// Added objects are sent.
	Added Outcome = iota
	// Unchanged objects are not sent, because CAR already has them unchanged: see
	// [Submission.Replace].
	Unchanged
	// Duplicate objects are not sent, because a vertex with the same key or an edge with the same
	// values was added before.
	Duplicate
	// Skipped objects are not sent, because they are invalid.
	Skipped
)

// String returns the outcome's name in lower case.
func (o Outcome) String() string {
	return [...]string{"added", "unchanged", "duplicate", "skipped"}[o]
}

// Result is what happened to an object, and why it was skipped.
type Result struct {
	Outcome Outcome
	// Faults are all faults of a skipped object, in the order of the model's table.
	Faults []model.Fault
}

// Skip describes an object that was left out.
type Skip struct {
	Collection string
	// Key is the object's key, or both ends of an edge, as far as they are known.
	Key    string
	Faults []model.Fault
	// Object is the start of the object's JSON.
	Object string
}

// Count counts what happened to the objects of one collection.
type Count struct {
	// Sent objects are in pages that CAR accepted.
	Sent int `json:"sent"`
	// Skipped objects were invalid.
	Skipped int `json:"skipped"`
	// Duplicate objects repeated one that was added before.
	Duplicate int `json:"duplicate"`
	// Differing objects are the duplicates whose content differs from the first one's, and the edges,
	// sent as they are, of which CAR keeps one: they have equal ends, no external_id, other content.
	Differing int `json:"differing"`
	// Unchanged objects were already in CAR, unchanged.
	Unchanged int `json:"unchanged"`
	// Deleted objects were removed from CAR: see [Submission.AddDeleted].
	Deleted int `json:"deleted"`
	// Retired objects were in CAR and not reported by a full import, so CAR retired them.
	Retired int `json:"retired"`
	// Dangling edges were left out because a vertex at one of their ends is missing: see
	// [Submission.Dangling].
	Dangling int `json:"dangling"`
}

// Plus returns the sum of two counts.
func (c Count) Plus(d Count) Count {
	return Count{
		Sent: c.Sent + d.Sent, Skipped: c.Skipped + d.Skipped, Duplicate: c.Duplicate + d.Duplicate,
		Unchanged: c.Unchanged + d.Unchanged, Deleted: c.Deleted + d.Deleted, Retired: c.Retired + d.Retired,
		Differing: c.Differing + d.Differing,
		Dangling:  c.Dangling + d.Dangling,
	}
}

// Existing is an object of this source in CAR: what is needed to decide whether to send it again.
type Existing struct {
	// Key is the vertex's key within its source: its external id or its _key. Addresses are also
	// distinguished by region: the key of one outside the default region is REGION/ADDRESS.
	Key string
	// From and To are the keys of an edge's ends, without the name of their collection.
	From, To string
	// Own is the edge's external id, by which it is told from other edges between its ends; empty
	// where it has none.
	Own string
	// FromID and ToID are the ids of an edge's ends, as CAR gave them.
	FromID, ToID string
	// Content is the object's [ContentHash].
	Content uint64
	// Dangling tells that CAR no longer has the vertex at one of the edge's ends.
	Dangling bool
}
