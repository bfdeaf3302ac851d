// fetch, Request and Response, in the form that the engine runs without a build.
// typings/globals.d.ts says what each does. native makes exchanges: { send(), read(as), whole(), chunk(),
// share(), close(), cancel() }.
(function (native) {
	"use strict";
	const { Headers, URL, URLSearchParams, TextEncoder, AbortSignal, AbortController } = globalThis;
	const encoder = new TextEncoder();
	const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

	const { hidden } = native;
	// partOf is what a Blob, a FormData or a ReadableStream tells of itself, undefined of anything else.
	const partOf = (body) => typeof body === "object" && hidden in body ? body[hidden]() : undefined;

	// bytesOf returns the bytes of a body, or the stream that has them, and what type of content they
	// are.
	function bytesOf(body) {
		if (body === undefined || body === null) return {};
		if (typeof body === "string") return { bytes: encoder.encode(body), type: "text/plain;charset=UTF-8" };
		if (body instanceof URLSearchParams) return { bytes: encoder.encode(body.toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" };
		const part = partOf(body);
		if (part?.kind === "stream") {
			if (part.disturbed || body.locked) throw new TypeError("the stream was read already, or is locked");
			return { stream: body };
		}
		if (part !== undefined) return { bytes: part.bytes, type: part.type || undefined };
		const buffer = native.bytes(body);
		if (buffer !== undefined) return { bytes: new Uint8Array(buffer) };
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
			const abort = () => {
				exchange.cancel();
				reject(signal.reason);
			};
			signal?.addEventListener("abort", abort);
			const done = () => signal?.removeEventListener("abort", abort);
			start().then((value) => { done(); resolve(value); }, (reason) => { done(); reject(failed(reason)); });
		});
	}

	// streamOf is a stream of what an exchange has to read.
	function streamOf(exchange, signal) {
		let over = false;
		return new globalThis.ReadableStream({
			type: "bytes",
			async pull(controller) {
				if (over) return controller.close();
				if (exchange.whole()) {
					const bytes = new Uint8Array(await until(signal, exchange, () => exchange.read("bytes")));
					over = true;
					return bytes.length > 0 ? controller.enqueue(bytes) : controller.close();
				}
				const chunk = await until(signal, exchange, () => exchange.chunk());
				if (chunk === undefined) controller.close();
				else controller.enqueue(new Uint8Array(chunk));
			},
			cancel() { exchange.close(); },
		});
	}

	// share gives another body what a body has to read: { exchange, signal } or { stream }.
	let share;
	// spent tells that a body cannot be read, for whatever reason.
	let spent;
	class Body {
		#exchange; #signal; #stream; #used = false;
		// own tells that the stream is one of the exchange.
		#own = true;
		#none;
		// none says that the answer cannot have a body.
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
			if (this.#used) this.#stream[hidden]().spend();
			return this.#stream;
		}
		#read(as) {
			if (spent(this)) return Promise.reject(new TypeError("the body was already read: keep the result, or read a clone()"));
			const stream = this.#stream;
			if (stream === undefined && this.#exchange === undefined) {
				if (as !== "json") return Promise.resolve(as === "text" ? "" : new ArrayBuffer(0));
				return Promise.reject(new SyntaxError("the body is empty and not JSON"));
			}
			this.#used = true;
			if (stream === undefined || this.#own) {
				stream?.[hidden]().spend();
				return until(this.#signal, this.#exchange, () => this.#exchange.read(as));
			}
			return stream[hidden]().bytes().then((bytes) => {
				const exchange = native.local(bytes);
				return until(undefined, exchange, () => exchange.read(as));
			});
		}
		text() { return this.#read("text"); }
		json() { return this.#read("json"); }
		arrayBuffer() { return this.#read("bytes"); }
		bytes() { return this.#read("bytes").then((buffer) => new Uint8Array(buffer)); }
		blob() {
			const type = (this.headers.get("content-type") ?? "").replace(/;\s+/g, ";");
			return this.#read("bytes").then((buffer) => new globalThis.Blob([buffer], { type }));
		}
		formData() {
			const type = this.headers.get("content-type") ?? "";
			return this.#read("bytes").then((buffer) => globalThis.FormData[hidden](new Uint8Array(buffer), type));
		}
		static {
			spent = (body) => body.bodyUsed || body.#stream !== undefined && body.#stream.locked;
			share = (body) => {
				if (spent(body)) throw new TypeError("the body has been read: clone before reading");
				if (body.#stream !== undefined) {
					const [one, other] = body.#stream.tee();
					body.#stream = one;
					body.#own = false;
					return { stream: other };
				}
				body.#exchange?.share();
				return { exchange: body.#exchange, signal: body.#signal, none: body.#none };
			};
		}
	}

	const methods = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
	function normalMethod(method) {
		method = String(method);
		const upper = method.toUpperCase();
		if (!token.test(method) || upper === "CONNECT" || upper === "TRACE" || upper === "TRACK") throw new TypeError(`${JSON.stringify(method)} is not a method that fetch supports`);
		return methods.has(upper) ? upper : method;
	}
	function oneOf(value, name, allowed) {
		if (!allowed.includes(value)) throw new TypeError(`${name} is one of ${allowed.join(", ")}, not ${String(value)}`);
		return value;
	}
	function normalURL(input) {
		let url;
		try { url = new URL(String(input)); } catch { throw new TypeError(`fetch takes an absolute URL, such as "https://host/path"`); }
		if (url.username || url.password) throw new TypeError("user and password do not belong in the URL: send them in the header Authorization, or use basic() of carjs/http");
		return url.href;
	}

	// otherOptions are those of requests that say something to browsers alone, with their defaults.
	const otherOptions = {
		cache: "default", credentials: "same-origin", integrity: "", keepalive: false, mode: "cors", referrer: "about:client", referrerPolicy: "",
	};

	// handedOver takes the stream of a request's body away from it, undefined where it has none.
	function handedOver(request) {
		if (request.body === null) return undefined;
		const reader = request.body.getReader();
		return new globalThis.ReadableStream({
			async pull(controller) {
				const { value, done } = await reader.read();
				if (done) controller.close();
				else controller.enqueue(value);
			},
			cancel(reason) { return reader.cancel(reason); },
		}, { highWaterMark: 0 });
	}

	// partsOf is what fetch needs of a Request: its bytes, or a promise of them.
	let partsOf;
	class Request extends Body {
		#method; #url; #headers; #bytes; #signal; #redirect; #timeout; #others;
		constructor(input, init = {}) {
			if (arguments.length === 0) throw new TypeError("fetch needs a URL or a Request");
			init ??= {};
			if (typeof init !== "object") throw new TypeError("the second argument of fetch is an object");
			const from = input instanceof Request ? input : undefined;
			if (from?.bodyUsed && init.body === undefined) throw new TypeError("the request's body has been read");
			const given = bytesOf(init.body);
			const inherits = init.body === undefined && from !== undefined;
			const bytes = inherits ? from.#bytes : given.bytes;
			// The stream of another request goes over to this one, as it can be read once.
			const stream = inherits && bytes === undefined ? handedOver(from) : given.stream;
			const signal = init.signal === undefined ? from?.#signal : init.signal ?? undefined;
			if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError("signal is an AbortSignal");
			super(stream ? { stream } : { exchange: bytes && native.local(bytes) });
			this.#url = from ? from.#url : normalURL(input);
			this.#method = normalMethod(init.method ?? from?.#method ?? "GET");
			this.#headers = new Headers(init.headers ?? from?.#headers);
			this.#redirect = oneOf(init.redirect ?? from?.#redirect ?? "follow", "redirect", ["follow", "error", "manual"]);
			this.#timeout = init.timeout ?? from?.#timeout;
			if (this.#timeout !== undefined && !(this.#timeout > 0)) throw new TypeError("timeout is a number of milliseconds above 0");
			this.#bytes = bytes;
			this.#signal = signal;
			this.#others = { ...from?.#others };
			for (const name in otherOptions) if (init[name] !== undefined) this.#others[name] = name === "keepalive" ? Boolean(init[name]) : String(init[name]);
			if ((bytes || stream) && (this.#method === "GET" || this.#method === "HEAD")) throw new TypeError(`a ${this.#method} request has no body`);
			if (given.type && !this.#headers.has("content-type")) this.#headers.set("content-type", given.type);
		}
		get method() { return this.#method; }
		get url() { return this.#url; }
		get headers() { return this.#headers; }
		get redirect() { return this.#redirect; }
		get signal() { return this.#signal ?? (this.#signal = new AbortController().signal); }
		get duplex() { return "half"; }
		get destination() { return ""; }
		clone() {
			if (spent(this)) throw new TypeError("the body has been read: clone before reading");
			if (this.#bytes !== undefined || this.body === null) return new Request(this);
			const { stream } = share(this);
			return new Request(this, { body: stream });
		}
		get [Symbol.toStringTag]() { return "Request"; }
		static {
			for (const [name, value] of Object.entries(otherOptions)) {
				Object.defineProperty(this.prototype, name, { get() { return this.#others[name] ?? value; }, enumerable: true, configurable: true });
			}
			// A request that has its bytes can be sent any number of times; a stream is read for that.
			partsOf = (r) => ({
				method: r.#method, url: r.#url, headers: r.#headers, signal: r.#signal, redirect: r.#redirect, timeout: r.#timeout,
				bytes: r.#bytes ?? (r.body === null ? undefined : r.bytes()),
			});
		}
	}

	const internal = Symbol("internal");
	class Response extends Body {
		#head; #headers;
		constructor(body, init = {}, made) {
			init ??= {};
			if (made === internal) {
				super(body);
				this.#head = init;
				this.#headers = Headers[hidden](new Headers(init.headers));
				return;
			}
			const { bytes, stream, type } = bytesOf(body);
			const status = init.status ?? 200;
			if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError("the status of a Response is a number from 200 to 599");
			if ((bytes || stream) && [204, 205, 304].includes(status)) throw new TypeError(`a response with status ${status} has no body`);
			super(stream ? { stream } : { exchange: bytes && native.local(bytes) });
			this.#head = { status, statusText: String(init.statusText ?? ""), url: "", redirected: false, type: "default" };
			this.#headers = new Headers(init.headers);
			if (type && !this.#headers.has("content-type")) this.#headers.set("content-type", type);
		}
		get status() { return this.#head.status; }
		get ok() { return this.#head.status >= 200 && this.#head.status <= 299; }
		get statusText() { return this.#head.statusText; }
		get headers() { return this.#headers; }
		get url() { return this.#head.url; }
		get redirected() { return this.#head.redirected; }
		get type() { return this.#head.type ?? "basic"; }
		clone() {
			const copy = new Response(share(this), { ...this.#head, headers: this.#headers }, internal);
			copy.#headers = Headers[hidden](new Headers(this.#headers), this.#headers);
			return copy;
		}
		get [Symbol.toStringTag]() { return "Response"; }
		static json(data, init = {}) {
			const text = JSON.stringify(data);
			if (text === undefined) throw new TypeError("the value cannot be converted to JSON");
			const headers = new Headers(init?.headers);
			if (!headers.has("content-type")) headers.set("content-type", "application/json");
			return new Response(text, { ...init, headers });
		}
		static error() { return new Response({}, { status: 0, statusText: "", url: "", redirected: false, type: "error" }, internal); }
		static redirect(url, status = 302) {
			if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError("the status of a redirect is 301, 302, 303, 307 or 308");
			const made = new Response(null, { status, headers: { location: normalURL(url) } });
			Headers[hidden](made.#headers);
			return made;
		}
	}

	// A third argument says which way the request goes: HttpClient.fetch has one, which scripts cannot make.
	function fetch(input, init) {
		const carrier = arguments[2];
		return new Promise((resolve, reject) => {
			const { method, url, headers, bytes, signal, redirect, timeout } = partsOf(new Request(input, init));
			const send = (bytes) => {
				const exchange = native.open(method, url, [...headers].flat(), bytes, redirect, timeout, carrier);
				return until(signal, exchange, () => exchange.send())
					.then((head) => resolve(new Response({ exchange, signal, none: method === "HEAD" || [204, 205, 304].includes(head.status) }, head, internal)));
			};
			(bytes instanceof Promise ? bytes.then(send) : send(bytes)).catch(reject);
		});
	}

	return { Request, Response, fetch };
})
