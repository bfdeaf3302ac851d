package recording

import (
	"bytes"
	"sync"

	"carjs/host/redact"
)

// Originals are answers as they came, of which a recording hides something: a token that a login
// gave is worth nothing when it is hidden, and a process that replays what it has recorded itself
// still knows it. They are in memory alone. It is safe for concurrent use.
type Originals struct {
	mu      sync.Mutex
	answers map[string][]byte // by what the recording has of them
}

// longestOriginal is how long an answer may be that is kept. What tells secrets is short.
const longestOriginal = 64 << 10

// keep keeps an answer, if the recording has something else.
func (o *Originals) keep(identity string, recorded body, received []byte) {
	if o == nil || len(received) > longestOriginal || !bytes.Contains(recorded.bytes(), []byte(redact.Marker)) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.answers == nil {
		o.answers = map[string][]byte{}
	}
	o.answers[identity+"\n"+canonical(recorded.bytes())] = received
}

// of returns the answer as it came, when it is known, and else as it is recorded.
func (o *Originals) of(identity string, recorded body) []byte {
	content := recorded.bytes()
	if o == nil {
		return content
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if original, ok := o.answers[identity+"\n"+canonical(content)]; ok {
		return original
	}
	return content
}
