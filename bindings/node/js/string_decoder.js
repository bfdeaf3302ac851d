// The module string_decoder.
(function (native, require) {
	"use strict";
	const { Buffer } = require("node:buffer");
	function StringDecoder(encoding) {
		if (encoding !== undefined && encoding !== null && !Buffer.isEncoding(encoding)) {
			const error = new TypeError(`Unknown encoding: ${encoding}`);
			error.code = "ERR_UNKNOWN_ENCODING";
			throw error;
		}
		const name = String(encoding ?? "utf8").toLowerCase();
		this.encoding = { "utf-8": "utf8", "binary": "latin1", "ucs2": "utf16le", "ucs-2": "utf16le", "utf-16le": "utf16le" }[name] ?? name;
		this.rest = Buffer.alloc(0);
	}
	// How many bytes at the end are the start of a character that is not whole.
	function open(data, encoding) {
		if (encoding === "base64" || encoding === "base64url") return data.length % 3;
		if (encoding === "utf16le") {
			const odd = data.length % 2, whole = data.length - odd;
			return whole >= 2 && (data[whole - 1] & 0xfc) === 0xd8 ? odd + 2 : odd;
		}
		if (encoding !== "utf8") return 0;
		for (let back = 1; back <= Math.min(3, data.length); back++) {
			const byte = data[data.length - back];
			if ((byte & 0xc0) === 0x80) continue;
			const length = byte >= 0xf0 && byte < 0xf5 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
			return length > back ? back : 0;
		}
		return 0;
	}
	StringDecoder.prototype.write = function (data) {
		if (typeof data === "string") return data;
		let all = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
		if (this.rest.length > 0) all = Buffer.concat([this.rest, all]);
		const kept = open(all, this.encoding);
		this.rest = Buffer.from(all.subarray(all.length - kept));
		return all.toString(this.encoding, 0, all.length - kept);
	};
	StringDecoder.prototype.end = function (data) {
		const text = data === undefined ? "" : this.write(data);
		const rest = this.rest;
		this.rest = Buffer.alloc(0);
		return rest.length === 0 ? text : text + (this.encoding === "utf8" ? "\ufffd" : rest.toString(this.encoding));
	};
	StringDecoder.prototype.text = function (data, offset) { this.rest = Buffer.alloc(0); return this.write(data.subarray(offset)); };
	return { StringDecoder };
})
