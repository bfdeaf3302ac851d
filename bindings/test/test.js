// The module "carjs/test", over the natives of package test. typings/test.d.ts says what each
// export does.
(function ({ brief, show }, { expect }, native) {

	// ----------------------------------------------------------------------------------- tests

	function declare(what, mode, name, body, options) {
		if (typeof name !== "string" || name === "") throw new TypeError(`${what}: the name must be a text, not ${brief(name)}`);
		if (mode !== "todo" && !(mode === "skip" && body === undefined) && typeof body !== "function") {
			throw new TypeError(`${what} ${JSON.stringify(name)}: the body must be a function, not ${brief(body)}`);
		}
		const timeout = options?.timeout;
		if (timeout !== undefined && !(typeof timeout === "number" && timeout > 0)) {
			throw new TypeError(`${what} ${JSON.stringify(name)}: timeout must be a number of milliseconds above 0, not ${brief(timeout)}`);
		}
		native.test(mode, name, body, timeout ?? 0);
	}

	function test(name, body, options) { declare("test", "", name, body, options); }
	test.skip = (name, body, options) => declare("test.skip", "skip", name, body, options);
	test.only = (name, body, options) => declare("test.only", "only", name, body, options);
	test.todo = (name) => declare("test.todo", "todo", name);
	test.each = (rows) => {
		if (typeof rows?.[Symbol.iterator] !== "function") throw new TypeError(`test.each: ${brief(rows)} is not a list of rows`);
		const all = [...rows];
		return (name, body, options) => {
			if (all.length === 0) throw new TypeError(`test.each ${JSON.stringify(name)}: the table has no rows`);
			if (typeof body !== "function") {
				throw new TypeError(`test.each ${JSON.stringify(name)}: the body must be a function, not ${brief(body)}`);
			}
			all.forEach((row, i) => {
				const args = Array.isArray(row) ? row : [row];
				declare("test.each", "", title(String(name), args, i), () => body(...args), options);
			});
		};
	};

	/** The name of a row's test. */
	function title(name, args, number) {
		let next = 0;
		const filled = name.replace(/%([sdjp#%])/g, (all, kind) => {
			if (kind === "%") return "%";
			if (kind === "#") return String(number);
			if (next >= args.length) return all;
			const value = args[next++];
			switch (kind) {
				case "s": return typeof value === "object" && value !== null ? brief(value) : String(value);
				case "d": return String(Number(value));
				case "j": return JSON.stringify(value);
				default: return brief(value);
			}
		});
		const row = args.length === 1 && typeof args[0] === "object" && args[0] !== null ? args[0] : undefined;
		if (row === undefined || Array.isArray(row)) return filled;
		return filled.replace(/\$([A-Za-z_][\w.]*)/g, (all, path) => {
			let value = row;
			for (const step of path.split(".")) {
				if (value === null || value === undefined || !(step in Object(value))) return all;
				value = value[step];
			}
			return typeof value === "string" ? value : brief(value);
		});
	}

	function group(what, mode, name, body) {
		if (typeof name !== "string" || name === "") throw new TypeError(`${what}: the name must be a text, not ${brief(name)}`);
		if (typeof body !== "function") throw new TypeError(`${what} ${JSON.stringify(name)}: the body must be a function, not ${brief(body)}`);
		native.group(mode, name, () => {
			const returned = body();
			if (returned instanceof Promise) {
				returned.catch(() => {});
				throw new TypeError(`${what} ${JSON.stringify(name)}: the body declares tests and cannot be async; await in beforeAll or in a test`);
			}
		});
	}
	const describe = (name, body) => group("describe", "", name, body);
	describe.skip = (name, body) => group("describe.skip", "skip", name, body);
	describe.only = (name, body) => group("describe.only", "only", name, body);

	const hook = (kind) => (body) => {
		if (typeof body !== "function") throw new TypeError(`${kind}: the body must be a function, not ${brief(body)}`);
		native.hook(kind, body);
	};

	// ----------------------------------------------------------------------------- data source

	class SourceRequest {
		constructor(data) { Object.assign(this, data); }
		json() { return JSON.parse(this.body); }
	}

	class Answer {
		constructor(status, headers, body) {
			this.status = status;
			this.headers = headers;
			this.body = body;
		}
	}

	const refused = Object.freeze(new Answer(0, {}, undefined));
	const answer = (status, body, headers = {}) => {
		if (!Number.isInteger(status) || status < 200 || status > 599) {
			throw new TypeError(`answer: the status must be a whole number from 200 to 599, not ${brief(status)}`);
		}
		return new Answer(status, headers, body);
	};
	answer.refused = () => refused;

	/** Gives Go the answer: done(status, [name, value, ...], body). */
	async function respond(answering, data, done, failed) {
		try {
			let made = typeof answering === "function" ? await answering(new SourceRequest(data)) : answering;
			if (made === undefined) throw new TypeError("the response is undefined: return a value, or answer(204) for none");
			if (!(made instanceof Answer)) made = new Answer(200, {}, made);
			const headers = Object.entries(made.headers).flatMap(([name, value]) => [name.toLowerCase(), String(value)]);
			const { body, type } = bodyOf(made.body);
			if (type !== "" && !headers.includes("content-type")) headers.push("content-type", type);
			done(made.status, headers, body);
		} catch (error) {
			failed(error);
		}
	}

	function bodyOf(body) {
		if (body === undefined) return { body, type: "" };
		if (typeof body === "string") return { body, type: "text/plain; charset=utf-8" };
		if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { body, type: "application/octet-stream" };
		const text = native.stringify(body); // BigInts are numbers, with every digit
		if (text === undefined) throw new TypeError(`${brief(body)} cannot be converted to JSON`);
		return { body: text, type: "application/json" };
	}

	class DataSource {
		#native;
		constructor(source) {
			this.#native = source;
		}
		get url() { return this.#native.url; }
		get requests() { return this.#native.requests().map((data) => new SourceRequest(data)); }
		static native(source, what) {
			if (!(source instanceof DataSource)) {
				throw new TypeError(`${what}: source must be made by dataSource() or recorded(), not ${brief(source)}`);
			}
			return source.#native;
		}
	}

	class ScriptedSource extends DataSource {
		get(path, answering, options) { return this.on("GET", path, answering, options); }
		post(path, answering, options) { return this.on("POST", path, answering, options); }
		on(method, path, answering, options) {
			if (typeof method !== "string" || method === "") throw new TypeError(`the method must be a text, not ${brief(method)}`);
			if (typeof path !== "string" || !/^(\/|https?:\/\/)/.test(path)) {
				throw new TypeError(`the path must begin with a slash or be a whole URL, not ${brief(path)}`);
			}
			if (answering === undefined) throw new TypeError(`${method} ${path}: the response is missing; use answer(204) for an empty one`);
			const times = options?.times;
			if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
				throw new TypeError(`${method} ${path}: times must be a whole number above 0, not ${brief(times)}`);
			}
			DataSource.native(this, "on").route(method.toUpperCase(), path, answering, times ?? 0);
			return this;
		}
	}

	// ------------------------------------------------------------------------------- connector

	class Subject {
		#native;
		constructor(subject) {
			this.#native = subject;
			this.graph = Object.freeze({
				vertices: (collection) => subject.vertices(collection),
				vertex: (collection, key) => subject.vertex(collection, key) ?? undefined,
				edges: (collection) => subject.edges(collection),
				edge: (collection, from, to) => subject.edge(collection, from, to) ?? undefined,
				counts: () => subject.counts(),
			});
		}
		testConnection() { return this.#native.testConnection(); }
		async import(options) {
			const result = await this.#native.import(Boolean(options?.full));
			result.requests = result.requests.map((data) => new SourceRequest(data));
			return result;
		}
	}

	function connector(options) {
		const source = DataSource.native(options?.source, "connector");
		return new Subject(native.subject(source, options.settings));
	}

	// ----------------------------------------------------------------------------------- clock

	function moment(at) {
		const ms = at === undefined ? Date.now() : at instanceof Date ? at.getTime() : typeof at === "string" ? Date.parse(at) : at;
		if (typeof ms !== "number" || !Number.isFinite(ms)) throw new TypeError(`clock.freeze: ${brief(at)} is not a point in time`);
		return ms;
	}

	const clock = Object.freeze({
		freeze: (at) => native.freeze(moment(at)),
		advance: (ms) => {
			if (typeof ms !== "number" || !(ms >= 0)) throw new TypeError(`clock.advance: ${brief(ms)} is not a number of milliseconds`);
			return native.advance(ms);
		},
		restore: () => native.restore(),
	});

	const acceptance = Object.freeze({
		skip: (check, reason) => {
			if (typeof reason !== "string" || reason.trim() === "") {
				throw new TypeError(`acceptance.skip ${JSON.stringify(check)}: give a reason, which is printed`);
			}
			native.skipCheck(String(check), reason);
		},
	});

	return {
		respond,
		exports: {
			describe, test, expect, answer, connector, clock, acceptance,
			beforeAll: hook("beforeAll"), afterAll: hook("afterAll"), beforeEach: hook("beforeEach"), afterEach: hook("afterEach"),
			dataSource: () => new ScriptedSource(native.source()),
			recorded: (folder) => new DataSource(native.recorded(folder)),
			settings: (values) => native.settings(values),
		},
	};
})
