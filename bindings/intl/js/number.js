// Intl.NumberFormat, Intl.PluralRules and Intl.RelativeTimeFormat. What numbers look like is Go's
// affair; here are the options.
(function (common) {
	"use strict";
	const { native, negotiate, optionsOf, strictOptions, text, keyword, whole, matcher, make, supported, bound, given } = common;

	const increments = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000];
	const modes = ["ceil", "floor", "expand", "trunc", "halfCeil", "halfFloor", "halfExpand", "halfTrunc", "halfEven"];

	// digitsOf reads how numbers are rounded. The defaults are those of fraction digits.
	function digitsOf(options, low, high, notation) {
		const minimumIntegerDigits = whole(options.minimumIntegerDigits, "minimumIntegerDigits", 1, 21, 1);
		let { minimumFractionDigits: minFraction, maximumFractionDigits: maxFraction } = options;
		let { minimumSignificantDigits: minSignificant, maximumSignificantDigits: maxSignificant } = options;
		const roundingIncrement = whole(options.roundingIncrement, "roundingIncrement", 1, 5000, 1);
		if (!increments.includes(roundingIncrement)) throw new RangeError(`roundingIncrement is ${roundingIncrement}: use one of ${increments.join(", ")}`);
		const roundingMode = text(options, "roundingMode", modes, "halfExpand");
		let roundingPriority = text(options, "roundingPriority", ["auto", "morePrecision", "lessPrecision"], "auto");
		const trailingZeroDisplay = text(options, "trailingZeroDisplay", ["auto", "stripIfInteger"], "auto");
		const bySignificant = minSignificant !== undefined || maxSignificant !== undefined;
		const byFraction = minFraction !== undefined || maxFraction !== undefined;
		if (roundingIncrement !== 1) high = low;
		let significant = true, fraction = true;
		if (roundingPriority === "auto") {
			significant = bySignificant;
			if (significant || !byFraction && notation === "compact") fraction = false;
		}
		const out = Object.assign(Object.create(null), { minimumIntegerDigits });
		if (significant) {
			out.minimumSignificantDigits = bySignificant ? whole(minSignificant, "minimumSignificantDigits", 1, 21, 1) : 1;
			out.maximumSignificantDigits = bySignificant ? whole(maxSignificant, "maximumSignificantDigits", out.minimumSignificantDigits, 21, 21) : 21;
		}
		if (fraction) {
			minFraction = whole(minFraction, "minimumFractionDigits", 0, 100);
			maxFraction = whole(maxFraction, "maximumFractionDigits", 0, 100);
			if (!byFraction) [minFraction, maxFraction] = [low, high];
			minFraction ??= Math.min(low, maxFraction);
			maxFraction ??= Math.max(high, minFraction);
			if (minFraction > maxFraction) throw new RangeError(`minimumFractionDigits is ${minFraction}, more than maximumFractionDigits`);
			out.minimumFractionDigits = minFraction;
			out.maximumFractionDigits = maxFraction;
		}
		if (!significant && !fraction) {
			Object.assign(out, { minimumSignificantDigits: 1, maximumSignificantDigits: 2, minimumFractionDigits: 0, maximumFractionDigits: 0 });
			roundingPriority = "morePrecision";
		}
		if (roundingIncrement !== 1) {
			if (significant || !fraction) throw new TypeError("roundingIncrement goes with fraction digits alone: leave out significant digits and roundingPriority");
			if (minFraction !== maxFraction) throw new RangeError("roundingIncrement needs minimumFractionDigits to be maximumFractionDigits");
		}
		return { digits: out, rounding: { roundingMode, roundingIncrement, trailingZeroDisplay, roundingPriority } };
	}

	function unitOf(unit) {
		const units = unit.split("-per-");
		if (units.length > 2 || !units.every((each) => native.units.includes(each))) {
			throw new RangeError(`there is no unit ${JSON.stringify(unit)}: use one of ${native.units.join(", ")}, or two with -per- between them`);
		}
		return unit;
	}

	function init(locales, options) {
		options = optionsOf(options);
		matcher(options);
		const nu = keyword(options, "numberingSystem");
		const locale = negotiate(locales, { nu: ["latn"] }, { nu });
		const style = text(options, "style", ["decimal", "percent", "currency", "unit"], "decimal");
		let currency = text(options, "currency");
		if (currency !== undefined && !/^[a-z]{3}$/i.test(currency)) throw new RangeError(`currency is ${JSON.stringify(currency)}: use a code such as EUR`);
		if (currency === undefined && style === "currency") throw new TypeError("style currency needs the option currency");
		const currencyDisplay = text(options, "currencyDisplay", ["code", "symbol", "narrowSymbol", "name"], "symbol");
		const currencySign = text(options, "currencySign", ["standard", "accounting"], "standard");
		let unit = text(options, "unit");
		if (unit !== undefined) unitOf(unit);
		if (unit === undefined && style === "unit") throw new TypeError("style unit needs the option unit");
		const unitDisplay = text(options, "unitDisplay", ["short", "narrow", "long"], "short");
		const kind = {};
		if (style === "currency") Object.assign(kind, { currency: currency = currency.toUpperCase(), currencyDisplay, currencySign });
		if (style === "unit") Object.assign(kind, { unit, unitDisplay });
		const notation = text(options, "notation", ["standard", "scientific", "engineering", "compact"], "standard");
		let low = 0, high = style === "percent" ? 0 : 3;
		if (style === "currency") low = high = native.currencyDigits(currency);
		const { digits, rounding } = digitsOf(options, low, high, notation);
		const compactDisplay = text(options, "compactDisplay", ["short", "long"], "short");
		let useGrouping = options.useGrouping;
		const automatic = notation === "compact" ? "min2" : "auto";
		if (useGrouping === undefined) useGrouping = automatic;
		else if (useGrouping === true) useGrouping = "always";
		else if (!useGrouping) useGrouping = false;
		else {
			useGrouping = `${useGrouping}`;
			if (useGrouping === "true" || useGrouping === "false") useGrouping = automatic;
			else if (!["min2", "auto", "always"].includes(useGrouping)) throw new RangeError(`useGrouping is ${JSON.stringify(useGrouping)}: use one of min2, auto, always, true, false`);
		}
		const signDisplay = text(options, "signDisplay", ["auto", "never", "always", "exceptZero", "negative"], "auto");
		const resolved = { locale: locale.tag, numberingSystem: "latn", style, ...kind, ...digits, useGrouping, notation };
		if (notation === "compact") resolved.compactDisplay = compactDisplay;
		Object.assign(resolved, { signDisplay }, rounding);
		return { impl: native.numberFormat(locale.base, resolved), resolved };
	}

	// primitive is what the language makes of an object where it wants a number.
	function primitive(object) {
		const convert = object[Symbol.toPrimitive];
		const methods = convert === undefined || convert === null ? ["valueOf", "toString"].map((name) => object[name]) : [convert];
		for (const method of methods) {
			if (typeof method !== "function" && method !== convert) continue;
			const value = method.call(object, "number");
			if (typeof value !== "object" && typeof value !== "function" || value === null) return value;
		}
		throw new TypeError("Cannot convert object to primitive value");
	}

	// numeric is what a number is for Go: a text keeps all of its digits, a bigint becomes one.
	function numeric(value) {
		if (typeof value === "number") return value;
		if (typeof value === "object" && value !== null || typeof value === "function") value = primitive(value);
		if (typeof value === "bigint") return value.toString();
		if (typeof value === "string") return value.trim();
		return Number(value); // which throws for a symbol
	}
	function range(start, end) {
		if (start === undefined || end === undefined) throw new TypeError("a range needs a start and an end");
		return [numeric(start), numeric(end)];
	}
	function checked(found) {
		if (found === undefined) throw new RangeError("NaN has no place in a range");
		return found;
	}

	const NumberFormat = supported(make("NumberFormat", init, (state) => ({
		get format() {
			const self = state(this, "format");
			return bound(self, "format", (value) => self.impl.format(numeric(value)));
		},
		formatToParts(value) { return state(this, "formatToParts").impl.parts(numeric(value)); },
		formatRange(start, end) { const { impl } = state(this, "formatRange"); return checked(impl.range(...range(start, end))); },
		formatRangeToParts(start, end) { const { impl } = state(this, "formatRangeToParts"); return checked(impl.rangeParts(...range(start, end))); },
		resolvedOptions() { return { ...state(this, "resolvedOptions").resolved }; },
	}), { callable: true }));

	const PluralRules = supported(make("PluralRules", (locales, options) => {
		options = optionsOf(options);
		matcher(options);
		const locale = negotiate(locales, {}, {});
		const type = text(options, "type", ["cardinal", "ordinal"], "cardinal");
		const { digits, rounding } = digitsOf(options, 0, 3, "standard");
		const impl = native.numberFormat(locale.base, { style: "decimal", notation: "standard", useGrouping: false, signDisplay: "auto", ...digits, ...rounding });
		return { impl, locale, type, digits, rounding };
	}, (state) => ({
		select(value) {
			const { impl, type } = state(this, "select");
			return impl.plural(+value, type === "ordinal");
		},
		selectRange(start, end) {
			const { impl, type, locale } = state(this, "selectRange");
			if (start === undefined || end === undefined) throw new TypeError("a range needs a start and an end");
			[start, end] = [+start, +end];
			if (start !== start || end !== end) throw new RangeError("NaN has no place in a range");
			const [a, b] = [start, end].map((value) => impl.plural(value, type === "ordinal"));
			return native.text(locale.base, `plurals:${type}:${a}-${b}`) || b;
		},
		resolvedOptions() {
			const { locale, type, digits, rounding } = state(this, "resolvedOptions");
			return { locale: locale.tag, type, ...digits, pluralCategories: native.text(locale.base, "plurals:" + type).split(" "), ...rounding };
		},
	})));

	const timeUnits = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
	const RelativeTimeFormat = supported(make("RelativeTimeFormat", (locales, options) => {
		options = optionsOf(options);
		matcher(options);
		const nu = keyword(options, "numberingSystem");
		const locale = negotiate(locales, { nu: ["latn"] }, { nu });
		const style = text(options, "style", ["long", "short", "narrow"], "long");
		const numericOption = text(options, "numeric", ["always", "auto"], "always");
		const impl = init(locale.tag).impl;
		return { impl, locale, style, numeric: numericOption };
	}, (state) => {
		// parts are the parts of a time from now: those of the number have the unit.
		function parts({ impl, locale, style, numeric }, value, unit) {
			value = +value;
			unit = `${unit}`;
			const single = unit.endsWith("s") ? unit.slice(0, -1) : unit;
			if (!timeUnits.includes(single)) throw new RangeError(`there is no unit ${JSON.stringify(unit)} of time: use one of ${timeUnits.join(", ")}`);
			if (!Number.isFinite(value)) throw new RangeError(`${value} is no time from now`);
			if (numeric === "auto") {
				const word = native.text(locale.base, `relative:${style}:${single}:${Object.is(value, -0) ? "-0" : value}`) ||
					value === 0 && native.text(locale.base, `relative:${style}:${single}:0`);
				if (word) return [{ type: "literal", value: word }];
			}
			const past = value < 0 || Object.is(value, -0), size = Math.abs(value);
			const pattern = native.text(locale.base, `relative:${style}:${single}:${past ? "-" : "+"}${impl.plural(size, false)}`);
			const [before, after] = pattern.split("{0}");
			const out = impl.parts(size).map((part) => ({ ...part, unit: single }));
			if (before) out.unshift({ type: "literal", value: before });
			if (after) out.push({ type: "literal", value: after });
			return out;
		}
		return {
			format(value, unit) { return parts(state(this, "format"), value, unit).map((part) => part.value).join(""); },
			formatToParts(value, unit) { return parts(state(this, "formatToParts"), value, unit); },
			resolvedOptions() {
				const { locale, style, numeric } = state(this, "resolvedOptions");
				return { locale: locale.tag, style, numeric, numberingSystem: "latn" };
			},
		};
	}));

	// What is asked for without options is asked for again.
	const made = new Map();
	function numberText(value, locales, options) {
		const key = options === undefined && (locales === undefined || typeof locales === "string") ? `${locales}` : "";
		let impl = made.get(key);
		if (!impl) {
			({ impl } = init(locales, options));
			if (key) made.set(key, impl);
		}
		return impl.format(numeric(value));
	}
	return { NumberFormat, PluralRules, RelativeTimeFormat, numberText };
})
