package car

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"carjs/host/failure"
)

// database has the parts of CAR's response that matter. A missing part is complete.
type database struct {
	Graph          *string  `json:"graph_name"`
	Ready          truth    `json:"is_ready"`
	WithoutIndexes []string `json:"collections_without_indexes"`
	Missing        []string `json:"missing_collections"`
}

// same tells whether nothing has improved.
func (d database) same(other database) bool {
	return d.graph() == other.graph() && slices.Equal(d.WithoutIndexes, other.WithoutIndexes) && slices.Equal(d.Missing, other.Missing)
}

func (d database) graph() string {
	if d.Graph == nil {
		return "."
	}
	return *d.Graph
}

// databases is CAR's answer: under "databases", or the list alone. Some services write a list of one
// as that one, and an empty list as an empty object.
type databases struct {
	all []database
	// said tells that the response is valid.
	said bool
}

// UnmarshalJSON reads both forms.
func (d *databases) UnmarshalJSON(data []byte) error {
	*d = databases{}
	list := data
	if data[0] == '{' {
		var object struct {
			Databases json.RawMessage `json:"databases"`
		}
		if err := json.Unmarshal(data, &object); err != nil {
			return err
		}
		list = object.Databases
	}
	if isObject(list) {
		if list = slices.Concat([]byte("["), list, []byte("]")); saysNothing(list[1 : len(list)-1]) {
			list = []byte("[]")
		}
	}
	if !isArray(list) {
		return nil
	}
	d.said = true
	return json.Unmarshal(list, &d.all)
}

// PrepareDatabase creates the database when there is none, completes one that lacks its graph or
// indexes, and waits for one that is not ready. created tells that any part was new: then data of
// an earlier import may be missing.
func (c *Client) PrepareDatabase(ctx context.Context) (created bool, err error) {
	var last database
	poll := c.newPoll(GetDatabases)
	for repaired := ""; ; {
		found, exists, said, err := c.database(ctx)
		if err != nil {
			return created, err
		}
		step := c.nextStep(found, exists)
		switch {
		case exists && bool(found.Ready):
			return created, nil // that is CAR's word, whatever it lists besides
		case step == nil:
			// Everything is in place and CAR is not ready yet, perhaps because it works on it.
			if err := poll.wait(ctx); err != nil {
				if ctx.Err() != nil {
					return created, err
				}
				return created, notReady("waited " + c.config.JobTimeout.String()).WithDetail(said)
			}
			continue
		case repaired == string(step.call)+string(step.body) && found.same(last):
			return created, notReady("nothing changed after " + repaired)
		}
		c.log.Info("completing CAR's database", "call", string(step.call))
		if err := c.start(ctx, *step); err != nil {
			return created, err
		}
		created, last, repaired = true, found, string(step.call)+string(step.body)
	}
}

// database returns CAR's database, if there is one: 400 is how CAR says that there is none. Of
// several databases, a ready one is used; when none is ready, none is completed. said is the
// response.
func (c *Client) database(ctx context.Context) (found database, exists bool, said string, err error) {
	var answer databases
	var raw json.RawMessage
	status, err := c.send(ctx, request{call: GetDatabases, method: http.MethodGet, url: c.v2 + "/databases",
		takes: []int{http.StatusBadRequest},
		into:  &raw, complete: func() bool { return json.Unmarshal(raw, &answer) == nil && answer.said }})
	if err != nil || status == http.StatusBadRequest || len(answer.all) == 0 {
		return found, false, "", err
	}
	said = string(shorten(raw))
	if i := slices.IndexFunc(answer.all, func(d database) bool { return bool(d.Ready) }); i >= 0 {
		return answer.all[i], true, said, nil
	}
	if len(answer.all) > 1 {
		return database{}, true, said, nil
	}
	return answer.all[0], true, said, nil
}

// nextStep is what the database needs next; nil when there is nothing more to do.
func (c *Client) nextStep(found database, exists bool) *request {
	repair := func(body string) *request {
		return &request{call: RepairDatabase, method: http.MethodPatch, url: c.v2 + "/databases", body: []byte(body)}
	}
	switch {
	case !exists:
		return &request{call: CreateDatabase, method: http.MethodPost, url: c.v2 + "/databases", body: []byte("{}")}
	case found.graph() == "" || len(found.Missing) > 0:
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

func notReady(why string) *failure.Failure {
	rule := RuleFor(GetDatabases, NotReady)
	return failure.New(rule.Kind, "CAR's database is not ready: %s", why).WithFault(rule.Fault).WithHint("%s", rule.Hint)
}
