// DOMParser and XMLSerializer for XML, and as much of the DOM as clients of web services use of what
// they give. Documents are read and not changed. typings/globals.d.ts says what each does.
(function (native) {
	"use strict";
	const { describe, constants, needs, string } = native.part("idl");
	const kinds = {
		ELEMENT_NODE: 1, ATTRIBUTE_NODE: 2, TEXT_NODE: 3, CDATA_SECTION_NODE: 4, ENTITY_REFERENCE_NODE: 5, ENTITY_NODE: 6, PROCESSING_INSTRUCTION_NODE: 7,
		COMMENT_NODE: 8, DOCUMENT_NODE: 9, DOCUMENT_TYPE_NODE: 10, DOCUMENT_FRAGMENT_NODE: 11, NOTATION_NODE: 12,
	};
	const made = Symbol("made here");
	const namespaces = { xml: "http://www.w3.org/XML/1998/namespace", xmlns: "http://www.w3.org/2000/xmlns/" };

	// A list is an array that has item() as well.
	class List extends Array {
		item(i) { return this[i] ?? null; }
		namedItem(name) { return this.getNamedItem(name); }
		getNamedItem(name) { return this.find((one) => one.nodeName === name) ?? null; }
	}
	const partsOf = (name) => name.includes(":") ? name.split(":", 2) : [null, name];

	let stateOf;
	class Node {
		#s;
		constructor(given = undefined, state = undefined) {
			if (given !== made) throw new TypeError("Illegal constructor: nodes come from DOMParser");
			this.#s = state;
		}
		static { stateOf = (node) => node.#s; }
		get nodeType() { return this.#s.type; }
		get nodeName() { return this.#s.name; }
		get nodeValue() { return this.#s.value ?? null; }
		get data() { return this.#s.value; }
		get textContent() { return this.#s.children === undefined ? this.#s.value : this.#s.type === 9 ? null : textOf(this); }
		get childNodes() { return List.from(this.#s.children ?? []); }
		get children() { return List.from((this.#s.children ?? []).filter((child) => stateOf(child).type === 1)); }
		get firstChild() { return this.#s.children?.[0] ?? null; }
		get lastChild() { return this.#s.children?.at(-1) ?? null; }
		get firstElementChild() { return this.children[0] ?? null; }
		get childElementCount() { return this.children.length; }
		get parentNode() { return this.#s.parent ?? null; }
		get parentElement() { return this.#s.parent !== undefined && stateOf(this.#s.parent).type === 1 ? this.#s.parent : null; }
		get nextSibling() { return beside(this, 1); }
		get previousSibling() { return beside(this, -1); }
		get ownerDocument() { return this.#s.document ?? null; }
		hasChildNodes() { return (this.#s.children?.length ?? 0) > 0; }
	}
	describe(Node);
	constants(Node, kinds);
	const textOf = (node) => stateOf(node).children.map((child) => stateOf(child).children !== undefined ? textOf(child) : stateOf(child).type === 3 ? stateOf(child).value : "").join("");
	function beside(node, step) {
		const siblings = stateOf(node).parent === undefined ? [] : stateOf(stateOf(node).parent).children;
		return siblings[siblings.indexOf(node) + step] ?? null;
	}
	function find(node, fits, found = new List()) {
		for (const child of stateOf(node).children) {
			if (stateOf(child).type !== 1) continue;
			if (fits(child)) found.push(child);
			find(child, fits, found);
		}
		return found;
	}
	const byName = { getElementsByTagName(name) { return find(this, (one) => name === "*" || stateOf(one).name === string(name)); },
		getElementsByTagNameNS(namespace, name) { return find(this, (one) => (namespace === "*" || one.namespaceURI === namespace) && (name === "*" || one.localName === string(name))); } };

	class Attr extends Node {
		get name() { return stateOf(this).name; }
		get value() { return stateOf(this).value; }
		get prefix() { return partsOf(this.name)[0]; }
		get localName() { return partsOf(this.name)[1]; }
		get namespaceURI() { return this.name === "xmlns" ? namespaces.xmlns : this.prefix === null ? null : namespaceOf(stateOf(this).owner, this.prefix); }
	}
	function namespaceOf(element, prefix) {
		if (prefix !== null && Object.hasOwn(namespaces, prefix)) return namespaces[prefix];
		for (let node = element; node !== undefined && stateOf(node).type === 1; node = stateOf(node).parent) {
			const found = stateOf(node).attributes.find((one) => one.name === (prefix === null ? "xmlns" : `xmlns:${prefix}`));
			if (found !== undefined) return found.value || null;
		}
		return null;
	}
	class Element extends Node {
		get tagName() { return stateOf(this).name; }
		get prefix() { return partsOf(this.tagName)[0]; }
		get localName() { return partsOf(this.tagName)[1]; }
		get namespaceURI() { return namespaceOf(this, this.prefix); }
		get attributes() { return List.from(stateOf(this).attributes); }
		hasAttributes() { return stateOf(this).attributes.length > 0; }
		getAttributeNames() { return stateOf(this).attributes.map((one) => one.name); }
		getAttribute(name) { return this.attributes.getNamedItem(string(name))?.value ?? null; }
		getAttributeNS(namespace, name) { return stateOf(this).attributes.find((one) => one.namespaceURI === (namespace || null) && one.localName === string(name))?.value ?? null; }
		hasAttribute(name) { return this.getAttribute(name) !== null; }
	}
	class Document extends Node {
		get documentElement() { return stateOf(this).children.find((child) => stateOf(child).type === 1) ?? null; }
	}
	for (const Class of [Element, Document]) Object.assign(Class.prototype, byName);
	describe(Attr);
	describe(Element);
	describe(Document);

	// build makes a document of tokens.
	function build(tokens) {
		const document = new Document(made, { type: 9, name: "#document", children: [] });
		let at = document;
		const add = (node) => { stateOf(at).children.push(node); return node; };
		for (const [kind, name, ...rest] of tokens) {
			const common = { parent: at, document };
			if (kind === "/") at = stateOf(at).parent;
			else if (kind === "#") add(new Node(made, { ...common, type: 3, name: "#text", value: name }));
			else if (kind === "!") add(new Node(made, { ...common, type: 8, name: "#comment", value: name }));
			else if (kind === "?") add(new Node(made, { ...common, type: 7, name, value: rest[0] }));
			else {
				const state = { ...common, type: 1, name, children: [], attributes: [] }, element = add(new Element(made, state));
				for (let i = 0; i < rest.length; i += 2) state.attributes.push(new Attr(made, { type: 2, name: rest[i], value: rest[i + 1], document, owner: element }));
				at = element;
			}
		}
		return document;
	}
	class DOMParser {
		#own;
		parseFromString(text, type) {
			void this.#own;
			needs(arguments.length, 2, "parseFromString");
			text = string(text);
			type = string(type);
			if (!["application/xml", "text/xml", "application/xhtml+xml", "image/svg+xml"].includes(type)) {
				throw new (native.part("exception").DOMException)(`DOMParser reads XML, not ${type}`, "NotSupportedError");
			}
			const tokens = native.xmlTokens(text);
			if (typeof tokens !== "string") return build(tokens);
			return build([["<", "parsererror", "xmlns", "http://www.mozilla.org/newlayout/xml/parsererror.xml"], ["#", tokens], ["/"]]);
		}
	}
	describe(DOMParser);

	const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
	function written(node) {
		const { type, name, value, children, attributes } = stateOf(node);
		switch (type) {
			case 3: return escaped(value);
			case 7: return `<?${name} ${value}?>`;
			case 8: return `<!--${value}-->`;
			case 9: return children.map(written).join("");
		}
		const head = `<${name}${attributes.map((one) => ` ${one.name}="${escaped(one.value).replace(/"/g, "&quot;").replace(/\t/g, "&#9;").replace(/\n/g, "&#10;").replace(/\r/g, "&#13;")}"`).join("")}`;
		return children.length === 0 ? `${head}/>` : `${head}>${children.map(written).join("")}</${name}>`;
	}
	class XMLSerializer {
		#own;
		serializeToString(node) {
			void this.#own;
			needs(arguments.length, 1, "serializeToString");
			return written(node);
		}
	}
	describe(XMLSerializer);

	return { DOMParser, XMLSerializer, Node };
})
