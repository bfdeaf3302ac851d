// Encodings, base64, structuredClone and performance, in the form that the engine runs without a
// build. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { DOMException } = globalThis;

	class TextEncoder {
		get encoding() { return "utf-8"; }
		encode(text = "") { return new Uint8Array(native.encode(String(text))); }
		encodeInto(text, target) {
			let read = 0, written = 0;
			for (const character of String(text)) {
				const bytes = this.encode(character);
				if (written + bytes.length > target.length) break;
				target.set(bytes, written);
				read += character.length;
				written += bytes.length;
			}
			return { read, written };
		}
	}

	class TextDecoder {
		#decoder; #fatal; #ignoreBOM; #begun = false;
		constructor(label = "utf-8", options = {}) {
			this.#fatal = Boolean(options?.fatal);
			this.#ignoreBOM = Boolean(options?.ignoreBOM);
			this.#decoder = native.decoder(String(label), this.#fatal);
			if (this.#decoder === undefined) throw new RangeError(`TextDecoder knows no encoding "${label}"`);
		}
		get encoding() { return this.#decoder.encoding; }
		get fatal() { return this.#fatal; }
		get ignoreBOM() { return this.#ignoreBOM; }
		decode(input = new Uint8Array(0), options = {}) {
			const stream = Boolean(options?.stream);
			const decoded = this.#decoder.decode(input, stream);
			if (decoded === undefined) {
				this.#begun = false;
				throw new TypeError(`the bytes are not valid ${this.encoding}`);
			}
			const marked = !this.#begun && !this.#ignoreBOM && this.encoding.startsWith("utf-") && decoded.startsWith("\ufeff");
			this.#begun = stream && (this.#begun || decoded !== "");
			return marked ? decoded.slice(1) : decoded;
		}
	}

	function btoa(text) {
		if (arguments.length === 0) throw new TypeError("btoa needs a text");
		const encoded = native.toBase64(String(text));
		if (encoded === undefined) throw new DOMException("btoa takes characters up to U+00FF: encode the text as UTF-8 first, with TextEncoder", "InvalidCharacterError");
		return encoded;
	}

	function atob(text) {
		if (arguments.length === 0) throw new TypeError("atob needs a text");
		const decoded = native.fromBase64(String(text));
		if (decoded === undefined) throw new DOMException("the text is not base64", "InvalidCharacterError");
		return decoded;
	}

	// The engine's prelude clones; here is the error class that the platform has for it.
	function structuredClone(value) {
		if (arguments.length === 0) throw new TypeError("structuredClone needs a value");
		try {
			return native.clone(value);
		} catch (error) {
			if (error?.name !== "DataCloneError") throw error;
			throw new DOMException(error.message, "DataCloneError");
		}
	}

	const performance = Object.freeze({ now: native.now, timeOrigin: native.timeOrigin });

	return { TextEncoder, TextDecoder, atob, btoa, structuredClone, performance };
})
