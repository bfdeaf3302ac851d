// Package submit is the way of the data from a connector to CAR: objects are pushed property by
// property, validated and encoded in the same walk, de-duplicated, put into pages and sent
// beside the caller.
//
// A [Submission] holds what one import run brings. [Submission.Vertex], [Submission.Edge] and
// [Submission.Link] hand out a [Draft]; each push encodes the property's JSON straight into the
// page and checks it against the data model at once; [Draft.Commit] keeps the object or takes it
// back. A full page of vertices goes to the senders while the caller pushes on. Edges wait in one
// spill file until CAR has accepted every vertex, because an edge whose end CAR does not know is
// lost. Nothing of the source stays in memory but eight bytes a key ([keySet]).
//
// The package knows the data model and CAR's envelope. It knows neither JavaScript, nor HTTP (a
// [Sender] does), nor the mode of a run, nor when its parts are sent: the import session does.
package submit

import (
	"context"

	"github.com/hashicorp/go-hclog"

	"carjs/host/meter"
	"carjs/host/model"
)

// Sender posts pages to CAR. A *car.Client is one.
type Sender interface {
	// Import posts an envelope and returns the job that CAR made of it. It is called from several
	// goroutines at once. The body is the sender's: the submission does not touch it again.
	Import(ctx context.Context, body []byte) (job string, err error)
	// AwaitImports returns when CAR has taken all the jobs in; an error means that it may not have.
	AwaitImports(ctx context.Context, jobs []string) error
}

// Bounds of a submission that are not the caller's to choose, and defaults of those that are.
const (
	// DefaultPageSize is the number of objects that CAR takes in one page at most.
	DefaultPageSize = 2000
	// DefaultInFlight is how many pages are posted at the same time.
	DefaultInFlight = 4
	// jobBatch is how many jobs are checked with one call of AwaitImports.
	jobBatch = 20
)

// Config is what a submission needs.
type Config struct {
	// Model says which collections there are and what their objects look like; nil is the published
	// model.
	Model *model.Model
	// Source is the key of the source; every edge names it.
	Source string
	// Head is the JSON of {"source":{…},"report":{…}} with which every page begins.
	Head []byte
	// Report is the key of the report; every edge names it.
	Report string
	// Timestamp is the time of the run in epoch milliseconds; every edge carries it.
	Timestamp float64
	// PageSize is the most objects that go into one page; 0 is DefaultPageSize.
	PageSize int
	// InFlight is the most pages that are posted at the same time; 0 is DefaultInFlight. When all
	// are under way, Commit waits for the next full page to find room: that is the back-pressure
	// that keeps memory flat when CAR is slow.
	InFlight int
	// Dir is the folder for files; empty is the system's temporary folder. Edges wait there in a
	// file that is gone after Close.
	Dir string
	// Keep leaves every page that was posted in Dir, as <Dir>/<collection>/<n>.json, one object a
	// line. Pages that an earlier run kept there are removed first. It needs Dir.
	Keep bool
	// Redact, when set, returns a page without secrets, for the files of Keep. It may be called
	// from several goroutines.
	Redact func(page []byte) []byte
	// Sender posts the pages.
	Sender Sender
	// Skipped, when set, is called from within Commit with every object that is left out because it
	// is invalid.
	Skipped func(Skip)
	// CheckEnds leaves out edges at vertices that were neither added nor are in CAR.
	CheckEnds bool
	// InCAR, when set, returns which of up to [MaxAsked] vertices of a collection CAR has and
	// keeps, by their keys. nil means that CAR keeps nothing that is not added, as in a full
	// import. When it returns an error, the submission does as well.
	InCAR func(ctx context.Context, collection *model.Collection, keys []string) ([]string, error)
	// Place, when set, is where in the connector's source the object under way is added. It is
	// called from within Commit, for few objects.
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
	// SwitchedOff, when set, is called from within Commit with the keys of the vertices of every
	// edge that is sent with active false.
	SwitchedOff func(collection *model.Collection, from, to string)
	// Block, when set, is called with what waits, whenever Commit must: for a caller who counts
	// time. It must call wait.
	Block func(wait func())
	// Failed, when set, is called once when the sender fails, from a goroutine of the submission.
	// It must not call back into the submission. It is not called when the context ended.
	Failed func(error)
	// Logger takes what is for developers; nil means nowhere.
	Logger hclog.Logger
	// Meter is told how far the submission is; nil when nobody looks.
	Meter *meter.Meter
}

// Outcome says what became of an object.
type Outcome int

// The outcomes of [Draft.Commit].
const (
	// Added objects are sent.
	Added Outcome = iota
	// Unchanged objects are not sent, because CAR has them in the same form: see
	// [Submission.Replace].
	Unchanged
	// Duplicate objects are not sent, because a vertex with the same key or an edge with the same
	// values was there before.
	Duplicate
	// Skipped objects are not sent, because they are not valid.
	Skipped
)

// String returns the outcome's name in lower case.
func (o Outcome) String() string {
	return [...]string{"added", "unchanged", "duplicate", "skipped"}[o]
}

// Result is what became of an object, and why it was skipped.
type Result struct {
	Outcome Outcome
	// Faults is all that is wrong with a skipped object, in the order of the model's table.
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

// Count is what became of the objects of one collection.
type Count struct {
	// Sent objects are in pages that CAR took a job for.
	Sent int `json:"sent"`
	// Skipped objects were not valid.
	Skipped int `json:"skipped"`
	// Duplicate objects repeated one that was there before.
	Duplicate int `json:"duplicate"`
	// Differing objects are the duplicates whose content differs from the first one's.
	Differing int `json:"differing"`
	// Unchanged objects were in CAR already in the same form.
	Unchanged int `json:"unchanged"`
	// Deleted objects were removed from CAR: see [Submission.AddDeleted].
	Deleted int `json:"deleted"`
	// Retired objects were in CAR and not reported by a full import, so that CAR ended them.
	Retired int `json:"retired"`
	// Dangling edges were left out because a vertex at one of their ends is not there: see
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

// Existing is an object that CAR has of this source, as far as it must be known to tell whether to
// send it again.
type Existing struct {
	// Key is the vertex's key within its source: its external id or its _key. Addresses are told
	// apart by their region as well: the key of one that is not in the default region is
	// REGION/ADDRESS.
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
