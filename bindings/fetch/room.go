package fetch

import (
	"sync"

	"carjs/host/failure"
	"carjs/host/script"
)

// room is the memory that bodies may take: what is left of the whole run's.
type room struct {
	most uint64
	mu   sync.Mutex
}

// largeGrowth is from where memory is asked for: smaller bodies are soon found to be too many by who
// watches the heap.
const largeGrowth = 1 << 20

// grown is data in a buffer of a size. Of several that grow at once, each sees what the others have
// taken.
func (r *room) grown(data []byte, size int) ([]byte, error) {
	if r != nil && size >= largeGrowth {
		r.mu.Lock()
		defer r.mu.Unlock()
		if !script.Fits(r.most, float64(size)) {
			return data, failure.New(failure.General, "the responses of the data source need more than %d MiB of memory (-max-memory)", r.most>>20).
				WithFault(failure.FaultConnector).
				WithHint("read large responses with client.records, request less at once, or raise -max-memory")
		}
	}
	return append(make([]byte, 0, size), data...), nil
}
