// The algorithms of crypto.subtle: which there are, for what, and with what parameters.
(function (native) {
	"use strict";
	const { isObject, string, integer } = native.part("idl");
	const { DOMException } = native.part("exception");
	const { ArrayBuffer, Uint8Array } = globalThis;
	const refused = (name, message) => new DOMException(message, name);

	const isBytes = (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value);
	// bytes is a copy of what a script gave, which it may change while the work is under way.
	function bytes(value, what) {
		if (!isBytes(value)) throw new TypeError(`${what} is an ArrayBuffer, a typed array or a DataView`);
		return value instanceof ArrayBuffer ? new Uint8Array(value.slice(0)) : new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength));
	}
	// The types of parameters.
	const types = {
		bytes,
		number: (value, what) => integer(value, 32, what),
		octet: (value, what) => integer(value, 8, what),
		text: string,
		hash(value) {
			if (!isObject(value)) value = string(value);
			return normalize("digest", value);
		},
		exponent(value, what) {
			if (!(value instanceof Uint8Array)) throw new TypeError(`${what} is a Uint8Array`);
			return new Uint8Array(value);
		},
		key(value, what) {
			if (!native.part("webcrypto").isKey(value)) throw new TypeError(`${what} is a CryptoKey`);
			return value;
		},
	};
	// The parameters of algorithms; those with a question mark may be missing.
	const none = {}, hash = { hash: "hash" }, curve = { namedCurve: "text" }, length = { length: "number" };
	const rsa = { modulusLength: "number", publicExponent: "exponent", hash: "hash" }, hmac = { hash: "hash", "length?": "number" };
	const gcm = { "additionalData?": "bytes", iv: "bytes", "tagLength?": "octet" }, ctr = { counter: "bytes", length: "octet" }, cbc = { iv: "bytes" };
	const oaep = { "label?": "bytes" }, exchange = { public: "key" };
	const digests = Object.fromEntries(["SHA-1", "SHA-256", "SHA-384", "SHA-512"].map((name) => [name, none]));
	const ciphers = { "RSA-OAEP": oaep, "AES-CTR": ctr, "AES-CBC": cbc, "AES-GCM": gcm };
	const signatures = { "RSASSA-PKCS1-v1_5": none, "RSA-PSS": { saltLength: "number" }, ECDSA: hash, Ed25519: none, HMAC: none };
	const aes = (parameters) => Object.fromEntries(["AES-CTR", "AES-CBC", "AES-GCM", "AES-KW"].map((name) => [name, parameters]));
	const pairs = (ofRSA) => ({
		"RSASSA-PKCS1-v1_5": ofRSA, "RSA-PSS": ofRSA, "RSA-OAEP": ofRSA, ECDSA: curve, ECDH: curve, Ed25519: none, X25519: none,
	});
	// table says which parameters an algorithm has for what is done with it.
	const table = {
		digest: digests,
		generateKey: { ...pairs(rsa), ...aes(length), HMAC: hmac },
		importKey: { ...pairs(hash), ...aes(none), HMAC: hmac, PBKDF2: none, HKDF: none },
		exportKey: { ...pairs(none), ...aes(none), HMAC: none },
		sign: signatures, verify: signatures, encrypt: ciphers, decrypt: ciphers,
		deriveBits: {
			ECDH: exchange, X25519: exchange, HKDF: { hash: "hash", info: "bytes", salt: "bytes" }, PBKDF2: { hash: "hash", iterations: "number", salt: "bytes" },
		},
		keyLength: { ...aes(length), HMAC: hmac, HKDF: none, PBKDF2: none },
		wrapKey: { "AES-KW": none },
	};

	function normalize(operation, algorithm) {
		const given = isObject(algorithm) ? algorithm : { name: string(algorithm) };
		if (given.name === undefined) throw new TypeError("an algorithm has a name");
		const wanted = string(given.name).toUpperCase();
		const name = Object.keys(table[operation]).find((name) => name.toUpperCase() === wanted);
		if (name === undefined) throw refused("NotSupportedError", `there is no algorithm ${JSON.stringify(string(given.name))} for ${operation}`);
		const normal = { name };
		// Only the rest of the conversion comes before the parameters that are algorithms themselves.
		const later = [];
		for (const [member, type] of Object.entries(table[operation][name])) {
			const key = member.replace("?", ""), value = given[key];
			if (value === undefined) {
				if (key === member) throw new TypeError(`${name} needs ${key}`);
				continue;
			}
			if (type === "hash") later.push([key, isObject(value) ? value : string(value)]);
			else normal[key] = types[type](value, key);
		}
		for (const [key, value] of later) normal[key] = types.hash(value);
		return normal;
	}

	return { normalize, refused, bytes, isBytes, has: (operation, name) => Object.hasOwn(table[operation], name) };
})
