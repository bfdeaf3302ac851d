/**
 * The module `carjs/http`: a client for the API of a data source.
 *
 * ```ts
 * import { bearer, HttpClient } from "carjs/http";
 * const client = new HttpClient({ baseURL: url, auth: bearer(token), rateLimit: { requests: 10, per: 1000 } });
 * for await (const hosts of client.paginate.cursor<Host>("/hosts", { next: "meta.next", items: "data" })) {
 *   for (const host of hosts) report(host);
 * }
 * ```
 *
 * What the data source does wrong is thrown as a `DatasourceFailure` of the module `carjs`, by
 * which a run ends well: code 51 no connection, a time-out or a status 408, 429 or 5xx; 52 status
 * 401, or no token; 53 status 403; 54 status 400, 404, 405 or 422; 55 an answer that is not what it
 * should be; 50 any other status. Messages name method, URL and status, never a secret. A mistake
 * in the connector, such as an option that does not exist, is a `TypeError`. Times are
 * milliseconds.
 *
 * Text and JSON are read in the encoding that they are in: that of a byte order mark, of the option
 * `encoding`, of the charset of Content-Type, of an XML declaration, else UTF-8, or UTF-16 where NUL
 * bytes tell that. Names are those of browsers, by which ISO-8859-1 means windows-1252. Bytes that
 * are invalid in it, and a charset that does not exist, are a failure of code 55, the former with
 * the place in bytes: of replaced characters nobody could tell two names apart. So is an HTML page
 * where JSON is due, whatever its status.
 */
declare module "carjs/http" {
  /**
   * Credentials for a client; made by {@link basic}, {@link bearer}, {@link apiKey} or
   * {@link oauth2}.
   */
  export interface Auth {
    /** Nothing can be read off it. */
    readonly __auth?: never;
  }

  /** User and password, as in the header `Authorization: Basic`. */
  export function basic(user: string, password: string): Auth;

  /**
   * A token, as in the header `Authorization: Bearer`.
   * @param token the token, or a function that gives it; that one is called for every request, so
   * it should keep what it has
   */
  export function bearer(token: string | (() => string | Promise<string>)): Auth;

  /**
   * A key in a header of its own.
   * @param header the header's name, such as "X-API-Key"
   */
  export function apiKey(header: string, value: string): Auth;

  /** How tokens are got by OAuth 2 client credentials. */
  export interface OAuth2Options {
    /** Where tokens are given out, a whole URL. */
    tokenURL: string;
    clientId: string;
    clientSecret: string;
    /**
     * What the token shall be good for, several with blanks between. Default: none is asked for.
     */
    scope?: string;
    /** Whom the token shall be good for. Default: not sent. */
    audience?: string;
    /**
     * Where id and secret stand: "basic" (the default) in the header Authorization, "body" in the
     * form.
     */
    style?: "basic" | "body";
  }
  /**
   * Tokens by OAuth 2 client credentials. A token is kept until shortly before it expires; one that
   * is refused with 401 is replaced once. Requests that need one at the same time wait for the
   * same. Clients may share what this returns.
   * @throws DatasourceFailure, when a request is made, of code 52 when no token is given, 51 when
   * the server cannot be reached
   */
  export function oauth2(options: OAuth2Options): Auth;

  /**
   * The last segment of a URL's path, which is the id in APIs that refer to other objects by their
   * URLs: "17" of "https://host/assets/17/?full=1". It is taken as it stands there, not decoded.
   * @param url a whole URL or a path
   * @returns the segment, "" when the path has none
   */
  export function lastSegment(url: string): string;

