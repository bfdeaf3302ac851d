// The module assert.
(function (native, require) {
	"use strict";
	const types = require("node:util/types");
	const inspect = (value) => require("node:util").inspect(value);

	class AssertionError extends Error {
		constructor(options) {
			super(options.message ?? `${inspect(options.actual)} ${options.operator} ${inspect(options.expected)}`);
			this.name = "AssertionError";
			this.code = "ERR_ASSERTION";
			this.generatedMessage = options.message === undefined;
			this.actual = options.actual;
			this.expected = options.expected;
			this.operator = options.operator;
		}
	}
	function fail(actual, expected, message, operator, otherwise) {
		if (message instanceof Error) throw message;
		const error = new AssertionError({ actual, expected, operator, message: message ?? otherwise });
		error.generatedMessage = message === undefined;
		throw error;
	}

	// Whether two values are equal in depth, by === or by == of primitives.
	function isDeep(a, b, strict, pairs = []) {
		if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
		if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
		if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
		if (Object.prototype.toString.call(a) !== Object.prototype.toString.call(b) || Array.isArray(a) !== Array.isArray(b)) return false;
		if (pairs.some(([x, y]) => x === a && y === b)) return true;
		pairs = [...pairs, [a, b]];
		if (types.isDate(a)) { if (a.getTime() !== b.getTime()) return false; }
		else if (types.isRegExp(a)) { if (String(a) !== String(b) || a.lastIndex !== b.lastIndex) return false; }
		else if (a instanceof Error) { if (a.message !== b.message || a.name !== b.name) return false; }
		else if (types.isBoxedPrimitive(a)) { if (!Object.is(a.valueOf(), b.valueOf())) return false; }
		else if (types.isArrayBuffer(a)) return isDeep(new Uint8Array(a), new Uint8Array(b), strict, pairs);
		else if (ArrayBuffer.isView(a)) { if (a.length !== b.length || !Array.prototype.every.call(a, (value, i) => Object.is(value, b[i]))) return false; }
		else if (types.isSet(a)) {
			if (a.size !== b.size) return false;
			const rest = [...b];
			for (const value of a) {
				const at = rest.findIndex((other) => isDeep(value, other, strict, pairs));
				if (at < 0) return false;
				rest.splice(at, 1);
			}
		} else if (types.isMap(a)) {
			if (a.size !== b.size) return false;
			const rest = [...b];
			for (const [key, value] of a) {
				const at = rest.findIndex(([k, v]) => isDeep(key, k, strict, pairs) && isDeep(value, v, strict, pairs));
				if (at < 0) return false;
				rest.splice(at, 1);
			}
		}
		if (Array.isArray(a) && a.length !== b.length) return false;
		const keys = (value) => (ArrayBuffer.isView(value) ? [] : [...Object.keys(value), ...(strict ? Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key)) : [])]);
		const all = keys(a);
		return all.length === keys(b).length && all.every((key) => Object.hasOwn(b, key) && isDeep(a[key], b[key], strict, pairs));
	}

	function matches(error, expected, message) {
		if (expected === undefined) return;
		if (typeof expected === "function") {
			if (expected.prototype !== undefined && error instanceof expected) return;
			if (Error.isPrototypeOf(expected) || expected === Error) throw error;
			if (expected.call({}, error) === true) return;
			fail(error, expected, message, "throws", "The validation function is expected to return \"true\".");
		}
		if (types.isRegExp(expected)) { if (!expected.test(String(error))) fail(error, expected, message, "throws", `The input did not match the regular expression ${expected}. Input:\n\n${inspect(String(error))}\n`); return; }
		for (const key of Object.keys(expected instanceof Error ? { message: 1, name: 1, ...expected } : expected)) {
			const wanted = expected[key];
			if (types.isRegExp(wanted) && typeof error?.[key] === "string" ? !wanted.test(error[key]) : !isDeep(error?.[key], wanted, true)) fail(error, expected, message, "throws", `Expected values to be strictly deep-equal: ${key}`);
		}
	}

	function ok(value, message) {
		if (!value) fail(value, true, message, "==", arguments.length === 0 ? "No value argument passed to `assert.ok()`" : `The expression evaluated to a falsy value: ${inspect(value)}`);
	}
	const short = (value) => typeof value !== "object" || value === null;
	// The message of the older comparisons, and of those that find what should differ the same.
	const plainly = (test, operator, sign, text) => function (actual, expected, message) {
		if (!test(actual, expected)) {
			fail(actual, expected, message, operator, text === undefined ? `${inspect(actual)} ${sign} ${inspect(expected)}`
				: short(actual) ? `${text} ${inspect(actual)}` : `${text}\n\n${inspect(actual)}\n`);
		}
	};
	const compare = (test, operator, text) => function (actual, expected, message) {
		if (!test(actual, expected)) fail(actual, expected, message, operator, `${text}\n\n${inspect(actual)} !== ${inspect(expected)}\n`);
	};
	const assert = Object.assign(function assert(value, message) { ok(value, message); }, {
		AssertionError, ok, isDeep,
		fail(message = "Failed") { if (message instanceof Error) throw message; const error = new AssertionError({ message, operator: "fail" }); throw error; },
		equal: plainly((a, b) => a == b || (a !== a && b !== b), "==", "=="),
		notEqual: plainly((a, b) => !(a == b || (a !== a && b !== b)), "!=", "!="),
		strictEqual: compare(Object.is, "strictEqual", "Expected values to be strictly equal:"),
		notStrictEqual: plainly((a, b) => !Object.is(a, b), "notStrictEqual", "", "Expected \"actual\" to be strictly unequal to:"),
		deepEqual: compare((a, b) => isDeep(a, b, false), "deepEqual", "Expected values to be loosely deep-equal:"),
		notDeepEqual: compare((a, b) => !isDeep(a, b, false), "notDeepEqual", "Expected \"actual\" not to be loosely deep-equal to:"),
		deepStrictEqual: compare((a, b) => isDeep(a, b, true), "deepStrictEqual", "Expected values to be strictly deep-equal:"),
		notDeepStrictEqual: compare((a, b) => !isDeep(a, b, true), "notDeepStrictEqual", "Expected \"actual\" not to be strictly deep-equal to:"),
		match(text, pattern, message) { if (typeof text !== "string" || !pattern.test(text)) fail(text, pattern, message, "match", `The input did not match the regular expression ${pattern}. Input:\n\n${inspect(text)}\n`); },
		doesNotMatch(text, pattern, message) { if (typeof text === "string" && pattern.test(text)) fail(text, pattern, message, "doesNotMatch", `The input was expected to not match the regular expression ${pattern}. Input:\n\n${inspect(text)}\n`); },
		ifError(value) { if (value !== null && value !== undefined) throw new AssertionError({ actual: value, expected: null, operator: "ifError", message: `ifError got unwanted exception: ${value instanceof Error ? value.message || value.name : inspect(value)}` }); },
		throws(f, expected, message) {
			if (typeof expected === "string") { message = expected; expected = undefined; }
			let error, threw = false;
			try { f(); } catch (caught) { error = caught; threw = true; }
			if (!threw) fail(undefined, expected, message, "throws", "Missing expected exception.");
			matches(error, expected, message);
		},
		doesNotThrow(f, expected, message) {
			try { f(); } catch (error) { fail(error, expected, typeof expected === "string" ? expected : message, "doesNotThrow", `Got unwanted exception.\nActual message: "${error?.message}"`); }
		},
		async rejects(promise, expected, message) {
			if (typeof expected === "string") { message = expected; expected = undefined; }
			let error, rejected = false;
			try { await (typeof promise === "function" ? promise() : promise); } catch (caught) { error = caught; rejected = true; }
			if (!rejected) fail(undefined, expected, message, "rejects", "Missing expected rejection.");
			matches(error, expected, message);
		},
		async doesNotReject(promise, expected, message) {
			try { await (typeof promise === "function" ? promise() : promise); } catch (error) { fail(error, expected, message, "doesNotReject", `Got unwanted rejection.\nActual message: "${error?.message}"`); }
		},
	});
	Object.defineProperty(assert, "isDeep", { enumerable: false });
	assert.strict = Object.assign(function strict(value, message) { ok(value, message); }, assert, {
		equal: assert.strictEqual, notEqual: assert.notStrictEqual, deepEqual: assert.deepStrictEqual, notDeepEqual: assert.notDeepStrictEqual,
	});
	assert.strict.strict = assert.strict;
	return assert;
})
