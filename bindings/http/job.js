// HttpClient.job, in the form that the engine runs without a build. It is a program of its own, made
// when a connector has a job, because reading the text of a program takes longer than running it.
(function () {
	"use strict";
	// job brings the requests of a job into the form that the native takes: {path, method, query,
	// headers, body, type, ...}.
	return function (client, options, { bodyOf, flat, streamed }) {
		if (typeof options !== "object" || options === null) {
			throw new TypeError("job: options are an object with start, the request that starts the job");
		}
		const { start, poll, files, signal, timeout, encoding, invalidBytes, rules, ...others } = options;
		const common = { timeout, encoding, invalidBytes, rules };
		const step = (request) => {
			if (typeof request === "string" || request instanceof URL) return { ...common, path: String(request) };
			const { json, form, body, headers, path, ...rest } = request ?? {};
			const [content, type] = bodyOf({ json, form, body });
			return { ...common, ...rest, path: path instanceof URL ? String(path) : path, headers: flat(headers), body: content, type };
		};
		const given = { ...others, start: step(start) };
		if (typeof poll === "function") given.poll = (started) => step(poll(started));
		else if (poll !== undefined && poll !== null) given.poll = () => step(poll);
		if (typeof files === "function") {
			given.files = (done) => {
				const found = files(done);
				const list = typeof found === "object" && found !== null && typeof found[Symbol.iterator] === "function" ? [...found] : [found];
				return list.map(step);
			};
		} else given.file = files;
		return streamed(signal, () => client.job(given));
	};
})
