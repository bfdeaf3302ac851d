// The module process. It says nothing of the machine: its environment has NODE_ENV and nothing else.
(function (native, require) {
	"use strict";
	const EventEmitter = require("node:events");
	const start = performance.now();
	const process = new EventEmitter();
	// A package that finds versions.node takes the way that needs files and sockets.
	Object.assign(process, {
		title: "carjs", version: "v20.0.0", versions: {}, platform: "linux", arch: "x64", pid: 1, ppid: 0, argv: ["carjs"], argv0: "carjs",
		execArgv: [], execPath: "carjs", env: { NODE_ENV: "production" }, exitCode: undefined, browser: true, release: { name: "carjs" },
		config: { variables: {} }, features: {},
		nextTick(callback, ...args) {
			if (typeof callback !== "function") throw new TypeError("The \"callback\" argument must be of type function");
			queueMicrotask(() => callback(...args));
		},
		cwd() { return "/"; },
		umask() { return 0o22; },
		uptime() { return (performance.now() - start) / 1000; },
		hrtime(before) {
			const now = performance.now();
			let seconds = Math.floor(now / 1000), nanoseconds = Math.floor((now % 1000) * 1e6);
			if (before) { seconds -= before[0]; nanoseconds -= before[1]; if (nanoseconds < 0) { seconds--; nanoseconds += 1e9; } }
			return [seconds, nanoseconds];
		},
		memoryUsage() { return { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }; },
		cpuUsage() { return { user: 0, system: 0 }; },
		emitWarning(warning) { console.warn(String(warning?.message ?? warning)); },
		binding() { throw new Error("process.binding is not available in carjs"); },
		exit() { throw new Error("process.exit is not available in carjs: throw an error to end a run"); },
		abort() { throw new Error("process.abort is not available in carjs: throw an error to end a run"); },
		kill() { throw new Error("process.kill is not available in carjs: a connector cannot start processes or threads"); },
		chdir() { throw new Error("process.chdir is not available in carjs: a connector has no files"); },
	});
	process.hrtime.bigint = () => BigInt(Math.floor(performance.now() * 1e6));
	process.memoryUsage.rss = () => 0;
	// Output goes to the log, a line at a time.
	const stream = (level) => ({
		isTTY: false, columns: 80, writable: true,
		write(text, encoding, callback) {
			console[level](String(text).replace(/\n$/, ""));
			const done = typeof encoding === "function" ? encoding : callback;
			if (done) queueMicrotask(() => done());
			return true;
		},
		on() { return this; }, once() { return this; }, removeListener() { return this; }, end() {}, hasColors() { return false; }, getColorDepth() { return 1; },
	});
	process.stdout = stream("info");
	process.stderr = stream("error");
	process.stdin = { isTTY: false, on() { return this; }, once() { return this; } };
	return process;
})
