// Writes the data of this package: node generate.mjs, with a Node that has all of ICU (node -p
// process.versions.icu).
//
// Nothing is copied from CLDR. Each value is found by asking the formatters of Node for every
// combination of options, and taking their answers apart. What follows from something else by a
// rule that the Go code knows, too, is left out.
import { writeFileSync } from "node:fs";
import { dates } from "./generate/dates.mjs";
import { numbers } from "./generate/numbers.mjs";
import { texts } from "./generate/texts.mjs";
import { zones } from "./generate/zones.mjs";

// Each locale with that from which it takes what it does not say itself.
const parents = { en: "", "en-GB": "en", "en-CA": "en", de: "", sv: "" };

const only = process.argv[2];
const folder = new URL("./data/", import.meta.url);
const all = {};
if (only !== "zones") for (const [locale, parent] of Object.entries(parents)) {
	const started = Date.now();
	const values = all[locale] = new Map([...dates(locale), ...numbers(locale), ...texts(locale)]);
	const lines = [];
	for (const [key, value] of values) if (all[parent]?.get(key) !== value) lines.push(key + "\t" + value);
	for (const key of all[parent]?.keys() ?? []) if (!values.has(key)) lines.push(key); // taken away
	writeFileSync(new URL(locale + ".txt", folder), lines.join("\n") + "\n");
	console.log(locale, lines.length, "lines", lines.join("\n").length, "bytes", Date.now() - started, "ms");
}
if (!only || only === "zones") writeFileSync(new URL("zones.txt", folder), zones(Object.keys(parents)).join("\n") + "\n");
