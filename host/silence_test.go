package host

import (
	"fmt"
	"testing"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
)

// A query that CAR does not answer ends a run as the rule for 404 says, wherever the answer was needed.
func TestSilenceOfCAR(t *testing.T) {
	f := describe(fmt.Errorf("look again: %w", &inventory.NoAnswerError{Collection: "the source"}))
	if f.Kind != failure.Unrecoverable || f.Code != 20 || f.Fault != failure.FaultSettings || f.Hint == "" {
		t.Errorf("%s, %d, %s, %q", f.Kind, f.Code, f.Fault, f.Hint)
	}
}
