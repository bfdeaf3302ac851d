// The module console: the global.
(function (native, require) {
	"use strict";
	return globalThis.console;
})
