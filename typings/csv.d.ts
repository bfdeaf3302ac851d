/**
 * The module `carjs/csv`: reads CSV (RFC 4180), as a whole or row by row, and writes it.
 *
 * Lines end in a line feed, a carriage return, or both; inside a quoted field such a pair counts as
 * a line feed. Empty lines are skipped, and so is the line `sep=;` with which spreadsheets begin a
 * table: it is the delimiter where the options name none. Every value is a text: nothing is made a
 * number, a boolean or null.
 */
declare module "carjs/csv" {
  /** CSV as text or bytes. A byte order mark is dropped. */
  export type CsvData = string | ArrayBuffer | ArrayBufferView;

  /** Options of {@link parse} and {@link records}. */
  export interface ParseOptions {
    /**
     * Where the names of the columns are. `true`: in the first row; rows are objects. An array:
     * here, and the first row is data; rows are objects. `false`: nowhere; rows are arrays.
     * Default: true.
     */
    header?: boolean | readonly string[];
    /** The character between fields. Default: `","`. */
    delimiter?: string;
    /** The character that begins a comment line, which is skipped. Default: none. */
    comment?: string;
    /** Whether to drop white space around every field, in the header too. Default: false. */
    trim?: boolean;
    /**
     * Whether to take what is not quite CSV: rows of any length, of which an object has `""` for
     * missing fields and nothing of surplus ones, and an array what is there; quotes inside of
     * fields. Default: false.
     */
    relaxed?: boolean;
    /**
     * Encoding of data in bytes without a byte order mark: `"windows-1252"`, `"iso-8859-1"`,
     * `"utf-16le"` and all others that browsers know. Default: `"utf-8"`, or UTF-16 where NUL bytes
     * tell that.
     */
    charset?: string;
    /**
     * What becomes of bytes that are invalid in the encoding: `"fail"`, or `"replace"`, U+FFFD in
     * their place, by which different names can become one. Default: `"fail"`.
     */
    invalidBytes?: "fail" | "replace";
  }

  /**
   * Reads a table.
   *
   * ```ts
   * for (const row of parse(await answer.text(), { delimiter: ";" })) this.addCollection("asset", { external_id: row["Asset ID"], … });
   * ```
   * @typeParam Column names of the columns; they are not checked
   * @returns the rows: objects by the names of the columns, in the order of the header, or arrays
   * with `header: false`
   * @throws DatasourceFailure (55), with the line: when a quote is missing or out of place; when a
   * row has fewer or more fields than the header, or than the first row when there is none; when
   * the header has a name twice; when a header is due and the text is empty; when the text is an
   * HTML page or an XML document; when the line `sep=` contradicts the option `delimiter`; with the
   * place in bytes, when bytes are invalid in the encoding
   * @throws TypeError when an argument is of the wrong type; when names in the option `header` are
   * not unique
   */
  export function parse(data: CsvData, options: ParseOptions & { header: false }): string[][];
  export function parse<Column extends string = string>(data: CsvData, options?: ParseOptions): Record<Column, string>[];

  /**
   * Reads a table row by row, without holding objects for all of it.
   * @typeParam Column names of the columns; they are not checked
   * @returns the rows as {@link parse} returns them; you can iterate over them once. A fault of the
   * table is thrown when the iteration reaches it
   * @throws DatasourceFailure (55), TypeError like {@link parse}
   */
  export function records(data: CsvData, options: ParseOptions & { header: false }): IterableIterator<string[]>;
  export function records<Column extends string = string>(data: CsvData, options?: ParseOptions): IterableIterator<Record<Column, string>>;

  /**
   * What a field can be: dates are written in ISO 8601 and UTC, `null` and `undefined` as an empty
   * field.
   */
  export type Field = string | number | bigint | boolean | Date | null | undefined;

  /** Options of {@link stringify}. */
  export interface StringifyOptions {
    /**
     * The columns, in their order, which the first line names; of objects other properties are left
     * out. Default: of objects all properties, in the order in which they first come; of arrays
     * none, and there is no line of names.
     */
    columns?: readonly string[];
    /** The character between fields. Default: `","`. */
    delimiter?: string;
  }

  /**
   * Writes a table. Fields have quotes where they need them; every line ends in a line feed.
   * @param rows objects whose properties are each a {@link Field}, or arrays of fields
   * @throws TypeError when a row is neither, has no fields, or is an array with another number of
   * fields than there are columns; when a field is an object, a number that is not finite or an
   * invalid date
   */
  export function stringify(rows: readonly object[], options?: StringifyOptions): string;
}
