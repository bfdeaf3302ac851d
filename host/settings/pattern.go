package settings

import (
	"fmt"
	"regexp"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// patternTime bounds the search of a pattern that only a backtracking engine understands.
const patternTime = time.Second

// compilePattern makes a test of a regular expression that must fit the whole value. Patterns are
// written for JavaScript: most are the same to Go, whose engine cannot be made to run for ever;
// what Go does not know (a look-ahead, a back reference) goes to one that does.
func compilePattern(expression string) (func(value string) bool, error) {
	whole := "^(?:" + expression + ")$"
	if simple, err := regexp.Compile(whole); err == nil {
		if _, err := regexp.Compile(expression); err == nil { // a pattern like ")(" is whole only by accident
			return simple.MatchString, nil
		}
	}
	if _, err := regexp2.Compile(expression, regexp2.ECMAScript); err != nil {
		return nil, fmt.Errorf("compile pattern: %w", err)
	}
	full, err := regexp2.Compile(whole, regexp2.ECMAScript)
	if err != nil {
		return nil, fmt.Errorf("compile pattern: %w", err)
	}
	full.MatchTimeout = patternTime
	return func(value string) bool {
		match, err := full.FindStringMatch(value)
		if err != nil || match == nil {
			return false
		}
		// $ also fits before a last newline, which is then not part of the match.
		_, length := match.ByteRange()
		return length == len(value)
	}, nil
}
