// fetch, Headers, Request and Response, in the form that the engine runs without a build.
// typings/globals.d.ts says what each does. native makes exchanges: { send(), read(as), share(),
// cancel() }.
(function (native) {
	"use strict";
	const { URL, URLSearchParams, TextEncoder, AbortSignal, AbortController } = globalThis;
	const encoder = new TextEncoder();
	const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

	function normalName(name) {
		name = String(name);
		if (!token.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a valid header name`);
		return name.toLowerCase();
	}
	function normalValue(value, name) {
		value = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
		if (/[\0\r\n]/.test(value)) throw new TypeError(`the value of the header ${name} contains a line break or a NUL`);
		if (/[^\x00-\xff]/.test(value)) throw new TypeError(`the value of the header ${name} contains a character that headers do not allow: encode it first`);
		return value;
	}

	class Headers {
		#map = new Map();
		constructor(init) {
			if (init === undefined || init === null) return;
			if (typeof init !== "object") throw new TypeError("headers are an object, pairs of name and value, or Headers");
			if (typeof init[Symbol.iterator] === "function") {
				for (const pair of init) {
					const [name, value, ...rest] = pair;
					if (value === undefined || rest.length > 0) throw new TypeError("each header is a pair of name and value");
					this.append(name, value);
				}
				return;
			}
			for (const name of Object.keys(init)) {
				if (init[name] !== undefined) this.append(name, init[name]);
			}
		}
		append(name, value) {
			name = normalName(name);
			const list = this.#map.get(name);
			value = normalValue(value, name);
			if (list) list.push(value); else this.#map.set(name, [value]);
		}
		delete(name) { this.#map.delete(normalName(name)); }
		get(name) { return this.#map.get(normalName(name))?.join(", ") ?? null; }
		has(name) { return this.#map.has(normalName(name)); }
		set(name, value) { name = normalName(name); this.#map.set(name, [normalValue(value, name)]); }
		getSetCookie() { return [...(this.#map.get("set-cookie") ?? [])]; }
		forEach(callback, thisArg) { for (const [name, value] of this) callback.call(thisArg, value, name, this); }
		*entries() {
			for (const name of [...this.#map.keys()].sort()) {
				if (name === "set-cookie") for (const value of this.#map.get(name)) yield [name, value];
				else yield [name, this.#map.get(name).join(", ")];
			}
		}
		*keys() { for (const [name] of this.entries()) yield name; }
		*values() { for (const [, value] of this.entries()) yield value; }
		[Symbol.iterator]() { return this.entries(); }
		get [Symbol.toStringTag]() { return "Headers"; }
	}

	// bytesOf returns the bytes of a body and what type of content they are.
	function bytesOf(body) {
		if (body === undefined || body === null) return {};
		if (typeof body === "string") return { bytes: encoder.encode(body), type: "text/plain;charset=UTF-8" };
		if (body instanceof URLSearchParams) return { bytes: encoder.encode(body.toString()), type: "application/x-www-form-urlencoded;charset=UTF-8" };
		const buffer = native.bytes(body);
		if (buffer !== undefined) return { bytes: new Uint8Array(buffer) };
		throw new TypeError("a body is a string, URLSearchParams, an ArrayBuffer or a typed array: turn objects into text with JSON.stringify first");
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

	// share gives another body what a body has to read.
	let share;
	class Body {
		#exchange; #signal; #used = false;
		constructor(exchange, signal) {
			this.#exchange = exchange;
			this.#signal = signal;
		}
		get bodyUsed() { return this.#used; }
		// The body is not a stream here: it is read as a whole.
		get body() { return null; }
		#read(as) {
			if (this.#used) return Promise.reject(new TypeError("the body was already read: keep the result, or read a clone()"));
			if (this.#exchange === undefined) {
				if (as !== "json") return Promise.resolve(as === "text" ? "" : new ArrayBuffer(0));
				return Promise.reject(new SyntaxError("the body is empty and not JSON"));
			}
			this.#used = true;
			return until(this.#signal, this.#exchange, () => this.#exchange.read(as));
		}
		text() { return this.#read("text"); }
		json() { return this.#read("json"); }
		arrayBuffer() { return this.#read("bytes"); }
		bytes() { return this.#read("bytes").then((buffer) => new Uint8Array(buffer)); }
		static {
			share = (body) => {
				if (body.#used) throw new TypeError("the body has been read: clone before reading");
				body.#exchange?.share();
				return { exchange: body.#exchange, signal: body.#signal };
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

	// partsOf is what fetch needs of a Request.
	let partsOf;
	class Request extends Body {
		#method; #url; #headers; #bytes; #signal; #redirect; #timeout;
		constructor(input, init = {}) {
			if (arguments.length === 0) throw new TypeError("fetch needs a URL or a Request");
			init ??= {};
			if (typeof init !== "object") throw new TypeError("the second argument of fetch is an object");
			const from = input instanceof Request ? input : undefined;
			if (from?.bodyUsed && init.body === undefined) throw new TypeError("the request's body has been read");
			const given = bytesOf(init.body);
			const bytes = init.body === undefined ? from?.#bytes : given.bytes;
			const signal = init.signal === undefined ? from?.#signal : init.signal ?? undefined;
			if (signal !== undefined && !(signal instanceof AbortSignal)) throw new TypeError("signal is an AbortSignal");
			super(bytes && native.local(bytes), undefined);
			this.#url = from ? from.#url : normalURL(input);
			this.#method = normalMethod(init.method ?? from?.#method ?? "GET");
			this.#headers = new Headers(init.headers ?? from?.#headers);
			this.#redirect = oneOf(init.redirect ?? from?.#redirect ?? "follow", "redirect", ["follow", "error", "manual"]);
			this.#timeout = init.timeout ?? from?.#timeout;
			if (this.#timeout !== undefined && !(this.#timeout > 0)) throw new TypeError("timeout is a number of milliseconds above 0");
			this.#bytes = bytes;
			this.#signal = signal;
			if (bytes && (this.#method === "GET" || this.#method === "HEAD")) throw new TypeError(`a ${this.#method} request has no body`);
			if (given.type && !this.#headers.has("content-type")) this.#headers.set("content-type", given.type);
		}
		get method() { return this.#method; }
		get url() { return this.#url; }
		get headers() { return this.#headers; }
		get redirect() { return this.#redirect; }
		get signal() { return this.#signal ?? (this.#signal = new AbortController().signal); }
		clone() {
			if (this.bodyUsed) throw new TypeError("the body has been read: clone before reading");
			return new Request(this);
		}
		get [Symbol.toStringTag]() { return "Request"; }
		static {
			partsOf = (r) => ({ method: r.#method, url: r.#url, headers: r.#headers, bytes: r.#bytes, signal: r.#signal, redirect: r.#redirect, timeout: r.#timeout });
		}
	}

	const internal = Symbol("internal");
	class Response extends Body {
		#head; #headers;
		constructor(body, init = {}, made) {
			init ??= {};
			if (made === internal) {
				super(body.exchange, body.signal);
				this.#head = init;
				this.#headers = new Headers(init.headers);
				return;
			}
			const { bytes, type } = bytesOf(body);
			const status = init.status ?? 200;
			if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError("the status of a Response is a number from 200 to 599");
			if (bytes && [204, 205, 304].includes(status)) throw new TypeError(`a response with status ${status} has no body`);
			super(bytes && native.local(bytes), undefined);
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
		clone() { return new Response(share(this), { ...this.#head, headers: this.#headers }, internal); }
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
			return new Response(null, { status, headers: { location: normalURL(url) } });
		}
	}

	function fetch(input, init) {
		return new Promise((resolve, reject) => {
			const { method, url, headers, bytes, signal, redirect, timeout } = partsOf(new Request(input, init));
			const exchange = native.open(method, url, [...headers].flat(), bytes, redirect, timeout);
			until(signal, exchange, () => exchange.send())
				.then((head) => resolve(new Response({ exchange, signal }, head, internal)))
				.catch(reject);
		});
	}

	return { Headers, Request, Response, fetch };
})
