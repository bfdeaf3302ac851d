package model

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"carjs/host/lazyregexp"
)

// Fault is one reason why an object is not valid.
type Fault struct {
	// Property is the property at fault; empty when the fault is the object's as a whole.
	Property string
	// Message says what is wrong with it, to follow the property's name: "must be a string, not a
	// number".
	Message string
}

// String returns property and message as one clause.
func (f Fault) String() string {
	if f.Property == "" {
		return f.Message
	}
	return f.Property + " " + f.Message
}

// Rule names the rule that is broken: the fault without what stands for one object alone, which is
// what is quoted, numbers, and places in lists.
func (f Fault) Rule() string {
	return places().ReplaceAllString(f.Property, "[]") + " " + faultValues().ReplaceAllString(f.Message, "…")
}

var (
	places      = lazyregexp.New(`\[[0-9]+\]`)
	faultValues = lazyregexp.New(`"(?:[^"\\]|\\.)*"|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?`)
)

// Faults joins the faults of one object into one clause.
func Faults(faults []Fault) string {
	texts := make([]string, len(faults))
	for i, fault := range faults {
		texts[i] = fault.String()
	}
	return strings.Join(texts, "; ")
}

// CheckString says what is wrong with a string as the property's value; empty means nothing.
func (p *Property) CheckString(v string) string {
	if p.Type != String {
		return p.checkOtherString(v)
	}
	if p.MinLength > 0 || p.MaxLength > 0 {
		n := utf8.RuneCountInString(v)
		if n == 0 && p.MinLength > 0 {
			return "must not be empty"
		}
		if n < p.MinLength {
			return fmt.Sprintf("must have at least %d characters", p.MinLength)
		}
		if p.MaxLength > 0 && n > p.MaxLength {
			return fmt.Sprintf("must have at most %d characters, has %d", p.MaxLength, n)
		}
	}
	if p.match != nil && !p.match(v) {
		return fmt.Sprintf("does not match %s: %s", p.Pattern, quoted(v))
	}
	if p.limits != nil {
		return p.limits.checkString(v)
	}
	return ""
}

// checkOtherString is CheckString for a property that is not of type String.
func (p *Property) checkOtherString(v string) string {
	message := p.CheckType(String)
	switch {
	case p.Type == Foreign:
		return p.validate(v)
	case message == "" && p.limits != nil:
		return p.limits.checkString(v)
	case p.Type == Integer && wholeNumber().MatchString(v):
		return message + "; a BigInt holds every digit"
	}
	return message
}

var wholeNumber = lazyregexp.New(`^-?[0-9]+$`)

// CheckNumber says what is wrong with a number as the property's value; empty means nothing.
func (p *Property) CheckNumber(v float64) string {
	switch p.Type {
	case Number, Any, Timestamp:
	case Foreign:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			break
		}
		return p.validate(v)
	case Integer:
		if v != math.Trunc(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("must be a whole number, not %v", v)
		}
	default:
		return p.CheckType(Number)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprintf("must be a finite number, not %v", v)
	}
	if p.Min != nil && v < *p.Min {
		return fmt.Sprintf("must be at least %s, not %s", numberText(*p.Min), numberText(v))
	}
	if p.Max != nil && v > *p.Max {
		return fmt.Sprintf("must be at most %s, not %s", numberText(*p.Max), numberText(v))
	}
	if p.limits != nil {
		return p.limits.checkNumber(v)
	}
	return ""
}

// CheckDecimal says what is wrong with a number as the property's value, by the text of the number
// in JSON: a property of an extension counts every digit. Empty means nothing.
func (p *Property) CheckDecimal(text string) string {
	if p.Type == Foreign {
		return p.validate(json.Number(text))
	}
	if p.limits == nil {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "is a number out of range"
		}
		return p.CheckNumber(f)
	}
	if message := p.CheckType(Number); message != "" && p.Type != Integer {
		return message
	}
	if p.Type == Integer && !parseDecimal(text).whole() {
		return "must be a whole number, not " + shortened(text)
	}
	return p.limits.checkDecimal(text)
}

// CheckType says whether a value of type got may stand in the property; empty means yes. It is the
// check for values that have no check of their own: booleans, objects, arrays, and "null", which no
// property admits. For a [Foreign] property the type decides nothing: [Property.Check] does.
func (p *Property) CheckType(got Type) string {
	if p.Type == got || p.Type == Foreign || (p.Type == Any && got != "null") || (p.Type == Timestamp && (got == String || got == Number)) {
		return ""
	}
	if p.Type == Strings && got == "array" {
		return "must be an array of strings, not of anything else"
	}
	return "must be " + named(p.Type) + ", not " + named(got)
}

