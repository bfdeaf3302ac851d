// The module path, in the form of POSIX: a connector has no files, but URLs and names of archives
// have paths.
(function (native, require) {
	"use strict";
	function received(value) {
		if (value === null || value === undefined) return String(value);
		if (typeof value === "function") return `function ${value.name}`;
		if (typeof value === "object") return `an instance of ${value.constructor?.name ?? "Object"}`;
		return `type ${typeof value} (${String(value)})`;
	}
	function check(path, name) {
		if (typeof path === "string") return;
		const error = new TypeError(`The "${name}" argument must be of type string. Received ${received(path)}`);
		error.code = "ERR_INVALID_ARG_TYPE";
		throw error;
	}
	// The parts of a path without . and .., which stay at the start of a relative one.
	function parts(path, absolute) {
		const kept = [];
		for (const part of path.split("/")) {
			if (part === "" || part === ".") continue;
			if (part !== "..") kept.push(part);
			else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
			else if (!absolute) kept.push("..");
		}
		return kept.join("/");
	}
	const path = {
		sep: "/", delimiter: ":",
		isAbsolute(p) { check(p, "path"); return p.startsWith("/"); },
		normalize(p) {
			check(p, "path");
			if (p === "") return ".";
			const absolute = p.startsWith("/");
			let made = parts(p, absolute);
			if (made === "" && !absolute) made = ".";
			if (made !== "" && p.endsWith("/")) made += "/";
			return absolute ? `/${made}` : made;
		},
		join(...all) {
			for (const p of all) check(p, "path");
			const joined = all.filter((p) => p !== "").join("/");
			return joined === "" ? "." : path.normalize(joined);
		},
		resolve(...all) {
			let made = "";
			for (const p of ["/", ...all].reverse()) {
				check(p, "path");
				if (p === "") continue;
				made = made === "" ? p : `${p}/${made}`;
				if (p.startsWith("/")) break;
			}
			return `/${parts(made, true)}`;
		},
		relative(from, to) {
			const a = path.resolve(from).split("/").filter(Boolean), b = path.resolve(to).split("/").filter(Boolean);
			let same = 0;
			while (same < a.length && same < b.length && a[same] === b[same]) same++;
			return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
		},
		dirname(p) {
			check(p, "path");
			if (p === "") return ".";
			const at = p.replace(/\/+$/, "").lastIndexOf("/");
			if (at < 1) return p.startsWith("/") ? "/" : ".";
			return at === 1 && p.startsWith("/") ? "//" : p.slice(0, at);
		},
		basename(p, suffix) {
			check(p, "path");
			if (p === suffix) return "";
			const trimmed = p.replace(/\/+$/, "");
			const name = trimmed.slice(trimmed.lastIndexOf("/") + 1);
			return suffix !== undefined && name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
		},
		extname(p) {
			const name = path.basename(p);
			const at = name.lastIndexOf(".");
			return at <= 0 || name === ".." ? "" : name.slice(at);
		},
		parse(p) {
			check(p, "path");
			const root = p.startsWith("/") ? "/" : "";
			const base = path.basename(p), ext = path.extname(p);
			const trimmed = p.replace(/\/+$/, "");
			const at = trimmed.lastIndexOf("/");
			const dir = at < 0 ? root && "/" : at === 0 ? "/" : trimmed.slice(0, at);
			return { root, dir, base, ext, name: ext === "" ? base : base.slice(0, -ext.length) };
		},
		format(o) {
			const dir = o.dir || o.root;
			const base = o.base || `${o.name ?? ""}${o.ext ? (o.ext.startsWith(".") ? o.ext : `.${o.ext}`) : ""}`;
			return !dir ? base : dir === o.root ? `${dir}${base}` : `${dir}/${base}`;
		},
		toNamespacedPath(p) { return p; },
		matchesGlob() { throw new Error("path.matchesGlob is not available in carjs: use the npm package picomatch"); },
	};
	path.posix = path;
	Object.defineProperty(path, "win32", { get: () => require("node:path/win32"), enumerable: true, configurable: true });
	Object.defineProperty(path, "check", { value: check }); // for path/win32
	return path;
})
