// ReadableStream with its default reader and controller. typings/streams.d.ts says what each does.
// Bytes, tee and pipes are in programs of their own.
(function (native) {
	"use strict";
	const common = native.part("streams/common");
	const { on, nothing, handled, resolved, rejected, deferred, calls, method, Queue, strategy, highWaterMark, sizeOf, isBytes, internal } = common;
	const { describe, needs, dictionary, integer, isObject } = native.part("idl");
	const abort = () => native.part("abort");

	// A stream, as its reader and its controller see it.
	const newStream = () => ({ state: "readable", error: undefined, disturbed: false, reader: undefined, controller: undefined, object: undefined });
	const isLocked = (stream) => stream.reader !== undefined;

	function cancel(stream, reason) {
		stream.disturbed = true;
		if (stream.state === "closed") return resolved(undefined);
		if (stream.state === "errored") return rejected(stream.error);
		close(stream);
		if (stream.reader?.byob) for (const request of stream.reader.requests.splice(0)) request.close(undefined);
		return on(stream.controller.cancelSteps(reason), nothing);
	}
	function close(stream) {
		stream.state = "closed";
		const { reader } = stream;
		if (reader === undefined) return;
		reader.closed.resolve(undefined);
		if (!reader.byob) for (const request of reader.requests.splice(0)) request.close();
	}
	function fail(stream, error) {
		stream.state = "errored";
		stream.error = error;
		const { reader } = stream;
		if (reader === undefined) return;
		reader.closed.reject(error);
		handled(reader.closed.promise);
		for (const request of reader.requests.splice(0)) request.error(error);
	}

	function lock(stream, byob) {
		if (isLocked(stream)) throw new TypeError("the stream is locked: another reader has it");
		const reader = { stream, requests: [], byob, closed: deferred() };
		stream.reader = reader;
		if (stream.state === "closed") reader.closed.resolve(undefined);
		else if (stream.state === "errored") {
			reader.closed.reject(stream.error);
			handled(reader.closed.promise);
		}
		return reader;
	}
	const released = () => new TypeError("the reader was released");
	function release(reader) {
		const { stream } = reader;
		if (stream === undefined) return;
		const error = released();
		if (stream.state !== "readable") reader.closed = deferred();
		reader.closed.reject(error);
		handled(reader.closed.promise);
		stream.controller.releaseSteps();
		stream.reader = undefined;
		reader.stream = undefined;
		for (const request of reader.requests.splice(0)) request.error(error);
	}
	// read has a request told of the next chunk: { chunk(value), close(), error(reason) }.
	function read(reader, request) {
		const { stream } = reader;
		stream.disturbed = true;
		if (stream.state === "closed") request.close();
		else if (stream.state === "errored") request.error(stream.error);
		else stream.controller.pullSteps(request);
	}

	// What controllers of both kinds do to have their source asked for more.
	function pull(controller) {
		if (!controller.wanted()) return;
		if (controller.pulling) {
			controller.pullAgain = true;
			return;
		}
		controller.pulling = true;
		on(controller.pullAlgorithm(), () => {
			controller.pulling = false;
			if (controller.pullAgain) {
				controller.pullAgain = false;
				pull(controller);
			}
		}, (error) => controller.fail(error));
	}
	function begin(controller, start) {
		const stream = controller.stream;
		stream.controller = controller;
		const result = start();
		on(resolved(result), () => {
			controller.started = true;
			pull(controller);
		}, (error) => controller.fail(error));
	}

	class DefaultControl {
		queue = new Queue(); started = false; closeRequested = false; pulling = false; pullAgain = false;
		stream = undefined; pullAlgorithm = undefined; cancelAlgorithm = undefined; mark = 1; sizeAlgorithm = undefined;
		constructor(stream, pullAlgorithm, cancelAlgorithm, mark, sizeAlgorithm) {
			Object.assign(this, { stream, pullAlgorithm, cancelAlgorithm, mark, sizeAlgorithm });
		}
		get desired() {
			if (this.stream.state === "errored") return null;
			return this.stream.state === "closed" ? 0 : this.mark - this.queue.total;
		}
		get open() { return !this.closeRequested && this.stream.state === "readable"; }
		wanted() {
			if (!this.open || !this.started) return false;
			return this.stream.reader?.requests.length > 0 || this.desired > 0;
		}
		forget() { this.pullAlgorithm = this.cancelAlgorithm = this.sizeAlgorithm = undefined; }
		close() {
			if (!this.open) return;
			this.closeRequested = true;
			if (!this.queue.empty) return;
			this.forget();
			close(this.stream);
		}
		enqueue(chunk) {
			if (!this.open) return;
			if (this.stream.reader?.requests.length > 0) this.stream.reader.requests.shift().chunk(chunk);
			else {
				try {
					this.queue.push(chunk, this.sizeAlgorithm(chunk));
				} catch (error) {
					this.fail(error);
					throw error;
				}
			}
			pull(this);
		}
		fail(error) {
			if (this.stream.state !== "readable") return;
			this.queue.clear();
			this.forget();
			fail(this.stream, error);
		}
		cancelSteps(reason) {
			this.queue.clear();
			const result = this.cancelAlgorithm(reason);
			this.forget();
			return result;
		}
		pullSteps(request) {
			if (this.queue.empty) {
				this.stream.reader.requests.push(request);
				pull(this);
				return;
			}
			const chunk = this.queue.shift();
			if (this.closeRequested && this.queue.empty) {
				this.forget();
				close(this.stream);
			} else pull(this);
			request.chunk(chunk);
		}
		releaseSteps() {}
	}

	class ReadableStreamDefaultController {
		#control;
		constructor(key = undefined, control = undefined) {
			if (key !== internal) throw new TypeError("Illegal constructor: controllers are made by ReadableStream");
			this.#control = control;
		}
		get desiredSize() { return this.#control.desired; }
		close() {
			if (!this.#control.open) throw new TypeError("the stream was closed already or has failed");
			this.#control.close();
		}
		enqueue(chunk = undefined) {
			if (!this.#control.open) throw new TypeError("the stream takes no more chunks: it was closed or has failed");
			this.#control.enqueue(chunk);
		}
		error(reason = undefined) { this.#control.fail(reason); }
	}

	// create makes a stream of algorithms that return promises.
	function create(start, pullAlgorithm, cancelAlgorithm, mark = 1, size = () => 1) {
		const stream = newStream();
		const control = new DefaultControl(stream, pullAlgorithm, cancelAlgorithm, mark, size);
		begin(control, start);
		return new ReadableStream(internal, stream);
	}

	let isReader;
	class ReadableStreamDefaultReader {
		#reader;
		constructor(stream) {
			needs(arguments.length, 1, "ReadableStreamDefaultReader");
			this.#reader = lock(stateOf(stream), false);
		}
		get closed() { return isReader(this) ? this.#reader.closed.promise : rejected(new TypeError("this is no reader")); }
		read() {
			if (!isReader(this)) return rejected(new TypeError("this is no reader"));
			if (this.#reader.stream === undefined) return rejected(released());
			const { promise, resolve, reject } = deferred();
			read(this.#reader, {
				chunk: (value) => resolve({ value, done: false }),
				close: () => resolve({ value: undefined, done: true }),
				error: reject,
			});
			return promise;
		}
		cancel(reason = undefined) {
			if (!isReader(this)) return rejected(new TypeError("this is no reader"));
			return this.#reader.stream === undefined ? rejected(released()) : cancel(this.#reader.stream, reason);
		}
		releaseLock() { release(this.#reader); }
		static { isReader = (object) => isObject(object) && #reader in object; }
	}

	// iterate is what the asynchronous iterator of a stream does. Steps go one after the other,
	// however often they are asked for.
	function iterate(stream, preventCancel) {
		const reader = lock(stream, false);
		let over = false, last;
		const step = (f) => {
			const settled = last;
			last = settled === undefined ? f() : on(settled, f, f);
			return last;
		};
		const next = () => {
			if (over) return resolved({ value: undefined, done: true });
			const { promise, resolve, reject } = deferred();
			read(reader, {
				chunk: (value) => resolve({ value, done: false }),
				close: () => { over = true; release(reader); resolve({ value: undefined, done: true }); },
				error: (error) => { over = true; release(reader); reject(error); },
			});
			return on(promise, (result) => result);
		};
		const leave = (value) => {
			if (over) return resolved({ value, done: true });
			over = true;
			const cancelled = preventCancel ? resolved(undefined) : cancel(reader.stream, value);
			release(reader);
			return on(cancelled, () => ({ value, done: true }));
		};
		return { next: () => step(next), return: (value) => step(() => leave(value)) };
	}
	const iterators = new WeakMap();
	const iteratorPrototype = Object.create({ [Symbol.asyncIterator]() { return this; } });
	for (const [name, f] of Object.entries({
		next() { return iterators.get(this)?.next() ?? rejected(new TypeError("this is no iterator of a stream")); },
		return(value) { return iterators.get(this)?.return(value) ?? rejected(new TypeError("this is no iterator of a stream")); },
	})) Object.defineProperty(iteratorPrototype, name, { value: f, writable: true, enumerable: true, configurable: true });

	function from(iterable) {
		const asynchronous = iterable?.[Symbol.asyncIterator], usesSync = asynchronous === undefined || asynchronous === null;
		const get = usesSync ? iterable?.[Symbol.iterator] : asynchronous;
		if (typeof get !== "function") throw new TypeError("ReadableStream.from takes an iterable");
		const iterator = Reflect.apply(get, iterable, []);
		if (!isObject(iterator)) throw new TypeError("the iterator is an object");
		const { next } = iterator;
		// A step of a synchronous iterator has a value that may be a promise.
		const stepOf = (result) => {
			if (!isObject(result)) throw new TypeError("a step of an iterator is an object");
			if (!usesSync) return result;
			const { done } = result, { value } = result;
			return on(resolved(value), (value) => ({ value, done }));
		};
		const attempt = (f) => { try { return resolved(f()); } catch (error) { return rejected(error); } };
		const made = create(nothing,
			() => on(attempt(() => stepOf(Reflect.apply(next, iterator, []))), (result) => {
				if (!isObject(result)) throw new TypeError("a step of an iterator is an object");
				const { controller } = stateOf(made);
				if (result.done) controller.close();
				else controller.enqueue(result.value);
			}),
			(reason) => {
				const end = attempt(() => {
					const method = iterator.return;
					if (method === undefined || method === null) return undefined;
					const result = Reflect.apply(method, iterator, [reason]);
					return isObject(result) || !usesSync ? { result } : Promise.reject(new TypeError("a step of an iterator is an object"));
				});
				return on(end, (ended) => ended === undefined ? undefined : on(resolved(ended.result), (result) => {
					if (!isObject(result)) throw new TypeError("a step of an iterator is an object");
				}));
			}, 0);
		return made;
	}

	// piping reads the options of pipes.
	function piping(options) {
		options = dictionary(options, "the options of a pipe");
		const preventAbort = Boolean(options.preventAbort), preventCancel = Boolean(options.preventCancel), preventClose = Boolean(options.preventClose);
		const { signal } = options;
		if (signal !== undefined && !abort().isSignal(signal)) throw new TypeError("signal is an AbortSignal");
		return { preventAbort, preventCancel, preventClose, signal };
	}

	let stateOf, isStream;
	class ReadableStream {
		#stream;
		constructor(source = undefined, queuing = {}) {
			if (source === internal) {
				this.#stream = queuing;
				return;
			}
			if (source !== undefined && !isObject(source)) throw new TypeError("the source of a stream is an object");
			const read = strategy(queuing);
			const stream = newStream();
			this.#stream = stream;
			const underlying = readSource(source ?? {});
			if (underlying.type === "bytes") {
				if (read.size !== undefined) throw new RangeError("streams of bytes have no size in their strategy");
				native.part("streams/bytes").setUp(stream, source, underlying, highWaterMark(read, 0));
				return;
			}
			const size = sizeOf(read), mark = highWaterMark(read, 1);
			const control = new DefaultControl(stream, undefined, undefined, mark, size);
			const controller = new ReadableStreamDefaultController(internal, control);
			control.pullAlgorithm = underlying.pull ? calls(function () { return Reflect.apply(underlying.pull, source, [controller]); }) : calls();
			control.cancelAlgorithm = calls(underlying.cancel, source);
			begin(control, () => underlying.start && Reflect.apply(underlying.start, source, [controller]));
		}
		static from(iterable) {
			needs(arguments.length, 1, "ReadableStream.from");
			return from(iterable);
		}
		get locked() { return isLocked(this.#stream); }
		cancel(reason = undefined) {
			if (!isStream(this)) return rejected(new TypeError("this is no ReadableStream"));
			if (isLocked(this.#stream)) return rejected(new TypeError("the stream is locked: cancel its reader"));
			return cancel(this.#stream, reason);
		}
		getReader(options = {}) {
			void this.#stream;
			const { mode } = dictionary(options, "the options of getReader");
			if (mode === undefined) return new ReadableStreamDefaultReader(this);
			if (`${mode}` !== "byob") throw new TypeError(`mode of a reader is "byob" or none`);
			return new (native.part("streams/bytes").ReadableStreamBYOBReader)(this);
		}
		pipeThrough(transform, options = {}) {
			needs(arguments.length, 1, "pipeThrough");
			void this.#stream;
			const pair = dictionary(transform, "the transform of pipeThrough");
			const { readable } = pair;
			if (!isStream(readable)) throw new TypeError("readable of a transform is a ReadableStream");
			const { writable } = pair;
			const { isWritable, stateOf: writableState } = native.part("streams/writable");
			if (!isWritable(writable)) throw new TypeError("writable of a transform is a WritableStream");
			const settings = piping(options);
			if (isLocked(this.#stream)) throw new TypeError("the stream is locked");
			if (writableState(writable).writer !== undefined) throw new TypeError("the writable stream is locked");
			handled(native.part("streams/pipe").pipe(this.#stream, writableState(writable), settings));
			return readable;
		}
		pipeTo(destination, options = {}) {
			try {
				needs(arguments.length, 1, "pipeTo");
				if (!isStream(this)) throw new TypeError("this is no ReadableStream");
				const { isWritable, stateOf: writableState } = native.part("streams/writable");
				if (!isWritable(destination)) throw new TypeError("pipeTo takes a WritableStream");
				const settings = piping(options);
				if (isLocked(this.#stream)) throw new TypeError("the stream is locked");
				if (writableState(destination).writer !== undefined) throw new TypeError("the writable stream is locked");
				return native.part("streams/pipe").pipe(this.#stream, writableState(destination), settings);
			} catch (error) {
				return rejected(error);
			}
		}
		tee() {
			return native.part("streams/tee").tee(this.#stream, false);
		}
		values(options = {}) {
			const stream = this.#stream;
			const { preventCancel } = dictionary(options, "the options of values");
			const iterator = Object.create(iteratorPrototype);
			iterators.set(iterator, iterate(stream, Boolean(preventCancel)));
			return iterator;
		}
		// What the bodies of requests and responses need of a stream.
		[native.hidden]() {
			const stream = this.#stream;
			return {
				kind: "stream",
				get disturbed() { return stream.disturbed; },
				spend() { spend(stream); },
				bytes: () => collect(stream),
			};
		}
		static {
			stateOf = (object) => {
				if (!isObject(object) || !(#stream in object)) throw new TypeError("a reader reads a ReadableStream");
				return object.#stream;
			};
			isStream = (object) => isObject(object) && #stream in object;
		}
	}
	describe(ReadableStream);
	Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, { value: ReadableStream.prototype.values, writable: true, configurable: true });
	describe(ReadableStreamDefaultReader);
	describe(ReadableStreamDefaultController);

	// readSource reads what an underlying source has, in the order of the standard.
	function readSource(source) {
		const { autoAllocateChunkSize } = source;
		const read = { autoAllocateChunkSize: autoAllocateChunkSize === undefined ? undefined : integer(autoAllocateChunkSize, 64, "autoAllocateChunkSize") };
		for (const name of ["cancel", "pull", "start"]) read[name] = method(source, name, "the source of a stream");
		const { type } = source;
		if (type !== undefined && `${type}` !== "bytes") throw new TypeError(`the type of a stream's source is "bytes" or none`);
		read.type = type === undefined ? undefined : "bytes";
		return read;
	}

	// spend leaves nothing to read: somebody takes the content on another way.
	function spend(stream) {
		stream.disturbed = true;
		if (stream.state !== "readable") return;
		stream.controller.drop();
		close(stream);
	}
	DefaultControl.prototype.drop = function () {
		this.queue.clear();
		this.forget();
	};
	// collect reads all bytes of a stream.
	function collect(stream) {
		if (stream.disturbed || isLocked(stream)) return rejected(new TypeError("the stream was read already, or is locked"));
		const reader = lock(stream, false), chunks = [];
		let length = 0;
		const { promise, resolve, reject } = deferred();
		const request = {
			chunk(value) {
				if (!isBytes(value)) {
					const error = new TypeError("the chunks of a body are of the type Uint8Array: encode text with TextEncoder");
					handled(cancel(stream, error));
					return reject(error);
				}
				chunks.push(value);
				length += value.length;
				// A source that gives its chunks at once must not nest calls without end.
				on(resolved(undefined), () => read(reader, request));
			},
			close() {
				if (chunks.length === 1) return resolve(chunks[0]);
				const bytes = new Uint8Array(length);
				let at = 0;
				for (const chunk of chunks) {
					bytes.set(chunk, at);
					at += chunk.length;
				}
				resolve(bytes);
			},
			error: reject,
		};
		read(reader, request);
		return promise;
	}

	return {
		ReadableStream, ReadableStreamDefaultReader, ReadableStreamDefaultController, newStream, isLocked, cancel, close, fail, lock, release, released, read, pull, begin, create,
		stateOf: (object) => stateOf(object), isStream: (object) => isStream(object), wrap: (stream) => new ReadableStream(internal, stream), spend, collect,
	};
})
