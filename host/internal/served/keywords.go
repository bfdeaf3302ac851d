package served

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"carjs/host/model"
)

// keyword is a keyword that restricts values, and the compiler of its argument.
type keyword struct {
	name    string
	compile func(c *compiler, argument any, schema map[string]any) (check, error)
}

// keywords is the table of keywords, in the order in which their faults are reported. All others
// only describe.
func keywords() []keyword {
	return []keyword{
		{"$ref", (*compiler).refer}, {"type", (*compiler).types}, {"enum", (*compiler).enum}, {"const", (*compiler).constant},
		{"pattern", (*compiler).pattern},
		{"minLength", size(isString, 1, "must have at least %d characters, has %d")},
		{"maxLength", size(isString, -1, "must have at most %d characters, has %d")},
		{"minItems", size(isArray, 1, "must have at least %d elements, has %d")},
		{"maxItems", size(isArray, -1, "must have at most %d elements, has %d")},
		{"minProperties", size(isObject, 1, "must have at least %d properties, has %d")},
		{"maxProperties", size(isObject, -1, "must have at most %d properties, has %d")},
		{"minimum", bound("at least", func(order int) bool { return order >= 0 })},
		{"maximum", bound("at most", func(order int) bool { return order <= 0 })},
		{"exclusiveMinimum", bound("greater than", func(order int) bool { return order > 0 })},
		{"exclusiveMaximum", bound("less than", func(order int) bool { return order < 0 })},
		{"multipleOf", (*compiler).multiple},
		{"required", (*compiler).required}, {"dependentRequired", (*compiler).dependencies}, {"dependentSchemas", (*compiler).dependencies},
		{"dependencies", (*compiler).dependencies}, {"propertyNames", (*compiler).names}, {"properties", together("properties",
			(*compiler).members)},
		{"patternProperties", together("patternProperties", (*compiler).members)},
		{"additionalProperties", together("additionalProperties", (*compiler).members)},
		{"prefixItems", together("prefixItems", (*compiler).elements)}, {"items", together("items", (*compiler).elements)}, {"contains",
			(*compiler).contains},
		{"uniqueItems", (*compiler).unique}, {"allOf", (*compiler).all}, {"anyOf", (*compiler).any}, {"oneOf", (*compiler).one},
		{"not", (*compiler).not}, {"if", (*compiler).condition},
		{"$dynamicRef", unsupported}, {"$recursiveRef", unsupported},
		{"unevaluatedItems", unsupported}, {"unevaluatedProperties", unsupported},
		{"additionalItems", unsupported},
	}
}

// together is for keywords with a common check: it runs for the first of them that a schema has.
func together(keyword string, compile func(*compiler, map[string]any) (check, error)) func(*compiler, any, map[string]any) (check, error) {
	groups := [][]string{{"properties", "patternProperties", "additionalProperties"}, {"prefixItems", "items"}}
	return func(c *compiler, _ any, schema map[string]any) (check, error) {
		for _, group := range groups {
			first := slices.IndexFunc(group, func(name string) bool { _, there := schema[name]; return there })
			if i := slices.Index(group, keyword); i >= 0 && i != first {
				return nil, nil
			}
		}
		return compile(c, schema)
	}
}

var errArgument = errors.New("its value is not valid JSON Schema")

func unsupported(*compiler, any, map[string]any) (check, error) {
	return nil, errors.New("carjs does not support it")
}

func (c *compiler) types(argument any, _ map[string]any) (check, error) {
	names, ok := texts(argument)
	if name, one := argument.(string); one {
		names, ok = []string{name}, true
	}
	var allowed types
	for _, name := range names {
		t, known := typeNames[name]
		ok = ok && known
		allowed |= t
	}
	if !ok || len(names) == 0 {
		return nil, errArgument
	}
	wanted := named(names)
	return func(e *evaluation, v any, at []string) {
		got := typeOf(v)
		switch {
		case got&allowed != 0 || got == isNumber && allowed&isWhole != 0 && whole(v):
		case got == isNumber && allowed&isWhole != 0:
			e.fault(at, "must be %s, without a fraction", wanted)
		default:
			e.fault(at, "must be %s, not %s", wanted, typeWords[nameOf(got)])
		}
	}, nil
}

