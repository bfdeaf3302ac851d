package car

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"carjs/host/failure"
)

// Source is what CAR has of the source itself.
type Source struct {
	// Known tells that CAR has the source.
	Known bool
	// SavePoint is the save point of the last import; "" is none.
	SavePoint string
	// Properties are the source's own, as far as CAR shows them with it; nil is none.
	Properties map[string]json.RawMessage
}

// SavePoint returns the save point that CAR has of the source; see [Client.Source].
func (c *Client) SavePoint(ctx context.Context) (string, error) {
	source, err := c.Source(ctx)
	return source.SavePoint, err
}

// Source returns what CAR has of the source. A save point of "" is none: CAR does not know the
// source, or has no save point of it, and says so with 404 or in a success that has nothing in it.
// Any other response is a failure: a missing answer must not start a full import.
func (c *Client) Source(ctx context.Context) (source Source, err error) {
	_, err = c.send(ctx, request{call: GetSavePoint, method: http.MethodGet, url: c.v2 + "/source/" + url.PathEscape(c.config.Source),
		takes: []int{http.StatusNotFound}, judge: func(body []byte) (answer Answer) {
			source, answer = sourceIn(body)
			return answer
		}})
	return source, err
}

// sourceIn reads the source of an answer: an object of it, or an array with one. Properties that
// are not an object are none.
func sourceIn(body []byte) (Source, Answer) {
	if saysNothing(body) {
		return Source{}, ""
	}
	if !json.Valid(body) {
		return Source{}, Garbage
	}
	var source struct {
		ID         id              `json:"model_state_id"`
		Properties json.RawMessage `json:"properties"`
	}
	several := []json.RawMessage{body}
	if body = bytes.TrimSpace(body); body[0] == '[' && json.Unmarshal(body, &several) != nil || !isObject(several[0]) {
		return Source{}, Incomplete
	}
	if err := json.Unmarshal(several[0], &source); err != nil {
		return Source{}, Incomplete
	}
	found := Source{Known: true, SavePoint: string(source.ID)}
	if json.Unmarshal(source.Properties, &found.Properties) != nil {
		found.Properties = nil
	}
	return found, ""
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

// EnterFullImport tells CAR that everything is reported anew from now on. Repeated reports whether the
// request was sent more than once: the one that seemed to be lost may then arrive later, and CAR
// would enter again in the middle of the import.
func (c *Client) EnterFullImport(ctx context.Context) (repeated bool, err error) {
	err = c.start(ctx, request{call: EnterFullImport, method: http.MethodPost, url: c.fullImport(), body: []byte("{}"), repeated: &repeated})
	return repeated, err
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
