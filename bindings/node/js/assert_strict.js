// The module assert/strict.
(function (native, require) {
	"use strict";
	return require("node:assert").strict;
})
