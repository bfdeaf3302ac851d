package httpx_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"carjs/host/httpx"
)

func TestReadWait(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	const never = time.Duration(-1)
	for text, want := range map[string]time.Duration{
		"": never, "soon": never, "-5": never, "NaN": never, "-1e999": never, "1:2": never, "a:b:c": never, "-3s": never,
		"0": 0, "2": 2 * time.Second, " 1.5 ": 1500 * time.Millisecond, "86400": 24 * time.Hour,
		"1893553455": 10 * time.Second, "1893553455.5": 10500 * time.Millisecond, // since 1970, in seconds,
		"1893553455250":    10250 * time.Millisecond, // milliseconds
		"1893553455250000": 10250 * time.Millisecond, // and microseconds
		"1893553435":       -10 * time.Second,
		"1e300":            httpx.MaxWait, "1e999": httpx.MaxWait, "99999999999999999999": httpx.MaxWait,
		"Wed, 02 Jan 2030 03:04:15 GMT": 10 * time.Second, "Wednesday, 02-Jan-30 03:04:15 GMT": 10 * time.Second,
		"2030-01-02T03:04:15Z": 10 * time.Second, "2030-01-02T04:04:15.5+01:00": 10500 * time.Millisecond,
		"2030-01-02T03:04:15.5+0000": 10500 * time.Millisecond, "2030-01-02T03:04:15": 10 * time.Second,
		"2030-01-02 03:04:15": 10 * time.Second, "2030-01-02 04:04:15.25+01:00": 10250 * time.Millisecond,
		"2030-01-02 04:04:15 +0100": 10 * time.Second, "2030-01-02 03:04:15 UTC": 10 * time.Second,
		"Wed, 02 Jan 2030 03:04:15 UTC": 10 * time.Second, "Wed, 2 Jan 2030 03:04:15 GMT": 10 * time.Second,
		"Wed, 02 Jan 2030 05:04:15 +0200": 10 * time.Second, "Tue, 01 Jan 2030 22:04:15 EST": never, "2030-13-02 03:04:15": never,
		"90 seconds": 90 * time.Second, "1 second": time.Second, "0.5 s": 500 * time.Millisecond, "2 Minutes": 2 * time.Minute,
		"1 hour": time.Hour, "20 msec": 20 * time.Millisecond, "NaN seconds": never, "-1 seconds": never, "2 fortnights": never,
		"1e300 hours": httpx.MaxWait,
		"00:01:30":    90 * time.Second, "1m30s": 90 * time.Second, "250ms": 250 * time.Millisecond,
	} {
		got, ok := httpx.ReadWait(text, 0, now)
		if !ok {
			got = never
		}
		if (got - want).Abs() > time.Millisecond {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
	if got, _ := httpx.ReadWait("1500", time.Millisecond, now); got != 1500*time.Millisecond {
		t.Errorf("milliseconds: %v", got)
	}
}

// The headers of real products, each with the value that it has in their documentation or answers.
func TestWaitAsked(t *testing.T) {
	now := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC) // 1893553445
	for _, c := range []struct {
		name   string
		header map[string]string
		want   time.Duration // negative for none
		by     string
	}{
		{"nothing", nil, -1, ""},
		{"seconds", map[string]string{"Retry-After": "7"}, 7 * time.Second, "Retry-After"},
		{"decimals", map[string]string{"Retry-After": "0.25"}, 250 * time.Millisecond, "Retry-After"},
		{"epoch", map[string]string{"Retry-After": "1893553465"}, 20 * time.Second, "Retry-After"},
		{"at once", map[string]string{"Retry-After": "0"}, 0, "Retry-After"},
		{"Retry-After counts more", map[string]string{"Retry-After": "7", "X-Ratelimit-Reset": "99"}, 7 * time.Second, "Retry-After"},
		{"nonsense is passed over", map[string]string{"Retry-After": "soon", "X-Ratelimit-Reset": "9"}, 9 * time.Second, "X-Ratelimit-Reset"},
		{
			"by the server's clock",
			map[string]string{"Date": "Wed, 02 Jan 2030 05:00:00 GMT", "Retry-After": "Wed, 02 Jan 2030 05:00:30 GMT"},
			30 * time.Second, "Retry-After",
		},
		{
			"not by the clock of a cache",
			map[string]string{"Date": "Wed, 02 Jan 2030 02:00:00 GMT", "Age": "5", "Retry-After": "Wed, 02 Jan 2030 03:04:35 GMT"},
			30 * time.Second, "Retry-After",
		},
		{"RateLimit-Reset", map[string]string{"Ratelimit-Reset": "12"}, 12 * time.Second, "Ratelimit-Reset"},
		{"RateLimit", map[string]string{"Ratelimit": `"default";r=0;t=30`}, 30 * time.Second, "Ratelimit"},
		{
			"RateLimit of several policies",
			map[string]string{"Ratelimit": `"burst, fast";r=0;t=3, "daily";r=10;t=5000, "hourly";t=60;r=0`}, 60 * time.Second, "Ratelimit",
		},
		{"RateLimit of an early draft", map[string]string{"Ratelimit": "limit=100, remaining=0, reset=50"}, 50 * time.Second, "Ratelimit"},
		{"RateLimit with requests left", map[string]string{"Ratelimit": `"default";r=4;t=30`}, -1, ""},
		{
			"GitHub", map[string]string{"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": "1893553505"}, time.Minute, "X-Ratelimit-Reset",
		},
		{"a count that is not why", map[string]string{"X-Ratelimit-Remaining": "4000", "X-Ratelimit-Reset": "1893553505"}, -1, ""},
		{"epoch in milliseconds", map[string]string{"X-Ratelimit-Reset": "1893553455000"}, 10 * time.Second, "X-Ratelimit-Reset"},
		{"seconds from now", map[string]string{"X-Ratelimit-Reset": "45"}, 45 * time.Second, "X-Ratelimit-Reset"},
		{"a count that began anew", map[string]string{"X-Ratelimit-Reset": "1893553400"}, -1, ""},
		{
			"Okta", map[string]string{"X-Rate-Limit-Limit": "600", "X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Reset": "1893553475"},
			30 * time.Second, "X-Rate-Limit-Reset",
		},
		{"Qualys", map[string]string{"X-Ratelimit-Towait-Sec": "181", "X-Ratelimit-Remaining": "0"}, 181 * time.Second, "X-Ratelimit-Towait-Sec"},
		{"CrowdStrike", map[string]string{"X-Ratelimit-Retryafter": "1893553446"}, time.Second, "X-Ratelimit-Retryafter"},
		{
			"Azure cost management",
			map[string]string{
				"X-Ms-Ratelimit-Microsoft.costmanagement-Entity-Retry-After": "14",
				"X-Ms-Ratelimit-Microsoft.costmanagement-Tenant-Retry-After": "20",
			},
			20 * time.Second, "X-Ms-Ratelimit-Microsoft.costmanagement-Tenant-Retry-After",
		},
		{
			"Azure Resource Graph", map[string]string{"X-Ms-User-Quota-Remaining": "0", "X-Ms-User-Quota-Resets-After": "00:00:05"},
			5 * time.Second, "X-Ms-User-Quota-Resets-After",
		},
		{"Azure Cosmos DB", map[string]string{"X-Ms-Retry-After-Ms": "9500"}, 9500 * time.Millisecond, "X-Ms-Retry-After-Ms"},
		{
			"a bot's", map[string]string{"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": "1893553447", "X-Ratelimit-Reset-After": "1.25"},
			1250 * time.Millisecond, "X-Ratelimit-Reset-After",
		},
		{"with requests left", map[string]string{"X-Ratelimit-Remaining": "3", "X-Ratelimit-Reset-After": "64"}, -1, ""},
		{
			"a gateway with buckets", map[string]string{"X-Rate-Limit-Remaining": "0", "X-Rate-Limit-Retry-After-Seconds": "59"},
			59 * time.Second, "X-Rate-Limit-Retry-After-Seconds",
		},
		{"X-Rate-Limit-Retry-After", map[string]string{"X-Rate-Limit-Retry-After": "3"}, 3 * time.Second, "X-Rate-Limit-Retry-After"},
		{"X-RateLimit-Retry-After", map[string]string{"X-Ratelimit-Retry-After": "4"}, 4 * time.Second, "X-Ratelimit-Retry-After"},
		{"X-Retry-After", map[string]string{"X-Retry-After": "5 seconds"}, 5 * time.Second, "X-Retry-After"},
		{"longer than a day", map[string]string{"Retry-After": "259200"}, 72 * time.Hour, "Retry-After"},
	} {
		header := http.Header{}
		for name, value := range c.header {
			header.Set(name, value)
		}
		got, ok := httpx.WaitAsked(header, true, now)
		if other, _ := httpx.WaitAsked(header, false, now); other != got && !strings.Contains(strings.ToLower(got.Header), "limit") {
			t.Errorf("%s: %v by %q when it is not throttled", c.name, other.Wait, other.Header)
		}
		if !ok {
			got.Wait = -1
		}
		if (got.Wait-c.want).Abs() > time.Millisecond || got.Header != c.by {
			t.Errorf("%s: got %v by %q, want %v by %q", c.name, got.Wait, got.Header, c.want, c.by)
		}
	}
}

func TestExhausted(t *testing.T) {
	for name, c := range map[string]struct {
		header, value string
		want          bool
	}{
		"none":      {"X-Other", "0", false},
		"GitHub":    {"X-Ratelimit-Remaining", "0", true},
		"some left": {"X-Ratelimit-Remaining", "1", false},
		"negative":  {"X-Rate-Limit-Remaining", "-1", true},
		"Azure":     {"X-Ms-Ratelimit-Remaining-Subscription-Reads", "0", true},
		"field":     {"Ratelimit", `"default";r=0;t=5`, true},
		"nonsense":  {"Ratelimit-Remaining", "none", false},
	} {
		by, got := httpx.Exhausted(http.Header{c.header: {c.value}})
		if got != c.want || got && by != c.header {
			t.Errorf("%s: %v by %q", name, got, by)
		}
	}
}
