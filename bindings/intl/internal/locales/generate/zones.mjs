// Time zones: which names there are, and what zones are called at which times.
//
// A name depends on the zone, on the offset from UTC (summer time is called otherwise), and for
// some zones on the year. A line of a zone has its spans for each style, "since:name" with what
// deviates from it at an offset in seconds: "0:12,7200=13". Names that are nothing but the offset
// are left out.
import { execFileSync } from "node:child_process";

const styles = ["short", "long", "shortGeneric", "longGeneric"];
const samples = [];
for (let year = 1850; year < 1970; year += 2) samples.push(Date.UTC(year, 0, 10), Date.UTC(year, 6, 10));
for (let year = 1970; year < 2030; year++) for (let month = 0; month < 12; month++) samples.push(Date.UTC(year, month, 12));
samples.push(Date.UTC(9999, 0, 10), Date.UTC(9999, 6, 10), Date.UTC(10000, 0, 10), Date.UTC(10000, 6, 10)); // the names end there

const zoneName = (format, ms) => format.formatToParts(ms).find((p) => p.type === "timeZoneName").value;

export function zones(locales) {
	// The names that Go knows, which has the links, too.
	const root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8" }).trim();
	const known = execFileSync("unzip", ["-Z1", root + "/lib/time/zoneinfo.zip"], { encoding: "utf8" }).split("\n").filter((n) => n && !n.endsWith("/"));
	const out = [], canonical = new Map();
	for (const name of new Set([...known, ...Intl.supportedValuesOf("timeZone")])) {
		try {
			canonical.set(name, new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone);
		} catch { /* the other does not know it */ }
	}
	const listed = new Set(Intl.supportedValuesOf("timeZone"));
	const names = new Map(styles.map((style) => [style, new Map()]));
	const lines = [];
	for (const zone of [...new Set(canonical.values())].sort()) {
		const offset = offsets(zone), cells = styles.map((style) => spans(zone, offset, style, locales, names.get(style)));
		lines.push(["zone", zone, listed.has(zone) ? "listed" : "", ...cells].join("\t"));
	}
	for (const [name, zone] of [...canonical].sort()) if (name !== zone) lines.push(["link", name, zone].join("\t"));
	for (const [style, ids] of names) for (const [tuple, id] of ids) out.push([style, id, ...withoutRepeated(locales, tuple.split("\t"))].join("\t").trimEnd());
	return [["locales", ...locales].join("\t"), ...out, ...lines];
}

// withoutRepeated leaves out the names of a variant of a language that are those of the language.
const withoutRepeated = (locales, tuple) => tuple.map((name, i) => {
	const parent = locales.indexOf(locales[i].split("-")[0]);
	return parent !== i && tuple[parent] === name ? "" : name || "=";
});

function offsets(zone) {
	const f = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
	return (ms) => {
		const [, sign, h, m, s] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(zoneName(f, ms));
		return sign ? (sign === "-" ? -1 : 1) * (h * 3600 + m * 60 + +(s ?? 0)) : 0;
	};
}

function spans(zone, offset, style, locales, ids) {
	const forms = locales.map((locale) => {
		const f = (timeZoneName) => new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName });
		const [named, plain] = [f(style), f(style.startsWith("short") ? "shortOffset" : "longOffset")];
		return (ms) => {
			const name = zoneName(named, ms);
			return /^(GMT|UTC)/.test(name) && zone !== "UTC" && name === zoneName(plain, ms) ? "" : name;
		};
	});
	const nameAt = (ms) => forms.map((form) => form(ms)).join("\t");
	const found = [];
	let last;
	for (const ms of samples) {
		const [o, name] = [offset(ms), nameAt(ms)];
		const span = found.at(-1);
		if (!span) found.push({ since: undefined, names: new Map([[o, name]]) });
		else if (!span.names.has(o)) span.names.set(o, name);
		else if (span.names.get(o) !== name) {
			let [low, high] = [last, ms];
			while (high - low > 60000) {
				const middle = Math.floor((low + high) / 120000) * 60000;
				if (offset(middle) === o && nameAt(middle) === name) high = middle; else low = middle;
			}
			found.push({ since: high, names: new Map([[o, name]]) });
		}
		last = ms;
	}
	const id = (name) => ids.get(name) ?? (ids.set(name, ids.size), ids.size - 1);
	return found.map(({ since, names }) => {
		const [first] = names.values();
		const others = [...names].filter(([, name]) => name !== first).map(([o, name]) => `,${o}=${id(name)}`).join("");
		return (since === undefined ? "" : since / 60000 + ":") + id(first) + others;
	}).join(";");
}
