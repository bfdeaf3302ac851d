// ReadableStream and its reader, in the form that the engine runs without a build. What a stream does
// is what the Streams Standard says of streams with a default reader. typings/globals.d.ts says what
// each does.
(function (native) {
	"use strict";
	const internal = Symbol("internal");
	const nothing = () => {};
	const handled = (promise) => { promise.catch(nothing); return promise; };
	// settled calls f and is a promise of what comes of it, also where f throws.
	const settled = (f) => new Promise((resolve) => resolve(f()));
	const positive = (value, name) => {
		value = Number(value);
		if (Number.isNaN(value) || value < 0) throw new RangeError(`${name} is a number from 0 up`);
		return value;
	};

	// Core is what a stream, its controller and its reader share.
	class Core {
		state = "readable"; error = undefined; disturbed = false; reader = undefined;
		queue = []; size = 0; requests = [];
		started = false; pulling = false; again = false; closing = false;
		constructor(source, highWaterMark, sizeOf) {
			this.source = source;
			this.highWaterMark = highWaterMark;
			this.sizeOf = sizeOf;
		}
		start(controller) {
			this.controller = controller;
			const result = this.source.start?.(controller); // may throw, and then the constructor does
			settled(() => result).then(() => {
				this.started = true;
				this.pull();
			}, (error) => this.fail(error));
		}
		get desired() {
			if (this.state === "errored") return null;
			return this.state === "closed" ? 0 : this.highWaterMark - this.size;
		}
		pull() {
			const wanted = this.state === "readable" && !this.closing && this.started && (this.requests.length > 0 || this.desired > 0);
			if (!wanted || this.source.pull === undefined) return;
			if (this.pulling) {
				this.again = true;
				return;
			}
			this.pulling = true;
			settled(() => this.source.pull(this.controller)).then(() => {
				this.pulling = false;
				if (this.again) {
					this.again = false;
					this.pull();
				}
			}, (error) => this.fail(error));
		}
		enqueue(chunk) {
			if (this.closing || this.state !== "readable") throw new TypeError("the stream takes no more chunks: it was closed or has failed");
			if (this.requests.length > 0) this.requests.shift().resolve({ value: chunk, done: false });
			else {
				let size;
				try {
					size = positive(this.sizeOf === undefined ? 1 : this.sizeOf(chunk), "the size of a chunk");
					if (size === Infinity) throw new RangeError("the size of a chunk is finite");
				} catch (error) {
					this.fail(error);
					throw error;
				}
				this.queue.push({ chunk, size });
				this.size += size;
			}
			this.pull();
		}
		close() {
			if (this.closing || this.state !== "readable") throw new TypeError("the stream was closed already or has failed");
			this.closing = true;
			if (this.queue.length === 0) this.finish();
		}
		finish() {
			if (this.state !== "readable") return;
			this.state = "closed";
			for (const request of this.requests.splice(0)) request.resolve({ value: undefined, done: true });
			this.reader?.resolve();
		}
		fail(error) {
			if (this.state !== "readable") return;
			this.state = "errored";
			this.error = error;
			this.clear();
			for (const request of this.requests.splice(0)) request.reject(error);
			this.reader?.reject(error);
		}
		clear() {
			this.queue = [];
			this.size = 0;
		}
		read() {
			this.disturbed = true;
			if (this.state === "errored") return Promise.reject(this.error);
			if (this.queue.length > 0) {
				const { chunk, size } = this.queue.shift();
				this.size = Math.max(0, this.size - size);
				if (this.closing && this.queue.length === 0) this.finish();
				else this.pull();
				return Promise.resolve({ value: chunk, done: false });
			}
			if (this.state === "closed") return Promise.resolve({ value: undefined, done: true });
			const promise = new Promise((resolve, reject) => { this.requests.push({ resolve, reject }); });
			this.pull();
			return promise;
		}
		cancel(reason) {
			this.disturbed = true;
			if (this.state === "closed") return Promise.resolve();
			if (this.state === "errored") return Promise.reject(this.error);
			this.clear();
			this.finish();
			return settled(() => this.source.cancel?.(reason)).then(nothing);
		}
		// spend leaves nothing to read: somebody takes the content on another way.
		spend() {
			this.disturbed = true;
			this.clear();
			this.finish();
		}
	}

	class ReadableStreamDefaultController {
		#core;
		constructor(core, made) {
			if (made !== internal) throw new TypeError("controllers are made by ReadableStream");
			this.#core = core;
		}
		get desiredSize() { return this.#core.desired; }
		close() { this.#core.close(); }
		enqueue(chunk) { this.#core.enqueue(chunk); }
		error(reason) { this.#core.fail(reason); }
		get [Symbol.toStringTag]() { return "ReadableStreamDefaultController"; }
	}

	let coreOf;
	class ReadableStreamDefaultReader {
		#core; #closed; #settle;
		constructor(stream) {
			const core = coreOf(stream);
			if (core.reader !== undefined) throw new TypeError("the stream is locked: another reader has it");
			this.#core = core;
			this.#renew();
			if (core.state === "closed") this.#settle.resolve();
			else if (core.state === "errored") this.#settle.reject(core.error);
			core.reader = this.#settle;
		}
		#renew() {
			this.#closed = handled(new Promise((resolve, reject) => { this.#settle = { resolve, reject }; }));
		}
		get closed() { return this.#closed; }
		read() {
			if (this.#core === undefined) return Promise.reject(new TypeError("the reader was released"));
			return this.#core.read();
		}
		cancel(reason) {
			if (this.#core === undefined) return Promise.reject(new TypeError("the reader was released"));
			return this.#core.cancel(reason);
		}
		releaseLock() {
			const core = this.#core;
			if (core === undefined) return;
			const error = new TypeError("the reader was released");
			if (core.state === "readable") this.#settle.reject(error);
			else {
				this.#renew();
				this.#settle.reject(error);
			}
			for (const request of core.requests.splice(0)) request.reject(error);
			core.reader = undefined;
			this.#core = undefined;
		}
		get [Symbol.toStringTag]() { return "ReadableStreamDefaultReader"; }
	}

	class ReadableStream {
		#core;
		constructor(source = {}, strategy = {}) {
			if (source === null || typeof source !== "object" && typeof source !== "function") throw new TypeError("the source of a stream is an object");
			const type = source.type;
			if (type !== undefined && String(type) !== "bytes") throw new TypeError(`the type of a stream's source is "bytes" or none`);
			for (const name of ["start", "pull", "cancel"]) {
				if (source[name] !== undefined && typeof source[name] !== "function") throw new TypeError(`${name} of a stream's source is a function`);
			}
			const size = strategy?.size;
			if (size !== undefined && typeof size !== "function") throw new TypeError("size of a stream's strategy is a function");
			const highWaterMark = strategy?.highWaterMark === undefined ? type === undefined ? 1 : 0 : positive(strategy.highWaterMark, "highWaterMark");
			const core = new Core({
				start: source.start?.bind(source), pull: source.pull?.bind(source), cancel: source.cancel?.bind(source),
			}, highWaterMark, size);
			this.#core = core;
			core.start(new ReadableStreamDefaultController(core, internal));
		}
		static {
			coreOf = (stream) => {
				if (typeof stream !== "object" || stream === null || !(#core in stream)) throw new TypeError("a reader reads a ReadableStream");
				return stream.#core;
			};
		}
		static from(iterable) {
			const method = iterable?.[Symbol.asyncIterator] ?? iterable?.[Symbol.iterator];
			if (typeof method !== "function") throw new TypeError("ReadableStream.from takes an iterable");
			const iterator = method.call(iterable);
			return new ReadableStream({
				async pull(controller) {
					const { value, done } = await iterator.next();
					if (done) controller.close();
					else controller.enqueue(await value);
				},
				async cancel(reason) { await iterator.return?.(reason); },
			}, { highWaterMark: 0 });
		}
		get locked() { return this.#core.reader !== undefined; }
		cancel(reason) {
			if (this.locked) return Promise.reject(new TypeError("the stream is locked: cancel its reader"));
			return this.#core.cancel(reason);
		}
		getReader(options) {
			if (options?.mode !== undefined) throw new TypeError("streams have default readers only: read the chunks, and copy their bytes where they are wanted");
			return new ReadableStreamDefaultReader(this);
		}
		tee() {
			const reader = this.getReader();
			const branches = [], over = [false, false], reasons = [];
			let reading = false, again = false, cancelled, cancelledWith;
			const all = new Promise((resolve, reject) => { cancelled = resolve; cancelledWith = reject; });
			const pull = () => {
				if (reading) {
					again = true;
					return Promise.resolve();
				}
				reading = true;
				reader.read().then(({ value, done }) => {
					reading = false;
					branches.forEach((branch, i) => {
						if (over[i]) return;
						if (done) branch.close();
						else branch.enqueue(value);
					});
					if (done) return cancelled();
					if (again) {
						again = false;
						pull();
					}
				}, nothing);
				return Promise.resolve();
			};
			const streams = [0, 1].map((i) => new ReadableStream({
				start(controller) { branches[i] = controller; },
				pull,
				cancel(reason) {
					over[i] = true;
					reasons[i] = reason;
					if (over[0] && over[1]) reader.cancel(reasons).then(cancelled, cancelledWith);
					return all;
				},
			}));
			reader.closed.catch((error) => {
				branches.forEach((branch) => branch.error(error));
				cancelled();
			});
			return streams;
		}
		values(options) {
			const reader = this.getReader(), keep = Boolean(options?.preventCancel);
			let over = false, last = Promise.resolve();
			// One after the other, however often they are called.
			const queued = (f) => { last = last.then(f, f); return last; };
			return {
				next: () => queued(async () => {
					if (over) return { value: undefined, done: true };
					try {
						const step = await reader.read();
						if (step.done) {
							over = true;
							reader.releaseLock();
						}
						return step;
					} catch (error) {
						over = true;
						reader.releaseLock();
						throw error;
					}
				}),
				return: (value) => queued(async () => {
					if (!over) {
						over = true;
						const cancelled = keep ? undefined : reader.cancel(value);
						reader.releaseLock();
						await cancelled;
					}
					return { value, done: true };
				}),
				[Symbol.asyncIterator]() { return this; },
			};
		}
		[Symbol.asyncIterator](options) { return this.values(options); }
		get [Symbol.toStringTag]() { return "ReadableStream"; }
		// What the bodies of requests and responses need of a stream.
		[native.hidden]() {
			const core = this.#core, stream = this;
			return {
				kind: "stream",
				get disturbed() { return core.disturbed; },
				spend() { core.spend(); },
				async bytes() {
					if (core.disturbed || stream.locked) throw new TypeError("the stream was read already, or is locked");
					const reader = stream.getReader(), chunks = [];
					let length = 0;
					for (;;) {
						const { value, done } = await reader.read();
						if (done) break;
						if (!(value instanceof Uint8Array)) {
							const error = new TypeError("the chunks of a body are of the type Uint8Array: encode text with TextEncoder");
							reader.cancel(error).catch(nothing);
							throw error;
						}
						chunks.push(value);
						length += value.length;
					}
					if (chunks.length === 1) return chunks[0];
					const bytes = new Uint8Array(length);
					let at = 0;
					for (const chunk of chunks) {
						bytes.set(chunk, at);
						at += chunk.length;
					}
					return bytes;
				},
			};
		}
	}

	class CountQueuingStrategy {
		#mark;
		constructor({ highWaterMark }) { this.#mark = Number(highWaterMark); }
		get highWaterMark() { return this.#mark; }
		get size() { return countSize; }
	}
	const countSize = () => 1;
	class ByteLengthQueuingStrategy {
		#mark;
		constructor({ highWaterMark }) { this.#mark = Number(highWaterMark); }
		get highWaterMark() { return this.#mark; }
		get size() { return byteSize; }
	}
	const byteSize = (chunk) => chunk.byteLength;

	return { ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, CountQueuingStrategy, ByteLengthQueuingStrategy };
})
