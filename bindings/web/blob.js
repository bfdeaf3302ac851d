// Blob and File. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { hidden } = native;
	const { describe, dictionary, isObject, needs, string, usv, oneOf, whole } = native.part("idl");
	const { Uint8Array, ArrayBuffer } = globalThis;
	const viewOf = (part) => ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
		: part instanceof ArrayBuffer ? new Uint8Array(part) : undefined;

	// typeOf is a type of content in the form that Blob has: in small letters, and none where there is
	// a character that types do not have.
	const typeOf = (type) => /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();

	// read reads the arguments of the constructors: parts are converted before the options are read.
	function read(parts, options) {
		let list = [];
		if (parts !== undefined) {
			const method = isObject(parts) ? parts[Symbol.iterator] : undefined;
			if (typeof method !== "function") throw new TypeError("the parts of a Blob are an array");
			for (const part of { [Symbol.iterator]: () => Reflect.apply(method, parts, []) }) {
				list.push(part instanceof ArrayBuffer || ArrayBuffer.isView(part) || isBlob(part) ? part : usv(part));
			}
		}
		if (options !== undefined && options !== null && !isObject(options)) throw new TypeError("the options of a Blob are an object");
		const given = dictionary(options, "the options of a Blob");
		const endings = given.endings === undefined ? "transparent" : oneOf(given.endings, ["transparent", "native"], "endings of a Blob");
		const type = given.type === undefined ? "" : string(given.type);
		return { list, endings, type: typeOf(type) };
	}
	function joined({ list, endings }) {
		const views = [];
		let size = 0;
		for (const part of list) {
			let view = typeof part === "string" ? undefined : isBlob(part) ? bytesOf(part) : viewOf(part);
			if (view === undefined) view = new Uint8Array(native.encode(endings === "native" ? part.replace(/\r\n?/g, "\n") : part));
			views.push(view);
			size += view.length;
		}
		const bytes = new Uint8Array(size);
		let at = 0;
		for (const view of views) {
			bytes.set(view, at);
			at += view.length;
		}
		return bytes;
	}
	const clamped = (value) => {
		const number = Number(value);
		return Number.isNaN(number) ? 0 : Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, Math.trunc(number)));
	};
	const later = (f) => new Promise((resolve) => resolve(f()));
	const made = Symbol("made here");

	let bytesOf, isBlob;
	class Blob {
		#bytes; #type;
		constructor(parts = undefined, options = {}) {
			if (parts === made) {
				this.#bytes = options.bytes;
				this.#type = options.type;
				return;
			}
			const given = read(parts, options);
			this.#bytes = joined(given);
			this.#type = given.type;
		}
		static {
			bytesOf = (blob) => blob.#bytes;
			isBlob = (value) => isObject(value) && #bytes in value;
		}
		get size() { return this.#bytes.length; }
		get type() { return this.#type; }
		slice(start = undefined, end = undefined, type = undefined) {
			const bytes = this.#bytes;
			const from = start === undefined ? 0 : clamped(start), to = end === undefined ? bytes.length : clamped(end);
			return new Blob(made, { bytes: bytes.subarray(from, to), type: type === undefined ? "" : typeOf(string(type)) });
		}
		stream() {
			const bytes = this.#bytes, most = 65536, streams = native.part("streams/bytes"), { stateOf } = native.part("streams/readable");
			let at = 0;
			const stream = streams.create(() => {}, () => {
				const { controller } = stateOf(stream);
				if (at < bytes.length) controller.enqueue(bytes.slice(at, at += most));
				if (at >= bytes.length) {
					controller.close();
					if (controller.pending.length > 0) controller.respond(0);
				}
				return Promise.resolve();
			}, () => Promise.resolve());
			return stream;
		}
		text() { return later(() => native.decoder("utf-8", false).decode(this.#bytes, false).replace(/^\ufeff/, "")); }
		arrayBuffer() { return later(() => this.#bytes.slice().buffer); }
		bytes() { return later(() => this.#bytes.slice()); }
		[hidden]() { return { kind: "blob", bytes: this.#bytes, type: this.#type }; }
		[native.cloning]() { return new Blob(made, { bytes: this.#bytes, type: this.#type }); }
	}
	describe(Blob);

	class File extends Blob {
		#name; #lastModified;
		constructor(bits, name, options = {}) {
			needs(arguments.length, 2, "File");
			if (bits === made) super(made, options);
			else {
				if (bits === undefined) throw new TypeError("the parts of a File are an array");
				super(bits, options);
			}
			this.#name = usv(name);
			const { lastModified } = options ?? {};
			this.#lastModified = lastModified === undefined ? Date.now() : whole(lastModified);
		}
		get name() { return this.#name; }
		get lastModified() { return this.#lastModified; }
		get webkitRelativePath() { void this.#name; return ""; }
		[native.cloning]() { return new File(made, this.#name, { bytes: bytesOf(this), type: this.type, lastModified: this.#lastModified }); }
	}
	describe(File);

	return { Blob, File, isBlob, bytesOf, newFile: (bytes, name, type, lastModified) => new File(made, name, { bytes, type, lastModified }) };
})
