package graphql

import (
	"encoding/json"
	"math"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"carjs/host/carserver/internal/tables"
	"carjs/host/model"
)

// document is the canonical text of a JSON value, as opposed to plain text.
type document string

// convert converts JSON given for a scalar type to an SQL value. Text is accepted for every type
// and read as the database would; any other JSON must match the type.
func convert(scalar string, v any) (any, error) {
	if scalar == scalarJSON {
		return document(tables.AppendCanonical(nil, v)), nil
	}
	if text, ok := v.(string); ok {
		return fromText(scalar, text)
	}
	switch scalar {
	case scalarBoolean:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, problem(codeParse, "expected Bool, but encountered %s", kindOf(v))
	case scalarInet, scalarMac:
		return nil, problem(codeParse, "A string is expected for type: %s", scalar)
	case scalarString, "ID":
		return nil, problem(codeParse, "parsing Text failed, expected String, but encountered %s", kindOf(v))
	case scalarTimestamp:
		return nil, problem(codeParse, "parsing LocalTime failed, expected String, but encountered %s", kindOf(v))
	}
	return number(scalar, v)
}

// kindOf names the kind of a JSON value.
func kindOf(v any) string {
	switch v.(type) {
	case string:
		return "String"
	case bool:
		return "Boolean"
	case []any:
		return "Array"
	case map[string]any:
		return "Object"
	case nil:
		return "Null"
	}
	return "Number"
}

// number reads a number and checks the range of its type.
func number(scalar string, v any) (any, error) {
	reader := map[string]string{scalarInt: "Int32", scalarBigint: "Int64", scalarNumeric: "Scientific"}[scalar]
	if reader == "" {
		reader = "Double"
	}
	literal, ok := v.(json.Number)
	if !ok {
		if f, isFloat := v.(float64); isFloat {
			literal, ok = json.Number(strconv.FormatFloat(f, 'g', -1, 64)), true
		}
	}
	if !ok {
		return nil, problem(codeParse, "parsing %s failed, expected Number, but encountered %s", reader, kindOf(v))
	}
	n, ok := plainNumber(string(literal))
	if !ok {
		return nil, dataException("value overflows numeric format")
	}
	if scalar != scalarInt && scalar != scalarBigint {
		return n, nil
	}
	whole, ok := asWhole(n)
	if !ok || scalar == scalarInt && (whole < math.MinInt32 || whole > math.MaxInt32) {
		return nil, problem(codeParse, "parsing %s failed, value is either floating or will cause over or underflow %s", reader, literal)
	}
	return whole, nil
}

// plainNumber reads a number as SQLite stores it: an int64 if it is one, otherwise a float64.
func plainNumber(literal string) (any, bool) {
	if n, err := strconv.ParseInt(literal, 10, 64); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(literal, 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

func asWhole(n any) (int64, bool) {
	switch n := n.(type) {
	case int64:
		return n, true
	case float64:
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<63
	}
	return 0, false
}

// databaseName returns a type's name in PostgreSQL's messages.
func databaseName(scalar string) string {
	switch scalar {
	case scalarInt:
		return "integer"
	case scalarBoolean:
		return "boolean"
	case scalarFloat, "Float":
		return "double precision"
	}
	return scalar
}

// fromText reads text as PostgreSQL reads a literal of a type.
func fromText(scalar, text string) (any, error) {
	malformed := dataException("invalid input syntax for type %s: %q", databaseName(scalar), text)
	trimmed := strings.TrimSpace(text)
	switch scalar {
	case scalarString, "ID":
		return text, nil
	case scalarBoolean:
		switch word := strings.ToLower(trimmed); {
		case slices.Contains([]string{"t", "true", "y", "yes", "on", "1"}, word):
			return true, nil
		case slices.Contains([]string{"f", "false", "n", "no", "off", "0"}, word):
			return false, nil
		}
	case scalarTimestamp:
		if millis, ok := parseTime(trimmed); ok {
			return millis, nil
		}
	case scalarInet:
		if model.IsInet(trimmed) {
			return model.CanonicalInet(trimmed), nil
		}
	case scalarMac:
		if _, err := net.ParseMAC(trimmed); err == nil || model.CanonicalMAC(trimmed) != trimmed {
			return model.CanonicalMAC(trimmed), nil
		}
	default:
		if n, ok := plainNumber(trimmed); ok {
			if scalar != scalarInt && scalar != scalarBigint {
				return n, nil
			}
			if whole, isWhole := n.(int64); isWhole {
				return whole, nil
			}
		}
	}
	return nil, malformed
}

// parseTime reads a time as epoch milliseconds.
func parseTime(text string) (int64, bool) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMilli(), true
		}
	}
	return 0, false
}
