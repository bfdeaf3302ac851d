// Intl.Locale, Intl.DisplayNames and the functions of Intl.
(function (common) {
	"use strict";
	const { native, canonical, requested, split, negotiate, strictOptions, text, keyword, matcher, make, supported, calendar } = common;

	// parts are the subtags of a base: language, script, region and variants.
	function parts(base) {
		const [language, ...rest] = base.split("-");
		const script = rest[0]?.length === 4 && /^[a-z]/i.test(rest[0]) ? rest.shift() : undefined;
		const region = /^([a-z]{2}|\d{3})$/i.test(rest[0] ?? "") ? rest.shift() : undefined;
		return { language, script, region, variants: rest };
	}
	function subtag(options, name, form) {
		const value = text(options, name);
		if (value !== undefined && !form.test(value)) throw new RangeError(`${name} is ${JSON.stringify(value)}, which is no ${name}`);
		return value;
	}
	const put = (base, keywords, attributes, others) => {
		const keys = Object.keys(keywords).sort().map((key) => "-" + key + (keywords[key] && keywords[key] !== "true" ? "-" + keywords[key] : ""));
		const all = [...others];
		if (keys.length || attributes) all.push("u" + attributes + keys.join(""));
		return [base, ...all.sort((a, b) => (a.startsWith("x-") - b.startsWith("x-")) || (a < b ? -1 : 1))].join("-");
	};

	const Locale = make("Locale", (tag, options) => {
		if (typeof tag !== "string" && (typeof tag !== "object" || tag === null)) throw new TypeError("a locale is a text such as en-US, or an Intl.Locale");
		const first = native.localeTag(tag) ?? canonical(`${tag}`);
		if (options === null) throw new TypeError("options is null: pass an object or leave it out");
		options = options === undefined ? Object.create(null) : Object(options);
		let { base, keywords, attributes, others } = split(first);
		const had = parts(base);
		const language = subtag(options, "language", /^([a-z]{2,3}|[a-z]{5,8})$/i) ?? had.language;
		const script = subtag(options, "script", /^[a-z]{4}$/i) ?? had.script;
		const region = subtag(options, "region", /^([a-z]{2}|\d{3})$/i) ?? had.region;
		base = canonical([language, script, region, ...had.variants].filter((part) => part !== undefined).join("-"));
		const chosen = { ca: calendar(keyword(options, "calendar")), co: keyword(options, "collation"), hc: text(options, "hourCycle", ["h11", "h12", "h23", "h24"]),
			kf: text(options, "caseFirst", ["upper", "lower", "false"]) };
		const kn = options.numeric;
		if (kn !== undefined) chosen.kn = String(Boolean(kn));
		chosen.nu = keyword(options, "numberingSystem");
		keywords = { ...keywords };
		for (const key of Object.keys(chosen)) if (chosen[key] !== undefined) keywords[key] = chosen[key];
		return { tag: canonical(put(base, keywords, attributes, others)) };
	}, (state, constructor) => {
		const of = (self, name) => split(state(self, name).tag);
		const likely = (self, name, f) => {
			const { base, keywords, attributes, others } = of(self, name);
			return new constructor(put(f(base), keywords, attributes, others));
		};
		// known is the base of a locale of which there is data.
		const known = (self, name) => negotiate(native.localeTag(self) ?? state(self, name).tag, {}, {}).base;
		const list = (self, name, key, there) => {
			const value = of(self, name).keywords[key];
			return value ? [value] : there(known(self, name));
		};
		return {
			maximize() { return likely(this, "maximize", native.maximize); },
			minimize() { return likely(this, "minimize", native.minimize); },
			toString() { return state(this, "toString").tag; },
			get baseName() { return of(this, "baseName").base; },
			get language() { return parts(of(this, "language").base).language; },
			get script() { return parts(of(this, "script").base).script; },
			get variants() { return parts(of(this, "variants").base).variants.join("-") || undefined; },
			get region() { return parts(of(this, "region").base).region; },
			get calendar() { return of(this, "calendar").keywords.ca; },
			get collation() { return of(this, "collation").keywords.co; },
			get hourCycle() { return of(this, "hourCycle").keywords.hc; },
			get caseFirst() { return of(this, "caseFirst").keywords.kf; },
			get numeric() { const { kn } = of(this, "numeric").keywords; return kn !== undefined && kn !== "false"; },
			get numberingSystem() { return of(this, "numberingSystem").keywords.nu; },
			get calendars() { return list(this, "calendars", "ca", () => ["gregory"]); },
			get hourCycles() { return list(this, "hourCycles", "hc", (base) => [native.text(base, "cycle")]); },
			get numberingSystems() { return list(this, "numberingSystems", "nu", () => ["latn"]); },
			get textInfo() { known(this, "textInfo"); return { direction: "ltr" }; },
			get weekInfo() {
				const [firstDay, minimalDays, ...weekend] = native.text(known(this, "weekInfo"), "week").split(" ").map(Number);
				return { firstDay, weekend, minimalDays };
			},
		};
	}, { length: 1 });
	// The newer names of what a locale has.
	for (const name of ["calendars", "hourCycles", "numberingSystems", "textInfo", "weekInfo"]) {
		const { get } = Object.getOwnPropertyDescriptor(Locale.prototype, name), method = "get" + name[0].toUpperCase() + name.slice(1);
		Object.defineProperty(Locale.prototype, method, { value: { [method]() { return get.call(this); } }[method], writable: true, configurable: true });
	}
	// Which objects are locales, for the lists that they are in.
	const tagOf = Locale.prototype.toString;
	native.setLocaleTag((value) => {
		if (typeof value !== "object" || value === null) return undefined;
		try { return tagOf.call(value); } catch { return undefined; }
	});

	const codes = { region: /^([a-z]{2}|\d{3})$/i, currency: /^[a-z]{3}$/i };
	const DisplayNames = supported(make("DisplayNames", (locales, options) => {
		requested(locales);
		if (options === undefined) throw new TypeError("Intl.DisplayNames needs the option type");
		options = strictOptions(options);
		matcher(options);
		const locale = negotiate(locales, {}, {});
		const style = text(options, "style", ["narrow", "short", "long"], "long");
		const type = text(options, "type", ["language", "region", "script", "currency", "calendar", "dateTimeField"]);
		if (type === undefined) throw new TypeError("Intl.DisplayNames needs the option type");
		const fallback = text(options, "fallback", ["code", "none"], "code");
		text(options, "languageDisplay", ["dialect", "standard"]);
		if (!codes[type]) throw new RangeError(`Intl.DisplayNames has no names of type ${type}: use one of ${Object.keys(codes).join(", ")}`);
		return { locale, style, type, fallback };
	}, (state) => ({
		of(code) {
			const { locale, style, type, fallback } = state(this, "of");
			code = `${code}`;
			if (!codes[type].test(code)) throw new RangeError(`${JSON.stringify(code)} is no ${type}`);
			code = code.toUpperCase();
			return native.name(locale.base, type, style, code) ?? (fallback === "code" ? code : undefined);
		},
		resolvedOptions() { const { locale, style, type, fallback } = state(this, "resolvedOptions"); return { locale: locale.tag, style, type, fallback }; },
	}), { length: 2 }));

	const functions = {
		getCanonicalLocales(locales) { return requested(locales); },
		supportedValuesOf(key) {
			key = `${key}`;
			const lists = { calendar: () => ["gregory"], collation: () => [], currency: native.currencies, numberingSystem: () => ["latn"], timeZone: native.zones, unit: () => [...native.units] };
			if (!Object.hasOwn(lists, key)) throw new RangeError(`Intl has no list ${JSON.stringify(key)}: use one of ${Object.keys(lists).join(", ")}`);
			return lists[key]();
		},
	};
	// What methods of built-ins call.
	const arrays = [];
	function arrayText(array, locales, options) {
		const object = Object(array);
		if (arrays.includes(object)) return ""; // it contains itself
		arrays.push(object);
		try {
			let out = "";
			const length = Math.min(Math.max(Math.trunc(object.length) || 0, 0), Number.MAX_SAFE_INTEGER);
			for (let i = 0; i < length; i++) {
				const item = object[i];
				out += (i ? "," : "") + (item === undefined || item === null ? "" : String(item.toLocaleString(locales, options)));
			}
			return out;
		} finally {
			arrays.pop();
		}
	}
	const first = (locales) => parts(split(requested(locales)[0] ?? native.defaultLocale).base).language;

	return { Locale, DisplayNames, ...functions, arrayText, first };
})
