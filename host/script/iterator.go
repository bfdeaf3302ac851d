package script

import (
	"context"
	"errors"

	"carjs/host/script/internal/records"

	"github.com/dop251/goja"
)

// iterator is the async iterator of [Records]: what `for await` takes them from.
//
// A promise for each record costs the engine twenty times what the record costs. So a loop that was
// rewritten (see package lower) asks for the next record with [Runtime.step] first, which gives it
// at once where nobody can tell that from waiting for a promise that is fulfilled: where the script
// was resumed by this very iterator, all alone, and has queued nothing since.
type iterator struct {
	rt     *Runtime
	object *goja.Object
	// produce starts what fills out; nil once it is called.
	produce func() func(ctx context.Context, out *Records) error
	out     *Records
	cancel  context.CancelFunc

	batch []any // taken from out; those before at were given to the script
	at    int
	// waiting tells that next has been called and its promise is not settled, over that the records
	// are.
	waiting, over bool
	// asked tells that a rewritten loop is about to call next: nobody else can have the promise.
	// alone tells that the script goes on since it was resumed by such a promise: no other reaction
	// waits for its turn behind it.
	asked, alone bool
	// given is the result of a step, the same one each time: the rewritten loop takes the value out
	// of it and forgets it.
	given  *Record
	result *goja.Object
}

// AsyncIterator makes the async iterator of records. begin is called on the loop when the first one
// is asked for; the function that it returns puts them in, beside the loop, and its error is thrown
// once the script has had those. Its context ends with the Do under way and when the script leaves
// the loop. abort ends the records early: what the script asks for next is an error.
func (rt *Runtime) AsyncIterator(begin func() func(ctx context.Context, out *Records) error) (object *goja.Object, abort func(error)) {
	it := &iterator{rt: rt, produce: begin, out: records.NewWindow(&rt.values), cancel: func() {}, object: rt.vm.NewObject()}
	it.given = rt.values.NewRecord([]string{"value", "done"}, goja.Undefined(), rt.vm.ToValue(false))
	it.result = rt.vm.NewDynamicObject(it.given)
	method := func(name string, f func(call goja.FunctionCall) goja.Value) error {
		// Not to be replaced: a rewritten loop relies on next.
		return it.object.DefineDataProperty(name, rt.vm.ToValue(f), goja.FLAG_FALSE, goja.FLAG_FALSE, goja.FLAG_TRUE)
	}
	err := errors.Join(
		method("next", func(goja.FunctionCall) goja.Value { return it.next() }),
		method("return", func(call goja.FunctionCall) goja.Value {
			it.stop()
			return rt.resolved(rt.iteratorResult(call.Argument(0), true))
		}),
		it.object.SetSymbol(rt.intrinsics.asyncIterator, func(goja.FunctionCall) goja.Value { return it.object }),
	)
	if err != nil {
		rt.Throw(err)
	}
	if rt.iterators == nil {
		rt.iterators = map[*goja.Object]*iterator{}
	}
	rt.iterators[it.object] = it
	return it.object, it.abort
}

// next gives the promise of the next record.
func (it *iterator) next() goja.Value {
	asked := it.asked
	it.asked, it.alone = false, false
	rt := it.rt
	switch {
	case it.waiting:
		promise, _, reject := rt.vm.NewPromise()
		if err := reject(rt.vm.NewTypeError("await a record before asking for the next one")); err != nil {
			rt.Throw(err)
		}
		return rt.vm.ToValue(promise)
	case it.at < len(it.batch):
		return rt.resolved(rt.iteratorResult(it.record(), false))
	case it.over:
		return rt.resolved(rt.iteratorResult(goja.Undefined(), true))
	}
	it.start()
	it.waiting = true
	done := it.batch
	it.batch, it.at = nil, 0
	return rt.Async(func(ctx context.Context) (func(*goja.Runtime) (goja.Value, error), error) {
		items, err := it.out.Take(ctx, done)
		return func(*goja.Runtime) (goja.Value, error) {
			it.waiting = false
			if len(items) == 0 {
				it.finish()
				return rt.iteratorResult(goja.Undefined(), true), err
			}
			it.batch, it.alone = items, asked
			return rt.iteratorResult(it.record(), false), nil
		}, nil
	})
}

// record takes the next record of the batch.
func (it *iterator) record() goja.Value {
	value := it.rt.values.Make(it.batch[it.at])
	it.batch[it.at] = nil
	it.at++
	return value
}

// start starts what fills the window, once.
func (it *iterator) start() {
	if it.produce == nil {
		return
	}
	produce := it.produce()
	it.produce = nil
	var ctx context.Context
	ctx, it.cancel = context.WithCancel(it.rt.Context())
	go func() {
		defer it.cancel()
		var err error
		if panicked := it.rt.Guard(func() { err = produce(ctx, it.out) }); panicked != nil {
			err = panicked
		}
		it.out.End(err, false)
	}()
}

// stop ends the records because the script wants no more.
func (it *iterator) stop() {
	it.cancel()
	it.finish()
	it.produce, it.batch, it.at = nil, nil, 0
	it.out.End(nil, true)
}

// abort ends the records with an error.
func (it *iterator) abort(err error) {
	if it.over {
		return
	}
	it.cancel()
	it.produce, it.batch, it.at, it.alone = nil, nil, 0, false
	it.out.End(err, true)
}

func (it *iterator) finish() {
	it.over, it.alone = true, false
	delete(it.rt.iterators, it.object)
}

// step is what a rewritten loop asks before it awaits next: the result of that, where it may go on
// at once, and undefined where it has to wait.
func (rt *Runtime) step(call goja.FunctionCall) goja.Value {
	object, ok := call.Argument(0).(*goja.Object)
	if !ok {
		return goja.Undefined()
	}
	it := rt.iterators[object]
	switch {
	case it == nil:
		return goja.Undefined()
	case it.at >= len(it.batch):
		it.asked = !it.waiting
		return goja.Undefined()
	case !it.alone || !rt.jobs.empty():
		it.alone = false // what is queued may be waited for by others, which is over with the next batch
		return goja.Undefined()
	}
	it.given.SetAt(0, it.record())
	return it.result
}

// iteratorResult makes {value, done}.
func (rt *Runtime) iteratorResult(value goja.Value, done bool) goja.Value {
	result := rt.vm.NewObject()
	if err := errors.Join(result.Set("value", value), result.Set("done", done)); err != nil {
		rt.Throw(err)
	}
	return result
}

// resolved is a promise that is fulfilled with a value.
func (rt *Runtime) resolved(value goja.Value) goja.Value {
	promise, resolve, _ := rt.vm.NewPromise()
	if err := resolve(value); err != nil {
		rt.Throw(err)
	}
	return rt.vm.ToValue(promise)
}
