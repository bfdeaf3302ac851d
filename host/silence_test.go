package host

import (
	"fmt"
	"testing"

	"carjs/host/failure"
	"carjs/host/internal/inventory"
)

// A query that CAR does not answer ends a run as CAR's failure, wherever the answer was needed.
func TestSilenceOfCAR(t *testing.T) {
	f := describe(fmt.Errorf("look again: %w", &inventory.NoAnswerError{Collection: "the source"}))
	if f.Kind != failure.Recoverable || f.Code != 10 || f.Fault != failure.FaultCAR || f.Hint == "" {
		t.Errorf("%+v", f)
	}
}
