// What the Web IDL Standard says of every interface: what classes look like, how arguments become the
// types that are declared, and what iterates. Programs that make globals ask for it with part("idl").
(function (native) {
	"use strict";
	const { defineProperty, getOwnPropertyNames } = Object;

	const shown = { enumerable: true }; // what it does not name stays as it is
	function enumerable(object, except) {
		for (const name of getOwnPropertyNames(object)) {
			if (!except.includes(name)) defineProperty(object, name, shown);
		}
	}
	// described are the prototypes of all interfaces.
	const described = new WeakSet();
	function isPlatform(object) {
		for (let p = Object.getPrototypeOf(object); p !== null; p = Object.getPrototypeOf(p)) {
			if (described.has(p)) return true;
		}
		return false;
	}
	// describe makes an interface of a class: its members can be enumerated, and it has a tag.
	function describe(Class, tag = Class.name) {
		described.add(Class.prototype);
		enumerable(Class, ["length", "name", "prototype"]);
		enumerable(Class.prototype, ["constructor"]);
		defineProperty(Class.prototype, Symbol.toStringTag, { value: tag, configurable: true });
		return Class;
	}
	function constants(Class, values) {
		for (const [name, value] of Object.entries(values)) {
			for (const target of [Class, Class.prototype]) defineProperty(target, name, { value, enumerable: true });
		}
	}

	const isObject = (value) => typeof value === "object" && value !== null || typeof value === "function";
	// needs checks how many arguments were given.
	function needs(given, wanted, what) {
		if (given < wanted) throw new TypeError(`${what} needs ${wanted} argument${wanted > 1 ? "s" : ""}, and got ${given}`);
	}
	function dictionary(value, what) {
		if (value === undefined || value === null) return {};
		if (!isObject(value)) throw new TypeError(`${what} is an object`);
		return value;
	}
	function callback(value, what) {
		if (typeof value !== "function") throw new TypeError(`${what} is a function`);
		return value;
	}
	const string = (value) => `${value}`;
	// usv is a text with U+FFFD in the place of halves of surrogate pairs.
	function usv(value) {
		value = `${value}`;
		return native.wellFormed(value);
	}
	function byteString(value, what) {
		value = `${value}`;
		if (/[^\x00-\xff]/.test(value)) throw new TypeError(`${what} contains a character that is no byte`);
		return value;
	}
	// integer is a whole number of so many bits, without a sign: one that does not fit is an error.
	function integer(value, bits, what) {
		const number = Math.trunc(Number(value)) + 0;
		const most = bits >= 53 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1;
		if (!(number >= 0 && number <= most)) throw new TypeError(`${what} is a whole number from 0 to ${most}`);
		return number;
	}
	// whole is a whole number of 64 bits with a sign, as far as numbers have them.
	function whole(value) {
		const number = Math.trunc(Number(value));
		return Number.isFinite(number) ? number + 0 : 0;
	}
	function sequence(value, what) {
		const method = isObject(value) ? value[Symbol.iterator] : undefined;
		if (typeof method !== "function") throw new TypeError(`${what} is an array`);
		return Array.from({ [Symbol.iterator]: () => Reflect.apply(method, value, []) });
	}
	function oneOf(value, values, what) {
		value = `${value}`;
		if (!values.includes(value)) throw new TypeError(`${what} is ${values.map((v) => `"${v}"`).join(" or ")}, not "${value}"`);
		return value;
	}

	// pairs makes a class iterable: list(object) are its pairs as they are now, and throws for what is
	// no instance.
	function pairs(Class, list) {
		const states = new WeakMap();
		let prototype;
		const newPrototype = () => Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
			next: {
				value: function next() {
					const state = states.get(this);
					if (state === undefined) throw new TypeError(`this is no iterator of ${Class.name}`);
					const all = list(state.target);
					if (state.at >= all.length) return { value: undefined, done: true };
					return { value: state.form(all[state.at++]), done: false };
				}, writable: true, enumerable: true, configurable: true,
			},
			[Symbol.toStringTag]: { value: `${Class.name} Iterator`, configurable: true },
		});
		const iterator = (target, form) => {
			list(target);
			const made = Object.create(prototype ??= newPrototype());
			states.set(made, { target, form, at: 0 });
			return made;
		};
		const methods = {
			entries() { return iterator(this, ([name, value]) => [name, value]); },
			keys() { return iterator(this, ([name]) => name); },
			values() { return iterator(this, ([, value]) => value); },
			forEach(f, thisArg = undefined) {
				let all = list(this);
				needs(arguments.length, 1, "forEach");
				callback(f, "the callback of forEach");
				for (let i = 0; i < all.length; i++) {
					Reflect.apply(f, thisArg, [all[i][1], all[i][0], this]);
					all = list(this);
				}
			},
		};
		for (const [name, value] of Object.entries(methods)) defineProperty(Class.prototype, name, { value, writable: true, enumerable: true, configurable: true });
		defineProperty(Class.prototype, Symbol.iterator, { value: methods.entries, writable: true, configurable: true });
	}

	return { isPlatform, describe, constants, isObject, needs, dictionary, callback, string, usv, byteString, integer, whole, sequence, oneOf, pairs };
})
