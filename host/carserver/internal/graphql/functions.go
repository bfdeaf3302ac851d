package graphql

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"

	"carjs/host/esjson"

	"modernc.org/sqlite"
)

// SQL functions for comparisons that PostgreSQL has and SQLite lacks.
const (
	// similarFunction(text, pattern) is SIMILAR TO.
	similarFunction = "carjs_similar"
	// containsFunction(json, json) is the operator @>.
	containsFunction = "carjs_contains"
	// keysFunction(json, keys) counts the keys of an array that exist, as the operator ? defines
	// it.
	keysFunction = "carjs_keys"
)

// RegisterFunctions registers the SQL functions that the statements of this package use. Call it
// before opening a database; the driver registers them for the whole process.
var RegisterFunctions = sync.OnceValue(func() error {
	for name, f := range map[string]func(a, b string) (driver.Value, error){
		similarFunction: newSimilar(), containsFunction: contains, keysFunction: countKeys,
	} {
		err := sqlite.RegisterDeterministicScalarFunction(name, 2, func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			a, okA := args[0].(string)
			b, okB := args[1].(string)
			if !okA || !okB {
				return nil, nil // a comparison with null
			}
			return f(a, b)
		})
		if err != nil {
			return fmt.Errorf("register SQL function %s: %w", name, err)
		}
	}
	return nil
})

// newSimilar returns SIMILAR TO, which caches the last pattern.
func newSimilar() func(text, pattern string) (driver.Value, error) {
	var mutex sync.Mutex
	var last string
	var compiled *regexp.Regexp
	return func(text, pattern string) (driver.Value, error) {
		mutex.Lock()
		defer mutex.Unlock()
		if compiled == nil || last != pattern {
			var err error
			if compiled, err = similar(pattern); err != nil {
				return nil, err
			}
			last = pattern
		}
		return compiled.MatchString(text), nil
	}
}

// similar translates a pattern of SIMILAR TO: % and _ as in LIKE, and | * + ? {} () [] as in
// regular expressions. It matches the whole text.
func similar(pattern string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString(`\A(?s:`)
	escaped, inClass, wildcard := false, false, false
	for _, r := range pattern {
		again := wildcard && r == '%' && !escaped && !inClass
		if wildcard = r == '%' && !escaped && !inClass; again {
			continue
		}
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case inClass:
			b.WriteRune(r)
			inClass = r != ']'
		case r == '[':
			b.WriteRune(r)
			inClass = true
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteByte('.')
		case strings.ContainsRune(`.^$`, r):
			b.WriteString(regexp.QuoteMeta(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteString(`)\z`)
	return regexp.Compile(b.String())
}

func checkSimilar(argument any) error {
	pattern, _ := argument.(string)
	if len(pattern) > maxSimilar {
		return problem(codeNotSupported, "this service takes patterns of up to %d bytes", maxSimilar)
	}
	if _, err := similar(pattern); err != nil {
		return dataException("invalid regular expression: %q", pattern)
	}
	return nil
}

// contains reports whether the first of two JSON values contains the second: an object the members,
// an array the items, at any depth. An array also contains a scalar that is one of its items.
func contains(whole, part string) (driver.Value, error) {
	a, err := esjson.Decode([]byte(whole))
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	b, err := esjson.Decode([]byte(part))
	if err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if items, ok := a.([]any); ok && isPlain(b) {
		return hasItem(items, b), nil
	}
	return containsValue(a, b), nil
}

func isPlain(v any) bool {
	switch v.(type) {
	case []any, map[string]any:
		return false
	}
	return true
}

func hasItem(items []any, v any) bool {
	for _, item := range items {
		if containsValue(item, v) {
			return true
		}
	}
	return false
}

func containsValue(a, b any) bool {
	switch b := b.(type) {
	case map[string]any:
		object, ok := a.(map[string]any)
		if !ok {
			return false
		}
		for name, v := range b {
			if own, there := object[name]; !there || !containsValue(own, v) {
				return false
			}
		}
		return true
	case []any:
		items, ok := a.([]any)
		if !ok {
			return false
		}
		for _, v := range b {
			if !hasItem(items, v) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(a, b)
}

// countKeys counts the keys that an object has as members, an array as text items, or a text
// equals.
func countKeys(whole, keys string) (driver.Value, error) {
	var v any
	var names []string
	if err := json.Unmarshal([]byte(whole), &v); err != nil {
		return nil, fmt.Errorf("read JSON: %w", err)
	}
	if err := json.Unmarshal([]byte(keys), &names); err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	count := int64(0)
	for _, name := range names {
		there := v == any(name)
		switch v := v.(type) {
		case map[string]any:
			_, there = v[name]
		case []any:
			there = hasItem(v, name)
		}
		if there {
			count++
		}
	}
	return count, nil
}
