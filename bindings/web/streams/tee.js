// ReadableStream.prototype.tee, for streams of values and of bytes.
(function (native) {
	"use strict";
	const { on, nothing, resolved, deferred } = native.part("streams/common");
	const { create, stateOf, lock, release, read, cancel } = native.part("streams/readable");
	const { queueMicrotask } = native;

	// ends is what the two branches share about their end.
	function ends(stream, branches) {
		const all = deferred(), over = [false, false], reasons = [undefined, undefined];
		return {
			all, over,
			cancel: (i) => (reason) => {
				over[i] = true;
				reasons[i] = reason;
				if (over[0] && over[1]) all.resolve(cancel(stream, reasons));
				return all.promise;
			},
			each: (f) => branches.forEach((branch, i) => { if (!over[i]) f(branch.controller, i); }),
			finish() { if (!over[0] || !over[1]) all.resolve(undefined); },
		};
	}

	// teeValues makes two streams of the same chunks; with clones, the second has copies of them.
	function teeValues(stream, clones) {
		const reader = lock(stream, false), branches = [];
		const both = ends(stream, branches);
		let reading = false, again = false;
		const pull = () => {
			if (reading) {
				again = true;
				return resolved(undefined);
			}
			reading = true;
			read(reader, {
				// Another job, so that an error of the stream can come before the chunk.
				chunk: (chunk) => queueMicrotask(() => {
					again = false;
					let second = chunk;
					if (clones && !both.over[1]) {
						try {
							second = native.part("clone").structuredClone(chunk);
						} catch (error) {
							branches.forEach((branch) => branch.controller.fail(error));
							both.all.resolve(cancel(stream, error));
							return;
						}
					}
					both.each((controller, i) => controller.enqueue(i === 0 ? chunk : second));
					reading = false;
					if (again) pull();
				}),
				close() {
					reading = false;
					both.each((controller) => controller.close());
					both.finish();
				},
				error() { reading = false; },
			});
			return resolved(undefined);
		};
		const objects = [0, 1].map((i) => {
			const made = create(nothing, pull, both.cancel(i));
			branches.push(stateOf(made));
			return made;
		});
		on(reader.closed.promise, undefined, (error) => {
			branches.forEach((branch) => branch.controller.fail(error));
			both.finish();
		});
		return objects;
	}

	// teeBytes is the same for a stream of bytes, whose branches can be read into buffers.
	function teeBytes(stream) {
		const bytes = native.part("streams/bytes");
		const branches = [], both = ends(stream, branches);
		let reader = lock(stream, false), reading = false;
		const again = [false, false];
		const watch = (watched) => on(watched.closed.promise, undefined, (error) => {
			if (watched !== reader) return;
			branches.forEach((branch) => branch.controller.fail(error));
			both.finish();
		});
		const pullAgain = () => {
			reading = false;
			if (again[0]) pull(0);
			else if (again[1]) pull(1);
		};
		const change = (byob) => {
			if (reader.byob === byob) return;
			release(reader);
			reader = lock(stream, byob);
			watch(reader);
		};
		const failAll = (error) => {
			branches.forEach((branch) => branch.controller.fail(error));
			both.all.resolve(cancel(stream, error));
		};
		const pullDefault = () => {
			change(false);
			read(reader, {
				chunk: (chunk) => queueMicrotask(() => {
					again[0] = again[1] = false;
					let second = chunk;
					if (!both.over[0] && !both.over[1]) {
						try { second = bytes.copy(chunk); } catch (error) { return failAll(error); }
					}
					both.each((controller, i) => controller.enqueue(i === 0 ? chunk : second));
					pullAgain();
				}),
				close() {
					reading = false;
					both.each((controller) => controller.close());
					branches.forEach((branch) => { if (branch.controller.pending.length > 0) branch.controller.respond(0); });
					both.finish();
				},
				error() { reading = false; },
			});
		};
		const pullInto = (view, i) => {
			change(true);
			const mine = branches[i], other = branches[1 - i];
			bytes.readInto(reader, view, 1, {
				chunk: (chunk) => queueMicrotask(() => {
					again[0] = again[1] = false;
					if (!both.over[1 - i]) {
						let copied;
						try { copied = bytes.copy(chunk); } catch (error) { return failAll(error); }
						if (!both.over[i]) mine.controller.respondWithNewView(chunk);
						other.controller.enqueue(copied);
					} else if (!both.over[i]) mine.controller.respondWithNewView(chunk);
					pullAgain();
				}),
				close(chunk) {
					reading = false;
					if (!both.over[i]) mine.controller.close();
					if (!both.over[1 - i]) other.controller.close();
					if (chunk !== undefined) {
						if (!both.over[i]) mine.controller.respondWithNewView(chunk);
						if (!both.over[1 - i] && other.controller.pending.length > 0) other.controller.respond(0);
					}
					both.finish();
				},
				error() { reading = false; },
			});
		};
		const pull = (i) => {
			if (reading) {
				again[i] = true;
				return resolved(undefined);
			}
			reading = true;
			again[i] = false;
			const request = branches[i].controller.byobRequest();
			if (request === null) pullDefault();
			else pullInto(bytes.viewOf(request), i);
			return resolved(undefined);
		};
		const objects = [0, 1].map((i) => {
			const made = bytes.create(nothing, () => pull(i), both.cancel(i));
			branches.push(stateOf(made));
			return made;
		});
		watch(reader);
		return objects;
	}

	return { tee: (stream, clones) => stream.controller.isBytes ? teeBytes(stream) : teeValues(stream, clones) };
})
