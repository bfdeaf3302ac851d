// URL and URLSearchParams, in the form that the engine runs without a build. The parser is native:
// url.go.
(function (native) {
	"use strict";

	const { encodeForm: encode, decodeForm: decode } = native;
	const parse = (text) => text.split("&").filter((pair) => pair !== "").map((pair) => {
		const at = pair.indexOf("=");
		return at < 0 ? [decode(pair), ""] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
	});

	// tie makes params those of a URL: told of every change, and read anew when the URL's query
	// changes.
	let tie;
	class URLSearchParams {
		#list = []; #changed = () => { };
		constructor(init = "") {
			if (typeof init === "object" && init !== null || typeof init === "function") {
				if (typeof init[Symbol.iterator] === "function") {
					for (const pair of init) {
						const both = Array.from(pair);
						if (both.length !== 2) throw new TypeError("each parameter is a pair of name and value");
						this.#list.push(both.map(String));
					}
				} else {
					for (const name of Object.keys(init)) this.#list.push([String(name), String(init[name])]);
				}
			} else {
				this.#list = parse(String(init).replace(/^\?/, ""));
			}
		}
		get size() { return this.#list.length; }
		append(name, value) {
			this.#list.push([String(name), String(value)]);
			this.#changed();
		}
		delete(name, value) {
			name = String(name);
			this.#list = this.#list.filter((pair) => pair[0] !== name || value !== undefined && pair[1] !== String(value));
			this.#changed();
		}
		get(name) { name = String(name); return this.#list.find((pair) => pair[0] === name)?.[1] ?? null; }
		getAll(name) { name = String(name); return this.#list.filter((pair) => pair[0] === name).map((pair) => pair[1]); }
		has(name, value) { name = String(name); return this.#list.some((pair) => pair[0] === name && (value === undefined || pair[1] === String(value))); }
		set(name, value) {
			name = String(name);
			const first = this.#list.find((pair) => pair[0] === name);
			if (first) {
				first[1] = String(value);
				this.#list = this.#list.filter((pair) => pair[0] !== name || pair === first);
			} else {
				this.#list.push([name, String(value)]);
			}
			this.#changed();
		}
		sort() {
			this.#list.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
			this.#changed();
		}
		forEach(callback, thisArg) { for (const [name, value] of this) callback.call(thisArg, value, name, this); }
		*entries() { for (let i = 0; i < this.#list.length; i++) yield [...this.#list[i]]; }
		*keys() { for (const [name] of this.entries()) yield name; }
		*values() { for (const [, value] of this.entries()) yield value; }
		[Symbol.iterator]() { return this.entries(); }
		toString() { return this.#list.map(([name, value]) => encode(name) + "=" + encode(value)).join("&"); }
		get [Symbol.toStringTag]() { return "URLSearchParams"; }
		static {
			tie = (params, changed) => {
				params.#changed = () => changed(params.toString());
				return (query) => { params.#list = parse(query); };
			};
		}
	}

	class URL {
		#parts; #params; #readParams;
		constructor(url, base) {
			if (arguments.length === 0) throw new TypeError("URL needs a text");
			const parts = native.parseURL(String(url), base === undefined ? undefined : String(base));
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
			const parts = native.parseURL(String(text), undefined);
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
			const other = native.parseURL(String(text).replace(/:.*$/s, "") + "://h", undefined);
			const p = this.#parts;
			if (other === undefined || other.special !== p.special || other.scheme === "file" || p.scheme === "file") return;
			p.scheme = other.scheme;
			this.port = p.port;
		}
		get username() { return this.#parts.username; }
		set username(text) { if (this.#parts.host) this.#change("username", native.encodePart("user", String(text), "")); }
		get password() { return this.#parts.password; }
		set password(text) { if (this.#parts.host) this.#change("password", native.encodePart("user", String(text), "")); }
		get host() { return this.#parts.host + (this.#parts.port && ":" + this.#parts.port); }
		set host(text) { this.#setHost(text, true); }
		get hostname() { return this.#parts.host; }
		set hostname(text) { if (!/:\d*$/.test(String(text)) || /\]$/.test(String(text))) this.#setHost(text, false); }
		#setHost(text, withPort) {
			const p = this.#parts;
			const other = p.opaque ? undefined : native.parseURL(p.scheme + "://" + String(text).replace(/[/?#\\].*$/s, ""), undefined);
			if (other === undefined || other.username || other.password) return;
			p.host = other.host;
			p.hasHost = true;
			if (withPort && /:\d+$/.test(String(text))) p.port = other.port;
		}
		get port() { return this.#parts.port; }
		set port(text) {
			const p = this.#parts;
			const digits = String(text) === "" ? "" : /^\d+/.exec(String(text))?.[0];
			const other = digits === undefined || !p.host ? undefined : native.parseURL(`${p.scheme}://h:${digits}`, undefined);
			if (other !== undefined) p.port = other.port;
		}
		get pathname() { return this.#parts.path; }
		set pathname(text) { if (!this.#parts.opaque) this.#change("path", native.encodePart("path", String(text), this.#parts.scheme)); }
		get search() { return this.#parts.query === "?" ? "" : this.#parts.query; }
		set search(text) { this.#change("query", String(text) === "" ? "" : native.encodePart("query", String(text), this.#parts.scheme)); }
		get searchParams() {
			if (this.#params === undefined) {
				this.#params = new URLSearchParams(this.#parts.query);
				this.#readParams = tie(this.#params, (query) => { this.#parts.query = query && "?" + query; });
			}
			return this.#params;
		}
		get hash() { return this.#parts.fragment === "#" ? "" : this.#parts.fragment; }
		set hash(text) { this.#change("fragment", String(text) === "" ? "" : native.encodePart("fragment", String(text), "")); }
		toString() { return this.href; }
		toJSON() { return this.href; }
		get [Symbol.toStringTag]() { return "URL"; }
		static canParse(url, base) { return URL.parse(url, base) !== null; }
		static parse(url, base) {
			try { return new URL(url, base); } catch { return null; }
		}
	}

	return { URL, URLSearchParams };
})
