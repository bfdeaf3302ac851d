package webcrypto_test

import (
	"testing"

	"carjs/bindings/internal/webcrypto"
	"carjs/bindings/web"
	"carjs/bindings/web/webtest"
	"carjs/host/script"
)

// What the standard says in detail is tested by the tests of the platform itself: TestWebPlatform in
// package bindings.
func TestCrypto(t *testing.T) {
	world := webtest.World{Globals: []script.Global{web.Global(), webcrypto.Global()}}
	const helpers = `const { subtle } = crypto, text = (s: string) => new TextEncoder().encode(s), bytes = (h: string) => new Uint8Array(h.match(/../g)!.map((p) => parseInt(p, 16)));
		const hex = (x: ArrayBuffer) => [...new Uint8Array(x)].map((n) => n.toString(16).padStart(2, "0")).join("");
		const caught = async (f: () => unknown) => { try { await f(); return "none"; } catch (e: any) { return e.name; } };`
	for _, c := range []struct{ name, body, want string }{
		{"random", `const v = new Uint32Array(8); return [crypto.getRandomValues(v) === v, new Set(v).size > 6, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
			await caught(() => crypto.getRandomValues(new Uint8Array(65537))), await caught(() => crypto.getRandomValues(new Float64Array(1)))]`, `[true,true,true,"QuotaExceededError","TypeMismatchError"]`},
		// FIPS 180, "abc".
		{"digest", `return [hex(await subtle.digest("sha-256", text("abc"))), await caught(() => subtle.digest("MD5", text("")))]`,
			`["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","NotSupportedError"]`},
		// RFC 4231, test case 2.
		{"hmac", `const k = await subtle.importKey("raw", text("Jefe"), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]); const s = await subtle.sign("HMAC", k, text("what do ya want for nothing?"));
			return [hex(s), await subtle.verify("HMAC", k, s, text("what do ya want for nothing?")), await subtle.verify("HMAC", k, s, text("")), await caught(() => subtle.exportKey("raw", k))]`,
			`["5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",true,false,"InvalidAccessError"]`},
		// McGrew and Viega, test case 3 of AES-GCM.
		{"gcm", `const k = await subtle.importKey("raw", bytes("feffe9928665731c6d6a8f9467308308"), "AES-GCM", true, ["encrypt", "decrypt"]); const iv = bytes("cafebabefacedbaddecaf888");
			const plain = bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
			const sealed = await subtle.encrypt({ name: "AES-GCM", iv }, k, plain); const short = await subtle.encrypt({ name: "AES-GCM", iv, tagLength: 96 }, k, plain);
			const broken = new Uint8Array(sealed); broken[0] ^= 1;
			return [hex(sealed).slice(-32), hex(await subtle.decrypt({ name: "AES-GCM", iv, tagLength: 96 }, k, short)) === hex(plain.buffer), await caught(() => subtle.decrypt({ name: "AES-GCM", iv }, k, broken))]`,
			`["4d5c2af327cd64a62cf35abd2ba6fab4",true,"OperationError"]`},
		{"the counter goes round", `const k = await subtle.importKey("raw", new Uint8Array(16), "AES-CTR", true, ["encrypt"]); const last = new Uint8Array(16).fill(255), first = new Uint8Array(16).fill(255); first[15] = 0xf0;
			const two = await subtle.encrypt({ name: "AES-CTR", counter: last, length: 4 }, k, new Uint8Array(32)), one = await subtle.encrypt({ name: "AES-CTR", counter: first, length: 4 }, k, new Uint8Array(16));
			return [hex(two).slice(32) === hex(one), await caught(() => subtle.encrypt({ name: "AES-CTR", counter: last, length: 4 }, k, new Uint8Array(272)))]`, `[true,"OperationError"]`},
		{"cbc", `const k = await subtle.generateKey({ name: "AES-CBC", length: 256 }, true, ["encrypt", "decrypt"]), iv = new Uint8Array(16); const sealed = await subtle.encrypt({ name: "AES-CBC", iv }, k, text("sixteen bytes...")); sealed.byteLength;
			return [sealed.byteLength, new TextDecoder().decode(await subtle.decrypt({ name: "AES-CBC", iv }, k, sealed)), await caught(() => subtle.decrypt({ name: "AES-CBC", iv }, k, new Uint8Array(16)))]`, `[32,"sixteen bytes...","OperationError"]`},
		// RFC 3394, section 4.1.
		{"wrap", `const kek = await subtle.importKey("raw", bytes("000102030405060708090a0b0c0d0e0f"), "AES-KW", false, ["wrapKey", "unwrapKey"]); const k = await subtle.importKey("raw", bytes("00112233445566778899aabbccddeeff"), "AES-CBC", true, ["encrypt"]);
			const w = await subtle.wrapKey("raw", k, kek, "AES-KW"); const back = await subtle.unwrapKey("raw", w, kek, "AES-KW", "AES-CBC", true, ["encrypt"]); return [hex(w), hex(await subtle.exportKey("raw", back))]`,
			`["1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5","00112233445566778899aabbccddeeff"]`},
		// RFC 6070, test case 2; RFC 5869, test case 1.
		{"derive", `const p = await subtle.importKey("raw", text("password"), "PBKDF2", false, ["deriveBits", "deriveKey"]), h = await subtle.importKey("raw", new Uint8Array(22).fill(11), "HKDF", false, ["deriveBits"]);
			const aes = await subtle.deriveKey({ name: "PBKDF2", hash: "SHA-1", salt: text("salt"), iterations: 2 }, p, { name: "AES-GCM", length: 128 }, true, ["encrypt"]);
			return [hex(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: text("salt"), iterations: 2 }, p, 160)), hex(await subtle.exportKey("raw", aes)),
				hex(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: bytes("000102030405060708090a0b0c"), info: bytes("f0f1f2f3f4f5f6f7f8f9") }, h, 336))]`,
			`["ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957","ea6c014dc72d6f8ccd1ed92ace1d41f0","3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"]`},
		{"curves", `const out: any[] = []; for (const namedCurve of ["P-256", "P-384", "P-521"]) { const k = await subtle.generateKey({ name: "ECDSA", namedCurve }, true, ["sign", "verify"]); const s = await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, k.privateKey, text("m"));
			const jwk = await subtle.exportKey("jwk", k.publicKey), again = await subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve }, true, ["verify"]); out.push(s.byteLength, jwk.crv, await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, again, s, text("m")));
			a = await subtle.generateKey({ name: "ECDH", namedCurve }, false, ["deriveBits"]); b = await subtle.generateKey({ name: "ECDH", namedCurve }, false, ["deriveBits"]);
			out.push(hex(await subtle.deriveBits({ name: "ECDH", public: b.publicKey }, a.privateKey, null)) === hex(await subtle.deriveBits({ name: "ECDH", public: a.publicKey }, b.privateKey, null))); } return out`,
			`[64,"P-256",true,true,96,"P-384",true,true,132,"P-521",true,true]`},
		// RFC 8032, section 7.1, test 2.
		{"Ed25519", `const d = bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), x = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"); const url = (b: Uint8Array) => btoa(String.fromCharCode(...b)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
			const k = await subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", d: url(d), x: url(x) }, "Ed25519", false, ["sign"]); return hex(await subtle.sign("Ed25519", k, bytes("72")))`,
			`92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00`},
		{"RSA", `const k = await subtle.generateKey({ name: "RSA-PSS", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: "SHA-256" }, true, ["sign", "verify"]); const out: any[] = [k.publicKey.algorithm.modulusLength, [...k.privateKey.usages]];
			for (const saltLength of [0, 32]) { const s = await subtle.sign({ name: "RSA-PSS", saltLength }, k.privateKey, text("m")); out.push(await subtle.verify({ name: "RSA-PSS", saltLength }, k.publicKey, s, text("m")), await subtle.verify({ name: "RSA-PSS", saltLength: 20 }, k.publicKey, s, text("m"))); }
			const der = await subtle.exportKey("pkcs8", k.privateKey), spki = await subtle.exportKey("spki", k.publicKey);
			const open = await subtle.importKey("pkcs8", der, { name: "RSA-OAEP", hash: "SHA-1" }, false, ["decrypt"]), seal = await subtle.importKey("spki", spki, { name: "RSA-OAEP", hash: "SHA-1" }, true, ["encrypt"]);
			out.push(new TextDecoder().decode(await subtle.decrypt({ name: "RSA-OAEP", label: text("l") }, open, await subtle.encrypt({ name: "RSA-OAEP", label: text("l") }, seal, text("secret")))));
			out.push(await caught(() => subtle.sign("RSASSA-PKCS1-v1_5", k.privateKey, text("")))); return out`, `[2048,["sign"],true,false,true,false,"secret","InvalidAccessError"]`},
		{"faults", `return [await caught(() => subtle.generateKey({ name: "AES-GCM", length: 100 }, true, ["encrypt"])), await caught(() => subtle.generateKey({ name: "AES-GCM", length: 128 }, true, [])), await caught(() => subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["sign"])),
			await caught(() => subtle.generateKey("AES-GCM", true, ["encrypt"])), await caught(() => subtle.importKey("spki", new Uint8Array(9), { name: "ECDSA", namedCurve: "P-256" }, true, [])), await caught(() => new (CryptoKey as any)())]`,
			`["OperationError","SyntaxError","SyntaxError","TypeError","DataError","TypeError"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := webtest.Text(world.Run(t, webtest.Main(helpers+c.body))); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
