package script

import (
	"fmt"
	"reflect"

	"github.com/dop251/goja"
)

// jobs looks at the reactions of promises that the engine has queued. The engine has no method for
// that, so this is the one place that reads a private field of it.
type jobs struct{ queue reflect.Value }

// jobsOf finds the queue of an engine. Its error says that the engine is another one than this
// package was written for; a test fails then. Scripts go on: without the queue, loops over records
// await a promise for each of them, which is slow and right.
func jobsOf(vm *goja.Runtime) (jobs, error) {
	field, ok := reflect.TypeOf(vm).Elem().FieldByName("jobQueue")
	if !ok || field.Type.Kind() != reflect.Slice || field.Type.Elem().Kind() != reflect.Func {
		return jobs{}, fmt.Errorf("goja.Runtime has no slice of functions jobQueue (%v)", field.Type)
	}
	return jobs{reflect.ValueOf(vm).Elem().FieldByIndex(field.Index)}, nil
}

// empty tells whether the engine has queued nothing since it began with the reaction that runs.
func (j jobs) empty() bool { return j.queue.IsValid() && j.queue.Len() == 0 }
