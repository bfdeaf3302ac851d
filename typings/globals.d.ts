/**
 * The globals of a script, in addition to the language itself. There is no DOM, no Node and no
 * `Intl`: what is not declared here does not exist.
 *
 * Times are milliseconds. Nothing waits forever: requests time out after 60 s unless you set
 * another time-out.
 */

// ----------------------------------------------------------------------------------------------
// JSON

/** What a reviver of `JSON.parse` gets to know about a value. */
interface JSONReviverContext {
  /**
   * The text of a value that is neither object nor array, as it is in the JSON text: "1.10" or
   * "9007199254740993". Missing for objects and arrays, and for values that the reviver replaced.
   */
  readonly source?: string;
}

/** JSON text that `JSON.stringify`, `addCollection` and `addEdge` write as it is. */
interface RawJSON {
  /** The text. */
  readonly rawJSON: string;
}

/** JSON, with the language's support for numbers that JavaScript cannot hold. */
interface JSON {
  /**
   * Parses JSON text. Every number is a `number`: an integer beyond 2^53-1 is rounded, and a warning
   * says so, once for each line. To keep its digits, take the source text:
   * `JSON.parse(text, (key, value, { source }) => key === "id" ? BigInt(source!) : value)`.
   * @throws SyntaxError if it is not JSON, with line and column
   */
  parse(text: string, reviver: (this: any, key: string, value: any, context: JSONReviverContext) => any): any;
  /**
   * JSON text of a text, a number, a boolean or null, for numbers that JavaScript cannot hold:
   * `JSON.stringify({ price: JSON.rawJSON("1.10") })` is `{"price":1.10}`.
   * @throws SyntaxError if it is not JSON, is an object or array, or has white space around it
   */
  rawJSON(text: string | number | bigint | boolean | null): RawJSON;
  /** Tells whether a value was made by {@link rawJSON}. */
  isRawJSON(value: unknown): value is RawJSON;
}

// ----------------------------------------------------------------------------------------------
// console and timers

/** The run's log. Values are formatted only when the log shows the level. */
interface Console {
  /**
   * Logs at level info.
   * @param data what to log, separated by spaces. In the first text, `%s` `%d` `%i` `%f` `%j` `%o`
   * `%O` are replaced by arguments, `%c` drops one, `%%` is a percent sign. Objects are shown two
   * levels deep, errors with their stack.
   */
  log(...data: unknown[]): void;
  /** Logs at level info, like {@link log}. */
  info(...data: unknown[]): void;
  /** Logs at level debug. */
  debug(...data: unknown[]): void;
  /** Logs at level warn. */
  warn(...data: unknown[]): void;
  /** Logs at level error. The run continues: to end it, throw. */
  error(...data: unknown[]): void;
  /** Logs at level trace, with the calls that led here. */
  trace(...data: unknown[]): void;
  /** Logs at level error if the condition is not true. It does not throw. */
  assert(condition?: unknown, ...data: unknown[]): void;
  /**
   * Logs one value at level info. `depth`: how many levels of nested objects are shown; default 2,
   * null for all.
   */
  dir(value?: unknown, options?: { depth?: number | null }): void;
  /** Logs at level info, like {@link log}. */
  dirxml(...data: unknown[]): void;
  /** Logs rows with aligned columns. `columns`: the properties to show; default all. */
  table(rows?: unknown, columns?: readonly string[]): void;
  /** Logs how often it was called with this label. Default label: "default". */
  count(label?: string): void;
  /** Resets a count. */
  countReset(label?: string): void;
  /** Starts a timer. */
  time(label?: string): void;
  /** Logs the elapsed time, and further values. */
  timeLog(label?: string, ...data: unknown[]): void;
  /** Logs the elapsed time, and ends the timer. */
  timeEnd(label?: string): void;
  /** Logs its arguments and indents what follows, until {@link groupEnd}. */
  group(...data: unknown[]): void;
  /** The same as {@link group}. */
  groupCollapsed(...data: unknown[]): void;
  /** Removes one level of indentation. */
  groupEnd(): void;
}

/** The run's log. */
declare var console: Console;

/**
 * Calls a function once, later. A run does not end before it has been called or cleared.
 * @param delay milliseconds; default 0, at most 2³¹-1
 * @returns what {@link clearTimeout} takes
 */
