// navigator: constants that tell nothing of the machine. typings/globals.d.ts says what each is.
(function (native) {
	"use strict";
	const { describe } = native.part("idl");
	const key = Symbol("made here");
	class Navigator {
		#own;
		constructor(given = undefined) { if (given !== key) throw new TypeError("Illegal constructor: there is one, navigator"); }
		get userAgent() { void this.#own; return "carjs"; }
		get platform() { void this.#own; return ""; }
		get language() { void this.#own; return "en-US"; }
		get languages() { void this.#own; return languages; }
		get hardwareConcurrency() { void this.#own; return 1; }
		get onLine() { void this.#own; return true; }
	}
	describe(Navigator);
	const languages = Object.freeze(["en-US"]);
	return { navigator: new Navigator(key), Navigator };
})
