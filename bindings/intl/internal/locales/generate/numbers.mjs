// Symbols and patterns of numbers. In a pattern, {0} is the number, {-}, {+} and {%} are signs, {c}
// is a currency, and {=text} is the name of a unit or of a power of ten.

const tokens = { minusSign: "{-}", plusSign: "{+}", percentSign: "{%}", currency: "{c}" };
const digits = new Set(["integer", "group", "decimal", "fraction", "exponentSeparator", "exponentInteger", "exponentMinusSign", "nan", "infinity"]);

// pattern is what surrounds a number. Parts of the number that follow each other are one field.
function pattern(format, value) {
	let out = "";
	for (const { type, value: text } of format.formatToParts(value)) {
		if (digits.has(type)) out += out.endsWith("{0}") ? "" : "{0}";
		else if (type === "unit" || type === "compact") out += `{=${text}}`;
		else if (type === "literal") out += text;
		else if (tokens[type]) out += tokens[type];
		else throw new Error("unknown part " + type);
	}
	return out;
}

const part = (format, value, type) => format.formatToParts(value).find((p) => p.type === type)?.value ?? "";

export function numbers(locale) {
	const out = [];
	const nf = (o) => new Intl.NumberFormat(locale, o);
	const plain = nf({ useGrouping: true });
	for (const [name, value, type, o] of [["decimal", 1.5, "decimal"], ["group", 1e9, "group"], ["minus", -1, "minusSign"],
		["plus", 1, "plusSign", { signDisplay: "always" }], ["percent", 1, "percentSign", { style: "percent" }],
		["infinity", Infinity, "infinity"], ["nan", NaN, "nan"], ["exponent", 1e5, "exponentSeparator", { notation: "scientific" }]]) {
		out.push(["symbol:" + name, part(nf(o), value, type)]);
	}
	out.push(["symbol:about", plain.formatRangeToParts(3, 3).find((p) => p.type === "approximatelySign").value]);
	out.push(["symbol:range", plain.formatRangeToParts(3, 5).find((p) => p.source === "shared").value]);
	const groups = plain.formatToParts(123456789012).filter((p) => p.type === "integer").map((p) => p.value.length).reverse();
	out.push(["groups", groups[0] + " " + groups[1] + " " + (nf().format(1234).length > 4 ? 1 : 2)]);
	const signs = (key, o) => {
		for (const [sign, value] of [["", 1], ["-", -1], ["+", 1]]) {
			out.push([key + sign, pattern(nf({ ...o, signDisplay: sign === "+" ? "always" : "auto" }), value)]);
		}
	};
	signs("decimal", {});
	signs("percent", { style: "percent" });
	// A symbol that ends in a letter stands apart from the number.
	for (const currencySign of ["standard", "accounting"]) for (const [kind, currencyDisplay] of [["symbol", "narrowSymbol"], ["letters", "code"]]) {
		signs(`currency:${currencySign}:${kind}`, { style: "currency", currency: "USD", currencySign, currencyDisplay });
	}
	for (const [plural, value] of [["one", 1], ["other", 2]]) {
		out.push(["currency:name:" + plural, pattern(nf({ style: "currency", currency: "USD", currencyDisplay: "name", maximumFractionDigits: 0 }), value)]);
	}
	for (const compactDisplay of ["short", "long"]) for (let e = 3; e < 15; e++) for (const [plural, value] of [["one", 10 ** e], ["other", 2 * 10 ** e]]) {
		const f = nf({ notation: "compact", compactDisplay, useGrouping: false });
		out.push([`compact:${compactDisplay}:${e}:${plural}`, part(f, value, "integer").length + pattern(f, value)]);
	}
	const units = Intl.supportedValuesOf("unit");
	for (const unitDisplay of ["short", "long", "narrow"]) {
		const of = (unit, value) => pattern(nf({ style: "unit", unit, unitDisplay }), value);
		const single = new Map(), per = new Map();
		for (const unit of units) for (const [plural, value] of [["one", 1], ["other", 2]]) single.set(unit + plural, of(unit, value));
		for (const [key, value] of single) {
			const [, unit, plural] = /^(.*)(one|other)$/.exec(key);
			out.push([`unit:${unitDisplay}:${unit}:${plural}`, value]);
		}
		// Units per unit follow from those of the unit, and what is appended for the other, but for some
		// that have a name.
		for (const b of units) per.set(b, appended(of("byte-per-" + b, 2), single.get("byteother")));
		for (const [unit, text] of per) out.push([`unit:${unitDisplay}:per-${unit}`, text]);
		for (const a of units) for (const b of units) for (const [plural, value] of [["one", 1], ["other", 2]]) {
			if (a === b || a === "percent") continue; // a percentage is one per whatever it is
			const got = of(`${a}-per-${b}`, value);
			if (got !== join(single.get(a + plural), per.get(b))) out.push([`unit:${unitDisplay}:${a}-per-${b}:${plural}`, got]);
		}
	}
	out.push(...currencies(locale));
	return out;
}

// appended is what stands inside the name of a unit per unit behind that of the unit.
function appended(whole, single) {
	const head = single.slice(0, -1); // without the closing brace
	if (!whole.startsWith(head)) throw new Error(whole + " does not begin as " + single);
	return whole.slice(head.length, -1);
}
const join = (single, per) => single.endsWith("}") && single.includes("{=") ? single.slice(0, -1) + per + "}" : single + `{=${per}}`;

function* currencies(locale) {
	if (locale === "en") yield ["currencies", Intl.supportedValuesOf("currency").join(" ")];
	const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
	for (const a of letters) for (const b of letters) for (const c of letters) {
		const currency = a + b + c;
		const name = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "name", maximumFractionDigits: 0 });
		const other = part(name, 2, "currency");
		const f = (currencyDisplay) => new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay });
		if (other === currency && part(f("narrowSymbol"), 1, "currency") === currency) continue;
		const own = f("symbol");
		const display = new Intl.DisplayNames(locale, { type: "currency" }).of(currency);
		yield ["cur:" + currency, [own.resolvedOptions().maximumFractionDigits, part(own, 1, "currency"), part(f("narrowSymbol"), 1, "currency"),
			part(name, 1, "currency"), other, display].map((text) => text === currency ? "" : text).join("|")];
	}
}
