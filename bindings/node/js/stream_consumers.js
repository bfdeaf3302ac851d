// The module stream/consumers: what a stream has, as a whole.
(function (native, require) {
	"use strict";
	async function bytes(stream) {
		const { Buffer } = require("node:buffer"), chunks = [];
		const iterator = (stream[Symbol.asyncIterator] ?? stream[Symbol.iterator]).call(stream);
		for (;;) {
			const { value, done } = await iterator.next();
			if (done) return Buffer.concat(chunks);
			chunks.push(typeof value === "string" ? Buffer.from(value) : Buffer.from(value.buffer ?? value, value.byteOffset, value.byteLength));
		}
	}
	const text = async (stream) => new TextDecoder().decode(await bytes(stream));
	return {
		buffer: bytes, text,
		arrayBuffer: async (stream) => { const all = await bytes(stream); return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength); },
		blob: async (stream) => new Blob([await bytes(stream)]),
		json: async (stream) => JSON.parse(await text(stream)),
	};
})