  /** How a client works. */
  export interface ClientOptions {
    /**
     * What every path is appended to, such as "https://host/api/v2". Credentials and headers go to
     * this origin only. Default: none, every path is a whole URL; not possible together with
     * `auth`.
     * @throws DatasourceFailure of code 54 when it is no http or https URL
     */
    baseURL?: string;
    /** Sent with every request. */
    headers?: HeadersInit;
    /** Default: none. */
    auth?: Auth;
    /** The longest that one attempt may take, its body included. Default 60000. */
    timeout?: number;
    /**
     * How often a request is repeated after a status 408, 429, 502, 503 or 504, or when the
     * connection failed. Default 3. Other methods than GET, HEAD, PUT, DELETE and OPTIONS are
     * repeated after 429 and 503 only, unless `retry` says so. A time-out, an unknown host or a
     * certificate that is not trusted is not tried again.
     */
    retries?: number;
    /**
     * The wait before the first repetition when the server names none with Retry-After; it doubles
     * each time, less a half by chance. Default 1000.
     */
    retryWait?: number;
    /**
     * The longest wait before a repetition. A server that asks for more gets none: that is a
     * failure at once. Default 120000.
     */
    maxWait?: number;
    /**
     * At most so many requests, repetitions included, in any stretch of `per` milliseconds.
     * Default: no limit; `requests` 1, `per` 1000.
     */
    rateLimit?: { requests?: number; per?: number };
    /** How the data source proves who it is. */
    tls?: {
      /** Certificate authorities in PEM form that are trusted besides those of the system. */
      ca?: string | string[];
      /** Trust any certificate; a warning is logged. Default false. */
      insecure?: boolean;
      /** The host name that the certificate must be for. Default: the URL's. */
      serverName?: string;
    };
    /**
     * Further origins, such as "https://files.example.com", that may have the credentials: next
     * URLs and whole URLs may lead there.
     */
    allowOrigins?: string | string[];
    /**
     * The encoding of all answers, such as "windows-1252", where Content-Type names a wrong one or
     * none. A byte order mark counts more. Default: what the answer says.
     * @throws TypeError when it is none that browsers know
     */
    encoding?: string;
    /**
     * What becomes of bytes that are invalid in the encoding: "fail", a DatasourceFailure of code
     * 55, or "replace", U+FFFD in their place, by which different names can become one. Default
     * "fail".
     */
    invalidBytes?: "fail" | "replace";
  }

