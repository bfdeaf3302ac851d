package car

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"carjs/host/model"
)

// ImportSchema returns the JSON Schema of the envelope that CAR takes. Services answer with an
// object that has it in "schema", or with the schema itself.
func (c *Client) ImportSchema(ctx context.Context) (json.RawMessage, error) {
	var raw, schema json.RawMessage
	_, err := c.send(ctx, request{call: GetImportSchema, method: http.MethodGet, url: c.v3 + "/importSchema?version=v2",
		into: &raw, complete: func() bool {
			var answer struct {
				Schema     json.RawMessage `json:"schema"`
				Properties json.RawMessage `json:"properties"`
			}
			if !isObject(raw) || json.Unmarshal(raw, &answer) != nil {
				return false
			}
			if schema = answer.Schema; schema == nil && isObject(answer.Properties) {
				schema = raw
			}
			return isObject(schema)
		}})
	return schema, err
}

// Extension returns the schema extension with a key; nil when CAR has none. A service may return
// only its version: then its schema is unknown.
func (c *Client) Extension(ctx context.Context, key string) (*model.Extension, error) {
	var extension *model.Extension
	_, err := c.send(ctx, request{call: GetExtension, method: http.MethodGet, url: c.v3 + "/carSchema/" + url.PathEscape(key),
		takes: []int{http.StatusNotFound}, judge: func(body []byte) (answer Answer) {
			extension, answer = extensionIn(body, key)
			return answer
		}})
	return extension, err
}

// extensionIn reads the extension of an answer: an object, or an array with it.
func extensionIn(body []byte, key string) (*model.Extension, Answer) {
	switch {
	case saysNothing(body):
		return nil, ""
	case !json.Valid(body):
		return nil, Garbage
	}
	several := []json.RawMessage{body}
	if isArray(body) && json.Unmarshal(body, &several) != nil {
		return nil, Incomplete
	}
	for _, one := range several {
		there, err := model.ReadExtension(one)
		if err != nil {
			return nil, Incomplete
		}
		if there.Key == key || there.Key == "" {
			there.Key = key
			return there, ""
		}
	}
	if isArray(body) {
		return nil, ""
	}
	return nil, Incomplete
}

// PutExtension creates or updates a schema extension.
func (c *Client) PutExtension(ctx context.Context, extension *model.Extension) error {
	body, err := encode(extension)
	if err != nil {
		return err
	}
	return c.do(ctx, request{call: PostExtension, method: http.MethodPost, url: c.v3 + "/carSchema", body: body},
		func(ctx context.Context) (bool, error) {
			there, err := c.Extension(ctx, extension.Key)
			return err == nil && there != nil && there.Version == extension.Version, err
		})
}