declare function setTimeout<A extends unknown[]>(callback: (...args: A) => void, delay?: number, ...args: A): number;
/**
 * Calls a function repeatedly, with the delay between the end of one call and the next. A run
 * does not wait for it.
 * @param delay milliseconds; default and least 1
 * @returns what {@link clearInterval} takes
 */
declare function setInterval<A extends unknown[]>(callback: (...args: A) => void, delay?: number, ...args: A): number;
/**
 * Calls a function in the next turn of the event loop.
 * @returns what {@link clearImmediate} takes
 */
declare function setImmediate<A extends unknown[]>(callback: (...args: A) => void, ...args: A): number;
/** Cancels a timer. Finished and unknown timers are ignored. */
declare function clearTimeout(id: number | undefined): void;
/** Cancels a timer. */
declare function clearInterval(id: number | undefined): void;
/** Cancels a timer. */
declare function clearImmediate(id: number | undefined): void;
/** Calls a function after the current script returns, before any timer. */
declare function queueMicrotask(callback: () => void): void;

/** A monotonic clock. */
interface Performance {
  /** Milliseconds since the runtime was created, with fractions. */
  now(): number;
  /** When the runtime was created, in epoch milliseconds. */
  readonly timeOrigin: number;
}
/** A monotonic clock. */
declare var performance: Performance;

// ----------------------------------------------------------------------------------------------
// copies and exceptions

/**
 * Makes a deep copy of a value, including cycles: plain objects, arrays, Map, Set,
 * Date, RegExp, ArrayBuffer, typed arrays, errors and primitives. Instances of other classes become
 * plain objects.
 * @throws DOMException of the name "DataCloneError" for functions, symbols, promises and weak
 * collections
 */
declare function structuredClone<T>(value: T): T;

/** The platform's error class; `name` says what went wrong. */
interface DOMException extends Error {
  /** Such as "AbortError", "TimeoutError", "DataCloneError" or "InvalidCharacterError". */
  readonly name: string;
  /** The number that goes with some names, 0 with all others. */
  readonly code: number;
}
declare var DOMException: {
  prototype: DOMException;
  /** @param options the name, default "Error"; or name and cause */
  new (message?: string, options?: string | { name?: string; cause?: unknown }): DOMException;
};

// ----------------------------------------------------------------------------------------------
// events and abort

/** Options of a new event. */
interface EventInit {
  /** Whether `preventDefault` has an effect. Default false. */
  cancelable?: boolean;
  /** Kept as a property; there is no tree to bubble in. Default false. */
  bubbles?: boolean;
}
/** Something that happened. */
interface Event {
  readonly type: string;
  /** What it was dispatched at; null before. */
  readonly target: EventTarget | null;
  /** The same as `target`. */
  readonly currentTarget: EventTarget | null;
  readonly cancelable: boolean;
  readonly bubbles: boolean;
  /** Whether a listener called `preventDefault` on a cancelable event. */
  readonly defaultPrevented: boolean;
  /** When it was created, on the clock of {@link performance}. */
  readonly timeStamp: number;
  preventDefault(): void;
  /** Without effect: there is no tree to propagate in. */
  stopPropagation(): void;
  /** Stops the event for the remaining listeners. */
  stopImmediatePropagation(): void;
}
declare var Event: {
  prototype: Event;
  new (type: string, init?: EventInit): Event;
};

/** A function, or an object with a method `handleEvent`. */
type EventListenerOrObject = ((event: Event) => void) | { handleEvent(event: Event): void };
/** How a listener listens. */
interface EventListenerOptions {
  /** Removes the listener after the first event. Default false. */
  once?: boolean;
  /** Removes the listener when it is aborted. */
  signal?: AbortSignal;
}
/**
 * A target of events. An error thrown by a listener fails the run, after the other listeners ran.
 */
interface EventTarget {
  /** Adds a listener, unless it was added already. */
  addEventListener(type: string, listener: EventListenerOrObject | null, options?: EventListenerOptions | boolean): void;
  removeEventListener(type: string, listener: EventListenerOrObject | null): void;
  /** @returns false if a listener prevented the default */
  dispatchEvent(event: Event): boolean;
}
declare var EventTarget: {
  prototype: EventTarget;
  new (): EventTarget;
};

