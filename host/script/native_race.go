//go:build race

package script

// raced tells that the race detector watches.
const raced = true
