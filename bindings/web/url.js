// URL and URLSearchParams, in the form that the engine runs without a build. The parser is native:
// url.go.
(function (native) {
	"use strict";

	const { describe, pairs, needs, isObject, sequence, usv } = native.part("idl");
	const { encodeForm: encode, decodeForm: decode } = native;
	const parse = (text) => text.split("&").filter((pair) => pair !== "").map((pair) => {
		const at = pair.indexOf("=");
		return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
	});

	// given are the pairs that parameters are made of.
	function given(init) {
		if (!isObject(init)) return parse(usv(init).replace(/^\?/, ""));
		const method = init[Symbol.iterator];
		if (method !== undefined && method !== null) {
			return sequence(init, "a list of parameters").map((pair) => {
				const both = sequence(pair, "a parameter in a list").map(usv);
				if (both.length !== 2) throw new TypeError("each parameter is a pair of name and value");
				return both;
			});
		}
		const all = new Map(); // names can become the same
		for (const name of Reflect.ownKeys(init)) {
			if (Reflect.getOwnPropertyDescriptor(init, name)?.enumerable) all.set(usv(name), usv(init[name]));
		}
		return [...all];
	}

	// tie makes params those of a URL: told of every change, and read anew when the URL's query
	// changes.
	let tie;
	class URLSearchParams {
		#list = []; #changed = () => { };
		constructor(init = "") { this.#list = given(init); }
		get size() { return this.#list.length; }
		append(name, value) {
			const list = this.#list;
			needs(arguments.length, 2, "append");
			list.push([usv(name), usv(value)]);
			this.#changed();
		}
		delete(name, value = undefined) {
			void this.#list;
			needs(arguments.length, 1, "delete");
			name = usv(name);
			if (value !== undefined) value = usv(value);
			this.#list = this.#list.filter((pair) => pair[0] !== name || value !== undefined && pair[1] !== value);
			this.#changed();
		}
		get(name) {
			void this.#list;
			needs(arguments.length, 1, "get");
			name = usv(name);
			return this.#list.find((pair) => pair[0] === name)?.[1] ?? null;
		}
		getAll(name) {
			void this.#list;
			needs(arguments.length, 1, "getAll");
			name = usv(name);
			return this.#list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
		}
		has(name, value = undefined) {
			void this.#list;
			needs(arguments.length, 1, "has");
			name = usv(name);
			if (value !== undefined) value = usv(value);
			return this.#list.some((pair) => pair[0] === name && (value === undefined || pair[1] === value));
		}
		set(name, value) {
			void this.#list;
			needs(arguments.length, 2, "set");
			name = usv(name);
			value = usv(value);
			const first = this.#list.find((pair) => pair[0] === name);
			if (first) {
				first[1] = value;
				this.#list = this.#list.filter((pair) => pair[0] !== name || pair === first);
			} else {
				this.#list.push([name, value]);
			}
			this.#changed();
		}
		sort() {
			this.#list.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
			this.#changed();
		}
		toString() { return this.#list.map(([name, value]) => encode(name) + "=" + encode(value)).join("&"); }
		static {
			tie = (params, changed) => {
				params.#changed = () => changed(params.toString());
				return (query) => { params.#list = parse(query); };
			};
			pairs(this, (params) => params.#list);
		}
	}
	describe(URLSearchParams);

	const made = Symbol("made here");
	const parsed = (url, base) => native.parseURL(usv(url), base === undefined ? undefined : usv(base));
	class URL {
		#parts; #params; #readParams;
		constructor(url, base = undefined) {
			needs(arguments.length, 1, "URL");
			const parts = url === made ? base : parsed(url, base);
			// The text is left out of the message: it may hold a password.
			if (parts === undefined) throw new TypeError(base === undefined ? "not an absolute URL" : "not a valid URL or base URL");
			this.#parts = parts;
		}
		#set(name, text) {
			this.#parts = native.setURL(this.#parts.record, name, usv(text));
			if (name === "search") this.#readParams?.(this.#parts.search.slice(1));
		}
		get href() { return this.#parts.href; }
		set href(text) {
			void this.#parts;
			const parts = parsed(text, undefined);
			if (parts === undefined) throw new TypeError("not an absolute URL");
			this.#parts = parts;
			this.#readParams?.(parts.search.slice(1));
		}
		get origin() { return this.#parts.origin; }
		get protocol() { return this.#parts.protocol; }
		set protocol(text) { this.#set("protocol", text); }
		get username() { return this.#parts.username; }
		set username(text) { this.#set("username", text); }
		get password() { return this.#parts.password; }
		set password(text) { this.#set("password", text); }
		get host() { return this.#parts.host; }
		set host(text) { this.#set("host", text); }
		get hostname() { return this.#parts.hostname; }
		set hostname(text) { this.#set("hostname", text); }
		get port() { return this.#parts.port; }
		set port(text) { this.#set("port", text); }
		get pathname() { return this.#parts.pathname; }
		set pathname(text) { this.#set("pathname", text); }
		get search() { return this.#parts.search; }
		set search(text) { this.#set("search", text); }
		get searchParams() {
			const { search } = this.#parts;
			if (this.#params === undefined) {
				this.#params = new URLSearchParams(search);
				this.#readParams = tie(this.#params, (query) => { this.#parts = native.setURL(this.#parts.record, "search", query); });
			}
			return this.#params;
		}
		get hash() { return this.#parts.hash; }
		set hash(text) { this.#set("hash", text); }
		toString() { return this.#parts.href; }
		toJSON() { return this.#parts.href; }
		static canParse(url, base = undefined) {
			needs(arguments.length, 1, "URL.canParse");
			return parsed(url, base) !== undefined;
		}
		static parse(url, base = undefined) {
			needs(arguments.length, 1, "URL.parse");
			const parts = parsed(url, base);
			return parts === undefined ? null : new URL(made, parts);
		}
	}
	describe(URL);

	return { URL, URLSearchParams };
})
