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
 * Errors of the data source are thrown as a `DatasourceFailure` of the module `carjs`, which ends
 * the run with its code: 51 no connection, a time-out, a status 408, 429 or 5xx, or a limit of
 * requests that stays; 52 status 401, or a login that failed; 53 status 403; 54 status 400, 404, 405
 * or 422; 55 an invalid response; 50 any other status. Messages name method, URL and status, never
 * a secret. A mistake in the connector, such as an unknown option, is a `TypeError`. Times are
 * milliseconds.
 *
 * The encoding of text and JSON is that of a byte order mark, of the option `encoding`, of the
 * charset in Content-Type, or of an XML declaration, else UTF-8, or UTF-16 if NUL bytes indicate
 * it. Names are those of browsers, where ISO-8859-1 means windows-1252. Invalid bytes and an
 * unknown charset are a failure of code 55, the former with the byte position: replacing them could
 * make different names equal. So is an HTML page instead of JSON, whatever its status.
 *
 * Numbers keep their digits: an integer beyond 2^53-1, such as an id of 64 bits, is a `bigint`, in
 * every JSON body and record. Declare such a field as `number | bigint`, or convert it to text with
 * `String`. A number with more decimals than JavaScript holds is rounded, and a warning names the
 * request and the field; objects of `paginate` and `records` that are passed to `addCollection` as
 * they are, at the top or inside `properties`, keep all digits.
 */
declare module "carjs/http" {
  /**
   * Credentials for a client, created by {@link basic}, {@link bearer}, {@link apiKey},
   * {@link oauth2}, {@link session}, {@link digest}, {@link aws} or {@link hmac}.
   */
  export interface Auth {
    /** Opaque. */
    readonly __auth?: never;
  }

  /** User and password, sent in the header `Authorization: Basic`. */
  export function basic(user: string, password: string): Auth;

  /**
   * A token, sent in the header `Authorization: Bearer`.
   * @param token the token, or a function that returns it; carjs calls the function for every
   * request, so it should cache the token
   */
  export function bearer(token: string | (() => string | Promise<string>)): Auth;

  /**
   * A key in its own header.
   * @param header the header's name, such as "X-API-Key"
   */
  export function apiKey(header: string, value: string): Auth;

  /** How to get tokens with OAuth 2. */
  export interface OAuth2Options {
    /** The token endpoint, an absolute URL. */
    tokenURL: string;
    /**
     * What the token is given for. "client_credentials" (the default); "refresh_token", with
     * `refreshToken`; "password", with `username` and `password`; "jwt", a JWT bearer assertion
     * (RFC 7523) signed with `privateKey`.
     *
     * If the response contains a refresh token ("refresh_token" and "password"), it is used for the
     * next token, so rotated tokens work within a run.
     */
    grant?: "client_credentials" | "refresh_token" | "password" | "jwt";
    /** Required, unless `style` is "none". */
    clientId?: string;
    /** Required for the styles "basic" and "body". */
    clientSecret?: string;
    /**
     * How the client proves who it is: "basic", id and secret in the header Authorization; "body",
     * id and secret in the form; "private_key_jwt", an assertion signed with `privateKey`; "none",
     * only the id in the form, if there is one. Default: "basic" with a `clientSecret`;
     * "private_key_jwt" for client credentials with a `privateKey` and no secret; else "none".
     */
    style?: "basic" | "body" | "private_key_jwt" | "none";
    /** The scopes to request, separated by spaces. Default: none. */
    scope?: string;
    /** The audience of the token, sent in the form. Default: not sent. */
    audience?: string;
    /** Further fields of the form, such as `resource`. */
    params?: { readonly [name: string]: string | number | boolean | bigint };
    /** For the grant "refresh_token". */
    refreshToken?: string;
    /** For the grant "password". */
    username?: string;
    /** For the grant "password". */
    password?: string;
    /**
     * The key for assertions in PEM form (PKCS #8, PKCS #1 or SEC 1, not encrypted): an RSA key
     * signs with RS256, an EC key with the curve P-256 with ES256. Line breaks may be written as
     * `\n`.
     */
    privateKey?: string;
    /** The header `kid` of assertions. */
    keyId?: string;
    /** The certificate of the key in PEM form, for the headers `x5t` and `x5t#S256`. */
    certificate?: string;
    /** The claim `iss` of the grant "jwt". Default: `clientId`. */
    issuer?: string;
    /** The claim `sub` of the grant "jwt". Default: none. */
    subject?: string;
    /** The claim `aud` of assertions. Default: `tokenURL`. */
    assertionAudience?: string;
    /** Further claims of the grant "jwt", such as the `scope` of Google. They win over the others. */
    claims?: { readonly [name: string]: unknown };
  }
  /**
   * Tokens from OAuth 2. A token is cached until shortly before it expires: `expires_in` may be a
   * number or text of seconds, or a date; without one the token counts until it is refused. When a
   * request gets status 401, the token is replaced once. Concurrent requests share one token
   * request. Clients may share the returned value.
   * @throws DatasourceFailure when a request is sent: code 52 if the server issues no token, in its
   * own words, also where it says so with status 200; 53 for status 403; 51 if it cannot be reached
   * or is busy; 55 if it returns a page; 54 if the private key cannot be used
   */
  export function oauth2(options: OAuth2Options): Auth;

