package model

import "strings"

// DefaultRegion is the region of an address for which none is named.
const DefaultRegion = "0"

// addresses is the collection whose vertices are identified by a region and a key.
const addresses = "ipaddress"

// Regional tells whether the vertices of a collection belong to regions: one address in two regions
// is two vertices.
func Regional(collection string) bool { return collection == addresses }

// VertexKey returns the key by which a vertex is named in an import, in whatever form it is given:
// in collections keyed by _key without "collection/" before it, and an address of the default
// region without its region. An address of another region is REGION/ADDRESS.
func (c *Collection) VertexKey(given string) string {
	if c.KeyedBy != ByKey {
		return given
	}
	return keyWithin(c.Name, given)
}

func keyWithin(collection, given string) string {
	key := strings.TrimPrefix(given, collection+"/")
	if collection == addresses {
		key = strings.TrimPrefix(strings.TrimPrefix(key, DefaultRegion+"/"), "/") // an empty region is the default
	}
	return key
}

// RegionalKey returns the key of an address in a region, in the form of [Collection.VertexKey].
func RegionalKey(region, address string) string {
	if region == "" || region == DefaultRegion {
		return address
	}
	return region + "/" + address
}

// SameKey returns a key in a form for comparison: two keys of a collection belong to the same
// vertex when their forms are equal. CAR stores addresses by value, so the spelling in which a data
// source has one is not the one in which CAR returns it.
func SameKey(collection, given string) string {
	if collection != addresses || isPlain(given) {
		return given
	}
	key := keyWithin(collection, given)
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		if address := CanonicalAddress(key[i+1:]); address != key[i+1:] {
			return key[:i+1] + address
		}
		return key
	}
	return CanonicalAddress(key)
}
