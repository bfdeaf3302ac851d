// The module buffer: the class of goja_nodejs, and what that lacks.
(function (native, require) {
	"use strict";
	const Native = native.Buffer;
	const prototype = Native.prototype;
	const kMaxLength = 2 ** 31 - 1;

	function fail(Class, code, message) {
		const error = new Class(message);
		error.code = code;
		throw error;
	}

	const encodings = {
		"utf8": "utf8", "utf-8": "utf8", "hex": "hex", "base64": "base64", "base64url": "base64url", "ascii": "ascii", "latin1": "latin1",
		"binary": "latin1", "ucs2": "utf16le", "ucs-2": "utf16le", "utf16le": "utf16le", "utf-16le": "utf16le",
	};
	function known(name) {
		if (name === undefined || name === null || name === "") return "utf8";
		return encodings[name] ?? encodings[String(name).toLowerCase()];
	}
	function encodingOf(name) {
		return known(name) ?? fail(TypeError, "ERR_UNKNOWN_ENCODING", `Unknown encoding: ${name}`);
	}

	function Buffer(value, encoding, length) {
		if (typeof value === "number") return Buffer.alloc(value);
		return Buffer.from(value, encoding, length);
	}
	Object.setPrototypeOf(Buffer, Uint8Array);
	Object.defineProperty(Buffer, "prototype", { value: prototype, writable: false, enumerable: false, configurable: false });
	Object.defineProperty(prototype, "constructor", { value: Buffer, writable: true, enumerable: false, configurable: true });

	// What numbers are read and written, how many bytes they take, and between which bounds they lie.
	const numbers = [
		["UInt8", 1, 0, 2 ** 8 - 1], ["Int8", 1, -(2 ** 7), 2 ** 7 - 1], ["UInt16", 2, 0, 2 ** 16 - 1], ["Int16", 2, -(2 ** 15), 2 ** 15 - 1],
		["UInt32", 4, 0, 2 ** 32 - 1], ["Int32", 4, -(2 ** 31), 2 ** 31 - 1], ["Float", 4], ["Double", 8], ["BigUInt64", 8], ["BigInt64", 8],
	];
	function checkOffset(offset, last) {
		if (Number.isInteger(offset) && offset >= 0 && offset <= last) return;
		if (typeof offset !== "number") fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "offset" argument must be of type number. Received ${received(offset)}`);
		if (!Number.isInteger(offset)) fail(RangeError, "ERR_OUT_OF_RANGE", `The value of "offset" is out of range. It must be an integer. Received ${offset}`);
		if (last < 0) fail(RangeError, "ERR_BUFFER_OUT_OF_BOUNDS", "Attempt to access memory outside buffer bounds");
		fail(RangeError, "ERR_OUT_OF_RANGE", `The value of "offset" is out of range. It must be >= 0 and <= ${last}. Received ${offset}`);
	}
	// The natives take offsets that are none, and say less of what is wrong.
	for (const [kind, size, min, max] of numbers) {
		for (const order of size === 1 ? [""] : ["LE", "BE"]) {
			const read = prototype[`read${kind}${order}`], write = prototype[`write${kind}${order}`];
			const checked = {
				[`read${kind}${order}`](offset = 0) { checkOffset(offset, this.length - size); return read.call(this, offset); },
				[`write${kind}${order}`](value, offset = 0) {
					if (max !== undefined && ((value = +value) < min || value > max)) {
						fail(RangeError, "ERR_OUT_OF_RANGE", `The value of "value" is out of range. It must be >= ${min} and <= ${max}. Received ${value}`);
					}
					checkOffset(offset, this.length - size);
					return write.call(this, value, offset);
				},
			};
			for (const name in checked) {
				for (const alias of [name, name.replace("UInt", "Uint")]) {
					if (prototype[alias]) Object.defineProperty(prototype, alias, { value: checked[name], writable: true, enumerable: false, configurable: true });
				}
			}
		}
	}

	Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), {
		value: function inspect() {
			const most = 50, rest = this.length - most;
			const shown = Array.from(this.subarray(0, most), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
			return `<Buffer ${shown}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? "s" : ""}` : ""}>`;
		},
		writable: true, enumerable: false, configurable: true,
	});

	function wrap(view) { return Object.setPrototypeOf(view, prototype); }

	// Views share memory, whatever class they are of.
	function bytes(value, name) {
		if (value instanceof Uint8Array) return value;
		return fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "${name}" argument must be an instance of Buffer or Uint8Array. Received ${received(value)}`);
	}
	function received(value) {
		if (value === null || value === undefined) return String(value);
		if (typeof value === "function") return `function ${value.name}`;
		if (typeof value === "object") return value.constructor?.name ? `an instance of ${value.constructor.name}` : "an object";
		return `type ${typeof value} (${typeof value === "string" ? `'${value}'` : String(value)})`;
	}

	function size(value) {
		if (typeof value !== "number") fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "size" argument must be of type number. Received ${received(value)}`);
		if (!(value >= 0 && value <= kMaxLength)) fail(RangeError, "ERR_OUT_OF_RANGE", `The value of "size" is out of range. It must be >= 0 && <= ${kMaxLength}. Received ${value}`);
		return value;
	}

	const statics = {
		poolSize: 8192,
		from(value, encoding, length) {
			if (typeof value === "string") return wrap(new Uint8Array(native.encode(value, encodingOf(encoding))));
			if (typeof value === "object" && value !== null) {
				if (value instanceof ArrayBuffer) return wrap(new Uint8Array(value, encoding === undefined ? 0 : Number(encoding), length === undefined ? undefined : Number(length)));
				if (value instanceof Uint8Array) return wrap(new Uint8Array(value));
				if (value.type === "Buffer" && Array.isArray(value.data)) return wrap(Uint8Array.from(value.data, (n) => n & 255));
				const primitive = value.valueOf?.();
				if (primitive !== undefined && primitive !== null && primitive !== value) return Buffer.from(primitive, encoding, length);
				if (typeof value.length === "number") return wrap(Uint8Array.from({ length: Math.max(0, value.length) }, (_, i) => value[i] & 255));
				if (typeof value[Symbol.toPrimitive] === "function") return Buffer.from(value[Symbol.toPrimitive]("string"), encoding);
			}
			return fail(TypeError, "ERR_INVALID_ARG_TYPE", `The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object. Received ${received(value)}`);
		},
		of(...values) { return Buffer.from(values); },
		// Functions, not methods: packages call them with new, as Node lets them.
		alloc: function (length, fill, encoding) {
			const made = wrap(new Uint8Array(size(length)));
			return fill === undefined || fill === 0 || length === 0 ? made : made.fill(fill, encoding);
		},
		allocUnsafe: function (length) { return wrap(new Uint8Array(size(length))); },
		allocUnsafeSlow: function (length) { return wrap(new Uint8Array(size(length))); },
		isBuffer(value) { return value instanceof Buffer; },
		isEncoding(name) { return typeof name === "string" && name !== "" && known(name) !== undefined; },
		byteLength(value, encoding) {
			if (typeof value !== "string") {
				if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
				fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "string" argument must be of type string or an instance of Buffer or ArrayBuffer. Received ${received(value)}`);
			}
			return native.encode(value, known(encoding) ?? "utf8").byteLength;
		},
		compare(a, b) {
			bytes(a, "buf1"); bytes(b, "buf2");
			const end = Math.min(a.length, b.length);
			for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
			return Math.sign(a.length - b.length);
		},
		concat(list, total) {
			if (!Array.isArray(list)) fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "list" argument must be an instance of Array. Received ${received(list)}`);
			if (total === undefined) total = list.reduce((sum, part) => sum + part.length, 0);
			const made = Buffer.alloc(total);
			let at = 0;
			list.forEach((part, i) => {
				bytes(part, `list[${i}]`);
				if (at >= total) return;
				made.set(part.length > total - at ? part.subarray(0, total - at) : part, at);
				at += part.length;
			});
			return made;
		},
		copyBytesFrom(view, offset = 0, length) {
			const part = view.subarray(offset, length === undefined ? undefined : offset + length);
			return wrap(new Uint8Array(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
		},
	};
	for (const [name, value] of Object.entries(statics)) Object.defineProperty(Buffer, name, { value, writable: true, enumerable: true, configurable: true });

	function clamp(value, otherwise, end) {
		if (value === undefined) return otherwise;
		value = Math.trunc(Number(value)) || 0;
		return Math.min(Math.max(value, 0), end);
	}

	// Where a value is found, from either end.
	function find(buffer, value, offset, encoding, backwards) {
		if (typeof offset === "string") { encoding = offset; offset = undefined; }
		let needle;
		if (typeof value === "number") needle = [value & 255];
		else if (typeof value === "string") needle = Buffer.from(value, encoding);
		else needle = bytes(value, "value");
		let at = Number(offset);
		if (offset === undefined || Number.isNaN(at)) at = backwards ? buffer.length : 0;
		at = Math.trunc(at);
		if (at < 0) at += buffer.length;
		if (at < 0) { if (backwards) return -1; at = 0; }
		const last = buffer.length - needle.length;
		if (needle.length === 0) return Math.min(at, buffer.length);
		if (backwards) at = Math.min(at, last);
		for (; backwards ? at >= 0 : at <= last; at += backwards ? -1 : 1) {
			let i = 0;
			while (i < needle.length && buffer[at + i] === needle[i]) i++;
			if (i === needle.length) return at;
		}
		return -1;
	}

	function writeText(buffer, text, offset, length, encoding) {
		if (typeof text !== "string") fail(TypeError, "ERR_INVALID_ARG_TYPE", `The "string" argument must be of type string. Received ${received(text)}`);
		if (typeof offset === "string") { encoding = offset; offset = length = undefined; }
		else if (typeof length === "string") { encoding = length; length = undefined; }
		offset = offset ?? 0;
		if (!(offset >= 0 && offset <= buffer.length)) fail(RangeError, "ERR_OUT_OF_RANGE", `The value of "offset" is out of range. It must be >= 0 && <= ${buffer.length}. Received ${offset}`);
		const room = Math.min(length ?? Infinity, buffer.length - offset);
		encoding = encodingOf(encoding);
		let data = new Uint8Array(native.encode(text, encoding));
		if (data.length > room) {
			let end = room;
			if (encoding === "utf8") while (end > 0 && (data[end] & 0xc0) === 0x80) end--;
			if (encoding === "utf16le") end &= ~1;
			data = data.subarray(0, end);
		}
		buffer.set(data, offset);
		return data.length;
	}

	const methods = {
		toString(encoding, start, end) {
			start = clamp(start, 0, this.length);
			end = clamp(end, this.length, this.length);
			if (end <= start) return "";
			return native.decode(start === 0 && end === this.length ? this : this.subarray(start, end), encodingOf(encoding));
		},
		toLocaleString(encoding, start, end) { return this.toString(encoding, start, end); },
		toJSON() { return { type: "Buffer", data: Array.from(this) }; },
		equals(other) { return bytes(other, "otherBuffer") === this || Buffer.compare(this, other) === 0; },
		compare(target, targetStart, targetEnd, start, end) {
			bytes(target, "target");
			return Buffer.compare(this.subarray(start ?? 0, end ?? this.length), target.subarray(targetStart ?? 0, targetEnd ?? target.length));
		},
		copy(target, targetStart, start, end) {
			bytes(target, "target");
			targetStart = clamp(targetStart, 0, target.length);
			start = clamp(start, 0, this.length);
			end = clamp(end, this.length, this.length);
			const count = Math.max(0, Math.min(end - start, target.length - targetStart));
			if (count > 0) target.set(Uint8Array.prototype.subarray.call(this, start, start + count), targetStart);
			return count;
		},
		slice(start, end) { return this.subarray(start, end); },
		subarray(start, end) {
			const part = Uint8Array.prototype.subarray.call(Object.getPrototypeOf(this) === prototype ? plain(this) : this, start, end);
			return wrap(part);
		},
		fill(value, offset, end, encoding) {
			if (typeof offset === "string") { encoding = offset; offset = end = undefined; }
			else if (typeof end === "string") { encoding = end; end = undefined; }
			offset = clamp(offset, 0, this.length);
			end = clamp(end, this.length, this.length);
			if (typeof value === "string") {
				const data = Buffer.from(value, encoding);
				if (data.length === 0) { if (value !== "") fail(TypeError, "ERR_INVALID_ARG_VALUE", `The argument 'value' is invalid. Received '${value}'`); value = 0; }
				else value = data;
			}
			if (value instanceof Uint8Array) {
				for (let i = offset; i < end; i++) this[i] = value[(i - offset) % value.length];
				return this;
			}
			return Uint8Array.prototype.fill.call(this, Number(value) & 255, offset, end);
		},
		indexOf(value, offset, encoding) { return find(this, value, offset, encoding, false); },
		lastIndexOf(value, offset, encoding) { return find(this, value, offset, encoding, true); },
		includes(value, offset, encoding) { return find(this, value, offset, encoding, false) >= 0; },
		write(text, offset, length, encoding) { return writeText(this, text, offset, length, encoding); },
		swap16() { return swap(this, 2); },
		swap32() { return swap(this, 4); },
		swap64() { return swap(this, 8); },
	};
	for (const encoding of ["utf8", "latin1", "ascii", "hex", "base64", "base64url", "ucs2", "utf16le"]) {
		methods[`${encoding}Write`] = function (text, offset, length) { return writeText(this, text, offset, length, encoding); };
		methods[`${encoding}Slice`] = function (start, end) { return this.toString(encoding, start, end); };
	}
	function plain(buffer) { return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength); }
	function swap(buffer, width) {
		if (buffer.length % width !== 0) fail(RangeError, "ERR_INVALID_BUFFER_SIZE", `Buffer size must be a multiple of ${width * 8}-bits`);
		for (let i = 0; i < buffer.length; i += width) plain(buffer).subarray(i, i + width).reverse();
		return buffer;
	}
	for (const [name, value] of Object.entries(methods)) Object.defineProperty(prototype, name, { value, writable: true, enumerable: false, configurable: true });
	Object.defineProperty(prototype, "parent", { get() { return this.buffer; }, enumerable: false, configurable: true });
	Object.defineProperty(prototype, "offset", { get() { return this.byteOffset; }, enumerable: false, configurable: true });
	for (const name of Object.getOwnPropertyNames(prototype)) {
		const own = Object.getOwnPropertyDescriptor(prototype, name);
		if (own.enumerable && own.configurable) Object.defineProperty(prototype, name, { ...own, enumerable: false });
	}

	function isUtf8(input) {
		try { new TextDecoder("utf-8", { fatal: true }).decode(input); return true; } catch { return false; }
	}
	function isAscii(input) { return new Uint8Array(input.buffer ?? input, input.byteOffset ?? 0, input.byteLength).every((byte) => byte < 128); }

	return {
		Buffer, SlowBuffer: Buffer, kMaxLength, kStringMaxLength: 2 ** 29 - 24, INSPECT_MAX_BYTES: 50,
		constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: 2 ** 29 - 24 }, isUtf8, isAscii,
		atob: globalThis.atob, btoa: globalThis.btoa,
		get Blob() { return globalThis.Blob; }, get File() { return globalThis.File; },
	};
})
