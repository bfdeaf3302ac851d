// What Intl says in many cases, one in a line behind what was asked. Node's answers are in node.txt, and those of carjs must be the
// same: this is a program for both.
(() => {
	"use strict";
	// How many of the cases that are drawn by lot there are.
	const share = typeof globalThis.share === "number" ? globalThis.share : 0.2;
	const lines = [];
	const show = (v) => typeof v === "string" ? v : v === undefined ? "undefined" : JSON.stringify(v);
	// add runs one case. Of an error the class counts: what to do next is for each to say.
	function add(label, f) {
		let result;
		try { result = show(f()); } catch (e) { result = e.name; }
		lines.push(label + " => " + result);
	}
	let seed = typeof globalThis.seed === "number" ? globalThis.seed : 20241106;
	const random = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n; };
	const pick = (list) => list[random(list.length)];
	const locales = ["en-US", "en-GB", "en-CA", "de-DE", "sv-SE", "en", "de"];
	const brief = (o) => JSON.stringify(o).replace(/"/g, "").replace(/^\{|\}$/g, "");

	// Dates: changes of the clocks, years before 1, both ends of time.
	const times = [0, -1, Date.UTC(2024, 2, 31, 0, 59, 59, 999), Date.UTC(2024, 2, 31, 1), Date.UTC(2024, 9, 27, 0, 30), Date.UTC(2024, 9, 27, 1, 30),
		Date.UTC(2024, 10, 3, 5, 30), Date.UTC(2024, 10, 3, 6, 30), Date.UTC(2024, 1, 29, 12), Date.UTC(2024, 6, 4, 0), Date.UTC(1999, 11, 31, 23, 59, 59, 999),
		Date.UTC(1900, 0, 1), Date.UTC(1883, 10, 18, 17), Date.UTC(1945, 7, 15, 6, 7, 8, 9), Date.UTC(2038, 0, 19, 3, 14, 8), Date.UTC(2024, 0, 5, 15, 4, 9, 78),
		new Date(0).setUTCFullYear(0, 0, 1), new Date(0).setUTCFullYear(-44, 2, 15), new Date(0).setUTCFullYear(99, 5, 5), new Date(0).setUTCFullYear(12345, 6, 7),
		8.64e15, -8.64e15];
	const zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "Europe/London",
		"Asia/Tokyo", "America/Sao_Paulo", "Africa/Casablanca", "Europe/Dublin", "America/Los_Angeles", "Europe/Moscow", "Pacific/Chatham", "Etc/GMT+5"];
	const widths = ["narrow", "short", "long"], digits = ["numeric", "2-digit"];
	const components = { weekday: widths, era: widths, year: digits, month: [...digits, ...widths], day: digits, dayPeriod: widths, hour: digits, minute: digits,
		second: digits, fractionalSecondDigits: [1, 2, 3], timeZoneName: ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"],
		hour12: [true, false], hourCycle: ["h11", "h12", "h23"] };
	const names = Object.keys(components);
	function someComponents() {
		const o = {}, likely = 1 + random(5);
		for (const name of names) if (random(name.startsWith("hour") && name !== "hour" ? 12 : 8) < likely) o[name] = pick(components[name]);
		// Times with gaps, an hour with seconds, are written with the names of fields, and without an order that could be told.
		if (o.hour && o.second) o.minute ??= "numeric";
		if (o.fractionalSecondDigits) o.second ??= "numeric";
		if (o.fractionalSecondDigits && (o.hour || random(2))) o.minute ??= "numeric";
		if (!o.hour || o.fractionalSecondDigits) delete o.dayPeriod;
		if (o.dayPeriod) o.hour12 = true;
		if (o.fractionalSecondDigits && !o.minute) delete o.fractionalSecondDigits;
		if (o.timeZoneName && (o.second || o.minute) && !o.hour) delete o.timeZoneName;
		return o;
	}
	function dates(label, locale, options, ms) {
		add(label, () => {
			const f = new Intl.DateTimeFormat(locale, options), text = f.format(ms), parts = f.formatToParts(ms);
			// Node says a narrow space in the parts where format has another.
			if (parts.map((p) => p.value).join("").replaceAll("\u202f", " ") !== text) return "parts are another text than " + text;
			const { locale: l, calendar, numberingSystem, timeZone, ...shown } = f.resolvedOptions();
			// Node takes letters of the words in such a text for components.
			return text + " | " + parts.map((p) => p.type[0] + p.type.length).join("") + " | " + (/[├(]|\dh|kl\.|um |Uhr/.test(text) ? "" : brief(shown));
		});
	}
	for (const locale of locales.slice(0, 5)) {
		for (const ms of times) for (const timeZone of ["UTC", pick(zones)]) dates(`date ${locale} ${ms} ${timeZone}`, locale, { timeZone }, ms);
		for (const dateStyle of [undefined, "full", "long", "medium", "short"]) for (const timeStyle of [undefined, "full", "long", "medium", "short"]) {
			for (const cycle of [{}, { hour12: true }, { hour12: false }, { hourCycle: "h24" }]) {
				const options = { dateStyle, timeStyle, timeZone: pick(zones), ...cycle };
				if (dateStyle || timeStyle) dates(`style ${locale} ${brief(options)}`, locale, options, pick(times));
			}
		}
		for (let n = 0; n < 400 * share; n++) {
			const options = { ...someComponents(), timeZone: pick(zones) }, ms = pick(times);
			dates(`components ${locale} ${brief(options)} ${ms}`, locale, options, ms);
		}
		for (let h = 0; h < 24; h++) dates(`hour ${locale} ${h}`, locale, { hour: "numeric", dayPeriod: pick(widths), hour12: true, timeZone: "UTC" }, Date.UTC(2024, 0, 5, h, h % 3));
		for (let m = 0; m < 12; m++) dates(`month ${locale} ${m}`, locale, { month: pick(widths), weekday: pick(widths), day: pick(digits), timeZone: "UTC" }, Date.UTC(2024, m, 1 + m));
	}
	for (const timeZone of zones) for (const timeZoneName of components.timeZoneName) {
		for (const ms of [Date.UTC(1975, 5, 5), Date.UTC(2024, 0, 5), Date.UTC(2024, 6, 5)]) {
			const locale = pick(["en-US", "en-GB", "de-DE", "sv-SE"]);
			add(`zone ${locale} ${timeZone} ${timeZoneName} ${ms}`, () => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName }).format(ms));
		}
	}
	for (const zone of ["utc", "Etc/UTC", "GMT", "europe/BERLIN", "Asia/Calcutta", "Asia/Kolkata", "US/Pacific", "EST", "Etc/GMT-14", "Europe/Kyiv", "Nowhere/Here", "", "CET"]) {
		add(`zone name ${zone}`, () => new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone);
	}
	for (const locale of locales.slice(0, 5)) for (let n = 0; n < 60 * share; n++) {
		const options = n % 3 ? { ...someComponents(), timeZone: "UTC" } : { dateStyle: pick([undefined, "full", "long", "medium", "short"]), timeStyle: pick(["full", "long", "medium", "short"]), timeZone: "UTC" };
		const a = pick(times), b = a + pick([0, 1, 1000, 61e3, 3.7e6, 13 * 3.6e6, 86.4e6, 3 * 86.4e6, 40 * 86.4e6, 400 * 86.4e6]);
		// Ranges of components that nobody asks for are written in full twice.
		if (n % 3) for (const name of ["era", "dayPeriod", "fractionalSecondDigits", "second"]) delete options[name];
		if (n % 3) for (const name of ["year", "month", "day", "hour"]) if (options[name]) options[name] = "numeric";
		if (options.weekday === "narrow") options.weekday = "short";
		if (!options.timeStyle && !options.hour) for (const name of ["minute", "second", "fractionalSecondDigits"]) delete options[name];
		if (options.hour) for (const name of ["timeZoneName", ...options.month && options.day ? [] : ["weekday", "year", "month", "day"]]) delete options[name];
		if (options.minute) options.minute = "numeric";
		if (!options.month) delete options.day;
		delete options.timeZoneName;
		add(`range ${locale} ${brief(options)} ${a} ${b}`, () => {
			const f = new Intl.DateTimeFormat(locale, options);
			return f.formatRange(a, b).replaceAll("\u202f", " ") + " | " + f.formatRangeToParts(a, b).map((p) => p.source[0] + p.type[0]).join("");
		});
	}
	for (const [options, method] of [[{ hour: "x" }, ""], [{ timeZone: 5 }, ""], [{ fractionalSecondDigits: 4 }, ""], [{ dateStyle: "full", year: "numeric" }, ""], [null, ""],
		[{ timeStyle: "short" }, "toLocaleDateString"], [{ dateStyle: "short" }, "toLocaleTimeString"], [{ hour: "numeric" }, "toLocaleDateString"], [{ year: "numeric" }, "toLocaleTimeString"],
		[{ timeZone: "Asia/Tokyo" }, "toLocaleString"], [{ month: "long" }, "toLocaleString"], [undefined, "toLocaleString"], [undefined, "toLocaleDateString"], [undefined, "toLocaleTimeString"]]) {
		add(`date option ${JSON.stringify(options)} ${method}`, () => method ? new Date(1e12)[method]("en-US", options) : new Intl.DateTimeFormat("en-US", options).format(0));
	}
	add("invalid date", () => [new Date(NaN).toLocaleString(), new Date(NaN).toLocaleDateString("de")]);
	add("invalid time", () => new Intl.DateTimeFormat("en").format(NaN));

	// Numbers.
	const numbers = [0, -0, 1, -1, 0.5, 1.5, 2.5, -2.5, 999, 1000, 1234.5, 9999.995, 99999, 999999, 1234567.891, 1e9, 1.5e12, 123456789012345680000, 1e21, -1e21, 1e-7, 5e-324,
		1.7976931348623157e308, NaN, Infinity, -Infinity, 0.1 + 0.2, 1.005, 123.456, 0.000123456, 12345678901234567890n, -5n, "123456789012345678901234567890.12345", "0x1f", " 12 ", "1e1000", "abc"];
	const styles = [{}, { style: "percent" }, ...["USD", "EUR", "JPY", "SEK", "CHF", "KWD", "XYZ", "GBP", "INR"].map((currency) => ({ style: "currency", currency })),
		...["meter", "kilometer-per-hour", "liter-per-kilometer", "byte", "celsius", "percent", "day", "mile", "gigabyte", "second", "megabit-per-second"].map((unit) => ({ style: "unit", unit }))];
	const numberOptions = { currencyDisplay: ["symbol", "code", "name", "narrowSymbol"], currencySign: ["standard", "accounting"], unitDisplay: ["short", "long", "narrow"],
		notation: ["standard", "scientific", "engineering", "compact"], compactDisplay: ["short", "long"], useGrouping: [true, false, "always", "min2", "auto"],
		signDisplay: ["auto", "always", "never", "exceptZero", "negative"], minimumIntegerDigits: [1, 3], minimumFractionDigits: [0, 1, 2, 4], maximumFractionDigits: [0, 2, 5, 20],
		minimumSignificantDigits: [1, 3], maximumSignificantDigits: [2, 4, 21], roundingMode: ["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"],
		roundingPriority: ["auto", "morePrecision", "lessPrecision"], trailingZeroDisplay: ["auto", "stripIfInteger"] };
	function numeric(label, locale, options, value) {
		add(label, () => {
			const f = new Intl.NumberFormat(locale, options), text = f.format(value), parts = f.formatToParts(value);
			if (parts.map((p) => p.value).join("") !== text) return "parts are another text than " + text;
			return text + " | " + parts.map((p) => p.type[0] + p.type.length).join("");
		});
	}
	const of = (v) => typeof v === "bigint" ? v + "n" : Object.is(v, -0) ? "-0" : JSON.stringify(v) === "null" ? String(v) : JSON.stringify(v);
	for (const locale of locales.slice(0, 5)) {
		for (const value of numbers) for (const options of [styles[0], styles[1], pick(styles), pick(styles)]) numeric(`number ${locale} ${brief(options)} ${of(value)}`, locale, options, value);
		for (let n = 0; n < 400 * share; n++) {
			const options = { ...pick(styles) }, likely = 1 + random(3);
			for (const [name, values] of Object.entries(numberOptions)) if (random(10) < likely) options[name] = pick(values);
			if (options.style === "percent" && options.notation === "compact") delete options.notation;
			const value = pick(numbers);
			numeric(`number ${locale} ${brief(options)} ${of(value)}`, locale, options, value);
		}
		for (let e = -2; e < 17; e++) for (const compactDisplay of ["short", "long"]) numeric(`compact ${locale} ${compactDisplay} ${e}`, locale, { notation: "compact", compactDisplay }, 1.25 * 10 ** e);
		for (let n = 0; n < 40 * share; n++) {
			const options = pick(styles), a = pick([1, -3, 1000, 0.2, 0]), b = a + pick([0, 1, 2.5, 1000]);
			add(`range ${locale} ${brief(options)} ${a} ${b}`, () => {
				const f = new Intl.NumberFormat(locale, options);
				return f.formatRange(a, b) + " | " + f.formatRangeToParts(a, b).map((p) => p.type[0]).join("");
			});
		}
	}
	for (const roundingIncrement of [5, 25, 100, 250]) for (const roundingMode of numberOptions.roundingMode) for (const value of [1.125, -1.125, 2.375, 12.5, 0.01]) {
		numeric(`increment ${roundingIncrement} ${roundingMode} ${value}`, "en", { roundingIncrement, roundingMode, minimumFractionDigits: 2, maximumFractionDigits: 2 }, value);
	}
	for (const options of [{}, { style: "percent" }, { style: "currency", currency: "jpy" }, { style: "currency" }, { style: "unit" }, { style: "unit", unit: "parsec" }, { currency: "US" }, { style: "x" },
		{ notation: "compact" }, { maximumSignificantDigits: 3 }, { minimumFractionDigits: 4 }, { maximumFractionDigits: 1 }, { minimumFractionDigits: 3, maximumFractionDigits: 1 },
		{ minimumIntegerDigits: 22 }, { roundingIncrement: 3 }, { useGrouping: "x" }, { useGrouping: "true" }, { signDisplay: 1 }, { style: "unit", unit: "mile-per-hour", unitDisplay: "long" }, null]) {
		add(`number options ${JSON.stringify(options)}`, () => new Intl.NumberFormat("en-US", options).resolvedOptions());
	}
	add("toLocaleString", () => [(1234.5).toLocaleString(), (1234.5).toLocaleString("de"), (12345678901234567890n).toLocaleString("en-GB"), [1234.5, null, "x", [1, 2]].toLocaleString("de"), new Number(5).toLocaleString()]);
	add("toLocaleString this", () => Number.prototype.toLocaleString.call("x"));

	// Comparisons.
	const alphabet = [..."abcABCzZ019 -_.,'äÄöÖéÉßåø"];
	const collators = [{}, { numeric: true }, { sensitivity: "base" }, { sensitivity: "accent" }, { sensitivity: "case" }, { caseFirst: "upper" }, { numeric: true, sensitivity: "base" }, { ignorePunctuation: true }, { usage: "search" }];
	for (const locale of ["en", "de", "sv"]) for (const options of collators) for (let n = 0; n < 60 * share; n++) {
		const word = () => Array.from({ length: 1 + random(4) }, () => pick(alphabet)).join("");
		const a = word(), b = n % 3 ? word() : a.split("").map((c) => random(2) ? c.toUpperCase() : c).join("");
		if (options.usage && locale === "de") continue;
		add(`compare ${locale} ${brief(options)} ${JSON.stringify(a)} ${JSON.stringify(b)}`, () => [Math.sign(new Intl.Collator(locale, options).compare(a, b)), a.localeCompare(b, locale, options)].join());
	}
	add("sort", () => ["10", "9", "a2", "a10", "Z", "z", "é", "e", "ä", "_", "-"].sort(new Intl.Collator("en", { numeric: true }).compare).join(" "));
	add("localeCompare", () => ["a".localeCompare("B"), "a".localeCompare("A"), "a".localeCompare("á"), "a10".localeCompare("a9"), "a10".localeCompare("a9", undefined, { numeric: true })]);
	for (const options of [undefined, { numeric: true }, { sensitivity: "base", caseFirst: "upper" }, { usage: "search" }, { sensitivity: "x" }]) add(`collator options ${JSON.stringify(options)}`, () => new Intl.Collator("en", options).resolvedOptions());
	add("collator keywords", () => new Intl.Collator("en-u-kn-kf-upper").resolvedOptions());

	// Plurals, lists, times from now.
	for (const locale of ["en", "de", "sv"]) {
		for (const type of ["cardinal", "ordinal"]) {
			const rules = new Intl.PluralRules(locale, { type });
			add(`plurals ${locale} ${type}`, () => [0, 1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111, 1.5, 1.0, -1, 0.1, 1e6, 1e21, NaN, Infinity].map((n) => rules.select(n)).join());
			add(`plural ranges ${locale} ${type}`, () => [[0, 1], [1, 2], [1, 1], [2, 3], [0.5, 1]].map(([a, b]) => rules.selectRange(a, b)).join());
			// Node leaves out how numbers are rounded.
			add(`plural options ${locale} ${type}`, () => { const { pluralCategories, roundingMode, roundingIncrement, trailingZeroDisplay, roundingPriority, ...o } = rules.resolvedOptions(); return { ...o, sorted: [...pluralCategories].sort() }; });
		}
		add(`plural digits ${locale}`, () => new Intl.PluralRules(locale, { minimumFractionDigits: 1 }).select(1));
		for (const style of ["long", "short", "narrow"]) {
			for (const type of ["conjunction", "disjunction", "unit"]) add(`list ${locale} ${type} ${style}`, () => [0, 1, 2, 3, 5].map((n) => new Intl.ListFormat(locale, { type, style }).format([..."ABCDE"].slice(0, n))));
			for (const numericOption of ["always", "auto"]) for (const unit of ["second", "minutes", "hour", "days", "week", "month", "quarters", "year"]) {
				add(`relative ${locale} ${style} ${numericOption} ${unit}`, () => [-1234.5, -2, -1, -0, 0, 0.5, 1, 2, 1e6].map((n) => new Intl.RelativeTimeFormat(locale, { style, numeric: numericOption }).format(n, unit)));
			}
		}
	}
	add("relative parts", () => new Intl.RelativeTimeFormat("en", { numeric: "auto" }).formatToParts(-1234.5, "days").concat(new Intl.RelativeTimeFormat("en", { numeric: "auto" }).formatToParts(1, "day")));
	add("relative options", () => new Intl.RelativeTimeFormat("de", { style: "short" }).resolvedOptions());
	add("relative errors", () => new Intl.RelativeTimeFormat("en").format(1, "decade"));
	add("relative infinity", () => new Intl.RelativeTimeFormat("en").format(Infinity, "day"));
	add("list parts", () => new Intl.ListFormat("en").formatToParts(new Set(["a", "b", "c"])));
	add("list errors", () => new Intl.ListFormat("en").format(["a", 5]));

	// Segments.
	const texts = ["", "Hello, world! It's 3.5 km.", "👩‍👩‍👧‍👦🇩🇪🇸🇪e\u0301\r\n", "क्षि नमस्ते", "a_b c-d", "Dr. No? Yes. \"No!\" x", "ä\u0308ö", "한국어 각", "Größe 10,5\u00a0m — test@example.com", "\ud800x"];
	for (const granularity of ["grapheme", "word", "sentence"]) for (const text of texts) {
		add(`segments ${granularity} ${JSON.stringify(text)}`, () => [...new Intl.Segmenter("en", { granularity }).segment(text)].map((s) => s.index + (s.isWordLike ? "w" : "")).join());
	}
	add("segment containing", () => [0, 1, 4, 5, -1, 99, NaN].map((i) => new Intl.Segmenter("en", { granularity: "word" }).segment("Hi, you").containing(i) ?? null));

	// Locales.
	for (const tag of ["EN-us", "en-latn-us", "de-DE-1996", "sl-rozaj-biske-1994", "zh-hant-TW", "x-private", "en-u-kn-true-ca-gregory", "en-US-u-hc-h12-x-foo", "iw", "cmn", "en-t-de-h0-hybrid", "de-419-DE",
		"i-klingon", "en_US", "e", "", "en-", "en-u", "en-a-bb-a-cc", "en-US-u-ca-islamicc", "sr-Latn-RS", "und", "und-US", "no-bok", "a-DE", "de-1996-1996"]) {
		add(`canonical ${tag}`, () => Intl.getCanonicalLocales(tag));
	}
	for (const tag of ["en", "de-DE", "zh-TW", "zh-Hant", "sr", "en-Latn-US", "pt-BR-u-ca-gregory", "sv-SE", "en-Shaw", "zh-Hans-CN"]) {
		add(`locale ${tag}`, () => { const l = new Intl.Locale(tag); return [String(l), String(l.maximize()), String(l.minimize()), l.language, l.script ?? "", l.region ?? "", l.baseName].join(" "); });
	}
	add("locale options", () => String(new Intl.Locale("en-u-hc-h12", { region: "gb", hourCycle: "h23", numeric: true, calendar: "gregory", script: "latn" })));
	add("locale getters", () => { const l = new Intl.Locale("de-DE-u-co-phonebk-kf-upper-kn-false-nu-latn"); return [l.collation, l.caseFirst, l.numeric, l.numberingSystem, l.calendar ?? "", l.hourCycle ?? ""]; });
	add("week", () => ["en-US", "en-GB", "en-CA", "de-DE", "sv-SE"].map((tag) => new Intl.Locale(tag).weekInfo));
	add("locale errors", () => new Intl.Locale(5));
	add("locale without new", () => Intl.Locale("en"));
	add("locale of locale", () => new Intl.NumberFormat(new Intl.Locale("de-DE")).resolvedOptions().locale);
	add("keywords", () => new Intl.DateTimeFormat("en-u-hc-h23-ca-gregory-nu-latn", { hour: "numeric" }).resolvedOptions().locale);
	add("supported", () => [Intl.NumberFormat.supportedLocalesOf(["de-DE", "en-GB-u-nu-latn"]), Intl.DateTimeFormat.supportedLocalesOf([])]);
	add("values", () => [Intl.supportedValuesOf("timeZone"), Intl.supportedValuesOf("unit"), Intl.supportedValuesOf("currency")]);
	add("values of nothing", () => Intl.supportedValuesOf("x"));
	add("region names", () => ["en", "de", "sv"].map((l) => ["US", "DE", "GB", "UN", "419", "ZZ", "XQ"].map((r) => new Intl.DisplayNames(l, { type: "region" }).of(r))));
	add("currency names", () => ["en", "de"].map((l) => ["USD", "eur", "XYZ", "JPY"].map((r) => new Intl.DisplayNames(l, { type: "currency" }).of(r))));
	add("name options", () => new Intl.DisplayNames("en", { type: "region", style: "short", fallback: "none" }).resolvedOptions());
	add("name errors", () => new Intl.DisplayNames("en", { type: "region" }).of("X"));

	// What it is made of.
	for (const name of ["DateTimeFormat", "NumberFormat", "Collator", "PluralRules", "RelativeTimeFormat", "ListFormat", "Segmenter", "DisplayNames", "Locale"]) {
		add(`class ${name}`, () => [typeof Intl[name], Intl[name].length, Intl[name].name, Object.prototype.toString.call(Intl[name].prototype), Object.getOwnPropertyDescriptor(Intl[name], "prototype").writable,
			Intl[name].prototype.constructor === Intl[name], Object.keys(Intl[name].prototype).length, typeof Intl[name].supportedLocalesOf].join());
		add(`call ${name}`, () => typeof Intl[name]("en"));
		add(`subclass ${name}`, () => { class Own extends Intl[name] {} return new Own("en", { type: name === "DisplayNames" ? "region" : undefined }) instanceof Own; });
		add(`stranger ${name}`, () => Intl[name].prototype.resolvedOptions.call({}));
	}
	add("Intl", () => [String(Intl), typeof Intl, Object.keys(Intl).length]);
	add("bound", () => { const f = new Intl.NumberFormat("en"), { format } = f; return [format === f.format, format(1e6), format.name, format.length]; });
	add("cases", () => ["I".toLocaleLowerCase("tr"), "i".toLocaleUpperCase("az"), "ß".toLocaleUpperCase(), "İ".toLocaleLowerCase("en").length, "ABC".toLocaleLowerCase()]);
	return lines.join("\n") + "\n";
})()
