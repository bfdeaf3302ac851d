// A module of Node that does nothing here. What a package only mentions, subclasses or keeps for
// later is there; what it calls throws.
(function (name, refuse, require) {
	"use strict";

	// A bundle copies the own properties of a module and inherits the rest: therefore whatever is not
	// there comes from the prototype.
	function stub(path) {
		const target = function () { refuse(path); };
		return new Proxy(target, {
			get(target, key, receiver) {
				if (typeof key === "symbol" || key in target || key === "then") return Reflect.get(target, key);
				return stub(`${path}.${key}`);
			},
			apply() { refuse(path); },
			construct() { refuse(`new ${path}`); },
		});
	}

	const stubs = new Map();
	const missing = new Proxy(Object.create(Object.prototype), {
		get(target, key) {
			if (typeof key === "symbol" || key in Object.prototype || key === "then" || key === "__esModule" || key === "default" || key === "toJSON") return Reflect.get(Object.prototype, key);
			if (!stubs.has(key)) stubs.set(key, stub(key));
			return stubs.get(key);
		},
		has() { return true; },
	});

	// An agent does nothing but hold its options, and is made by many a client while it loads.
	class Agent {
		constructor(options = {}) { this.options = { ...options }; this.maxSockets = options.maxSockets ?? Infinity; this.requests = {}; this.sockets = {}; this.freeSockets = {}; }
		destroy() {}
	}
	const METHODS = "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE".split(" ");
	const STATUS_CODES = {
		100: "Continue", 101: "Switching Protocols", 102: "Processing", 103: "Early Hints", 200: "OK", 201: "Created", 202: "Accepted",
		203: "Non-Authoritative Information", 204: "No Content", 205: "Reset Content", 206: "Partial Content", 207: "Multi-Status",
		208: "Already Reported", 226: "IM Used", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other",
		304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized",
		402: "Payment Required", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
		407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
		412: "Precondition Failed", 413: "Payload Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
		416: "Range Not Satisfiable", 417: "Expectation Failed", 418: "I'm a Teapot", 421: "Misdirected Request",
		422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency", 425: "Too Early", 426: "Upgrade Required",
		428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
		451: "Unavailable For Legal Reasons", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
		503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported", 506: "Variant Also Negotiates",
		507: "Insufficient Storage", 508: "Loop Detected", 509: "Bandwidth Limit Exceeded", 510: "Not Extended",
		511: "Network Authentication Required",
	};
	const invalid = (message, code) => Object.assign(new TypeError(message), { code });
	function validateHeaderName(name, label = "Header name") {
		if (typeof name !== "string" || !/^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/.test(name)) throw invalid(`${label} must be a valid HTTP token ["${name}"]`, "ERR_INVALID_HTTP_TOKEN");
	}
	function validateHeaderValue(name, value) {
		if (value === undefined) throw invalid(`Invalid value "${value}" for header "${name}"`, "ERR_HTTP_INVALID_HEADER_VALUE");
		if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw invalid(`Invalid character in header content ["${name}"]`, "ERR_INVALID_CHAR");
	}
	const client = () => ({ METHODS, STATUS_CODES, Agent, globalAgent: new Agent(), maxHeaderSize: 16384, validateHeaderName, validateHeaderValue });
	const v4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|$)){4}$/;
	function isIPv4(text) { text = String(text); return v4.test(text) && !text.endsWith("."); }
	function isIPv6(text) {
		text = String(text);
		const zone = text.indexOf("%");
		if (zone >= 0) { if (zone === text.length - 1) return false; text = text.slice(0, zone); }
		try { new URL(`http://[${text}]/`); } catch { return false; }
		return text.includes(":");
	}
	const present = {
		http: client, https: () => ({ Agent, globalAgent: new Agent() }), http2: () => ({ constants: {} }),
		net: () => ({ isIPv4, isIPv6, isIP: (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0) }),
		fs: () => ({ constants: { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 } }),
		tty: () => ({ isatty: () => false }),
		worker_threads: () => ({ isMainThread: true, parentPort: null, workerData: null, threadId: 0 }),
		cluster: () => ({ isMaster: true, isPrimary: true, isWorker: false }),
		tls: () => ({ DEFAULT_MIN_VERSION: "TLSv1.2", DEFAULT_MAX_VERSION: "TLSv1.3", rootCertificates: [] }),
		module: () => ({ builtinModules: [] }),
	};
	const module = Object.create(missing);
	return Object.assign(module, present[name]?.());
})
