// MessageChannel and MessagePort. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, needs, sequence, isObject } = native.part("idl");
	const { Event, EventTarget, fire, handlers } = native.part("events");
	const { MessageEvent } = native.part("kinds");
	const { setImmediate } = native;

	const key = Symbol("made here");
	let stateOf;
	class MessagePort extends EventTarget {
		#s = { other: undefined, queue: [], started: false, closed: false, scheduled: false };
		constructor(given = undefined) {
			if (given !== key) throw new TypeError("Illegal constructor: ports come from a MessageChannel");
			super();
		}
		postMessage(message, options = []) {
			const { other } = this.#s;
			needs(arguments.length, 1, "postMessage");
			const listed = isObject(options) && typeof options[Symbol.iterator] === "function" ? options : options?.transfer ?? [];
			const transfer = sequence(listed, "what is transferred");
			const { value, ports } = native.part("clone").transferred(message, transfer, this);
			if (other === undefined || stateOf(other).closed) return;
			stateOf(other).queue.push({ data: value, ports });
			deliver(other);
		}
		start() {
			this.#s.started = true;
			deliver(this);
		}
		close() {
			const s = this.#s;
			if (s.closed) return;
			s.closed = true;
			s.queue = [];
			const { other } = s;
			if (other !== undefined && !stateOf(other).closed) {
				stateOf(other).closed = true;
				setImmediate(() => fire(other, new Event("close")));
			}
		}
		static { stateOf = (port) => port.#s; }
	}
	handlers(MessagePort, ["message", "messageerror", "close"]);
	// To set a handler for messages opens the port.
	const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
	Object.defineProperty(MessagePort.prototype, "onmessage", { get, set(handler) { Reflect.apply(set, this, [handler]); this.start(); }, enumerable: true, configurable: true });
	describe(MessagePort);

	// deliver has the messages that wait told, one in each turn of the event loop.
	function deliver(port) {
		const s = stateOf(port);
		if (!s.started || s.scheduled || s.queue.length === 0) return;
		s.scheduled = true;
		setImmediate(() => {
			s.scheduled = false;
			if (s.closed || s.queue.length === 0) return;
			const { data, ports } = s.queue.shift();
			fire(port, new MessageEvent("message", { data, ports }));
			deliver(port);
		});
	}

	class MessageChannel {
		#one = new MessagePort(key); #other = new MessagePort(key);
		constructor() {
			stateOf(this.#one).other = this.#other;
			stateOf(this.#other).other = this.#one;
		}
		get port1() { return this.#one; }
		get port2() { return this.#other; }
	}
	describe(MessageChannel);

	// move has another port take the place of one, which is of no use afterwards.
	function move(port, to) {
		const s = stateOf(port), { other } = s;
		Object.assign(stateOf(to), { other, queue: s.queue, closed: s.closed });
		if (other !== undefined) stateOf(other).other = to;
		Object.assign(s, { other: undefined, queue: [], closed: true, moved: true });
	}
	const isPort = (value) => { try { return isObject(value) && stateOf(value) !== undefined; } catch { return false; } };

	return { MessageChannel, MessagePort, isPort, move, stand: () => new MessagePort(key), wasMoved: (port) => stateOf(port).moved === true };
})
