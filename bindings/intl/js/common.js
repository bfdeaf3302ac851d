// What all classes of Intl share: locales, options, and how classes are made. typings are
// TypeScript's own.
(function (native) {
	"use strict";
	const { defineProperty, getOwnPropertyDescriptors, create } = Object;

	// canonical is a tag in its canonical form.
	function canonical(tag) {
		const found = native.canonical(tag);
		if (found === undefined) throw new RangeError(`"${tag}" is not a language tag: write it like en-US`);
		return found;
	}

	// requested are the tags that a caller names, canonical and each once.
	function requested(locales) {
		if (locales === undefined) return [];
		if (locales === null) throw new TypeError("the locale is null: name one such as en-US, or leave it out");
		if (typeof locales === "string" || native.localeTag(locales) !== undefined) locales = [locales];
		const list = Object(locales), out = [];
		const length = Math.min(Math.max(Math.trunc(list.length) || 0, 0), Number.MAX_SAFE_INTEGER);
		for (let i = 0; i < length; i++) {
			if (!(i in list)) continue;
			const tag = list[i];
			if (typeof tag !== "string" && (typeof tag !== "object" || tag === null)) throw new TypeError("a locale is a text such as en-US, or an Intl.Locale");
			const own = native.localeTag(tag) ?? canonical(`${tag}`);
			if (!out.includes(own)) out[out.length] = own;
		}
		return out;
	}

	// split takes the keywords of Unicode off a tag: its base, and what each keyword is.
	function split(tag) {
		const [head, ...priv] = tag.split(/-(?=x-)/);
		const [base, ...extensions] = head.split(/-(?=[a-z0-9]-)/);
		const keywords = create(null);
		let attributes = "";
		for (const extension of extensions) {
			if (!extension.startsWith("u-")) continue;
			let key;
			for (const part of extension.split("-").slice(1)) {
				if (key === undefined && part.length > 2) attributes += "-" + part;
				else if (part.length === 2) keywords[key = part] ??= "";
				else keywords[key] += (keywords[key] && "-") + part;
			}
		}
		return { base, keywords, attributes, others: extensions.filter((e) => !e.startsWith("u-")).concat(priv) };
	}

	// negotiate picks the locale, and takes of its keywords those that the class knows, with the
	// values that there are for them. Options count more than keywords: they come as { key: value }.
	function negotiate(locales, known, options) {
		// No language has five letters and more: that is asked for to get numbers in full, as with "fullwide".
		const tags = requested(locales).filter((tag) => !/^[a-z]{5,8}(-|$)/.test(tag));
		if (tags.length === 0) tags[0] = native.defaultLocale;
		const found = tags.map(split).find(({ base }) => native.has(base));
		if (!found) {
			throw new RangeError(`Intl has no data for the locale ${tags.map((tag) => JSON.stringify(tag)).join(", ")}: use one of ${native.tags.join(", ")}`);
		}
		const result = Object.assign(create(null), { base: found.base, tag: found.base });
		let kept = "";
		for (const key of Object.keys(known).sort()) {
			const values = known[key];
			let value = options[key], keyword = found.keywords[key];
			if (keyword === "" && values.includes("true")) keyword = "true";
			if (keyword !== undefined && keyword !== "" && !values.includes(keyword)) throw unsupported(`-u-${key}-${keyword}`, key, values);
			if (value !== undefined && value !== null && !values.includes(value)) throw unsupported(JSON.stringify(value), key, values);
			if (keyword !== undefined && keyword !== "" && (value === undefined || value === keyword)) {
				kept += "-" + key + (keyword === "true" ? "" : "-" + keyword);
				value = keyword;
			}
			result[key] = value;
		}
		if (kept) result.tag += "-u" + kept;
		return result;
	}

	const names = { ca: "calendar", nu: "numberingSystem", hc: "hourCycle", co: "collation", kn: "numeric", kf: "caseFirst" };
	function unsupported(what, key, values) {
		return new RangeError(`Intl has no ${names[key]} ${what}: ` + (values.length ? `use one of ${values.join(", ")}` : "leave it out"));
	}

	// options are those that a caller gives, of which none may be there.
	function optionsOf(options) {
		if (options === undefined) return create(null);
		if (options === null) throw new TypeError("options is null: pass an object or leave it out");
		return Object(options);
	}
	// strict is for classes that take objects alone.
	function strictOptions(options) {
		if (options === undefined) return create(null);
		if (typeof options !== "object" && typeof options !== "function" || options === null) throw new TypeError("options is not an object");
		return options;
	}

	function text(options, name, values, fallback) {
		let value = options[name];
		if (value === undefined) return fallback;
		value = `${value}`;
		if (values && !values.includes(value)) throw new RangeError(`${name} is ${JSON.stringify(value)}: use one of ${values.join(", ")}`);
		return value;
	}
	function flag(options, name) {
		const value = options[name];
		return value === undefined ? undefined : Boolean(value);
	}
	// keyword is an option whose value has the form of a keyword's type.
	function keyword(options, name) {
		const value = text(options, name);
		if (value !== undefined && !/^[a-z0-9]{3,8}(-[a-z0-9]{3,8})*$/i.test(value)) throw new RangeError(`${name} is ${JSON.stringify(value)}, which is no keyword`);
		return value?.toLowerCase();
	}
	function whole(value, name, low, high, fallback) {
		if (value === undefined) return fallback;
		value = Number(value);
		if (!(value >= low && value <= high)) throw new RangeError(`${name} is ${value}: use ${low} to ${high}`);
		return Math.floor(value);
	}
	const matcher = (options) => text(options, "localeMatcher", ["lookup", "best fit"], "best fit");

	// Types of keywords that the standard calls otherwise.
	const calendar = (value) => value === "gregorian" ? "gregory" : value;

	// make makes a class whose instances keep their state outside of themselves. init returns the state.
	function make(name, init, members, { callable = false, length = 0 } = {}) {
		const states = new WeakMap();
		const constructor = { [name]: function (...args) {
			// The engine leaves the new.target of a constructor around to what that calls.
			const target = this === undefined ? undefined : new.target;
			if (target === undefined && !callable) throw new TypeError(`call Intl.${name} with new`);
			const self = Reflect.construct(Object, [], target ?? constructor);
			states.set(self, init(...args));
			return self;
		} }[name];
		const state = (self, method) => {
			const found = states.get(self);
			if (found === undefined) throw new TypeError(`Intl.${name}.prototype.${method} was called on something that is no Intl.${name}`);
			return found;
		};
		defineProperty(constructor, "length", { value: length, configurable: true });
		const descriptors = getOwnPropertyDescriptors(members(state, constructor));
		for (const key of Reflect.ownKeys(descriptors)) descriptors[key].enumerable = false;
		const prototype = constructor.prototype;
		Object.defineProperties(prototype, descriptors);
		defineProperty(prototype, Symbol.toStringTag, { value: "Intl." + name, configurable: true });
		defineProperty(constructor, "prototype", { writable: false });
		return constructor;
	}

	// supported adds supportedLocalesOf.
	function supported(constructor) {
		const { supportedLocalesOf } = { supportedLocalesOf(locales) {
			const tags = requested(locales);
			matcher(optionsOf(arguments[1]));
			return tags.filter((tag) => native.has(split(tag).base));
		} };
		defineProperty(constructor, "supportedLocalesOf", { value: supportedLocalesOf, writable: true, configurable: true });
		return constructor;
	}

	// bound is the function that a getter returns, the same each time and without a name.
	function bound(state, key, f) {
		if (!state[key]) {
			state[key] = f;
			defineProperty(f, "name", { value: "", configurable: true });
		}
		return state[key];
	}

	const given = (object) => {
		for (const key of Object.keys(object)) if (object[key] === undefined) delete object[key];
		return object;
	};

	return { native, canonical, requested, split, negotiate, optionsOf, strictOptions, text, flag, keyword, whole, matcher, calendar, make, supported, bound, given };
})
