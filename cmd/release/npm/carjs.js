#!/usr/bin/env node
// Starts the carjs of this machine's platform, which npm installed as an optional dependency.
"use strict";

const { spawn } = require("node:child_process");

const platform = `${process.platform}-${process.arch}`;
const name = `@carjs/${platform}`;

function fail(message, next) {
  process.stderr.write(`carjs: ${message}\n  next step  ${next}\n`);
  process.exit(2);
}

if (!(name in require("../package.json").optionalDependencies)) {
  fail(`there is no carjs for ${platform}`, "build it with Go, as the README says");
}

let program;
try {
  program = require.resolve(`${name}/bin/carjs${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  fail(`the package ${name} is not installed`, "install carjs again, without --omit=optional, on the machine that runs it");
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
child.on("error", (error) => fail(`cannot start ${program}: ${error.message}`, "install carjs again"));

// A terminal sends these to carjs as well, which must not get them twice: a second one ends it at once.
process.on("SIGINT", () => {});
process.on("SIGHUP", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));

child.on("exit", (code, signal) => {
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
