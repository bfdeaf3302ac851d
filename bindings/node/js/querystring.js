// The module querystring.
(function (native, require) {
	"use strict";
	function escape(text) {
		return encodeURIComponent(String(text).toWellFormed?.() ?? String(text)).replace(/%20/g, "%20");
	}
	function unescape(text) {
		try { return decodeURIComponent(text); } catch {
			const { Buffer } = require("node:buffer");
			return Buffer.from(text.replace(/[^\x00-\x7f]/g, (c) => encodeURIComponent(c)).replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1").toString();
		}
	}
	function primitive(value) {
		if (typeof value === "string") return value;
		if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
		if (typeof value === "bigint" || typeof value === "boolean") return String(value);
		return "";
	}
	const module = {
		escape, unescape,
		stringify(object, separator, equals, options) {
			separator = separator || "&";
			equals = equals || "=";
			const encode = options?.encodeURIComponent ?? module.escape;
			if (object === null || typeof object !== "object") return "";
			const pairs = [];
			for (const key of Object.keys(object)) {
				for (const value of Array.isArray(object[key]) ? object[key] : [object[key]]) pairs.push(encode(primitive(key)) + equals + encode(primitive(value)));
			}
			return pairs.join(separator);
		},
		parse(text, separator, equals, options) {
			const result = Object.create(null);
			if (typeof text !== "string" || text === "") return result;
			separator = separator || "&";
			equals = equals || "=";
			const decode = options?.decodeURIComponent ?? module.unescape;
			const max = options?.maxKeys ?? 1000;
			const safe = (part) => { try { return decode(part); } catch { return unescape(part); } };
			let pairs = text.split(separator).filter((pair) => pair !== "");
			if (max > 0) pairs = pairs.slice(0, max);
			for (const pair of pairs) {
				const at = pair.indexOf(equals);
				const key = safe((at < 0 ? pair : pair.slice(0, at)).replace(/\+/g, " "));
				const value = at < 0 ? "" : safe(pair.slice(at + equals.length).replace(/\+/g, " "));
				if (!(key in result)) result[key] = value;
				else if (Array.isArray(result[key])) result[key].push(value);
				else result[key] = [result[key], value];
			}
			return result;
		},
	};
	module.encode = module.stringify;
	module.decode = module.parse;
	return module;
})
