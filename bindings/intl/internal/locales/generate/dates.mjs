// The patterns of dates and times. A pattern is text with fields in braces; a field is a letter for
// each digit or, for names, the label of their list.

const at = (month, day, hour = 15, minute = 4, second = 9, year = 2024) => {
	const d = new Date(Date.UTC(2000, month, day, hour, minute, second, 78));
	return d.setUTCFullYear(year);
};
const months = [...Array(12).keys()].map((m) => at(m, 5));
const days = [...Array(7).keys()].map((d) => at(8, 1 + d)); // 1 September 2024 is a Sunday
const eras = [at(2, 5, 15, 4, 9, -44), at(2, 5)];
const hours = [];
for (let h = 0; h < 24; h++) hours.push(at(2, 5, h, 0, 0), at(2, 5, h, 0, 30), at(2, 5, h, 30, 30));

const widths = { narrow: 5, short: 1, long: 4 };
const digits = { numeric: 1, "2-digit": 2 };
const rep = (c, n) => c.repeat(n ?? 0);

// letters is the key of a set of options.
function letters(o) {
	const month = { numeric: 1, "2-digit": 2, short: 3, long: 4, narrow: 5 }[o.month];
	const hour = o.hourCycle === "h23" || o.hourCycle === "h24" ? "H" : "h";
	return rep("E", widths[o.weekday]) + rep("G", widths[o.era]) + rep("y", digits[o.year]) + rep("M", month) + rep("d", digits[o.day]) +
		rep("B", widths[o.dayPeriod]) + rep(hour, digits[o.hour]) + rep("m", digits[o.minute]) + rep("s", digits[o.second]) +
		(o.fractionalSecondDigits ? "S" : "") + (o.timeZoneName ? "z" : "");
}

