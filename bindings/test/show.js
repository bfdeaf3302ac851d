// How failures of tests show values: each property on a line of its own, in the order of the names,
// so that the texts of two values differ in the lines in which the values do. What is equal for
// toEqual looks equal.
(function () {
	// What is deeper or longer would hide the rest.
	const maxDepth = 12;
	const maxItems = 1000;
	const maxText = 20_000;
	const plainName = /^[A-Za-z_$][\w$]*$/;

	/** What matchers such as expect.any() are known by. */
	const asymmetric = Symbol("asymmetric");

	function show(value) {
		return one(value, "", []);
	}

	function one(value, indent, above) {
		switch (typeof value) {
			case "string": return text(value);
			case "number": return Object.is(value, -0) ? "-0" : String(value);
			case "bigint": return `${value}n`;
			case "symbol": return value.toString();
			case "function": return func(value);
			case "object": return value === null ? "null" : guarded(value, indent, above);
			default: return String(value);
		}
	}

	function text(value) {
		const cut = value.length > maxText ? value.slice(0, maxText) : value;
		return JSON.stringify(cut) + (cut === value ? "" : `… (${value.length} characters)`);
	}

	function func(value) {
		const isClass = /^class\b/.test(Function.prototype.toString.call(value));
		return `[${isClass ? "class" : "Function"} ${value.name || "(anonymous)"}]`;
	}

	function guarded(value, indent, above) {
		if (above.includes(value)) return "[Circular]";
		if (above.length >= maxDepth) return Array.isArray(value) ? "[Array]" : "[Object]";
		try {
			return object(value, indent, [...above, value]);
		} catch {
			return "[an object that cannot be shown]";
		}
	}

	function object(value, indent, above) {
		if (typeof value[asymmetric] === "string") return described(value, indent, above);
		if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : `Date ${value.toISOString()}`;
		if (value instanceof RegExp) return String(value);
		if (value instanceof Error) return `[${nameOf(value, value.name)}: ${value.message}]`;
		if (value instanceof Promise) return "Promise {}";
		if (value instanceof String || value instanceof Number || value instanceof Boolean) {
			return `[${value.constructor.name}: ${one(value.valueOf(), indent, above)}]`;
		}
		const inner = indent + "  ";
		if (value instanceof Map) {
			const lines = [...value].map(([key, item]) => `${one(key, inner, above)} => ${one(item, inner, above)}`);
			return `${nameOf(value, "Map")} ${block("{", lines, "}", indent)}`;
		}
		if (value instanceof Set) {
			return `${nameOf(value, "Set")} ${block("{", [...value].map((item) => one(item, inner, above)), "}", indent)}`;
		}
		if (value instanceof ArrayBuffer) return `ArrayBuffer ${block("[", [...new Uint8Array(value)].map(String), "]", indent)}`;
		if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
			return `${nameOf(value, "TypedArray")} ${block("[", [...value].map((item) => one(item, inner, above)), "]", indent)}`;
		}
		if (Array.isArray(value)) {
			const lines = Array.from({ length: Math.min(value.length, maxItems) }, (_, i) => (i in value ? one(value[i], inner, above) : "<empty>"));
			if (value.length > maxItems) lines.push(`… ${value.length - maxItems} more`);
			return prefix(value, "Array") + block("[", lines, "]", indent);
		}
		return prefix(value, "Object") + block("{", properties(value, inner, above), "}", indent);
	}

	function properties(value, inner, above) {
		const names = Object.keys(value).sort();
		const symbols = Object.getOwnPropertySymbols(value).filter((s) => Object.prototype.propertyIsEnumerable.call(value, s));
		const lines = [...names, ...symbols].slice(0, maxItems).map((name) => {
			const label = typeof name === "symbol" ? `[${name.toString()}]` : plainName.test(name) ? name : JSON.stringify(name);
			return `${label}: ${one(value[name], inner, above)}`;
		});
		if (names.length + symbols.length > maxItems) lines.push(`… ${names.length + symbols.length - maxItems} more`);
		return lines;
	}

	/** What stands for many values: its own words. */
	function described(value, indent, above) {
		const words = value[asymmetric];
		if (!("sample" in value)) return words;
		const sample = value.sample;
		return `${words} ${typeof sample === "function" ? sample.name || "(anonymous)" : one(sample, indent, above)}`;
	}

	function block(open, lines, close, indent) {
		if (lines.length === 0) return open + close;
		return `${open}\n${lines.map((line) => `${indent}  ${line},\n`).join("")}${indent}${close}`;
	}

	function nameOf(value, otherwise) {
		const name = value.constructor?.name;
		return typeof name === "string" && name !== "" ? name.replace(/^_/, "") : otherwise;
	}

	/** The class in front of what is of a class of its own. */
	function prefix(value, plain) {
		if (Object.getPrototypeOf(value) === null) return "";
		const name = nameOf(value, plain);
		return name === plain ? "" : name + " ";
	}

	/** A value within a sentence: on one line, and not for ever. */
	function brief(value) {
		const line = show(value).replace(/,\n\s*([}\]])/g, " $1").replace(/\n\s*/g, " ");
		return line.length <= 200 ? line : line.slice(0, 200) + "…";
	}

	return { show, brief, asymmetric };
})
