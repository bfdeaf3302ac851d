package model

import "testing"

func TestCanonicalMAC(t *testing.T) {
	for _, text := range []string{
		"08:00:2b:01:02:03", "08:00:2B:01:02:03", "08-00-2b-01-02-03", "8:0:2b:1:2:3", "08002b:010203", "08002B-010203", "0800.2b01.0203",
		"0800-2B01-0203", "08002b010203", "8-00-2b-1-02-3",
	} {
		if got := CanonicalMAC(text); got != "08:00:2b:01:02:03" {
			t.Errorf("%s: %s", text, got)
		}
	}
	for _, text := range []string{"", "x", "08:00:2B:01:02", "08:00:2B:01:02:03:04:05", "08:00:2B:01:02:0G", "0800:2B01:0203:0405"} {
		if got := CanonicalMAC(text); got != text {
			t.Errorf("%s: %s", text, got)
		}
	}
}