/** Tells listeners to stop. */
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  /**
   * The reason given to {@link AbortController.abort}, else a DOMException "AbortError"; undefined
   * before.
   */
  readonly reason: unknown;
  /** A listener for the event "abort". */
  onabort: ((event: Event) => void) | null;
  /** @throws the reason, if aborted */
  throwIfAborted(): void;
}
declare var AbortSignal: {
  prototype: AbortSignal;
  /** A signal that is aborted. */
  abort(reason?: unknown): AbortSignal;
  /**
   * A signal that is aborted after that many milliseconds, with a DOMException "TimeoutError". A
   * run does not wait for it.
   */
  timeout(milliseconds: number): AbortSignal;
  /** A signal that is aborted as soon as one of these is, with its reason. */
  any(signals: Iterable<AbortSignal>): AbortSignal;
};
/** Creates a signal and aborts it. */
interface AbortController {
  readonly signal: AbortSignal;
  /** @param reason default: a DOMException of the name "AbortError" */
  abort(reason?: unknown): void;
}
declare var AbortController: {
  prototype: AbortController;
  new (): AbortController;
};

// ----------------------------------------------------------------------------------------------
// texts and bytes

/** The types for bytes. */
type BufferSource = ArrayBuffer | ArrayBufferView;

/** Text to UTF-8. */
interface TextEncoder {
  /** Always "utf-8". */
  readonly encoding: string;
  encode(text?: string): Uint8Array<ArrayBuffer>;
  /** Writes as many whole characters as fit. `read` counts UTF-16 units, `written` bytes. */
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
declare var TextEncoder: {
  prototype: TextEncoder;
  new (): TextEncoder;
};
/** How bytes are decoded. */
interface TextDecoderOptions {
  /** Throw on bytes that are invalid in the encoding. Default false: they become U+FFFD. */
  fatal?: boolean;
  /** Keep a byte order mark in the text. Default false. */
  ignoreBOM?: boolean;
}
/** Bytes to text. */
interface TextDecoder {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  /**
   * @param options `stream`: more bytes follow, so an incomplete character at the end waits for the
   * next call; default false
   * @throws TypeError if `fatal` is set and bytes are invalid in the encoding
   */
  decode(input?: BufferSource, options?: { stream?: boolean }): string;
}
declare var TextDecoder: {
  prototype: TextDecoder;
  /**
   * @param label a name of the Encoding Standard, such as "utf-8" (the default), "utf-16le",
   * "shift_jis", or "latin1", which means windows-1252
   * @throws RangeError for any other
   */
  new (label?: string, options?: TextDecoderOptions): TextDecoder;
};

/**
 * Encodes a text, each character of which is one byte, as base64.
 * @throws DOMException "InvalidCharacterError" if there is a character above U+00FF
 */
declare function btoa(text: string): string;
/**
 * Decodes base64 to a text with one byte per character.
 * @throws DOMException "InvalidCharacterError" if it is not base64
 */
declare function atob(base64: string): string;

// ----------------------------------------------------------------------------------------------
// URLs

/** Names and values of a query, in order; names may repeat. */
interface URLSearchParams {
  /** How many there are. */
  readonly size: number;
  append(name: string, value: string): void;
  /** Removes all values of a name, or only this one. */
  delete(name: string, value?: string): void;
  /** The first value of a name, null if there is none. */
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  /** Makes this the only value of a name. */
  set(name: string, value: string): void;
  /** Sorts by name; values of one name keep their order. */
  sort(): void;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  /** As in a URL, without the question mark. */
  toString(): string;
}
declare var URLSearchParams: {
  prototype: URLSearchParams;
  new (init?: string | Record<string, string> | Iterable<[string, string]> | URLSearchParams): URLSearchParams;
};

/** A URL in its parts, which can be set. */
interface URL {
  hash: string;
  host: string;
  hostname: string;
  href: string;
  readonly origin: string;
  password: string;
  pathname: string;
  port: string;
  protocol: string;
  search: string;
  readonly searchParams: URLSearchParams;
  username: string;
  toString(): string;
  toJSON(): string;
}
declare var URL: {
  prototype: URL;
  /** @throws TypeError if it is not a URL */
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
  /** The URL, null if it is invalid. */
  parse(url: string | URL, base?: string | URL): URL | null;
};

// ----------------------------------------------------------------------------------------------
// streams

/** What a stream reads its chunks from. */
interface UnderlyingSource<R = any> {
  /** Called when the stream is made. */
  start?(controller: ReadableStreamDefaultController<R>): void | PromiseLike<void>;
  /** Called when the stream wants chunks; not again before the returned promise is settled. */
  pull?(controller: ReadableStreamDefaultController<R>): void | PromiseLike<void>;
  /** Called when nobody wants the rest. */
  cancel?(reason?: any): void | PromiseLike<void>;
  /** "bytes" for chunks of bytes. Readers are default readers all the same. */
  type?: "bytes";
}
/** How much a stream keeps ready. */
interface QueuingStrategy<T = any> {
  /** The size up to which chunks are kept ready. Default 1, with `type: "bytes"` 0. */
  highWaterMark?: number;
  /** The size of a chunk. Default 1. */
  size?(chunk: T): number;
}
/** Puts chunks into a stream. */
interface ReadableStreamDefaultController<R = any> {
  /** How much the stream wants; 0 when it is closed, null when it has failed. */
  readonly desiredSize: number | null;
  /** Ends the stream behind what is in it. */
  close(): void;
  /** @throws TypeError if the stream was closed or has failed */
  enqueue(chunk?: R): void;
  /** Has the stream fail. */
  error(reason?: any): void;
}
declare var ReadableStreamDefaultController: { prototype: ReadableStreamDefaultController };
/** What a read brings. */
type ReadableStreamReadResult<T> = { done: false; value: T } | { done: true; value: undefined };
/** Reads a stream, and keeps others from it. */
interface ReadableStreamDefaultReader<R = any> {
  /** Resolves when the stream ends, rejects when it fails or the reader is released. */
  readonly closed: Promise<undefined>;
  cancel(reason?: any): Promise<void>;
  /** The next chunk. @throws the error of the stream */
  read(): Promise<ReadableStreamReadResult<R>>;
  /** Lets others read the stream. Reads under way are rejected. */
  releaseLock(): void;
}
declare var ReadableStreamDefaultReader: {
  prototype: ReadableStreamDefaultReader;
  /** @throws TypeError if the stream is locked */
  new <R = any>(stream: ReadableStream<R>): ReadableStreamDefaultReader<R>;
};
/**
 * Chunks that come one after the other: `for await (const chunk of response.body!)`. There are no
 * pipes, and no readers into buffers of your own.
 */
interface ReadableStream<R = any> {
  /** Whether it has a reader. */
  readonly locked: boolean;
  /** Gives up the rest. @throws TypeError if it is locked */
  cancel(reason?: any): Promise<void>;
  /** @throws TypeError if it is locked */
  getReader(): ReadableStreamDefaultReader<R>;
  /** Two streams of the same chunks. What only one of them has read is kept in memory. */
  tee(): [ReadableStream<R>, ReadableStream<R>];
  /** The chunks. Leaving the loop cancels the stream, unless `preventCancel` is true. */
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<R>;
  [Symbol.asyncIterator](options?: { preventCancel?: boolean }): AsyncIterableIterator<R>;
}
declare var ReadableStream: {
  prototype: ReadableStream;
  new <R = any>(source?: UnderlyingSource<R>, strategy?: QueuingStrategy<R>): ReadableStream<R>;
  /** A stream of what can be iterated over. */
  from<R>(iterable: AsyncIterable<R> | Iterable<R | PromiseLike<R>>): ReadableStream<R>;
};
/** Counts chunks. */
interface CountQueuingStrategy extends QueuingStrategy {
  readonly highWaterMark: number;
  size(chunk?: any): 1;
}
declare var CountQueuingStrategy: {
  prototype: CountQueuingStrategy;
  new (init: { highWaterMark: number }): CountQueuingStrategy;
};
/** Counts the bytes of chunks. */
interface ByteLengthQueuingStrategy extends QueuingStrategy<ArrayBufferView> {
  readonly highWaterMark: number;
  size(chunk: ArrayBufferView): number;
}
declare var ByteLengthQueuingStrategy: {
  prototype: ByteLengthQueuingStrategy;
  new (init: { highWaterMark: number }): ByteLengthQueuingStrategy;
};

// ----------------------------------------------------------------------------------------------
// files and forms

/** What a blob is made of; text becomes UTF-8. */
type BlobPart = BufferSource | Blob | string;
/** Options of a blob. */
interface BlobPropertyBag {
  /** The type of its content, such as "text/csv". Default "". */
  type?: string;
  /** "native" makes line feeds of all line ends in texts. Default "transparent". */
  endings?: "transparent" | "native";
}
/** Bytes that do not change, with the type of their content. They are held in memory. */
interface Blob {
  /** How many bytes. */
  readonly size: number;
  /** In small letters, "" if it is unknown. */
  readonly type: string;
  /** A part, from one byte up to another; negative numbers count from the end. */
  slice(start?: number, end?: number, type?: string): Blob;
  /** The bytes as UTF-8; what is invalid becomes U+FFFD. */
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}
declare var Blob: {
  prototype: Blob;
  new (parts?: Iterable<BlobPart>, options?: BlobPropertyBag): Blob;
};
/** A blob with a name. There is no file system behind it. */
interface File extends Blob {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  /** Always "". */
  readonly webkitRelativePath: string;
}
declare var File: {
  prototype: File;
  /** @param options `lastModified`: default now */
  new (bits: Iterable<BlobPart>, name: string, options?: BlobPropertyBag & { lastModified?: number }): File;
};
/** The value of a field of a form. */
type FormDataEntryValue = File | string;
/**
 * Fields of a form, with files: as a body of a request it is sent as multipart/form-data. Equal
 * fields make equal bodies, so a recording has the response to them.
 */
interface FormData {
  append(name: string, value: string): void;
  /** @param filename default: the name of a File, else "blob" */
  append(name: string, value: Blob, filename?: string): void;
  delete(name: string): void;
  /** The first value of a name, null if there is none. */
  get(name: string): FormDataEntryValue | null;
  getAll(name: string): FormDataEntryValue[];
  has(name: string): boolean;
  /** Makes this the only value of a name. */
  set(name: string, value: string): void;
  set(name: string, value: Blob, filename?: string): void;
  forEach(callback: (value: FormDataEntryValue, name: string, form: FormData) => void, thisArg?: unknown): void;
  entries(): IterableIterator<[string, FormDataEntryValue]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<FormDataEntryValue>;
  [Symbol.iterator](): IterableIterator<[string, FormDataEntryValue]>;
}
declare var FormData: {
  prototype: FormData;
  new (): FormData;
};

// ----------------------------------------------------------------------------------------------
// fetch

/** What headers can be made of. */
type HeadersInit = Headers | Record<string, string | number | undefined> | Iterable<readonly [string, string]>;
/**
 * Headers of a request or a response. Names are in lower case; several values of a name are joined
 * by ", ".
 */
interface Headers {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  /** The values of Set-Cookie, one by one. */
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void;
  /** Sorted by name. */
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare var Headers: {
  prototype: Headers;
  /**
   * @throws TypeError for what no header can contain: line breaks, characters above U+00FF, names
   * with spaces
   */
  new (init?: HeadersInit): Headers;
};

/**
 * What a body can be made of. For an object: `JSON.stringify` and the header Content-Type. A stream
 * has chunks of the type Uint8Array; that of a request is read into memory before it is sent.
 */
type BodyInit = string | URLSearchParams | FormData | Blob | ReadableStream<Uint8Array> | BufferSource;

/**
 * What requests and responses have in common. A body is read once, as a whole or chunk by chunk;
 * `clone()` first to read it twice.
 */
interface Body {
  /**
   * The body chunk by chunk, in memory no more than that: `for await (const chunk of r.body!)`. The
   * time-out of the request is then that of each chunk. null if there is no body. An error of the
   * network is thrown like that of {@link text}.
   */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  /** Whether it was read, or was begun to be. */
  readonly bodyUsed: boolean;
  /**
   * The body as text, in the encoding of its byte order mark, of the charset of Content-Type, or of
   * an XML declaration, else from UTF-8. Browsers only read UTF-8, and replace invalid bytes by
   * U+FFFD; for that, use `new TextDecoder().decode(await r.arrayBuffer())`.
   * @throws TypeError if it was read before; if the connection broke, with a DatasourceFailure of
   * code 51 as its `cause`; if bytes are invalid or the charset is unknown, with one of code 55
   */
  text(): Promise<string>;
  /**
   * The value of a JSON body, in the encoding that {@link text} uses. `T` is the expected type; it
   * is not checked. Every number is a `number`, so an integer beyond 2^53-1 is rounded, and a
   * warning says so, once for each line. `HttpClient` of `carjs/http` does not round.
   * @throws SyntaxError if it is not JSON, with line and column, or is empty or an HTML page; its
   * `cause` is a DatasourceFailure of code 55. Otherwise like {@link text}
   */
  json<T = any>(): Promise<T>;
  /** The body's bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
  /** The body's bytes. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  /** The body's bytes, with its Content-Type. */
  blob(): Promise<Blob>;
  /**
   * The fields of a body of the type multipart/form-data or application/x-www-form-urlencoded.
   * @throws TypeError if it is another, or is broken
   */
  formData(): Promise<FormData>;
}

/** How to send a request. */
interface RequestInit {
  /** Default "GET". */
  method?: string;
  /** May include `Host`. carjs sets `Accept-Encoding` itself, and decompresses gzip. */
  headers?: HeadersInit;
  /**
   * Not allowed with GET or HEAD. A string is sent as text/plain, URLSearchParams as a form, FormData
   * as multipart/form-data, and a Blob as what its type says, unless the headers say otherwise.
   */
  body?: BodyInit | null;
  /**
   * Cancels the request and reading its body; the promise is then rejected with the signal's
   * reason.
   */
  signal?: AbortSignal | null;
  /**
   * "follow" (the default) follows redirects, at most 20, and does not send Authorization and
   * Cookie to other origins; "error" rejects; "manual" returns the redirect itself, with its status
   * and Location.
   */
  redirect?: "follow" | "error" | "manual";
  /**
   * Time limit for the whole request, including its body unless that is read as a stream, in
   * milliseconds. Default 60000. Only in carjs.
   */
  timeout?: number;
  /** Always "half": a response comes when the request was sent. */
  duplex?: "half";
  /** Kept as a property; only browsers have a use for it. */
  cache?: string;
  /** Kept as a property. */
  credentials?: string;
  /** Kept as a property. */
  integrity?: string;
  /** Kept as a property. */
  keepalive?: boolean;
  /** Kept as a property. */
  mode?: string;
  /** Kept as a property. */
  referrer?: string;
  /** Kept as a property. */
  referrerPolicy?: string;
}
/** A request that can be sent any number of times, or once if its body is a stream. */
interface Request extends Body {
  readonly cache: string;
  readonly credentials: string;
  readonly destination: string;
  readonly duplex: "half";
  readonly integrity: string;
  readonly keepalive: boolean;
  readonly mode: string;
  readonly referrer: string;
  readonly referrerPolicy: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: "follow" | "error" | "manual";
  readonly signal: AbortSignal;
  clone(): Request;
}
declare var Request: {
  prototype: Request;
  /**
   * @throws TypeError if the URL is not absolute or contains user and password, or an option is
   * invalid
   */
  new (input: string | URL | Request, init?: RequestInit): Request;
};

/** Options of a response that a script creates. */
interface ResponseInit {
  /** 200 to 599, default 200. */
  status?: number;
  statusText?: string;
  headers?: HeadersInit;
}
/** A response, whatever its status: check `ok` before you read the body. */
interface Response extends Body {
  readonly status: number;
  /** Whether the status is one of 200 to 299. */
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  /** The final URL, after redirects. */
  readonly url: string;
  /** Whether there was a redirect. */
  readonly redirected: boolean;
  /**
   * "basic" if it came over the network, "default" if a script created it, "error" from
   * `Response.error()`.
   */
  readonly type: "basic" | "default" | "error";
  clone(): Response;
}
declare var Response: {
  prototype: Response;
  new (body?: BodyInit | null, init?: ResponseInit): Response;
  /** A response with a value as its JSON. */
  json(data: unknown, init?: ResponseInit): Response;
  /** A redirect, by default of status 302. */
  redirect(url: string | URL, status?: number): Response;
  /** The response for a network error: status 0. */
  error(): Response;
};

/**
 * Sends a request; the promise resolves as soon as status and headers are there. For the API of a
 * data source, `HttpClient` of `carjs/http` does more: credentials, retries, pages.
 * @throws TypeError if there is no response. It names method, URL (without the values in its query)
 * and what happened; its `cause` is a DatasourceFailure of code 51 with the next step as its
 * `hint`. If it is not caught, it ends the run with that code.
 * @throws the signal's reason if it is aborted
 */
declare function fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
