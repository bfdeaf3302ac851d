// crypto, CryptoKey and SubtleCrypto. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, needs, isObject, oneOf, sequence, integer } = native.part("idl");
	const { normalize, refused, bytes, isBytes, has } = native.part("algorithms");
	const { DOMException, QuotaExceededError } = native.part("exception");
	const jwk = () => native.part("jwk");
	const { ArrayBuffer, Uint8Array } = globalThis;

	// run has Go do the work, beside the event loop.
	function run(job, parameters) {
		return native.run(job, parameters).then((result) => {
			if (isObject(result) && result.fault !== undefined) throw refused(result.fault, result.message);
			return result;
		});
	}

	const allUsages = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
	const both = ["encrypt", "decrypt", "wrapKey", "unwrapKey"], derives = ["deriveKey", "deriveBits"];
	// families says what keys of an algorithm are for, by the types of keys.
	const families = {
		"RSASSA-PKCS1-v1_5": { kind: "RSA", kty: "RSA", use: "sig", private: ["sign"], public: ["verify"] },
		"RSA-PSS": { kind: "RSA", kty: "RSA", use: "sig", private: ["sign"], public: ["verify"] },
		"RSA-OAEP": { kind: "RSA", kty: "RSA", use: "enc", private: ["decrypt", "unwrapKey"], public: ["encrypt", "wrapKey"] },
		ECDSA: { kind: "EC", kty: "EC", use: "sig", private: ["sign"], public: ["verify"] },
		ECDH: { kind: "EC", kty: "EC", use: "enc", private: derives, public: [] },
		Ed25519: { kind: "Ed25519", kty: "OKP", use: "sig", private: ["sign"], public: ["verify"] },
		X25519: { kind: "X25519", kty: "OKP", use: "enc", private: derives, public: [] },
		"AES-CTR": { kind: "AES", kty: "oct", use: "enc", secret: both }, "AES-CBC": { kind: "AES", kty: "oct", use: "enc", secret: both },
		"AES-GCM": { kind: "AES", kty: "oct", use: "enc", secret: both }, "AES-KW": { kind: "AES", kty: "oct", use: "enc", secret: ["wrapKey", "unwrapKey"] },
		HMAC: { kind: "HMAC", kty: "oct", use: "sig", secret: ["sign", "verify"] },
		HKDF: { kind: "KDF", secret: derives }, PBKDF2: { kind: "KDF", secret: derives },
	};
	const curves = ["P-256", "P-384", "P-521"];
	const blockBits = { "SHA-1": 512, "SHA-256": 512, "SHA-384": 1024, "SHA-512": 1024 };

	const made = Symbol("made here");
	let stateOf, isKey;
	class CryptoKey {
		#s;
		constructor(given = undefined, state = undefined) {
			if (given !== made) throw new TypeError("Illegal constructor: keys come from crypto.subtle");
			this.#s = state;
		}
		get type() { return this.#s.type; }
		get extractable() { return this.#s.extractable; }
		get algorithm() { return this.#s.shown ??= shown(this.#s.algorithm); }
		get usages() { return this.#s.shownUsages ??= [...this.#s.usages]; }
		[native.cloning]() { return new CryptoKey(made, { ...this.#s, shown: undefined, shownUsages: undefined }); }
		static {
			isKey = (value) => isObject(value) && #s in value;
			stateOf = (key) => key.#s;
		}
	}
	describe(CryptoKey);
	// shown is the algorithm of a key as an object of the script's own.
	const shown = (algorithm) => Object.fromEntries(Object.entries(algorithm).map(([name, value]) => [name, value instanceof Uint8Array ? new Uint8Array(value)
		: isObject(value) ? { name: value.name } : value]));
	function newKey(type, handle, algorithm, extractable, usages) {
		return new CryptoKey(made, { type, handle, algorithm, extractable, usages: allUsages.filter((usage) => usages.includes(usage)) });
	}

	const readUsages = (usages) => sequence(usages, "keyUsages").map((usage) => oneOf(usage, allUsages, "a usage"));
	function allow(usages, allowed, name) {
		const other = usages.find((usage) => !allowed.includes(usage));
		if (other !== undefined) throw refused("SyntaxError", `a key of ${name} of this type is not for ${other}`);
	}
	function useful(usages) {
		if (usages.length === 0) throw refused("SyntaxError", "a secret or private key is for something: keyUsages is empty");
	}
	// keyFor is what a script holds of the key for an operation, after the checks that all have.
	function keyFor(key, algorithm, usage, type) {
		if (algorithm.name !== stateOf(key).algorithm.name) throw refused("InvalidAccessError", `the key is one of ${stateOf(key).algorithm.name}`);
		if (!stateOf(key).usages.includes(usage)) throw refused("InvalidAccessError", `the key is not for ${usage}`);
		if (type !== undefined && stateOf(key).type !== "secret" && stateOf(key).type !== type) throw refused("InvalidAccessError", `the key is not ${type}`);
		return stateOf(key).handle;
	}
	function checkedKey(value, what) {
		if (!isKey(value)) throw new TypeError(`${what} is a CryptoKey`);
		return value;
	}

	async function generate(algorithm, extractable, usages) {
		const { name } = algorithm, family = families[name];
		allow(usages, family.secret ?? [...family.private, ...family.public], name);
		if (family.secret !== undefined) {
			const bits = name === "HMAC" ? algorithm.length ?? blockBits[algorithm.hash.name] : algorithm.length;
			if (name === "HMAC" ? bits === 0 : ![128, 192, 256].includes(bits)) throw refused("OperationError", `no key of ${name} has ${bits} bits`);
			useful(usages);
			const { secretKey } = await run("generate", { kind: family.kind, bits });
			return newKey("secret", secretKey, name === "HMAC" ? { name, hash: algorithm.hash, length: bits } : { name, length: bits }, extractable, usages);
		}
		if (family.kind === "EC" && !curves.includes(algorithm.namedCurve)) throw refused("NotSupportedError", `there is no curve ${JSON.stringify(algorithm.namedCurve)}`);
		const forPrivate = usages.filter((usage) => family.private.includes(usage));
		const generated = run("generate", { kind: family.kind, bits: algorithm.modulusLength, exponent: algorithm.publicExponent, curve: algorithm.namedCurve });
		const { publicKey, privateKey } = await generated;
		useful(forPrivate);
		return {
			publicKey: newKey("public", publicKey, algorithm, true, usages.filter((usage) => family.public.includes(usage))),
			privateKey: newKey("private", privateKey, algorithm, extractable, forPrivate),
		};
	}

	// importSecret reads keys that are bytes.
	async function importSecret(format, data, algorithm, extractable, usages) {
		const { name, hash } = algorithm, family = families[name];
		allow(usages, family.secret, name);
		if (family.kind === "KDF") {
			if (format !== "raw") throw refused("NotSupportedError", `keys of ${name} are imported as raw`);
			if (extractable) throw refused("SyntaxError", `keys of ${name} are not extractable`);
			useful(usages);
			const { key } = await run("import", { format, kind: family.kind, data });
			return newKey("secret", key, { name }, false, usages);
		}
		const aesBits = (bits) => { if (family.kind === "AES" && ![128, 192, 256].includes(bits)) throw refused("DataError", `no key of ${name} has ${bits} bits`); };
		let secret = data;
		if (format === "jwk") {
			({ k: secret } = jwk().read(data, "oct", {
				use: family.use, usages, extractable,
				checkAlgorithm(alg, { k }) {
					aesBits(k.length * 8);
					const [wanted] = jwk().algorithmsOf({ name, hash, length: k.length * 8 });
					if (alg !== undefined && alg !== wanted) throw refused("DataError", `alg of the key is ${JSON.stringify(wanted)}`);
				},
			}).bytes);
		} else if (format !== "raw") throw refused("NotSupportedError", `keys of ${name} are imported as raw or jwk`);
		aesBits(secret.length * 8);
		let bits = secret.length * 8;
		if (family.kind === "HMAC") {
			if (bits === 0) throw refused("DataError", "the key is empty");
			if (algorithm.length !== undefined) {
				if (algorithm.length > bits || algorithm.length <= bits - 8) throw refused("DataError", "the key has another length");
				bits = algorithm.length;
				if (bits % 8 !== 0) secret[secret.length - 1] &= 0xff << (8 - bits % 8);
			}
		}
		useful(usages);
		const { key } = await run("import", { format: "raw", kind: family.kind, data: secret });
		return newKey("secret", key, family.kind === "HMAC" ? { name, hash, length: bits } : { name, length: bits }, extractable, usages);
	}
	// importPair reads public and private keys.
	async function importPair(format, data, algorithm, extractable, usages) {
		const { name, hash, namedCurve: curve } = algorithm, family = families[name];
		const unknown = family.kind === "EC" && !curves.includes(curve);
		let type = format === "pkcs8" ? "private" : "public", imported;
		if (format === "jwk") {
			type = data.d !== undefined ? "private" : "public";
			allow(usages, family[type], name);
			if (unknown) throw refused("DataError", `there is no curve ${JSON.stringify(curve)}`);
			const read = jwk().read(data, family.kty, {
				curve: curve ?? (family.kty === "OKP" ? name : undefined), use: family.use, usages, extractable,
				checkAlgorithm(alg) {
					const wanted = family.kind === "EC" && name === "ECDSA" ? [{ "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" }[curve]] : jwk().algorithmsOf({ name, hash });
					if (alg !== undefined && wanted.length > 0 && !wanted.includes(alg)) throw refused("DataError", `alg of the key is ${JSON.stringify(wanted[0])}`);
				},
			});
			if (type === "private") useful(usages);
			imported = await run("parts", { kind: family.kind, curve, ...read.bytes });
		} else {
			if (format === "raw" && family.kind === "RSA") throw refused("NotSupportedError", "RSA keys have no raw form");
			allow(usages, family[type], name);
			if (unknown) throw refused("DataError", `there is no curve ${JSON.stringify(curve)}`);
			if (type === "private") useful(usages);
			imported = await run("import", { format, kind: family.kind, curve, data });
			const isPrivate = imported.private;
			if (isPrivate !== undefined && isPrivate !== (type === "private")) throw refused("DataError", `the key is not ${type}`);
		}
		const details = family.kind === "RSA" ? { name, modulusLength: imported.bits, publicExponent: new Uint8Array(imported.exponent), hash }
			: family.kind === "EC" ? { name, namedCurve: curve } : { name };
		return newKey(type, imported.key, details, extractable, usages);
	}
	function importKey(format, data, algorithm, extractable, usages) {
		return (families[algorithm.name].secret ? importSecret : importPair)(format, data, algorithm, extractable, usages);
	}

	const formats = ["raw", "pkcs8", "spki", "jwk"];
	// exported is a key as bytes, or as an object for "jwk".
	async function exported(format, key) {
		const { type, handle, algorithm, usages, extractable } = stateOf(key);
		const family = families[algorithm.name];
		if (!has("exportKey", algorithm.name)) throw refused("NotSupportedError", `keys of ${algorithm.name} are not exported`);
		if (!extractable) throw refused("InvalidAccessError", "the key is not extractable");
		if (format === "jwk") return jwk().write(await run("export", { format, key: handle }), family.kty, algorithm, usages, extractable);
		const fits = family.secret ? ["raw"] : family.kind === "RSA" ? ["spki", "pkcs8"] : ["raw", "spki", "pkcs8"];
		if (!fits.includes(format)) throw refused("NotSupportedError", `keys of ${algorithm.name} have no form ${format}`);
		if (!family.secret && (format === "pkcs8") !== (type === "private")) throw refused("InvalidAccessError", `a ${type} key is not exported as ${format}`);
		return run("export", { format, key: handle });
	}

	// hashOf is the digest that an algorithm has, or that its key was made with.
	const hashOf = (algorithm, key) => (algorithm.hash ?? stateOf(key).algorithm.hash)?.name;
	function crypt(job, algorithm, key, usage, data) {
		const handle = keyFor(key, algorithm, usage, job === "encrypt" ? "public" : "private"), { name } = algorithm;
		const wrong = (message) => { throw refused("OperationError", message); };
		let { tagLength, length } = algorithm;
		if (name === "AES-CBC" && algorithm.iv.length !== 16) wrong("the iv of AES-CBC has 16 bytes");
		if (name === "AES-CTR" && algorithm.counter.length !== 16) wrong("the counter of AES-CTR has 16 bytes");
		if (name === "AES-CTR" && (length === 0 || length > 128)) wrong("length of AES-CTR is 1 to 128");
		if (name === "AES-GCM") {
			tagLength ??= 128;
			if (![32, 64, 96, 104, 112, 120, 128].includes(tagLength)) wrong(`no tag of AES-GCM has ${tagLength} bits`);
		}
		return run(job, {
			algorithm: name, key: handle, hash: hashOf(algorithm, key), iv: algorithm.iv, counter: algorithm.counter, length, tagLength,
			additionalData: algorithm.additionalData, label: algorithm.label, data,
		});
	}

	async function deriveBits(algorithm, key, length) {
		const { name } = algorithm, { handle } = stateOf(key);
		if (name === "HKDF" || name === "PBKDF2") {
			if (length === null || length % 8 !== 0) throw refused("OperationError", `the length for ${name} is a multiple of 8 bits`);
			if (name === "PBKDF2" && algorithm.iterations === 0) throw refused("OperationError", "iterations is above 0");
			if (length === 0) return new ArrayBuffer(0);
			return run("derive", {
				algorithm: name, key: handle, hash: algorithm.hash.name, salt: algorithm.salt, info: algorithm.info, iterations: algorithm.iterations, length: length / 8,
			});
		}
		if (stateOf(key).type !== "private") throw refused("InvalidAccessError", "the base key is not private");
		const other = stateOf(algorithm.public);
		if (other.type !== "public") throw refused("InvalidAccessError", "public is a public key");
		if (other.algorithm.name !== name || other.algorithm.namedCurve !== stateOf(key).algorithm.namedCurve) throw refused("InvalidAccessError", "the keys are of different algorithms or curves");
		const secret = await run("derive", { algorithm: name, key: handle, public: other.handle });
		if (length === null) return secret;
		if (length > secret.byteLength * 8) throw refused("OperationError", `there are no more than ${secret.byteLength * 8} bits`);
		const cut = new Uint8Array(secret.slice(0, Math.ceil(length / 8)));
		if (length % 8 !== 0) cut[cut.length - 1] &= 0xff << (8 - length % 8);
		return cut.buffer;
	}
	function keyLength(algorithm) {
		const { name, length } = algorithm;
		if (name === "HKDF" || name === "PBKDF2") return null;
		if (name === "HMAC") {
			if (length === 0) throw new TypeError("the length of a key is above 0");
			return length ?? blockBits[algorithm.hash.name];
		}
		if (![128, 192, 256].includes(length)) throw refused("OperationError", `no key of ${name} has ${length} bits`);
		return length;
	}
	// wrapping is the algorithm that wraps or unwraps, one of its own or one that encrypts.
	function wrapping(algorithm, otherwise) {
		try {
			return normalize("wrapKey", algorithm);
		} catch (error) {
			if (!(error instanceof DOMException)) throw error;
			return normalize(otherwise, algorithm);
		}
	}

	class SubtleCrypto {
		#own;
		constructor(given = undefined) { if (given !== made) throw new TypeError("Illegal constructor: there is one, crypto.subtle"); }
		async encrypt(algorithm, key, data) {
			void this.#own;
			needs(arguments.length, 3, "encrypt");
			checkedKey(key, "key");
			data = bytes(data, "data");
			return crypt("encrypt", normalize("encrypt", algorithm), key, "encrypt", data);
		}
		async decrypt(algorithm, key, data) {
			void this.#own;
			needs(arguments.length, 3, "decrypt");
			checkedKey(key, "key");
			data = bytes(data, "data");
			return crypt("decrypt", normalize("decrypt", algorithm), key, "decrypt", data);
		}
		async sign(algorithm, key, data) {
			void this.#own;
			needs(arguments.length, 3, "sign");
			checkedKey(key, "key");
			data = bytes(data, "data");
			const normal = normalize("sign", algorithm);
			const handle = keyFor(key, normal, "sign", "private");
			return run("sign", { algorithm: normal.name, key: handle, hash: hashOf(normal, key), saltLength: normal.saltLength, data });
		}
		async verify(algorithm, key, signature, data) {
			void this.#own;
			needs(arguments.length, 4, "verify");
			checkedKey(key, "key");
			signature = bytes(signature, "signature");
			data = bytes(data, "data");
			const normal = normalize("verify", algorithm);
			const handle = keyFor(key, normal, "verify", "public");
			return run("verify", { algorithm: normal.name, key: handle, hash: hashOf(normal, key), saltLength: normal.saltLength, signature, data });
		}
		async digest(algorithm, data) {
			void this.#own;
			needs(arguments.length, 2, "digest");
			data = bytes(data, "data");
			return run("digest", { hash: normalize("digest", algorithm).name, data });
		}
		async generateKey(algorithm, extractable, keyUsages) {
			void this.#own;
			needs(arguments.length, 3, "generateKey");
			const usages = readUsages(keyUsages);
			return generate(normalize("generateKey", algorithm), Boolean(extractable), usages);
		}
		async deriveKey(algorithm, baseKey, derivedKeyType, extractable, keyUsages) {
			void this.#own;
			needs(arguments.length, 5, "deriveKey");
			checkedKey(baseKey, "baseKey");
			const usages = readUsages(keyUsages);
			const normal = normalize("deriveBits", algorithm), derived = normalize("importKey", derivedKeyType), measured = normalize("keyLength", derivedKeyType);
			keyFor(baseKey, normal, "deriveKey");
			const secret = await deriveBits(normal, baseKey, keyLength(measured));
			return importKey("raw", new Uint8Array(secret), derived, Boolean(extractable), usages);
		}
		async deriveBits(algorithm, baseKey, length = null) {
			void this.#own;
			needs(arguments.length, 2, "deriveBits");
			checkedKey(baseKey, "baseKey");
			if (length !== null) length = integer(length, 32, "length");
			const normal = normalize("deriveBits", algorithm);
			keyFor(baseKey, normal, "deriveBits");
			return deriveBits(normal, baseKey, length);
		}
		async importKey(format, keyData, algorithm, extractable, keyUsages) {
			void this.#own;
			needs(arguments.length, 5, "importKey");
			format = oneOf(format, formats, "a format");
			const usages = readUsages(keyUsages);
			if (!isBytes(keyData) && !isObject(keyData)) throw new TypeError("keyData is bytes, or an object for jwk");
			const normal = normalize("importKey", algorithm);
			if ((format === "jwk") === isBytes(keyData)) throw new TypeError(format === "jwk" ? "a key of the format jwk is an object" : "keyData is an ArrayBuffer, a typed array or a DataView");
			return importKey(format, format === "jwk" ? keyData : bytes(keyData, "keyData"), normal, Boolean(extractable), usages);
		}
		async exportKey(format, key) {
			void this.#own;
			needs(arguments.length, 2, "exportKey");
			format = oneOf(format, formats, "a format");
			return exported(format, checkedKey(key, "key"));
		}
		async wrapKey(format, key, wrappingKey, wrapAlgorithm) {
			void this.#own;
			needs(arguments.length, 4, "wrapKey");
			format = oneOf(format, formats, "a format");
			checkedKey(key, "key");
			checkedKey(wrappingKey, "wrappingKey");
			const normal = wrapping(wrapAlgorithm, "encrypt");
			const handle = keyFor(wrappingKey, normal, "wrapKey");
			const written = await exported(format, key);
			const data = format === "jwk" ? new Uint8Array(native.encode(JSON.stringify(written))) : new Uint8Array(written);
			if (normal.name === "AES-KW") return run("wrap", { key: handle, data });
			return crypt("encrypt", normal, wrappingKey, "wrapKey", data);
		}
		async unwrapKey(format, wrappedKey, unwrappingKey, unwrapAlgorithm, unwrappedKeyAlgorithm, extractable, keyUsages) {
			void this.#own;
			needs(arguments.length, 7, "unwrapKey");
			format = oneOf(format, formats, "a format");
			const wrapped = bytes(wrappedKey, "wrappedKey");
			checkedKey(unwrappingKey, "unwrappingKey");
			const usages = readUsages(keyUsages);
			const normal = wrapping(unwrapAlgorithm, "decrypt"), algorithm = normalize("importKey", unwrappedKeyAlgorithm);
			const handle = keyFor(unwrappingKey, normal, "unwrapKey");
			const data = await (normal.name === "AES-KW" ? run("unwrap", { key: handle, data: wrapped }) : crypt("decrypt", normal, unwrappingKey, "unwrapKey", wrapped));
			let read = new Uint8Array(data);
			if (format === "jwk") {
				try {
					read = JSON.parse(native.decode(read));
				} catch {
					throw refused("DataError", "what was unwrapped is no JSON");
				}
				if (!isObject(read)) throw refused("DataError", "what was unwrapped is no key");
			}
			return importKey(format, read, algorithm, Boolean(extractable), usages);
		}
	}
	describe(SubtleCrypto);

	const integers = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array];
	const hex = (byte) => (byte + 256).toString(16).slice(1);
	class Crypto {
		#subtle;
		constructor(given = undefined) {
			if (given !== made) throw new TypeError("Illegal constructor: there is one, crypto");
			this.#subtle = new SubtleCrypto(made);
		}
		get subtle() { return this.#subtle; }
		getRandomValues(array) {
			void this.#subtle;
			needs(arguments.length, 1, "getRandomValues");
			if (!ArrayBuffer.isView(array)) throw new TypeError("getRandomValues fills a typed array of integers");
			if (!integers.some((Class) => array instanceof Class)) throw refused("TypeMismatchError", "getRandomValues fills a typed array of integers");
			if (array.byteLength > 65536) throw new QuotaExceededError("getRandomValues fills at most 65536 bytes at once");
			native.random(array);
			return array;
		}
		randomUUID() {
			void this.#subtle;
			const random = native.random(new Uint8Array(16));
			random[6] = random[6] & 0x0f | 0x40;
			random[8] = random[8] & 0x3f | 0x80;
			const text = Array.from(random, hex).join("");
			return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
		}
	}
	describe(Crypto);

	return { crypto: new Crypto(made), Crypto, CryptoKey, SubtleCrypto, isKey: (value) => isKey(value) };
})
