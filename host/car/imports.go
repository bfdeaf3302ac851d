package car

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"carjs/host/failure"
)

// Unnamed is an import for which CAR reports no status.
type Unnamed struct {
	// Job is the id of the import.
	Job string
	// Answer is what CAR said when it was asked for this import alone, shortened.
	Answer string
}

// AwaitImports returns when CAR has taken in the pages of all the jobs. An error means that it may
// not have.
func (c *Client) AwaitImports(ctx context.Context, jobs []string) error {
	unnamed, err := c.WatchImports(ctx, jobs)
	if err != nil || len(unnamed) == 0 {
		return err
	}
	return unnamed[0].Failure("and the graph was not checked")
}

// Failure returns the failure of an import without a status. found says what a look at the graph
// showed.
func (u Unnamed) Failure(found string) error {
	rule := RuleFor(ImportStatus, Incomplete)
	return failure.New(rule.Kind, "CAR reports no status for the import %s, %s", u.Job, found).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(u.Answer)
}

// WatchImports waits until no import is under way, and returns those without a status. An error
// means that one failed, or that CAR could not be asked.
func (c *Client) WatchImports(ctx context.Context, jobs []string) ([]Unnamed, error) {
	var batches []*importBatch
	for ids := range slices.Chunk(jobs, jobBatch) {
		batches = append(batches, &importBatch{ids: ids, done: map[string]bool{}})
	}
	poll := c.newPoll(PostImport)
	for {
		running := false
		for _, b := range batches {
			if !b.running && b.looks > 0 {
				continue
			}
			if err := c.look(ctx, b); err != nil {
				return nil, err
			}
			running = running || b.running
		}
		if !running {
			break
		}
		if err := poll.wait(ctx); err != nil {
			return nil, err
		}
	}
	var unnamed []Unnamed
	for _, b := range batches {
		unnamed = append(unnamed, b.unnamed...)
	}
	return unnamed, nil
}

// importBatch is a group of imports whose status is requested together, until all have ended. One
// that was complete must stay so.
type importBatch struct {
	ids     []string
	done    map[string]bool
	running bool
	unnamed []Unnamed
	looks   int
	lost    int // how often CAR did not know one of them
}

// look asks for the imports of a batch once.
func (c *Client) look(ctx context.Context, b *importBatch) error {
	escaped := make([]string, len(b.ids))
	for i, id := range b.ids {
		escaped[i] = url.QueryEscape(id)
	}
	r := request{call: ImportStatus, method: http.MethodGet, url: c.v2 + "/importstatus?ids=" + strings.Join(escaped, ",")}
	all, answer, err := c.statements(ctx, r)
	if err != nil {
		return err
	}
	b.looks++
	b.running, b.unnamed = false, nil
	faults := map[string]statement{}
	var unknown json.RawMessage
	for _, id := range b.ids {
		of := all.of[id]
		if len(b.ids) == 1 {
			of = all.about(id)
		}
		said := answer
		if of.said == unnamed && !b.done[id] {
			if of, said, err = c.alone(ctx, id); err != nil {
				return err
			}
		}
		if b.done[id] && of.said != done && of.said != unnamed {
			return c.wentBack(id, said)
		}
		switch of.said {
		case done:
			b.done[id] = true
		case failed:
			faults[id] = of
		case unnamed:
			if !b.done[id] {
				b.unnamed = append(b.unnamed, Unnamed{id, string(shorten(said))})
			}
		case lost:
			unknown = said
		default:
			b.running = true
		}
	}
	for _, id := range b.ids {
		if of, ended := faults[id]; ended {
			return importFailed(id, of, len(faults))
		}
	}
	if unknown == nil {
		return nil
	}
	b.lost++
	b.running = true
	return c.again(ctx, r, reply{answer: notFoundJob, body: shorten(unknown)}, b.lost, "")
}

// statements asks for jobs, and returns what CAR says of them and its answer.
func (c *Client) statements(ctx context.Context, r request) (all statements, answer json.RawMessage, err error) {
	r.into, r.complete = &answer, func() bool {
		return (isObject(answer) || isArray(answer)) && json.Unmarshal(answer, &all) == nil
	}
	_, err = c.send(ctx, r)
	return all, answer, err
}

// alone asks for the status of one import. A CAR without that call gives none.
func (c *Client) alone(ctx context.Context, job string) (statement, json.RawMessage, error) {
	r := request{call: OneImportStatus, method: http.MethodGet, url: c.v2 + "/importstatus/" + url.PathEscape(job),
		takes: []int{http.StatusNotFound, http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNoContent}}
	all, answer, err := c.statements(ctx, r)
	return all.about(job), answer, err
}

// wentBack is the failure of an import that CAR reported as complete and no longer does.
func (c *Client) wentBack(job string, answer []byte) error {
	rule := RuleFor(PostImport, WentBack)
	return failure.New(rule.Kind, "CAR reported the import %s as complete and no longer does", job).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(string(shorten(answer)))
}

// importFailed is the failure for an import that ended in an error.
func importFailed(job string, of statement, n int) error {
	answer := ImportFailed
	if of.status != http.StatusBadRequest && of.status/100 == 4 {
		answer = ImportRefused
	}
	rule := RuleFor(PostImport, answer)
	more, status := "", "an error"
	if of.status != 0 {
		status = fmt.Sprintf("status %d", of.status)
	}
	if n > 1 {
		more = fmt.Sprintf(", and %d others", n-1)
	}
	return failure.New(rule.Kind, "CAR did not import a page: the import %s ended with %s%s", job, status, more).
		WithFault(rule.Fault).WithHint("%s", rule.Hint).WithDetail(of.why.detail())
}
