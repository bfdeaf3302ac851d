package pages

import (
	"context"

	"carjs/host/model"
)

// Submission is what one run sends. Its methods belong to one goroutine, but for Counts and AddDeleted.
type Submission struct {
	config Config
}

// New makes a submission, the private folder for its edges included. The context ends everything it does.
func New(ctx context.Context, config Config) (*Submission, error) {
	return &Submission{config: config}, nil
}

// Vertex begins an object of a vertex collection. A record that was begun and not committed is dropped.
func (s *Submission) Vertex(collection string) (*Record, error) { return nil, nil }

// Edge begins an edge whose ends are among the properties that are pushed.
func (s *Submission) Edge(collection string) (*Record, error) { return nil, nil }

// Link begins an edge between two vertices named by their keys; the model knows which kind of key that is.
func (s *Submission) Link(collection, from, to string) (*Record, error) { return nil, nil }

// SendVertices sends all vertices that were added and returns when CAR has taken them in.
func (s *Submission) SendVertices(ctx context.Context) error { return nil }

// SendEdges sends all edges that were added, the vertices before them, and returns when CAR has taken them in.
func (s *Submission) SendEdges(ctx context.Context) error { return nil }

// SendHead sends an envelope of source and report alone and returns when CAR has taken it in.
func (s *Submission) SendHead(ctx context.Context) error { return nil }

// Close ends what is still under way, waits for it and removes the files that need not be kept.
func (s *Submission) Close() error { return nil }

// Counts returns what became of the objects so far, for every collection that was touched. Any goroutine may call it.
func (s *Submission) Counts() map[string]Count { return nil }

// AddDeleted counts objects of a collection that were deleted from CAR. Any goroutine may call it.
func (s *Submission) AddDeleted(collection string, n int) {}

// Replace says which objects of a collection CAR has of this source (or of the part of it that the run reports
// completely), before the first object of the collection is begun. An object equal to one of them is not sent again.
// Several calls add up.
func (s *Submission) Replace(collection string, existing []Existing) error { return nil }

// Leftovers returns the objects given to Replace of which nothing was heard since.
func (s *Submission) Leftovers(collection string) []Existing { return nil }

// ContentHash returns a hash of what an object says.
func ContentHash(c *model.Collection, properties map[string]any) uint64 { return 0 }
