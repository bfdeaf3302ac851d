package script

import "runtime/debug"

// placeOfNative gives an error the place where the script called the native that it is in. It is
// called from another goroutine than the script's, without a lock that the engine knows: the native
// has been interrupted and has not come back, so that nobody changes the engine's stack. Should it
// come back right now, what is read may be torn; then the place is missing, as it is under the race
// detector, which cannot know any of this.
func (rt *Runtime) placeOfNative(e *Error) {
	if raced {
		return
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			e.Stack, e.CodeFrame = nil, ""
		}
	}()
	rt.place(e, rt.vm.CaptureCallStack(0, nil))
}
