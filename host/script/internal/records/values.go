// Package records makes values for scripts of JSON text: objects of the engine ([Values.Parse]), or
// lazily decoded [Record]s and [List]s, which take a third of the memory and of the time
// ([Values.Decode]), and it reads the records of a text while that arrives, beside the loop, into a
// bounded [Window]. How the text is read is package esjson's; iterating a window in a script, which
// needs the event loop, is package script's.
package records

import (
	"context"

	"github.com/dop251/goja"
)

// Values makes values for one runtime.
type Values struct {
	VM *goja.Runtime
	// Throw throws an error into the script; it does not return.
	Throw func(error)
	// Stopped makes the error of reading that ends because the context has ended.
	Stopped func(context.Context) error
}
