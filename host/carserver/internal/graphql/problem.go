package graphql

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Hasura's error codes.
const (
	codeValidation   = "validation-failed"
	codeParse        = "parse-failed"
	codeNotSupported = "not-supported"
	codeData         = "data-exception"
	codeConstraint   = "constraint-violation"
	codeJSON         = "invalid-json"
)

// Problem is an error in a query, in Hasura's form and words: clients look at path and code.
type Problem struct {
	// Path is the place of the error, such as "$.selectionSet.asset.args.limit". Empty stands for
	// "$".
	Path string
	// Code is the kind of error, such as "validation-failed".
	Code    string
	Message string

	whole bool // the error has no place in the query: keep the path empty
}

func (p *Problem) Error() string { return p.Path + ": " + p.Message }

// MarshalJSON writes the problem as one element of "errors".
func (p *Problem) MarshalJSON() ([]byte, error) {
	type extensions struct {
		Path string `json:"path"`
		Code string `json:"code"`
	}
	return json.Marshal(struct {
		Extensions extensions `json:"extensions"`
		Message    string     `json:"message"`
	}{extensions{cmp.Or(p.Path, "$"), p.Code}, p.Message})
}

func problem(code, format string, args ...any) error {
	return &Problem{Code: code, Message: fmt.Sprintf(format, args...)}
}

// invalid is the error for a query that does not fit the schema.
func invalid(format string, args ...any) error { return problem(codeValidation, format, args...) }

// dataException is the error for a value that the database cannot read. Hasura gives no place for
// it.
func dataException(format string, args ...any) error {
	return &Problem{Code: codeData, Message: fmt.Sprintf(format, args...), whole: true}
}

// Violation is the error for a change that the graph does not allow, such as a link to a missing
// vertex.
func Violation(format string, args ...any) error {
	return &Problem{Code: codeConstraint, Message: fmt.Sprintf(format, args...), whole: true}
}

// NotJSON is the error for a body that is not JSON.
func NotJSON() error {
	return &Problem{Code: codeJSON, Message: "Error in $: Failed reading: not a valid json value"}
}

// MissingKey is the error for a body without a key that it needs.
func MissingKey(key string) error {
	return &Problem{Code: codeParse, Message: fmt.Sprintf("key %q not present", key)}
}

// Unexpected is the error for a value of the body that is of another JSON type than expected: Text
// or Object.
func Unexpected(path, expected string, value any) error {
	encountered := "Number"
	switch value.(type) {
	case nil:
		encountered = "Null"
	case string:
		encountered = "String"
	case bool:
		encountered = "Boolean"
	case []any:
		encountered = "Array"
	case map[string]any:
		encountered = "Object"
	}
	return &Problem{Path: path, Code: codeParse, Message: "expected " + expected + ", encountered " + encountered}
}

// NotGraphQL is the error for a query that is an empty text.
func NotGraphQL() error {
	return &Problem{Path: "$.query", Code: codeValidation, Message: "not a valid graphql query"}
}

// NotTime is the error for a time that the database cannot read.
func NotTime(text string) error {
	return dataException("invalid input syntax for type timestamp: %q", text)
}

// at prepends a key to the path of an error: callers add keys from the inside out.
func at(key string, err error) error {
	if p := (*Problem)(nil); errors.As(err, &p) && !p.whole {
		p.Path = "." + key + p.Path
	}
	return err
}

func atIndex(i int, err error) error {
	if p := (*Problem)(nil); errors.As(err, &p) && !p.whole {
		p.Path = "[" + strconv.Itoa(i) + "]" + p.Path
	}
	return err
}
