package dates_test

import (
	"math"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, wherever they run

	"carjs/host/script/internal/dates"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loaded, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// none stands for NaN in the tables.
const none = "none"

// check compares a time value with an instant in RFC 3339, whose years may have more digits.
func check(t *testing.T, got float64, want string) {
	t.Helper()
	if want == none {
		if !math.IsNaN(got) {
			t.Errorf("is %s, want none", time.UnixMilli(int64(got)).UTC())
		}
		return
	}
	at := "none"
	if !math.IsNaN(got) {
		at = time.UnixMilli(int64(got)).UTC().Format("2006-01-02T15:04:05.999Z")
	}
	if at != want {
		t.Errorf("is %s, want %s", at, want)
	}
}

// What Date.parse makes of a text in Berlin, in winter an hour ahead of UTC.
func TestParse(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	for text, want := range map[string]string{
		// The standard's form.
		"2024-11-06T10:00:00.000Z":     "2024-11-06T10:00:00Z",
		"2024-11-06T10:00:00.1Z":       "2024-11-06T10:00:00.1Z",
		"2024-11-06T10:00:00.123456Z":  "2024-11-06T10:00:00.123Z",
		"2024-11-06T10:00:00.0009999Z": "2024-11-06T10:00:00Z",
		"2024-11-06T10:00:00+02:00":    "2024-11-06T08:00:00Z",
		"2024-11-06T10:00:00-02:30":    "2024-11-06T12:30:00Z",
		"2024-11-06T10:00Z":            "2024-11-06T10:00:00Z",
		"2024-11-06T10:00:00":          "2024-11-06T09:00:00Z",
		"2024-11-06T10:00":             "2024-11-06T09:00:00Z",
		"2024-11-06":                   "2024-11-06T00:00:00Z",
		"2024-11":                      "2024-11-01T00:00:00Z",
		"2024":                         "2024-01-01T00:00:00Z",
		"2024T10:00Z":                  "2024-01-01T10:00:00Z",
		"2024-11T10:00Z":               "2024-11-01T10:00:00Z",
		"2024-11-06T24:00:00Z":         "2024-11-07T00:00:00Z",
		"0000-01-01T00:00:00Z":         "0000-01-01T00:00:00Z",
		"+002024-11-06T10:00:00Z":      "2024-11-06T10:00:00Z",
		"+010000-01-01T00:00:00.000Z":  "10000-01-01T00:00:00Z",
		"-000001-01-01T00:00:00Z":      "-0001-01-01T00:00:00Z",
		"+275760-09-13T00:00:00.000Z":  "275760-09-13T00:00:00Z",
		"+275760-09-13T00:00:00.001Z":  none,
		"-000000-01-01T00:00:00Z":      none,
		"2024-11-06T24:00:00.001Z":     none,
		"2024-11-06T25:00:00Z":         none,
		"2024-11-06T10:60:00Z":         none,
		"2024-11-06T10:00:60Z":         none,
		"2024-11-06T10Z":               none,
		"2024-11-06T1:00:00Z":          none,
		"2024-11-06T10:00:00.Z":        none,
		"2024-11-06T10:00:00+02":       none,
		"2024-11-06T10:00:00+24:00":    none,
		"2024-11-06T10:00:00Z ":        none,
		"2024-11-06T10:00:00 Z":        none,
		"2024-11-06T10:00:00ZZ":        none,
		"2024-11-06T":                  none,
		"2024-13-06":                   none,
		"2024-00-06":                   none,
		"2024-11-32":                   none,
		"2024-11-00":                   none,
		"2024-11-06T10:00:00+2:00":     none,
		// What engines take beside it.
		"2024-11-06t10:00:00z":                  "2024-11-06T10:00:00Z",
		"2024-11-06T10:00:00+0200":              "2024-11-06T08:00:00Z",
		"2024-02-31":                            "2024-03-02T00:00:00Z",
		"2024-001":                              "2023-12-31T23:00:00Z",
		"2024-1-5":                              "2024-01-04T23:00:00Z",
		"2024-11-06 10:00":                      "2024-11-06T09:00:00Z",
		"2024-11-06 10:00:00.250":               "2024-11-06T09:00:00.25Z",
		"2024-11-06 10:00:00Z":                  "2024-11-06T10:00:00Z",
		"2024-11-06 10:00:00 +0200":             "2024-11-06T08:00:00Z",
		"2024-11-06 10:00:00+02":                "2024-11-06T08:00:00Z",
		"2024-11-06 10:00:00 UTC":               "2024-11-06T10:00:00Z",
		"2024/11/06":                            "2024-11-05T23:00:00Z",
		"2024/11/06 10:00":                      "2024-11-06T09:00:00Z",
		"2024/11/6 10:00 PM":                    "2024-11-06T21:00:00Z",
		"11/06/2024":                            "2024-11-05T23:00:00Z",
		"11/6/24":                               "2024-11-05T23:00:00Z",
		"11/6/70 12:00 am":                      "1970-11-05T23:00:00Z",
		"11-06-2024":                            "2024-11-05T23:00:00Z",
		"Wed, 06 Nov 2024 12:00:00 GMT":         "2024-11-06T12:00:00Z",
		"Wed, 06 Nov 2024 12:00:00 EST":         "2024-11-06T17:00:00Z",
		"Wed, 06 Nov 2024 12:00:00 -0500 (EST)": "2024-11-06T17:00:00Z",
		"Wednesday, 06-Nov-24 12:00:00 GMT":     "2024-11-06T12:00:00Z",
		"Wed Nov  6 12:00:00 2024":              "2024-11-06T11:00:00Z",
		"Wed Nov 06 2024 13:00:00 GMT+0100 (Central European Standard Time)": "2024-11-06T12:00:00Z",
		"Nov 6, 2024":                         "2024-11-05T23:00:00Z",
		"November 6, 2024 3:04 pm":            "2024-11-06T14:04:00Z",
		"6 Nov 2024":                          "2024-11-05T23:00:00Z",
		"06-Nov-2024 12:00":                   "2024-11-06T11:00:00Z",
		"Nov 6 (the sixth) 2024":              "2024-11-05T23:00:00Z",
		"Nov 6":                               "2001-11-05T23:00:00Z",
		"2024 Nov 6 12:00Z":                   "2024-11-06T12:00:00Z",
		"Thu, 01 Jan 1970 00:00:00 GMT+02:30": "1969-12-31T21:30:00Z",
		"Thu, 01 Jan 1970 00:00:00 UTC-8":     "1970-01-01T08:00:00Z",
		"on 11/06/2024":                       "2024-11-05T23:00:00Z",
		"1":                                   "2000-12-31T23:00:00Z",
		// What only looks like a date.
		"":                              none,
		" ":                             none,
		"1730894400":                    none,
		"1730894400000":                 none,
		"1704067200000":                 none,
		"20241106120000":                none,
		"20241106":                      none,
		"20241106T120000Z":              none,
		"1730894400.5":                  none,
		"10.0.0.7":                      none,
		"10.20.30.40":                   none,
		"13/06/2024":                    none,
		"31.12.2024":                    none,
		"11/06/2024 25:00":              none,
		"11/06/2024 13:00 pm":           none,
		"11/06/2024 10:00 CET":          none,
		"11/06/2024 later":              none,
		"6 Nov 2024 12:00:00 GMT+12345": none,
		"6 Nov 2024)":                   none,
		"v1 2 3 4":                      none,
		"null":                          none,
		"undefined":                     none,
		"Infinity":                      none,
		"P1D":                           none,
		"never":                         none,
		"2024-W45":                      none,
		"00:00":                         none,
	} {
		t.Run(text, func(t *testing.T) { check(t, dates.Parse(text, berlin), want) })
	}
}

// The hour that a change of the clocks skips is taken with the offset from before the change, and
// that which it repeats is the first one.
func TestChangesOfClocks(t *testing.T) {
	for _, test := range []struct{ zone, local, want string }{
		{"Europe/Berlin", "2024-10-27T01:59:59", "2024-10-26T23:59:59Z"},
		{"Europe/Berlin", "2024-10-27T02:30:00", "2024-10-27T00:30:00Z"},
		{"Europe/Berlin", "2024-10-27T03:00:00", "2024-10-27T02:00:00Z"},
		{"Europe/Berlin", "2024-03-31T02:30:00", "2024-03-31T01:30:00Z"},
		{"Europe/Berlin", "2024-03-31T03:00:00", "2024-03-31T01:00:00Z"},
		{"America/New_York", "2024-11-03T01:30:00", "2024-11-03T05:30:00Z"},
		{"America/New_York", "2024-11-03T02:00:00", "2024-11-03T07:00:00Z"},
		{"America/New_York", "2024-03-10T02:30:00", "2024-03-10T07:30:00Z"},
		{"Australia/Lord_Howe", "2024-04-07T01:45:00", "2024-04-06T14:45:00Z"}, // half an hour
		{"Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00Z"},        // a day that was skipped
		{"Asia/Kolkata", "2024-07-01T00:00:00", "2024-06-30T18:30:00Z"},
		{"UTC", "2024-07-01T00:00:00", "2024-07-01T00:00:00Z"},
	} {
		t.Run(test.zone+" "+test.local, func(t *testing.T) {
			check(t, dates.Parse(test.local, zone(t, test.zone)), test.want)
		})
	}
}

// Every instant comes back from its local time, but for the second of an hour that is there twice.
func TestLocalAndBack(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"} {
		location := zone(t, name)
		from := time.Date(2023, 1, 1, 0, 7, 0, 0, time.UTC).UnixMilli()
		for i := range int64(2 * 366 * 48) {
			at := float64(from + i*30*60_000)
			back := dates.UTC(dates.Local(at, location), location)
			if back != at && (back > at || dates.Local(back, location) != dates.Local(at, location)) {
				t.Fatalf("%s: %v comes back as %v", name, time.UnixMilli(int64(at)).UTC(), time.UnixMilli(int64(back)).UTC())
			}
		}
	}
}

