/**
 * The module `carjs/encoding`: bytes as text, and compression.
 *
 * Functions that encode data also take text, as UTF-8. Decoding is strict: invalid data is a
 * `DatasourceFailure` with code 55, because such data comes from the data source. Every function
 * throws a `TypeError` if an argument has the wrong type.
 */
declare module "carjs/encoding" {
  /** Text, encoded as UTF-8, or bytes. */
  export type Data = string | ArrayBuffer | ArrayBufferView;

  /** Encodes as base64 with padding (RFC 4648, section 4). */
  export function base64Encode(data: Data): string;

  /** Encodes as base64 for URLs and file names, without padding (RFC 4648, section 5). */
  export function base64UrlEncode(data: Data): string;

  /**
   * Decodes base64, in the alphabet of section 4 or for URLs, with or without padding, with or
   * without white space.
   * @throws DatasourceFailure (55) if the text is not base64
   */
  export function base64Decode(text: string): Uint8Array;

  /**
   * Decodes base64 as {@link base64Decode} does, and the bytes as UTF-8. A byte order mark is
   * dropped.
   * @throws DatasourceFailure (55) if the text is not base64, or the bytes are not UTF-8
   */
  export function base64DecodeText(text: string): string;

  /** Encodes as hexadecimal digits in lower case. */
  export function hexEncode(data: Data): string;

  /**
   * Decodes hexadecimal digits of either case, two per byte, without separators.
   * @throws DatasourceFailure (55) if the text is not hexadecimal
   */
  export function hexDecode(text: string): Uint8Array;

  /**
   * Decodes hexadecimal digits, and the bytes as UTF-8. A byte order mark is dropped.
   * @throws DatasourceFailure (55) if the text is not hexadecimal, or the bytes are not UTF-8
   */
  export function hexDecodeText(text: string): string;

  /** Encodes as UTF-8. Unpaired surrogates become U+FFFD. */
  export function utf8Encode(text: string): Uint8Array;

  /**
   * Decodes UTF-8. A byte order mark is dropped. For bytes that may be damaged, or in another
   * encoding, there is `TextDecoder`.
   * @throws DatasourceFailure (55) if the bytes are not UTF-8
   */
  export function utf8Decode(data: ArrayBuffer | ArrayBufferView): string;

  /** Options of compression. */
  export interface CompressOptions {
    /** From 0 (none) and 1 (fast) to 9 (small). Default: a good compromise. */
    level?: number;
  }

  /** Options of decompression. */
  export interface ExpandOptions {
    /**
     * The maximum size of the result in bytes, up to 2,147,483,648. It protects from small
     * data that expands to more than fits in memory. Default: 268,435,456 (256 MiB).
     */
    maxSize?: number;
  }

  /** Compresses as gzip (RFC 1952). Equal data gives equal bytes. */
  export function gzip(data: Data, options?: CompressOptions): Uint8Array;

  /**
   * Decompresses gzip, including all members. HTTP responses with `Content-Encoding: gzip` are
   * decompressed before a script sees them: this is for files.
   * @throws DatasourceFailure (55) if the data is not gzip, is damaged or cut off, or expands to
   * more than `maxSize`
   */
  export function gunzip(data: ArrayBuffer | ArrayBufferView, options?: ExpandOptions): Uint8Array;

  /** Compresses as zlib (RFC 1950), which HTTP calls deflate. */
  export function deflate(data: Data, options?: CompressOptions): Uint8Array;

  /**
   * Decompresses zlib.
   * @throws DatasourceFailure (55) if the data is not zlib, is damaged or cut off, or expands to
   * more than `maxSize`
   */
  export function inflate(data: ArrayBuffer | ArrayBufferView, options?: ExpandOptions): Uint8Array;
}