func (c *compiler) enum(argument any, _ map[string]any) (check, error) {
	list, ok := argument.([]any)
	if !ok {
		return nil, errArgument
	}
	allowed := make([]string, len(list))
	shown := make([]string, len(list))
	for i, v := range list {
		allowed[i], shown[i] = canonical(v), shortened(text(v))
	}
	return func(e *evaluation, v any, at []string) {
		if !slices.Contains(allowed, canonical(v)) {
			e.fault(at, "must be one of %s, not %s", strings.Join(shown, ", "), shortened(text(v)))
		}
	}, nil
}

func (c *compiler) constant(argument any, _ map[string]any) (check, error) {
	allowed := canonical(argument)
	return func(e *evaluation, v any, at []string) {
		if canonical(v) != allowed {
			e.fault(at, "must be %s, not %s", shortened(text(argument)), shortened(text(v)))
		}
	}, nil
}

func (c *compiler) pattern(argument any, _ map[string]any) (check, error) {
	pattern, ok := argument.(string)
	if !ok {
		return nil, errArgument
	}
	match, err := model.MatchPattern(pattern)
	if err != nil {
		return nil, err
	}
	return func(e *evaluation, v any, at []string) {
		if s, ok := v.(string); ok && !match(s) {
			e.fault(at, "does not match %s: %q", pattern, shortened(s))
		}
	}, nil
}

// size limits the length of a value of a type: a minimum with sign 1, a maximum with -1.
func size(of types, sign int, message string) func(*compiler, any, map[string]any) (check, error) {
	return func(_ *compiler, argument any, _ map[string]any) (check, error) {
		r, ok := rational(argument)
		if !ok || !r.IsInt() || r.Sign() < 0 || !r.Num().IsInt64() {
			return nil, errArgument
		}
		limit := int(r.Num().Int64())
		return func(e *evaluation, v any, at []string) {
			n := 0
			switch v := v.(type) {
			case string:
				n = utf8.RuneCountInString(v)
			case []any:
				n = len(v)
			case map[string]any:
				n = len(v)
			}
			switch {
			case typeOf(v) != of || sign*(n-limit) >= 0:
			case of == isString && sign > 0 && n == 0:
				e.fault(at, "must not be empty")
			default:
				e.fault(at, message, limit, n)
			}
		}, nil
	}
}

// bound limits a number; within is called with the order of the number and the limit.
func bound(words string, within func(order int) bool) func(*compiler, any, map[string]any) (check, error) {
	return func(_ *compiler, argument any, _ map[string]any) (check, error) {
		limit, ok := rational(argument)
		if !ok {
			return nil, errArgument
		}
		return func(e *evaluation, v any, at []string) {
			if got, ok := rational(v); ok && !within(got.Cmp(limit)) {
				e.fault(at, "must be %s %s, not %s", words, text(argument), shortened(text(v)))
			}
		}, nil
	}
}

func (c *compiler) multiple(argument any, _ map[string]any) (check, error) {
	of, ok := rational(argument)
	if !ok || of.Sign() <= 0 {
		return nil, errArgument
	}
	return func(e *evaluation, v any, at []string) {
		if got, ok := rational(v); ok && !new(big.Rat).Quo(got, of).IsInt() {
			e.fault(at, "must be a multiple of %s, not %s", text(argument), shortened(text(v)))
		}
	}, nil
}

func (c *compiler) required(argument any, _ map[string]any) (check, error) {
	names, ok := texts(argument)
	if !ok {
		return nil, errArgument
	}
	return func(e *evaluation, v any, at []string) {
		object, ok := v.(map[string]any)
		if !ok {
			return
		}
		for _, name := range names {
			if _, there := object[name]; !there {
				e.fault(append(slices.Clip(at), name), "is required")
			}
		}
	}, nil
}
