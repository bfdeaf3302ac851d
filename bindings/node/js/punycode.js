// The module punycode. The algorithm is that of RFC 3492.
(function (native, require) {
	"use strict";
	const base = 36, tMin = 1, tMax = 26, skew = 38, damp = 700;
	function adapt(delta, count, first) {
		delta = first ? Math.floor(delta / damp) : delta >> 1;
		delta += Math.floor(delta / count);
		let k = 0;
		for (; delta > ((base - tMin) * tMax) >> 1; k += base) delta = Math.floor(delta / (base - tMin));
		return Math.floor(k + ((base - tMin + 1) * delta) / (delta + skew));
	}
	const threshold = (k, bias) => Math.min(Math.max(k - bias, tMin), tMax);
	const digit = (n) => String.fromCharCode(n < 26 ? n + 97 : n + 22);
	function encode(text) {
		const points = Array.from(text, (c) => c.codePointAt(0));
		let output = points.filter((p) => p < 128).map((p) => String.fromCharCode(p)).join("");
		let handled = output.length, n = 128, delta = 0, bias = 72;
		const basic = handled;
		if (basic > 0) output += "-";
		while (handled < points.length) {
			const next = Math.min(...points.filter((p) => p >= n));
			delta += (next - n) * (handled + 1);
			n = next;
			for (const point of points) {
				if (point < n) delta++;
				if (point !== n) continue;
				let q = delta;
				for (let k = base; ; k += base) {
					const t = threshold(k, bias);
					if (q < t) break;
					output += digit(t + ((q - t) % (base - t)));
					q = Math.floor((q - t) / (base - t));
				}
				output += digit(q);
				bias = adapt(delta, handled + 1, handled === basic);
				delta = 0;
				handled++;
			}
			delta++;
			n++;
		}
		return output;
	}
	function decode(text) {
		const at = text.lastIndexOf("-");
		const output = at > 0 ? Array.from(text.slice(0, at), (c) => { if (c.charCodeAt(0) > 127) throw new RangeError("Illegal input >= 0x80 (not a basic code point)"); return c.charCodeAt(0); }) : [];
		let n = 128, i = 0, bias = 72;
		for (let index = at > 0 ? at + 1 : 0; index < text.length;) {
			const before = i;
			for (let w = 1, k = base; ; k += base) {
				const c = text.charCodeAt(index++);
				const value = c >= 48 && c < 58 ? c - 22 : c >= 65 && c < 91 ? c - 65 : c >= 97 && c < 123 ? c - 97 : base;
				if (value >= base) throw new RangeError("Invalid input");
				i += value * w;
				const t = threshold(k, bias);
				if (value < t) break;
				w *= base - t;
			}
			const count = output.length + 1;
			bias = adapt(i - before, count, before === 0);
			n += Math.floor(i / count);
			i %= count;
			output.splice(i++, 0, n);
		}
		return String.fromCodePoint(...output);
	}
	function each(domain, f) {
		const [local, host] = domain.includes("@") ? [`${domain.split("@")[0]}@`, domain.split("@")[1]] : ["", domain];
		return local + host.replace(/[\u002E\u3002\uFF0E\uFF61]/g, ".").split(".").map(f).join(".");
	}
	return {
		version: "2.1.0", encode, decode,
		ucs2: { decode: (text) => Array.from(text, (c) => c.codePointAt(0)), encode: (points) => String.fromCodePoint(...points) },
		toASCII: (domain) => each(domain, (label) => (/[^\0-\x7F]/.test(label) ? `xn--${encode(label)}` : label)),
		toUnicode: (domain) => each(domain, (label) => (/^xn--/.test(label) ? decode(label.slice(4).toLowerCase()) : label)),
	};
})