  /** A request of a login. At most one of `json`, `form` and `body`. */
  export interface LoginRequest {
    /** Default "POST". */
    method?: string;
    /** Appended to the base URL, or an absolute URL where the client may send credentials. */
    path: string;
    query?: Query;
    headers?: HeadersInit;
    json?: unknown;
    form?: { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams;
    body?: string | URLSearchParams | FormData | Blob | ArrayBuffer | ArrayBufferView;
    /**
     * "follow" (the default) follows redirects; with "manual" a redirect is the end of a login that
     * worked.
     */
    redirect?: "follow" | "manual";
  }
  /**
   * Where the response to a login has a token, and which header to send it in. One of header, path
   * and cookie.
   */
  export interface LoginToken {
    /** A header of the response. */
    header?: string;
    /** The path of a text in a JSON response, such as "data.token". */
    path?: string;
    /** A cookie, as for `X-XSRF-TOKEN`. */
    cookie?: string;
    /** The header to send the token in, such as "X-Auth-Token". Default: the same `header`. */
    to?: string;
    /** Put before the token, such as "Bearer ". Default: nothing. */
    prefix?: string;
  }
  /** How to log in with requests. */
  export interface SessionOptions {
    /** The request that logs in, or several, sent one after the other. */
    login: LoginRequest | readonly LoginRequest[];
    /**
     * Tokens in the responses, sent with every later request, including those of the login. Default:
     * none; then the login must set a cookie.
     */
    token?: LoginToken | readonly LoginToken[];
  }
  /**
   * A session: the first request logs in, and its cookies and tokens go with all others. Cookies
   * follow RFC 6265, including those of redirects and later responses. After a status 401 or 403,
   * or a rule with `then: "login"`, carjs logs in again and repeats the request, once; the other
   * requests wait meanwhile and share the login. A 403 that a new login does not change is not
   * taken for the end of a session any more. Clients at one base URL may share the returned value.
   *
   * ```ts
   * session({ login: { path: "/login", json: { user, password } }, token: { path: "token", to: "X-Auth-Token" } })
   * ```
   * @throws DatasourceFailure when a request is sent: code 52 if the login has status 400, 401 or 422
   * or gives neither cookie nor token; else as for any request
   */
  export function session(options: SessionOptions): Auth;

  /**
   * Digest authentication (RFC 7616) with MD5 or SHA-256, also of the `-sess` kind, and `qop=auth`
   * or none. carjs answers the strongest challenge, and replaces a stale nonce.
   * @throws DatasourceFailure of code 52 when a request is sent and the credentials are refused, or
   * the data source asks for another kind of login
   */
  export function digest(user: string, password: string): Auth;

  /** How to sign requests to AWS. */
  export interface AWSOptions {
    accessKeyId: string;
    secretAccessKey: string;
    /** Of temporary credentials. Default: none. */
    sessionToken?: string;
    /** Such as "eu-central-1". */
    region: string;
    /** Such as "ec2" or "s3", as it stands in the credential scope. */
    service: string;
  }
  /**
   * AWS Signature Version 4 in headers. Each attempt and each redirect within the trusted origins is
   * signed anew, with this machine's time. AWS reports throttling with status 400 in places: see
   * {@link Rule}.
   */
  export function aws(options: AWSOptions): Auth;

  /** How to sign requests with a keyed hash. */
  export interface HMACOptions {
    /** A text, or bytes such as those of a key in base64. */
    key: string | ArrayBuffer | ArrayBufferView;
    /** Default "sha256". */
    algorithm?: "sha256" | "sha1" | "sha384" | "sha512" | "md5";
    /** How the signature is written. Default "hex". */
    encoding?: "hex" | "base64" | "base64url";
    /**
     * What is signed: a text with places such as "{method}\n{path}\n{timestamp}\n{body}". The places
     * are method, scheme, host, path and query (as they are sent), sortedQuery, pathAndQuery, url,
     * body, bodySha256 (hex), bodySha256Base64, bodyMd5Base64, contentType, timestamp (seconds since
     * 1970), timestampMs, isoDate, httpDate and nonce (a new random text for each request).
     */
    message: string;
    /**
     * The headers that are sent, with the same places and {signature}, and {signatureEncoded} with
     * percent-encoding: `{ "X-Signature": "{signature}", "X-Timestamp": "{timestamp}" }`.
     */
    headers: { readonly [name: string]: string };
  }
  /**
   * Requests signed with a keyed hash. Each attempt and each redirect within the trusted origins is
   * signed anew.
   * @throws TypeError for a place that does not exist, or if no header has the signature
   */
  export function hmac(options: HMACOptions): Auth;

