package car

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"carjs/host/model"
)

// ImportSchema returns the JSON Schema of the envelope that CAR takes.
func (c *Client) ImportSchema(ctx context.Context) (json.RawMessage, error) {
	var answer struct {
		Schema json.RawMessage `json:"schema"`
	}
	_, err := c.send(ctx, request{call: GetImportSchema, method: http.MethodGet, url: c.v3 + "/importSchema?version=v2",
		into: &answer, complete: func() bool { return len(answer.Schema) > 0 && answer.Schema[0] == '{' }})
	return answer.Schema, err
}

// Extension returns the schema extension with a key; nil when CAR has none.
func (c *Client) Extension(ctx context.Context, key string) (*model.Extension, error) {
	var raw json.RawMessage
	var extension *model.Extension
	status, err := c.send(ctx, request{call: GetExtension, method: http.MethodGet, url: c.v3 + "/carSchema/" + url.PathEscape(key),
		takes: []int{http.StatusNotFound}, into: &raw, complete: func() bool {
			var err error
			extension, err = model.ReadExtension(raw)
			return err == nil
		}})
	if err != nil || status == http.StatusNotFound {
		return nil, err
	}
	return extension, nil
}

// PutExtension creates or updates a schema extension.
func (c *Client) PutExtension(ctx context.Context, extension *model.Extension) error {
	body, err := encode(extension)
	if err != nil {
		return err
	}
	_, err = c.send(ctx, request{call: PostExtension, method: http.MethodPost, url: c.v3 + "/carSchema", body: body})
	return err
}
