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
		#change(name, value) {
			this.#parts[name] = value;
			if (name === "query") this.#readParams?.(value.slice(1));
		}
		get #authority() {
			const { username, password } = this.#parts;
			return (username || password ? username + (password ? ":" + password : "") + "@" : "") + this.host;
		}
		get href() {
			const p = this.#parts;
			const path = p.path;
			const query = p.query === "?" ? "" : p.query, fragment = p.fragment === "#" ? "" : p.fragment;
			const before = p.hasHost ? "//" + this.#authority : !p.opaque && path.startsWith("//") ? "/." : "";
			return p.scheme + ":" + before + path + query + fragment;
		}
		set href(text) {
			const parts = native.parseURL(usv(text), undefined);
			if (parts === undefined) throw new TypeError("not an absolute URL");
			this.#parts = parts;
			this.#readParams?.(parts.query.slice(1));
		}
		get origin() {
			const p = this.#parts;
			return p.special && p.scheme !== "file" ? p.scheme + "://" + this.host : "null";
		}
		get protocol() { return this.#parts.scheme + ":"; }
		set protocol(text) {
			const other = native.parseURL(usv(text).replace(/:.*$/s, "") + "://h", undefined);
			const p = this.#parts;
			if (other === undefined || other.special !== p.special || other.scheme === "file" || p.scheme === "file") return;
			p.scheme = other.scheme;
			this.port = p.port;
		}
		get username() { return this.#parts.username; }
		set username(text) { if (this.#parts.host) this.#change("username", native.encodePart("user", usv(text), "")); }
		get password() { return this.#parts.password; }
		set password(text) { if (this.#parts.host) this.#change("password", native.encodePart("user", usv(text), "")); }
		get host() { return this.#parts.host + (this.#parts.port && ":" + this.#parts.port); }
		set host(text) { this.#setHost(text, true); }
		get hostname() { return this.#parts.host; }
		set hostname(text) { if (!/:\d*$/.test(usv(text)) || /\]$/.test(usv(text))) this.#setHost(text, false); }
		#setHost(text, withPort) {
			const p = this.#parts;
			const other = p.opaque ? undefined : native.parseURL(p.scheme + "://" + usv(text).replace(/[/?#\\].*$/s, ""), undefined);
			if (other === undefined || other.username || other.password) return;
			p.host = other.host;
			p.hasHost = true;
			if (withPort && /:\d+$/.test(usv(text))) p.port = other.port;
		}
		get port() { return this.#parts.port; }
		set port(text) {
			const p = this.#parts;
			const digits = usv(text) === "" ? "" : /^\d+/.exec(usv(text))?.[0];
			const other = digits === undefined || !p.host ? undefined : native.parseURL(`${p.scheme}://h:${digits}`, undefined);
			if (other !== undefined) p.port = other.port;
		}
		get pathname() { return this.#parts.path; }
		set pathname(text) { if (!this.#parts.opaque) this.#change("path", native.encodePart("path", usv(text), this.#parts.scheme)); }
		get search() { return this.#parts.query === "?" ? "" : this.#parts.query; }
		set search(text) { this.#change("query", usv(text) === "" ? "" : native.encodePart("query", usv(text), this.#parts.scheme)); }
		get searchParams() {
			if (this.#params === undefined) {
				this.#params = new URLSearchParams(this.#parts.query);
				this.#readParams = tie(this.#params, (query) => { this.#parts.query = query && "?" + query; });
			}
			return this.#params;
		}
		get hash() { return this.#parts.fragment === "#" ? "" : this.#parts.fragment; }
		set hash(text) { this.#change("fragment", usv(text) === "" ? "" : native.encodePart("fragment", usv(text), "")); }
		toString() { return this.href; }
		toJSON() { return this.href; }
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
