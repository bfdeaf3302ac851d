// Headers, in the form that the engine runs without a build. It is a program of its own because clients
// of carjs/http need it and nothing else of fetch.
(function (native) {
	"use strict";
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
		#map = new Map(); #fixed = false;
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
		// Those of a response that was fetched are what arrived, and stay so.
		static [native.hidden](headers, like) {
			headers.#fixed = like === undefined || like.#fixed;
			return headers;
		}
		#changes() {
			if (this.#fixed) throw new TypeError("these headers are a response's and cannot be changed: change new Headers(response.headers)");
		}
		append(name, value) {
			this.#changes();
			name = normalName(name);
			const list = this.#map.get(name);
			value = normalValue(value, name);
			if (list) list.push(value); else this.#map.set(name, [value]);
		}
		delete(name) { this.#changes(); this.#map.delete(normalName(name)); }
		get(name) { return this.#map.get(normalName(name))?.join(", ") ?? null; }
		has(name) { return this.#map.has(normalName(name)); }
		set(name, value) { this.#changes(); name = normalName(name); this.#map.set(name, [normalValue(value, name)]); }
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

	return { Headers };
})
