// structuredClone, as the HTML Standard has it. typings/globals.d.ts says what it does.
(function (native) {
	"use strict";
	const { needs, dictionary, sequence, isObject, isPlatform } = native.part("idl");
	const { DOMException } = native.part("exception");
	const { classOf, alias, detach, detached } = native;
	const { getPrototypeOf, defineProperty } = Object;
	const errors = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
	const valueOf = { Boolean: Boolean.prototype.valueOf, Number: Number.prototype.valueOf, String: String.prototype.valueOf, BigInt: BigInt.prototype.valueOf };
	const mapEntries = Map.prototype.entries, setValues = Set.prototype.values;

	// kindOf is the class of the language that an object is of. Those of collections the engine does
	// not tell, so their own methods are asked.
	const asks = {
		Map: Object.getOwnPropertyDescriptor(Map.prototype, "size").get, Set: Object.getOwnPropertyDescriptor(Set.prototype, "size").get,
		WeakMap: WeakMap.prototype.has, WeakSet: WeakSet.prototype.has,
	};
	function kindOf(value) {
		const kind = classOf(value);
		if (kind !== "Object") return kind;
		const tag = Reflect.apply(Object.prototype.toString, value, []).slice(8, -1);
		if (tag === "Object" || !Object.hasOwn(asks, tag)) return tag === "Symbol" || tag === "BigInt" ? tag : kind;
		try {
			Reflect.apply(asks[tag], value, [{}]);
			return tag;
		} catch {
			return kind;
		}
	}

	const refused = (what) => new DOMException(`${what} cannot be cloned`, "DataCloneError");
	const put = (object, key, value) => defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });

	function cloneError(value, memory) {
		let { name } = value;
		name = name === undefined ? "Error" : `${name}`;
		const message = Object.getOwnPropertyDescriptor(value, "message");
		const copy = new (errors[name] ?? Error)();
		memory.set(value, copy);
		if (message !== undefined && "value" in message) defineProperty(copy, "message", { value: `${message.value}`, writable: true, configurable: true });
		defineProperty(copy, "stack", { value: `${value.stack}`, writable: true, configurable: true });
		if (Object.hasOwn(value, "cause")) defineProperty(copy, "cause", { value: clone(value.cause, memory), writable: true, configurable: true });
		return copy;
	}
	function cloneView(value, memory) {
		if (detached(value.buffer)) throw refused("a view of a detached ArrayBuffer");
		const buffer = clone(value.buffer, memory);
		const name = Object.prototype.toString.call(value) === "[object DataView]" || !("length" in value) ? "DataView" : Reflect.apply(tag, value, []);
		const copy = new globalThis[name](buffer, value.byteOffset, name === "DataView" ? value.byteLength : value.length);
		memory.set(value, copy);
		return copy;
	}
	const tag = Object.getOwnPropertyDescriptor(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

	// builtIn clones what is of a class of the language, undefined for other objects.
	function builtIn(value, kind, memory) {
		switch (kind) {
			case "Boolean": case "Number": case "String": case "BigInt": return Object(Reflect.apply(valueOf[kind], value, []));
			case "Symbol": throw refused("a symbol");
			case "Date": return new Date(Reflect.apply(Date.prototype.getTime, value, []));
			case "RegExp": return new RegExp(value.source, value.flags);
			case "ArrayBuffer":
				if (detached(value)) throw refused("a detached ArrayBuffer");
				return value.slice(0);
			case "Error": return cloneError(value, memory);
			case "Promise": case "WeakMap": case "WeakSet": case "WeakRef": case "GeneratorFunction": case "Generator": throw refused(`a ${kind}`);
			case "Map": {
				const copy = new Map(), list = [];
				memory.set(value, copy);
				for (const entry of Reflect.apply(mapEntries, value, [])) list.push(entry);
				for (const [key, item] of list) {
					const clonedKey = clone(key, memory);
					copy.set(clonedKey, clone(item, memory));
				}
				return copy;
			}
			case "Set": {
				const copy = new Set(), list = [];
				memory.set(value, copy);
				for (const item of Reflect.apply(setValues, value, [])) list.push(item);
				for (const item of list) copy.add(clone(item, memory));
				return copy;
			}
		}
		return undefined;
	}
	// clone makes a copy of a value; memory has the copies that there are already.
	function clone(value, memory) {
		if (typeof value === "symbol") throw refused("a symbol");
		if (typeof value === "function") throw refused(`a function${value.name ? ` (${value.name})` : ""}`);
		if (!isObject(value)) return value;
		if (memory.has(value)) return memory.get(value);
		if (ArrayBuffer.isView(value)) return cloneView(value, memory);
		const cloneable = value[native.cloning];
		if (typeof cloneable === "function") {
			const copy = Reflect.apply(cloneable, value, []);
			memory.set(value, copy);
			return copy;
		}
		if (value instanceof DOMException) {
			const copy = new DOMException(value.message, value.name);
			defineProperty(copy, "stack", { value: `${value.stack}`, writable: true, configurable: true });
			memory.set(value, copy);
			return copy;
		}
		const made = builtIn(value, kindOf(value), memory);
		if (made !== undefined) {
			memory.set(value, made);
			return made;
		}
		if (isPlatform(value)) throw refused(`an object of the class ${value.constructor?.name}`);
		const copy = Array.isArray(value) ? new Array(value.length) : {};
		memory.set(value, copy);
		for (const key of Object.keys(value)) {
			if (Object.hasOwn(value, key)) put(copy, key, clone(value[key], memory)); // a getter may have taken it away
		}
		return copy;
	}

	// transferred clones a message, of which some objects go over as they are.
	function transferred(message, list, own) {
		const memory = new Map(), ports = [];
		const messages = native.part("messages");
		for (const [i, object] of list.entries()) {
			if (list.indexOf(object) !== i) throw new DOMException("an object is to be transferred twice", "DataCloneError");
			if (messages.isPort(object)) {
				if (object === own) throw new DOMException("a port cannot be sent through itself", "DataCloneError");
				if (messages.wasMoved(object)) throw new DOMException("the port was transferred already", "DataCloneError");
			} else if (isObject(object) && classOf(object) === "ArrayBuffer") {
				if (detached(object)) throw new DOMException("the ArrayBuffer is detached", "DataCloneError");
			} else throw new DOMException("only ArrayBuffers and MessagePorts can be transferred", "DataCloneError");
			// It goes over once all is cloned: an error leaves it where it is.
			memory.set(object, messages.isPort(object) ? messages.stand() : alias(object));
		}
		const value = clone(message, memory);
		for (const object of list) {
			if (!messages.isPort(object)) {
				detach(object);
				continue;
			}
			messages.move(object, memory.get(object));
			ports.push(memory.get(object));
		}
		return { value, ports };
	}

	function structuredClone(value, options = {}) {
		needs(arguments.length, 1, "structuredClone");
		const { transfer: list } = dictionary(options, "the options of structuredClone");
		return transferred(value, list === undefined ? [] : sequence(list, "transfer"), undefined).value;
	}

	return { structuredClone, transferred };
})
