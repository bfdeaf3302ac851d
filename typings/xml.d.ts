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
 * - An element with neither attributes nor elements inside is its text; any other is an object: its
 *   attributes, each with `@` before its name, then `#text` when there is text, then the elements
 *   inside in the order in which their names first come.
 * - Elements of one name are an array when there are several of them, and when the option `arrays`
 *   names them. The form of an element therefore depends on the data, which {@link list} and
 *   {@link text} even out: `for (const port of list(host.port)) use(text(port))`.
 * - Everything is text: nothing is converted to a number or a boolean.
 * - All text of an element is joined, CDATA included. Comments and processing instructions are
 *   dropped.
 * - White space that only separates elements is dropped.
 * - The five entities of XML and character references are resolved. A document type definition is
 *   skipped: an entity that it declares is an error, and nothing outside the text is ever read.
 */
declare module "carjs/xml" {
  /** XML as text or bytes. */
  export type XmlData = string | ArrayBuffer | ArrayBufferView;

  /** Options of {@link parse} and {@link records}. */
  export interface ParseOptions {
    /**
     * Elements that are arrays however many there are. Each is named by the end of the way to it:
     * `"host"`, `"hosts/host"`, or, from the root, `"/report/hosts/host"`. Where there is none, the
     * property is missing all the same. The root, and a record itself, are never arrays.
     */
    arrays?: string[];
    /**
     * What becomes of the prefixes of names, as in `ns:host`. `"keep"`: they are part of the name,
     * in `arrays` and paths too. `"strip"`: they are dropped, and so are the attributes that
     * declare them; of attributes that come to have one name the first counts. Default: `"keep"`.
     */
    prefixes?: "keep" | "strip";
    /**
     * Whether to drop white space around the text of an element; attributes keep theirs.
     * Default: true.
     */
    trim?: boolean;
    /**
     * Whether the document may be an HTML page, which is refused otherwise: data sources answer with
     * one when they want a login, and none of the elements that are looked for is in it. Default:
     * false.
     */
    html?: boolean;
    /**
     * What becomes of bytes that are invalid in the encoding: `"fail"`, or `"replace"`, U+FFFD in
     * their place, by which different names can become one. Default: `"fail"`.
     */
    invalidBytes?: "fail" | "replace";
  }

  /**
   * Reads a document.
   *
   * ```ts
   * const document = parse(await answer.text(), { arrays: ["host"] });
   * for (const host of document.hosts.host ?? []) …
   * ```
   * @typeParam T the expected type; it is not checked
   * @param data the document. In bytes, a byte order mark or else the declaration names the
   * encoding: UTF-8, UTF-16, ISO-8859-1, windows-1252 and all others that browsers know. In a text,
   * what the declaration says of it is ignored
   * @returns an object with one property, the root element
   * @throws DatasourceFailure (55) when the document is not well-formed, with line and column; when
   * elements nest more than 1,000 deep; when the encoding is unknown, or, with the place in bytes,
   * bytes are invalid in it; when it is an HTML page
   * @throws TypeError when an argument is of the wrong type
   */
  export function parse<T = any>(data: XmlData, options?: ParseOptions): T;

  /**
   * Reads the elements with one path, one after the other, without holding objects for the whole
   * document.
   *
   * ```ts
   * for (const host of records(bytes, "hosts/host", { arrays: ["port"] })) this.addCollection("asset", …);
   * ```
   * A matching element inside another one is part of that, not a record of its own.
   * @typeParam T the expected type of a record; it is not checked
   * @param data the document, as for {@link parse}
   * @param path names the elements: `"host"`, `"hosts/host"`, or, from the root,
   * `"/report/hosts/host"`
   * @returns the records in order; you can iterate over them once. A fault of the document is
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
   * Returns the text of an element, whether it has attributes or not; of several the first one's;
   * `""` for a missing element and for one without text of its own.
   * @throws TypeError if the value is not an element
   */
  export function text(value: unknown): string;

  /** Options of {@link stringify}. */
  export interface StringifyOptions {
    /**
     * Whether `<?xml version="1.0" encoding="UTF-8"?>` and a line feed come first. Default: false.
     */
    declaration?: boolean;
  }

  /**
   * Writes a document, for a SOAP request for example:
   *
   * ```ts
   * stringify({ "soap:Envelope": { "@xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/", "soap:Body": { GetHosts: { limit: 100 } } } })
   * ```
   * The form is that of {@link parse}, which reads back what is written. Texts are escaped.
   * Numbers, bigints and booleans are written as JavaScript does, dates in ISO 8601 and UTC. `null`
   * is an empty element, `undefined` none; attributes that are either are left out. Elements stand
   * in the order of the properties, nothing stands between them.
   * @param document an object with one property, the root element
   * @throws TypeError when there is not one root; for what has no form: a name that XML does not
   * allow, a control character, an array in an array, a number that is not finite, an invalid date,
   * a function; for objects that nest more than 1,000 deep or in a circle
   */
  export function stringify(document: object, options?: StringifyOptions): string;
}
