// The module zlib: whole values, at once or with a callback.
(function (native, require) {
	"use strict";
	const { Buffer } = require("node:buffer");
	const messages = {
		Z_BUF_ERROR: ["unexpected end of file", -5], Z_DATA_ERROR: ["incorrect header check", -3],
		ERR_BUFFER_TOO_LARGE: ["Cannot create a Buffer larger than the allowed size", undefined],
	};
	function bytes(data) {
		if (typeof data === "string") return Buffer.from(data);
		if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
		if (data instanceof ArrayBuffer) return new Uint8Array(data);
		const error = new TypeError("The \"buffer\" argument must be of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer.");
		error.code = "ERR_INVALID_ARG_TYPE";
		throw error;
	}
	function wrap(result) {
		if (typeof result !== "string") return Buffer.from(result.buffer);
		const [message, errno] = messages[result];
		const error = new (errno === undefined ? RangeError : Error)(message);
		error.code = result;
		if (errno !== undefined) error.errno = errno;
		throw error;
	}
	const compress = (format) => (data, options) => wrap(native.compress(format, bytes(data), options?.level ?? -1));
	const expand = (format) => (data, options) => wrap(native.expand(format, bytes(data), options?.maxOutputLength));
	const either = (data, options) => {
		const all = bytes(data);
		return (all[0] === 0x1f && all[1] === 0x8b ? sync.gunzip : sync.inflate)(all, options);
	};
	const sync = {
		gzip: compress("gzip"), gunzip: expand("gzip"), deflate: compress("deflate"), inflate: expand("deflate"),
		deflateRaw: compress("raw"), inflateRaw: expand("raw"), unzip: either,
	};
	const module = {
		constants: {
			Z_NO_FLUSH: 0, Z_PARTIAL_FLUSH: 1, Z_SYNC_FLUSH: 2, Z_FULL_FLUSH: 3, Z_FINISH: 4, Z_BLOCK: 5, Z_OK: 0, Z_STREAM_END: 1, Z_NEED_DICT: 2,
			Z_ERRNO: -1, Z_STREAM_ERROR: -2, Z_DATA_ERROR: -3, Z_MEM_ERROR: -4, Z_BUF_ERROR: -5, Z_VERSION_ERROR: -6, Z_NO_COMPRESSION: 0,
			Z_BEST_SPEED: 1, Z_BEST_COMPRESSION: 9, Z_DEFAULT_COMPRESSION: -1, Z_FILTERED: 1, Z_HUFFMAN_ONLY: 2, Z_RLE: 3, Z_FIXED: 4,
			Z_DEFAULT_STRATEGY: 0,
		},
	};
	for (const [name, run] of Object.entries(sync)) {
		module[`${name}Sync`] = run;
		module[name] = function (data, options, callback) {
			if (typeof options === "function") { callback = options; options = undefined; }
			if (typeof callback !== "function") throw new TypeError("The \"callback\" argument must be of type function");
			const input = bytes(data);
			queueMicrotask(() => {
				let result;
				try { result = run(input, options); } catch (error) { callback(error); return; }
				callback(null, result);
			});
		};
	}
	const without = (name, instead) => { module[name] = function () { throw new Error(`${name} of Node's "zlib" is not available in carjs: ${instead}`); }; };
	for (const name of ["Gzip", "Gunzip", "Deflate", "Inflate", "DeflateRaw", "InflateRaw", "Unzip"]) {
		without(`create${name}`, `use ${name[0].toLowerCase()}${name.slice(1)} or ${name[0].toLowerCase()}${name.slice(1)}Sync`);
		without(name, `use ${name[0].toLowerCase()}${name.slice(1)} or ${name[0].toLowerCase()}${name.slice(1)}Sync`);
	}
	for (const name of ["brotliCompress", "brotliCompressSync", "brotliDecompress", "brotliDecompressSync", "createBrotliCompress", "createBrotliDecompress"]) without(name, "fetch expands br by itself; use gzip for data of your own");
	Object.assign(module, module.constants);
	return module;
})
