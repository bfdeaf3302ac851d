/**
 * The module `carjs/encoding`: bytes as text, and smaller.
 *
 * Whatever takes data to encode takes a text as well, which counts as its UTF-8. Decoding is exact:
 * what is not wholly in the form is a `DatasourceFailure` with code 55, because such data comes
 * from there. Every function throws a `TypeError` when an argument is of the wrong type.
 */
declare module "carjs/encoding" {
  /** A text, which counts as its UTF-8, or bytes. */
  export type Data = string | ArrayBuffer | ArrayBufferView;

  /** Encodes as base64 with padding (RFC 4648, section 4). */
  export function base64Encode(data: Data): string;

  /** Encodes as base64 for URLs and file names, without padding (RFC 4648, section 5). */
  export function base64UrlEncode(data: Data): string;

  /**
   * Decodes base64, in the alphabet of section 4 or that for URLs, with padding or without it, with
   * white space in it or without.
   * @throws DatasourceFailure (55) when the text is not base64
   */
  export function base64Decode(text: string): Uint8Array;

  /**
   * Decodes base64 as {@link base64Decode} does, and the bytes as UTF-8. A byte order mark is
   * dropped.
   * @throws DatasourceFailure (55) when the text is not base64, or the bytes are not UTF-8
   */
  export function base64DecodeText(text: string): string;

  /** Encodes as hexadecimal digits in lower case. */
  export function hexEncode(data: Data): string;

  /**
   * Decodes hexadecimal digits of either case, two for each byte and nothing between them.
   * @throws DatasourceFailure (55) when the text is not hexadecimal
   */
  export function hexDecode(text: string): Uint8Array;

  /**
   * Decodes hexadecimal digits, and the bytes as UTF-8. A byte order mark is dropped.
   * @throws DatasourceFailure (55) when the text is not hexadecimal, or the bytes are not UTF-8
   */
  export function hexDecodeText(text: string): string;

  /** Encodes as UTF-8. Halves of surrogate pairs become U+FFFD. */
  export function utf8Encode(text: string): Uint8Array;

  /**
   * Decodes UTF-8. A byte order mark is dropped. For bytes that may be damaged, or in another
   * encoding, there is `TextDecoder`.
   * @throws DatasourceFailure (55) when the bytes are not UTF-8
   */
  export function utf8Decode(data: ArrayBuffer | ArrayBufferView): string;

  /** How to compress. */
  export interface CompressOptions {
    /** From 0, not at all, over 1, fast, to 9, small. Default: a good middle. */
    level?: number;
  }

  /** How to expand. */
  export interface ExpandOptions {
    /**
     * The most bytes that the result may have, up to 2,147,483,648: few bytes can be made to expand
     * to so many that no memory holds them. Default: 268,435,456 (256 MiB).
     */
    maxSize?: number;
  }

  /** Compresses in the format of gzip (RFC 1952). The same data gives the same bytes. */
  export function gzip(data: Data, options?: CompressOptions): Uint8Array;

  /**
   * Expands gzip, of several members all. Answers of HTTP with `Content-Encoding: gzip` are
   * expanded before a script sees them: this is for files.
   * @throws DatasourceFailure (55) when the data is not gzip, is damaged or cut off, or expands to
   * more than `maxSize`
   */
  export function gunzip(data: ArrayBuffer | ArrayBufferView, options?: ExpandOptions): Uint8Array;

  /** Compresses in the format of zlib (RFC 1950), which is what HTTP calls deflate. */
  export function deflate(data: Data, options?: CompressOptions): Uint8Array;

  /**
   * Expands zlib.
   * @throws DatasourceFailure (55) when the data is not zlib, is damaged or cut off, or expands to
   * more than `maxSize`
   */
  export function inflate(data: ArrayBuffer | ArrayBufferView, options?: ExpandOptions): Uint8Array;
}
