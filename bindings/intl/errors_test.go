package intl_test

import (
	"strings"
	"testing"
	"time"
)

// TestBeyondNode has what Node 20 does otherwise or not at all: what carjs has no data of is an error
// that says what there is, and zones can be offsets.
func TestBeyondNode(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{`new Intl.NumberFormat("fr-FR")`, `RangeError: Intl has no data for the locale "fr-FR": use one of de, de-DE, en, en-CA, en-GB, en-US, sv, sv-SE`},
		{`new Intl.DateTimeFormat("en-NZ")`, `RangeError: Intl has no data for the locale "en-NZ": use one of de, de-DE, en, en-CA, en-GB, en-US, sv, sv-SE`},
		{`new Intl.Collator(["fr", "de"]).resolvedOptions().locale`, "de"},
		{`(5).toLocaleString("ja")`, `RangeError: Intl has no data for the locale "ja": use one of de, de-DE, en, en-CA, en-GB, en-US, sv, sv-SE`},
		{`"a".localeCompare("b", "no such tag")`, `RangeError: "no such tag" is not a language tag: write it like en-US`},
		{`new Intl.NumberFormat("en-u-nu-arab")`, `RangeError: Intl has no numberingSystem -u-nu-arab: use one of latn`},
		{`new Intl.DateTimeFormat("en", { calendar: "hebrew" })`, `RangeError: Intl has no calendar "hebrew": use one of gregory, iso8601`},
		{`new Intl.DateTimeFormat("en", { calendar: "iso8601", month: "long" })`, `RangeError: the calendar iso8601 has numbers alone: month is "long"`},
		{`new Intl.DateTimeFormat("en", { calendar: "iso8601", dateStyle: "long" })`, `RangeError: the calendar iso8601 has numbers alone: leave out dateStyle`},
		{`new Intl.DateTimeFormat("en-u-ca-iso8601").formatRange(0, 1)`, `RangeError: Intl has no ranges in the calendar iso8601`},
		{`new Intl.Collator("de-u-co-phonebk")`, `RangeError: Intl has no collation -u-co-phonebk: leave it out`},
		{`new Intl.DisplayNames("en", { type: "language" })`, `RangeError: Intl.DisplayNames has no names of type language: use one of region, currency`},
		{`[...new Intl.Segmenter("en", { granularity: "word" }).segment("東京")]`,
			`RangeError: Intl.Segmenter has no dictionary for words in Chinese or Japanese: use granularity grapheme or sentence`},
		{`new Intl.DateTimeFormat("en", { timeZone: "Mars/Olympus" })`,
			`RangeError: there is no time zone "Mars/Olympus": use a name such as Europe/Berlin, UTC, or an offset such as +01:00`},
		{`new Intl.DateTimeFormat("en", { hour: "long" })`, `RangeError: hour is "long": use one of 2-digit, numeric`},
		{`new Intl.NumberFormat("en", { style: "currency" })`, `TypeError: style currency needs the option currency`},
		{`new Intl.Collator("de", { usage: "search" })`, "RangeError: Intl.Collator knows no order for searching in German: leave out usage"},
		{`"I".toLocaleLowerCase("lt")`, "RangeError: the rules of Lithuanian are not known: use toLowerCase or toUpperCase"},
		{`Intl.supportedValuesOf("font")`,
			`RangeError: Intl has no list "font": use one of calendar, collation, currency, numberingSystem, timeZone, unit`},
		{`Intl.NumberFormat.supportedLocalesOf(["fr", "en-US", "en-NZ", "de-DE"]).join()`, "en-US,de-DE"},
		{`const f = new Intl.DateTimeFormat("en-US", { timeZone: "+0530", dateStyle: "short", timeStyle: "long" }); f.format(0) + " " + f.resolvedOptions().timeZone`,
			"1/1/70, 5:30:00 AM GMT+5:30 +05:30"},
		{`new Intl.DateTimeFormat("en-US", { timeZone: "-03", timeZoneName: "longGeneric" }).format(0)`, "12/31/1969, GMT-03:00"},
		{`new Intl.DateTimeFormat("en-US", { timeZone: "-00:00" }).resolvedOptions().timeZone`, "+00:00"},
		{`new Intl.Locale("und-US").language + new Intl.DisplayNames("en", { type: "region" }).of("de")`, "undGermany"},
		{`Intl.supportedValuesOf("timeZone").every((timeZone) => new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "long" }).format(0) !== "")`, "true"},
		{`const before = Object.getOwnPropertyDescriptor(globalThis, "Intl"); Intl; const after = Object.getOwnPropertyDescriptor(globalThis, "Intl"); [typeof before.get, after.writable, after.enumerable, after.configurable].join()`,
			"function,true,false,true"},
		{`Intl = 5; Intl`, "5"},
		{`Object.keys(globalThis).includes("Intl")`, "false"},
		{`Date.prototype.toLocaleString.call({})`, "TypeError: Date.prototype.toLocaleString was called on something that is not a Date"},
		{`const list = [1]; list.push(list); list.toLocaleString()`, "1,"},
		{`[new Date(0), 1e6].toLocaleString("de", { timeZone: "UTC" })`, "1.1.1970, 00:00:00,1.000.000"},
		{`[new Date(NaN).toString(), new Date(-1e14).toString().slice(0, 21), new Date(0).toTimeString().slice(0, 17)].join()`,
			"Invalid Date,Thu Feb 15 -001199 14,00:00:00 GMT+0000"},
		{`(123456789012345678).toLocaleString("fullwide", { useGrouping: false })`, "123456789012345680"},
		{`["é", "z", "a", "Z"].sort((a, b) => a.localeCompare(b)).join("")`, "aézZ"},
		{`"\ud800a".localeCompare("\ud800b")`, "-1"},
		{`String.prototype.localeCompare.call(undefined, "x")`, "TypeError: String.prototype.localeCompare was called on undefined"},
	} {
		t.Run(test.code, func(t *testing.T) {
			got, err := run(t, test.code)
			if err != nil {
				got = strings.TrimPrefix(err.Error(), "a bug in carjs, not in the connector: ")
				got, _, _ = strings.Cut(got, " at carjs:")
				got, _, _ = strings.Cut(got, " at cases.js")
			}
			if got != test.want {
				t.Errorf("is   %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestLocalZone says that Intl goes by the time zone that Date goes by.
func TestLocalZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	before := time.Local
	t.Cleanup(func() { time.Local = before })
	for _, test := range []struct {
		zone       *time.Location
		want, text string
	}{
		{berlin, "Europe/Berlin 1/1/1970, 1:00:00 AM 1", "Wed Jul 03 2024 11:46:40 GMT+0200 (Central European Summer Time)"},
		{time.UTC, "UTC 1/1/1970, 12:00:00 AM 0", "Wed Jul 03 2024 09:46:40 GMT+0000 (Coordinated Universal Time)"},
	} {
		time.Local = test.zone
		if text, err := run(t, `String(new Date(1.72e12))`); err != nil || text != test.text {
			t.Errorf("the text is %s, %v, want %s", text, err, test.text)
		}
		got, err := run(t, `[Intl.DateTimeFormat().resolvedOptions().timeZone, new Date(0).toLocaleString(), new Date(0).getHours()].join(" ")`)
		if err != nil || got != test.want {
			t.Errorf("is %s, %v, want %s", got, err, test.want)
		}
	}
}

func BenchmarkUse(b *testing.B) {
	for name, code := range map[string]string{
		"none": `1`, "dates": `new Intl.DateTimeFormat("en-US", { timeZone: "Europe/Berlin", year: "numeric" }).format(0)`,
		"numbers": `(1234.5).toLocaleString()`, "compare": `"a".localeCompare("b")`,
		"thousandDates":  `const f = new Intl.DateTimeFormat("en-US", { timeZone: "Europe/Berlin", dateStyle: "short" }); for (let i = 0; i < 1000; i++) f.format(i * 1e9)`,
		"thousandTexts":  `for (let i = 0; i < 1000; i++) "alpha".localeCompare("beta")`,
		"thousandFormat": `const f = new Intl.NumberFormat("en-US"); for (let i = 0; i < 1000; i++) f.format(i * 1.5)`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := run(b, code); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
