/**
 * The module `carjs/xml`: reads XML into plain objects, whole or record by record, and writes it.
 *
 * ## The form of the objects
 *
 * | XML | value |
 * |---|---|
 * | `<name>web</name>` | `"web"` |
 * | `<name/>` | `""` |
 * | `<port proto="tcp"/>` | `{ "@proto": "tcp" }` |
 * | `<port proto="tcp">80</port>` | `{ "@proto": "tcp", "#text": "80" }` |
 * | `<host><name>web</name></host>` | `{ name: "web" }` |
 * | `<host><port>80</port><port>443</port></host>` | `{ port: ["80", "443"] }` |
 *
 * - An element with neither attributes nor child elements is its text. Any other is an object: its
 *   attributes, with `@` before their names, then `#text` if there is text, then the child elements
 *   in the order in which their names first occur.
 * - Elements with the same name are an array if there are several of them, or if the option `arrays`
 *   names them. The form of an element therefore depends on the data; {@link list} and {@link text}
 *   handle every form: `for (const port of list(host.port)) use(text(port))`.
 * - Every value is text: nothing is converted to a number or a boolean.
 * - All text of an element is joined, CDATA included. Comments and processing instructions are
 *   dropped.
 * - White space that only separates elements is dropped.
 * - The five entities of XML and character references are resolved. A document type definition is
 *   skipped: using an entity that it declares is an error, and nothing outside the document is ever
 *   read.
 */
declare module "carjs/xml" {
  /** XML as text or bytes. */
  export type XmlData = string | ArrayBuffer | ArrayBufferView;

  /** Options of {@link parse} and {@link records}. */
  export interface ParseOptions {
    /**
     * Elements that are always arrays, even if there is only one. Each is named by the end of its
     * path: `"host"`, `"hosts/host"`, or, from the root, `"/report/hosts/host"`. If there is none,
     * the property is still missing. The root, and a record itself, are never arrays.
     */
    arrays?: string[];
    /**
     * What to do with the prefixes of names, as in `ns:host`. `"keep"`: they are part of the name,
     * also in `arrays` and paths. `"strip"`: they are dropped, and so are the attributes that
     * declare them; if attributes then have the same name, the first counts. Default: `"keep"`.
     */
    prefixes?: "keep" | "strip";
    /**
     * Whether to drop white space around the text of an element; attributes keep theirs.
     * Default: true.
     */
    trim?: boolean;
    /**
     * Whether the document may be an HTML page. Otherwise it is rejected: data sources send HTML
     * when they require a login, and it contains none of the expected elements. Default: false.
     */
    html?: boolean;
    /**
     * What to do with bytes that are invalid in the encoding: `"fail"`, or `"replace"` them by
     * U+FFFD, which can make different names equal. Default: `"fail"`.
     */
    invalidBytes?: "fail" | "replace";
  }

  /**
   * Reads a document.
   *
   * ```ts
   * const document = parse(await response.text(), { arrays: ["host"] });
   * for (const host of document.hosts.host ?? []) …
   * ```
   * @typeParam T the expected type; it is not checked
   * @param data the document. In bytes, a byte order mark or else the declaration names the
   * encoding: UTF-8, UTF-16, ISO-8859-1, windows-1252 and all others that browsers know. In text,
   * the encoding in the declaration is ignored
   * @returns an object with one property, the root element
   * @throws DatasourceFailure (55) if the document is not well-formed, with line and column; if
   * elements nest more than 1,000 deep; if the encoding is unknown, or bytes are invalid in it,
   * with the byte position; if it is an HTML page
   * @throws TypeError if an argument has the wrong type
   */
  export function parse<T = any>(data: XmlData, options?: ParseOptions): T;

  /**
   * Reads the elements with one path, one after the other, without holding objects for the whole
   * document.
   *
   * ```ts
   * for (const host of records(bytes, "hosts/host", { arrays: ["port"] })) this.addCollection("asset", …);
   * ```
   * A matching element inside another one is part of it, not a separate record.
   * @typeParam T the expected type of a record; it is not checked
   * @param data the document, as for {@link parse}
   * @param path names the elements: `"host"`, `"hosts/host"`, or, from the root,
   * `"/report/hosts/host"`
   * @returns the records in order; you can iterate over them once. An error in the document is
   * thrown when the iteration reaches it
   * @throws DatasourceFailure (55) like {@link parse}
   * @throws TypeError if an argument has the wrong type
   */
  export function records<T = any>(data: XmlData, path: string, options?: ParseOptions): IterableIterator<T>;

  /**
   * Turns a missing, single or repeated value into an array: empty for `undefined` and `null`, the
   * array itself for an array, otherwise an array of the one value.
   */
  export function list<T>(value: T | readonly T[] | null | undefined): T[];

  /**
   * Returns the text of an element, with or without attributes; for several elements, that of the
   * first; `""` for a missing element and for one without text.
   * @throws TypeError if the value is not an element
   */
  export function text(value: unknown): string;

  /** Options of {@link stringify}. */
  export interface StringifyOptions {
    /**
     * Whether to begin with `<?xml version="1.0" encoding="UTF-8"?>` and a line feed. Default:
     * false.
     */
    declaration?: boolean;
  }

  /**
   * Writes a document, for a SOAP request for example:
   *
   * ```ts
   * stringify({
   *   "soap:Envelope": { "@xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/", "soap:Body": { GetHosts: { limit: 100 } } },
   * })
   * ```
   * The form is that of {@link parse}, which can read the result. Texts are escaped. Numbers,
   * bigints and booleans are written as JavaScript does, dates in ISO 8601 and UTC. `null` is an
   * empty element, `undefined` none; attributes with either value are left out. Elements are in the
   * order of the properties, with nothing between them.
   * @param document an object with one property, the root element
   * @throws TypeError if there is not exactly one root; for values that XML cannot express: an
   * invalid name, a control character, an array in an array, a number that is not finite, an
   * invalid date, a function; for objects that nest more than 1,000 deep or contain themselves
   */
  export function stringify(document: object, options?: StringifyOptions): string;
}
