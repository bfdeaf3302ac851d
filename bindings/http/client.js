// HttpClient and the helpers of the module "carjs/http", in the form that the engine runs without a
// build. typings/http.d.ts says what each does. native.client makes { send(method, path, options,
// headers, body, type, whole), pages(style, path, options, headers, body, type), records(path, options,
// headers), job(options) }; what the first two start is { promise, cancel }.
(function (native) {
	"use strict";
	// The fetch of the platform, even where a script sets its own, and not made before it is used.
	const platform = Object.getOwnPropertyDescriptor(globalThis, "fetch");
	const plainFetch = (...args) => (platform.get ? platform.get() : platform.value)(...args);
	const flat = (headers) => headers === undefined ? undefined : [...new Headers(headers)].flat();

	function formOf(form) {
		if (form instanceof URLSearchParams) return form.toString();
		if (typeof form !== "object" || form === null) throw new TypeError("form is an object or URLSearchParams");
		const params = new URLSearchParams();
		for (const [name, value] of Object.entries(form)) {
			for (const item of Array.isArray(value) ? value : [value]) {
				if (item !== undefined && item !== null) params.append(name, item instanceof Date ? item.toISOString() : String(item));
			}
		}
		return params.toString();
	}

	// bodyOf returns the body that the options ask for, or a promise of its bytes where streams may have
	// them, and its type of content.
	function bodyOf(options, streams = false) {
		const given = ["body", "json", "form"].filter((name) => {
			return options?.[name] !== undefined && (options[name] !== null || name === "json");
		});
		if (given.length > 1) throw new TypeError(`a request has one body, not ${given.join(" and ")}`);
		switch (given[0]) {
			case "json": {
				const text = native.stringify(options.json); // with every digit, and of BigInts too
				if (text === undefined) throw new TypeError("json of a request cannot be converted to JSON");
				return [text, "application/json"];
			}
			case "form": return [formOf(options.form), "application/x-www-form-urlencoded"];
			case "body":
				if (typeof options.body === "string") return [options.body, "text/plain;charset=UTF-8"];
				if (options.body instanceof URLSearchParams) return [options.body.toString(), "application/x-www-form-urlencoded"];
				if (native.bytes(options.body)) return [options.body, "application/octet-stream"];
				if (typeof options.body === "object" && native.hidden in options.body) {
					const part = options.body[native.hidden]();
					if (part.kind !== "stream") return [part.bytes, part.type || "application/octet-stream"];
					if (streams) return [part.bytes(), "application/octet-stream"];
					throw new TypeError("body of this request cannot be a ReadableStream, as it may be sent again: "
						+ "await new Response(stream).bytes() first");
				}
				throw new TypeError("body of a request is a string, URLSearchParams, FormData, a Blob, a ReadableStream, an ArrayBuffer "
					+ "or a typed array; for an object there is json");
		}
		return [];
	}

	// until waits for what was started, or for the signal, whichever comes first.
	function until(signal, start) {
		if (signal === undefined || signal === null) return start().promise;
		if (!(signal instanceof AbortSignal)) throw new TypeError("signal is an AbortSignal");
		if (signal.aborted) return Promise.reject(signal.reason);
		const { promise, cancel } = start();
		return new Promise((resolve, reject) => {
			const abort = () => {
				cancel();
				reject(signal.reason);
			};
			signal.addEventListener("abort", abort);
			const done = () => signal.removeEventListener("abort", abort);
			promise.then((value) => { done(); resolve(value); }, (reason) => { done(); reject(reason); });
		});
	}

	// Whatever goes wrong is a rejection, also where it goes wrong at once.
	function send(client, method, path, options, whole) {
		try {
			const [body, type] = bodyOf(options, true);
			if (body instanceof Promise) {
				const headers = flat(options.headers);
				const rest = { ...options, body: undefined };
				return body.then((bytes) => until(options.signal, () => client.send(method, path, rest, headers, bytes, type, whole)));
			}
			return until(options?.signal, () => client.send(method, path, options, flat(options?.headers), body, type, whole));
		} catch (error) {
			return Promise.reject(error);
		}
	}

	function pages(client, style, path, options) {
		const signal = options?.signal;
		const headers = flat(options?.headers);
		const [body, type] = bodyOf({ json: options?.json, form: options?.form });
		return {
			[Symbol.asyncIterator]() {
				const list = client.pages(style, path, options, headers, body, type);
				let reading = false;
				const over = () => { reading = false; };
				return {
					next() {
						if (reading) return Promise.reject(new TypeError("await a page before asking for the next one"));
						if (signal?.aborted) return Promise.reject(signal.reason);
						try {
							const started = list.next();
							if (started === undefined) return Promise.resolve({ value: undefined, done: true });
							reading = true;
							const page = until(signal, () => started);
							page.then(over, over);
							return page;
						} catch (error) {
							return Promise.reject(error);
						}
					},
					return(value) {
						list.stop();
						return Promise.resolve({ value, done: true });
					},
					[Symbol.asyncIterator]() { return this; },
				};
			},
		};
	}

	// streamed makes records of what start() gives: { iterator, abort }.
	function streamed(signal, start) {
		if (signal !== undefined && signal !== null && !(signal instanceof AbortSignal)) throw new TypeError("signal is an AbortSignal");
		return {
			[Symbol.asyncIterator]() {
				const { iterator, abort } = start();
				if (signal?.aborted) abort(signal.reason);
				signal?.addEventListener("abort", () => abort(signal.reason), { once: true });
				return iterator;
			},
		};
	}

	function records(client, path, options) {
		const headers = flat(options?.headers);
		return streamed(options?.signal, () => client.records(path, options, headers));
	}

	class HttpClient {
		#client; #fetch;
		constructor(options = {}) {
			const client = native.client(options, flat(options?.headers));
			this.#client = client;
			const paginate = {};
			for (const style of ["offset", "page", "cursor", "link", "nextURL"]) {
				paginate[style] = (path, options) => pages(client, style, path, options);
			}
			Object.defineProperty(this, "paginate", { value: Object.freeze(paginate), enumerable: true });
		}
		batches(path, options) { return pages(this.#client, "batches", path, options); }
		records(path, options) { return records(this.#client, path, options); }
		job(options) { return native.later("job.js")(this.#client, options, { bodyOf, flat, streamed }); }
		// It is called without its client, too: code of others takes it as an option,
		// { fetch: client.fetch }.
		get fetch() {
			return this.#fetch ??= (input, init) => {
				try {
					return plainFetch(input instanceof Request ? input : this.#client.target(input), init, this.#client.carrier);
				} catch (error) {
					return Promise.reject(error);
				}
			};
		}
		set fetch(value) { Object.defineProperty(this, "fetch", { value, writable: true, enumerable: true, configurable: true }); }
		request(method, path, options) { return send(this.#client, String(method).toUpperCase(), path, options, true); }
		head(path, options) { return send(this.#client, "HEAD", path, options, true); }
		get(path, options) { return send(this.#client, "GET", path, options, false); }
		post(path, options) { return send(this.#client, "POST", path, options, false); }
		put(path, options) { return send(this.#client, "PUT", path, options, false); }
		patch(path, options) { return send(this.#client, "PATCH", path, options, false); }
		delete(path, options) { return send(this.#client, "DELETE", path, options, false); }
	}

	// session brings the requests of a login into the form that the native takes.
	function session(options) {
		if (typeof options !== "object" || options === null) return native.session(options);
		const { login, ...others } = options;
		if (login === undefined || login === null) throw new TypeError("session: the option login is required: the request that logs in");
		const steps = [...(Array.isArray(login) ? login : [login])].map((step) => {
			if (typeof step !== "object" || step === null) throw new TypeError("session: a request of login is an object with a path");
			const { json, form, body, headers, ...rest } = step;
			const [content, type] = bodyOf({ json, form, body });
			return { ...rest, headers: flat(headers), body: content, type };
		});
		return native.session({ ...others, login: steps });
	}

	const { basic, bearer, apiKey, oauth2, aws, hmac, digest, lastSegment } = native;
	return { HttpClient, basic, bearer, apiKey, oauth2, session, aws, hmac, digest, lastSegment };
})
