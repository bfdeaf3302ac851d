// Streams of bytes: their controller, and the reader into buffers of the caller's own.
(function (native) {
	"use strict";
	const { rejected, deferred, calls, internal } = native.part("streams/common");
	const readable = native.part("streams/readable");
	const { describe, needs, dictionary, integer, isObject } = native.part("idl");
	const { transfer, detached } = native;
	const { Uint8Array, DataView, ArrayBuffer } = globalThis;
	const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
	const views = Object.fromEntries(["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
		"Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"].map((name) => [name, globalThis[name]]));
	const classOf = (view) => views[Reflect.apply(tag, view, [])] ?? DataView;

	const copy = (view) => new Uint8Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
	// converted is what has been filled of a descriptor, as a view of the class that was asked for.
	const converted = (d) => new d.view(transfer(d.buffer), d.offset, d.filled / d.elementSize);

	class ByteControl {
		isBytes = true; queue = []; total = 0; started = false; closeRequested = false; pulling = false; pullAgain = false;
		// pending are the descriptors of buffers to fill; request is what shows the first to the source.
		pending = []; request = null;
		stream = undefined; mark = 0; pullAlgorithm = undefined; cancelAlgorithm = undefined; allocate = undefined;
		constructor(stream, mark, pullAlgorithm, cancelAlgorithm, allocate) {
			Object.assign(this, { stream, mark, pullAlgorithm, cancelAlgorithm, allocate });
		}
		get desired() {
			if (this.stream.state === "errored") return null;
			return this.stream.state === "closed" ? 0 : this.mark - this.total;
		}
		get open() { return !this.closeRequested && this.stream.state === "readable"; }
		wanted() {
			if (!this.open || !this.started) return false;
			return this.stream.reader?.requests.length > 0 || this.desired > 0;
		}
		forget() { this.pullAlgorithm = this.cancelAlgorithm = undefined; }
		drop() {
			this.clear();
			this.forget();
		}
		clear() {
			this.invalidate();
			this.pending = [];
			this.queue = [];
			this.total = 0;
		}
		close() {
			if (!this.open) return;
			if (this.total > 0) {
				this.closeRequested = true;
				return;
			}
			if (this.pending.length > 0 && this.pending[0].filled % this.pending[0].elementSize !== 0) {
				const error = new TypeError("the stream is closed amid an element of the buffer that is filled");
				this.fail(error);
				throw error;
			}
			this.forget();
			readable.close(this.stream);
		}
		fail(error) {
			if (this.stream.state !== "readable") return;
			this.drop();
			readable.fail(this.stream, error);
		}
		enqueue(chunk) {
			if (!this.open) return;
			const { buffer, byteOffset, byteLength } = chunk;
			if (detached(buffer)) throw new TypeError("the buffer of the chunk is detached");
			const taken = transfer(buffer);
			if (this.pending.length > 0) {
				const first = this.pending[0];
				if (detached(first.buffer)) throw new TypeError("the buffer that is filled is detached");
				this.invalidate();
				first.buffer = transfer(first.buffer);
				if (first.reader === "none") this.enqueueFilled(first);
			}
			const { reader } = this.stream;
			if (reader !== undefined && !reader.byob) {
				while (reader.requests.length > 0 && this.total > 0) this.give(reader.requests.shift());
				if (reader.requests.length === 0) this.add(taken, byteOffset, byteLength);
				else {
					if (this.pending.length > 0) this.shift();
					reader.requests.shift().chunk(new Uint8Array(taken, byteOffset, byteLength));
				}
			} else {
				this.add(taken, byteOffset, byteLength);
				if (reader !== undefined) this.fillPending().forEach((d) => this.commit(d));
			}
			readable.pull(this);
		}
		add(buffer, offset, length) {
			this.queue.push({ buffer, offset, length });
			this.total += length;
		}
		addCopy(buffer, offset, length) {
			let copied;
			try {
				copied = buffer.slice(offset, offset + length);
			} catch (error) {
				this.fail(error);
				throw error;
			}
			this.add(copied, 0, length);
		}
		enqueueFilled(d) {
			if (d.filled > 0) this.addCopy(d.buffer, d.offset, d.filled);
			this.shift();
		}
		shift() {
			this.invalidate();
			return this.pending.shift();
		}
		invalidate() {
			if (this.request === null) return;
			stateOf(this.request).control = undefined;
			stateOf(this.request).view = null;
			this.request = null;
		}
		// give answers a request of a default reader out of the queue.
		give(request) {
			const { buffer, offset, length } = this.queue.shift();
			this.total -= length;
			this.drained();
			request.chunk(new Uint8Array(buffer, offset, length));
		}
		drained() {
			if (this.total === 0 && this.closeRequested) {
				this.forget();
				readable.close(this.stream);
			} else readable.pull(this);
		}
		// fill moves what is in the queue to a descriptor, and tells whether it has what was asked for.
		fill(d) {
			const most = Math.min(this.total, d.length - d.filled), aligned = d.filled + most - (d.filled + most) % d.elementSize;
			const ready = aligned >= d.minimum;
			let left = ready ? aligned - d.filled : most;
			while (left > 0) {
				const head = this.queue[0], n = Math.min(left, head.length);
				new Uint8Array(d.buffer, d.offset + d.filled, n).set(new Uint8Array(head.buffer, head.offset, n));
				if (head.length === n) this.queue.shift();
				else {
					head.offset += n;
					head.length -= n;
				}
				this.total -= n;
				d.filled += n;
				left -= n;
			}
			return ready;
		}
		fillPending() {
			const filled = [];
			while (this.pending.length > 0 && this.total > 0) {
				if (this.fill(this.pending[0])) filled.push(this.shift());
			}
			return filled;
		}
		commit(d) {
			const done = this.stream.state === "closed", view = converted(d);
			const request = this.stream.reader.requests.shift();
			if (done) request.close(view);
			else request.chunk(view);
		}
		// readInto has a view filled.
		readInto(view, min, request) {
			const Class = classOf(view), elementSize = Class === DataView ? 1 : Class.BYTES_PER_ELEMENT;
			const { byteOffset: offset, byteLength: length } = view;
			let buffer;
			try {
				buffer = transfer(view.buffer);
			} catch (error) {
				request.error(error);
				return;
			}
			const d = { buffer, size: buffer.byteLength, offset, length, filled: 0, minimum: min * elementSize, elementSize, view: Class, reader: "byob" };
			const { stream } = this;
			if (this.pending.length === 0) {
				if (stream.state === "closed") {
					request.close(new Class(buffer, offset, 0));
					return;
				}
				if (this.total > 0) {
					if (this.fill(d)) {
						const filled = converted(d);
						this.drained();
						request.chunk(filled);
						return;
					}
					if (this.closeRequested) {
						const error = new TypeError("the stream ends amid an element of the view");
						this.fail(error);
						request.error(error);
						return;
					}
				}
			}
			const first = this.pending.length === 0;
			this.pending.push(d);
			stream.reader.requests.push(request);
			if (first) readable.pull(this);
		}
		byobRequest() {
			if (this.request === null && this.pending.length > 0) {
				const first = this.pending[0];
				this.request = new ReadableStreamBYOBRequest(internal, {
					control: this, view: new Uint8Array(first.buffer, first.offset + first.filled, first.length - first.filled),
				});
			}
			return this.request;
		}
		respond(written) {
			const first = this.pending[0];
			if (this.stream.state === "closed") {
				if (written !== 0) throw new TypeError("the stream is closed: respond with 0");
			} else {
				if (written === 0) throw new TypeError("respond with more than 0 bytes, or close the stream");
				if (first.filled + written > first.length) throw new RangeError("there is no room for as many bytes");
			}
			first.buffer = transfer(first.buffer);
			this.responded(written);
		}
		respondWithNewView(view) {
			const first = this.pending[0], length = view.byteLength;
			if (this.stream.state === "closed" ? length !== 0 : length === 0) throw new TypeError("the view is empty exactly when the stream is closed");
			if (first.offset + first.filled !== view.byteOffset) throw new RangeError("the view begins elsewhere than the one that was given");
			if (first.size !== view.buffer.byteLength) throw new RangeError("the buffer of the view has another length");
			if (first.filled + length > first.length) throw new RangeError("the view is longer than the one that was given");
			first.buffer = transfer(view.buffer);
			this.responded(length);
		}
		responded(written) {
			const first = this.pending[0];
			this.invalidate();
			if (this.stream.state === "closed") this.respondedClosed(first);
			else this.respondedReadable(written, first);
			readable.pull(this);
		}
		respondedClosed(first) {
			if (first.reader === "none") this.shift();
			const { reader } = this.stream;
			if (!reader?.byob) return;
			const filled = [];
			while (filled.length < reader.requests.length) filled.push(this.shift());
			filled.forEach((d) => this.commit(d));
		}
		respondedReadable(written, first) {
			first.filled += written;
			if (first.reader === "none") {
				this.enqueueFilled(first);
				this.fillPending().forEach((d) => this.commit(d));
				return;
			}
			if (first.filled < first.minimum) return;
			this.shift();
			const rest = first.filled % first.elementSize;
			if (rest > 0) {
				const end = first.offset + first.filled;
				this.addCopy(first.buffer, end - rest, rest);
			}
			first.filled -= rest;
			const filled = this.fillPending();
			this.commit(first);
			filled.forEach((d) => this.commit(d));
		}
		cancelSteps(reason) {
			this.clear();
			const result = this.cancelAlgorithm(reason);
			this.forget();
			return result;
		}
		pullSteps(request) {
			if (this.total > 0) return this.give(request);
			if (this.allocate !== undefined) {
				let buffer;
				try {
					buffer = new ArrayBuffer(this.allocate);
				} catch (error) {
					return request.error(error);
				}
				this.pending.push({
					buffer, size: this.allocate, offset: 0, length: this.allocate, filled: 0, minimum: 1, elementSize: 1, view: Uint8Array, reader: "default",
				});
			}
			this.stream.reader.requests.push(request);
			readable.pull(this);
		}
		releaseSteps() {
			if (this.pending.length === 0) return;
			this.pending[0].reader = "none";
			this.pending.length = 1;
		}
	}

	const needsView = (value, what) => {
		if (!ArrayBuffer.isView(value)) throw new TypeError(`${what} is a typed array or a DataView`);
	};
	class ReadableByteStreamController {
		#control;
		constructor(key = undefined, control = undefined) {
			if (key !== internal) throw new TypeError("Illegal constructor: controllers are made by ReadableStream");
			this.#control = control;
		}
		get byobRequest() { return this.#control.byobRequest(); }
		get desiredSize() { return this.#control.desired; }
		close() {
			if (!this.#control.open) throw new TypeError("the stream was closed already or has failed");
			this.#control.close();
		}
		enqueue(chunk) {
			const control = this.#control;
			needs(arguments.length, 1, "enqueue");
			needsView(chunk, "a chunk of a stream of bytes");
			if (chunk.byteLength === 0 || chunk.buffer.byteLength === 0) throw new TypeError("the chunk is empty");
			if (!control.open) throw new TypeError("the stream takes no more chunks: it was closed or has failed");
			control.enqueue(chunk);
		}
		error(reason = undefined) { this.#control.fail(reason); }
	}

	let stateOf;
	class ReadableStreamBYOBRequest {
		#state;
		constructor(key = undefined, state = undefined) {
			if (key !== internal) throw new TypeError("Illegal constructor: requests are made by controllers");
			this.#state = state;
		}
		get view() { return this.#state.view; }
		respond(written) {
			const { control, view } = this.#state;
			needs(arguments.length, 1, "respond");
			written = integer(written, 64, "the number of bytes");
			if (control === undefined) throw new TypeError("the request was answered already");
			if (detached(view.buffer)) throw new TypeError("the buffer of the request is detached");
			control.respond(written);
		}
		respondWithNewView(view) {
			const { control } = this.#state;
			needs(arguments.length, 1, "respondWithNewView");
			needsView(view, "the new view");
			if (control === undefined) throw new TypeError("the request was answered already");
			if (detached(view.buffer)) throw new TypeError("the buffer of the view is detached");
			control.respondWithNewView(view);
		}
		static { stateOf = (request) => request.#state; }
	}

	let isReader;
	class ReadableStreamBYOBReader {
		#reader;
		constructor(object) {
			needs(arguments.length, 1, "ReadableStreamBYOBReader");
			const stream = readable.stateOf(object);
			if (stream.reader !== undefined) throw new TypeError("the stream is locked: another reader has it");
			if (!stream.controller.isBytes) throw new TypeError("only streams of bytes are read into buffers");
			this.#reader = readable.lock(stream, true);
		}
		get closed() { return isReader(this) ? this.#reader.closed.promise : rejected(new TypeError("this is no reader")); }
		cancel(reason = undefined) {
			if (!isReader(this)) return rejected(new TypeError("this is no reader"));
			return this.#reader.stream === undefined ? rejected(readable.released()) : readable.cancel(this.#reader.stream, reason);
		}
		read(view, options = {}) {
			let min;
			try {
				if (!isReader(this)) throw new TypeError("this is no reader");
				needs(arguments.length, 1, "read");
				needsView(view, "what is read into");
				const given = dictionary(options, "the options of read").min;
				min = given === undefined ? 1 : integer(given, 64, "min");
				if (view.byteLength === 0 || view.buffer.byteLength === 0) throw new TypeError("the view is empty");
				if (detached(view.buffer)) throw new TypeError("the buffer of the view is detached");
				if (min === 0) throw new TypeError("min is above 0");
				if (min > (classOf(view) === DataView ? view.byteLength : view.length)) throw new RangeError("min is more than the view holds");
				if (this.#reader.stream === undefined) throw readable.released();
			} catch (error) {
				return rejected(error);
			}
			const { promise, resolve, reject } = deferred();
			readInto(this.#reader, view, min, {
				chunk: (value) => resolve({ value, done: false }),
				close: (value) => resolve({ value, done: true }),
				error: reject,
			});
			return promise;
		}
		releaseLock() { readable.release(this.#reader); }
		static { isReader = (object) => isObject(object) && #reader in object; }
	}
	describe(ReadableByteStreamController);
	describe(ReadableStreamBYOBRequest);
	describe(ReadableStreamBYOBReader);

	function readInto(reader, view, min, request) {
		const { stream } = reader;
		stream.disturbed = true;
		if (stream.state === "errored") request.error(stream.error);
		else stream.controller.readInto(view, min, request);
	}
	// setUp makes the controller of what a script gave as a source.
	function setUp(stream, source, underlying, mark) {
		const { autoAllocateChunkSize: allocate } = underlying;
		if (allocate === 0) throw new TypeError("autoAllocateChunkSize is above 0");
		const control = new ByteControl(stream, mark, undefined, calls(underlying.cancel, source), allocate);
		const controller = new ReadableByteStreamController(internal, control);
		control.pullAlgorithm = underlying.pull ? calls(function () { return Reflect.apply(underlying.pull, source, [controller]); }) : calls();
		readable.begin(control, () => underlying.start && Reflect.apply(underlying.start, source, [controller]));
	}
	// create makes a stream of bytes of algorithms that return promises.
	function create(start, pullAlgorithm, cancelAlgorithm, mark = 0) {
		const stream = readable.newStream();
		const control = new ByteControl(stream, mark, pullAlgorithm, cancelAlgorithm, undefined);
		readable.begin(control, start);
		return readable.wrap(stream);
	}

	return {
		ReadableByteStreamController, ReadableStreamBYOBReader, ReadableStreamBYOBRequest, setUp, create, readInto, copy,
		viewOf: (request) => stateOf(request).view,
	};
})