  /**
   * The last segment of a URL's path, not decoded: "17" of "https://host/assets/17/?full=1". In
   * APIs that refer to other objects by URL, it is the id.
   * @param url an absolute URL or a path
   * @returns the segment, "" if the path has none
   */
  export function lastSegment(url: string): string;

  /**
   * How to treat a response, where the connector knows better than the defaults. At least one of
   * status, header and body is required, and all that are given must match.
   *
   * ```ts
   * rules: [
   *   { status: 400, body: { path: "__type", value: /Throttling/ }, then: "wait" },
   *   {
   *     body: { path: "success", value: false }, then: "fail", code: ErrorCode.DATASOURCE_FAILURE_AUTH,
   *     message: "the API key has expired",
   *   },
   *   { status: 404, then: "ignore" },
   * ]
   * ```
   *
   * Rules are tried in order, those of the request before those of the client, and the first that
   * matches counts, before `accept` and before the defaults. These are: status 401 renews the
   * login; 429 and 420, 403 with a count of 0 requests left or a Retry-After, 409 with
   * X-RateLimit-ToWait-Sec, and 503 wait; 408, 425, 500, 502, 504, 520 to 530, 598 and 599 try
   * again.
   */
  export interface Rule {
    /** Such as 400, "5xx", or an array of those. Default: any status, also 2xx. */
    status?: number | `${1 | 2 | 3 | 4 | 5}xx` | readonly (number | `${1 | 2 | 3 | 4 | 5}xx`)[];
    /** A header that must be there, with a whole value or one that a RegExp matches. */
    header?: string | { name: string; value?: string | RegExp };
    /**
     * A text that the first MiB of the body contains, or a RegExp that matches it; or the path of a
     * value in a JSON body, such as "error.code": with `value`, a text, number, boolean or null
     * that it is, or a RegExp; without, it must be there and not null. The body of a 2xx response
     * to {@link HttpClient.records} is not checked.
     */
    body?: string | RegExp | { path: string; value?: string | number | boolean | null | RegExp };
    /**
     * "wait": the data source limits requests and has done nothing; wait, and send the request
     * again, whatever its method. "login": renew the login, and send it again. "retry": send it
     * again, if its method or `retry` allows that. "fail": a DatasourceFailure. "ignore": a
     * response without data: undefined, an empty page that ends the list, or no records.
     */
    then: "wait" | "login" | "retry" | "fail" | "ignore";
    /**
     * Where the time to wait is: a header, a path in a JSON body, or a fixed number of seconds. A
     * number is in `unit` (default "seconds"), or a time since 1970; it may be a date. Default: the
     * headers that products use, see {@link ClientOptions.maxWait}.
     */
    wait?: { header?: string; path?: string; seconds?: number; unit?: "seconds" | "milliseconds" };
    /**
     * The code of the failure, 50 to 55, see `ErrorCode` of the module carjs; also for when waiting,
     * logging in or trying again did not help. Default: that of the status, 55 if it is 2xx.
     */
    code?: number;
    /** The text of the failure behind method and URL. Default: the status. */
    message?: string;
    /** What to do about the failure. Default: that of the status. */
    hint?: string;
  }

