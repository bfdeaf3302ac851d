// What all streams share: promises that scripts cannot change, queues, and the strategies that size
// them. The algorithms of the programs beside this one are those of the Streams Standard, under its
// names where there is no reason for others.
(function (native) {
	"use strict";
	const { describe, dictionary, callback } = native.part("idl");
	const { Promise } = globalThis;
	const then = Promise.prototype.then, { apply } = Reflect;

	// on calls one of two functions when a promise is settled.
	const on = (promise, fulfilled, rejected) => apply(then, promise, [fulfilled, rejected]);
	const nothing = () => {};
	const handled = (promise) => { on(promise, undefined, nothing); return promise; };
	const resolved = (value) => new Promise((resolve) => resolve(value));
	const rejected = (reason) => new Promise((_, reject) => reject(reason));
	// deferred is a promise with what settles it, and whether something has.
	function deferred() {
		const made = { settled: false };
		made.promise = new Promise((resolve, reject) => {
			made.resolve = (value) => { made.settled = true; resolve(value); };
			made.reject = (reason) => { made.settled = true; reject(reason); };
		});
		return made;
	}
	// calls makes a function of the algorithm that a script gave as a method, which returns a promise
	// of what the method does. Without a method it is a promise of nothing.
	function calls(method, target) {
		if (method === undefined) return () => resolved(undefined);
		return (...args) => {
			try {
				return resolved(apply(method, target, args));
			} catch (error) {
				return rejected(error);
			}
		};
	}
	// method is a member of an object with algorithms.
	function method(object, name, what) {
		const value = object[name];
		return value === undefined ? undefined : callback(value, `${name} of ${what}`);
	}

	// Queue holds values with their sizes.
	class Queue {
		items = []; head = 0; total = 0;
		get empty() { return this.head === this.items.length; }
		push(value, size) {
			size = Number(size);
			if (!(size >= 0) || size === Infinity) throw new RangeError("the size of a chunk is a number from 0 up, and not infinite");
			this.items.push({ value, size });
			this.total += size;
		}
		peek() { return this.items[this.head].value; }
		shift() {
			const { value, size } = this.items[this.head];
			this.items[this.head++] = undefined;
			if (this.head > 32 && this.head * 2 > this.items.length) {
				this.items = this.items.slice(this.head);
				this.head = 0;
			}
			this.total = Math.max(0, this.total - size);
			return value;
		}
		clear() { this.items = []; this.head = 0; this.total = 0; }
	}

	// strategy reads a queuing strategy.
	function strategy(given) {
		given = dictionary(given, "the strategy of a stream");
		const { highWaterMark } = given;
		const read = { highWaterMark: highWaterMark === undefined ? undefined : Number(highWaterMark), size: undefined };
		const { size } = given;
		if (size !== undefined) read.size = callback(size, "size of a strategy");
		return read;
	}
	function highWaterMark(read, otherwise) {
		if (read.highWaterMark === undefined) return otherwise;
		if (!(read.highWaterMark >= 0)) throw new RangeError("highWaterMark is a number from 0 up");
		return read.highWaterMark;
	}
	const sizeOf = (read) => read.size === undefined ? () => 1 : (chunk) => apply(read.size, undefined, [chunk]);

	const { get: tag } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag);
	const isBytes = (value) => apply(tag, value, []) === "Uint8Array";

	function mark(init, name) {
		if (init === undefined || init === null || typeof init !== "object" && typeof init !== "function" || init.highWaterMark === undefined) {
			throw new TypeError(`${name} needs an object with highWaterMark`);
		}
		return Number(init.highWaterMark);
	}
	const count = { size: () => 1 }.size;
	const bytes = { size: (chunk) => chunk.byteLength }.size;
	class CountQueuingStrategy {
		#mark;
		constructor(init) { this.#mark = mark(init, "CountQueuingStrategy"); }
		get highWaterMark() { return this.#mark; }
		get size() { void this.#mark; return count; }
	}
	class ByteLengthQueuingStrategy {
		#mark;
		constructor(init) { this.#mark = mark(init, "ByteLengthQueuingStrategy"); }
		get highWaterMark() { return this.#mark; }
		get size() { void this.#mark; return bytes; }
	}
	describe(CountQueuingStrategy);
	describe(ByteLengthQueuingStrategy);

	return {
		CountQueuingStrategy, ByteLengthQueuingStrategy, on, nothing, handled, resolved, rejected, deferred, calls, method, Queue, strategy, highWaterMark, sizeOf, isBytes,
		internal: Symbol("internal"),
	};
})