class Lists {
	#labels = new Map();
	// label names a list of names; wanted is what it is called if it is new and the first of that width.
	label(wanted, list) {
		const text = list.join("|");
		for (const [label, known] of this.#labels) if (known === text && label[0] === wanted[0]) return label;
		let label = wanted;
		for (let n = 1; this.#labels.has(label); n++) label = wanted + n;
		this.#labels.set(label, text);
		return label;
	}
	*entries() {
		for (const [label, text] of this.#labels) {
			if (label[0] !== "B") { yield ["list:" + label, text]; continue; }
			const runs = [];
			for (const name of text.split("|")) runs.at(-1)?.[0] === name ? runs.at(-1)[1]++ : runs.push([name, 1]);
			yield ["list:" + label, runs.map(([name, n]) => n + name).join("|")];
		}
	}
}

// fields replaces each part of what a formatter says by its field.
function fields(format, lists, o, parts = format.formatToParts(at(2, 5))) {
	const valueAt = (type, ms) => format.formatToParts(ms).find((p) => p.type === type)?.value ?? "";
	return parts.map(({ type, value }) => {
		switch (type) {
			case "literal": return value.replaceAll("\u202f", " "); // as format of Node has it
			case "weekday": return `{${lists.label(rep("E", widths[o.weekday] ?? 1), days.map((d) => valueAt(type, d)))}}`;
			case "era": return `{${lists.label(rep("G", widths[o.era] ?? 1), eras.map((d) => valueAt(type, d)))}}`;
			case "dayPeriod": return `{${lists.label(rep("B", widths[o.dayPeriod] ?? 1), hours.map((d) => valueAt(type, d)))}}`;
			case "year": return value === "2024" ? "{y}" : value === "24" ? "{yy}" : fail(o, type, value);
			case "month": {
				const list = months.map((d) => valueAt(type, d));
				if (list[2] === "3") return "{M}";
				if (list[2] === "03") return "{MM}";
				return `{${lists.label(rep("M", { short: 3, long: 4, narrow: 5 }[o.month] ?? 3), list)}}`;
			}
			case "day": return value === "5" ? "{d}" : value === "05" ? "{dd}" : fail(o, type, value);
			case "hour": return `{${rep(value === "15" ? "H" : "h", valueAt(type, at(2, 5, 4)).length)}}`;
			case "minute": return value === "4" ? "{m}" : value === "04" ? "{mm}" : fail(o, type, value);
			case "second": return value === "9" ? "{s}" : value === "09" ? "{ss}" : fail(o, type, value);
			case "fractionalSecond": return "{S}";
			case "timeZoneName": return "{z}";
		}
		fail(o, type, value);
	}).join("");
}

function fail(...about) { throw new Error("cannot tell what this is: " + JSON.stringify(about)); }

function* product(table) {
	const [[name, values], ...rest] = Object.entries(table);
	for (const value of values) {
		for (const more of rest.length ? product(Object.fromEntries(rest)) : [{}]) yield value === undefined ? more : { [name]: value, ...more };
	}
}

const dateOptions = [...product({ weekday: [undefined, "short", "long", "narrow"], era: [undefined, "short", "long", "narrow"],
	year: [undefined, "numeric", "2-digit"], month: [undefined, "numeric", "2-digit", "short", "long", "narrow"], day: [undefined, "numeric", "2-digit"] })].slice(1);
const timeOptions = [...product({ dayPeriod: [undefined, "short", "long", "narrow"], hour: [undefined, "numeric", "2-digit"],
	minute: [undefined, "numeric", "2-digit"], second: [undefined, "numeric", "2-digit"], fractionalSecondDigits: [undefined, 3],
	timeZoneName: [undefined, "shortOffset"], hourCycle: ["h12", "h23"] })].filter((o) => o.hour || o.hourCycle === "h12" && Object.keys(o).length > 1);
const glued = [{ hour: "numeric" }, { hour: "numeric", minute: "numeric" }, { hour: "numeric", minute: "numeric", second: "numeric" },
	{ minute: "numeric" }, { second: "numeric" }, { minute: "numeric", second: "numeric" }, { dayPeriod: "short", hour: "numeric" },
	{ dayPeriod: "short", hour: "numeric", minute: "numeric" }, { dayPeriod: "short", hour: "numeric", minute: "numeric", second: "numeric" }, { dayPeriod: "short" }, { timeZoneName: "shortOffset" },
	{ hour: "numeric", timeZoneName: "shortOffset" }, { hour: "numeric", minute: "numeric", timeZoneName: "shortOffset" },
	{ hour: "numeric", minute: "numeric", second: "numeric", timeZoneName: "shortOffset" }, { fractionalSecondDigits: 3 }]
	.flatMap((o) => o.hour ? [{ ...o, hourCycle: "h12" }, { ...o, hourCycle: "h23" }] : [{ ...o, hourCycle: "h12" }]);

// base is the key of the widths from which the others follow, and predicted what follows.
const base = (key) => key.replace(/E+/, "E").replace(/G+/, "G").replace(/y+/, "y").replace(/M+/, (m) => m.length < 3 ? "M" : "MMM")
	.replace(/d+/, "d").replace(/B+/, "B").replace(/h+/, "h").replace(/H+/, "H").replace(/m+/, "m").replace(/s+/, "s");
export const predicted = (pattern, key) => pattern.replace(/\{(([A-Za-z])\2*)(\d*)\}/g, (whole, field, letter, variant) => {
	const asked = new RegExp(letter + "+").exec(key)?.[0];
	if (!asked || letter === "M" && (asked.length < 3) !== (field.length < 3)) return whole;
	return `{${asked}${variant}}`;
});

// compact leaves out what follows.
function* compact(prefix, patterns) {
	for (const [key, pattern] of patterns) {
		const of = base(key);
		if (key === of || !patterns.has(of) || predicted(patterns.get(of), key) !== pattern) yield [prefix + key, pattern];
	}
}

export function dates(locale) {
	const lists = new Lists(), out = [];
	const pattern = (o) => fields(new Intl.DateTimeFormat(locale, { ...o, timeZone: "UTC" }), lists, o);
	const datePatterns = new Map(dateOptions.map((o) => [letters(o), pattern(o)]));
	const timePatterns = new Map(timeOptions.map((o) => [letters(o), pattern(o)]));
	// Era and zone alone are shown with a date, so that they are here only as what stands beside
	// something else.
	for (const era of ["short", "long", "narrow"]) {
		datePatterns.set(letters({ era }), /\{G+\d*\}/.exec(pattern({ era, minute: "numeric" }))[0]);
	}
	timePatterns.set("z", "{z}");
	out.push(...compact("date:", datePatterns), ...compact("time:", timePatterns));
	// Some names of zones go with other hours.
	for (const o of timeOptions) if (o.hour && o.timeZoneName) for (const timeZoneName of ["short", "long", "longOffset", "shortGeneric", "longGeneric"]) {
		const other = pattern({ ...o, timeZoneName });
		if (other !== timePatterns.get(letters(o))) out.push([`time:${letters(o)}:${timeZoneName}`, other]);
	}
	// What stands between a date and a time: by the widths of month and weekday, and where that is not
	// all, the whole.
	const glue = new Map(), exceptions = new Map(), count = new Map();
	const all = [];
	for (const d of dateOptions) for (const t of glued) {
		if (letters(t) === "z" && /^G+$/.test(letters(d))) continue;
		const whole = pattern({ ...d, ...t }), dk = letters(d), tk = letters(t);
		const [a, b] = [datePatterns.get(dk), timePatterns.get(tk)];
		const kind = d.month === "long" ? d.weekday ? "full" : "long" : d.month === "short" || d.month === "narrow" ? "medium" : "short";
		const between = whole.startsWith(a) && whole.endsWith(b) && whole.length >= a.length + b.length ? whole.slice(a.length, whole.length - b.length) : undefined;
		all.push({ whole, dk, tk, kind, between, a, b });
		if (between !== undefined) {
			const n = count.get(kind) ?? new Map();
			count.set(kind, n.set(between, (n.get(between) ?? 0) + 1));
		}
	}
	for (const [kind, n] of count) glue.set(kind, [...n].sort((x, y) => y[1] - x[1])[0][0]);
	for (const { whole, dk, tk, kind, a, b } of all) if (whole !== a + glue.get(kind) + b) exceptions.set(dk + "+" + tk, whole);
	for (const [kind, text] of glue) out.push(["glue:" + kind, text]);
	for (const [key, whole] of exceptions) out.push(["both:" + key, whole]);
	for (const dateStyle of [undefined, "full", "long", "medium", "short"]) for (const timeStyle of [undefined, "full", "long", "medium", "short"]) {
		if (!dateStyle && !timeStyle) continue;
		for (const hourCycle of timeStyle ? ["h12", "h23"] : [undefined]) {
			out.push([`style:${dateStyle ?? ""}/${timeStyle ?? ""}/${hourCycle ?? ""}`, pattern({ dateStyle, timeStyle, hourCycle })]);
		}
	}
	const cycle = (o) => new Intl.DateTimeFormat(locale, { hour: "numeric", ...o }).resolvedOptions().hourCycle;
	out.push(["cycle", cycle({})], ["cycle:true", cycle({ hour12: true })], ["cycle:false", cycle({ hour12: false })]);
	const gmt = (timeZone) => new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: "longOffset" }).formatToParts(0).find((p) => p.type === "timeZoneName").value;
	out.push(["gmt", gmt("UTC")], ["gmt:short", new Intl.DateTimeFormat(locale, { timeZone: "UTC", timeZoneName: "shortOffset" }).formatToParts(0).find((p) => p.type === "timeZoneName").value], ["gmt:+", gmt("Etc/GMT-1")], ["gmt:-", gmt("Etc/GMT+1")]);
	out.push(...ranges(locale, lists));
	out.push(...lists.entries());
	return out;
}

