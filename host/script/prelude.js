// What the language has and the engine lacks, in the engine's own dialect. It runs first in every
// runtime and evaluates to what host/script keeps for itself. The engine makes its built-ins when
// they are first touched, so what is needed only by a function is taken inside that function: this
// runs at every start.
(function () {
	const { defineProperty } = Object;

	function add(target, name, value) {
		if (!(name in target)) defineProperty(target, name, { value, writable: true, enumerable: false, configurable: true });
	}

	if (!Symbol.asyncIterator) defineProperty(Symbol, "asyncIterator", { value: Symbol.for("Symbol.asyncIterator") });

	for (const name of ["dispose", "asyncDispose"]) {
		if (!Symbol[name]) defineProperty(Symbol, name, { value: Symbol.for("Symbol." + name) });
	}

	// What objects had before there was Object.defineProperty, and old packages use.
	const accessor = (kind) => function (name, f) {
		if (typeof f !== "function") throw new TypeError(`the ${kind}ter of a property must be a function`);
		defineProperty(this, name, { [kind]: f, enumerable: true, configurable: true });
	};
	const lookup = (kind) => function (name) {
		for (let object = Object(this); object; object = Object.getPrototypeOf(object)) {
			const found = Object.getOwnPropertyDescriptor(object, name);
			if (found) return found[kind];
		}
	};
	add(Object.prototype, "__defineGetter__", accessor("get"));
	add(Object.prototype, "__defineSetter__", accessor("set"));
	add(Object.prototype, "__lookupGetter__", lookup("get"));
	add(Object.prototype, "__lookupSetter__", lookup("set"));

	// The engine's takes no text: Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).
	const typed = Object.getPrototypeOf(Uint8Array), ofList = typed.from;
	const { from } = { from(source) {
		const [, ...more] = arguments;
		return Reflect.apply(ofList, this, [typeof source === "string" ? Object(source) : source, ...more]);
	} };
	defineProperty(typed, "from", { value: from, writable: true, configurable: true });

	add(globalThis, "queueMicrotask", function queueMicrotask(callback) {
		if (typeof callback !== "function") throw new TypeError("the argument of queueMicrotask must be a function");
		Promise.resolve().then(() => { callback(); });
	});

	// What a promise is made with in place of an executor: note is told what it is rejected with, and
	// is set by the runtime. An executor without a second parameter rejects nothing.
	const builtIn = Promise;
	let note;
	function executor(promiseClass, execute) {
		if (promiseClass !== builtIn || typeof execute !== "function" || execute.length < 2) return execute;
		return (resolve, reject) => execute(resolve, (reason) => { note(reason, execute); reject(reason); });
	}

	add(Promise, "withResolvers", function withResolvers() {
		let resolve, reject;
		const promise = new this(executor(this, (yes, no) => { resolve = yes; reject = no; }));
		return { promise, resolve, reject };
	});

	function group(items, keyOf, put) {
		if (typeof keyOf !== "function") throw new TypeError("the second argument of groupBy must be a function");
		let index = 0;
		for (const item of items) put(keyOf(item, index++), item);
	}

	add(Object, "groupBy", function groupBy(items, keyOf) {
		const groups = Object.create(null);
		group(items, keyOf, (key, item) => {
			key = typeof key === "symbol" ? key : String(key);
			if (key in groups) groups[key].push(item); else groups[key] = [item];
		});
		return groups;
	});

	add(Map, "groupBy", function groupBy(items, keyOf) {
		const groups = new Map();
		group(items, keyOf, (key, item) => {
			const known = groups.get(key);
			if (known) known.push(item); else groups.set(key, [item]);
		});
		return groups;
	});

	add(Array, "fromAsync", async function fromAsync(items, map) {
		if (map !== undefined && typeof map !== "function") throw new TypeError("the second argument of fromAsync must be a function");
		const result = typeof this === "function" ? new this() : [];
		let index = 0;
		const put = (value) => defineProperty(result, index++, { value, writable: true, enumerable: true, configurable: true });
		const asyncMethod = items[Symbol.asyncIterator];
		if (asyncMethod !== undefined && asyncMethod !== null) {
			const iterator = asyncMethod.call(items);
			try {
				for (let step; !(step = await iterator.next()).done;) put(map ? await map(step.value, index) : step.value);
			} catch (e) {
				// The iterator is told, but what it makes of it does not hide what went wrong.
				try { if (iterator.return) await iterator.return(); } catch { /* the first error counts */ }
				throw e;
			}
		} else {
			const list = items[Symbol.iterator] ? items : Array.from(items);
			for (const item of list) {
				const value = await item;
				put(map ? await map(value, index) : value);
			}
		}
		result.length = index;
		return result;
	});

	function cannotClone(what) {
		const error = new Error(what + " cannot be cloned");
		defineProperty(error, "name", { value: "DataCloneError", writable: true, enumerable: false, configurable: true });
		defineProperty(error, "code", { value: 25, enumerable: false, configurable: true });
		return error;
	}

	const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

	function cloneError(value, seen) {
		const errors = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
		const copy = new (errors[value.name] || Error)(String(value.message));
		seen.set(value, copy);
		defineProperty(copy, "stack", { value: String(value.stack), writable: true, enumerable: false, configurable: true });
		if ("cause" in value) {
			defineProperty(copy, "cause", { value: clone(value.cause, seen), writable: true, enumerable: false, configurable: true });
		}
		return copy;
	}

	function cloneView(value, seen) {
		const buffer = clone(value.buffer, seen);
		const length = value instanceof DataView ? value.byteLength : value.length;
		const copy = new globalThis[tagOf(value)](buffer, value.byteOffset, length);
		seen.set(value, copy);
		return copy;
	}

	// clone follows the structured clone of the HTML standard, for the types that the engine has.
	function clone(value, seen) {
		if (typeof value === "symbol") throw cannotClone("a symbol");
		if (typeof value === "function") throw cannotClone("a function" + (value.name ? " (" + value.name + ")" : ""));
		if (typeof value !== "object" || value === null) return value;
		const known = seen.get(value);
		if (known !== undefined) return known;
		if (ArrayBuffer.isView(value)) return cloneView(value, seen);
		const tag = tagOf(value);
		let copy;
		switch (true) {
			case value instanceof Date: copy = new Date(value.getTime()); break;
			case value instanceof RegExp: copy = new RegExp(value.source, value.flags); break;
			case value instanceof ArrayBuffer: copy = value.slice(0); break;
			case value instanceof Boolean: case value instanceof Number: case value instanceof String: copy = Object(value.valueOf()); break;
			case value instanceof Error: return cloneError(value, seen);
			case value instanceof Map:
				seen.set(value, copy = new Map());
				for (const [key, item] of Array.from(value)) copy.set(clone(key, seen), clone(item, seen));
				return copy;
			case value instanceof Set:
				seen.set(value, copy = new Set());
				for (const item of Array.from(value)) copy.add(clone(item, seen));
				return copy;
			case value instanceof Promise: case value instanceof WeakMap: case value instanceof WeakSet: throw cannotClone("a " + tag);
		}
		if (copy !== undefined) {
			seen.set(value, copy);
			return copy;
		}
		copy = Array.isArray(value) ? new Array(value.length) : {};
		seen.set(value, copy);
		for (const key of Object.keys(value)) define(copy, key, clone(value[key], seen));
		return copy;
	}

	add(globalThis, "structuredClone", function structuredClone(value) {
		if (arguments.length === 0) throw new TypeError("structuredClone needs a value");
		return clone(value, new Map());
	});

	// What JSON is read and written with where names are not for Go; see prelude.go.
	function names(object) {
		if (!Array.isArray(object)) return Object.keys(object);
		return { length: Math.min(Math.max(Math.trunc(object.length) || 0, 0), Number.MAX_SAFE_INTEGER) };
	}
	function define(object, name, value) {
		return Reflect.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
	}
	function put(object, name, value) {
		if (value === undefined) Reflect.deleteProperty(object, name); else define(object, name, value);
	}

	// What an object is as a value of another type, as Date has it of its argument.
	function primitive(object) {
		const convert = object[Symbol.toPrimitive];
		if (convert === undefined || convert === null) return Date.prototype[Symbol.toPrimitive].call(object, "number");
		const value = convert.call(object, "default");
		if (typeof value === "object" && value !== null || typeof value === "function") {
			throw new TypeError("Cannot convert object to primitive value");
		}
		return value;
	}

	// What JSON does not see of the instances of a class: see unfit.go.
	function classOf(prototype) {
		const getters = [];
		let more = false;
		for (let p = prototype; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
			for (const name of Reflect.ownKeys(p)) {
				if (name === "constructor") continue;
				more = true;
				if (typeof name === "string" && name !== "__proto__" && Object.getOwnPropertyDescriptor(p, name).get) getters.push(name);
			}
		}
		const { constructor } = prototype;
		const name = typeof constructor === "function" && constructor !== Object ? String(constructor.name) : "";
		return { name, getters: getters.join(), more };
	}

	// The class that an object wants others made with.
	function species(object, otherwise) {
		const { constructor } = object;
		if (constructor === undefined) return otherwise;
		if (constructor === null || typeof constructor !== "object" && typeof constructor !== "function") {
			throw new TypeError("constructor is not an object");
		}
		return constructor[Symbol.species] ?? otherwise;
	}

	const getter = (object, name) => Object.getOwnPropertyDescriptor(object, name).get;

	return {
		asyncIterator: Symbol.asyncIterator,
		rethrow(error) { throw error; },
		names, define, put, primitive, executor, species, getter,
		notes(f) { note = f; },
		get: (object, name) => object[name],
		text: (value) => `${value}`,
		class: classOf,
		add: (a, b) => a + b,
	};
})()
