// Intl.DateTimeFormat. What times look like is Go's affair; here are the options.
(function (common) {
	"use strict";
	const { native, negotiate, text, flag, keyword, whole, matcher, calendar, make, supported, bound, given } = common;

	const digits = ["2-digit", "numeric"], widths = ["narrow", "short", "long"];
	const components = {
		weekday: widths, era: widths, year: digits, month: ["2-digit", "numeric", "narrow", "short", "long"], day: digits,
		dayPeriod: widths, hour: digits, minute: digits, second: digits, fractionalSecondDigits: null,
		timeZoneName: ["short", "long", "shortOffset", "longOffset", "shortGeneric", "longGeneric"],
	};
	const ofDate = ["weekday", "year", "month", "day"], ofTime = ["dayPeriod", "hour", "minute", "second", "fractionalSecondDigits"];
	const styles = ["full", "long", "medium", "short"];
	const cycles = ["h11", "h12", "h23", "h24"];

	// init reads the options in the order of the standard. needed and defaults are "date", "time", or
	// else: what is asked for at least, and what is shown of a time of which nothing was asked for.
	function init(locales, options, needed = "any", defaults = "date") {
		if (options === null) throw new TypeError("options is null: pass an object or leave it out");
		options = Object.create(options === undefined ? null : Object(options));
		matcher(options);
		const ca = calendar(keyword(options, "calendar")), nu = keyword(options, "numberingSystem");
		const hour12 = flag(options, "hour12");
		const hourCycle = text(options, "hourCycle", cycles);
		const locale = negotiate(locales, { ca: ["gregory", "iso8601"], nu: ["latn"], hc: cycles }, { ca, nu, hc: hour12 === undefined ? hourCycle : null });
		let timeZone = options.timeZone;
		timeZone = timeZone === undefined ? native.defaultZone() : zone(`${timeZone}`);
		const asked = Object.create(null);
		for (const [name, values] of Object.entries(components)) {
			asked[name] = values ? text(options, name, values) : whole(options[name], name, 1, 3);
		}
		text(options, "formatMatcher", ["basic", "best fit"]);
		const dateStyle = text(options, "dateStyle", styles), timeStyle = text(options, "timeStyle", styles);
		const has = (names) => names.some((name) => asked[name] !== undefined);
		if (dateStyle !== undefined || timeStyle !== undefined) {
			const other = Object.keys(components).find((name) => asked[name] !== undefined);
			if (other) throw new TypeError(`leave out ${other}: ${dateStyle !== undefined ? "dateStyle" : "timeStyle"} says what is shown`);
			if (needed === "date" && timeStyle !== undefined) throw new TypeError("leave out timeStyle: only the date is shown");
			if (needed === "time" && dateStyle !== undefined) throw new TypeError("leave out dateStyle: only the time is shown");
		} else if (!(needed !== "time" && has(ofDate)) && !(needed !== "date" && has(ofTime))) {
			if (defaults !== "time") asked.year = asked.month = asked.day = "numeric";
			if (defaults !== "date") asked.hour = asked.minute = asked.second = "numeric";
		}
		let cycle;
		if (asked.hour !== undefined || timeStyle !== undefined) {
			cycle = hour12 === undefined ? locale.hc ?? native.text(locale.base, "cycle") : native.text(locale.base, "cycle:" + hour12);
		}
		const system = locale.ca ?? "gregory";
		if (system === "iso8601") numbersAlone({ ...asked, dateStyle, timeStyle });
		const impl = native.dateFormat(locale.base, timeZone, { ...given(asked), ...given({ dateStyle, timeStyle, hourCycle: cycle, calendar: system }) });
		return { impl, locale: locale.tag, calendar: system, timeZone, cycle, dateStyle, timeStyle };
	}

	// numbersAlone refuses what a date of ISO 8601 has no words for.
	function numbersAlone(asked) {
		for (const name of ["weekday", "dayPeriod", "dateStyle", "timeStyle"]) {
			if (asked[name] !== undefined) throw new RangeError(`the calendar iso8601 has numbers alone: leave out ${name}`);
		}
		if (asked.month !== undefined && !digits.includes(asked.month)) throw new RangeError(`the calendar iso8601 has numbers alone: month is ${JSON.stringify(asked.month)}`);
	}

	function zone(name) {
		const found = native.zone(name);
		if (found === undefined) throw new RangeError(`there is no time zone ${JSON.stringify(name)}: use a name such as Europe/Berlin, UTC, or an offset such as +01:00`);
		return found;
	}

	// time is the time value of an argument.
	function time(value) {
		const ms = value === undefined ? Date.now() : +value;
		if (!(Math.abs(ms) <= 8.64e15)) throw new RangeError("Invalid time value");
		return Math.trunc(ms) + 0;
	}
	function times(start, end) {
		if (start === undefined || end === undefined) throw new TypeError("a range needs a start and an end");
		return [time(start), time(end)];
	}

	function ranging({ impl, calendar }) {
		if (calendar !== "gregory") throw new RangeError(`Intl has no ranges in the calendar ${calendar}`);
		return impl;
	}

	const DateTimeFormat = supported(make("DateTimeFormat", (locales, options) => init(locales, options), (state) => ({
		get format() {
			const self = state(this, "format");
			return bound(self, "format", (date) => self.impl.format(time(date)));
		},
		formatToParts(date) { return state(this, "formatToParts").impl.parts(time(date)); },
		formatRange(start, end) { return ranging(state(this, "formatRange")).range(...times(start, end)); },
		formatRangeToParts(start, end) { return ranging(state(this, "formatRangeToParts")).rangeParts(...times(start, end)); },
		resolvedOptions() {
			const { impl, locale, calendar, timeZone, cycle, dateStyle, timeStyle } = state(this, "resolvedOptions");
			const out = { locale, calendar, numberingSystem: "latn", timeZone };
			if (cycle) Object.assign(out, { hourCycle: cycle, hour12: cycle === "h11" || cycle === "h12" });
			if (dateStyle || timeStyle) return given(Object.assign(out, { dateStyle, timeStyle }));
			const shown = impl.shown();
			for (const name of Object.keys(components)) if (shown[name] !== undefined) out[name] = shown[name];
			return out;
		},
	}), { callable: true }));

	// What Date's methods call: kind is what they show.
	// What is asked for without options is asked for again.
	const made = new Map();
	function dateText(ms, kind, locales, options) {
		const key = options === undefined && (locales === undefined || typeof locales === "string") ? `${kind} ${locales}` : "";
		let impl = made.get(key);
		if (!impl) {
			({ impl } = init(locales, options, kind, kind === "any" ? "all" : kind));
			if (key) made.set(key, impl);
		}
		return impl.format(ms);
	}
	return { DateTimeFormat, dateText };
})
