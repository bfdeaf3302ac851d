// Package role says which processes of carjs are what to package keeper, which starts some of them. It
// imports nothing, so that package warm can ask before the initialization of nearly all others.
package role

// Command is the command that is kept: the others have no report.
const Command = "run"

// The variables that tell a process what it is: Working the one that does the work, Ended the one that
// reports for it, with how it ended.
const (
	Working = "CARJS_INTERNAL_KEPT"
	Ended   = "CARJS_INTERNAL_ENDED"
)
