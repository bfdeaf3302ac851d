// The module stream/web: the streams of the web platform, which are globals.
(function () {
	"use strict";
	const module = {};
	for (const name of ["ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "ReadableStreamBYOBRequest", "ReadableByteStreamController",
		"ReadableStreamDefaultController", "TransformStream", "TransformStreamDefaultController", "WritableStream", "WritableStreamDefaultController",
		"WritableStreamDefaultWriter", "ByteLengthQueuingStrategy", "CountQueuingStrategy", "TextEncoderStream", "TextDecoderStream", "CompressionStream",
		"DecompressionStream"]) {
		Object.defineProperty(module, name, { get: () => globalThis[name], enumerable: true, configurable: true });
	}
	return module;
})
