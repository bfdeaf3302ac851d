// fetch, Request and Response, in the form that the engine runs without a build.
// typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { hidden } = native;
	const { Headers } = native.part("headers");
	const { URL } = native.part("url");
	const { describe, dictionary, isObject, needs, oneOf, string, usv, byteString } = native.part("idl");
	const abort = () => native.part("abort"); // most requests have no signal
	const { Body, bytesOf, until, share, spent, take } = native.part("body");
	const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

	const methods = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
	function normalMethod(method) {
		method = byteString(method, "the method");
		const upper = method.toUpperCase();
		if (!token.test(method) || upper === "CONNECT" || upper === "TRACE" || upper === "TRACK") throw new TypeError(`${JSON.stringify(method)} is not a method that fetch supports`);
		return methods.has(upper) ? upper : method;
	}
	function parsedURL(input) {
		try { return new URL(usv(input), native.base); } catch { throw new TypeError(`fetch takes an absolute URL, such as "https://host/path"`); }
	}
	function normalURL(input) {
		const url = parsedURL(input);
		if (url.username || url.password) throw new TypeError("user and password do not belong in the URL: send them in the header Authorization, or use basic() of carjs/http");
		return url.href;
	}

	// otherOptions are those of requests that say something to browsers alone, with their defaults and
	// what they can be.
	const otherOptions = {
		cache: ["default", ["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]],
		credentials: ["same-origin", ["omit", "same-origin", "include"]], integrity: [""], keepalive: [false],
		mode: ["cors", ["same-origin", "no-cors", "cors"]], referrer: ["about:client"],
		referrerPolicy: ["", ["", "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
			"strict-origin-when-cross-origin", "unsafe-url"]],
	};
	// readOther reads such an option.
	function readOther(name, value) {
		const [otherwise, allowed] = otherOptions[name];
		if (typeof otherwise === "boolean") return Boolean(value);
		if (allowed !== undefined) return oneOf(value, allowed, name);
		if (name !== "referrer") return string(value);
		value = usv(value);
		if (value === "") return "";
		let url;
		try { url = new URL(value, native.base); } catch { throw new TypeError("referrer is a URL"); }
		if (url.protocol === "about:" && url.pathname === "client") return "about:client";
		return native.base !== undefined && url.origin !== new URL(native.base).origin ? "about:client" : url.href;
	}

	// handedOver takes the stream of a request's body away from it, undefined where it has none.
	function handedOver(request) {
		if (request.body === null) return undefined;
		const readable = native.part("streams/readable"), from = readable.stateOf(request.body);
		const reader = readable.lock(from, false);
		from.disturbed = true;
		const made = readable.create(() => {}, () => new Promise((resolve, reject) => {
			readable.read(reader, {
				chunk(value) { readable.stateOf(made).controller.enqueue(value); resolve(); },
				close() { readable.stateOf(made).controller.close(); resolve(); },
				error: reject,
			});
		}), (reason) => readable.cancel(from, reason), 0);
		return made;
	}

	// partsOf is what fetch needs of a Request: its bytes, or a promise of them.
	let partsOf;
	const again = Symbol("the request of fetch");
	class Request extends Body {
		#method; #url; #headers; #bytes; #given; #signal; #redirect; #timeout; #others;
		constructor(input, init = {}) {
			needs(arguments.length, 1, "Request");
			const options = dictionary(init, "the second argument of fetch");
			const from = isObject(input) && #others in input ? input : undefined;
			const url = from ? from.#url : normalURL(input);
			const given = bytesOf(options.body);
			const inherits = (options.body === undefined || options.body === null) && from !== undefined;
			if (inherits && spent(from)) throw new TypeError("the request's body has been read");
			const others = { ...from?.#others };
			for (const name in otherOptions) if (options[name] !== undefined) others[name] = readOther(name, options[name]);
			if (others.cache === "only-if-cached" && (others.mode ?? "cors") !== "same-origin") throw new TypeError("the cache only-if-cached belongs to the mode same-origin");
			if (options.window !== undefined && options.window !== null) throw new TypeError("window is null");
			if (options.duplex !== undefined) oneOf(options.duplex, ["half"], "duplex");
			if (options.priority !== undefined) oneOf(options.priority, ["high", "low", "auto"], "priority");
			const method = normalMethod(options.method ?? from?.#method ?? "GET");
			const redirect = oneOf(options.redirect ?? from?.#redirect ?? "follow", ["follow", "error", "manual"], "redirect");
			const timeout = options.timeout ?? from?.#timeout;
			if (timeout !== undefined && !(timeout > 0)) throw new TypeError("timeout is a number of milliseconds above 0");
			const { signal } = options;
			if (signal !== undefined && signal !== null && !abort().isSignal(signal)) throw new TypeError("signal is an AbortSignal");
			const headers = new Headers(options.headers ?? from?.#headers);
			const bytes = inherits ? from.#bytes : given.bytes;
			const body = bytes ?? given.stream ?? (inherits ? from.body : null);
			if (body !== null && body !== undefined && (method === "GET" || method === "HEAD")) throw new TypeError(`a ${method} request has no body`);
			// The stream of another request goes over to this one, as it can be read once.
			const stream = inherits && bytes === undefined ? handedOver(from) : given.stream;
			super(stream ? { stream } : { exchange: bytes && native.local(bytes) });
			if (from !== undefined && arguments[2] !== again) take(from);
			this.#url = url;
			this.#method = method;
			this.#headers = headers;
			this.#redirect = redirect;
			this.#timeout = timeout;
			this.#bytes = bytes;
			this.#given = signal === undefined ? from && (from.#signal ?? from.#given) : signal ?? undefined;
			this.#others = others;
			if (given.type && !headers.has("content-type")) headers.set("content-type", given.type);
		}
		get method() { return this.#method; }
		get url() { return this.#url; }
		get headers() { return this.#headers; }
		get redirect() { return this.#redirect; }
		get signal() {
			void this.#url;
			return this.#signal ??= this.#given === undefined ? abort().newSignal() : abort().dependent([this.#given]);
		}
		get duplex() { void this.#url; return "half"; }
		get destination() { void this.#url; return ""; }
		get isHistoryNavigation() { void this.#url; return false; }
		get isReloadNavigation() { void this.#url; return false; }
		clone() {
			if (spent(this)) throw new TypeError("the body has been read: clone before reading");
			if (this.#bytes !== undefined || this.body === null) return new Request(this, {}, again);
			const { stream } = share(this);
			return new Request(this, { body: stream }, again);
		}
		static {
			for (const [name, [otherwise]] of Object.entries(otherOptions)) {
				Object.defineProperty(this.prototype, name, {
					...Object.getOwnPropertyDescriptor({ get [name]() { return this.#others[name] ?? otherwise; } }, name), enumerable: true, configurable: true,
				});
			}
			// A request that has its bytes can be sent any number of times; a stream is read for that.
			partsOf = (r) => ({
				method: r.#method, url: r.#url, headers: r.#headers, signal: r.#signal ?? r.#given, redirect: r.#redirect, timeout: r.#timeout,
				bytes: r.#bytes ?? (r.body === null ? undefined : r.bytes()),
			});
		}
	}
	Body.members(Request);
	describe(Request);

	const internal = Symbol("internal");
	const unsignedShort = (value) => Math.trunc(Number(value)) % 65536 || 0;
	// readInit reads what a response is made with.
	function readInit(init) {
		const given = dictionary(init, "the second argument of Response");
		const { headers } = given;
		const status = given.status === undefined ? 200 : unsignedShort(given.status);
		const statusText = given.statusText === undefined ? "" : byteString(given.statusText, "statusText");
		return { headers, status, statusText };
	}
	class Response extends Body {
		#head; #headers;
		constructor(body = null, init = {}) {
			if (arguments[2] === internal) {
				super(body);
				this.#head = init;
				this.#headers = Headers[hidden](new Headers(init.headers));
				return;
			}
			const { bytes, stream, type } = bytesOf(body);
			const { headers, status, statusText } = readInit(init);
			if (status < 200 || status > 599) throw new RangeError("the status of a Response is a number from 200 to 599");
			if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(statusText)) throw new TypeError("statusText contains a character that no status line has");
			if ((bytes || stream) && [204, 205, 304].includes(status)) throw new TypeError(`a response with status ${status} has no body`);
			super(stream ? { stream } : { exchange: bytes && native.local(bytes) });
			this.#head = { status, statusText, url: "", redirected: false, type: "default" };
			this.#headers = new Headers(headers);
			if (type && !this.#headers.has("content-type")) this.#headers.set("content-type", type);
		}
		get type() { return this.#head.type ?? "basic"; }
		get url() { return this.#head.url; }
		get redirected() { return this.#head.redirected; }
		get status() { return this.#head.status; }
		get ok() { return this.#head.status >= 200 && this.#head.status <= 299; }
		get statusText() { return this.#head.statusText; }
		get headers() { return this.#headers; }
		clone() {
			const copy = new Response(share(this), { ...this.#head, headers: this.#headers }, internal);
			copy.#headers = Headers[hidden](new Headers(this.#headers), this.#headers);
			return copy;
		}
		static json(data, init = {}) {
			needs(arguments.length, 1, "Response.json");
			const text = JSON.stringify(data);
			if (text === undefined) throw new TypeError("the value cannot be converted to JSON");
			const { headers: given, ...rest } = readInit(init);
			const headers = new Headers(given);
			if (!headers.has("content-type")) headers.set("content-type", "application/json");
			return new Response(text, { ...rest, headers });
		}
		static error() { return new Response({}, { status: 0, statusText: "", url: "", redirected: false, type: "error" }, internal); }
		static redirect(url, status = 302) {
			needs(arguments.length, 1, "Response.redirect");
			const { href } = parsedURL(url);
			status = unsignedShort(status);
			if (![301, 302, 303, 307, 308].includes(status)) throw new RangeError("the status of a redirect is 301, 302, 303, 307 or 308");
			const head = { status, statusText: "", url: "", redirected: false, type: "default" };
			return new Response({}, { ...head, headers: { location: href } }, internal);
		}
	}
	Body.members(Response);
	describe(Response);

	// A third argument says which way the request goes: HttpClient.fetch has one, which scripts cannot
	// make.
	const { fetch } = { fetch(input, init = {}) {
		const carrier = arguments[2], given = arguments.length;
		return new Promise((resolve, reject) => {
			needs(given, 1, "fetch");
			const { method, url, headers, bytes, signal, redirect, timeout } = partsOf(new Request(input, init, again));
			if (signal?.aborted) throw signal.reason;
			const send = (bytes) => {
				const exchange = native.open(method, url, [...headers].flat(), bytes, redirect, timeout, carrier);
				return until(signal, exchange, () => exchange.send())
					.then((head) => resolve(new Response({ exchange, signal, none: method === "HEAD" || [204, 205, 304].includes(head.status) }, head, internal)));
			};
			(bytes instanceof Promise ? bytes.then(send) : send(bytes)).catch(reject);
		});
	} };

	return { Request, Response, fetch };
})
