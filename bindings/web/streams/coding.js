// The transforms that encode: TextEncoderStream, TextDecoderStream, CompressionStream and
// DecompressionStream. typings/streams.d.ts says what each does.
(function (native) {
	"use strict";
	const { create } = native.part("streams/transform");
	const { describe, needs, oneOf } = native.part("idl");
	const { TextDecoder } = native.part("encoding");
	const { Uint8Array, ArrayBuffer } = globalThis;

	// bytesOf is what an ArrayBuffer or a view holds; others are an error.
	function bytesOf(chunk) {
		if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
		if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
		throw new TypeError("the chunks are ArrayBuffers, typed arrays or DataViews");
	}

	class TextEncoderStream {
		#sides;
		constructor() {
			let high = "";
			this.#sides = create((chunk, enqueue) => {
				let text = high + `${chunk}`;
				const last = text.charCodeAt(text.length - 1);
				// The other half of a pair may come with the next chunk.
				high = last >= 0xd800 && last <= 0xdbff ? text.slice(-1) : "";
				if (high !== "") text = text.slice(0, -1);
				if (text !== "") enqueue(new Uint8Array(native.encode(text)));
			}, (enqueue) => { if (high !== "") enqueue(new Uint8Array([0xef, 0xbf, 0xbd])); });
		}
		get encoding() { void this.#sides; return "utf-8"; }
		get readable() { return this.#sides.readable; }
		get writable() { return this.#sides.writable; }
	}

	class TextDecoderStream {
		#sides; #decoder;
		constructor(label = "utf-8", options = {}) {
			const decoder = this.#decoder = new TextDecoder(label, options);
			this.#sides = create((chunk, enqueue) => {
				const text = decoder.decode(bytesOf(chunk), { stream: true });
				if (text !== "") enqueue(text);
			}, (enqueue) => {
				const text = decoder.decode();
				if (text !== "") enqueue(text);
			});
		}
		get encoding() { return this.#decoder.encoding; }
		get fatal() { return this.#decoder.fatal; }
		get ignoreBOM() { return this.#decoder.ignoreBOM; }
		get readable() { return this.#sides.readable; }
		get writable() { return this.#sides.writable; }
	}

	const formats = ["deflate", "deflate-raw", "gzip"];
	// coded is a transform by what Go has: { write(bytes), end(), close() }, of which the first two
	// return an ArrayBuffer, or undefined for nothing.
	function coded(coder) {
		const give = (buffer, enqueue) => { if (buffer !== undefined) enqueue(new Uint8Array(buffer)); };
		return create((chunk, enqueue) => give(coder.write(bytesOf(chunk)), enqueue), (enqueue) => give(coder.end(), enqueue), () => coder.close());
	}
	class CompressionStream {
		#sides;
		constructor(format) {
			needs(arguments.length, 1, "CompressionStream");
			this.#sides = coded(native.compressor(oneOf(format, formats, "a format")));
		}
		get readable() { return this.#sides.readable; }
		get writable() { return this.#sides.writable; }
	}
	class DecompressionStream {
		#sides;
		constructor(format) {
			needs(arguments.length, 1, "DecompressionStream");
			this.#sides = coded(native.expander(oneOf(format, formats, "a format")));
		}
		get readable() { return this.#sides.readable; }
		get writable() { return this.#sides.writable; }
	}
	for (const Class of [TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream]) describe(Class);

	return { TextEncoderStream, TextDecoderStream, CompressionStream, DecompressionStream };
})
