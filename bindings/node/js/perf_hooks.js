// The module perf_hooks.
(function (native, require) {
	"use strict";
	return { get performance() { return globalThis.performance; }, constants: {} };
})
