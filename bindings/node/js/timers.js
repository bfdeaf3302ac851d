// The module timers. A timer that a package unrefs still keeps the run alive.
(function (native, require) {
	"use strict";
	class Immediate {
		constructor(timer) { this.timer = timer; }
		ref() { return this; }
		unref() { return this; }
		hasRef() { return true; }
		[Symbol.toPrimitive]() { return Number(this.timer); }
	}
	function setImmediate(callback, ...args) {
		if (typeof callback !== "function") throw new TypeError("The \"callback\" argument must be of type function");
		return new Immediate(globalThis.setTimeout(() => callback(...args), 0));
	}
	function clearImmediate(immediate) { globalThis.clearTimeout(immediate?.timer); }
	return {
		setImmediate, clearImmediate,
		get setTimeout() { return globalThis.setTimeout; }, get clearTimeout() { return globalThis.clearTimeout; },
		get setInterval() { return globalThis.setInterval; }, get clearInterval() { return globalThis.clearInterval; },
		get promises() { return require("node:timers/promises"); },
	};
})
