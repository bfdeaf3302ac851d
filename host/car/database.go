package car

import (
	"context"
	"net/http"
	"slices"

	"carjs/host/failure"
)

// database is as much of CAR's answer as counts.
type database struct {
	Graph          string   `json:"graph_name"`
	Ready          bool     `json:"is_ready"`
	WithoutIndexes []string `json:"collections_without_indexes"`
	Missing        []string `json:"missing_collections"`
}

// same tells whether nothing has changed for the better.
func (d database) same(other database) bool {
	return d.Graph == other.Graph && slices.Equal(d.WithoutIndexes, other.WithoutIndexes) && slices.Equal(d.Missing, other.Missing)
}

// PrepareDatabase creates the database when there is none, completes one that lacks its graph or
// indexes, and waits for one that is not ready. created tells that anything of it was new, so that
// nothing of an earlier import may be relied on.
func (c *Client) PrepareDatabase(ctx context.Context) (created bool, err error) {
	var last database
	poll := c.newPoll(GetDatabases)
	for repaired := ""; ; {
		found, exists, err := c.database(ctx)
		if err != nil {
			return created, err
		}
		step := c.nextStep(found, exists)
		switch {
		case step == nil && found.Ready:
			return created, nil
		case step == nil:
			// Everything is in place and CAR is not ready yet, perhaps because it works on it.
			if err := poll.wait(ctx); err != nil {
				return created, notReady("it does not become ready within " + c.config.JobTimeout.String())
			}
			continue
		case repaired == string(step.call)+string(step.body) && found.same(last):
			return created, notReady("CAR says that it was done and it is as before: " + repaired)
		}
		c.log.Info("completing CAR's database", "call", string(step.call))
		if err := c.start(ctx, *step); err != nil {
			return created, err
		}
		created, last, repaired = true, found, string(step.call)+string(step.body)
	}
}

// database returns CAR's database, if there is one: 400 is how CAR says that there is none.
func (c *Client) database(ctx context.Context) (found database, exists bool, err error) {
	var answer struct {
		Databases *[]database `json:"databases"`
	}
	status, err := c.send(ctx, request{call: GetDatabases, method: http.MethodGet, url: c.v2 + "/databases",
		takes: []int{http.StatusBadRequest},
		into:  &answer, complete: func() bool { return answer.Databases != nil }})
	if err != nil || status == http.StatusBadRequest || len(*answer.Databases) == 0 {
		return found, false, err
	}
	return (*answer.Databases)[0], true, nil
}

// nextStep is what the database needs next; nil when there is nothing more to do.
func (c *Client) nextStep(found database, exists bool) *request {
	repair := func(body string) *request {
		return &request{call: RepairDatabase, method: http.MethodPatch, url: c.v2 + "/databases", body: []byte(body)}
	}
	switch {
	case !exists:
		return &request{call: CreateDatabase, method: http.MethodPost, url: c.v2 + "/databases", body: []byte("{}")}
	case found.Graph == "" || len(found.Missing) > 0:
		return repair(`{"graph_name":"assets"}`)
	case len(found.WithoutIndexes) > 0:
		names, err := encode(map[string][]string{"collections_without_indexes": found.WithoutIndexes})
		if err != nil {
			return nil
		}
		return repair(string(names))
	}
	return nil
}

func notReady(why string) error {
	rule := RuleFor(GetDatabases, NotReady)
	return failure.New(rule.Kind, "the database of CAR is not ready: %s", why).WithFault(rule.Fault).WithHint("%s", rule.Hint)
}