func named(t Type) string {
	switch t {
	case Integer:
		return "a whole number"
	case Object:
		return "an object"
	case Strings:
		return "an array of strings"
	case Any:
		return "a value"
	case Timestamp:
		return "a time"
	case "array":
		return "an array"
	case "null":
		return "null"
	}
	return "a " + string(t)
}

func quoted(v string) string { return strconv.Quote(shortened(v)) }

// validate checks a value of a foreign property.
func (p *Property) validate(v any) string {
	if p.Validate == nil {
		return ""
	}
	return p.Validate(v)
}

// Normalize returns the copy of an object that is validated: CAR derives host_name, external_id and
// name from _key in hostname, ipaddress and macaddress where they are missing. The object itself is
// not changed; where nothing is to be derived it is returned as it is.
func Normalize(c *Collection, object map[string]any) map[string]any {
	key, ok := object[ByKey]
	if !ok {
		return object
	}
	var derived map[string]any
	for _, name := range Derived(c.Name) {
		if _, there := object[name]; there {
			continue
		}
		if derived == nil {
			derived = maps.Clone(object)
		}
		derived[name] = key
	}
	if derived == nil {
		return object
	}
	return derived
}

// Derived names the properties that CAR takes from _key where they are missing.
func Derived(collection string) []string {
	switch collection {
	case "hostname":
		return []string{"host_name", ByExternalID}
	case "ipaddress", "macaddress":
		return []string{"name"}
	}
	return nil
}

// TakenFromKey returns the properties of a vertex collection that say no more than the key,
// whatever an import has in them: the name of an address is the address. The region of an address
// belongs to its key.
func TakenFromKey(collection string) []string {
	switch collection {
	case addresses:
		return []string{"name", "region_id"}
	case "macaddress":
		return []string{"name"}
	}
	return nil
}

// Validate checks an object as encoding/json decodes it (numbers as float64 or json.Number) and
// returns all that is wrong with it, in the order of the table; none means valid. Properties that
// the table does not have are accepted, as CAR accepts them.
func (c *Collection) Validate(object map[string]any) []Fault {
	var faults []Fault
	for _, properties := range [][]Property{c.Properties, c.Foreign} {
		for i := range properties {
			p := &properties[i]
			v, there := object[p.Name]
			if !there {
				if p.Required {
					faults = append(faults, Fault{p.Name, "is required"})
				}
				continue
			}
			if message := p.Check(v); message != "" {
				faults = append(faults, Fault{p.Name, message})
			}
		}
	}
	if message := c.CheckOneOf(func(name string) bool { _, ok := object[name]; return ok }); message != "" {
		faults = append(faults, Fault{"", message})
	}
	if c.Whole != nil {
		faults = append(faults, c.Whole(object)...)
	}
	return faults
}

// CheckOneOf says which of the rules in OneOf an object breaks, given which properties it has;
// empty means none.
func (c *Collection) CheckOneOf(has func(property string) bool) string {
	var broken []string
	for i := range c.OneOf {
		if message := c.OneOf[i].check(has); message != "" {
			broken = append(broken, message)
		}
	}
	return strings.Join(broken, "; ")
}

func (o *OneOf) check(has func(property string) bool) string {
	met := 0
	groups := make([]string, len(o.Groups))
	for i, group := range o.Groups {
		groups[i] = strings.Join(group, " and ")
		whole := true
		for _, name := range group {
			whole = whole && has(name)
		}
		if whole {
			met++
		}
	}
	switch {
	case met == 1:
		return ""
	case o.Message != "":
		return "is not valid: " + fillIn(o.Message, "the object")
	}
	return "must have exactly one of: " + strings.Join(groups, ", or ")
}

// Check says what is wrong with a value as encoding/json decodes it (numbers as float64 or
// json.Number); empty means nothing.
func (p *Property) Check(v any) string {
	if p.Type == Foreign {
		return p.validate(v)
	}
	switch v := v.(type) {
	case string:
		return p.CheckString(v)
	case float64:
		return p.CheckNumber(v)
	case json.Number:
		return p.CheckDecimal(string(v))
	case bool:
		return p.CheckType(Boolean)
	case map[string]any:
		return p.CheckType(Object)
	case []any:
		for _, item := range v {
			if _, ok := item.(string); !ok {
				return p.CheckType("array")
			}
		}
		return p.CheckType(Strings)
	}
	return p.CheckType("null")
}
