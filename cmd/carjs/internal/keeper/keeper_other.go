//go:build !linux || !(amd64 || arm64)

package keeper

// Begun tells that this process works alone.
var Begun = false

// Ended returns how the process that this one reports for ended; nil in all others.
func Ended() *Death { return nil }

// Note leaves the notes for a report, in place of earlier ones.
func Note([]byte) {}

// Limit has the keeper end the process when it takes more memory than this.
func Limit(uint64) {}

// Die ends the process at once, for the keeper to report with these notes. It returns where nobody
// keeps the process.
func Die([]byte) {}

// Done says that the process ends with its last word said.
func Done() {}
