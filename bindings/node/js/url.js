// The module url: the platform's URL, and the older parser and its counterpart.
(function (native, require) {
	"use strict";
	const querystring = require("node:querystring");
	const punycode = require("node:punycode");
	const slashed = new Set(["http:", "https:", "ftp:", "gopher:", "file:", "ws:", "wss:"]);
	const hostless = new Set(["javascript:"]);
	const escaped = { "\t": "%09", "\n": "%0A", "\r": "%0D", " ": "%20", "\"": "%22", "'": "%27", "<": "%3C", ">": "%3E", "\\": "%5C", "^": "%5E", "`": "%60", "{": "%7B", "|": "%7C", "}": "%7D" };

	function Url() {
		for (const name of ["protocol", "slashes", "auth", "host", "port", "hostname", "hash", "search", "query", "pathname", "path", "href"]) this[name] = null;
	}

	function parse(text, withQuery = false, slashesMeanHost = false) {
		if (text instanceof Url) return text;
		if (typeof text !== "string") {
			const error = new TypeError(`The "url" argument must be of type string. Received ${text === null || text === undefined ? text : typeof text}`);
			error.code = "ERR_INVALID_ARG_TYPE";
			throw error;
		}
		const url = new Url();
		let rest = text.trim();
		const question = rest.search(/[?#]/);
		const head = question < 0 ? rest : rest.slice(0, question);
		rest = head.replaceAll("\\", "/") + (question < 0 ? "" : rest.slice(question));
		const protocol = /^[a-z0-9.+-]+:/i.exec(rest)?.[0];
		if (protocol) { url.protocol = protocol.toLowerCase(); rest = rest.slice(protocol.length); }
		const slashes = rest.startsWith("//");
		if (slashes && (protocol || slashesMeanHost || /^\/\/[^@/]+@[^@/]+/.test(rest)) && !hostless.has(url.protocol)) {
			url.slashes = true;
			rest = rest.slice(2);
		}
		if (!hostless.has(url.protocol) && (url.slashes || (url.protocol && !slashed.has(url.protocol)))) {
			let end = rest.search(/[/?#]/);
			if (end < 0) end = rest.length;
			const at = rest.lastIndexOf("@", end - 1);
			if (at >= 0) { url.auth = decodeURIComponent(rest.slice(0, at)); }
			let host = rest.slice(at + 1, end);
			const bad = /^\[/.test(host) ? -1 : host.search(/[\0\t\n\r "%'<>^`{|};]/);
			if (bad >= 0) { end = at + 1 + bad; host = host.slice(0, bad); }
			rest = rest.slice(end);
			if (rest !== "" && !/^[/?#]/.test(rest)) rest = `/${rest}`;
			const port = /:([0-9]*)$/.exec(host);
			if (port) { if (port[1] !== "") url.port = port[1]; host = host.slice(0, port.index); }
			const v6 = host.startsWith("[") && host.endsWith("]");
			url.hostname = (v6 ? host.slice(1, -1) : punycode.toASCII(host)).toLowerCase();
			url.host = (v6 ? `[${url.hostname}]` : url.hostname) + (url.port === null ? "" : `:${url.port}`);
		}
		if (!hostless.has(url.protocol)) rest = rest.replace(/[\t\n\r "'<>\\^`{|}]/g, (c) => escaped[c]);
		const hash = rest.indexOf("#");
		if (hash >= 0) { url.hash = rest.slice(hash); rest = rest.slice(0, hash); }
		const query = rest.indexOf("?");
		if (query >= 0) { url.search = rest.slice(query); url.query = rest.slice(query + 1); rest = rest.slice(0, query); }
		else if (withQuery) { url.search = null; url.query = ""; }
		if (withQuery) url.query = querystring.parse(url.query);
		if (rest !== "") url.pathname = rest;
		if (slashed.has(url.protocol) && url.hostname && url.pathname === null) url.pathname = "/";
		if (url.pathname !== null || url.search !== null) url.path = (url.pathname ?? "") + (url.search ?? "");
		url.href = format(url);
		return url;
	}

	function format(url, options) {
		if (typeof url === "string") return parse(url).href;
		if (url instanceof URL) {
			if (!options) return url.href;
			const copy = new URL(url.href);
			if (options.fragment === false) copy.hash = "";
			if (options.search === false) copy.search = "";
			if (options.auth === false) { copy.username = ""; copy.password = ""; }
			return options.unicode ? copy.href.replace(copy.hostname, () => punycode.toUnicode(copy.hostname)) : copy.href;
		}
		let auth = url.auth ? `${encodeURIComponent(url.auth).replace(/%3A/i, ":")}@` : "";
		let protocol = url.protocol || "", pathname = url.pathname || "", hash = url.hash || "", host = "";
		if (protocol !== "" && !protocol.endsWith(":")) protocol += ":";
		if (url.host) host = auth + url.host;
		else if (url.hostname) host = auth + (url.hostname.includes(":") && !url.hostname.startsWith("[") ? `[${url.hostname}]` : url.hostname) + (url.port ? `:${url.port}` : "");
		let query = url.query !== null && typeof url.query === "object" ? querystring.stringify(url.query) : "";
		let search = url.search || (query && `?${query}`) || "";
		if (url.slashes || ((protocol === "" || slashed.has(protocol)) && host !== "")) {
			if (url.slashes || host !== "") { if (pathname !== "" && !pathname.startsWith("/")) pathname = `/${pathname}`; host = `//${host}`; }
		}
		if (hash !== "" && !hash.startsWith("#")) hash = `#${hash}`;
		if (search !== "" && !search.startsWith("?")) search = `?${search}`;
		return protocol + host + pathname.replace(/[?#]/g, encodeURIComponent) + search.replaceAll("#", "%23") + hash;
	}
	Url.prototype.parse = function (text, withQuery, slashes) { return Object.assign(this, parse(text, withQuery, slashes)); };
	Url.prototype.format = function () { return format(this); };
	Url.prototype.resolve = function (to) { return resolve(this.href, to); };

	function resolve(from, to) {
		const base = new URL(from, "resolve://");
		const resolved = new URL(to, base);
		if (resolved.protocol === "resolve:") {
			const { pathname, search, hash } = resolved;
			return (from.startsWith("/") || to.startsWith("/") ? pathname : pathname.replace(/^\//, "")) + search + hash;
		}
		return resolved.toString();
	}

	return {
		Url, parse, format, resolve, resolveObject: (from, to) => parse(resolve(typeof from === "string" ? from : format(from), to)),
		get URL() { return globalThis.URL; }, get URLSearchParams() { return globalThis.URLSearchParams; },
		domainToASCII: (domain) => { try { return new URL(`http://${domain}`).hostname; } catch { return ""; } }, domainToUnicode: (domain) => punycode.toUnicode(domain),
		fileURLToPath(url) { url = new URL(url); if (url.protocol !== "file:") throw new TypeError("The URL must be of scheme file"); return decodeURIComponent(url.pathname); },
		pathToFileURL(path) { return new URL(`file://${require("node:path").resolve(path).replace(/[%?#\\\n\r\t]/g, encodeURIComponent)}`); },
		urlToHttpOptions(url) {
			const options = { __proto__: null, protocol: url.protocol, hostname: url.hostname.replace(/^\[(.*)\]$/, "$1"), hash: url.hash, search: url.search, pathname: url.pathname, path: `${url.pathname}${url.search}`, href: url.href };
			if (url.port !== "") options.port = Number(url.port);
			if (url.username || url.password) options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
			return options;
		},
	};
})
