// DOMException, Event, EventTarget, AbortController and AbortSignal, in the form that the engine
// runs without a build. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { setInterval, clearInterval, queueMicrotask } = native;

	const codes = {
		IndexSizeError: 1, HierarchyRequestError: 3, InvalidCharacterError: 5, NotFoundError: 8, NotSupportedError: 9, InvalidStateError: 11,
		SyntaxError: 12, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21, QuotaExceededError: 22,
		TimeoutError: 23, DataCloneError: 25,
	};
	class DOMException extends Error {
		constructor(message = "", options = "Error") {
			const named = typeof options === "object" && options !== null;
			super(String(message), named && "cause" in options ? { cause: options.cause } : undefined);
			const name = named ? options.name ?? "Error" : options;
			Object.defineProperty(this, "name", { value: String(name), writable: true, enumerable: false, configurable: true });
		}
		get code() { return codes[this.name] ?? 0; }
	}

	// dispatching holds what EventTarget sets on an event on its way; nobody else can.
	let setTarget;
	class Event {
		#type; #cancelable; #bubbles; #target = null; #prevented = false; #stopped = false;
		#time = native.now();
		constructor(type, options = {}) {
			if (arguments.length === 0) throw new TypeError("an Event needs a type");
			this.#type = String(type);
			this.#cancelable = Boolean(options?.cancelable);
			this.#bubbles = Boolean(options?.bubbles);
		}
		get type() { return this.#type; }
		get target() { return this.#target; }
		get currentTarget() { return this.#target; }
		get cancelable() { return this.#cancelable; }
		get bubbles() { return this.#bubbles; }
		get defaultPrevented() { return this.#prevented; }
		get timeStamp() { return this.#time; }
		preventDefault() { if (this.#cancelable) this.#prevented = true; }
		stopPropagation() { }
		stopImmediatePropagation() { this.#stopped = true; }
		static { setTarget = { set: (event, target) => { event.#target = target; event.#stopped = false; }, stopped: (event) => event.#stopped }; }
	}

	class EventTarget {
		#listeners = new Map();
		addEventListener(type, listener, options) {
			if (listener === null || listener === undefined) return;
			if (typeof listener !== "function" && typeof listener !== "object") throw new TypeError("a listener is a function, or an object with handleEvent");
			const { once = false, signal } = typeof options === "object" && options !== null ? options : {};
			if (signal?.aborted) return;
			type = String(type);
			const list = this.#listeners.get(type) ?? [];
			if (list.some((entry) => entry.listener === listener)) return;
			const entry = { listener, once: Boolean(once), removed: false };
			this.#listeners.set(type, [...list, entry]);
			signal?.addEventListener("abort", () => this.removeEventListener(type, listener), { once: true });
		}
		removeEventListener(type, listener) {
			type = String(type);
			const list = this.#listeners.get(type);
			const entry = list?.find((entry) => entry.listener === listener);
			if (entry === undefined) return;
			entry.removed = true;
			const rest = list.filter((other) => other !== entry);
			if (rest.length > 0) this.#listeners.set(type, rest); else this.#listeners.delete(type);
		}
		dispatchEvent(event) {
			if (!(event instanceof Event)) throw new TypeError("dispatchEvent takes an Event");
			setTarget.set(event, this);
			for (const entry of this.#listeners.get(event.type) ?? []) {
				if (entry.removed) continue;
				if (entry.once) this.removeEventListener(event.type, entry.listener);
				try {
					if (typeof entry.listener === "function") entry.listener.call(this, event);
					else entry.listener.handleEvent(event);
				} catch (error) {
					// One listener's error must not keep the event from the others, nor from
					// failing the run: it comes up as a rejection that nobody handles.
					Promise.reject(error);
				}
				if (setTarget.stopped(event)) break;
			}
			return !event.defaultPrevented;
		}
	}

	const key = Symbol("carjs");
	let abort;
	class AbortSignal extends EventTarget {
		#aborted = false; #reason = undefined; #onabort = null;
		constructor(given) {
			if (given !== key) throw new TypeError("an AbortSignal comes from an AbortController, AbortSignal.abort, timeout or any");
			super();
		}
		get aborted() { return this.#aborted; }
		get reason() { return this.#reason; }
		get onabort() { return this.#onabort; }
		set onabort(handler) {
			if (this.#onabort) this.removeEventListener("abort", this.#onabort);
			this.#onabort = typeof handler === "function" ? handler : null;
			if (this.#onabort) this.addEventListener("abort", this.#onabort);
		}
		throwIfAborted() { if (this.#aborted) throw this.#reason; }

		static abort(reason) {
			const signal = new AbortSignal(key);
			abort(signal, reason);
			return signal;
		}
		// A clock that nobody waits for must not keep a run alive: an interval does not, a timeout
		// would.
		static timeout(milliseconds) {
			const ms = Number(milliseconds);
			if (!(ms >= 0)) throw new RangeError("AbortSignal.timeout takes a number of milliseconds");
			const signal = new AbortSignal(key);
			const timer = setInterval(() => {
				clearInterval(timer);
				abort(signal, new DOMException(`the operation took longer than ${ms} ms`, "TimeoutError"));
			}, ms);
			return signal;
		}
		static any(signals) {
			const all = Array.from(signals);
			for (const source of all) {
				if (!(source instanceof AbortSignal)) throw new TypeError("AbortSignal.any takes AbortSignals");
			}
			const aborted = all.find((source) => source.aborted);
			if (aborted) return AbortSignal.abort(aborted.reason);
			const signal = new AbortSignal(key);
			const follow = (event) => {
				for (const source of all) source.removeEventListener("abort", follow);
				abort(signal, event.target.reason);
			};
			for (const source of all) source.addEventListener("abort", follow);
			return signal;
		}
		static {
			abort = (signal, reason) => {
				if (signal.#aborted) return;
				signal.#aborted = true;
				signal.#reason = reason === undefined ? new DOMException("the operation was aborted", "AbortError") : reason;
				signal.dispatchEvent(new Event("abort"));
			};
		}
	}

	class AbortController {
		#signal = new AbortSignal(key);
		get signal() { return this.#signal; }
		abort(reason) { abort(this.#signal, reason); }
	}

	return { DOMException, Event, EventTarget, AbortSignal, AbortController };
})
