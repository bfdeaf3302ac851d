// The kinds of events that have more to tell. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, dictionary, needs, string } = native.part("idl");
	const { Event, onTheWay } = native.part("events");

	// kind makes a class of events that have more to tell: members are names and defaults.
	function kind(name, members, extra) {
		const Class = { [name]: class extends Event {
			#more = {};
			constructor(type, init = {}) {
				needs(arguments.length, 1, name);
				super(type, init);
				const given = dictionary(init, `the second argument of ${name}`);
				for (const [member, otherwise] of Object.entries(members)) {
					const value = given[member];
					this.#more[member] = value === undefined ? otherwise : typeof otherwise === "string" ? string(value) : typeof otherwise === "number" ? Number(value) >>> 0
						: Array.isArray(otherwise) ? Object.freeze(Array.from(value)) : value;
				}
			}
			static { this.more = (event) => event.#more; }
		} }[name];
		const { more } = Class;
		delete Class.more;
		for (const member of Object.keys(members)) {
			Object.defineProperty(Class.prototype, member, { ...Object.getOwnPropertyDescriptor({ get [member]() { return more(this)[member]; } }, member), configurable: true });
		}
		extra?.(Class, more);
		return describe(Class, name);
	}
	const CustomEvent = kind("CustomEvent", { detail: null }, (Class, more) => {
		Class.prototype.initCustomEvent = { initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
			needs(arguments.length, 1, "initCustomEvent");
			if (onTheWay(this)) return;
			this.initEvent(type, bubbles, cancelable);
			more(this).detail = detail;
		} }.initCustomEvent;
	});
	const ErrorEvent = kind("ErrorEvent", { message: "", filename: "", lineno: 0, colno: 0, error: undefined });
	const MessageEvent = kind("MessageEvent", { data: null, origin: "", lastEventId: "", source: null, ports: [] });
	const PromiseRejectionEvent = kind("PromiseRejectionEvent", { promise: undefined, reason: undefined });

	return { CustomEvent, ErrorEvent, MessageEvent, PromiseRejectionEvent };
})
