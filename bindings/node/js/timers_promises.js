// The module timers/promises.
(function (native, require) {
	"use strict";
	function aborted(signal) {
		const error = new Error("The operation was aborted", { cause: signal.reason });
		error.name = "AbortError";
		error.code = "ABORT_ERR";
		return error;
	}
	function wait(delay, value, options) {
		const signal = options?.signal;
		return new Promise((resolve, reject) => {
			if (signal?.aborted) return reject(aborted(signal));
			const stop = () => { globalThis.clearTimeout(timer); reject(aborted(signal)); };
			const timer = globalThis.setTimeout(() => { signal?.removeEventListener("abort", stop); resolve(value); }, delay);
			signal?.addEventListener("abort", stop, { once: true });
			return undefined;
		});
	}
	return {
		setTimeout(delay, value, options) { return wait(delay ?? 1, value, options); },
		setImmediate(value, options) { return wait(0, value, options); },
		setInterval(delay, value, options) {
			let over = false;
			return {
				next() { return over ? Promise.resolve({ value: undefined, done: true }) : wait(delay, undefined, options).then(() => ({ value, done: over })); },
				return() { over = true; return Promise.resolve({ value: undefined, done: true }); },
				[Symbol.asyncIterator]() { return this; },
			};
		},
		scheduler: { wait(delay, options) { return wait(delay, undefined, options); }, yield() { return wait(0); } },
	};
})