// Components carry over, and those of a time make that time.
func TestComponents(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		c    dates.Components
		want string
	}{
		{dates.Components{Year: 2024, Day: 1}, "2024-01-01T00:00:00Z"},
		{dates.Components{Year: 2024, Month: 13, Day: 1}, "2025-02-01T00:00:00Z"},
		{dates.Components{Year: 2024, Month: -1, Day: 0}, "2023-11-30T00:00:00Z"},
		{dates.Components{Year: 2024, Month: 1.9, Day: 1.9, Hour: -0.5}, "2024-02-01T00:00:00Z"},
		{dates.Components{Year: 1970, Day: 1, Milli: 1e13}, "2286-11-20T17:46:40Z"},
		{dates.Components{Year: 1970, Day: 1, Second: -1}, "1969-12-31T23:59:59Z"},
		{dates.Components{Year: 275760, Month: 8, Day: 13}, "275760-09-13T00:00:00Z"},
		{dates.Components{Year: 275760, Month: 8, Day: 14}, none},
		{dates.Components{Year: nan, Day: 1}, none},
		{dates.Components{Year: 2024, Day: 1, Milli: math.Inf(1)}, none},
		{dates.Components{Year: 1e300, Day: 1}, none},
		{dates.Components{Year: 2024, Day: 1e300}, none},
	} {
		got := dates.Clip(test.c.Make())
		check(t, got, test.want)
		if !math.IsNaN(got) && dates.Of(got).Make() != got {
			t.Errorf("%v becomes %v", got, dates.Of(got))
		}
	}
}

// No text may end in a panic or in a time that a Date cannot have.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"2024-11-06T10:00:00.000Z", "Wed, 06 Nov 2024 12:00:00 GMT+01:00 (x)", "+275760", "1::2.3", "é(\x80"} {
		f.Add(seed)
	}
	berlin := zone(f, "Europe/Berlin")
	f.Fuzz(func(t *testing.T, text string) {
		if at := dates.Parse(text, berlin); !math.IsNaN(at) && (at != math.Trunc(at) || math.Abs(at) > dates.Max) {
			t.Errorf("%q is %v", text, at)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		dates.Parse("2024-11-06T10:00:00.000Z", time.UTC)
	}
}
