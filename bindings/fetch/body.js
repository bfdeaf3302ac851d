// What requests and responses have in common, in the form that the engine runs without a build. native
// makes exchanges: { send(), read(as), whole(), chunk(), share(), close(), cancel() }.
(function (native) {
	"use strict";
	const { hidden } = native;
	const { isObject, usv } = native.part("idl");
	const { URLSearchParams } = native.part("url");
	const encoded = (text) => new Uint8Array(native.encode(text));
	const streams = () => native.part("streams/readable");

	// partOf is what a Blob, a FormData or a ReadableStream tells of itself, undefined of anything else.
	const partOf = (body) => isObject(body) && hidden in body ? body[hidden]() : undefined;

	// bytesOf returns the bytes of a body, or the stream that has them, and what type of content they
	// are.
	function bytesOf(body) {
		if (body === undefined || body === null) return {};
		if (typeof body === "string") return { bytes: encoded(body), type: "text/plain;charset=UTF-8" };
		if (body instanceof URLSearchParams) return { bytes: encoded(body.toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" };
		const part = partOf(body);
		if (part?.kind === "stream") {
			if (part.disturbed || body.locked) throw new TypeError("the stream was read already, or is locked");
			return { stream: body };
		}
		if (part !== undefined) return { bytes: part.bytes, type: part.type || undefined };
		const buffer = native.bytes(body);
		if (buffer !== undefined) return { bytes: new Uint8Array(buffer) };
		if (isObject(body) && typeof body.toString === "function" && body.toString !== Object.prototype.toString && !Array.isArray(body)) {
			return { bytes: encoded(usv(body)), type: "text/plain;charset=UTF-8" };
		}
		throw new TypeError("a body is a string, URLSearchParams, FormData, a Blob, a ReadableStream, an ArrayBuffer or a typed array: turn objects into text with JSON.stringify first");
	}

	// failed makes what a script sees of what Go says: the cause is the typed failure, and the
	// place is where the call was made.
	function failed(reason) {
		if (!(reason instanceof Error)) return reason;
		const error = new (native.isBadJSON(reason) ? SyntaxError : TypeError)(reason.message, { cause: reason });
		const stack = String(reason.stack);
		const frames = stack.indexOf("\n\tat ");
		Object.defineProperty(error, "stack", { value: `${error.name}: ${error.message}${frames < 0 ? "" : stack.slice(frames)}`, writable: true, configurable: true });
		return error;
	}

	// until settles with what start promises, or with the signal's reason once that is aborted.
	function until(signal, exchange, start) {
		return new Promise((resolve, reject) => {
			if (signal?.aborted) {
				exchange.cancel();
				return reject(signal.reason);
			}
			const done = signal === undefined ? () => {} : native.part("abort").follow(signal, () => {
				exchange.cancel();
				reject(signal.reason);
			});
			start().then((value) => { done(); resolve(value); }, (reason) => { done(); reject(failed(reason)); });
		});
	}

	// streamOf is a stream of what an exchange has to read.
	function streamOf(exchange, signal) {
		const bytes = native.part("streams/bytes"), { stateOf } = streams();
		let over = false;
		const give = (buffer) => {
			const { controller } = stateOf(stream);
			if (buffer !== undefined && buffer.byteLength > 0) return controller.enqueue(new Uint8Array(buffer));
			controller.close();
			if (controller.pending.length > 0) controller.respond(0);
		};
		const stream = bytes.create(() => {}, async () => {
			if (over) return give(undefined);
			if (!exchange.whole()) return give(await until(signal, exchange, () => exchange.chunk()));
			over = true;
			return give(await until(signal, exchange, () => exchange.read("bytes")));
		}, async () => { exchange.close(); });
		// Whoever waits for the stream to be aborted need not be reading it.
		if (signal !== undefined) native.part("abort").follow(signal, () => stateOf(stream).controller.fail(signal.reason));
		return stream;
	}

	// empty leaves nothing of a stream that is read another way, and nobody gets a reader of it.
	function empty(stream) {
		const { stateOf, spend, lock, isLocked } = streams(), state = stateOf(stream);
		spend(state);
		if (!isLocked(state)) lock(state, false);
	}

	let share, spent, isBody, take;
	class Body {
		#exchange; #signal; #stream; #used = false;
		// own tells that the stream is one of the exchange.
		#own = true;
		// none says that the answer cannot have a body.
		#none;
		constructor({ exchange, signal, stream, none }) {
			this.#none = none;
			this.#exchange = exchange;
			this.#signal = signal;
			this.#stream = stream;
			if (stream !== undefined) this.#own = false;
		}
		get bodyUsed() { return this.#used || this.#stream !== undefined && this.#stream[hidden]().disturbed; }
		get body() {
			if (this.#stream !== undefined) return this.#stream;
			if (this.#exchange === undefined || this.#none) return null;
			this.#stream = streamOf(this.#exchange, this.#signal);
			if (this.#used) empty(this.#stream);
			return this.#stream;
		}
		#read(as) {
			if (spent(this)) return Promise.reject(new TypeError("the body was already read: keep the result, or read a clone()"));
			const stream = this.#stream;
			if (stream === undefined && this.#exchange === undefined) {
				if (as !== "json") return Promise.resolve(as === "text" ? "" : new ArrayBuffer(0));
				return Promise.reject(new SyntaxError("the body is empty and not JSON"));
			}
			this.#used = !this.#none;
			if (stream === undefined || this.#own) {
				if (stream !== undefined) empty(stream);
				return until(this.#signal, this.#exchange, () => this.#exchange.read(as));
			}
			return stream[hidden]().bytes().then((bytes) => {
				const exchange = native.local(bytes);
				return until(undefined, exchange, () => exchange.read(as));
			});
		}
		static {
			isBody = (value) => isObject(value) && #own in value;
			spent = (body) => body.bodyUsed || body.#stream !== undefined && body.#stream.locked;
			share = (body) => {
				if (spent(body)) throw new TypeError("the body has been read: clone before reading");
				if (body.#stream !== undefined) {
					// Who changes the bytes of one must not change those of the other.
					const [one, other] = native.part("streams/tee").tee(streams().stateOf(body.#stream), true);
					body.#stream = one;
					body.#own = false;
					return { stream: other };
				}
				body.#exchange?.share();
				return { exchange: body.#exchange, signal: body.#signal, none: body.#none };
			};
			// take has a body read by somebody else: nothing is left of it here.
			take = (body) => {
				if (body.#used || body.body === null) return;
				body.#used = true;
				if (body.#stream !== undefined && !body.#stream.locked) empty(body.#stream);
			};
			const read = { arrayBuffer: (body) => body.#read("bytes"), json: (body) => body.#read("json"), text: (body) => body.#read("text") };
			read.bytes = (body) => body.#read("bytes").then((buffer) => new Uint8Array(buffer));
			read.blob = (body) => {
				const type = (body.headers.get("content-type") ?? "").replace(/;\s+/g, ";");
				return body.#read("bytes").then((buffer) => new (native.part("blob").Blob)([buffer], { type }));
			};
			read.formData = (body) => {
				const type = body.headers.get("content-type") ?? "";
				return body.#read("bytes").then((buffer) => native.part("form").parse(new Uint8Array(buffer), type));
			};
			Body.members = (Class) => {
				const isOne = (value) => value instanceof Class && isBody(value);
				for (const [name, f] of Object.entries(read)) {
					const method = { [name]() { return isOne(this) ? f(this) : Promise.reject(new TypeError(`this is no ${Class.name}`)); } }[name];
					Object.defineProperty(Class.prototype, name, { value: method, writable: true, enumerable: true, configurable: true });
				}
				for (const name of ["body", "bodyUsed"]) Object.defineProperty(Class.prototype, name, Object.getOwnPropertyDescriptor(Body.prototype, name));
			};
		}
	}

	return { Body, bytesOf, failed, until, share: (body) => share(body), spent: (body) => spent(body), take: (body) => take(body) };
})
