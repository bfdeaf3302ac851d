package kubetest

import (
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"carjs/host/deploy/manifest"
)

// What carjs checks itself, it checks as Kubernetes does: whatever it lets pass is accepted, and
// what Kubernetes refuses it refuses.
func TestSameRules(t *testing.T) {
	whole := documents(t, goldens+"/cronjob-env.yaml")
	good := string(whole[len(whole)-1])
	with := func(t *testing.T, path, value string) error {
		t.Helper()
		var object map[string]any
		if err := yaml.Unmarshal([]byte(good), &object); err != nil {
			t.Fatal(err)
		}
		at, key := object, path
		if parent, child, nested := strings.Cut(path, "."); nested {
			at, key = object[parent].(map[string]any), child
		}
		at[key] = value
		text, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		_, err = accept(text)
		return err
	}
	for _, test := range []struct {
		path   string
		check  func(string) error
		values []string
		// stricter are values that Kubernetes accepts and carjs refuses.
		stricter []string
	}{
		{"spec.schedule", manifest.CheckSchedule, []string{
			"* * * * *", "*/15 * * * *", "0 0 * * 0", "0 0 * * sun", "59 23 31 12 6", "0 2 * * MON-FRI", "0 0 1,15 * ?", "1-5/2 * * jan *",
			"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually", "@every 1h", "  0 2 * * *  ", "0 0 29 2 *",
			"", "mm HH * * *", "0 0 * * 7", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "0 2 * *",
			"0 0 2 * * *", "@dayly", "@every", "@reboot", "TZ=UTC 0 2 * * *", "CRON_TZ=UTC", "5-1 * * * *", "*/0 * * * *", "a b c d e", "L * * * *",
		}, []string{"0 0 30 2 *"}},
		{"spec.timeZone", manifest.CheckTimeZone, []string{
			"Etc/UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5",
			"", "Local", "local", "Europe/Berlyn", "../etc/passwd", "Europe/", "/Europe/Berlin", "+01:00",
		}, nil},
		{"metadata.name", func(name string) error {
			if short, ok := strings.CutPrefix(name, manifest.Prefix); ok {
				return manifest.CheckName(short)
			}
			return manifest.CheckName(name)
		}, []string{
			"car-north", "car-n", "car-0", "car-" + strings.Repeat("n", 48),
			"car-" + strings.Repeat("n", 49), "car-North", "car-n_", "car-n-", "car-ä", "car-n/n",
		}, []string{"car-north.east"}},
	} {
		for _, value := range test.values {
			ours, theirs := test.check(value), with(t, test.path, value)
			if (ours == nil) != (theirs == nil) {
				t.Errorf("%s %q: carjs says %v, Kubernetes %v", test.path, value, ours, theirs)
			}
		}
		for _, value := range test.stricter {
			ours, theirs := test.check(value), with(t, test.path, value)
			if ours == nil || theirs != nil {
				t.Errorf("%s %q: carjs says %v, Kubernetes %v", test.path, value, ours, theirs)
			}
		}
	}
}
