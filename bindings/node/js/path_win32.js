// The module path/win32: names of files of Windows, which a data source may speak of.
(function (native, require) {
	"use strict";
	const { check } = require("node:path");
	const separators = /[\\/]+/;
	// The device or share, and what separates it from the rest.
	function rootOf(p) {
		const [root, share, drive] = /^(?:[\\/]{2}([^\\/]+[\\/]+[^\\/]+)|([A-Za-z]:))?[\\/]*/.exec(p);
		const device = share ? `\\\\${share.split(separators).join("\\")}` : drive ?? "";
		return { device, absolute: share !== undefined || root.length > device.length, written: root };
	}
	function parts(text, absolute) {
		const kept = [];
		for (const part of text.split(separators)) {
			if (part === "" || part === ".") continue;
			if (part !== "..") kept.push(part);
			else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
			else if (!absolute) kept.push("..");
		}
		return kept.join("\\");
	}
	// A path as its root and what is behind, which ends in no separator.
	function apart(p) {
		const { written } = rootOf(p);
		const root = written.replace(/[\\/]+$/, (all) => (written.length === all.length && all.length > 1 ? all : all[0]));
		const rest = p.slice(written.length).replace(/[\\/]+$/, "");
		return { root, rest, at: Math.max(rest.lastIndexOf("\\"), rest.lastIndexOf("/")) };
	}
	const win32 = {
		sep: "\\", delimiter: ";",
		isAbsolute(p) { check(p, "path"); return /^(?:[\\/]|[A-Za-z]:[\\/])/.test(p); },
		normalize(p) {
			check(p, "path");
			if (p === "") return ".";
			const { device, absolute, written } = rootOf(p);
			let made = parts(p.slice(written.length), absolute);
			if (made === "" && !absolute) made = ".";
			if (made !== "" && p.length > written.length && /[\\/]$/.test(p)) made += "\\";
			return device + (absolute ? "\\" : "") + made;
		},
		join(...all) {
			for (const p of all) check(p, "path");
			const [first, ...rest] = all.filter((p) => p !== "");
			if (first === undefined) return ".";
			// What is put together names no share unless its first part does.
			const joined = [first, ...rest].join("\\");
			return win32.normalize(/^[\\/]{2}[^\\/]/.test(first) ? joined : joined.replace(/^[\\/]{2,}/, "\\"));
		},
		resolve(...all) {
			let device = "", tail = "", absolute = false;
			for (const p of all.reverse()) {
				check(p, "path");
				if (p === "") continue;
				const root = rootOf(p);
				if (root.device !== "" && device !== "" && root.device.toLowerCase() !== device.toLowerCase()) continue;
				if (device === "") device = root.device;
				if (!absolute) { tail = `${p.slice(root.written.length)}\\${tail}`; absolute = root.absolute; }
				if (absolute && device !== "") break;
			}
			return `${device}\\${parts(tail, true)}`;
		},
		relative(from, to) {
			const a = win32.resolve(from), b = win32.resolve(to);
			const one = rootOf(a), other = rootOf(b);
			if (one.device.toLowerCase() !== other.device.toLowerCase()) return b;
			const left = a.slice(one.written.length).split("\\").filter(Boolean), right = b.slice(other.written.length).split("\\").filter(Boolean);
			let same = 0;
			while (same < left.length && same < right.length && left[same].toLowerCase() === right[same].toLowerCase()) same++;
			return [...left.slice(same).map(() => ".."), ...right.slice(same)].join("\\");
		},
		dirname(p) {
			check(p, "path");
			const { root, rest, at } = apart(p);
			return root + (at < 0 ? "" : rest.slice(0, at)) || ".";
		},
		basename(p, suffix) {
			check(p, "path");
			if (p === suffix) return "";
			const trimmed = p.replace(/^[A-Za-z]:/, "").replace(/[\\/]+$/, "");
			const name = trimmed.slice(Math.max(trimmed.lastIndexOf("\\"), trimmed.lastIndexOf("/")) + 1);
			return suffix !== undefined && name !== suffix && name.endsWith(suffix) ? name.slice(0, name.length - suffix.length) : name;
		},
		extname(p) {
			const name = win32.basename(p);
			const at = name.lastIndexOf(".");
			return at <= 0 || name === ".." ? "" : name.slice(at);
		},
		parse(p) {
			check(p, "path");
			const { root, rest, at } = apart(p);
			const base = rest.slice(at + 1), ext = win32.extname(base);
			return { root, dir: root + (at < 0 ? "" : rest.slice(0, at)), base, ext, name: ext === "" ? base : base.slice(0, -ext.length) };
		},
		format(o) {
			const dir = o.dir || o.root;
			const base = o.base || `${o.name ?? ""}${o.ext ? (o.ext.startsWith(".") ? o.ext : `.${o.ext}`) : ""}`;
			return !dir ? base : dir === o.root ? `${dir}${base}` : `${dir}\\${base}`;
		},
		toNamespacedPath(p) { return p; },
		matchesGlob() { throw new Error("path.matchesGlob is not available in carjs: use the npm package picomatch"); },
	};
	win32.win32 = win32;
	Object.defineProperty(win32, "posix", { get: () => require("node:path"), enumerable: true, configurable: true });
	return win32;
})
