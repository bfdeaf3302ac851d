package fetch

import "net/url"

// Elsewhere is the error of a request that was redirected to an address.
func Elsewhere(address string, err error) error {
	u, _ := url.Parse(address)
	return &elsewhereError{u, err}
}
