// Intl.Collator, Intl.ListFormat, Intl.Segmenter and Intl.DisplayNames.
(function (common) {
	"use strict";
	const { native, negotiate, optionsOf, strictOptions, text, flag, matcher, make, supported, bound, canonical } = common;

	// collation reads the options of a comparison.
	function collation(locales, options) {
		options = optionsOf(options);
		const usage = text(options, "usage", ["sort", "search"], "sort");
		matcher(options);
		const co = text(options, "collation");
		const kn = flag(options, "numeric");
		const kf = text(options, "caseFirst", ["upper", "lower", "false"]);
		const locale = negotiate(locales, { co: [], kn: ["true", "false"], kf: ["upper", "lower", "false"] }, { co: co === "default" ? undefined : co, kn: kn === undefined ? undefined : String(kn), kf });
		if (usage === "search" && locale.base.startsWith("de")) throw new RangeError("Intl.Collator knows no order for searching in German: leave out usage");
		const sensitivity = text(options, "sensitivity", ["base", "accent", "case", "variant"], "variant");
		const ignorePunctuation = flag(options, "ignorePunctuation") ?? false;
		const resolved = { locale: locale.tag, usage, sensitivity, ignorePunctuation, collation: "default", numeric: locale.kn === "true", caseFirst: locale.kf ?? "false" };
		return { compare: native.collator(locale.base, resolved), resolved };
	}

	const Collator = supported(make("Collator", collation, (state) => ({
		get compare() {
			const self = state(this, "compare");
			return bound(self, "bound", (a, b) => self.compare(`${a}`, `${b}`));
		},
		resolvedOptions() { return { ...state(this, "resolvedOptions").resolved }; },
	}), { callable: true }));

	function texts(list) {
		if (list === undefined) return [];
		const out = [];
		for (const item of list) {
			if (typeof item !== "string") throw new TypeError(`a list is made of texts: ${String(item)} is none`);
			out.push(item);
		}
		return out;
	}
	const ListFormat = supported(make("ListFormat", (locales, options) => {
		options = strictOptions(options);
		matcher(options);
		const locale = negotiate(locales, {}, {});
		const type = text(options, "type", ["conjunction", "disjunction", "unit"], "conjunction");
		const style = text(options, "style", ["long", "short", "narrow"], "long");
		return { locale, type, style, between: native.text(locale.base, `join:${type}:${style}`).split("|") };
	}, (state) => {
		function parts({ between: [pair, start, middle, end] }, items) {
			const out = [], last = items.length - 1;
			items.forEach((value, i) => {
				if (i > 0) out.push({ type: "literal", value: last === 1 ? pair : i === last ? end : i === 1 ? start : middle });
				out.push({ type: "element", value });
			});
			return out;
		}
		return {
			format(list) { const self = state(this, "format"); return parts(self, texts(list)).map((part) => part.value).join(""); },
			formatToParts(list) { const self = state(this, "formatToParts"); return parts(self, texts(list)); },
			resolvedOptions() { const { locale, type, style } = state(this, "resolvedOptions"); return { locale: locale.tag, type, style }; },
		};
	}));

	// The segments of a text are found once, when the first of them is asked for.
	const segmentations = new WeakMap();
	const iterators = new WeakMap();
	function found(self) {
		const segmentation = segmentations.get(self);
		if (!segmentation) throw new TypeError("segments are made by Intl.Segmenter.prototype.segment");
		segmentation.ends ??= native.segments(segmentation.input, segmentation.granularity);
		return segmentation;
	}
	// ends has for each segment where it ends, and whether it is a word.
	function segmentAt({ input, granularity, ends }, i) {
		const index = i > 0 ? ends[2 * i - 2] : 0;
		const data = { segment: input.slice(index, ends[2 * i]), index, input };
		if (granularity === "word") data.isWordLike = ends[2 * i + 1];
		return data;
	}
	const iteratorPrototype = Object.create(Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), {
		next: { value: { next() {
			const self = iterators.get(this);
			if (!self) throw new TypeError("next was called on something that is no iterator of segments");
			const segmentation = found(self.segments);
			if (2 * self.next >= segmentation.ends.length) return { value: undefined, done: true };
			return { value: segmentAt(segmentation, self.next++), done: false };
		} }.next, writable: true, configurable: true },
		[Symbol.toStringTag]: { value: "Segmenter String Iterator", configurable: true },
	});
	const segmentsMethods = {
		containing(index) {
			const segmentation = found(this);
			index = Math.trunc(+index) || 0;
			if (index < 0 || index >= segmentation.input.length) return undefined;
			let low = 0, high = segmentation.ends.length / 2 - 1;
			while (low < high) {
				const middle = low + high >> 1;
				if (segmentation.ends[2 * middle] > index) high = middle; else low = middle + 1;
			}
			return segmentAt(segmentation, low);
		},
		[Symbol.iterator]() {
			if (!segmentations.has(this)) throw new TypeError("segments are made by Intl.Segmenter.prototype.segment");
			const iterator = Object.create(iteratorPrototype);
			iterators.set(iterator, { segments: this, next: 0 });
			return iterator;
		},
	};
	const segmentsPrototype = Object.create(Object.prototype, {
		containing: { value: segmentsMethods.containing, writable: true, configurable: true },
		[Symbol.iterator]: { value: segmentsMethods[Symbol.iterator], writable: true, configurable: true },
	});
	const Segmenter = supported(make("Segmenter", (locales, options) => {
		options = strictOptions(options);
		matcher(options);
		const locale = negotiate(locales, {}, {});
		return { locale, granularity: text(options, "granularity", ["grapheme", "word", "sentence"], "grapheme") };
	}, (state) => ({
		segment(input) {
			const { granularity } = state(this, "segment");
			const segments = Object.create(segmentsPrototype);
			segmentations.set(segments, { input: `${input}`, granularity });
			return segments;
		},
		resolvedOptions() { const { locale, granularity } = state(this, "resolvedOptions"); return { locale: locale.tag, granularity }; },
	})));

	return { Collator, ListFormat, Segmenter, collation };
})
