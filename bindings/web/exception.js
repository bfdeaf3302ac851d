// DOMException. typings/globals.d.ts says what it is.
(function (native) {
	"use strict";
	const { describe, constants, string } = native.part("idl");

	const codes = {
		IndexSizeError: 1, HierarchyRequestError: 3, WrongDocumentError: 4, InvalidCharacterError: 5, NoModificationAllowedError: 7, NotFoundError: 8,
		NotSupportedError: 9, InUseAttributeError: 10, InvalidStateError: 11, SyntaxError: 12, InvalidModificationError: 13, NamespaceError: 14,
		InvalidAccessError: 15, TypeMismatchError: 17, SecurityError: 18, NetworkError: 19, AbortError: 20, URLMismatchError: 21,
		QuotaExceededError: 22, TimeoutError: 23, InvalidNodeTypeError: 24, DataCloneError: 25,
	};
	// The names of the constants are older than those of the errors, and some have no error any more.
	const constant = { ...Object.fromEntries(Object.entries(codes).map(([name, code]) => [name.replace(/Error$/, "").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase() + "_ERR", code])),
		DOMSTRING_SIZE_ERR: 2, NO_DATA_ALLOWED_ERR: 6, INUSE_ATTRIBUTE_ERR: 10, VALIDATION_ERR: 16 };
	delete constant.IN_USE_ATTRIBUTE_ERR;

	class DOMException extends Error {
		#name; #message;
		constructor(message = "", options = "Error") {
			const named = typeof options === "object" && options !== null || typeof options === "function";
			super(string(message), named && options.cause !== undefined ? { cause: options.cause } : undefined);
			delete this.message; // it is the prototype's
			this.#message = string(message);
			const name = named ? options.name : options;
			this.#name = name === undefined ? "Error" : string(name);
			Object.defineProperty(this, "stack", { value: this.stack.replace(/^.*?(?=\n\s*at |$)/s, `${this.#name}${this.#message && ": "}${this.#message}`), writable: true, configurable: true });
		}
		get name() { return this.#name; }
		get message() { return this.#message; }
		get code() { return Object.hasOwn(codes, this.#name) ? codes[this.#name] : 0; }
	}
	describe(DOMException);
	constants(DOMException, Object.fromEntries(Object.entries(constant).sort((a, b) => a[1] - b[1])));

	// amount is a number of a QuotaExceededError, null where it is not known.
	function amount(value, name) {
		if (value === undefined) return null;
		value = Number(value);
		if (!Number.isFinite(value)) throw new TypeError(`${name} is a number`);
		if (value < 0) throw new RangeError(`${name} is a number from 0 up`);
		return value;
	}
	class QuotaExceededError extends DOMException {
		#quota; #requested;
		constructor(message = "", options = {}) {
			super(message, "QuotaExceededError");
			this.#quota = amount(options?.quota, "quota");
			this.#requested = amount(options?.requested, "requested");
			if (this.#quota !== null && this.#requested !== null && this.#requested < this.#quota) throw new RangeError("requested is not below quota");
		}
		get quota() { return this.#quota; }
		get requested() { return this.#requested; }
	}
	describe(QuotaExceededError);

	return { DOMException, QuotaExceededError };
})
