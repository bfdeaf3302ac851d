package car

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"carjs/host/failure"
)

// SavePoint returns the save point that CAR has of the source. "" is none: CAR does not know the
// source, or has no save point of it. Any other answer is a failure, because a full import for want
// of an answer is not what anybody asked for.
func (c *Client) SavePoint(ctx context.Context) (string, error) {
	var answer struct {
		ID json.RawMessage `json:"model_state_id"`
	}
	var fields map[string]json.RawMessage
	status, err := c.send(ctx, request{call: GetSavePoint, method: http.MethodGet, url: c.v2 + "/source/" + url.PathEscape(c.config.Source),
		takes: []int{http.StatusNotFound}, into: &fields, complete: func() bool { return fields != nil }})
	if err != nil || status == http.StatusNotFound {
		return "", err
	}
	answer.ID = fields["model_state_id"]
	if len(answer.ID) == 0 || string(answer.ID) == "null" {
		return "", nil
	}
	var id string
	if json.Unmarshal(answer.ID, &id) != nil {
		id = string(answer.ID) // a number
	}
	return id, nil
}

// SetSavePoint stores a save point; "" resets it.
func (c *Client) SetSavePoint(ctx context.Context, id string) error {
	body, err := encode(map[string]string{"model_state_id": id})
	if err != nil {
		return err
	}
	return c.do(ctx, request{call: SetSavePoint, method: http.MethodPatch,
		url: c.v2 + "/source?key=" + url.QueryEscape(c.config.Source), body: body}, c.hasSavePoint(id))
}

// EnterFullImport tells CAR that everything is reported anew from now on.
func (c *Client) EnterFullImport(ctx context.Context) error {
	return c.start(ctx, request{call: EnterFullImport, method: http.MethodPost, url: c.fullImport(), body: []byte("{}")})
}

// LeaveFullImport tells CAR that everything was reported: what was not is retired.
func (c *Client) LeaveFullImport(ctx context.Context) error {
	return c.start(ctx, request{call: LeaveFullImport, method: http.MethodDelete, url: c.fullImport()})
}

func (c *Client) fullImport() string {
	return c.v2 + "/source/" + url.PathEscape(c.config.Source) + "/full-import-in-progress"
}

// mistake is the failure of a call that cannot be made as asked.
func mistake(format string, args ...any) *failure.Failure {
	return failure.New(failure.Recoverable, format, args...).WithFault(failure.FaultConnector)
}
