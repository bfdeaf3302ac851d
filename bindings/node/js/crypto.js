// The module crypto, over carjs/crypto, which has the algorithms.
(function (native, require) {
	"use strict";
	const { Buffer } = require("node:buffer");
	const carjs = require("carjs/crypto");

	function failed(message, code, Class = Error) { return Object.assign(new Class(message), code === undefined ? {} : { code }); }
	function absent(what, instead) { return failed(`${what} of Node's "crypto" is not available in carjs: ${instead}`, "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM"); }

	const digests = { md5: "md5", sha1: "sha1", sha256: "sha256", sha384: "sha384", sha512: "sha512" };
	function digestOf(name) { return digests[String(name).toLowerCase().replace(/^rsa-/, "").replace(/^sha-/, "sha").replace(/withrsaencryption$/, "")]; }
	function bytes(data, encoding) {
		if (typeof data === "string") return Buffer.from(data, encoding);
		if (data instanceof KeyObject) return data.secret ?? Buffer.from(data.pem);
		if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
		if (data instanceof ArrayBuffer) return Buffer.from(data);
		throw failed(`The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${data === null || data === undefined ? data : typeof data}`, "ERR_INVALID_ARG_TYPE", TypeError);
	}
	function output(data, encoding) {
		const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
		return encoding === undefined || encoding === null || encoding === "buffer" ? buffer : buffer.toString(encoding);
	}

	// What collects data until it is asked for the end. Streams of Node are not there; update, digest and
	// the few methods of a stream that packages call are.
	class Collector {
		parts = [];
		update(data, encoding) {
			if (this.done) throw failed("Digest already called", "ERR_CRYPTO_HASH_FINALIZED");
			this.parts.push(Buffer.from(bytes(data, encoding)));
			return this;
		}
		write(data, encoding) { this.update(data, encoding); return true; }
		end(data, encoding) { if (data !== undefined) this.update(data, encoding); return this; }
		all() { return this.parts.length === 1 ? this.parts[0] : Buffer.concat(this.parts); }
	}
	class Hash extends Collector {
		constructor(name) {
			super();
			this.algorithm = digestOf(name);
			if (this.algorithm === undefined) throw failed(`Digest method not supported: ${name}; carjs has ${Object.keys(digests).join(", ")}`);
		}
		copy() { const made = new Hash(this.algorithm); made.parts = [...this.parts]; return made; }
		digest(encoding) {
			if (this.done) throw failed("Digest already called", "ERR_CRYPTO_HASH_FINALIZED");
			this.done = true;
			return output(carjs.hash(this.algorithm, this.all(), "bytes"), encoding);
		}
		read() { return this.digest(); }
	}
	class Hmac extends Collector {
		constructor(name, key) {
			super();
			this.algorithm = digestOf(name);
			if (this.algorithm === undefined) throw failed(`Invalid digest: ${name}; carjs has ${Object.keys(digests).join(", ")}`, "ERR_CRYPTO_INVALID_DIGEST", TypeError);
			this.key = bytes(key);
		}
		digest(encoding) {
			if (this.done) return encoding && encoding !== "buffer" ? "" : Buffer.alloc(0);
			this.done = true;
			// A key is filled up with zeros, so that one of none is one of a single zero.
			const key = this.key.length === 0 ? Buffer.alloc(1) : this.key;
			return output(carjs.hmac(this.algorithm, key, this.all(), "bytes"), encoding);
		}
		read() { return this.digest(); }
	}

	class KeyObject {
		constructor(type, pem, secret) { this.type = type; this.pem = pem; this.secret = secret; }
		get asymmetricKeyType() { return this.type === "secret" ? undefined : native.describe(this.pem)?.[0]; }
		get asymmetricKeyDetails() {
			const [kind, , size] = native.describe(this.pem) ?? [];
			return kind === "rsa" ? { modulusLength: size, publicExponent: 65537n } : kind === "ec" ? { namedCurve: { 32: "prime256v1", 48: "secp384r1", 66: "secp521r1" }[size] } : {};
		}
		get symmetricKeySize() { return this.secret?.length; }
		export(options) {
			if (this.type === "secret") { if (options?.format === "jwk") return { kty: "oct", k: this.secret.toString("base64url") }; return Buffer.from(this.secret); }
			if (options?.format === "jwk") throw absent("exporting a key as JWK", "export it as pem");
			return options?.format === "der" ? Buffer.from(this.pem.replace(/-----[^-]+-----/g, ""), "base64") : this.pem;
		}
		equals(other) { return this.type === other.type && (this.secret ? this.secret.equals(other.secret) : this.pem === other.pem); }
	}
	function keyOf(key, type) {
		if (key instanceof KeyObject) return key;
		let text = key;
		if (key !== null && typeof key === "object" && !ArrayBuffer.isView(key) && key.key !== undefined) {
			if (key.key instanceof KeyObject) return key.key;
			if (key.format === "jwk") throw absent("reading a key from a JWK", "convert it to PEM, or use carjs/crypto");
			text = key.key;
			if (key.format === "der") text = `-----BEGIN ${{ pkcs1: type === "private" ? "RSA PRIVATE KEY" : "RSA PUBLIC KEY", sec1: "EC PRIVATE KEY" }[key.type] ?? (type === "private" ? "PRIVATE KEY" : "PUBLIC KEY")}-----\n${bytes(text).toString("base64").replace(/.{64}/g, "$&\n")}\n-----END-----\n`.replace(/-----END-----/, "").replace(/BEGIN ([A-Z ]+)-----\n([^]*)$/, (_, label, body) => `BEGIN ${label}-----\n${body.trim()}\n-----END ${label}-----\n`);
		}
		const pem = bytes(text).toString();
		const described = native.describe(pem);
		if (described === null || described === undefined) throw failed("error:1E08010C:DECODER routines::unsupported", "ERR_OSSL_UNSUPPORTED");
		return new KeyObject(described[1], pem);
	}
	function createPrivateKey(key) {
		const made = keyOf(key, "private");
		if (made.type !== "private") throw failed("error:1E08010C:DECODER routines::unsupported", "ERR_OSSL_UNSUPPORTED");
		return made;
	}
	function createPublicKey(key) { return keyOf(key, "public"); }
	function createSecretKey(key, encoding) { return new KeyObject("secret", undefined, Buffer.from(bytes(key, encoding))); }

	const constants = { RSA_PKCS1_PADDING: 1, RSA_NO_PADDING: 3, RSA_PKCS1_OAEP_PADDING: 4, RSA_PKCS1_PSS_PADDING: 6, RSA_PSS_SALTLEN_DIGEST: -1, RSA_PSS_SALTLEN_MAX_SIGN: -2, RSA_PSS_SALTLEN_AUTO: -2 };
	// The name that carjs/crypto has for a way to sign.
	function algorithmOf(digest, key, options) {
		const [kind, , size] = native.describe(key.pem);
		if (kind === "ed25519") return ["EdDSA", 0];
		const bits = { sha256: "256", sha384: "384", sha512: "512" }[digestOf(digest)];
		if (bits === undefined) throw absent(`signing with ${digest}`, "sign with SHA256, SHA384 or SHA512");
		if (kind === "rsa") {
			if (options?.padding !== constants.RSA_PKCS1_PSS_PADDING) return [`RS${bits}`, 0];
			if (![undefined, -1, { 256: 32, 384: 48, 512: 64 }[bits]].includes(options.saltLength)) throw absent("a salt of another length than the digest", "leave saltLength out");
			return [`PS${bits}`, 0];
		}
		if ({ 256: 32, 384: 48, 512: 66 }[bits] !== size) throw absent(`signing with ${digest} on this curve`, "use the digest that belongs to the curve");
		return [`ES${bits}`, size];
	}
	// Signatures on curves are two numbers, in a row or as ASN.1.
	function toDER(raw) {
		const half = raw.length / 2;
		const integer = (part) => {
			let at = 0;
			while (at < part.length - 1 && part[at] === 0) at++;
			let value = part.subarray(at);
			if (value[0] & 0x80) value = Buffer.concat([Buffer.from([0]), value]);
			return Buffer.concat([Buffer.from([2, value.length]), value]);
		};
		const body = Buffer.concat([integer(raw.subarray(0, half)), integer(raw.subarray(half))]);
		return Buffer.concat([Buffer.from(body.length < 128 ? [0x30, body.length] : [0x30, 0x81, body.length]), body]);
	}
	function fromDER(der, size) {
		let at = der[1] & 0x80 ? 3 : 2;
		const raw = Buffer.alloc(2 * size);
		for (const end of [size, 2 * size]) {
			if (der[at] !== 2) return undefined;
			let part = der.subarray(at + 2, at + 2 + der[at + 1]);
			at += 2 + der[at + 1];
			while (part.length > size && part[0] === 0) part = part.subarray(1);
			if (part.length > size) return undefined;
			raw.set(part, end - part.length);
		}
		return raw;
	}
	function signWith(digest, data, key, encoding) {
		const made = createPrivateKey(key);
		const [algorithm, size] = algorithmOf(digest, made, key);
		const signature = Buffer.from(carjs.sign(algorithm, made.pem, data, "bytes").buffer);
		return output(size > 0 && key.dsaEncoding !== "ieee-p1363" ? toDER(signature) : signature, encoding);
	}
	function verifyWith(digest, data, key, signature, encoding) {
		const made = createPublicKey(key);
		const [algorithm, size] = algorithmOf(digest, made, key);
		let raw = bytes(signature, encoding);
		if (size > 0 && key.dsaEncoding !== "ieee-p1363") raw = fromDER(raw, size);
		return raw !== undefined && carjs.verify(algorithm, made.pem, data, raw, "bytes");
	}
	class Sign extends Collector {
		constructor(name) { super(); this.name = name; if (digestOf(name) === undefined) throw failed(`Invalid digest: ${name}`, "ERR_CRYPTO_INVALID_DIGEST"); }
		sign(key, encoding) { return signWith(this.name, this.all(), key, encoding); }
	}
	class Verify extends Collector {
		constructor(name) { super(); this.name = name; if (digestOf(name) === undefined) throw failed(`Invalid digest: ${name}`, "ERR_CRYPTO_INVALID_DIGEST"); }
		verify(key, signature, encoding) { return verifyWith(this.name, this.all(), key, signature, encoding); }
	}

	function random(size) {
		const made = Buffer.alloc(size);
		for (let at = 0; at < size; at += 65536) made.set(carjs.randomBytes(Math.min(65536, size - at)), at);
		return made;
	}
	function later(callback, run) {
		if (callback === undefined) return run();
		queueMicrotask(() => { let value; try { value = run(); } catch (error) { callback(error); return; } callback(null, value); });
		return undefined;
	}
	function randomFillSync(target, offset = 0, size = target.byteLength - offset) {
		new Uint8Array(target.buffer ?? target, (target.byteOffset ?? 0) + offset, size).set(random(size));
		return target;
	}
	function randomInt(min, max, callback) {
		if (max === undefined || typeof max === "function") { callback = max; max = min; min = 0; }
		const range = max - min;
		if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && range > 0 && range < 2 ** 48)) throw failed("The value of \"max\" is out of range.", "ERR_OUT_OF_RANGE", RangeError);
		return later(callback, () => {
			for (const limit = 2 ** 48 - (2 ** 48 % range); ;) {
				const n = random(6).readUIntBE(0, 6);
				if (n < limit) return min + (n % range);
			}
		});
	}
	// PBKDF2 of RFC 8018 and HKDF of RFC 5869.
	function pbkdf2Sync(password, salt, iterations, length, name) {
		const digest = digestOf(name);
		if (digest === undefined) throw failed(`Invalid digest: ${name}`, "ERR_CRYPTO_INVALID_DIGEST", TypeError);
		return Buffer.from(native.pbkdf2(digest, bytes(password), bytes(salt), iterations, length));
	}
	function hkdfSync(name, key, salt, info, length) {
		const prk = new Hmac(name, salt).update(key).digest();
		let made = Buffer.alloc(0), last = Buffer.alloc(0);
		for (let i = 1; made.length < length; i++) {
			last = new Hmac(name, prk).update(last).update(info).update(Buffer.from([i])).digest();
			made = Buffer.concat([made, last]);
		}
		return made.buffer.slice(made.byteOffset, made.byteOffset + length);
	}
	function timingSafeEqual(a, b) {
		if (a.byteLength !== b.byteLength) throw failed("Input buffers must have the same byte length", "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH", RangeError);
		return carjs.timingSafeEqual(bytes(a), bytes(b));
	}

	const module = {
		Hash, Hmac, Sign, Verify, KeyObject, constants, createPrivateKey, createPublicKey, createSecretKey, timingSafeEqual, randomInt, randomFillSync, pbkdf2Sync, hkdfSync,
		createHash: (name) => new Hash(name), createHmac: (name, key) => new Hmac(name, key), createSign: (name) => new Sign(name), createVerify: (name) => new Verify(name),
		hash: (name, data, encoding = "hex") => new Hash(name).update(data).digest(encoding),
		sign: (digest, data, key, callback) => later(callback, () => signWith(digest, bytes(data), key)),
		verify: (digest, data, key, signature, callback) => later(callback, () => verifyWith(digest, bytes(data), key, signature)),
		randomBytes: (size, callback) => later(callback, () => random(size)), pseudoRandomBytes: (size, callback) => later(callback, () => random(size)),
		randomFill: (target, ...rest) => later(rest.at(-1), () => randomFillSync(target, ...rest.slice(0, -1))), randomUUID: () => carjs.uuid(),
		getRandomValues: (target) => randomFillSync(target),
		pbkdf2: (password, salt, iterations, length, digest, callback) => later(callback, () => pbkdf2Sync(password, salt, iterations, length, digest)),
		hkdf: (digest, key, salt, info, length, callback) => later(callback, () => hkdfSync(digest, key, salt, info, length)),
		getHashes: () => Object.keys(digests), getCiphers: () => [], getCurves: () => ["prime256v1", "secp384r1", "secp521r1"],
		get webcrypto() { return require("node:crypto/web"); }, get subtle() { return require("node:crypto/web").subtle; },
	};
	for (const name of ["createCipheriv", "createDecipheriv", "createDiffieHellman", "createECDH", "diffieHellman", "generateKey", "generateKeyPair", "generateKeyPairSync", "generateKeySync", "privateDecrypt", "privateEncrypt", "publicDecrypt", "publicEncrypt", "scrypt", "scryptSync"]) {
		module[name] = function () { throw absent(name, "carjs/crypto has digests, signatures and random values; use a package in pure JavaScript for the rest"); };
	}
	return module;
})
