// TransformStream and its controller. typings/streams.d.ts says what each does.
(function (native) {
	"use strict";
	const { on, resolved, rejected, deferred, calls, method, strategy, highWaterMark, sizeOf, internal } = native.part("streams/common");
	const readable = native.part("streams/readable"), writable = native.part("streams/writable");
	const { describe, isObject } = native.part("idl");

	// Transform is what the two sides of a transform share.
	class Transform {
		backpressure = undefined; change = undefined; finished = undefined; writable = undefined; readable = undefined; in = undefined; out = undefined;
		transformAlgorithm = undefined; flushAlgorithm = undefined; cancelAlgorithm = undefined;
		constructor(started, marks, sizes) {
			this.writable = writable.create(() => started, {
				writeAlgorithm: (chunk) => this.write(chunk), closeAlgorithm: () => this.close(), abortAlgorithm: (reason) => this.abort(reason),
			}, marks.writable, sizes.writable);
			this.readable = readable.create(() => started, () => this.pull(), (reason) => this.cancel(reason), marks.readable, sizes.readable);
			this.in = writable.stateOf(this.writable);
			this.out = readable.stateOf(this.readable);
			this.setBackpressure(true);
		}
		forget() { this.transformAlgorithm = this.flushAlgorithm = this.cancelAlgorithm = undefined; }
		setBackpressure(backpressure) {
			this.change?.resolve(undefined);
			this.change = deferred();
			this.backpressure = backpressure;
		}
		fail(error) {
			this.out.controller.fail(error);
			this.failWriting(error);
		}
		failWriting(error) {
			this.forget();
			this.in.controller.failIfNeeded(error);
			this.unblock();
		}
		unblock() { if (this.backpressure) this.setBackpressure(false); }
		enqueue(chunk) {
			const { controller } = this.out;
			if (!controller.open) throw new TypeError("the readable side takes no more chunks: it was closed or has failed");
			try {
				controller.enqueue(chunk);
			} catch (error) {
				this.failWriting(error);
				throw this.out.error;
			}
			const backpressure = !controller.wanted();
			if (backpressure !== this.backpressure) this.setBackpressure(true);
		}
		terminate() {
			this.out.controller.close();
			this.failWriting(new TypeError("the transform was terminated"));
		}
		perform(chunk) {
			return on(this.transformAlgorithm(chunk), undefined, (error) => {
				this.fail(error);
				throw error;
			});
		}
		write(chunk) {
			if (!this.backpressure) return this.perform(chunk);
			return on(this.change.promise, () => {
				if (this.in.state === "erroring") throw this.in.error;
				return this.perform(chunk);
			});
		}
		abort(reason) {
			if (this.finished !== undefined) return this.finished.promise;
			this.finished = deferred();
			const cancelled = this.cancelAlgorithm(reason);
			this.forget();
			on(cancelled, () => {
				if (this.out.state === "errored") this.finished.reject(this.out.error);
				else {
					this.out.controller.fail(reason);
					this.finished.resolve(undefined);
				}
			}, (error) => {
				this.out.controller.fail(error);
				this.finished.reject(error);
			});
			return this.finished.promise;
		}
		close() {
			if (this.finished !== undefined) return this.finished.promise;
			this.finished = deferred();
			const flushed = this.flushAlgorithm();
			this.forget();
			on(flushed, () => {
				if (this.out.state === "errored") this.finished.reject(this.out.error);
				else {
					this.out.controller.close();
					this.finished.resolve(undefined);
				}
			}, (error) => {
				this.out.controller.fail(error);
				this.finished.reject(error);
			});
			return this.finished.promise;
		}
		cancel(reason) {
			if (this.finished !== undefined) return this.finished.promise;
			this.finished = deferred();
			const cancelled = this.cancelAlgorithm(reason);
			this.forget();
			on(cancelled, () => {
				if (this.in.state === "errored") this.finished.reject(this.in.error);
				else {
					this.in.controller.failIfNeeded(reason);
					this.unblock();
					this.finished.resolve(undefined);
				}
			}, (error) => {
				this.in.controller.failIfNeeded(error);
				this.unblock();
				this.finished.reject(error);
			});
			return this.finished.promise;
		}
		pull() {
			this.setBackpressure(false);
			return this.change.promise;
		}
	}

	class TransformStreamDefaultController {
		#transform;
		constructor(key = undefined, transform = undefined) {
			if (key !== internal) throw new TypeError("Illegal constructor: controllers are made by TransformStream");
			this.#transform = transform;
		}
		get desiredSize() { return this.#transform.out.controller.desired; }
		enqueue(chunk = undefined) { this.#transform.enqueue(chunk); }
		error(reason = undefined) { this.#transform.fail(reason); }
		terminate() { this.#transform.terminate(); }
	}

	class TransformStream {
		#transform;
		constructor(transformer = undefined, writableStrategy = {}, readableStrategy = {}) {
			if (transformer !== undefined && !isObject(transformer)) throw new TypeError("the transformer of a stream is an object");
			const forWriting = strategy(writableStrategy), forReading = strategy(readableStrategy);
			const given = transformer ?? {}, methods = {}, what = "the transformer of a stream";
			for (const name of ["cancel", "flush"]) methods[name] = method(given, name, what);
			if (given.readableType !== undefined) throw new RangeError("a transformer has no readableType");
			for (const name of ["start", "transform"]) methods[name] = method(given, name, what);
			if (given.writableType !== undefined) throw new RangeError("a transformer has no writableType");
			const readableMark = highWaterMark(forReading, 0), readableSize = sizeOf(forReading);
			const marks = { writable: highWaterMark(forWriting, 1), readable: readableMark };
			const sizes = { writable: sizeOf(forWriting), readable: readableSize };
			const started = deferred();
			const transform = new Transform(started.promise, marks, sizes);
			this.#transform = transform;
			const controller = new TransformStreamDefaultController(internal, transform);
			transform.transformAlgorithm = methods.transform ? calls(function (chunk) { return Reflect.apply(methods.transform, transformer, [chunk, controller]); })
				: (chunk) => {
					try {
						transform.enqueue(chunk);
						return resolved(undefined);
					} catch (error) {
						return rejected(error);
					}
				};
			transform.flushAlgorithm = calls(methods.flush && (() => Reflect.apply(methods.flush, transformer, [controller])));
			transform.cancelAlgorithm = calls(methods.cancel, transformer);
			started.resolve(methods.start && Reflect.apply(methods.start, transformer, [controller]));
		}
		get readable() { return this.#transform.readable; }
		get writable() { return this.#transform.writable; }
	}
	describe(TransformStream);
	describe(TransformStreamDefaultController);

	// create makes the two sides of a transform of functions that enqueue what they make:
	// transform(chunk, enqueue), flush(enqueue), and close(), which is called once whatever happens.
	function create(transform, flush, close = () => {}) {
		const made = new Transform(resolved(undefined), { writable: 1, readable: 0 }, { writable: () => 1, readable: () => 1 });
		const enqueue = (chunk) => made.enqueue(chunk);
		made.transformAlgorithm = calls((chunk) => { transform(chunk, enqueue); });
		made.flushAlgorithm = calls(() => {
			try { flush(enqueue); } finally { close(); }
		});
		made.cancelAlgorithm = calls(() => { close(); });
		return made;
	}

	return { TransformStream, TransformStreamDefaultController, create };
})