// Ranges: for the components that are asked for most, and the largest field in which two times
// differ, a pattern of which < begins what is of the start, > what is of the end, and = what is of
// both. What is not here is written in full twice.
const start = at(1, 5, 7);
const ends = { y: at(8, 8, 7, 4, 9, 2025), M: at(8, 8, 7), d: at(1, 8, 7), a: at(1, 5, 15, 24, 29), h: at(1, 5, 8, 24, 29), m: at(1, 5, 7, 24, 29), s: at(1, 5, 7, 4, 29) };
const dateRanges = [...product({ weekday: [undefined, "short", "long"], year: [undefined, "numeric"], month: [undefined, "numeric", "short", "long"], day: [undefined, "numeric"] })].slice(1);
const timeRanges = [...product({ hour: ["numeric"], minute: [undefined, "numeric", "2-digit"], timeZoneName: [undefined, "shortOffset"], hourCycle: ["h12", "h23"] })];

function* ranges(locale, lists) {
	const labels = new Map([...lists.entries()].filter(([key]) => key[5] !== "B").map(([key, text]) => [key.slice(5), text.split("|")]));
	const periods = new Map([...lists.entries()].filter(([key]) => key[5] === "B").map(([key, text]) => [key.slice(5), text.split("|").flatMap((run) => Array(parseInt(run)).fill(run.replace(/^\d+/, "")))]));
	const found = new Map(), plain = (t) => t.replaceAll("\u202f", " ");
	const all = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "full", timeZone: "UTC" });
	const between = plain(all.formatRangeToParts(start, ends.y).filter((p) => p.source === "shared").map((p) => p.value).join(""));
	yield ["range", between];
	const add = (key, o, differs) => {
		const format = new Intl.DateTimeFormat(locale, { ...o, timeZone: "UTC" });
		for (const d of differs) {
			const parts = format.formatRangeToParts(start, ends[d]);
			if (!parts.some((p) => p.source === "startRange")) continue; // alike
			if (plain(parts.map((p) => p.value).join("")) === plain(format.format(start)) + between + plain(format.format(ends[d]))) continue;
			const hourWidth = parts.find((p) => p.type === "hour")?.value.length;
			let last = "", out = "";
			for (const { type, value, source } of parts) {
				const marker = { startRange: "<", endRange: ">", shared: "=" }[source];
				if (marker !== last) out += last = marker;
				out += rangeField(type, value, source === "endRange" ? ends[d] : start, o, hourWidth, labels, periods);
			}
			found.set(`range:${key}:${d}`, out.replaceAll("\u202f", " "));
		}
	};
	for (const o of dateRanges) add(letters(o), o, ["y", "M", "d"]);
	for (const o of timeRanges) add(letters(o), o, ["y", "M", "d", "a", "h", "m"]);
	for (const dateStyle of [undefined, "full", "long", "medium", "short"]) for (const timeStyle of [undefined, "full", "long", "medium", "short"]) {
		for (const hourCycle of timeStyle ? ["h12", "h23"] : dateStyle ? [undefined] : []) add(`${dateStyle ?? ""}/${timeStyle ?? ""}/${hourCycle ?? ""}`, { dateStyle, timeStyle, hourCycle }, ["y", "M", "d", "a", "h", "m", "s"]);
	}
	yield* found;
}

