// Lists, times that are relative, and the plurals of a language.

const numbered = (parts) => parts.map((p) => p.type === "literal" ? p.value : "{0}").join("").replace(/(\{0\})+/, "{0}");

const pairs = [...Array(30).keys()].flatMap((x) => [...Array(130).keys()].filter((y) => y >= x).map((y) => [x, y]));

export function texts(locale) {
	const out = [];
	for (const style of ["long", "short", "narrow"]) {
		for (const type of ["conjunction", "disjunction", "unit"]) {
			const f = new Intl.ListFormat(locale, { type, style });
			const between = (list) => f.formatToParts(list).filter((p) => p.type === "literal").map((p) => p.value);
			const [pair] = between(["0", "1"]), [start, middle, end] = between(["0", "1", "2", "3"]);
			out.push([`join:${type}:${style}`, [pair, start, middle, end].join("|")]);
		}
		const always = new Intl.RelativeTimeFormat(locale, { style }), auto = new Intl.RelativeTimeFormat(locale, { style, numeric: "auto" });
		for (const unit of ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]) {
			for (const [key, value] of [["-one", -1], ["-other", -2], ["+one", 1], ["+other", 2]]) {
				out.push([`relative:${style}:${unit}:${key}`, numbered(always.formatToParts(value, unit))]);
			}
			for (let n = -2; n <= 2; n++) {
				const parts = auto.formatToParts(n, unit);
				if (parts.length === 1) out.push([`relative:${style}:${unit}:${n}`, parts[0].value]);
			}
		}
	}
	for (const type of ["cardinal", "ordinal"]) {
		const rules = new Intl.PluralRules(locale, { type });
		const categories = rules.resolvedOptions().pluralCategories;
		out.push(["plurals:" + type, categories.join(" ")]);
		for (const a of categories) for (const b of categories) {
			const pair = pairs.find(([x, y]) => rules.select(x) === a && rules.select(y) === b);
			if (pair) out.push([`plurals:${type}:${a}-${b}`, rules.selectRange(...pair)]);
		}
	}
	const week = new Intl.Locale({ en: "en-US", de: "de-DE", sv: "sv-SE" }[locale] ?? locale).weekInfo;
	out.push(["week", [week.firstDay, week.minimalDays, ...week.weekend].join(" ")]);
	const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"], codes = letters.flatMap((a) => letters.map((b) => a + b));
	for (let n = 1; n < 1000; n++) codes.push(String(n).padStart(3, "0"));
	const long = new Intl.DisplayNames(locale, { type: "region", fallback: "none" });
	for (const style of ["long", "short", "narrow"]) {
		const names = new Intl.DisplayNames(locale, { type: "region", style, fallback: "none" });
		for (const code of codes) {
			const name = names.of(code);
			if (name !== undefined && (style === "long" || name !== long.of(code))) out.push([`region:${style}:${code}`, name]);
		}
	}
	return out;
}
