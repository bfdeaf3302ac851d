// The module os: constants, which say nothing of the machine.
(function (native, require) {
	"use strict";
	return {
		EOL: "\n", devNull: "/dev/null", constants: { signals: {}, errno: {}, priority: {} },
		platform: () => "linux", type: () => "Linux", arch: () => "x64", machine: () => "x86_64", release: () => "0.0.0", version: () => "", endianness: () => "LE",
		hostname: () => "localhost", homedir: () => "/", tmpdir: () => "/tmp", cpus: () => [], availableParallelism: () => 1,
		totalmem: () => 0, freemem: () => 0, loadavg: () => [0, 0, 0], uptime: () => 0, networkInterfaces: () => ({}),
		userInfo: () => ({ username: "carjs", uid: -1, gid: -1, shell: null, homedir: "/" }),
	};
})