  /** A value in a query; undefined and null are left out, a Date is sent in ISO form. */
  export type QueryValue = string | number | bigint | boolean | Date | null | undefined;
  /** A query: an object, in which an array gives a name several times, or what is one already. */
  export type Query = { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams | string;

  /** What every kind of request takes. */
  export interface CommonOptions {
    /** Added to what is in the path. */
    query?: Query;
    /** Besides those of the client; of the same name, these count. */
    headers?: HeadersInit;
    /** The longest that one attempt may take. Default: the client's. */
    timeout?: number;
    /** Ends the request with the signal's reason. */
    signal?: AbortSignal | null;
    /**
     * true: repeat also what may have been done already (POST, PATCH), and after 408, 502, 504 too;
     * false: never repeat.
     */
    retry?: boolean;
    /** The encoding of the answer. Default: the client's. */
    encoding?: string;
    /** What becomes of invalid bytes in the answer. Default: the client's. */
    invalidBytes?: "fail" | "replace";
  }

  /** How a request is made. At most one of `json`, `form` and `body`. */
  export interface RequestOptions extends CommonOptions {
    /** A value, sent as JSON. */
    json?: unknown;
    /** Fields, sent as application/x-www-form-urlencoded. */
    form?: { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams;
    /**
     * A body as it is. Its type is text/plain, a form, or application/octet-stream, unless the
     * headers say otherwise.
     */
    body?: string | URLSearchParams | ArrayBuffer | ArrayBufferView;
    /**
     * What becomes of the answer's body: "json" (the default) its value, "text" the text, "bytes" a
     * Uint8Array. As JSON, an empty body is undefined, but after GET it is a failure of code 55
     * unless the status says so (204, 205).
     */
    responseType?: "json" | "text" | "bytes";
    /** Statuses that are no failure: the connector treats them itself. */
    accept?: readonly number[];
  }

  /** Options that ask for text. */
  export type TextOptions = RequestOptions & { responseType: "text" };
  /** Options that ask for bytes. */
  export type BytesOptions = RequestOptions & { responseType: "bytes" };
  /** Options that allow for other statuses. */
  export type AcceptOptions = RequestOptions & { accept: readonly number[] };

  /** A whole answer. */
  export interface HttpResponse<T> {
    status: number;
    headers: Headers;
    /**
     * The body. With a status that was accepted and is none of 2xx: its JSON, or its text when it
     * is none, with U+FFFD in the place of invalid bytes.
     */
    data: T;
    /** Where it came from in the end. */
    url: string;
  }

  /**
   * Sends a request and gives the answer's body. A status that was accepted and is none of 2xx
   * gives undefined. `T` says what the connector takes the body for; nothing checks it.
   * @throws DatasourceFailure, see the module
   */
  export interface Method {
    (path: string | URL, options: TextOptions & AcceptOptions): Promise<string | undefined>;
    (path: string | URL, options: TextOptions): Promise<string>;
    (path: string | URL, options: BytesOptions & AcceptOptions): Promise<Uint8Array<ArrayBuffer> | undefined>;
    (path: string | URL, options: BytesOptions): Promise<Uint8Array<ArrayBuffer>>;
    <T = any>(path: string | URL, options: AcceptOptions): Promise<T | undefined>;
    <T = any>(path: string | URL, options?: RequestOptions): Promise<T>;
  }

  /** Where something stands in a page: a path such as "meta.next", or a function that finds it. */
  export type Finder<R> = string | ((page: any) => R);

  /** Options of every way to page. Paths and functions get a page, those of `key` a row. */
  export interface PageOptions<T> extends CommonOptions {
    /** Where the list is. Default: the page is the list. null there is an empty list. */
    items?: Finder<readonly T[] | null>;
    /**
     * Where the number of all rows is, not that of the rows of the page. Default: not known.
     *
     * A list that is not as long as its total says is a failure of code 55: "the data source
     * announced 120 rows and returned 100", and so is a total that is no whole number, that falls
     * (see `changes`), or that is there at first and missing later. null, undefined and a number
     * below 0 mean that it is not known; when a path leads nowhere on the first page, a warning says
     * so. `offset` ends at the total, where one is known.
     */
    total?: Finder<number | string | null | undefined>;
    /**
     * What tells a row from the others: the path of a text or number in it, such as "id", or a
     * function. Default: the JSON text of the row; rows that a function of `items` made of others
     * are not told apart.
     *
     * A row that was on an earlier page as well is a sign that the list changed meanwhile, or is in
     * no fixed order, so that others may be on no page: that is logged as a warning, once a list,
     * with their number. With `key` and a total it is a failure of code 55 when there were fewer
     * different rows than announced at first. Without `key`, rows are compared with the first
     * million of the list.
     */
    key?: string | ((row: any) => string | number | bigint);
    /**
     * What may happen to the list while it is read. "added" (the default): the total may rise.
     * "none": neither may the total change nor a row come on two pages. "any": rows may come and
     * go, and those that are missed do not matter; the total may fall, and nothing is said of rows
     * that come twice. Otherwise it is a failure of code 55.
     */
    changes?: "none" | "added" | "any";
    /**
     * Statuses from 400 to 499 that are the end of the list, for servers that answer so behind the
     * last page. On the first page they are a failure as ever. Default: none.
     */
    endStatus?: readonly number[];
  }
  /** Options of `paginate.offset`. */
  export interface OffsetOptions<T> extends PageOptions<T> {
    /** Name of the parameter that says how many to send. Default "limit". */
    limitParam?: string;
    /**
     * Name of the parameter that says where to begin, counted in items from 0. Default "offset".
     */
    offsetParam?: string;
    /** How many to ask for at once. Default 100. */
    limit?: number;
    /**
     * How many pages are asked for at once, when the total is known. They come in their order all
     * the same, and each is held in memory until its turn. Default 4; 1 asks for one page while the
     * one before is worked on.
     */
    ahead?: number;
  }
  /** Options of `paginate.cursor`. */
  export interface CursorOptions<T> extends PageOptions<T> {
    /** Name of the parameter that carries the cursor. Default "cursor". */
    cursorParam?: string;
    /** Where the next cursor is. None, null, false or an empty text is the end. */
    next: Finder<string | number | null | undefined | false>;
  }
  /** Options of `paginate.nextURL`. */
  export interface NextURLOptions<T> extends PageOptions<T> {
    /**
     * Where the next URL is, absolute or relative to the page. None, null, false or an empty text
     * is the end. Default "next".
     */
    next?: Finder<string | null | undefined | false>;
  }

  /** Options of {@link HttpClient.records}. */
  export interface RecordsOptions extends CommonOptions {
    /**
     * Path of the list in a JSON answer, such as "data.rows". Default: the answer is the list. null
     * there is an empty list.
     */
    items?: string;
    /**
     * How the records are written: "json" (the default) as the items of a list, "ndjson" as one
     * JSON value a line.
     */
    format?: "json" | "ndjson";
    /**
     * The longest wait for the answer and for every part of it. How long the whole takes does not
     * matter. Default: the client's.
     */
    timeout?: number;
  }

  /**
   * Reads lists page by page, with GET: `for await (const page of ...) for (const item of page)`.
   * Each loop starts anew; a page may be empty. A list is read as a whole or ends in a
   * DatasourceFailure of code 55:
   * - a next page that was read before, a page with the rows of an earlier one, and more than 1000
   *   empty pages in a row, which would never end;
   * - a next page at another origin, unless the client's `allowOrigins` names that;
   * - no list where `items` says;
   * - a total that contradicts the rows (`total`), and rows that move from page to page (`key`,
   *   `changes`).
   *
   * Status 204 or 205 without a body is an empty page, and the end where nothing names a next one.
   * Any other answer without a body, and any other status, is a failure (see `endStatus`).
   *
   * While a page is worked on, the one behind it is fetched and read already; with `offset` and a
   * known total, several are. Its objects are records: they do what data does (read, change, add
   * and delete properties, list, spread, stringify), but cannot be frozen nor given accessors or
   * symbols. Lists of texts, numbers, true, false and null in them do what arrays do, but cannot be
   * frozen, nor have holes or other properties.
   */
  export interface Paginate {
    /**
     * Asks for `limit` items from an offset on, which grows by the number that came. A page that is
     * not full is not taken for the last, because servers cap the limit: the list ends at its total,
     * else at an empty page. Where the first page is full and the total says that this was all,
     * another is asked for, which must have no further rows: some data sources give the number of
     * rows of the page instead.
     */
    offset<T = any>(path: string | URL, options?: OffsetOptions<T>): AsyncIterable<T[]>;
    /** Sends back the cursor that each page names. */
    cursor<T = any>(path: string | URL, options: CursorOptions<T>): AsyncIterable<T[]>;
    /** Follows the header `Link` with rel="next". */
    link<T = any>(path: string | URL, options?: PageOptions<T>): AsyncIterable<T[]>;
    /** Follows the URL that each page names. */
    nextURL<T = any>(path: string | URL, options?: NextURLOptions<T>): AsyncIterable<T[]>;
  }

  /** A client for the API of a data source. */
  export class HttpClient {
    constructor(options?: ClientOptions);
    /** Reads lists page by page. */
    readonly paginate: Paginate;
    /**
     * Reads the records of one answer, with GET, while it arrives:
     * `for await (const host of client.records<Host>("/export"))`. The answer may be larger than
     * the memory there is: at most 4096 records or 2 MiB of them are held, and no more is read
     * while the loop is busy. Each loop sends a request of its own; one that is left ends it. A
     * record is at most 64 MiB of text, and behaves as those of {@link Paginate}.
     *
     * What fails before the first record is tried again as often as `retries` says, and nothing
     * behind it: the loop has had those records, and another answer might have others. So an answer
     * that breaks off is a failure, after the records that came before.
     * A status 204 means that there are none.
     * @throws DatasourceFailure, see the module; when the answer is not JSON or has no such list,
     * of code 55 with the place in bytes and records
     */
    records<T = any>(path: string | URL, options?: RecordsOptions): AsyncIterable<T>;
    /** @see Method */
    readonly get: Method;
    /** @see Method */
    readonly post: Method;
    /** @see Method */
    readonly put: Method;
    /** @see Method */
    readonly patch: Method;
    /** @see Method */
    readonly delete: Method;
    /** Sends a HEAD request and gives the whole answer, whose `data` is undefined. */
    head(path: string | URL, options?: RequestOptions): Promise<HttpResponse<undefined>>;
    /**
     * Sends a request and gives the whole answer.
     * @param method such as "GET"
     * @param path what is appended to the base URL, or a whole URL at the same origin
     * @throws DatasourceFailure, see the module
     */
    request(method: string, path: string | URL, options: TextOptions): Promise<HttpResponse<string>>;
    request(method: string, path: string | URL, options: BytesOptions): Promise<HttpResponse<Uint8Array<ArrayBuffer>>>;
    request<T = any>(method: string, path: string | URL, options?: RequestOptions): Promise<HttpResponse<T>>;
  }
}
