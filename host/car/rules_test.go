package car

import (
	"strings"
	"testing"

	"carjs/host/failure"
)

// Whatever CAR answers, a run that ends for it ends as Recoverable or Unrecoverable, and says what
// to do.
func TestRules(t *testing.T) {
	for _, call := range Calls() {
		for _, answer := range append(Answers(), "301", "418", "507") {
			rule := RuleFor(call, answer)
			if rule.Kind != failure.Recoverable && rule.Kind != failure.Unrecoverable {
				t.Errorf("%s, %s: kind %q", call, answer, rule.Kind)
			}
			if rule.Hint == "" || rule.Fault == "" {
				t.Errorf("%s, %s: no hint or fault: %+v", call, answer, rule)
			}
		}
	}
}

// The statuses that the platform's connectors take for recoverable, in the calls without an
// exception.
func TestRulesOfStatuses(t *testing.T) {
	recoverable := "206 302 400 401 403 408 500 503 504"
	for _, status := range strings.Fields("206 302 400 401 403 404 408 409 422 429 500 502 503 504 301 418 507") {
		for _, call := range []Call{GetDatabases, CreateDatabase, RepairDatabase, GetSavePoint, EnterFullImport, LeaveFullImport,
			PostImport, DeleteVertices, PatchEdge, PatchVertex, GetImportSchema, GetExtension, PostExtension, PostQuery} {
			want := failure.Unrecoverable
			if strings.Contains(recoverable, status) {
				want = failure.Recoverable
			}
			if got := RuleFor(call, Answer(status)).Kind; got != want {
				t.Errorf("%s, %s: %s, want %s", call, status, got, want)
			}
		}
	}
}

// A job that cannot be seen is neither done nor failed, and a save point that is not stored loses
// nothing.
func TestRulesOfPollsAndSavePoints(t *testing.T) {
	for _, answer := range Answers() {
		for _, call := range []Call{JobStatus, ImportStatus, SetSavePoint} {
			if rule := RuleFor(call, answer); rule.Kind != failure.Recoverable && answer != JobFailed && answer != ImportRefused {
				t.Errorf("%s, %s: %s", call, answer, rule.Kind)
			}
		}
		if status := len(answer) == 3; status || answer == Garbage || answer == Incomplete {
			for _, call := range []Call{JobStatus, ImportStatus} {
				if !RuleFor(call, answer).Retry {
					t.Errorf("%s, %s is not retried", call, answer)
				}
			}
		}
	}
	for _, call := range Calls() {
		for _, answer := range []Answer{"206", "403", "408", "429", "502", "503", "504", NoConnection, Dropped, TimedOut} {
			if !RuleFor(call, answer).Retry {
				t.Errorf("%s, %s is not retried", call, answer)
			}
		}
	}
	if rule := RuleFor(PostImport, Incomplete); rule.Retry || rule.Kind != failure.Unrecoverable {
		t.Errorf("an import without an id: %+v", rule)
	}
}
