// The pipe behind pipeTo and pipeThrough.
(function (native) {
	"use strict";
	const { Promise } = globalThis;
	const { on, nothing, handled, resolved, deferred } = native.part("streams/common");
	const readable = native.part("streams/readable"), writable = native.part("streams/writable"), abort = native.part("abort");

	// all is settled when each of the promises is: fulfilled, or rejected with the first reason.
	function all(promises) {
		const { promise, resolve, reject } = deferred();
		let left = promises.length;
		if (left === 0) resolve(undefined);
		for (const one of promises) on(one, () => { if (--left === 0) resolve(undefined); }, reject);
		return promise;
	}

	function pipe(source, target, { preventAbort, preventCancel, preventClose, signal }) {
		const reader = readable.lock(source, false), writer = writable.lock(target);
		const result = deferred();
		source.disturbed = true;
		let ending = false, lastWrite = resolved(undefined), unlisten = nothing;

		const finish = (failed, error) => {
			writable.release(writer);
			readable.release(reader);
			unlisten();
			if (failed) result.reject(error);
			else result.resolve(undefined);
		};
		// written is fulfilled when what has been read is written.
		const written = () => {
			const seen = lastWrite;
			return on(seen, () => seen === lastWrite ? undefined : written());
		};
		// end ends the pipe behind what is under way, with an action first if there is one.
		const end = (action, failed, error) => {
			if (ending) return;
			ending = true;
			const act = () => {
				if (action === undefined) return finish(failed, error);
				on(action(), () => finish(failed, error), (other) => finish(true, other));
			};
			if (target.state === "writable" && !writable.closing(target)) on(written(), act);
			else act();
		};

		if (signal !== undefined) {
			const aborted = () => {
				const error = signal.reason;
				end(() => all([
					...preventAbort ? [] : [target.state === "writable" ? writable.abort(target, error) : resolved(undefined)],
					...preventCancel ? [] : [source.state === "readable" ? readable.cancel(source, error) : resolved(undefined)],
				]), true, error);
			};
			if (signal.aborted) {
				aborted();
				return result.promise;
			}
			unlisten = abort.follow(signal, aborted);
		}

		const step = () => {
			if (ending) return resolved(true);
			return on(writer.ready.promise, () => new Promise((resolve, reject) => {
				readable.read(reader, {
					chunk(chunk) {
						// Not at once: who enqueues a chunk must not find it written when enqueue returns.
						lastWrite = on(on(resolved(undefined), () => writable.write(writer, chunk)), undefined, nothing);
						resolve(false);
					},
					close: () => resolve(true),
					error: reject,
				});
			}));
		};
		const loop = () => new Promise((resolve, reject) => {
			const next = (done) => done ? resolve() : on(step(), next, reject);
			next(false);
		});

		const whenFailed = (stream, closed, f) => stream.state === "errored" ? f(stream.error) : on(closed.promise, undefined, f);
		whenFailed(source, reader.closed, (error) => end(preventAbort ? undefined : () => writable.abort(target, error), true, error));
		whenFailed(target, writer.closed, (error) => end(preventCancel ? undefined : () => readable.cancel(source, error), true, error));
		const closed = () => end(preventClose ? undefined : () => writable.closeKeepingErrors(writer));
		if (source.state === "closed") closed();
		else on(reader.closed.promise, closed, nothing);
		if (writable.closing(target) || target.state === "closed") {
			const error = new TypeError("the destination of the pipe is closed");
			end(preventCancel ? undefined : () => readable.cancel(source, error), true, error);
		}
		handled(loop());
		return result.promise;
	}

	return { pipe };
})
