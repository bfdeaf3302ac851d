// AbortController and AbortSignal. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, isObject, integer, sequence, needs } = native.part("idl");
	const { Event, EventTarget, fire, handlers } = native.part("events");
	const exception = (message, name) => new (native.part("exception").DOMException)(message, name);
	const { setInterval, clearInterval } = native;

	const key = Symbol("made here");
	let stateOf;
	class AbortSignal extends EventTarget {
		// algorithms run before listeners; dependents are the signals of any() that are aborted with
		// this one, and sources those that they were made of.
		#s = { aborted: false, reason: undefined, algorithms: new Set(), dependents: new Set(), sources: new Set(), dependent: false };
		constructor(given = undefined) {
			if (given !== key) throw new TypeError("Illegal constructor: an AbortSignal comes from an AbortController, AbortSignal.abort, timeout or any");
			super();
		}
		get aborted() { return this.#s.aborted; }
		get reason() { return this.#s.reason; }
		throwIfAborted() { if (this.#s.aborted) throw this.#s.reason; }
		static abort(reason = undefined) {
			const signal = new AbortSignal(key);
			Object.assign(stateOf(signal), { aborted: true, reason: reasonOf(reason) });
			return signal;
		}
		// A clock that nobody waits for must not keep a run alive: an interval does not, a timeout
		// would.
		static timeout(milliseconds) {
			needs(arguments.length, 1, "AbortSignal.timeout");
			const ms = integer(milliseconds, 64, "the time"), signal = new AbortSignal(key);
			const timer = setInterval(() => {
				clearInterval(timer);
				abort(signal, exception(`the operation took longer than ${ms} ms`, "TimeoutError"));
			}, ms);
			return signal;
		}
		static any(signals) {
			needs(arguments.length, 1, "AbortSignal.any");
			const all = sequence(signals, "what AbortSignal.any takes");
			for (const source of all) {
				if (!isSignal(source)) throw new TypeError("AbortSignal.any takes AbortSignals");
			}
			const signal = new AbortSignal(key), s = stateOf(signal);
			const aborted = all.find((source) => stateOf(source).aborted);
			if (aborted !== undefined) {
				Object.assign(s, { aborted: true, reason: stateOf(aborted).reason });
				return signal;
			}
			s.dependent = true;
			for (const given of all) {
				for (const source of stateOf(given).dependent ? stateOf(given).sources : [given]) {
					s.sources.add(source);
					stateOf(source).dependents.add(signal);
				}
			}
			return signal;
		}
		static { stateOf = (signal) => signal.#s; }
	}
	handlers(AbortSignal, ["abort"]);
	describe(AbortSignal);
	const isSignal = (value) => { try { return isObject(value) && stateOf(value) !== undefined; } catch { return false; } };
	const reasonOf = (reason) => reason === undefined ? exception("the operation was aborted", "AbortError") : reason;

	function abort(signal, reason) {
		const s = stateOf(signal);
		if (s.aborted) return;
		Object.assign(s, { aborted: true, reason: reasonOf(reason) });
		const dependents = [...s.dependents].filter((dependent) => !stateOf(dependent).aborted);
		for (const dependent of dependents) Object.assign(stateOf(dependent), { aborted: true, reason: s.reason });
		for (const one of [signal, ...dependents]) tell(one);
	}
	function tell(signal) {
		const s = stateOf(signal), algorithms = [...s.algorithms];
		s.algorithms.clear();
		for (const source of s.sources) stateOf(source).dependents.delete(signal);
		for (const f of algorithms) f();
		fire(signal, new Event("abort"));
	}
	// follow has f called when a signal is aborted, before its listeners, and returns what takes that
	// back.
	function follow(signal, f) {
		const { algorithms } = stateOf(signal);
		algorithms.add(f);
		return () => { algorithms.delete(f); };
	}

	class AbortController {
		#signal = new AbortSignal(key);
		get signal() { return this.#signal; }
		abort(reason = undefined) { abort(this.#signal, reason); }
	}
	describe(AbortController);

	return {
		AbortSignal, AbortController, isSignal, follow, newController: () => new AbortController(), abortController: (controller, reason) => abort(controller.signal, reason),
		newSignal: () => new AbortSignal(key), dependent: (signals) => AbortSignal.any(signals),
	};
})
