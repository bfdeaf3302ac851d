// WeakRef, FinalizationRegistry and Error.captureStackTrace, as far as they can be had: the engine
// tells nobody when an object could go, so a reference holds its object and callbacks are not
// called.
(function () {
	"use strict";
	const { defineProperty } = Object;
	const isObject = (value) => typeof value === "object" && value !== null || typeof value === "function" || typeof value === "symbol" && Symbol.keyFor(value) === undefined;
	const tagged = (Class) => defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });

	class WeakRef {
		#target;
		constructor(target) {
			if (!isObject(target)) throw new TypeError("a WeakRef refers to an object");
			this.#target = target;
		}
		deref() { return this.#target; }
	}
	tagged(WeakRef);

	class FinalizationRegistry {
		// tokens are those that were registered with, so that unregister can tell.
		#tokens = new WeakSet();
		constructor(cleanup) { if (typeof cleanup !== "function") throw new TypeError("a FinalizationRegistry has a callback"); }
		register(target, held, token = undefined) {
			void this.#tokens;
			if (!isObject(target)) throw new TypeError("only objects are registered");
			if (Object.is(target, held)) throw new TypeError("the held value is not the target itself");
			if (token === undefined) return;
			if (!isObject(token)) throw new TypeError("the token is an object");
			if (typeof token !== "symbol") this.#tokens.add(token);
		}
		unregister(token) {
			void this.#tokens;
			if (!isObject(token)) throw new TypeError("the token is an object");
			return typeof token !== "symbol" && this.#tokens.delete(token);
		}
	}
	tagged(FinalizationRegistry);

	const { toString } = Error.prototype;
	// captureStackTrace sets the stack of an object to where it is called, less the calls down from a
	// function.
	function captureStackTrace(target, above) {
		const frames = new Error().stack.split("\n").filter((line) => /^\s*at /.test(line));
		// This function, and the native that calls it.
		let from = frames.findIndex((line) => !/captureStackTrace|\(native\)/.test(line));
		if (typeof above === "function" && above.name !== "") {
			const at = frames.findIndex((line) => line.trim().slice(3).split(" ")[0] === above.name);
			if (at >= 0) from = at + 1;
		}
		const head = `${Reflect.apply(toString, target, [])}`;
		defineProperty(target, "stack", { value: [head, ...frames.slice(Math.max(from, 0))].join("\n"), writable: true, enumerable: false, configurable: true });
	}

	return { WeakRef, FinalizationRegistry, captureStackTrace };
})
