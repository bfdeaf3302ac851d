// The global crypto, under the name by which bundles of older versions ask for it.
(function () {
	"use strict";
	return globalThis.crypto;
})
