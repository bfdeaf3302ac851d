package cluster

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// StatusError is the answer of a cluster that did not do what it was asked. It is the cause of the
// failure that tells it.
type StatusError struct {
	// Code is the status of HTTP; Reason Kubernetes' word for it, such as Conflict.
	Code   int
	Reason string
	// Message is what the cluster says, in a sentence.
	Message string
	// Causes are the single mistakes.
	Causes []Cause
}

// Cause is one mistake in an object.
type Cause struct {
	// Reason is Kubernetes' word for it, such as FieldManagerConflict.
	Reason string `json:"reason"`
	// Message says what is wrong, Field where.
	Message string `json:"message"`
	Field   string `json:"field"`
}

// Error returns what the cluster says.
func (e *StatusError) Error() string { return e.Message }

const conflictReason = "FieldManagerConflict"

var (
	// forbidden is how the check of rights words a refusal.
	forbidden = lazyregexp.New(`User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?`)
	// manager is how a conflict names who owns a field.
	manager = lazyregexp.New(`conflict with "([^"]+)"`)
)

// refused is the failure that an answer means.
func (c *Client) refused(doing string, code int, body []byte) *failure.Failure {
	var status struct {
		Kind    string `json:"kind"`
		Reason  string `json:"reason"`
		Message string `json:"message"`
		Details struct {
			Causes []Cause `json:"causes"`
		} `json:"details"`
	}
	known := json.Unmarshal(body, &status) == nil && status.Kind == "Status"
	e := &StatusError{Code: code, Reason: status.Reason, Message: oneLine(status.Message), Causes: status.Details.Causes}
	if !known || e.Message == "" {
		e.Message = strings.TrimSpace(fmt.Sprintf("%d %s", code, http.StatusText(code)))
	}
	usage := func(format string, args ...any) *failure.Failure {
		return failure.Usage("cannot %s: %s", doing, fmt.Sprintf(format, args...)).WithCause(e)
	}
	switch {
	case code == http.StatusUnauthorized:
		return usage("%s rejected the login of the user %s", c.Server(), c.target.userName).
			WithHint("log in to the cluster again: the login in %s has expired or is not valid", c.target.from)
	case code == http.StatusForbidden:
		return c.forbidden(usage, e)
	case code == http.StatusConflict && e.conflicts():
		return usage("%s", e.owners()).
			WithHint("make the change there, or take the fields over with -force-conflicts")
	case code == http.StatusUnprocessableEntity && len(e.Causes) > 0:
		return usage("the cluster refused it: %s", e.fields()).WithHint("correct the fields and deploy again")
	case code == http.StatusNotFound && !known:
		return usage("%s answered 404 Not Found", c.Server()).
			WithHint("check that server in %s is the address of a Kubernetes API", c.target.from)
	case code == http.StatusNotFound:
		hint := "check the name and the namespace"
		if name, ok := strings.CutPrefix(e.Message, "namespaces \""); ok {
			name, _, _ = strings.Cut(name, "\"")
			hint = "create it with kubectl create namespace " + name + ", or set -namespace to another one"
		}
		return usage("%s", e.Message).WithHint("%s", hint)
	case strings.Contains(e.Message, "field not declared in schema"):
		// Kubernetes answers 500 to a field that it does not know.
		return usage("the cluster refused it: %s", e.Message).WithHint("correct the name of the field and deploy again")
	case code == http.StatusTooManyRequests || code >= 500:
		return failure.New(failure.Recoverable, "cannot %s: the cluster answered %d: %s", doing, code, e.Message).
			WithFault(failure.FaultNobody).WithCause(e).WithHint("try again later")
	case code == http.StatusUnsupportedMediaType:
		return usage("the cluster does not support server-side apply").WithHint("deploy to Kubernetes 1.22 or later")
	}
	return usage("the cluster refused it: %s", e.Message).WithHint("correct it as the cluster says and deploy again")
}

// forbidden tells a right that is missing from an object that a rule of the cluster refuses.
func (c *Client) forbidden(usage func(string, ...any) *failure.Failure, e *StatusError) *failure.Failure {
	parts := forbidden().FindStringSubmatch(e.Message)
	if parts == nil {
		return usage("the cluster refused it: %s", e.Message).WithHint("change what the cluster refuses, or ask its administrator to allow it")
	}
	who, verb, resource, group, namespace := parts[1], parts[2], parts[3], parts[4], parts[5]
	if group != "" {
		resource += "." + group
	}
	where := ""
	if namespace != "" {
		where = " in the namespace " + namespace
	}
	return usage("the user %s may not %s %s%s", who, verb, resource, where).
		WithHint("ask the administrator of the cluster for a role that allows %s on %s, or log in as another user with -context", verb, resource)
}

func (e *StatusError) conflicts() bool {
	for _, cause := range e.Causes {
		if cause.Reason == conflictReason {
			return true
		}
	}
	return false
}

// owners says which fields somebody else has set.
func (e *StatusError) owners() string {
	var parts []string
	for _, cause := range e.Causes {
		if cause.Reason != conflictReason {
			continue
		}
		owner := "somebody else"
		if found := manager().FindStringSubmatch(cause.Message); found != nil {
			owner = found[1]
		}
		parts = append(parts, fmt.Sprintf("%s was set by %s", strings.TrimPrefix(cause.Field, "."), owner))
	}
	return strings.Join(parts, "; ")
}

// fields says which fields are wrong.
func (e *StatusError) fields() string {
	var parts []string
	for _, cause := range e.Causes {
		if cause.Field == "" {
			parts = append(parts, oneLine(cause.Message))
			continue
		}
		parts = append(parts, strings.TrimPrefix(cause.Field, ".")+": "+oneLine(cause.Message))
	}
	return strings.Join(parts, "; ")
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
