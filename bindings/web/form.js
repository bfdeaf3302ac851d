// FormData. typings/globals.d.ts says what it does.
(function (native) {
	"use strict";
	const { hidden } = native;
	const { describe, needs, usv, pairs, isObject } = native.part("idl");
	const { File, isBlob, bytesOf, newFile } = native.part("blob");
	const encode = (text) => new Uint8Array(native.encode(text));

	// entry is what append and set put into a form: a name with a text or a File.
	function entry(args, what) {
		needs(args.length, 2, what);
		const [name, value, filename] = args;
		if (!isBlob(value)) {
			if (args.length > 2) throw new TypeError("only a Blob has a file name in FormData");
			return [usv(name), usv(value)];
		}
		const given = filename === undefined ? undefined : usv(filename);
		if (value instanceof File && given === undefined) return [usv(name), value];
		return [usv(name), newFile(bytesOf(value), given ?? "blob", value.type, value instanceof File ? value.lastModified : undefined)];
	}

	let entriesOf;
	class FormData {
		#entries = [];
		constructor(form = undefined) {
			if (form !== undefined) throw new TypeError("FormData takes no form here: append its fields");
		}
		append(name, value) { const all = this.#entries; all.push(entry(arguments, "append")); }
		delete(name) {
			void this.#entries;
			needs(arguments.length, 1, "delete");
			name = usv(name);
			this.#entries = this.#entries.filter(([other]) => other !== name);
		}
		get(name) {
			void this.#entries;
			needs(arguments.length, 1, "get");
			name = usv(name);
			return this.#entries.find(([other]) => other === name)?.[1] ?? null;
		}
		getAll(name) {
			void this.#entries;
			needs(arguments.length, 1, "getAll");
			name = usv(name);
			return this.#entries.filter(([other]) => other === name).map(([, value]) => value);
		}
		has(name) {
			void this.#entries;
			needs(arguments.length, 1, "has");
			name = usv(name);
			return this.#entries.some(([other]) => other === name);
		}
		set(name, value) {
			const all = this.#entries, made = entry(arguments, "set");
			const at = all.findIndex(([other]) => other === made[0]);
			if (at < 0) {
				all.push(made);
				return;
			}
			this.#entries = all.filter(([other], i) => i <= at || other !== made[0]);
			this.#entries[at] = made;
		}
		// The body of a request: its bytes and its type.
		[hidden]() {
			const lines = (text) => text.replace(/\r\n?|\n/g, "\r\n");
			const parts = this.#entries.map(([given, value]) => {
				const name = lines(given);
				return typeof value === "string" ? [name, encode(lines(value))] : [name, bytesOf(value), value.name, value.type];
			});
			const { data, boundary } = native.multipart(parts);
			return { kind: "form", bytes: new Uint8Array(data), type: `multipart/form-data; boundary=${boundary}` };
		}
		static {
			entriesOf = (form) => form.#entries;
			pairs(this, entriesOf);
		}
	}
	describe(FormData);

	// parse makes a form of a body of that type.
	function parse(bytes, type) {
		const form = new FormData();
		for (const [name, value, filename, content] of native.parseForm(bytes, type)) {
			entriesOf(form).push([name, filename === undefined ? value : newFile(new Uint8Array(value), filename, content, undefined)]);
		}
		return form;
	}

	return { FormData, parse, isForm: (value) => { try { return isObject(value) && entriesOf(value) !== undefined; } catch { return false; } } };
})