  /** Options of a client. */
  export interface ClientOptions {
    /**
     * The URL that paths are appended to, such as "https://host/api/v2". Credentials and headers
     * are sent only to this origin. Default: none, every path is an absolute URL; required with
     * `auth`.
     * @throws DatasourceFailure of code 54 if it is not an http or https URL
     */
    baseURL?: string;
    /** Sent with every request. */
    headers?: HeadersInit;
    /** Default: none. */
    auth?: Auth;
    /** Time limit for one attempt, including its body. Default 60000. */
    timeout?: number;
    /** How to treat responses, before the defaults apply. Default: none. */
    rules?: readonly Rule[];
    /**
     * How often to retry a request after a response that asks to wait or to try again (see
     * {@link Rule}), or a failed connection. Default 3. Methods other than GET, HEAD, PUT, DELETE and
     * OPTIONS are sent again only when the data source says to wait, unless `retry` is true. A
     * time-out, an unknown host or an untrusted certificate is not retried.
     */
    retries?: number;
    /**
     * The wait before the first retry if the server names no time. It doubles each time, and is
     * shortened at random by up to half. A limit of requests is waited for four times as long.
     * Default 1000.
     */
    retryWait?: number;
    /**
     * The longest wait before a retry. If the server asks for more, the request fails at once.
     * Default 120000.
     *
     * The time to wait comes from Retry-After, Retry-After-Ms, x-ms-retry-after-ms,
     * x-ms-ratelimit-...-retry-after, x-ms-user-quota-resets-after, X-RateLimit-ToWait-Sec,
     * X-RateLimit-RetryAfter, X-RateLimit-Retry-After, X-Rate-Limit-Retry-After,
     * X-Rate-Limit-Retry-After-Seconds, X-Retry-After, RateLimit, RateLimit-Reset,
     * X-Rate-Limit-Reset, X-RateLimit-Reset-After or X-RateLimit-Reset: seconds, also decimal, a
     * date, or seconds or milliseconds since 1970. Those that say when a count starts anew count
     * only if no requests are left. Each wait is logged at level info.
     */
    maxWait?: number;
    /**
     * At most `requests` requests, including retries, in any `per` milliseconds. Default: no limit;
     * `requests` 1, `per` 1000.
     */
    rateLimit?: { requests?: number; per?: number };
    /**
     * How to make TLS connections to the data source. Line breaks in PEM texts may be written as `\n`.
     */
    tls?: {
      /**
       * Certificate authorities in PEM form, trusted in addition to the system's. An empty text is
       * none.
       */
      ca?: string | string[];
      /** Trust any certificate; a warning is logged. Default false. */
      insecure?: boolean;
      /** The host name that the certificate must have. Default: the URL's. */
      serverName?: string;
      /**
       * The client's certificate in PEM form, with those that lead to its authority behind it, for
       * servers that require one. Goes with `key`.
       */
      cert?: string;
      /** The private key of `cert` in PEM form, not encrypted. */
      key?: string;
      /**
       * The lowest version to speak. Default "1.2". Below that, carjs also allows the ciphers that
       * old servers have, and logs a warning.
       */
      minVersion?: "1.0" | "1.1" | "1.2" | "1.3";
    };
    /**
     * Further origins that may receive the credentials, such as "https://files.example.com": next
     * URLs and absolute URLs may lead there.
     */
    allowOrigins?: string | string[];
    /**
     * The encoding of all responses, such as "windows-1252", if Content-Type names a wrong one or
     * none. A byte order mark takes precedence. Default: what the response says.
     * @throws TypeError if browsers do not know it
     */
    encoding?: string;
    /**
     * What to do with bytes that are invalid in the encoding: "fail" with a DatasourceFailure of
     * code 55, or "replace" them by U+FFFD, which can make different names equal. Default "fail".
     */
    invalidBytes?: "fail" | "replace";
  }

