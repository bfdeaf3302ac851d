// When two values are equal for tests.
(function ({ asymmetric }) {
	const hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);

	/**
	 * @param how "loose": undefined properties count as absent, classes do not count; "strict":
	 * both count; "part": loose, and objects may have more properties than expected
	 */
	function equals(received, expected, how = "loose") {
		return same(received, expected, how, []);
	}

	function same(a, b, how, pairs) {
		if (isAsymmetric(b)) return b.matches(a);
		if (isAsymmetric(a)) return a.matches(b);
		if (Object.is(a, b)) return true;
		if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
		// Two circles are equal when they close at the same place.
		for (const [x, y] of pairs) if (x === a || y === b) return x === a && y === b;
		return objects(a, b, how, [...pairs, [a, b]]);
	}

	function isAsymmetric(value) {
		return typeof value === "object" && value !== null && typeof value[asymmetric] === "string";
	}

	const kinds = [Date, RegExp, Error, Map, Set, Promise, ArrayBuffer, String, Number, Boolean];

	function kindOf(value) {
		if (Array.isArray(value)) return Array;
		if (ArrayBuffer.isView(value)) return Object.getPrototypeOf(value).constructor;
		return kinds.find((kind) => value instanceof kind) ?? Object;
	}

	function objects(a, b, how, pairs) {
		const kind = kindOf(b);
		if (kindOf(a) !== kind) return false;
		if (how === "strict" && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
		switch (kind) {
			case Date: return Object.is(a.getTime(), b.getTime());
			case RegExp: return String(a) === String(b);
			case Promise: return false;
			case String: case Number: case Boolean: return Object.is(a.valueOf(), b.valueOf());
			case Error: return a.message === b.message && a.name === b.name && same(a.cause, b.cause, how, pairs);
			case ArrayBuffer: return bytes(new Uint8Array(a), new Uint8Array(b));
			case DataView: return bytes(new Uint8Array(a.buffer, a.byteOffset, a.byteLength), new Uint8Array(b.buffer, b.byteOffset, b.byteLength));
			case Map: return maps(a, b, how, pairs);
			case Set: return sets(a, b, how, pairs);
			case Array: return arrays(a, b, how, pairs);
		}
		if (ArrayBuffer.isView(a)) return bytes(a, b);
		return properties(a, b, how, pairs);
	}

	function bytes(a, b) {
		return a.length === b.length && a.every((item, i) => Object.is(item, b[i]));
	}

	function arrays(a, b, how, pairs) {
		if (a.length !== b.length) return false;
		for (let i = 0; i < b.length; i++) {
			if (how === "strict" && i in a !== i in b) return false;
			if (!same(a[i], b[i], how, pairs)) return false;
		}
		return true;
	}

	function maps(a, b, how, pairs) {
		if (a.size !== b.size) return false;
		const left = [...a];
		for (const [key, item] of b) {
			const i = left.findIndex(([k, v]) => same(k, key, how, pairs) && same(v, item, how, pairs));
			if (i < 0) return false;
			left.splice(i, 1);
		}
		return true;
	}

	function sets(a, b, how, pairs) {
		if (a.size !== b.size) return false;
		const left = [...a];
		for (const item of b) {
			const i = left.findIndex((other) => same(other, item, how, pairs));
			if (i < 0) return false;
			left.splice(i, 1);
		}
		return true;
	}

	function names(object) {
		return Reflect.ownKeys(object).filter((name) => Object.prototype.propertyIsEnumerable.call(object, name));
	}

	function properties(a, b, how, pairs) {
		for (const name of names(b)) {
			if (how === "strict" && !hasOwn(a, name)) return false;
			if (how === "part" && !(name in a)) return false;
			if (!same(a[name], b[name], how, pairs)) return false;
		}
		if (how === "part") return true;
		return names(a).every((name) => hasOwn(b, name) || (how === "loose" && a[name] === undefined));
	}

	/** What of a value toMatchObject looks at: for a difference that shows nothing else. */
	function part(received, expected, above = []) {
		if (typeof received !== "object" || typeof expected !== "object" || received === null || expected === null) return received;
		if (isAsymmetric(expected) || above.includes(expected) || kindOf(received) !== kindOf(expected)) return received;
		if (Array.isArray(expected)) {
			return received.map((item, i) => (i < expected.length ? part(item, expected[i], [...above, expected]) : item));
		}
		if (kindOf(expected) !== Object) return received;
		const shown = Object.create(Object.getPrototypeOf(received));
		for (const name of names(expected)) {
			if (name in received) {
				const value = part(received[name], expected[name], [...above, expected]);
				Object.defineProperty(shown, name, { value, enumerable: true });
			}
		}
		return shown;
	}

	return { equals, part, isAsymmetric };
})