function rangeField(type, value, ms, o, hourWidth, labels, periods) {
	const d = new Date(ms), named = (letter, width, index) => {
		const fits = [...labels].filter(([label, list]) => label[0] === letter && list[index] === value).map(([label]) => label);
		return `{${fits.find((label) => label.replace(/\d/g, "").length === width) ?? fits[0] ?? fail(o, type, value)}}`;
	};
	switch (type) {
		case "literal": return value;
		case "weekday": return named("E", widths[o.weekday] ?? 1, d.getUTCDay());
		case "era": return named("G", widths[o.era] ?? 1, d.getUTCFullYear() > 0 ? 1 : 0);
		case "month": return /^\d+$/.test(value) ? `{${rep("M", value.length)}}` : named("M", { short: 3, long: 4, narrow: 5 }[o.month] ?? 3, d.getUTCMonth());
		case "year": return value.length === 4 ? "{y}" : "{yy}";
		case "day": return `{${rep("d", value.length)}}`;
		case "hour": return `{${rep(o.hourCycle === "h23" ? "H" : "h", hourWidth)}}`;
		case "minute": return value.length === 2 ? "{mm}" : "{m}";
		case "second": return value.length === 2 ? "{ss}" : "{s}";
		case "timeZoneName": return o.timeStyle && value === "UTC" ? "{z1}" : "{z}"; // the short name, even where times have the long one
		case "dayPeriod": {
			const fits = [...periods].filter(([, list]) => list[d.getUTCHours() * 3 + (d.getUTCMinutes() ? 2 : 1)] === value).map(([label]) => label);
			const width = widths[o.dayPeriod] ?? 1;
			const wanted = o.dayPeriod ? fits.filter((label) => label !== "B") : fits;
			return `{${wanted.find((label) => label.replace(/\d/g, "").length === width) ?? wanted[0] ?? fits[0] ?? fail(o, type, value)}}`;
		}
	}
	fail(o, type, value);
}
