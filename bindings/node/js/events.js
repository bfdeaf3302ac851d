// The module events.
(function (native, require) {
	"use strict";
	const kCapture = Symbol("nodejs.rejection");

	function check(listener) {
		if (typeof listener === "function") return;
		const error = new TypeError(`The "listener" argument must be of type function. Received ${listener === null || listener === undefined ? listener : typeof listener === "object" ? `an instance of ${listener.constructor?.name ?? "Object"}` : `type ${typeof listener} (${String(listener)})`}`);
		error.code = "ERR_INVALID_ARG_TYPE";
		throw error;
	}

	// A function and no class: packages call it on objects of their own.
	function EventEmitter(options) { EventEmitter.init.call(this, options); }
	EventEmitter.init = function () {
		if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
			this._events = Object.create(null);
			this._eventsCount = 0;
		}
		this._maxListeners = this._maxListeners || undefined;
	};
	EventEmitter.prototype._events = undefined;
	EventEmitter.prototype._eventsCount = 0;
	EventEmitter.prototype._maxListeners = undefined;

	function eventsOf(emitter) {
		if (emitter._events === undefined) { emitter._events = Object.create(null); emitter._eventsCount = 0; }
		return emitter._events;
	}

	function add(emitter, type, listener, first) {
		check(listener);
		const events = eventsOf(emitter);
		if (events.newListener !== undefined) emitter.emit("newListener", type, listener.listener ?? listener);
		const list = eventsOf(emitter)[type];
		if (list === undefined) { emitter._events[type] = listener; emitter._eventsCount++; }
		else if (typeof list === "function") emitter._events[type] = first ? [listener, list] : [list, listener];
		else if (first) list.unshift(listener);
		else list.push(listener);
		return emitter;
	}
	function once(emitter, type, listener) {
		check(listener);
		const wrapped = function (...args) {
			emitter.removeListener(type, wrapped);
			return listener.apply(emitter, args);
		};
		wrapped.listener = listener;
		return wrapped;
	}
	function listOf(emitter, type) {
		const list = emitter._events?.[type];
		return list === undefined ? [] : typeof list === "function" ? [list] : list.slice();
	}

	const methods = {
		on(type, listener) { return add(this, type, listener, false); },
		addListener(type, listener) { return add(this, type, listener, false); },
		prependListener(type, listener) { return add(this, type, listener, true); },
		once(type, listener) { return this.on(type, once(this, type, listener)); },
		prependOnceListener(type, listener) { return this.prependListener(type, once(this, type, listener)); },
		removeListener(type, listener) {
			check(listener);
			const list = this._events?.[type];
			if (list === undefined) return this;
			if (list === listener || list.listener === listener) {
				delete this._events[type];
				this._eventsCount--;
			} else if (typeof list !== "function") {
				const at = list.findLastIndex((each) => each === listener || each.listener === listener);
				if (at < 0) return this;
				const rest = list.toSpliced(at, 1);
				this._events[type] = rest.length === 1 ? rest[0] : rest;
			} else return this;
			if (this._events.removeListener !== undefined) this.emit("removeListener", type, listener.listener ?? listener);
			return this;
		},
		off(type, listener) { return this.removeListener(type, listener); },
		removeAllListeners(type) {
			const events = this._events;
			if (events === undefined) return this;
			if (events.removeListener === undefined) {
				if (type === undefined) { this._events = Object.create(null); this._eventsCount = 0; }
				else if (events[type] !== undefined) { delete events[type]; this._eventsCount--; }
				return this;
			}
			const types = type === undefined ? Reflect.ownKeys(events).filter((key) => key !== "removeListener") : [type];
			for (const each of types) for (const listener of listOf(this, each).reverse()) this.removeListener(each, listener);
			if (type === undefined) { this._events = Object.create(null); this._eventsCount = 0; }
			return this;
		},
		emit(type, ...args) {
			const list = this._events?.[type];
			if (list === undefined) {
				if (type !== "error") return false;
				if (args[0] instanceof Error) throw args[0];
				const error = new Error(`Unhandled error. (${typeof args[0] === "string" ? `'${args[0]}'` : String(args[0])})`);
				error.context = args[0];
				error.code = "ERR_UNHANDLED_ERROR";
				throw error;
			}
			if (typeof list === "function") list.apply(this, args);
			else for (const listener of list.slice()) listener.apply(this, args);
			return true;
		},
		listeners(type) { return listOf(this, type).map((listener) => listener.listener ?? listener); },
		rawListeners(type) { return listOf(this, type); },
		listenerCount(type) { return listOf(this, type).length; },
		eventNames() { return this._events === undefined ? [] : Reflect.ownKeys(this._events); },
		setMaxListeners(n) {
			if (typeof n !== "number" || n < 0 || Number.isNaN(n)) throw new RangeError(`The value of "n" is out of range. It must be a non-negative number. Received ${n}`);
			this._maxListeners = n;
			return this;
		},
		getMaxListeners() { return this._maxListeners ?? EventEmitter.defaultMaxListeners; },
	};
	for (const [name, value] of Object.entries(methods)) Object.defineProperty(EventEmitter.prototype, name, { value, writable: true, enumerable: true, configurable: true });

	function abortError(signal) {
		const error = new Error("The operation was aborted", { cause: signal.reason });
		error.name = "AbortError";
		error.code = "ABORT_ERR";
		return error;
	}

	EventEmitter.once = function (emitter, type, options = {}) {
		return new Promise((resolve, reject) => {
			const { signal } = options;
			if (signal?.aborted) return reject(abortError(signal));
			if (typeof emitter.addEventListener === "function" && typeof emitter.once !== "function") {
				emitter.addEventListener(type, (event) => resolve([event]), { once: true });
				return undefined;
			}
			const clean = () => {
				emitter.removeListener(type, done);
				emitter.removeListener("error", failed);
				signal?.removeEventListener("abort", aborted);
			};
			const done = (...args) => { clean(); resolve(args); };
			const failed = (error) => { clean(); reject(error); };
			const aborted = () => { clean(); reject(abortError(signal)); };
			emitter.once(type, done);
			if (type !== "error") emitter.once("error", failed);
			signal?.addEventListener("abort", aborted, { once: true });
			return undefined;
		});
	};

	EventEmitter.on = function (emitter, type, options = {}) {
		const values = [], waiting = [];
		let failure, over = false;
		const push = (...args) => { if (waiting.length > 0) waiting.shift().resolve({ value: args, done: false }); else values.push(args); };
		const fail = (error) => { if (waiting.length > 0) waiting.shift().reject(error); else failure = error; finish(); };
		const finish = () => {
			over = true;
			emitter.removeListener(type, push);
			emitter.removeListener("error", fail);
			for (const each of waiting.splice(0)) each.resolve({ value: undefined, done: true });
		};
		emitter.on(type, push);
		if (type !== "error") emitter.on("error", fail);
		if (options.signal?.aborted) throw abortError(options.signal);
		options.signal?.addEventListener("abort", () => fail(abortError(options.signal)), { once: true });
		return {
			next() {
				if (values.length > 0) return Promise.resolve({ value: values.shift(), done: false });
				if (failure !== undefined) { const error = failure; failure = undefined; return Promise.reject(error); }
				if (over) return Promise.resolve({ value: undefined, done: true });
				return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
			},
			return() { finish(); return Promise.resolve({ value: undefined, done: true }); },
			throw(error) { fail(error); return Promise.reject(error); },
			[Symbol.asyncIterator]() { return this; },
		};
	};
	EventEmitter.listenerCount = (emitter, type) => emitter.listenerCount(type);
	EventEmitter.getEventListeners = (emitter, type) => emitter.listeners?.(type) ?? [];
	EventEmitter.setMaxListeners = (n, ...emitters) => { if (emitters.length === 0) EventEmitter.defaultMaxListeners = n; for (const emitter of emitters) emitter.setMaxListeners?.(n); };
	EventEmitter.getMaxListeners = (emitter) => emitter.getMaxListeners?.() ?? EventEmitter.defaultMaxListeners;
	EventEmitter.addAbortListener = (signal, listener) => { if (signal.aborted) queueMicrotask(listener); else signal.addEventListener("abort", listener, { once: true }); };
	EventEmitter.defaultMaxListeners = 10;
	EventEmitter.errorMonitor = Symbol("events.errorMonitor");
	EventEmitter.captureRejectionSymbol = kCapture;
	EventEmitter.captureRejections = false;
	EventEmitter.usingDomains = false;
	EventEmitter.EventEmitter = EventEmitter;
	return EventEmitter;
})
