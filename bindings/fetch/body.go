package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"carjs/bindings/internal/charset"
	"carjs/bindings/internal/webpage"
	"carjs/host/esjson"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// Decoding says how the body of an answer becomes text, where Content-Type does not or shall not.
// The zero value is what the answer says, and failure for what is invalid.
type Decoding struct {
	// Encoding is a label of the Encoding Standard that counts in the place of the charset of
	// Content-Type; "" for none.
	Encoding string
	// Replace has U+FFFD put in the place of invalid bytes.
	Replace bool
}

// KnownEncoding tells whether a label can be a [Decoding.Encoding].
func KnownEncoding(label string) bool {
	_, err := charset.Lookup(label)
	return err == nil
}

// Source is how the body of the answer becomes text.
func (a *Answer) Source() charset.Source {
	return charset.Source{
		Label: a.Decoding.Encoding, ContentType: a.Header.Get("Content-Type"), Replace: a.Decoding.Replace, Doubt: a.doubt,
	}
}

// doubt logs, once for each origin, that the data source seems to name a wrong encoding.
func (w *Wire) doubt(u *url.URL) func(name string) {
	return func(name string) {
		if _, told := w.doubted.LoadOrStore(Origin(u), true); !told {
			w.log.Warn("text of the data source looks like UTF-8, but the data source names another encoding", "named", name, "url", SafeURL(u),
				"hint", `if names have strange characters in CAR, set encoding: "utf-8" of HttpClient`)
		}
	}
}

// BadJSON is a body that is no JSON.
type BadJSON struct{ err error }

func (e *BadJSON) Error() string { return e.err.Error() }

// Unwrap returns the parser's error.
func (e *BadJSON) Unwrap() error { return e.err }

// Text makes text of the body of an answer to a request of that method; its error is a data
// source's failure of code 55.
func Text(data []byte, method string, answer *Answer) (string, error) {
	return text(answer.Source(), data, whatOf(method, answer))
}

func text(source charset.Source, data []byte, what string) (string, error) {
	decoded, err := source.Decode(data)
	if err != nil {
		return "", undecodable(what, err)
	}
	return string(decoded), nil
}

// ParseJSON makes values of the body of an answer to a request of that method, with a BigInt of
// each integer that a Number does not hold; its error is a data source's failure of code 55.
func ParseJSON(rt *script.Runtime, data []byte, method string, answer *Answer) (goja.Value, error) {
	value, losses, err := parseJSON(rt.ReadJSON, answer.Source(), data, whatOf(method, answer))
	WarnLosses(rt, method, answer, losses)
	return value, err
}

type parser func(data []byte) (goja.Value, []script.Loss, error)

func parseJSON(parse parser, source charset.Source, data []byte, what string) (goja.Value, []script.Loss, error) {
	decoded, err := source.Unchecked(data)
	if err != nil {
		return nil, nil, undecodable(what, err)
	}
	value, losses, err := parse(decoded)
	if err != nil {
		return nil, nil, notJSON(what, decoded, err)
	}
	return value, losses, nil
}

// WarnLosses warns of numbers in an answer that have more digits than their values, once for each
// path and member. It may be called from any goroutine.
func WarnLosses(rt *script.Runtime, method string, answer *Answer, losses []script.Loss) {
	for _, loss := range losses {
		rt.WarnOnce(fmt.Sprintf("%s %s %q", method, answer.URL.Path, loss.Member), "numbers have more digits than a JavaScript number holds",
			"numbers", loss.Count, "request", method+" "+SafeURL(answer.URL), "field", loss.Member,
			"hint", "objects of paginate and records keep all digits if you pass them on unchanged; "+
				"to calculate with them, read the response as text")
	}
}

// DecodeJSON reads the body of an answer beside the loop, for values that are made on it; its error
// is that of [ParseJSON].
func DecodeJSON(ctx context.Context, rt *script.Runtime, data []byte, method string, answer *Answer) (*script.Decoded, error) {
	what := whatOf(method, answer)
	decoded, err := answer.Source().Unchecked(data)
	if err != nil {
		return nil, undecodable(what, err)
	}
	value, err := rt.DecodeJSON(ctx, decoded)
	if err != nil && ctx.Err() == nil {
		err = notJSON(what, decoded, err)
	}
	return value, err
}

// NotJSON is the failure of the body of an answer to a request of that method, which was read and
// is no JSON. start is its beginning in UTF-8, as far as it was kept; nothing is an empty body.
func NotJSON(method string, answer *Answer, start []byte, err error) error {
	return notJSON(whatOf(method, answer), start, err)
}

// Undecodable is the failure of the body of an answer to a request of that method that is no text.
func Undecodable(method string, answer *Answer, err error) error {
	return undecodable(whatOf(method, answer), err)
}

func whatOf(method string, answer *Answer) string {
	return fmt.Sprintf("%s %s: the response (status %d)", method, SafeURL(answer.URL), answer.StatusCode)
}

const (
	hintNotJSON = "check that the URL is that of the API and not of a page for people, and that nothing on the way changes the response"
	hintXML     = `read XML with the option responseType: "text" or "bytes" and the module carjs/xml`
	hintPage    = "check that the URL is that of the API, and that the data source accepts the credentials in the connector's settings: " +
		"many answer with a page when they want a login"
	hintEncoding = `set the option encoding of HttpClient to what the data source sends, such as "windows-1252"; ` +
		"of fetch, decode arrayBuffer() with TextDecoder"
)

// notJSON is the failure of a text that is no JSON; what names it.
func notJSON(what string, start []byte, err error) error {
	var fault *esjson.SyntaxError
	if errors.As(err, &fault) && fault.NotUTF8 {
		return undecodable(what, &charset.InvalidError{Name: charset.UTF8, Offset: int64(fault.Offset), Byte: fault.Byte})
	}
	message, hint := fmt.Sprintf("%s is not JSON: %s", what, strings.TrimPrefix(err.Error(), "not JSON: ")), hintNotJSON
	if bytes.HasPrefix(bytes.TrimLeft(start, "\ufeff \t\r\n"), []byte("<?xml")) {
		hint = hintXML
	}
	if page, ok := webpage.Of(start); ok {
		message, hint = fmt.Sprintf("%s is %s and not JSON", what, page), hintPage
	} else if len(bytes.Trim(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n")) == 0 {
		message = what + " is empty and not JSON"
	}
	return failure.New(failure.Datasource, "%s", message).WithCode(failure.CodeDatasourceDataProcess).
		WithCause(&BadJSON{err}).WithHint("%s", hint)
}

// undecodable is the failure of bytes that are no text; what names them.
func undecodable(what string, err error) error {
	return failure.New(failure.Datasource, "%s", charset.Explain(what, err)).WithCode(failure.CodeDatasourceDataProcess).
		WithCause(err).WithHint("%s", hintEncoding)
}
