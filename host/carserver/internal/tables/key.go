package tables

import (
	"strings"

	"carjs/host/model"
)

// DefaultRegion is the region of an address without one.
const DefaultRegion = "0"

// addresses is the only collection with a region in its keys.
const addresses = "ipaddress"

// Keys makes the keys of rows. The zero value makes keys that are today's external ids.
type Keys struct {
	// PlainAddresses leaves the default region out of the keys of addresses, as services without
	// regions did.
	PlainAddresses bool
}

// Address returns the key of an address in a region; "" is the default region. CAR keeps addresses
// by value, so all spellings of an address have the same key.
func (k Keys) Address(region, address string) string {
	address = model.CanonicalAddress(address)
	if region == "" {
		region = DefaultRegion
	}
	if region == DefaultRegion && k.PlainAddresses {
		return address
	}
	return region + "/" + address
}

// Of returns the key for an id that a client sent: an address may come with or without its region.
func (k Keys) Of(collection, id string) string {
	if collection != addresses || id == "" {
		return id
	}
	return k.Address(Region(id))
}

// Region splits the key of an address. The region is empty if the key has none.
func Region(key string) (region, address string) {
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		return key[:i], key[i+1:]
	}
	return "", key
}