  /** A value in a query; undefined and null are left out, a Date is sent in ISO form. */
  export type QueryValue = string | number | bigint | boolean | Date | null | undefined;
  /** A query: an object, in which an array repeats its name, or a ready-made query. */
  export type Query = { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams | string;

  /** Options of every kind of request. */
  export interface CommonOptions {
    /** Added to the query in the path. */
    query?: Query;
    /** Added to the client's headers; these win over headers of the same name. */
    headers?: HeadersInit;
    /** Time limit for one attempt. Default: the client's. */
    timeout?: number;
    /** Cancels the request with the signal's reason. */
    signal?: AbortSignal | null;
    /**
     * true: also retry requests that may already have taken effect (POST, PATCH), and after 408,
     * 502 and 504; false: never retry.
     */
    retry?: boolean;
    /** The encoding of the response. Default: the client's. */
    encoding?: string;
    /** What to do with invalid bytes in the response. Default: the client's. */
    invalidBytes?: "fail" | "replace";
    /** How to treat responses, before the rules of the client apply. */
    rules?: readonly Rule[];
  }

  /** Options of a request. At most one of `json`, `form` and `body`. */
  export interface RequestOptions extends CommonOptions {
    /** A value, sent as JSON. A `bigint` is sent as a number with all of its digits. */
    json?: unknown;
    /** Fields, sent as application/x-www-form-urlencoded. */
    form?: { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams;
    /**
     * The body, sent as it is. Its content type is text/plain, a form, that of a Blob, or
     * application/octet-stream, unless the headers set another. FormData is sent as
     * multipart/form-data, with its files. A stream is read into memory first, as requests may be
     * sent again.
     */
    body?: string | URLSearchParams | FormData | Blob | ReadableStream<Uint8Array> | ArrayBuffer | ArrayBufferView;
    /**
     * How to return the response body: "json" (the default) parsed, "text" as text, "bytes" as a
     * Uint8Array. As JSON, an empty body is undefined; after GET it is a failure of code 55, unless
     * the status is 204 or 205.
     */
    responseType?: "json" | "text" | "bytes";
    /**
     * Statuses that are not failures: the connector handles them itself. Status 206, a part of an
     * answer, is a failure of code 55 unless it is among them or the request has the header Range.
     */
    accept?: readonly number[];
    /**
     * "follow" (the default) follows redirects, and keeps all headers that may be secret within the
     * origins that the client trusts; "manual" returns the redirect as the response; "error" fails.
     */
    redirect?: "follow" | "manual" | "error";
  }

  /** Options that ask for text. */
  export type TextOptions = RequestOptions & { responseType: "text" };
  /** Options that ask for bytes. */
  export type BytesOptions = RequestOptions & { responseType: "bytes" };
  /** Options that allow for other statuses. */
  export type AcceptOptions = RequestOptions & { accept: readonly number[] };

  /** A complete response. */
  export interface HttpResponse<T> {
    status: number;
    headers: Headers;
    /**
     * The body. With an accepted status other than 2xx: its JSON, or its text if it is not JSON,
     * with U+FFFD for invalid bytes.
     */
    data: T;
    /** The final URL, after redirects. */
    url: string;
  }

  /**
   * Sends a request and returns the response body, or undefined for an accepted status other than
   * 2xx. What is escaped in a path or query, such as %2F, is sent as it is written. `T` is the
   * expected type of the body; it is not checked. An integer beyond 2^53-1 is a
   * `bigint`, see the module.
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

  /** What a function gets to know of a page besides its body. */
  export type PageResponse = Omit<HttpResponse<never>, "data">;
  /** Where to find a value in a page: a path such as "meta.next", or a function that returns it. */
  export type Finder<R> = string | ((page: any, response: PageResponse) => R);
  /** A header of the response, such as `{ header: "X-Total-Count" }`. */
  export interface InHeader {
    header: string;
  }
  /** The target of a header `Link` with that relation, such as `{ link: "next" }`. */
  export interface InLink {
    link: string;
  }

  /**
   * How the requests for a list are sent, page by page or batch by batch. At most one of `json` and
   * `form`.
   */
  export interface ListRequest extends CommonOptions {
    /** Default: "POST" with `json`, `form` or `in: "body"`, else "GET". */
    method?: "GET" | "POST";
    /**
     * A value, sent as JSON with each request. A list is only read, so its requests are sent again
     * after failures, POST too, unless `retry` is false.
     */
    json?: unknown;
    /** Fields, sent as application/x-www-form-urlencoded with each request. */
    form?: { readonly [name: string]: QueryValue | readonly QueryValue[] } | URLSearchParams;
  }
  /** Where the parameters of a page go. */
  export interface ParameterOptions {
    /**
     * "query"; "body", into `json` or `form`; or "header". In JSON, a name with dots is a path, such
     * as "variables.after", and the objects on the way are made if they do not exist. Default: "body"
     * with `json` or `form`, else "query".
     */
    in?: "query" | "body" | "header";
  }

  /** Options of every way to page. Paths and functions get a page, those of `key` a row. */
  export interface PageOptions<T> extends ListRequest {
    /** Where the list is. Default: the page is the list. null counts as an empty list. */
    items?: Finder<readonly T[] | null>;
    /**
     * Where the total number of rows is, not the number of rows of the page. Default: unknown.
     *
     * A list whose length differs from its total is a failure of code 55: "the data source announced
     * 120 rows and returned 100". So is a total that is not a whole number, that falls (see
     * `changes`), or that is missing after an earlier page had it. null, undefined and negative
     * numbers mean that the total is unknown; if a path leads nowhere on the first page, carjs logs
     * a warning. `offset` ends at the total if it is known. Without a total, a list whose last page
     * has the header `Content-Range: items 0-99/1234` is a failure as well: rows are missing.
     */
    total?: Finder<number | string | null | undefined> | InHeader;
    /**
     * What identifies a row: the path of a text or number in it, such as "id", or a function.
     * Default: the JSON text of the row; rows created by a function in `items` are not compared.
     *
     * A row that was already on an earlier page shows that the list has changed, or has no fixed
     * order, so other rows may have been missed: carjs logs a warning with the number of such rows,
     * once per list. With `key` and a total it is a failure of code 55 if there were fewer distinct
     * rows than first announced. Without `key`, rows are compared with the first million of the
     * list.
     */
    key?: string | ((row: any) => string | number | bigint);
    /**
     * How the list may change while it is read. "added" (the default): the total may rise. "none":
     * the total may not change, and no row may be on two pages. "any": rows may come and go, and
     * missed rows do not matter; the total may fall, and repeated rows are not reported. Any other
     * change is a failure of code 55.
     */
    changes?: "none" | "added" | "any";
    /**
     * Statuses from 400 to 499 that end the list, for servers that send one after the last page. On
     * the first page they are still a failure. Default: none.
     */
    endStatus?: readonly number[];
  }
  /** Options of `paginate.offset`. */
  export interface OffsetOptions<T> extends PageOptions<T>, ParameterOptions {
    /** Name of the parameter for the number of items per page. Default "limit". */
    limitParam?: string;
    /**
     * Name of the parameter for the first item, counted from 0. Default "offset".
     */
    offsetParam?: string;
    /** Items per page. Default 100. */
    limit?: number;
    /**
     * How many pages to request at once. They are returned in order, and each is held in memory until
     * its turn. Default: 4 if the total is known, else 1, so that the next page is requested while
     * you process the current one. A number that you set holds without a total too; then up to that
     * many pages behind the end are requested, and dropped.
     */
    ahead?: number;
  }
  /** Options of `paginate.page`. */
  export interface NumberOptions<T> extends PageOptions<T>, ParameterOptions {
    /** Name of the parameter for the number of the page. Default "page". */
    pageParam?: string;
    /** The number of the first page. Default 1. */
    first?: number;
    /** Name of the parameter for the number of items per page. Default "size". */
    sizeParam?: string;
    /** Items per page. Default: not sent; 100 with `sizeParam`. */
    size?: number;
    /**
     * Where the number of all pages is, such as "meta.last_page" or `{ header: "X-Total-Pages" }`.
     * Default: unknown.
     *
     * A list that ends before that page is a failure of code 55. So is a number that is not a whole
     * number, that falls, or that is missing after an earlier page had it (see `changes`).
     */
    pages?: Finder<number | string | null | undefined> | InHeader;
    /**
     * How many pages to request at once, as for `paginate.offset`. Default: 4 if `pages` or `total`
     * is known, else 1.
     */
    ahead?: number;
  }
  /** Options of `paginate.cursor`. */
  export interface CursorOptions<T> extends PageOptions<T>, ParameterOptions {
    /** Name of the parameter that carries the cursor. Default "cursor". */
    cursorParam?: string;
    /** Where the next cursor is. If it is missing, null, false or empty, the list ends. */
    next: Finder<string | number | null | undefined | false> | InHeader | InLink;
  }
  /** Options of `paginate.nextURL`. */
  export interface NextURLOptions<T> extends PageOptions<T> {
    /**
     * Where the next URL is, absolute or relative to the page. If it is missing, null, false or
     * empty, the list ends. Default "next".
     */
    next?: Finder<string | null | undefined | false> | InHeader | InLink;
  }

  /** An id: a text or a number. */
  export type Id = string | number | bigint;
  /** Options of {@link HttpClient.batches}. */
  export interface BatchOptions<T, I extends Id = Id> extends ListRequest, ParameterOptions {
    /** The ids to fetch. One that occurs twice in a batch is sent once. */
    ids: Iterable<I>;
    /** The most ids per request. Default 100. */
    size?: number;
    /** Name of the parameter for the ids; in JSON it may be a path. Default "ids". */
    param?: string;
    /**
     * What is sent for the ids of a batch, such as `(ids) => ids.join(",")`. Default: in a query or
     * form the name once for each id, in JSON an array.
     */
    value?: (ids: I[]) => unknown;
    /**
     * The length of a URL, in characters, beyond which ids go into another request. Default 2000,
     * which all servers accept.
     */
    maxURL?: number;
    /** How many batches to request at once. They are returned in order. Default 4. */
    ahead?: number;
    /** Where the list is. Default: the response is the list. null counts as an empty list. */
    items?: Finder<readonly T[] | null>;
    /** The id of a row: a path, or a function. Default "id". */
    key?: string | ((row: any) => Id);
    /**
     * What to do about ids for which no row came. They are requested once more, and again as long as
     * that brings some of them, because servers cap the number of rows. After that: "fail" (the
     * default), a DatasourceFailure of code 55; "warn", one warning with the number of such ids;
     * "ignore", where ids and rows do not correspond: then `key` is not looked at, and nothing is
     * requested again.
     */
    missing?: "fail" | "warn" | "ignore";
  }

  /** How a CSV file is written. Its rows become objects with texts as values. */
  export interface CsvFormat {
    /** The character between fields. Default ",", or what a first line such as `sep=;` says. */
    delimiter?: string;
    /** The names of the columns. Default: the first row has them. */
    header?: readonly string[];
    /** The character that begins a comment line, which is skipped. Default: none. */
    comment?: string;
    /** Whether to drop white space around every field. Default false. */
    trim?: boolean;
    /**
     * Whether to accept rows of any length, where "" stands for missing fields and surplus ones are
     * dropped, and quotes within fields. Default false: they are a failure of code 55.
     */
    relaxed?: boolean;
  }
  /**
   * How records are written. A body that is a gzip file or a zip archive is unpacked while it
   * arrives, whatever it is called; the files of an archive are read one after the other. One that is
   * cut off, damaged or encrypted is a failure of code 55.
   */
  export interface RecordFormat {
    /**
     * The format: "json" (the default) for a list, "ndjson" for one JSON value per line, "csv" for a
     * table.
     */
    format?: "json" | "ndjson" | "csv";
    /**
     * Path of the list in JSON, such as "data.rows". Default: the whole is the list. null counts as
     * an empty list.
     */
    items?: string;
    /** With `format: "csv"`. */
    csv?: CsvFormat;
  }
  /** Options of {@link HttpClient.records}. */
  export interface RecordsOptions extends CommonOptions, RecordFormat {
    /**
     * Time limit for the start of the response and for each further part of it, not for the whole.
     * Default: the client's.
     */
    timeout?: number;
  }

  /** A request of a job. At most one of `json`, `form` and `body`. */
  export interface JobRequest extends Omit<CommonOptions, "signal"> {
    /** Default: "POST" for the start, else "GET". */
    method?: string;
    /** Appended to the base URL, or an absolute URL. */
    path: string | URL;
    /** See {@link RequestOptions}. */
    json?: unknown;
    /** See {@link RequestOptions}. */
    form?: RequestOptions["form"];
    /** See {@link RequestOptions}; not a stream. */
    body?: Exclude<RequestOptions["body"], ReadableStream>;
    /** How functions get the response: its JSON (the default), or text or bytes. */
    responseType?: "json" | "text" | "bytes";
  }
  /** Options of {@link HttpClient.job}. Those of the requests hold for each of them. */
  export interface JobOptions extends RecordFormat, Pick<CommonOptions, "timeout" | "signal" | "encoding" | "invalidBytes" | "rules"> {
    /** The request that starts the job, by default a POST. */
    start: string | URL | JobRequest;
    /**
     * The request that asks for the state, or a function of the response to `start` that returns it:
     * `({ data }) => "/exports/" + data.id`. Default: where the header Operation-Location,
     * Azure-AsyncOperation or Location of that response leads.
     */
    poll?: string | URL | JobRequest | ((started: HttpResponse<any>) => string | URL | JobRequest);
    /**
     * Where the state is, such as "status". Default: status 202 means that the job is under way, any
     * other good status or a redirect that it is done.
     */
    state?: Finder<string | number | boolean> | InHeader;
    /**
     * The states that mean that the job is done, in small or capital letters. Default: done, complete,
     * completed, finished, succeeded, success, ready.
     */
    done?: string | readonly string[];
    /**
     * The states that mean that it will never be, which is a failure of code 50. Default: failed,
     * failure, error, cancelled, canceled, aborted, expired, timeout, timedout. While the state is
     * any other, the job is under way.
     */
    failed?: string | readonly string[];
    /**
     * The time between two requests for the state, in milliseconds. If a response has Retry-After,
     * that counts. Default 5000.
     */
    wait?: number;
    /**
     * The longest time until the job is done, in milliseconds; after that the loop fails with code 51.
     * Default 3600000, an hour.
     */
    deadline?: number;
    /**
     * The files to download, one after the other: a path in the last response to `poll` where a URL or
     * an array of them is, such as "result.urls"; `{ header: "Location" }`; or a function of that
     * response that returns paths, URLs or requests. None are no records. A URL at an origin that the
     * client does not trust is requested without its login and headers, as signed URLs want it.
     * Default: where a redirect leads, else the response to `poll` itself, which is requested once
     * more.
     */
    files?: string | InHeader | ((done: HttpResponse<any>) => string | URL | JobRequest | Iterable<string | URL | JobRequest>);
  }

  /**
   * Reads lists page by page: `for await (const page of ...) for (const item of page)`.
   * Each loop starts from the beginning; a page may be empty. A list is read completely, or fails
   * with a DatasourceFailure of code 55 for:
   * - a next page that was already read, a page with the rows of an earlier one, or more than 1000
   *   empty pages in a row, which would never end;
   * - a next page at another origin, unless the client's `allowOrigins` names it;
   * - no list where `items` says;
   * - a total that contradicts the rows (`total`), or rows that move from page to page (`key`,
   *   `changes`).
   *
   * Status 204 or 205 without a body is an empty page, and the end of the list if nothing names a
   * next page. Any other response without a body, and any other status, is a failure (see
   * `endStatus`), and so is a page without rows with status 202: the list is not finished.
   *
   * While you process a page, the next one is fetched and parsed; with `offset` and `page`, several
   * are if their places are known. The objects of a page are records: they behave like plain data
   * (you can read, change, add, delete, list, spread and stringify properties), but you cannot freeze
   * them or give them accessors or symbols. Their lists of texts, numbers, booleans and null behave
   * like arrays, but cannot be frozen and have no holes or extra properties.
   */
  export interface Paginate {
    /**
     * Requests `limit` items from an offset on, which grows by the number of items received. A page
     * that is not full does not end the list, because servers cap the limit: the list ends at its
     * total, or else at an empty page. If the first page is full and the total says that this was
     * everything, carjs requests another page, which must have no further rows: some data sources
     * send the number of rows of the page as the total.
     */
    offset<T = any>(path: string | URL, options?: OffsetOptions<T>): AsyncIterable<T[]>;
    /**
     * Requests one page number after the other. A page that is not full does not end the list: it
     * ends at the number of pages if that is known, else at the total, else at an empty page.
     */
    page<T = any>(path: string | URL, options?: NumberOptions<T>): AsyncIterable<T[]>;
    /** Passes on the cursor of each page. */
    cursor<T = any>(path: string | URL, options: CursorOptions<T>): AsyncIterable<T[]>;
    /** Follows the header `Link` with rel="next". */
    link<T = any>(path: string | URL, options?: PageOptions<T>): AsyncIterable<T[]>;
    /** Follows the next URL of each page. */
    nextURL<T = any>(path: string | URL, options?: NextURLOptions<T>): AsyncIterable<T[]>;
  }

  /** A client for the API of a data source. */
  export class HttpClient {
    constructor(options?: ClientOptions);
    /** Reads lists page by page. */
    readonly paginate: Paginate;
    /**
     * Fetches the objects behind a list of ids, so many per request:
     * `for await (const hosts of client.batches<Host>("/hosts", { ids })) for (const host of hosts)`.
     * Each batch is a list of records like the pages of {@link Paginate}, and is complete, or the loop
     * fails (see `missing`). A row that was not requested is a failure of code 55.
     */
    batches<T = any, I extends Id = Id>(path: string | URL, options: BatchOptions<T, I>): AsyncIterable<T[]>;
    /**
     * Reads the records of one response, with GET, while it arrives, packed or not:
     * `for await (const host of client.records<Host>("/export"))`. The response may be larger than
     * the available memory: at most 4096 records or 2 MiB of them are held, and no more is read
     * while the loop is busy. Each loop sends its own request; leaving the loop cancels it. A
     * record has at most 64 MiB of text, and behaves like those of {@link Paginate}.
     *
     * Failures before the first record are retried up to `retries` times, later ones are not:
     * another response might have other records than the loop has already seen. So a response that
     * breaks off is a failure, after the records before that point. A status 204 means that there
     * are none, a status 202 without records is a failure.
     * @throws DatasourceFailure, see the module; if the response is not in the format or has no such
     * list, of code 55 with the position in bytes and records, or in lines
     */
    records<T = any>(path: string | URL, options?: RecordsOptions): AsyncIterable<T>;
    /**
     * Reads the records of an export that the data source makes in the background: starts it, asks
     * until it is done, and reads its files while they arrive, like {@link records}.
     *
     * ```ts
     * const job = client.job<Host>({
     *   start: { path: "/exports", json: { type: "hosts" } },
     *   poll: ({ data }) => `/exports/${data.id}`,
     *   state: "status",
     *   files: "urls",
     *   format: "ndjson",
     * });
     * for await (const host of job) report(host);
     * ```
     * Each loop starts a job; leaving the loop cancels the request under way.
     * @throws DatasourceFailure, see the module and {@link records}; of code 50 if the job fails, 51 if
     * it is not done in time, 55 if a response has no state or no files where the options say
     */
    job<T = any>(options: JobOptions): AsyncIterable<T>;
    /**
     * The standard `fetch`, sent as this client sends: with its base URL, headers, login, TLS
     * settings, rate limit and rules, to origins that the client trusts. It waits and tries again
     * like the other methods, and renews the login; the response that remains is returned, whatever
     * its status. The body of a good response arrives while you read it, and is not requested
     * again. It also works without the client in front of it, for code that takes a `fetch`: `new
     * Api({ fetch: client.fetch })`.
     *
     * ```ts
     * const response = await client.fetch("/hosts");
     * if (response.ok) for await (const chunk of response.body!) use(chunk);
     * ```
     * @param input a path, appended to the base URL, an absolute URL, or a Request
     * @param init as for `fetch`; its `timeout` is for each attempt and for reading the body. Default:
     * the client's
     * @throws TypeError whose `cause` is the DatasourceFailure, as `fetch` does; also where a rule says
     * "fail" about a good response
     */
    fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
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
    /** Sends a HEAD request and returns the response; its `data` is undefined. */
    head(path: string | URL, options?: RequestOptions): Promise<HttpResponse<undefined>>;
    /**
     * Sends a request and returns the complete response.
     * @param method such as "GET"
     * @param path appended to the base URL, or an absolute URL at the same origin
     * @throws DatasourceFailure, see the module
     */
    request(method: string, path: string | URL, options: TextOptions): Promise<HttpResponse<string>>;
    request(method: string, path: string | URL, options: BytesOptions): Promise<HttpResponse<Uint8Array<ArrayBuffer>>>;
    request<T = any>(method: string, path: string | URL, options?: RequestOptions): Promise<HttpResponse<T>>;
  }
}
