// The module constants: those of no machine.
(function (native, require) {
	"use strict";
	return { ...require("node:os").constants };
})
