package graphql

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// The codes of errors, as Hasura has them.
const (
	codeValidation   = "validation-failed"
	codeParse        = "parse-failed"
	codeNotSupported = "not-supported"
	codeData         = "data-exception"
	codeConstraint   = "constraint-violation"
)

// Problem is what is wrong with a query, in the form and the words in which Hasura says it: clients
// look at path and code.
type Problem struct {
	// Path leads to the fault, as in "$.selectionSet.asset.args.limit". Empty stands for "$".
	Path string
	// Code is the kind of fault, such as "validation-failed".
	Code    string
	Message string

	whole bool // the path does not grow: the fault has no place in the query
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

// invalid is a query that does not fit the schema.
func invalid(format string, args ...any) error { return problem(codeValidation, format, args...) }

// dataException is a value that the database cannot read; Hasura knows no place for it.
func dataException(format string, args ...any) error {
	return &Problem{Code: codeData, Message: fmt.Sprintf(format, args...), whole: true}
}

// Violation is a change that the graph does not allow, such as a link to a vertex that is not
// there.
func Violation(format string, args ...any) error {
	return &Problem{Code: codeConstraint, Message: fmt.Sprintf(format, args...), whole: true}
}

// at says where an error happened: keys come from the inside out.
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
