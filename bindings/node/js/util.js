// The module util. What goja_nodejs has of it, format, is asked where it agrees with Node.
(function (native, require) {
	"use strict";
	const types = require("node:util/types");
	const custom = Symbol.for("nodejs.util.inspect.custom");
	const promisified = Symbol.for("nodejs.util.promisify.custom");

	function invalid(name, expected, value) {
		const error = new TypeError(`The "${name}" argument must be ${expected}. Received ${value === null || value === undefined ? value : `type ${typeof value}`}`);
		error.code = "ERR_INVALID_ARG_TYPE";
		return error;
	}

	const escapes = { "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v", "\\": "\\\\" };
	function quote(text) {
		const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") && !text.includes("${") ? "`" : "'";
		return mark + text.replace(/[\x00-\x1f\x7f-\x9f\\]/g, (c) => escapes[c] ?? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`).replaceAll(mark, mark === "'" ? "\\'" : mark) + mark;
	}
	const plainKey = /^[A-Za-z_][A-Za-z0-9_]*$/;

	function primitive(value, options) {
		if (typeof value === "string") {
			const most = options.options?.maxStringLength ?? Infinity;
			if (value.length <= most) return quote(value);
			return `${quote(value.slice(0, most))}... ${value.length - most} more character${value.length - most > 1 ? "s" : ""}`;
		}
		if (typeof value === "bigint") return `${value}n`;
		if (Object.is(value, -0)) return "-0";
		return String(value);
	}

	// The name of an object's class, null when it has no prototype.
	function className(object) {
		for (let at = object; at !== null; at = Object.getPrototypeOf(at)) {
			const own = Object.getOwnPropertyDescriptor(at, "constructor");
			if (own !== undefined && typeof own.value === "function" && own.value.name !== "") return own.value.name;
		}
		return null;
	}

	function inspectWith(state, value, depth) {
		if (value === null || (typeof value !== "object" && typeof value !== "function")) return primitive(value, state);
		if (state.customInspect && typeof value[custom] === "function" && value[custom] !== inspect) {
			const shown = value[custom](state.depth - depth, { ...state.options, depth: state.depth - depth }, inspect);
			if (shown !== value) return typeof shown === "string" ? shown : inspectWith(state, shown, depth);
		}
		if (state.seen.includes(value)) {
			if (!state.circular.has(value)) state.circular.set(value, state.circular.size + 1);
			return `[Circular *${state.circular.get(value)}]`;
		}
		state.seen.push(value);
		let shown = object(state, value, depth);
		state.seen.pop();
		if (state.circular.has(value)) shown = `<ref *${state.circular.get(value)}> ${shown}`;
		return shown;
	}

	function object(state, value, depth) {
		const name = className(value);
		let tag = value[Symbol.toStringTag];
		if (typeof tag !== "string" || tag === "" || tag === name) tag = "";
		const prefix = (otherwise, size) => {
			const sized = size === undefined ? "" : `(${size})`;
			if (name === null) return `[${otherwise}${sized}: null prototype] `;
			return name === otherwise && size === undefined && tag === "" && (otherwise === "Object") ? "" : `${name}${sized} ${tag === "" ? "" : `[${tag}] `}`;
		};
		let keys = state.showHidden ? Reflect.ownKeys(value) : [...Object.keys(value), ...Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))];
		if (state.options.sorted) keys.sort(typeof state.options.sorted === "function" ? state.options.sorted : undefined);
		let parts = [], open = "{", close = "}", start = "";
		let entered = false;
		const deeper = (inner) => {
			if (!entered) { entered = true; state.deepest = depth; } // as in Node: that of the last object that has something in it
			return inspectWith(state, inner, depth + 1);
		};
		const tooDeep = depth > state.depth;
		const isIndex = (key) => typeof key === "string" && /^(?:0|[1-9]\d*)$/.test(key);
		if (Array.isArray(value) || types.isTypedArray(value)) {
			start = Array.isArray(value) && name === "Array" && tag === "" ? "" : `${name ?? "[Array: null prototype]"}(${value.length}) `;
			open = "["; close = "]";
			keys = keys.filter((key) => !isIndex(key) && (key !== "length" || state.showHidden && Array.isArray(value)));
			if (!tooDeep) {
				let holes = 0;
				const flush = () => { if (holes > 0) parts.push(`<${holes} empty item${holes > 1 ? "s" : ""}>`); holes = 0; };
				const end = Math.min(value.length, state.maxArrayLength);
				for (let i = 0; i < end; i++) {
					if (!(i in value)) { holes++; continue; }
					flush();
					parts.push(deeper(value[i]));
				}
				flush();
				if (value.length > end) parts.push(`... ${value.length - end} more item${value.length - end > 1 ? "s" : ""}`);
			}
		} else if (types.isMap(value)) {
			start = prefix("Map", value.size);
			if (!tooDeep) value.forEach((inner, key) => parts.push(`${deeper(key)} => ${deeper(inner)}`));
		} else if (types.isSet(value)) {
			start = prefix("Set", value.size);
			if (!tooDeep) value.forEach((inner) => parts.push(deeper(inner)));
		} else if (typeof value === "function") {
			const isClass = /^class\b/.test(Function.prototype.toString.call(value));
			const parent = Object.getPrototypeOf(value)?.name;
			const base = isClass ? `[class ${value.name || "(anonymous)"}${parent ? ` extends ${parent}` : ""}]` : `[${name ?? "Function"}${value.name === "" ? " (anonymous)" : `: ${value.name}`}]`;
			if (keys.length === 0) return base;
			start = `${base} `;
		} else if (types.isRegExp(value)) {
			const base = RegExp.prototype.toString.call(value);
			if (keys.length === 0) return base;
			start = `${base} `;
		} else if (types.isDate(value)) {
			const base = Number.isNaN(value.getTime()) ? "Invalid Date" : Date.prototype.toISOString.call(value);
			if (keys.length === 0) return base;
			start = `${base} `;
		} else if (value instanceof Error) {
			const stack = typeof value.stack === "string" && value.stack !== "" ? value.stack : `[${Error.prototype.toString.call(value)}]`;
			keys = keys.filter((key) => key !== "stack" && key !== "message" && key !== "name");
			if (value.cause !== undefined && !keys.includes("cause") && Object.hasOwn(value, "cause")) keys.push("cause");
			if (keys.length === 0) return stack;
			start = `${stack} `;
		} else if (types.isBoxedPrimitive(value)) {
			const inner = value.valueOf();
			const base = `[${typeof inner === "bigint" ? "BigInt" : typeof inner === "symbol" ? "Symbol" : name}: ${primitive(inner, state)}]`;
			keys = keys.filter((key) => !isIndex(key) && key !== "length");
			if (keys.length === 0) return base;
			start = `${base} `;
		} else if (types.isArrayBuffer(value)) {
			start = "ArrayBuffer ";
			parts.push(`[Uint8Contents]: <${Array.from(new Uint8Array(value).subarray(0, 50), (byte) => byte.toString(16).padStart(2, "0")).join(" ")}>`, `byteLength: ${value.byteLength}`);
		} else if (value instanceof Promise) { 
			start = "Promise ";
			const { state: is, value: inner } = native.settled(value);
			parts.push(is === "pending" ? "<pending>" : is === "rejected" ? `<rejected> ${deeper(inner)}` : deeper(inner));
		} else if (types.isWeakMap(value) || types.isWeakSet(value)) { start = `${name} `; parts.push("<items unknown>");
		} else start = types.isArgumentsObject(value) ? "[Arguments] " : prefix("Object");
		if (tooDeep) return Array.isArray(value) ? "[Array]" : `[${name === null ? "Object: null prototype" : name}${tag === "" ? "" : ` [${tag}]`}]`;
		const items = parts.length;
		for (const key of keys) {
			const own = Object.getOwnPropertyDescriptor(value, key);
			let shown = own === undefined ? deeper(value[key]) : own.get ? (own.set ? "[Getter/Setter]" : "[Getter]") : own.set ? "[Setter]" : deeper(own.value);
			const label = typeof key === "symbol" ? `[${String(key)}]` : plainKey.test(key) ? key : quote(key);
			if (shown.includes("\n") && !/^[[{]/.test(shown) && own !== undefined && typeof own.value === "string") shown = shown.replaceAll("\n", "\n  ");
			parts.push(`${own !== undefined && !own.enumerable ? `[${label}]` : label}: ${shown}`);
		}
		if (parts.length === 0) return `${start}${open}${close}`;
		return layout(state, parts, start, open, close, items === parts.length && open === "[", depth, value);
	}

	function layout(state, parts, start, open, close, list, depth, value) {
		if (state.compact === false) return `${start}${open}\n  ${parts.map(indent).join(",\n  ")}\n${close}`;
		const entries = parts.length;
		let grouped = parts;
		if (list && entries > 6) grouped = columns(parts, value, state);
		// On one line when there are at most so many levels below, and room.
		const nested = state.deepest - depth;
		if (nested < state.compact && grouped === parts) {
			const length = parts.reduce((sum, part) => sum + part.length + 1, 0) + start.length;
			if (length + parts.length <= state.breakLength && !parts.some((part) => part.includes("\n"))) return `${start}${open} ${parts.join(", ")} ${close}`;
		}
		return `${start}${open}\n  ${grouped.map(indent).join(",\n  ")}\n${close}`;
	}
	const indent = (text) => text.replaceAll("\n", "\n  ");

	// Lists of more than six short values are set in columns.
	function columns(parts, value, state) {
		let total = 0, longest = 0;
		const more = parts.at(-1).startsWith("... ") ? 1 : 0;
		const count = parts.length - more;
		const lengths = parts.slice(0, count).map((part) => { total += part.length + 2; longest = Math.max(longest, part.length); return part.length; });
		const width = longest + 2;
		if (width * 3 + 0 >= state.breakLength || !(total / width > 5 || longest <= 6)) return parts;
		const bias = Math.sqrt(width - total / parts.length);
		const number = Math.min(Math.round(Math.sqrt(2.5 * Math.max(width - 3 - 0, 1) * count) / Math.max(bias > 0 ? width - 3 - 0 : width - 3, 1)), Math.floor((state.breakLength - 0) / width), state.compact * 4, 15);
		if (number <= 1) return parts;
		const widths = [];
		for (let i = 0; i < number; i++) {
			let most = 0;
			for (let j = i; j < count; j += number) most = Math.max(most, lengths[j]);
			widths.push(most + 2);
		}
		const right = parts.slice(0, count).every((_, i) => typeof value[i] === "number" || typeof value[i] === "bigint");
		const rows = [];
		for (let i = 0; i < count; i += number) {
			const end = Math.min(i + number, count);
			let row = "";
			for (let j = i; j < end - 1; j++) row += right ? `${parts[j]}, `.padStart(widths[j - i]) : `${parts[j]}, `.padEnd(widths[j - i]);
			row += right ? parts[end - 1].padStart(widths[end - 1 - i] - 2) : parts[end - 1];
			rows.push(row);
		}
		if (more) rows.push(parts.at(-1));
		return rows;
	}

	function inspect(value, options, ...old) {
		if (typeof options === "boolean") options = { showHidden: options, depth: old[0] };
		options = { ...inspect.defaultOptions, ...options };
		return inspectWith({
			options, depth: options.depth === null ? Infinity : options.depth ?? 2, showHidden: Boolean(options.showHidden),
			customInspect: options.customInspect !== false, maxArrayLength: options.maxArrayLength ?? Infinity, breakLength: options.breakLength,
			compact: options.compact === true ? 3 : options.compact, seen: [], circular: new Map(), deepest: 0,
		}, value, 0);
	}
	inspect.custom = custom;
	inspect.defaultOptions = { showHidden: false, depth: 2, colors: false, customInspect: true, maxArrayLength: 100, maxStringLength: 10000, breakLength: 80, compact: 3, sorted: false, getters: false };
	inspect.styles = {};
	inspect.colors = {};

	function show(value) {
		if (typeof value === "string") return value;
		if (typeof value === "bigint") return `${value}n`;
		if (Object.is(value, -0)) return "-0";
		if (value === null || typeof value !== "object") return String(value);
		const own = value.toString;
		if (value instanceof Error || (typeof own === "function" && own !== Object.prototype.toString && own !== Array.prototype.toString && own !== Error.prototype.toString && !types.isDate(value))) return String(value);
		return inspect(value, { depth: 0, compact: 3 });
	}
	function numeric(value, convert) { return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" || (typeof value === "object" && value !== null) ? "NaN" : Object.is(convert(value), -0) ? "-0" : String(convert(value)); }
	const verbs = {
		s: show, d: (value) => numeric(value, Number), i: (value) => numeric(value, Number.parseInt), f: (value) => numeric(value, Number.parseFloat),
		j: (value) => { try { return JSON.stringify(value); } catch (error) { if (/circular/i.test(error.message)) return "[Circular]"; throw error; } },
		o: (value) => inspect(value, { showHidden: true, depth: 4 }), O: (value) => inspect(value), c: () => "",
	};
	function format(first, ...rest) {
		if (typeof first !== "string") return [first, ...rest].map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
		if (rest.length === 0) return first;
		if (/^(?:[^%]|%[sd])*$/.test(first) && rest.every((value) => typeof value === "string" || (Number.isFinite(value) && value !== 0))) return native.format(first, ...rest);
		let used = 0;
		const text = first.replace(/%([%sdifjoOc])/g, (whole, verb) => (verb === "%" ? "%" : used < rest.length ? verbs[verb](rest[used++]) : whole));
		return [text, ...rest.slice(used).map((value) => (typeof value === "string" ? value : inspect(value)))].join(" ");
	}

	function promisify(original) {
		if (typeof original !== "function") throw invalid("original", "of type function", original);
		if (original[promisified]) return original[promisified];
		function promising(...args) {
			return new Promise((resolve, reject) => original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value))));
		}
		Object.setPrototypeOf(promising, Object.getPrototypeOf(original));
		Object.defineProperty(promising, promisified, { value: promising, configurable: true });
		return Object.defineProperties(promising, Object.getOwnPropertyDescriptors(original));
	}
	promisify.custom = promisified;
	Object.defineProperty(globalThis.setTimeout, promisified, { get: () => require("node:timers/promises").setTimeout, configurable: true });

	function callbackify(original) {
		if (typeof original !== "function") throw invalid("original", "of type function", original);
		return function (...args) {
			const callback = args.pop();
			if (typeof callback !== "function") throw invalid("last argument", "of type function", callback);
			original.apply(this, args).then((value) => queueMicrotask(() => callback(null, value)), (error) => queueMicrotask(() => callback(error || Object.assign(new Error("Promise was rejected with a falsy value"), { reason: error, code: "ERR_FALSY_VALUE_REJECTION" }))));
		};
	}

	function inherits(constructor, parent) {
		if (typeof constructor !== "function") throw invalid("ctor", "of type function", constructor);
		if (typeof parent !== "function") throw invalid("superCtor", "of type function", parent);
		Object.defineProperty(constructor, "super_", { value: parent, writable: true, configurable: true });
		Object.setPrototypeOf(constructor.prototype, parent.prototype);
	}

	const warned = new Set();
	function deprecate(f, message, code) {
		let told = false;
		function deprecated(...args) {
			if (!told) {
				told = true;
				if (code === undefined || !warned.has(code)) { warned.add(code); console.warn(`DeprecationWarning: ${message}`); }
			}
			// The engine leaves the new.target of a constructor around to what that calls.
			return new.target && this instanceof new.target ? Reflect.construct(f, args, new.target) : f.apply(this, args);
		}
		Object.setPrototypeOf(deprecated, f);
		if (f.prototype) deprecated.prototype = f.prototype;
		return deprecated;
	}

	const ansi = new RegExp("[\\u001B\\u009B][[\\]()#;?]*(?:(?:(?:[a-zA-Z\\d]*(?:;[-a-zA-Z\\d/#&.:=?%@~_]*)*)?\\u0007)|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]))", "g");
	const type = (name) => (value) => typeof value === name;
	return {
		inspect, format, formatWithOptions: (options, ...args) => format(...args), promisify, callbackify, inherits, deprecate, types,
		debuglog: () => Object.assign(() => {}, { enabled: false }), debug: () => Object.assign(() => {}, { enabled: false }),
		isDeepStrictEqual: (a, b) => require("node:assert").isDeep(a, b, true), stripVTControlCharacters: (text) => text.replace(ansi, ""),
		toUSVString: (text) => String(text).replace(/\p{Surrogate}/gu, "\uFFFD"), aborted: (signal) => new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true }))),
		styleText: (style, text) => text, log: (...args) => console.log(format(...args)), _extend: (target, source) => Object.assign(target, source),
		get TextEncoder() { return globalThis.TextEncoder; }, get TextDecoder() { return globalThis.TextDecoder; },
		isArray: Array.isArray, isBoolean: type("boolean"), isNumber: type("number"), isString: type("string"), isSymbol: type("symbol"),
		isUndefined: type("undefined"), isFunction: type("function"), isNull: (value) => value === null, isNullOrUndefined: (value) => value === null || value === undefined,
		isRegExp: types.isRegExp, isDate: types.isDate, isError: (value) => value instanceof Error, isObject: (value) => typeof value === "object" && value !== null,
		isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"), isBuffer: (value) => require("node:buffer").Buffer.isBuffer(value),
	};
})
