// Package crypto is the module "carjs/crypto": digests, signatures, signed tokens and random
// values, as signed requests and service accounts need them.
//
// Nothing here says anything of a key but its kind. Texts count as their UTF-8; how bytes become
// texts otherwise is in the module "carjs/encoding".
package crypto

import (
	"carjs/bindings/args"
	"carjs/host/script"
)

// Module is the package's row in the table of modules.
func Module() script.Module {
	return args.Module("carjs/crypto", []args.Function{
		{Name: "hash", Run: hashData},
		{Name: "hmac", Run: hmacData},
		{Name: "sign", Run: sign},
		{Name: "verify", Run: verify},
		{Name: "jwt", Run: jwt},
		{Name: "uuid", Run: uuid},
		{Name: "randomBytes", Run: randomBytes},
		{Name: "timingSafeEqual", Run: timingSafeEqual},
	})
}
