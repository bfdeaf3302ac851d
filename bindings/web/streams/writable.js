// WritableStream with its writer and controller. typings/streams.d.ts says what each does.
(function (native) {
	"use strict";
	const { on, handled, resolved, rejected, deferred, calls, method, Queue, strategy, highWaterMark, sizeOf, internal } = native.part("streams/common");
	const { describe, needs, isObject } = native.part("idl");
	const abortPart = () => native.part("abort");

	const newStream = () => ({
		state: "writable", error: undefined, writer: undefined, controller: undefined, requests: [], writing: undefined, closeRequest: undefined,
		closingRequest: undefined, aborting: undefined, backpressure: false,
	});
	const closing = (stream) => stream.closeRequest !== undefined || stream.closingRequest !== undefined;
	const closeMark = Symbol("close");

	function abort(stream, reason) {
		if (stream.state === "closed" || stream.state === "errored") return resolved(undefined);
		stream.controller.abortReason = reason;
		abortPart().abortController(stream.controller.abortController(), reason);
		const { state } = stream;
		if (state === "closed" || state === "errored") return resolved(undefined);
		if (stream.aborting !== undefined) return stream.aborting.promise;
		const wasErroring = state === "erroring";
		const request = stream.aborting = { ...deferred(), reason: wasErroring ? undefined : reason, wasErroring };
		if (!wasErroring) startErroring(stream, reason);
		return request.promise;
	}
	function close(stream) {
		if (stream.state === "closed" || stream.state === "errored") return rejected(new TypeError("the stream is closed or has failed"));
		const request = deferred();
		stream.closeRequest = request;
		const { writer } = stream;
		if (writer !== undefined && stream.backpressure && stream.state === "writable") writer.ready.resolve(undefined);
		stream.controller.closeStream();
		return request.promise;
	}
	function startErroring(stream, reason) {
		stream.state = "erroring";
		stream.error = reason;
		if (stream.writer !== undefined) readyRejected(stream.writer, reason);
		if (stream.writing === undefined && stream.closingRequest === undefined && stream.controller.started) finishErroring(stream);
	}
	function finishErroring(stream) {
		stream.state = "errored";
		stream.controller.queue.clear();
		const { error } = stream;
		for (const request of stream.requests.splice(0)) request.reject(error);
		if (stream.aborting === undefined) {
			rejectCloseAndClosed(stream);
			return;
		}
		const request = stream.aborting;
		stream.aborting = undefined;
		if (request.wasErroring) {
			request.reject(error);
			rejectCloseAndClosed(stream);
			return;
		}
		on(stream.controller.abortSteps(request.reason), () => {
			request.resolve(undefined);
			rejectCloseAndClosed(stream);
		}, (reason) => {
			request.reject(reason);
			rejectCloseAndClosed(stream);
		});
	}
	function rejectCloseAndClosed(stream) {
		if (stream.closeRequest !== undefined) {
			stream.closeRequest.reject(stream.error);
			stream.closeRequest = undefined;
		}
		if (stream.writer !== undefined) closedRejected(stream.writer, stream.error);
	}
	const dealWith = (stream, error) => stream.state === "writable" ? startErroring(stream, error) : finishErroring(stream);
	function setBackpressure(stream, backpressure) {
		const { writer } = stream;
		if (writer !== undefined && backpressure !== stream.backpressure) {
			if (backpressure) writer.ready = deferred();
			else writer.ready.resolve(undefined);
		}
		stream.backpressure = backpressure;
	}

	// A writer, as its stream sees it. Its promises are replaced where they are settled already.
	function fail(writer, name, error) {
		if (writer[name].settled) writer[name] = deferred();
		writer[name].reject(error);
		handled(writer[name].promise);
	}
	const readyRejected = (writer, error) => fail(writer, "ready", error);
	const closedRejected = (writer, error) => fail(writer, "closed", error);
	function lock(stream) {
		if (stream.writer !== undefined) throw new TypeError("the stream is locked: another writer has it");
		const writer = { stream, ready: deferred(), closed: deferred() };
		stream.writer = writer;
		const { state } = stream;
		if (state === "writable" || state === "erroring") {
			if (state === "erroring") readyRejected(writer, stream.error);
			else if (closing(stream) || !stream.backpressure) writer.ready.resolve(undefined);
		} else if (state === "closed") {
			writer.ready.resolve(undefined);
			writer.closed.resolve(undefined);
		} else {
			readyRejected(writer, stream.error);
			closedRejected(writer, stream.error);
		}
		return writer;
	}
	function release(writer) {
		const { stream } = writer;
		if (stream === undefined) return;
		const error = new TypeError("the writer was released");
		readyRejected(writer, error);
		closedRejected(writer, error);
		stream.writer = undefined;
		writer.stream = undefined;
	}
	function write(writer, chunk) {
		const { stream } = writer, { controller } = stream;
		const size = controller.sizeOf(chunk);
		if (stream !== writer.stream) return rejected(new TypeError("the writer was released"));
		const { state } = stream;
		if (state === "errored") return rejected(stream.error);
		if (closing(stream) || state === "closed") return rejected(new TypeError("the stream is closed, or about to be"));
		if (state === "erroring") return rejected(stream.error);
		const request = deferred();
		stream.requests.push(request);
		controller.write(chunk, size);
		return request.promise;
	}
	function closeKeepingErrors(writer) {
		const { stream } = writer;
		if (closing(stream) || stream.state === "closed") return resolved(undefined);
		if (stream.state === "errored") return rejected(stream.error);
		return close(stream);
	}

	class Control {
		queue = new Queue(); started = false; abortReason = undefined; #abort;
		stream = undefined; mark = 1; size = undefined; writeAlgorithm = undefined; closeAlgorithm = undefined; abortAlgorithm = undefined;
		constructor(stream, algorithms, mark, size) {
			Object.assign(this, algorithms, { stream, mark, size });
		}
		// The object is made when somebody asks for it: most streams are not aborted.
		abortController() { return this.#abort ??= abortPart().newController(); }
		begin(start) {
			const { stream } = this;
			stream.controller = this;
			setBackpressure(stream, this.desired <= 0);
			const result = start();
			on(resolved(result), () => {
				this.started = true;
				this.advance();
			}, (error) => {
				this.started = true;
				dealWith(stream, error);
			});
		}
		get desired() { return this.mark - this.queue.total; }
		forget() { this.writeAlgorithm = this.closeAlgorithm = this.abortAlgorithm = this.size = undefined; }
		abortSteps(reason) {
			const result = this.abortAlgorithm(reason);
			this.forget();
			return result;
		}
		sizeOf(chunk) {
			if (this.size === undefined) return 1;
			try {
				return this.size(chunk);
			} catch (error) {
				this.failIfNeeded(error);
				return 1;
			}
		}
		write(chunk, size) {
			try {
				this.queue.push(chunk, size);
			} catch (error) {
				this.failIfNeeded(error);
				return;
			}
			const { stream } = this;
			if (!closing(stream) && stream.state === "writable") setBackpressure(stream, this.desired <= 0);
			this.advance();
		}
		closeStream() {
			this.queue.push(closeMark, 0);
			this.advance();
		}
		failIfNeeded(error) { if (this.stream.state === "writable") this.fail(error); }
		fail(error) {
			this.forget();
			startErroring(this.stream, error);
		}
		advance() {
			const { stream } = this;
			if (!this.started || stream.writing !== undefined) return;
			if (stream.state === "erroring") {
				finishErroring(stream);
				return;
			}
			if (this.queue.empty) return;
			const value = this.queue.peek();
			if (value === closeMark) this.processClose();
			else this.processWrite(value);
		}
		processClose() {
			const { stream } = this;
			stream.closingRequest = stream.closeRequest;
			stream.closeRequest = undefined;
			this.queue.shift();
			const closed = this.closeAlgorithm();
			this.forget();
			on(closed, () => {
				stream.closingRequest.resolve(undefined);
				stream.closingRequest = undefined;
				if (stream.state === "erroring") {
					stream.error = undefined;
					if (stream.aborting !== undefined) {
						stream.aborting.resolve(undefined);
						stream.aborting = undefined;
					}
				}
				stream.state = "closed";
				stream.writer?.closed.resolve(undefined);
			}, (error) => {
				stream.closingRequest.reject(error);
				stream.closingRequest = undefined;
				if (stream.aborting !== undefined) {
					stream.aborting.reject(error);
					stream.aborting = undefined;
				}
				dealWith(stream, error);
			});
		}
		processWrite(chunk) {
			const { stream } = this;
			stream.writing = stream.requests.shift();
			on(this.writeAlgorithm(chunk), () => {
				stream.writing.resolve(undefined);
				stream.writing = undefined;
				const { state } = stream;
				this.queue.shift();
				if (!closing(stream) && state === "writable") setBackpressure(stream, this.desired <= 0);
				this.advance();
			}, (error) => {
				if (stream.state === "writable") this.forget();
				stream.writing.reject(error);
				stream.writing = undefined;
				dealWith(stream, error);
			});
		}
	}

	class WritableStreamDefaultController {
		#control;
		constructor(key = undefined, control = undefined) {
			if (key !== internal) throw new TypeError("Illegal constructor: controllers are made by WritableStream");
			this.#control = control;
		}
		get signal() { return this.#control.abortController().signal; }
		error(reason = undefined) { if (this.#control.stream.state === "writable") this.#control.fail(reason); }
	}

	// create makes a stream of algorithms that return promises: { writeAlgorithm, closeAlgorithm,
	// abortAlgorithm }.
	function create(start, algorithms, mark = 1, size = () => 1) {
		const stream = newStream();
		new Control(stream, algorithms, mark, size).begin(start);
		return new WritableStream(internal, stream);
	}

	let stateOf, isWritable;
	class WritableStream {
		#stream;
		constructor(sink = undefined, queuing = {}) {
			if (sink === internal) {
				this.#stream = queuing;
				return;
			}
			if (sink !== undefined && !isObject(sink)) throw new TypeError("the sink of a stream is an object");
			const read = strategy(queuing), given = sink ?? {}, methods = {};
			for (const name of ["abort", "close", "start"]) methods[name] = method(given, name, "the sink of a stream");
			if (given.type !== undefined) throw new RangeError("the sink of a stream has no type");
			methods.write = method(given, "write", "the sink of a stream");
			const size = sizeOf(read), mark = highWaterMark(read, 1);
			this.#stream = newStream();
			const control = new Control(this.#stream, undefined, mark, size);
			const controller = new WritableStreamDefaultController(internal, control);
			control.writeAlgorithm = methods.write ? calls(function (chunk) { return Reflect.apply(methods.write, sink, [chunk, controller]); }) : calls();
			control.closeAlgorithm = calls(methods.close && (() => Reflect.apply(methods.close, sink, [])));
			control.abortAlgorithm = calls(methods.abort, sink);
			control.begin(() => methods.start && Reflect.apply(methods.start, sink, [controller]));
		}
		get locked() { return this.#stream.writer !== undefined; }
		abort(reason = undefined) {
			if (!isWritable(this)) return rejected(new TypeError("this is no WritableStream"));
			if (this.#stream.writer !== undefined) return rejected(new TypeError("the stream is locked: abort its writer"));
			return abort(this.#stream, reason);
		}
		close() {
			if (!isWritable(this)) return rejected(new TypeError("this is no WritableStream"));
			if (this.#stream.writer !== undefined) return rejected(new TypeError("the stream is locked: close its writer"));
			if (closing(this.#stream)) return rejected(new TypeError("the stream is closed already"));
			return close(this.#stream);
		}
		getWriter() {
			void this.#stream;
			return new WritableStreamDefaultWriter(this);
		}
		static {
			isWritable = (object) => isObject(object) && #stream in object;
			stateOf = (object) => {
				if (!isWritable(object)) throw new TypeError("a writer writes to a WritableStream");
				return object.#stream;
			};
		}
	}

	let isWriter;
	class WritableStreamDefaultWriter {
		#writer;
		static { isWriter = (object) => isObject(object) && #writer in object; }
		constructor(stream) {
			needs(arguments.length, 1, "WritableStreamDefaultWriter");
			this.#writer = lock(stateOf(stream));
		}
		get closed() { return isWriter(this) ? this.#writer.closed.promise : rejected(new TypeError("this is no writer")); }
		get desiredSize() {
			const { stream } = this.#writer;
			if (stream === undefined) throw new TypeError("the writer was released");
			if (stream.state === "errored" || stream.state === "erroring") return null;
			return stream.state === "closed" ? 0 : stream.controller.desired;
		}
		get ready() { return isWriter(this) ? this.#writer.ready.promise : rejected(new TypeError("this is no writer")); }
		abort(reason = undefined) {
			if (!isWriter(this)) return rejected(new TypeError("this is no writer"));
			return this.#writer.stream === undefined ? rejected(new TypeError("the writer was released")) : abort(this.#writer.stream, reason);
		}
		close() {
			if (!isWriter(this)) return rejected(new TypeError("this is no writer"));
			const { stream } = this.#writer;
			if (stream === undefined) return rejected(new TypeError("the writer was released"));
			return closing(stream) ? rejected(new TypeError("the stream is closed already")) : close(stream);
		}
		releaseLock() { release(this.#writer); }
		write(chunk = undefined) {
			if (!isWriter(this)) return rejected(new TypeError("this is no writer"));
			return this.#writer.stream === undefined ? rejected(new TypeError("the writer was released")) : write(this.#writer, chunk);
		}
	}
	describe(WritableStream);
	describe(WritableStreamDefaultWriter);
	describe(WritableStreamDefaultController);

	return {
		WritableStream, WritableStreamDefaultWriter, WritableStreamDefaultController, lock, release, write, abort, closing, closeKeepingErrors, create,
		stateOf: (object) => stateOf(object), isWritable: (object) => isWritable(object),
	};
})
