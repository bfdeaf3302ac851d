package script

import "sync"

// warnings are those that were told.
type warnings struct {
	mu   sync.Mutex
	told map[string]bool
}

// WarnOnce logs a warning unless one with the same key was logged before. It may be called from any
// goroutine.
func (rt *Runtime) WarnOnce(key, message string, pairs ...any) {
	w := &rt.warnings
	w.mu.Lock()
	again := w.told[key]
	if w.told == nil {
		w.told = map[string]bool{}
	}
	w.told[key] = true
	w.mu.Unlock()
	if !again {
		rt.opts.Log.Warn(message, pairs...)
	}
}
