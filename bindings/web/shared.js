// SharedArrayBuffer for packages that ask whether something is one. There is nobody to share it with, so
// it is an ArrayBuffer of another class, and there are no Atomics.
(function () {
	"use strict";
	const { prototype: plain } = ArrayBuffer;
	const { get: sizeOf } = Object.getOwnPropertyDescriptor(plain, "byteLength");
	const made = new WeakSet();
	function of(value, member) {
		if (!made.has(value)) throw new TypeError(`SharedArrayBuffer.prototype.${member} was called on something that is no SharedArrayBuffer`);
		return value;
	}
	function buffer(size, prototype) {
		const shared = new ArrayBuffer(size);
		Object.setPrototypeOf(shared, prototype);
		made.add(shared);
		return shared;
	}

	class SharedArrayBuffer {
		constructor(length = 0) { return buffer(length, new.target.prototype); }
		static get [Symbol.species]() { return this; }
		get byteLength() { return Reflect.apply(sizeOf, of(this, "byteLength"), []); }
		get maxByteLength() { return Reflect.apply(sizeOf, of(this, "maxByteLength"), []); }
		get growable() { of(this, "growable"); return false; }
		slice(start, end) {
			const bytes = new Uint8Array(of(this, "slice")).slice(start, end);
			const part = buffer(bytes.length, SharedArrayBuffer.prototype);
			new Uint8Array(part).set(bytes);
			return part;
		}
	}
	Object.defineProperty(SharedArrayBuffer.prototype, Symbol.toStringTag, { value: "SharedArrayBuffer", configurable: true });
	return { SharedArrayBuffer };
})
