// Blob, File and FormData, in the form that the engine runs without a build. typings/globals.d.ts says
// what each does.
(function (native) {
	"use strict";
	const hidden = native.hidden;
	const encode = (text) => new Uint8Array(native.encode(String(text)));
	// wellFormed is a text with U+FFFD in the place of halves of surrogate pairs.
	function wellFormed(text) {
		text = String(text);
		return /[\ud800-\udfff]/.test(text) ? native.decoder("utf-8", false).decode(encode(text), false) : text;
	}
	const viewOf = (part) => ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
		: part instanceof ArrayBuffer ? new Uint8Array(part) : undefined;

	// typeOf is a type of content in the form that Blob has: in small letters, and none where there is
	// a character that types do not have.
	function typeOf(type) {
		type = String(type ?? "");
		return /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();
	}

	function joined(parts, endings) {
		const views = [];
		let size = 0;
		for (const part of parts) {
			let view = part instanceof Blob ? bytesOf(part) : viewOf(part);
			if (view === undefined) view = encode(endings === "native" ? String(part).replace(/\r\n?/g, "\n") : part);
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

	let bytesOf;
	class Blob {
		#bytes; #type;
		constructor(parts = [], options = {}) {
			if (options !== null && typeof options !== "object" && typeof options !== "function") throw new TypeError("the options of a Blob are an object");
			if (typeof parts !== "object" || parts === null || typeof parts[Symbol.iterator] !== "function") throw new TypeError("the parts of a Blob are an array");
			const endings = options?.endings ?? "transparent";
			if (endings !== "transparent" && endings !== "native") throw new TypeError(`endings of a Blob is "transparent" or "native"`);
			this.#bytes = joined(parts, endings);
			this.#type = typeOf(options?.type);
		}
		static { bytesOf = (blob) => blob.#bytes; }
		get size() { return this.#bytes.length; }
		get type() { return this.#type; }
		slice(start, end, type) {
			const part = new Blob();
			part.#bytes = this.#bytes.subarray(start ?? 0, end ?? this.#bytes.length);
			part.#type = typeOf(type);
			return part;
		}
		text() {
			return new Promise((resolve) => resolve(native.decoder("utf-8", false).decode(this.#bytes, false).replace(/^\ufeff/, "")));
		}
		arrayBuffer() { return new Promise((resolve) => resolve(this.#bytes.slice().buffer)); }
		bytes() { return new Promise((resolve) => resolve(this.#bytes.slice())); }
		stream() {
			const bytes = this.#bytes, most = 65536;
			let at = 0;
			return new globalThis.ReadableStream({
				type: "bytes",
				pull(controller) {
					if (at < bytes.length) controller.enqueue(bytes.slice(at, at += most));
					else controller.close();
				},
			});
		}
		get [Symbol.toStringTag]() { return "Blob"; }
		[hidden]() { return { kind: "blob", bytes: this.#bytes, type: this.#type }; }
	}

	class File extends Blob {
		#name; #lastModified;
		constructor(bits, name, options = {}) {
			if (arguments.length < 2) throw new TypeError("a File has parts and a name");
			super(bits, options);
			this.#name = wellFormed(name);
			this.#lastModified = options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0;
		}
		get name() { return this.#name; }
		get lastModified() { return this.#lastModified; }
		get webkitRelativePath() { return ""; }
		get [Symbol.toStringTag]() { return "File"; }
	}

	// valueOf is the value of an entry: a text, or a File.
	function valueOf(args) {
		const [, value, filename] = args;
		if (!(value instanceof Blob)) {
			if (args.length > 2) throw new TypeError("only a Blob has a file name in FormData");
			return wellFormed(value);
		}
		if (value instanceof File && filename === undefined) return value;
		const { bytes, type } = value[hidden]();
		return new File([bytes], filename === undefined ? "blob" : filename, { type, lastModified: value instanceof File ? value.lastModified : undefined });
	}

	class FormData {
		#entries = [];
		constructor(form) {
			if (form !== undefined) throw new TypeError("FormData takes no form here: append its fields");
		}
		append(name, value) {
			if (arguments.length < 2) throw new TypeError("append takes a name and a value");
			this.#entries.push([wellFormed(name), valueOf(arguments)]);
		}
		delete(name) {
			name = wellFormed(name);
			this.#entries = this.#entries.filter(([other]) => other !== name);
		}
		get(name) {
			name = wellFormed(name);
			return this.#entries.find(([other]) => other === name)?.[1] ?? null;
		}
		getAll(name) {
			name = wellFormed(name);
			return this.#entries.filter(([other]) => other === name).map(([, value]) => value);
		}
		has(name) {
			name = wellFormed(name);
			return this.#entries.some(([other]) => other === name);
		}
		set(name, value) {
			if (arguments.length < 2) throw new TypeError("set takes a name and a value");
			name = wellFormed(name);
			const entry = [name, valueOf(arguments)];
			const at = this.#entries.findIndex(([other]) => other === name);
			if (at < 0) {
				this.#entries.push(entry);
				return;
			}
			this.#entries = this.#entries.filter(([other], i) => i <= at || other !== name);
			this.#entries[at] = entry;
		}
		forEach(callback, thisArg) { for (const [name, value] of this) callback.call(thisArg, value, name, this); }
		*entries() { for (let i = 0; i < this.#entries.length; i++) yield [...this.#entries[i]]; }
		*keys() { for (const [name] of this.entries()) yield name; }
		*values() { for (const [, value] of this.entries()) yield value; }
		[Symbol.iterator]() { return this.entries(); }
		get [Symbol.toStringTag]() { return "FormData"; }
		// The body of a request: its bytes and its type.
		[hidden]() {
			const lines = (text) => text.replace(/\r\n?|\n/g, "\r\n");
			const parts = this.#entries.map(([given, value]) => {
				const name = lines(given);
				if (typeof value === "string") return [name, encode(lines(value))];
				const { bytes, type } = value[hidden]();
				return [name, bytes, value.name, type];
			});
			const { data, boundary } = native.multipart(parts);
			return { kind: "form", bytes: new Uint8Array(data), type: `multipart/form-data; boundary=${boundary}` };
		}
		// The fields of a body of that type.
		static [hidden](bytes, type) {
			const form = new FormData();
			for (const [name, value, filename, content] of native.parseForm(bytes, type)) {
				form.append(name, filename === undefined ? value : new File([value], filename, { type: content }));
			}
			return form;
		}
	}

	return { Blob, File, FormData };
})
