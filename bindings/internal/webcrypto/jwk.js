// JSON Web Keys: what they say of a key, and whether that goes with how it is to be used.
(function (native) {
	"use strict";
	const { isObject, string, sequence } = native.part("idl");
	const { refused } = native.part("algorithms");
	const { Uint8Array } = globalThis;
	const bad = (message) => refused("DataError", message);

	const digestOf = { "SHA-1": "1", "SHA-256": "256", "SHA-384": "384", "SHA-512": "512" };
	// algorithmsOf are the values of alg that a key of the algorithm may have; the first is what it is
	// exported with.
	function algorithmsOf({ name, hash, length }) {
		const digest = digestOf[hash?.name];
		switch (name) {
			case "HMAC": return [`HS${digest}`];
			case "RSASSA-PKCS1-v1_5": return [`RS${digest}`];
			case "RSA-PSS": return [`PS${digest}`];
			case "RSA-OAEP": return [digest === "1" ? "RSA-OAEP" : `RSA-OAEP-${digest}`];
			case "Ed25519": return ["Ed25519", "EdDSA"];
		}
		return name.startsWith("AES-") ? [`A${length}${name.slice(4)}`] : [];
	}
	const members = { RSA: ["n", "e"], EC: ["x", "y"], OKP: ["x"], oct: ["k"] };
	const privateMembers = { RSA: ["d", "p", "q", "dp", "dq", "qi"], EC: ["d"], OKP: ["d"], oct: [] };

	// read makes { bytes by member, isPrivate } of a key of a type.
	function read(jwk, type, { curve, use, usages, extractable, checkAlgorithm }) {
		const text = (name) => jwk[name] === undefined ? undefined : string(jwk[name]);
		const kty = text("kty");
		if (kty !== type) throw bad(`kty of the key is ${JSON.stringify(type)}, not ${JSON.stringify(kty)}`);
		if (curve !== undefined && text("crv") !== curve) throw bad(`crv of the key is ${JSON.stringify(curve)}`);
		if (usages.length > 0 && jwk.use !== undefined && text("use") !== use) throw bad(`use of the key is ${JSON.stringify(use)}`);
		if (jwk.key_ops !== undefined) {
			const operations = sequence(jwk.key_ops, "key_ops").map(string);
			if (new Set(operations).size !== operations.length) throw bad("key_ops names an operation twice");
			if (!usages.every((usage) => operations.includes(usage))) throw bad("key_ops lacks what the key is to be used for");
		}
		if (jwk.ext !== undefined && !jwk.ext && extractable) throw bad("the key says that it cannot be exported");
		const isPrivate = type !== "oct" && jwk.d !== undefined;
		if (isPrivate && jwk.oth !== undefined) throw refused("NotSupportedError", "RSA keys of more than two primes are not supported");
		const bytes = {};
		for (const name of [...members[type], ...isPrivate ? privateMembers[type] : []]) {
			const decoded = jwk[name] === undefined ? undefined : native.fromBase64URL(string(jwk[name]));
			if (decoded === undefined) throw bad(`the key has no ${name} in base64url`);
			bytes[name] = new Uint8Array(decoded);
		}
		checkAlgorithm(text("alg"), bytes);
		return { bytes, isPrivate };
	}
	// write makes the object of the numbers of a key.
	function write(numbers, type, algorithm, usages, extractable) {
		const jwk = { key_ops: [...usages], ext: extractable, kty: type };
		const curve = algorithm.namedCurve ?? (type === "OKP" ? algorithm.name : undefined);
		if (curve !== undefined) jwk.crv = curve;
		for (const name of [...members[type], ...privateMembers[type]]) {
			if (numbers[name] !== undefined) jwk[name] = native.toBase64URL(numbers[name]);
		}
		const [alg] = algorithmsOf(algorithm);
		if (alg !== undefined) jwk.alg = alg;
		return jwk;
	}

	return { read, write, algorithmsOf, isJWK: (value) => isObject(value) };
})
