// The webcrypto of the module crypto: random values, digests, HMAC, and signatures with keys in PKCS #8
// and SPKI, over carjs/crypto.
(function (native, require) {
	"use strict";
	const { Buffer } = require("node:buffer");
	const carjs = require("carjs/crypto");
	const crypto = require("node:crypto");

	const absent = (what) => new DOMException(`${what} is not available in carjs: use carjs/crypto`, "NotSupportedError");
	const name = (algorithm) => String(typeof algorithm === "object" ? algorithm.name : algorithm).toUpperCase();
	const hash = (algorithm) => {
		const found = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" }[name(algorithm)];
		if (found === undefined) throw absent(`the digest ${name(algorithm)}`);
		return found;
	};
	const bytes = (data) => {
		if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
		if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
		throw new TypeError("the data must be an ArrayBuffer or a view of one");
	};
	const buffer = (view) => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
	const secrets = new WeakMap();
	class CryptoKey {
		constructor(type, extractable, algorithm, usages, secret) {
			Object.assign(this, { type, extractable, algorithm, usages });
			secrets.set(this, secret);
			Object.freeze(this);
		}
		get [Symbol.toStringTag]() { return "CryptoKey"; }
	}
	const secretOf = (key, usage) => {
		if (!(key instanceof CryptoKey)) throw new TypeError("the key is not a CryptoKey");
		if (!key.usages.includes(usage)) throw new DOMException(`the key is not for ${usage}`, "InvalidAccessError");
		return secrets.get(key);
	};
	const bits = (algorithm) => hash(algorithm).replace("sha", "");
	// The name that carjs/crypto has for a way to sign.
	const signing = (algorithm, key) => {
		switch (name(key.algorithm)) {
			case "RSASSA-PKCS1-V1_5": return `RS${bits(key.algorithm.hash)}`;
			case "RSA-PSS": return `PS${bits(key.algorithm.hash)}`;
			case "ECDSA": {
				const own = { "P-256": "256", "P-384": "384", "P-521": "512" }[key.algorithm.namedCurve];
				if (own !== bits(algorithm.hash)) throw absent(`${name(algorithm.hash)} on ${key.algorithm.namedCurve}`);
				return `ES${own}`;
			}
			case "ED25519": return "EdDSA";
			default: throw absent(name(key.algorithm));
		}
	};
	const known = ["HMAC", "RSASSA-PKCS1-V1_5", "RSA-PSS", "ECDSA", "ED25519", "PBKDF2", "HKDF"];
	const subtle = {
		async digest(algorithm, data) { return buffer(carjs.hash(hash(algorithm), bytes(data), "bytes")); },
		async importKey(format, data, algorithm, extractable, usages) {
			const kind = name(algorithm);
			if (!known.includes(kind)) throw absent(`a key for ${kind}`);
			const described = { ...(typeof algorithm === "object" ? algorithm : {}), name: { "ED25519": "Ed25519", "RSASSA-PKCS1-V1_5": "RSASSA-PKCS1-v1_5" }[kind] ?? kind };
			if (typeof described.hash === "string") described.hash = { name: described.hash };
			if (["HMAC", "PBKDF2", "HKDF"].includes(kind)) {
				const secret = format === "jwk" ? new Uint8Array(Buffer.from(data.k, "base64url")) : bytes(data);
				if (format !== "raw" && format !== "jwk") throw absent(`a secret in the format ${format}`);
				if (kind === "HMAC") { hash(described.hash); described.length = secret.length * 8; }
				return new CryptoKey("secret", extractable, Object.freeze(described), [...usages], secret);
			}
			if (format !== "pkcs8" && format !== "spki") throw absent(`a key in the format ${format}`);
			const made = crypto[format === "pkcs8" ? "createPrivateKey" : "createPublicKey"]({ key: Buffer.from(bytes(data)), format: "der", type: format });
			return new CryptoKey(made.type, extractable, Object.freeze(described), [...usages], made.pem);
		},
		async exportKey(format, key) {
			if (!key.extractable) throw new DOMException("the key is not extractable", "InvalidAccessError");
			const secret = secrets.get(key);
			if (format === "raw" && key.type === "secret") return buffer(secret);
			if (format === "jwk" && key.type === "secret") return { kty: "oct", k: Buffer.from(secret).toString("base64url"), ext: true, key_ops: [...key.usages] };
			if ((format === "pkcs8" && key.type === "private") || (format === "spki" && key.type === "public")) return buffer(new Uint8Array(Buffer.from(secret.replace(/-----[^-]+-----/g, ""), "base64")));
			throw absent(`exporting a ${key.type} key as ${format}`);
		},
		async sign(algorithm, key, data) {
			const secret = secretOf(key, "sign");
			if (name(key.algorithm) === "HMAC") return buffer(carjs.hmac(hash(key.algorithm.hash), secret, bytes(data), "bytes"));
			return buffer(carjs.sign(signing(algorithm, key), secret, bytes(data), "bytes"));
		},
		async verify(algorithm, key, signature, data) {
			const secret = secretOf(key, "verify");
			if (name(key.algorithm) === "HMAC") return carjs.timingSafeEqual(carjs.hmac(hash(key.algorithm.hash), secret, bytes(data), "bytes"), bytes(signature));
			return carjs.verify(signing(algorithm, key), secret, bytes(data), bytes(signature), "bytes");
		},
		async deriveBits(algorithm, key, length) {
			const secret = Buffer.from(secretOf(key, "deriveBits")), digest = hash(algorithm.hash);
			switch (name(algorithm)) {
				case "PBKDF2": return buffer(new Uint8Array(crypto.pbkdf2Sync(secret, bytes(algorithm.salt), algorithm.iterations, length / 8, digest)));
				case "HKDF": return crypto.hkdfSync(digest, secret, bytes(algorithm.salt), bytes(algorithm.info), length / 8);
				default: throw absent(`deriving bits with ${name(algorithm)}`);
			}
		},
	};
	for (const method of ["encrypt", "decrypt", "generateKey", "deriveKey", "wrapKey", "unwrapKey"]) subtle[method] = async () => { throw absent(`crypto.subtle.${method}`); };
	return {
		CryptoKey, subtle, randomUUID: () => carjs.uuid(),
		getRandomValues(target) {
			if (!ArrayBuffer.isView(target) || target instanceof Float32Array || target instanceof Float64Array) throw new DOMException("the target must be an array of integers", "TypeMismatchError");
			if (target.byteLength > 65536) throw new DOMException("more than 65536 bytes", "QuotaExceededError");
			return crypto.randomFillSync(target);
		},
		get [Symbol.toStringTag]() { return "Crypto"; },
	};
})
