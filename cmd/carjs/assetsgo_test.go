package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"carjs/host"
)

// Deleted assets take their addresses, cards and host names along, except for those that other
// assets have as well. Some rows of other assets go at the same time, or change.
func TestReferenceAssetsGo(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 11))
			d := newDesk(t)
			d.ok(host.ModeFull, "reference")
			d.change(func(s source) {
				for range 6 { // some with the same values
					for _, kind := range []string{"assets", "ip_addresses", "mac_addresses", "hosts"} {
						create(rng, s, kind)
					}
				}
			})
			d.follows("reference")
			for range 5 {
				var did []string
				d.change(func(s source) {
					for range 1 + rng.IntN(2) {
						did = append(did, remove(rng, s, "assets"))
					}
					kind := []string{"ip_addresses", "mac_addresses", "hosts", "apps", "ports"}[rng.IntN(5)]
					switch rng.IntN(4) {
					case 0:
						did = append(did, remove(rng, s, kind))
					case 1:
						did = append(did, edit(rng, s, kind))
					}
				})
				t.Logf("%s", strings.Join(did, "\n"))
				d.follows("reference")
				d.sameAsFull()
			}
		})
	}
}
