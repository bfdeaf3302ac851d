// performance: a clock, and marks on it. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, dictionary, needs, string } = native.part("idl");
	const { EventTarget } = native.part("events");
	const { DOMException } = native.part("exception");

	const key = Symbol("made here");
	class PerformanceEntry {
		#s;
		constructor(given = undefined, s = undefined) {
			if (given !== key) throw new TypeError("Illegal constructor: entries come from performance.mark and measure");
			this.#s = s;
		}
		get name() { return this.#s.name; }
		get entryType() { return this.#s.entryType; }
		get startTime() { return this.#s.startTime; }
		get duration() { return this.#s.duration; }
		toJSON() {
			const { name, entryType, startTime, duration } = this.#s;
			return { name, entryType, startTime, duration, ...entryType === "mark" || entryType === "measure" ? { detail: this.detail } : {} };
		}
	}
	describe(PerformanceEntry);
	const copied = (detail) => detail === undefined || detail === null ? null : native.part("clone").structuredClone(detail);
	class PerformanceMark extends PerformanceEntry {
		#detail;
		constructor(name, options = {}) {
			needs(arguments.length, 1, "PerformanceMark");
			name = string(name);
			const { detail, startTime } = dictionary(options, "the options of a mark");
			const at = startTime === undefined ? native.now() : Number(startTime);
			if (!Number.isFinite(at) || at < 0) throw new TypeError("startTime is a number from 0 up");
			super(key, { name, entryType: "mark", startTime: at, duration: 0 });
			this.#detail = copied(detail);
		}
		get detail() { return this.#detail; }
	}
	describe(PerformanceMark);
	class PerformanceMeasure extends PerformanceEntry {
		#detail;
		constructor(given = undefined, s = undefined, detail = undefined) {
			super(given, s);
			this.#detail = copied(detail);
		}
		get detail() { return this.#detail; }
	}
	describe(PerformanceMeasure);

	// most is how many entries are kept: who sets marks and never clears them must not fill the memory.
	const most = 10000;
	let entries = [];
	function keep(entry) {
		if (entries.length >= most) entries.shift();
		const at = entries.findLastIndex((other) => other.startTime <= entry.startTime);
		entries.splice(at + 1, 0, entry);
		return entry;
	}
	// timeOf is the time of a mark by its name, or the time that is given as one.
	function timeOf(mark) {
		if (typeof mark === "number") {
			if (!(mark >= 0)) throw new TypeError("a time is a number from 0 up");
			return mark;
		}
		const entry = entries.findLast((entry) => entry.entryType === "mark" && entry.name === string(mark));
		if (entry === undefined) throw new DOMException(`there is no mark ${JSON.stringify(string(mark))}`, "SyntaxError");
		return entry.startTime;
	}

	class Performance extends EventTarget {
		#own;
		constructor(given = undefined) {
			if (given !== key) throw new TypeError("Illegal constructor: there is one, performance");
			super();
		}
		now() { void this.#own; return native.now(); }
		get timeOrigin() { void this.#own; return native.timeOrigin; }
		toJSON() { void this.#own; return { timeOrigin: native.timeOrigin }; }
		mark(name, options = {}) {
			void this.#own;
			needs(arguments.length, 1, "mark");
			return keep(new PerformanceMark(name, options));
		}
		measure(name, options = {}, end = undefined) {
			void this.#own;
			needs(arguments.length, 1, "measure");
			name = string(name);
			const given = typeof options === "object" && options !== null ? options : typeof options === "undefined" || options === null ? {} : { start: string(options) };
			const has = (member) => given[member] !== undefined;
			if (["start", "end", "duration", "detail"].some(has) && typeof options === "object") {
				if (end !== undefined) throw new TypeError("the end stands in the options, or behind them");
				if (!has("start") && !has("end")) throw new TypeError("a measure has a start or an end");
				if (has("start") && has("end") && has("duration")) throw new TypeError("a measure has two of start, end and duration");
			}
			const duration = has("duration") ? Number(given.duration) : undefined;
			const until = end !== undefined ? timeOf(end) : has("end") ? timeOf(given.end) : has("start") && duration !== undefined ? timeOf(given.start) + duration : native.now();
			const from = has("start") ? timeOf(given.start) : duration !== undefined && has("end") ? until - duration : 0;
			return keep(new PerformanceMeasure(key, { name, entryType: "measure", startTime: from, duration: until - from }, given.detail));
		}
		#clear(type, name) { entries = entries.filter((entry) => entry.entryType !== type || name !== undefined && entry.name !== string(name)); }
		clearMarks(name = undefined) { this.#clear("mark", name); }
		clearMeasures(name = undefined) { this.#clear("measure", name); }
		getEntries() { void this.#own; return [...entries]; }
		getEntriesByType(type) {
			void this.#own;
			needs(arguments.length, 1, "getEntriesByType");
			return entries.filter((entry) => entry.entryType === string(type));
		}
		getEntriesByName(name, type = undefined) {
			void this.#own;
			needs(arguments.length, 1, "getEntriesByName");
			return entries.filter((entry) => entry.name === string(name) && (type === undefined || entry.entryType === string(type)));
		}
	}
	describe(Performance);

	return { performance: new Performance(key), Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure };
})
