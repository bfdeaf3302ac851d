// Headers, in the form that the engine runs without a build. It is a program of its own because clients
// of carjs/http need it and nothing else of fetch.
(function (native) {
	"use strict";
	const { describe, pairs, needs, isObject, byteString, sequence } = native.part("idl");
	const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

	function normalName(name) {
		name = byteString(name, "the name of a header");
		if (!token.test(name)) throw new TypeError(`${JSON.stringify(name)} is not a valid header name`);
		return name.toLowerCase();
	}
	function normalValue(value, name) {
		value = byteString(value, `the value of the header ${name}`).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
		if (/[\0\r\n]/.test(value)) throw new TypeError(`the value of the header ${name} contains a line break or a NUL`);
		return value;
	}
	// given are the pairs of what headers are made of.
	function given(init) {
		if (!isObject(init)) throw new TypeError("headers are an object, pairs of name and value, or Headers");
		const method = init[Symbol.iterator];
		if (method !== undefined && method !== null) {
			return sequence(init, "a list of headers").map((pair) => {
				const both = sequence(pair, "a header in a list");
				if (both.length !== 2) throw new TypeError("each header is a pair of name and value");
				return [byteString(both[0], "the name of a header"), byteString(both[1], "the value of a header")];
			});
		}
		const all = [];
		for (const name of Reflect.ownKeys(init)) {
			const descriptor = Reflect.getOwnPropertyDescriptor(init, name);
			if (!descriptor?.enumerable) continue;
			const key = byteString(name, "the name of a header"), value = init[name];
			// Left out, and not sent as "undefined": connectors leave headers out this way.
			if (value !== undefined) all.push([key, byteString(value, `the value of the header ${key}`)]);
		}
		return all;
	}

	let sorted;
	class Headers {
		#map = new Map(); #sorted = undefined; #fixed = false;
		constructor(init = undefined) {
			if (init === undefined) return;
			for (const [name, value] of given(init)) this.append(name, value);
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
			const map = this.#map;
			needs(arguments.length, 2, "append");
			this.#changes();
			name = normalName(name);
			value = normalValue(value, name);
			const list = map.get(name);
			if (list) list.push(value); else map.set(name, [value]);
			this.#sorted = undefined;
		}
		delete(name) {
			const map = this.#map;
			needs(arguments.length, 1, "delete");
			this.#changes();
			map.delete(normalName(name));
			this.#sorted = undefined;
		}
		get(name) {
			const map = this.#map;
			needs(arguments.length, 1, "get");
			return map.get(normalName(name))?.join(", ") ?? null;
		}
		has(name) {
			const map = this.#map;
			needs(arguments.length, 1, "has");
			return map.has(normalName(name));
		}
		set(name, value) {
			const map = this.#map;
			needs(arguments.length, 2, "set");
			this.#changes();
			name = normalName(name);
			map.set(name, [normalValue(value, name)]);
			this.#sorted = undefined;
		}
		getSetCookie() { return [...(this.#map.get("set-cookie") ?? [])]; }
		static {
			sorted = (headers) => headers.#sorted ??= [...headers.#map.keys()].sort().flatMap((name) => {
				const values = headers.#map.get(name);
				return name === "set-cookie" ? values.map((value) => [name, value]) : [[name, values.join(", ")]];
			});
			pairs(this, sorted);
		}
	}
	describe(Headers);

	return { Headers };
})
