package tables

import (
	"strings"

	"carjs/host/model"
)

// DefaultRegion is the region of an address that names none.
const DefaultRegion = "0"

// addresses is the one collection whose keys have a region before them.
const addresses = "ipaddress"

// Keys makes the keys of rows. The zero value makes them as the service shows external ids today.
type Keys struct {
	// PlainAddresses leaves the region out of the key of an address that is in the default region,
	// as services did before there were regions.
	PlainAddresses bool
}

// Address returns the key of an address in a region; an empty region is the default one. CAR keeps
// addresses by value, so all spellings of an address have the same key.
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

// Of returns the key that a client means by an id of a collection: an address may be given with its
// region or without.
func (k Keys) Of(collection, id string) string {
	if collection != addresses || id == "" {
		return id
	}
	return k.Address(Region(id))
}

// Region splits the key of an address. The region is empty where the key has none.
func Region(key string) (region, address string) {
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		return key[:i], key[i+1:]
	}
	return "", key
}
