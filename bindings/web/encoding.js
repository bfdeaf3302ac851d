// TextEncoder, TextDecoder and base64. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, dictionary, string, needs } = native.part("idl");
	const { Uint8Array, ArrayBuffer } = globalThis;
	const invalid = (message) => new (native.part("exception").DOMException)(message, "InvalidCharacterError");

	class TextEncoder {
		#own;
		get encoding() { void this.#own; return "utf-8"; }
		encode(text = "") {
			void this.#own;
			return new Uint8Array(native.encode(string(text)));
		}
		encodeInto(text, target) {
			void this.#own;
			needs(arguments.length, 2, "encodeInto");
			text = string(text);
			if (!(target instanceof Uint8Array)) throw new TypeError("encodeInto writes to a Uint8Array");
			let read = 0, written = 0;
			for (const character of text) {
				const point = character.codePointAt(0), length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
				if (written + length > target.length) break;
				if (length === 1) target[written] = point;
				else target.set(new Uint8Array(native.encode(character)), written);
				read += character.length;
				written += length;
			}
			return { read, written };
		}
	}
	describe(TextEncoder);

	class TextDecoder {
		#decoder; #fatal; #ignoreBOM; #begun = false;
		constructor(label = "utf-8", options = {}) {
			label = string(label);
			const { fatal, ignoreBOM } = dictionary(options, "the options of TextDecoder");
			this.#fatal = Boolean(fatal);
			this.#ignoreBOM = Boolean(ignoreBOM);
			this.#decoder = native.decoder(label, this.#fatal);
			if (this.#decoder === undefined) throw new RangeError(`TextDecoder knows no encoding ${JSON.stringify(label)}`);
		}
		get encoding() { return this.#decoder.encoding; }
		get fatal() { return this.#fatal; }
		get ignoreBOM() { return this.#ignoreBOM; }
		decode(input = new Uint8Array(0), options = {}) {
			void this.#decoder;
			if (!(input instanceof ArrayBuffer) && !ArrayBuffer.isView(input)) throw new TypeError("TextDecoder.decode takes an ArrayBuffer, a typed array or a DataView");
			const stream = Boolean(dictionary(options, "the options of decode").stream);
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
	describe(TextDecoder);

	function btoa(text) {
		needs(arguments.length, 1, "btoa");
		const encoded = native.toBase64(string(text));
		if (encoded === undefined) throw invalid("btoa takes characters up to U+00FF: encode the text as UTF-8 first, with TextEncoder");
		return encoded;
	}

	function atob(text) {
		needs(arguments.length, 1, "atob");
		const decoded = native.fromBase64(string(text));
		if (decoded === undefined) throw invalid("the text is not base64");
		return decoded;
	}

	return { TextEncoder, TextDecoder, atob, btoa };
})
