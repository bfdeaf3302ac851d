// expect() and its matchers. typings/test.d.ts says what each does. native.diff(expected, received)
// shows how two texts differ by lines.
(function ({ show, brief, asymmetric }, { equals, part, isAsymmetric }, native) {

	/**
	 * What a matcher throws. Its message says all there is to say; the runtime finds the line of
	 * the test.
	 */
	class AssertionError extends Error {
		get name() { return "AssertionError"; }
	}

	// Each matcher takes what there is and its arguments, and returns { pass, message }, in which
	// message(not) tells what is wrong. The heading says which matcher it was.

	/** Expected and received side by side, as lines that differ when there is more than one. */
	function difference(expected, received, labels = ["expected", "received"]) {
		const [a, b] = [show(expected), show(received)];
		if (a === b) return `both print as\n\n${a}\n\nbut differ in class or in properties that are not shown`;
		if (!a.includes("\n") && !b.includes("\n")) return sideBySide(labels[0], a, labels[1], b);
		return `- ${labels[0]}\n+ ${labels[1]}\n\n${native.diff(a, b)}`;
	}

	function sideBySide(labelA, a, labelB, b) {
		const width = Math.max(labelA.length, labelB.length) + 2;
		return `${(labelA + ":").padEnd(width)}${a}\n${(labelB + ":").padEnd(width)}${b}`;
	}

	/** Tells whether a text has another one, or matches a pattern. */
	const has = (text, pattern) => (pattern instanceof RegExp
		? new RegExp(pattern.source, pattern.flags.replace("g", "")).test(text)
		: text.includes(pattern));

	const told = (label, expected, received) => (not) =>
		sideBySide(not ? `expected not ${label}`.trim() : `expected ${label}`.trim(), show(expected), "received", show(received));

	function equality(received, expected, how) {
		return {
			pass: equals(received, expected, how),
			message: (not) => (not
				? `expected anything but: ${show(expected)}`
				: difference(expected, how === "part" ? part(received, expected) : received)),
		};
	}

	function is(received, pass, what) {
		return { pass, message: (not) => sideBySide("expected", (not ? "not " : "") + what, "received", show(received)) };
	}

	function compared(name, sign, received, expected, pass) {
		for (const [label, value] of [["the value", received], ["what it is compared with", expected]]) {
			if (typeof value !== "number" && typeof value !== "bigint") {
				throw new TypeError(`${name}: ${label} must be a number, not ${brief(value)}`);
			}
		}
		return { pass: pass(received, expected), message: told(sign, expected, received) };
	}

	function iterable(name, received) {
		if (received === null || received === undefined || typeof received[Symbol.iterator] !== "function") {
			throw new TypeError(`${name}: ${brief(received)} is neither a text nor iterable`);
		}
		return [...received];
	}

	/** The value at a path, such as "a.b[0]" or ["a", "b", 0]. */
	function at(object, path) {
		const steps = Array.isArray(path) ? path : String(path).split(/\.|\[(\d+)\]/).filter((step) => step !== undefined && step !== "");
		let value = object;
		for (const step of steps) {
			if (value === null || value === undefined || !(step in Object(value))) return { found: false };
			value = value[step];
		}
		return { found: true, value };
	}

	function matchesThrown(error, expected) {
		const message = typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
		if (expected === undefined) return true;
		if (typeof expected === "string") return message.includes(expected);
		if (expected instanceof RegExp) return new RegExp(expected.source, expected.flags.replace("g", "")).test(message);
		if (typeof expected === "function") return error instanceof expected;
		if (isAsymmetric(expected)) return expected.matches(error);
		if (expected instanceof Error) return message === expected.message;
		throw new TypeError(`toThrow: ${brief(expected)} is neither a text, an expression, a class nor an error`);
	}

	function toThrow(received, expected, settled) {
		let thrown = settled ? { error: received } : null;
		if (!settled) {
			if (typeof received !== "function") {
				throw new TypeError(`toThrow: ${brief(received)} is not a function; write expect(() => ...).toThrow(), `
					+ "or expect(promise).rejects.toThrow()");
			}
			let returned;
			try {
				returned = received();
			} catch (error) {
				thrown = { error };
			}
			if (!thrown && returned instanceof Promise) {
				returned.catch(() => {});
				throw new TypeError("toThrow: the function returned a promise; write await expect(promise).rejects.toThrow()");
			}
		}
		const wanted = expected === undefined ? "an error"
			: typeof expected === "function" ? `an error of ${expected.name}`
			: show(expected instanceof Error ? expected.message : expected);
		return {
			pass: thrown !== null && matchesThrown(thrown.error, expected),
			message: (not) => sideBySide(not ? "expected not thrown" : "expected thrown", wanted,
				"received", thrown ? show(thrown.error) : "nothing was thrown"),
		};
	}

	/** The table of matchers. */
	const matchers = {
		toBe: (received, expected) => ({
			pass: Object.is(received, expected),
			message: (not) => {
				if (not) return `expected anything but the same value: ${show(expected)}`;
				const alike = equals(received, expected, "strict");
				if (!alike) return difference(expected, received);
				const both = sideBySide("expected", show(expected), "received", show(received));
				return `the values are equal but not identical: use toEqual to compare contents\n\n${both}`;
			},
		}),
		toEqual: (received, expected) => equality(received, expected, "loose"),
		toStrictEqual: (received, expected) => equality(received, expected, "strict"),
		toMatchObject: (received, expected) => {
			if (typeof expected !== "object" || expected === null) throw new TypeError(`toMatchObject: ${brief(expected)} is not an object`);
			return equality(received, expected, "part");
		},
		toContain: (received, expected) => ({
			pass: typeof received === "string" ? received.includes(String(expected)) : iterable("toContain", received).includes(expected),
			message: told("to be in it", expected, received),
		}),
		toContainEqual: (received, expected) => ({
			pass: iterable("toContainEqual", received).some((item) => equals(item, expected)),
			message: told("to be in it", expected, received),
		}),
		toHaveLength: (received, expected) => {
			const length = received === null || received === undefined ? undefined : received.length;
			return {
				pass: length === expected,
				message: (not) => sideBySide(not ? "expected length not" : "expected length", show(expected),
					"received length", `${show(length)}, of ${show(received)}`),
			};
		},
		toHaveProperty: (received, path, ...value) => {
			const there = at(received, path);
			const name = Array.isArray(path) ? path.join(".") : path;
			if (value.length === 0) return is(received, there.found, `to have a property ${name}`);
			return {
				pass: there.found && equals(there.value, value[0]),
				message: (not) => (not || !there.found
					? sideBySide("expected", `${not ? "not " : ""}to have a property ${name} of the value ${show(value[0])}`,
						"received", show(received))
					: `the property ${name} differs\n\n${difference(value[0], there.value)}`),
			};
		},
		toBeNull: (received) => is(received, received === null, "null"),
		toBeUndefined: (received) => is(received, received === undefined, "undefined"),
		toBeDefined: (received) => is(received, received !== undefined, "anything but undefined"),
		toBeTruthy: (received) => is(received, Boolean(received), "a truthy value"),
		toBeFalsy: (received) => is(received, !received, "a falsy value"),
		toBeNaN: (received) => is(received, Number.isNaN(received), "NaN"),
		toBeGreaterThan: (received, expected) => compared("toBeGreaterThan", ">", received, expected, (a, b) => a > b),
		toBeGreaterThanOrEqual: (received, expected) => compared("toBeGreaterThanOrEqual", ">=", received, expected, (a, b) => a >= b),
		toBeLessThan: (received, expected) => compared("toBeLessThan", "<", received, expected, (a, b) => a < b),
		toBeLessThanOrEqual: (received, expected) => compared("toBeLessThanOrEqual", "<=", received, expected, (a, b) => a <= b),
		toBeCloseTo: (received, expected, digits = 2) => {
			if (typeof received !== "number" || typeof expected !== "number") {
				throw new TypeError(`toBeCloseTo: ${brief(typeof received === "number" ? expected : received)} is not a number`);
			}
			const pass = Object.is(received, expected) || Math.abs(received - expected) < 10 ** -digits / 2;
			return { pass, message: told(`to ${digits} digits`, expected, received) };
		},
		toMatch: (received, expected) => {
			if (typeof received !== "string") throw new TypeError(`toMatch: ${brief(received)} is not a text`);
			const pass = has(received, expected);
			return { pass, message: told("to match", expected, received) };
		},
		toThrow,
		toBeInstanceOf: (received, expected) => {
			if (typeof expected !== "function") throw new TypeError(`toBeInstanceOf: ${brief(expected)} is not a class`);
			return is(received, received instanceof expected, `an instance of ${expected.name}`);
		},
	};

	/** What a failure says. */
	function text(name, not, result, note, how = "") {
		const heading = `expect(received)${how}${not ? ".not" : ""}.${name}`;
		return `${note === undefined ? "" : `${note}\n\n`}${heading}\n\n${result.message(not)}`;
	}

	function direct(received, not, note) {
		const object = not ? {} : {
			get not() { return direct(received, true, note); },
			get resolves() { return later(received, "resolves", false, note); },
			get rejects() { return later(received, "rejects", false, note); },
		};
		for (const name of Object.keys(matchers)) {
			object[name] = (...args) => {
				const result = matchers[name](received, ...args);
				if (result.pass === not) throw new AssertionError(text(name, not, result, note));
			};
		}
		return object;
	}

	/**
	 * The matchers of what a promise will be. The error is made at once, because afterwards nobody
	 * knows the line any more.
	 */
	function later(promise, how, not, note) {
		const object = not ? {} : { get not() { return later(promise, how, true, note); } };
		for (const name of Object.keys(matchers)) {
			object[name] = (...args) => {
				const failure = new AssertionError("");
				const fail = (message) => {
					failure.message = message;
					throw failure;
				};
				const heading = `${note === undefined ? "" : `${note}\n\n`}expect(promise).${how}${not ? ".not" : ""}.${name}`;
				if (typeof promise?.then !== "function") fail(`${heading}\n\n${brief(promise)} is not a promise`);
				const check = (received) => {
					let result;
					try {
						result = name === "toThrow" ? toThrow(received, args[0], true) : matchers[name](received, ...args);
					} catch (error) {
						fail(error.message);
					}
					if (result.pass === not) fail(text(name, not, result, note, `.${how}`));
				};
				return how === "resolves"
					? promise.then(check, (error) => fail(`${heading}\n\nthe promise was rejected with ${show(error)}`))
					: promise.then((value) => fail(`${heading}\n\nthe promise was resolved with ${show(value)}`), check);
			};
		}
		return object;
	}

	const stand = (words, sample, matches) => ({ [asymmetric]: words, ...(sample === undefined ? {} : { sample }), matches });
	const primitives = new Map([
		[String, "string"], [Number, "number"], [BigInt, "bigint"], [Boolean, "boolean"], [Symbol, "symbol"], [Function, "function"],
	]);

	const expect = (received, note) => direct(received, false, note);
	Object.assign(expect, {
		anything: () => stand("anything", undefined, (v) => v !== null && v !== undefined),
		any: (type) => {
			if (typeof type !== "function") throw new TypeError(`expect.any: ${brief(type)} is not a class`);
			return stand("any", type, (v) => {
				return typeof v === primitives.get(type) || (type === Object ? typeof v === "object" && v !== null : v instanceof type);
			});
		},
		objectContaining: (properties) => stand("object containing", properties, (v) => typeof v === "object" && v !== null
			&& Object.keys(properties).every((name) => name in v && equals(v[name], properties[name]))),
		arrayContaining: (items) => stand("array containing", items, (v) => Array.isArray(v)
			&& items.every((item) => v.some((other) => equals(other, item)))),
		stringContaining: (piece) => stand("text containing", piece, (v) => typeof v === "string" && v.includes(piece)),
		stringMatching: (pattern) => stand("text matching", pattern, (v) => typeof v === "string" && has(v, pattern)),
	});
	return { expect };
})
