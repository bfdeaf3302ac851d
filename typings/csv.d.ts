/**
 * The module `carjs/csv`: reads CSV (RFC 4180), as a whole or row by row, and writes it.
 *
 * Lines end in a line feed, a carriage return, or both; inside a quoted field they are characters of
 * the value. Empty lines are skipped, and so is the line `sep=;` with which spreadsheets begin a
 * table: it sets the delimiter unless the options do. Every value is text: nothing is converted to
 * a number, a boolean or null.
 */
declare module "carjs/csv" {
  /** CSV as text or bytes. A byte order mark is dropped. */
  export type CsvData = string | ArrayBuffer | ArrayBufferView;

  /** Options of {@link parse} and {@link records}. */
  export interface ParseOptions {
    /**
     * Where the column names are. `true`: in the first row; rows are objects. An array: these are
     * the names, and the first row is data; rows are objects. `false`: there are none; rows are
     * arrays. Default: true.
     */
    header?: boolean | readonly string[];
    /** The character between fields. Default: `","`. */
    delimiter?: string;
    /** The character that begins a comment line, which is skipped. Default: none. */
    comment?: string;
    /** Whether to drop white space around every field, also in the header. Default: false. */
    trim?: boolean;
    /**
     * Whether to accept what is not quite CSV: rows of any length, where an object has `""` for
     * missing fields and drops surplus ones, and an array has the fields that exist; and quotes
     * within fields. Default: false.
     */
    relaxed?: boolean;
    /**
     * Encoding of bytes without a byte order mark: `"windows-1252"`, `"iso-8859-1"`, `"utf-16le"`
     * and all others that browsers know. Default: `"utf-8"`, or UTF-16 if NUL bytes indicate it.
     */
    charset?: string;
    /**
     * What to do with bytes that are invalid in the encoding: `"fail"`, or `"replace"` them by
     * U+FFFD, which can make different names equal. Default: `"fail"`.
     */
    invalidBytes?: "fail" | "replace";
  }

  /**
   * Reads a table.
   *
   * ```ts
   * for (const row of parse(await response.text(), { delimiter: ";" })) this.addCollection("asset", { external_id: row["Asset ID"], … });
   * ```
   * @typeParam Column names of the columns; they are not checked
   * @returns the rows: objects with the columns as properties, in the order of the header, or
   * arrays with `header: false`
   * @throws DatasourceFailure (55), with the line: if a quote is missing or misplaced; if a row has
   * fewer or more fields than the header, or than the first row if there is no header; if the
   * header has a name twice; if a header is expected and the text is empty; if the text is an HTML
   * page or an XML document; if the line `sep=` contradicts the option `delimiter`; if bytes are
   * invalid in the encoding, with the byte position
   * @throws TypeError if an argument has the wrong type; when names in the option `header` are not
   * unique
   */
  export function parse(data: CsvData, options: ParseOptions & { header: false }): string[][];
  export function parse<Column extends string = string>(data: CsvData, options?: ParseOptions): Record<Column, string>[];

  /**
   * Reads a table row by row, without holding objects for all of it.
   * @typeParam Column names of the columns; they are not checked
   * @returns the rows as {@link parse} returns them; you can iterate over them once. An error in
   * the table is thrown when the iteration reaches it
   * @throws DatasourceFailure (55), TypeError like {@link parse}
   */
  export function records(data: CsvData, options: ParseOptions & { header: false }): IterableIterator<string[]>;
  export function records<Column extends string = string>(data: CsvData, options?: ParseOptions): IterableIterator<Record<Column, string>>;

  /**
   * The value of a field: dates are written in ISO 8601 and UTC, `null` and `undefined` as an empty
   * field.
   */
  export type Field = string | number | bigint | boolean | Date | null | undefined;

  /** Options of {@link stringify}. */
  export interface StringifyOptions {
    /**
     * The columns, in order; the first line has their names, and other properties of objects are
     * left out. Default: all properties of the objects, in the order in which they first occur; for
     * arrays none, and there is no line with names.
     */
    columns?: readonly string[];
    /** The character between fields. Default: `","`. */
    delimiter?: string;
  }

  /**
   * Writes a table. Fields are quoted if necessary; every line ends in a line feed.
   * @param rows objects whose properties are each a {@link Field}, or arrays of fields
   * @throws TypeError if a row is neither, has no fields, or is an array whose number of fields is
   * not that of the columns; if a field is an object, a number that is not finite or an invalid
   * date
   */
  export function stringify(rows: readonly object[], options?: StringifyOptions): string;
}
