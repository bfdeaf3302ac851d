// Event, its kinds, and EventTarget. typings/globals.d.ts says what each does. There is no tree: an
// event goes to its target alone.
(function (native) {
	"use strict";
	const { describe, constants, dictionary, needs, string, isObject } = native.part("idl");

	// stateOf is what only a target may see and change of an event on its way.
	let stateOf;
	const isTrusted = { isTrusted() { return stateOf(this).trusted; } }.isTrusted;
	Object.defineProperty(isTrusted, "name", { value: "get isTrusted" });
	class Event {
		#s;
		constructor(type, init = {}) {
			needs(arguments.length, 1, "Event");
			type = string(type);
			const { bubbles, cancelable, composed } = dictionary(init, "the second argument of Event");
			this.#s = {
				type, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed), trusted: false, target: null, current: null, phase: 0,
				prevented: false, stopped: false, stoppedNow: false, passive: false, dispatching: false, initialized: true, time: native.now(),
			};
			Object.defineProperty(this, "isTrusted", { get: isTrusted, enumerable: true });
		}
		get type() { return this.#s.type; }
		get target() { return this.#s.target; }
		get srcElement() { return this.#s.target; }
		get currentTarget() { return this.#s.current; }
		composedPath() { return this.#s.current === null ? [] : [this.#s.current]; }
		get eventPhase() { return this.#s.phase; }
		stopPropagation() { this.#s.stopped = true; }
		get cancelBubble() { return this.#s.stopped; }
		set cancelBubble(value) { if (value) this.#s.stopped = true; }
		stopImmediatePropagation() { this.#s.stopped = this.#s.stoppedNow = true; }
		get bubbles() { return this.#s.bubbles; }
		get cancelable() { return this.#s.cancelable; }
		get returnValue() { return !this.#s.prevented; }
		set returnValue(value) { if (!value) this.preventDefault(); }
		preventDefault() { if (this.#s.cancelable && !this.#s.passive) this.#s.prevented = true; }
		get defaultPrevented() { return this.#s.prevented; }
		get composed() { return this.#s.composed; }
		get timeStamp() { return this.#s.time; }
		initEvent(type, bubbles = false, cancelable = false) {
			const s = this.#s;
			needs(arguments.length, 1, "initEvent");
			if (s.dispatching) return;
			Object.assign(s, {
				type: string(type), bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), initialized: true, stopped: false, stoppedNow: false, prevented: false,
				trusted: false, target: null,
			});
		}
		static { stateOf = (event) => event.#s; }
	}
	describe(Event);
	constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
	const isEvent = (value) => { try { return isObject(value) && stateOf(value) !== undefined; } catch { return false; } };

	// report is what becomes of an error that nobody can catch: it comes up as a rejection that nobody
	// handles, which fails the run.
	const report = (error) => { Promise.reject(error); };

	let listenersOf;
	class EventTarget {
		#listeners = [];
		addEventListener(type, listener, options = {}) {
			const all = listenersOf(this);
			needs(arguments.length, 2, "addEventListener");
			type = string(type);
			if (listener !== null && listener !== undefined && !isObject(listener)) throw new TypeError("a listener is a function, or an object with handleEvent");
			const { capture, once, passive, signal } = isObject(options) ? options : { capture: options };
			if (signal !== undefined && !native.part("abort").isSignal(signal)) throw new TypeError("signal is an AbortSignal");
			if (listener === null || listener === undefined || signal?.aborted) return;
			if (all.some((entry) => entry.type === type && entry.listener === listener && entry.capture === Boolean(capture))) return;
			const entry = { type, listener, capture: Boolean(capture), once: Boolean(once), passive: Boolean(passive), removed: false };
			all.push(entry);
			if (signal !== undefined) native.part("abort").follow(signal, () => remove(all, entry));
		}
		removeEventListener(type, listener, options = {}) {
			const all = listenersOf(this);
			needs(arguments.length, 2, "removeEventListener");
			type = string(type);
			if (listener !== null && listener !== undefined && !isObject(listener)) throw new TypeError("a listener is a function, or an object with handleEvent");
			const capture = Boolean(isObject(options) ? options.capture : options);
			const entry = all.find((entry) => entry.type === type && entry.listener === listener && entry.capture === capture);
			if (entry !== undefined) remove(all, entry);
		}
		dispatchEvent(event) {
			void listenersOf(this);
			needs(arguments.length, 1, "dispatchEvent");
			if (!isEvent(event)) throw new TypeError("dispatchEvent takes an Event");
			const s = stateOf(event);
			if (s.dispatching || !s.initialized) throw new (native.part("exception").DOMException)("the event is on its way already", "InvalidStateError");
			s.trusted = false;
			return dispatch(this, event);
		}
		static {
			// Methods that are called without an object are those of the global one, which has no
			// listeners of its own: it is told of nothing.
			listenersOf = (target) => (target ?? globalTarget()).#listeners;
		}
	}
	describe(EventTarget);
	let onlyOne;
	const globalTarget = () => onlyOne ??= new EventTarget();

	function remove(all, entry) {
		entry.removed = true;
		const at = all.indexOf(entry);
		if (at >= 0) all.splice(at, 1);
	}

	function dispatch(target, event) {
		const s = stateOf(event);
		s.dispatching = true;
		s.target = s.current = target;
		s.phase = 2;
		const all = listenersOf(target), now = all.filter((entry) => entry.type === s.type);
		for (const entry of s.stopped ? [] : [...now.filter((entry) => entry.capture), ...now.filter((entry) => !entry.capture)]) {
			if (entry.removed) continue;
			// Without a tree, one who stops the event in the first phase keeps it from the second.
			if (s.stopped && !entry.capture && s.stoppedIn === true) break;
			if (entry.once) remove(all, entry);
			s.passive = entry.passive;
			try {
				call(entry.listener, target, event);
			} catch (error) {
				// One listener's error must not keep the event from the others.
				report(error);
			}
			s.passive = false;
			if (s.stopped && entry.capture) s.stoppedIn = true;
			if (s.stoppedNow) break;
		}
		s.phase = 0;
		s.current = null;
		s.dispatching = s.stopped = s.stoppedNow = s.stoppedIn = false;
		return !s.prevented;
	}
	function call(listener, target, event) {
		if (typeof listener === "function") {
			Reflect.apply(listener, target, [event]);
			return;
		}
		const { handleEvent } = listener;
		if (typeof handleEvent !== "function") throw new TypeError("a listener is a function, or an object with handleEvent");
		Reflect.apply(handleEvent, listener, [event]);
	}
	// fire dispatches an event of the platform itself.
	function fire(target, event) {
		stateOf(event).trusted = true;
		return dispatch(target, event);
	}
	// handlers gives a class a property such as onabort for each type of event.
	function handlers(Class, types) {
		const states = new WeakMap();
		for (const type of types) {
			Object.defineProperty(Class.prototype, `on${type}`, {
				...Object.getOwnPropertyDescriptor({
					get [`on${type}`]() { void listenersOf(this); return states.get(this)?.[type]?.handler ?? null; },
					set [`on${type}`](handler) {
						const all = listenersOf(this), held = states.get(this) ?? {};
						states.set(this, held);
						const before = held[type];
						if (!isObject(handler)) {
							if (before !== undefined) this.removeEventListener(type, before.listener);
							held[type] = undefined;
						} else if (before !== undefined) before.handler = handler; // its place among the listeners stays
						else {
							const made = held[type] = { handler };
							made.listener = function (event) {
								if (typeof made.handler === "function" && Reflect.apply(made.handler, this, [event]) === false) event.preventDefault();
							};
							all.push({ type, listener: made.listener, capture: false, once: false, passive: false, removed: false });
						}
					},
				}, `on${type}`), enumerable: true, configurable: true,
			});
		}
	}

	function reportError(error) {
		needs(arguments.length, 1, "reportError");
		report(error);
	}

	return { Event, EventTarget, reportError, fire, handlers, onTheWay: (event) => stateOf(event).dispatching };
})
