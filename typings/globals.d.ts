/**
 * The globals of a script, in addition to the language itself. There is no DOM and no Node: what is
 * not declared here does not exist. Those of the web platform are made when a script first uses
 * them. `Intl` is declared by the language's own library (`lib` ES2023); docs/intl.md lists its
 * locales.
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

/** Something with a time: a mark, or a measure between two. */
interface PerformanceEntry {
  readonly name: string;
  readonly entryType: "mark" | "measure";
  /** Milliseconds, on the clock of {@link performance}. */
  readonly startTime: number;
  /** Milliseconds; 0 of a mark. */
  readonly duration: number;
  toJSON(): any;
}
declare var PerformanceEntry: { prototype: PerformanceEntry };
/** A point in time. */
interface PerformanceMark extends PerformanceEntry {
  /** A copy of what it was made with, null if that was nothing. */
  readonly detail: any;
}
declare var PerformanceMark: {
  prototype: PerformanceMark;
  /** A mark that is not kept. */
  new (name: string, options?: { detail?: any; startTime?: number }): PerformanceMark;
};
/** The time between two points. */
interface PerformanceMeasure extends PerformanceEntry {
  readonly detail: any;
}
declare var PerformanceMeasure: { prototype: PerformanceMeasure };
/** A monotonic clock, with marks on it: the last 10,000 are kept. */
interface Performance extends EventTarget {
  /** Milliseconds since the runtime was created, with fractions. */
  now(): number;
  /** When the runtime was created, in epoch milliseconds. */
  readonly timeOrigin: number;
  /** Notes the time, or `startTime`. */
  mark(name: string, options?: { detail?: any; startTime?: number }): PerformanceMark;
  /**
   * Notes the time between two marks, or times; by default from the start of the runtime until now.
   * @throws DOMException "SyntaxError" if there is no mark of a name
   */
  measure(
    name: string,
    startOrOptions?: string | { start?: string | number; end?: string | number; duration?: number; detail?: any },
    end?: string,
  ): PerformanceMeasure;
  clearMarks(name?: string): void;
  clearMeasures(name?: string): void;
  /** All that are kept, in the order of their times. */
  getEntries(): PerformanceEntry[];
  getEntriesByName(name: string, type?: string): PerformanceEntry[];
  getEntriesByType(type: string): PerformanceEntry[];
  toJSON(): any;
}
declare var Performance: { prototype: Performance };
/** A monotonic clock. */
declare var performance: Performance;

/** Constants for packages that ask where they run. They tell nothing of the machine. */
interface Navigator {
  /** "carjs". */
  readonly userAgent: string;
  /** "". */
  readonly platform: string;
  /** "en-US". */
  readonly language: string;
  readonly languages: readonly string[];
  /** 1: a connector runs on one thread. */
  readonly hardwareConcurrency: number;
  /** true. */
  readonly onLine: boolean;
}
declare var Navigator: { prototype: Navigator };
/** Constants for packages that ask where they run. */
declare var navigator: Navigator;

/** References to objects. They hold their objects: the engine tells nobody when one could go. */
declare var WeakRef: WeakRefConstructor;
/**
 * Callbacks for objects that are gone. They are never called: the engine tells nobody when one
 * could go.
 */
declare var FinalizationRegistry: FinalizationRegistryConstructor;
/** What carjs adds to the class Error. */
interface ErrorConstructor {
  /**
   * Sets `stack` of an object to where this is called. With a function, calls down from it are left
   * out.
   */
  captureStackTrace(target: object, above?: Function): void;
}

// ----------------------------------------------------------------------------------------------
// copies and exceptions

/**
 * Makes a deep copy of a value, including cycles: plain objects, arrays, Map, Set, Date, RegExp,
 * ArrayBuffer, typed arrays, errors, Blob, File, CryptoKey and primitives. Instances of a script's
 * own classes become plain objects.
 * @param options `transfer`: ArrayBuffers and MessagePorts that go over as they are, and cannot be
 * used here afterwards
 * @throws DOMException of the name "DataCloneError" for functions, symbols, promises, weak
 * collections, and other objects of the platform
 */
declare function structuredClone<T>(value: T, options?: { transfer?: (ArrayBuffer | MessagePort)[] }): T;

/**
 * The platform's error class; `name` says what went wrong. Constants such as `ABORT_ERR` are there too.
 */
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
/** What is wanted is more than there may be. */
interface QuotaExceededError extends DOMException {
  /** How much there may be, null if that is not known. */
  readonly quota: number | null;
  /** How much was wanted, null if that is not known. */
  readonly requested: number | null;
}
declare var QuotaExceededError: {
  prototype: QuotaExceededError;
  new (message?: string, options?: { quota?: number; requested?: number }): QuotaExceededError;
};
/** Fails the run with an error, as one that nobody catches. */
declare function reportError(error: unknown): void;

// ----------------------------------------------------------------------------------------------
// events and abort

/** Options of a new event. */
interface EventInit {
  /** Whether `preventDefault` has an effect. Default false. */
  cancelable?: boolean;
  /** Kept as a property; there is no tree to bubble in. Default false. */
  bubbles?: boolean;
  /** Kept as a property. Default false. */
  composed?: boolean;
}
/** Something that happened. It goes to its target alone: there is no tree. */
interface Event {
  readonly type: string;
  /** What it was dispatched at; null before. */
  readonly target: EventTarget | null;
  /** The same as `target`, for other code. */
  readonly srcElement: EventTarget | null;
  /** The target while its listeners run, otherwise null. */
  readonly currentTarget: EventTarget | null;
  /** The target while its listeners run, otherwise nothing. */
  composedPath(): EventTarget[];
  /** 2 while the listeners run, otherwise 0. */
  readonly eventPhase: number;
  readonly cancelable: boolean;
  readonly bubbles: boolean;
  readonly composed: boolean;
  /** Whether a listener called `preventDefault` on a cancelable event. */
  readonly defaultPrevented: boolean;
  /** The opposite of `defaultPrevented`. */
  returnValue: boolean;
  cancelBubble: boolean;
  /** Whether the platform dispatched it, as the event "abort" of a signal. */
  readonly isTrusted: boolean;
  /** When it was created, on the clock of {@link performance}. */
  readonly timeStamp: number;
  preventDefault(): void;
  /** Keeps an event that a capturing listener stops from the others. */
  stopPropagation(): void;
  /** Stops the event for the remaining listeners. */
  stopImmediatePropagation(): void;
  /** Sets up an event anew. Use the constructor. */
  initEvent(type: string, bubbles?: boolean, cancelable?: boolean): void;
}
declare var Event: {
  prototype: Event;
  new (type: string, init?: EventInit): Event;
};
/** An event with something of its own to tell. */
interface CustomEvent<T = any> extends Event {
  readonly detail: T;
  /** Sets up an event anew. Use the constructor. */
  initCustomEvent(type: string, bubbles?: boolean, cancelable?: boolean, detail?: T): void;
}
declare var CustomEvent: {
  prototype: CustomEvent;
  new <T = any>(type: string, init?: EventInit & { detail?: T }): CustomEvent<T>;
};
/**
 * An event that tells of an error. The platform dispatches none: an error that nobody catches fails
 * the run.
 */
interface ErrorEvent extends Event {
  readonly message: string;
  readonly filename: string;
  readonly lineno: number;
  readonly colno: number;
  readonly error: any;
}
declare var ErrorEvent: {
  prototype: ErrorEvent;
  new (type: string, init?: EventInit & { message?: string; filename?: string; lineno?: number; colno?: number; error?: any }): ErrorEvent;
};
/** An event that tells of a rejected promise. The platform dispatches none. */
interface PromiseRejectionEvent extends Event {
  readonly promise: Promise<any>;
  readonly reason: any;
}
declare var PromiseRejectionEvent: {
  prototype: PromiseRejectionEvent;
  new (type: string, init: EventInit & { promise: Promise<any>; reason?: any }): PromiseRejectionEvent;
};
/** A message that came through a {@link MessagePort}. */
interface MessageEvent<T = any> extends Event {
  readonly data: T;
  readonly origin: string;
  readonly lastEventId: string;
  readonly source: null;
  /** The ports that were transferred with it. */
  readonly ports: readonly MessagePort[];
}
declare var MessageEvent: {
  prototype: MessageEvent;
  new <T = any>(
    type: string, init?: EventInit & { data?: T; origin?: string; lastEventId?: string; ports?: MessagePort[] },
  ): MessageEvent<T>;
};

/** A function, or an object with a method `handleEvent`. */
type EventListenerOrObject = ((event: Event) => void) | { handleEvent(event: Event): void };
/** How a listener listens. */
interface EventListenerOptions {
  /** Calls the listener before those that do not capture. Default false. */
  capture?: boolean;
  /** Removes the listener after the first event. Default false. */
  once?: boolean;
  /** Gives `preventDefault` in the listener no effect. Default false. */
  passive?: boolean;
  /** Removes the listener when it is aborted. */
  signal?: AbortSignal;
}
/**
 * A target of events. An error thrown by a listener fails the run, after the other listeners ran.
 */
interface EventTarget {
  /** Adds a listener, unless it was added already. */
  addEventListener(type: string, listener: EventListenerOrObject | null, options?: EventListenerOptions | boolean): void;
  /** @param options `capture` as it was added with */
  removeEventListener(type: string, listener: EventListenerOrObject | null, options?: { capture?: boolean } | boolean): void;
  /**
   * @returns false if a listener prevented the default
   * @throws DOMException "InvalidStateError" if the event is on its way already
   */
  dispatchEvent(event: Event): boolean;
}
declare var EventTarget: {
  prototype: EventTarget;
  new (): EventTarget;
};

/**
 * One end of a channel. Messages are structured clones, and come one in each turn of the event
 * loop. A port that waits for messages does not keep a run alive.
 */
interface MessagePort extends EventTarget {
  /** A listener for messages. Setting it starts the port. */
  onmessage: ((event: MessageEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  /** A listener for the end of the other port. */
  onclose: ((event: Event) => void) | null;
  /**
   * Sends a message to the other end.
   * @param transfer ArrayBuffers and ports that go over as they are
   * @throws DOMException "DataCloneError" for what cannot be cloned
   */
  postMessage(message: any, transfer?: (ArrayBuffer | MessagePort)[] | { transfer?: (ArrayBuffer | MessagePort)[] }): void;
  /** Lets messages come, where listeners were added with `addEventListener`. */
  start(): void;
  close(): void;
}
declare var MessagePort: { prototype: MessagePort };
/** Two ports that send messages to each other. */
interface MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}
declare var MessageChannel: {
  prototype: MessageChannel;
  new (): MessageChannel;
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
// XML documents

/**
 * A part of an XML document. It is there for clients of web services that read XML as browsers do:
 * for a connector's own code, `carjs/xml` is shorter. Documents cannot be changed.
 */
interface Node {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly textContent: string | null;
  readonly childNodes: readonly Node[];
  readonly firstChild: Node | null;
  readonly lastChild: Node | null;
  readonly nextSibling: Node | null;
  readonly previousSibling: Node | null;
  readonly parentNode: Node | null;
  hasChildNodes(): boolean;
}
declare var Node: {
  prototype: Node;
  readonly ELEMENT_NODE: 1;
  readonly TEXT_NODE: 3;
  readonly COMMENT_NODE: 8;
  readonly DOCUMENT_NODE: 9;
};
/** Reads XML. There is no HTML. */
interface DOMParser {
  /**
   * A document; the root of one that is invalid is named "parsererror".
   * @throws DOMException "NotSupportedError" for another type
   */
  parseFromString(text: string, type: "application/xml" | "text/xml"): Node & {
    readonly documentElement: Node;
    getElementsByTagName(name: string): readonly Node[];
  };
}
declare var DOMParser: {
  prototype: DOMParser;
  new (): DOMParser;
};
/** Writes XML. */
interface XMLSerializer {
  serializeToString(node: Node): string;
}
declare var XMLSerializer: {
  prototype: XMLSerializer;
  new (): XMLSerializer;
};

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

/** How much a stream keeps ready. */
interface QueuingStrategy<T = any> {
  /**
   * The size up to which chunks are kept ready. Default 1, for streams of bytes and the readable
   * side of a transform 0.
   */
  highWaterMark?: number;
  /** The size of a chunk. Default 1. Streams of bytes have none: they count bytes. */
  size?(chunk: T): number;
}
/** Counts chunks. */
interface CountQueuingStrategy extends QueuingStrategy {
  readonly highWaterMark: number;
  readonly size: (chunk?: any) => 1;
}
declare var CountQueuingStrategy: {
  prototype: CountQueuingStrategy;
  new (init: { highWaterMark: number }): CountQueuingStrategy;
};
/** Counts the bytes of chunks. */
interface ByteLengthQueuingStrategy extends QueuingStrategy<ArrayBufferView> {
  readonly highWaterMark: number;
  readonly size: (chunk: ArrayBufferView) => number;
}
declare var ByteLengthQueuingStrategy: {
  prototype: ByteLengthQueuingStrategy;
  new (init: { highWaterMark: number }): ByteLengthQueuingStrategy;
};

/** What a stream reads its chunks from. */
interface UnderlyingSource<R = any> {
  /** Called when the stream is made. */
  start?(controller: ReadableStreamDefaultController<R>): void | PromiseLike<void>;
  /** Called when the stream wants chunks; not again before the returned promise is settled. */
  pull?(controller: ReadableStreamDefaultController<R>): void | PromiseLike<void>;
  /** Called when nobody wants the rest. */
  cancel?(reason?: any): void | PromiseLike<void>;
  type?: undefined;
}
/** What a stream of bytes reads its chunks from. */
interface UnderlyingByteSource {
  start?(controller: ReadableByteStreamController): void | PromiseLike<void>;
  pull?(controller: ReadableByteStreamController): void | PromiseLike<void>;
  cancel?(reason?: any): void | PromiseLike<void>;
  type: "bytes";
  /** The size of the buffers that are made for default readers, which the source can fill. */
  autoAllocateChunkSize?: number;
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
/** Puts bytes into a stream. */
interface ReadableByteStreamController {
  /** The buffer of a reader, to fill in place of `enqueue`; null if there is none. */
  readonly byobRequest: ReadableStreamBYOBRequest | null;
  readonly desiredSize: number | null;
  close(): void;
  /**
   * Takes the buffer of the chunk: it cannot be used afterwards. @throws TypeError for an empty chunk
   */
  enqueue(chunk: ArrayBufferView): void;
  error(reason?: any): void;
}
declare var ReadableByteStreamController: { prototype: ReadableByteStreamController };
/** A buffer that a reader wants filled. */
interface ReadableStreamBYOBRequest {
  /** Where to write; null once it was answered. */
  readonly view: Uint8Array<ArrayBuffer> | null;
  /** Says how many bytes were written. */
  respond(bytesWritten: number): void;
  /** Gives another view of the same bytes, such as one whose buffer was transferred. */
  respondWithNewView(view: ArrayBufferView): void;
}
declare var ReadableStreamBYOBRequest: { prototype: ReadableStreamBYOBRequest };

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
/** Reads a stream of bytes into buffers of the caller's own. */
interface ReadableStreamBYOBReader {
  readonly closed: Promise<undefined>;
  cancel(reason?: any): Promise<void>;
  /**
   * Fills a view, whose buffer cannot be used afterwards: the result has another view of it.
   * @param options `min`: how many elements to wait for; default 1
   */
  read<T extends ArrayBufferView>(
    view: T, options?: { min?: number },
  ): Promise<{ done: false; value: T } | { done: true; value: T | undefined }>;
  releaseLock(): void;
}
declare var ReadableStreamBYOBReader: {
  prototype: ReadableStreamBYOBReader;
  /** @throws TypeError if the stream is locked, or is none of bytes */
  new (stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader;
};
/** How a pipe ends. */
interface StreamPipeOptions {
  /** Leaves the destination open when the source ends. Default false. */
  preventClose?: boolean;
  /** Leaves the destination as it is when the source fails. Default false. */
  preventAbort?: boolean;
  /** Leaves the source as it is when the destination fails. Default false. */
  preventCancel?: boolean;
  /** Ends the pipe when it is aborted. */
  signal?: AbortSignal;
}
/** Two sides of a transform. */
interface ReadableWritablePair<R = any, W = any> {
  readable: ReadableStream<R>;
  writable: WritableStream<W>;
}
/** Chunks that come one after the other: `for await (const chunk of response.body!)`. */
interface ReadableStream<R = any> {
  /** Whether it has a reader. */
  readonly locked: boolean;
  /** Gives up the rest. @throws TypeError if it is locked */
  cancel(reason?: any): Promise<void>;
  /** @throws TypeError if it is locked, or with `mode` if it is none of bytes */
  getReader(): ReadableStreamDefaultReader<R>;
  getReader(options: { mode: "byob" }): ReadableStreamBYOBReader;
  /** Pipes the chunks through a transform, and returns its readable side. */
  pipeThrough<T>(transform: ReadableWritablePair<T, R>, options?: StreamPipeOptions): ReadableStream<T>;
  /** Pipes the chunks to a stream. @throws the error of either stream, or the signal's reason */
  pipeTo(destination: WritableStream<R>, options?: StreamPipeOptions): Promise<void>;
  /** Two streams of the same chunks. What only one of them has read is kept in memory. */
  tee(): [ReadableStream<R>, ReadableStream<R>];
  /** The chunks. Leaving the loop cancels the stream, unless `preventCancel` is true. */
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<R>;
  [Symbol.asyncIterator](options?: { preventCancel?: boolean }): AsyncIterableIterator<R>;
}
declare var ReadableStream: {
  prototype: ReadableStream;
  new (source: UnderlyingByteSource, strategy?: { highWaterMark?: number }): ReadableStream<Uint8Array<ArrayBuffer>>;
  new <R = any>(source?: UnderlyingSource<R>, strategy?: QueuingStrategy<R>): ReadableStream<R>;
  /** A stream of what can be iterated over. */
  from<R>(iterable: AsyncIterable<R> | Iterable<R | PromiseLike<R>>): ReadableStream<R>;
};

/** What a stream writes its chunks to. */
interface UnderlyingSink<W = any> {
  start?(controller: WritableStreamDefaultController): void | PromiseLike<void>;
  /** Called with one chunk after the other; not again before the returned promise is settled. */
  write?(chunk: W, controller: WritableStreamDefaultController): void | PromiseLike<void>;
  /** Called behind the last chunk. */
  close?(): void | PromiseLike<void>;
  /** Called when the stream is aborted. */
  abort?(reason?: any): void | PromiseLike<void>;
  type?: undefined;
}
/** Controls a stream that is written to. */
interface WritableStreamDefaultController {
  /** Aborted with the stream. */
  readonly signal: AbortSignal;
  /** Has the stream fail. */
  error(reason?: any): void;
}
declare var WritableStreamDefaultController: { prototype: WritableStreamDefaultController };
/** Writes to a stream, and keeps others from it. */
interface WritableStreamDefaultWriter<W = any> {
  readonly closed: Promise<undefined>;
  /** How much the stream takes; 0 when it is closed, null when it has failed. */
  readonly desiredSize: number | null;
  /** Resolves when the stream takes more. */
  readonly ready: Promise<undefined>;
  abort(reason?: any): Promise<void>;
  close(): Promise<void>;
  releaseLock(): void;
  /** Resolves when the chunk is written. */
  write(chunk?: W): Promise<void>;
}
declare var WritableStreamDefaultWriter: {
  prototype: WritableStreamDefaultWriter;
  /** @throws TypeError if the stream is locked */
  new <W = any>(stream: WritableStream<W>): WritableStreamDefaultWriter<W>;
};
/** Where chunks go, one after the other. */
interface WritableStream<W = any> {
  /** Whether it has a writer. */
  readonly locked: boolean;
  /** Gives up what is not written. @throws TypeError if it is locked */
  abort(reason?: any): Promise<void>;
  /** Ends the stream behind what is in it. @throws TypeError if it is locked */
  close(): Promise<void>;
  /** @throws TypeError if it is locked */
  getWriter(): WritableStreamDefaultWriter<W>;
}
declare var WritableStream: {
  prototype: WritableStream;
  new <W = any>(sink?: UnderlyingSink<W>, strategy?: QueuingStrategy<W>): WritableStream<W>;
};

/** What a transform does. */
interface Transformer<I = any, O = any> {
  start?(controller: TransformStreamDefaultController<O>): void | PromiseLike<void>;
  /** Called with each chunk. Default: it goes through as it is. */
  transform?(chunk: I, controller: TransformStreamDefaultController<O>): void | PromiseLike<void>;
  /** Called behind the last chunk. */
  flush?(controller: TransformStreamDefaultController<O>): void | PromiseLike<void>;
  /** Called when either side is given up. */
  cancel?(reason?: any): void | PromiseLike<void>;
  readableType?: undefined;
  writableType?: undefined;
}
/** Puts chunks into the readable side of a transform. */
interface TransformStreamDefaultController<O = any> {
  readonly desiredSize: number | null;
  enqueue(chunk?: O): void;
  /** Has both sides fail. */
  error(reason?: any): void;
  /** Ends the readable side, and has the writable side fail. */
  terminate(): void;
}
declare var TransformStreamDefaultController: { prototype: TransformStreamDefaultController };
/**
 * Makes other chunks of chunks: `stream.pipeThrough(new TransformStream({ transform(chunk, c) { … }
 * }))`.
 */
interface TransformStream<I = any, O = any> {
  readonly readable: ReadableStream<O>;
  readonly writable: WritableStream<I>;
}
declare var TransformStream: {
  prototype: TransformStream;
  new <I = any, O = any>(
    transformer?: Transformer<I, O>, writableStrategy?: QueuingStrategy<I>, readableStrategy?: QueuingStrategy<O>,
  ): TransformStream<I, O>;
};

/** Text to UTF-8. */
interface TextEncoderStream {
  /** Always "utf-8". */
  readonly encoding: string;
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<string>;
}
declare var TextEncoderStream: {
  prototype: TextEncoderStream;
  new (): TextEncoderStream;
};
/** Bytes to text. */
interface TextDecoderStream {
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  readonly readable: ReadableStream<string>;
  readonly writable: WritableStream<BufferSource>;
}
declare var TextDecoderStream: {
  prototype: TextDecoderStream;
  /** The arguments are those of {@link TextDecoder}. */
  new (label?: string, options?: TextDecoderOptions): TextDecoderStream;
};
/**
 * A way to compress. "deflate" is zlib (RFC 1950), as in HTTP; "deflate-raw" has nothing around it
 * (RFC 1951).
 */
type CompressionFormat = "deflate" | "deflate-raw" | "gzip";
/** Compresses bytes. */
interface CompressionStream {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}
declare var CompressionStream: {
  prototype: CompressionStream;
  new (format: CompressionFormat): CompressionStream;
};
/**
 * Expands compressed bytes. Data that is damaged, truncated, or goes on behind its end makes it fail.
 */
interface DecompressionStream {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<BufferSource>;
}
declare var DecompressionStream: {
  prototype: DecompressionStream;
  new (format: CompressionFormat): DecompressionStream;
};

// ----------------------------------------------------------------------------------------------
// crypto

/** What a key may be used for. */
type KeyUsage = "encrypt" | "decrypt" | "sign" | "verify" | "deriveKey" | "deriveBits" | "wrapKey" | "unwrapKey";
/** How a key is written. */
type KeyFormat = "raw" | "pkcs8" | "spki" | "jwk";
/** The name of an algorithm, or an object with its name and parameters. */
type AlgorithmIdentifier = string | Algorithm;
/** An algorithm by its name; capitals do not count. */
interface Algorithm {
  name: string;
}
/** The parameters of algorithms, those of each as the Web Cryptography API has them. */
interface AlgorithmParameters extends Algorithm {
  /** Digest of ECDSA, HMAC, RSA, HKDF and PBKDF2: "SHA-1", "SHA-256", "SHA-384" or "SHA-512". */
  hash?: AlgorithmIdentifier;
  /** Curve of ECDSA and ECDH: "P-256", "P-384" or "P-521". */
  namedCurve?: string;
  /** RSA keys that are made: bits, 1024 to 16384. */
  modulusLength?: number;
  /** RSA keys that are made: 65537, `new Uint8Array([1, 0, 1])`. */
  publicExponent?: Uint8Array;
  /** Bits of a key of AES or HMAC; of AES-CTR, the bits of the counter. */
  length?: number;
  /** RSA-PSS: bytes of the salt. */
  saltLength?: number;
  /** AES-CBC: 16 bytes. AES-GCM: any number of bytes, usually 12; never use one twice with a key. */
  iv?: BufferSource;
  /** AES-CTR: 16 bytes. */
  counter?: BufferSource;
  /** AES-GCM: what is checked and not encrypted. */
  additionalData?: BufferSource;
  /** AES-GCM: bits of the tag, default 128. */
  tagLength?: number;
  /** RSA-OAEP. */
  label?: BufferSource;
  /** ECDH and X25519: the key of the other side. */
  public?: CryptoKey;
  /** HKDF and PBKDF2. */
  salt?: BufferSource;
  /** HKDF. */
  info?: BufferSource;
  /** PBKDF2: 1 to 10,000,000. */
  iterations?: number;
}
/** What a key tells of its algorithm. */
interface KeyAlgorithm {
  name: string;
  hash?: { name: string };
  namedCurve?: string;
  modulusLength?: number;
  publicExponent?: Uint8Array;
  length?: number;
}
/** A key as JSON (RFC 7517). */
interface JsonWebKey {
  alg?: string;
  crv?: string;
  d?: string;
  dp?: string;
  dq?: string;
  e?: string;
  ext?: boolean;
  k?: string;
  key_ops?: string[];
  kty?: string;
  n?: string;
  p?: string;
  q?: string;
  qi?: string;
  use?: string;
  x?: string;
  y?: string;
}
/** A key that a script can use and not look into. */
interface CryptoKey {
  readonly type: "secret" | "private" | "public";
  /** Whether it can be exported. */
  readonly extractable: boolean;
  readonly algorithm: KeyAlgorithm;
  readonly usages: KeyUsage[];
}
declare var CryptoKey: { prototype: CryptoKey };
/** Two keys that belong together. */
interface CryptoKeyPair {
  publicKey: CryptoKey;
  privateKey: CryptoKey;
}
/**
 * Cryptography as on other platforms: RSASSA-PKCS1-v1_5, RSA-PSS, RSA-OAEP, ECDSA, ECDH, Ed25519,
 * X25519, HMAC, AES-CBC, AES-CTR, AES-GCM, AES-KW, PBKDF2, HKDF, and the digests. For the
 * signatures of a data source, `carjs/crypto` is shorter and takes PEM text. Promises are rejected
 * with a DOMException: "NotSupportedError" for what carjs lacks, "InvalidAccessError" for a key
 * that is not for that, "DataError" for a key that cannot be read, "SyntaxError" for usages that
 * the algorithm has not, "OperationError" for the rest.
 */
interface SubtleCrypto {
  digest(algorithm: AlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer>;
  encrypt(algorithm: AlgorithmParameters, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  decrypt(algorithm: AlgorithmParameters, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  /** Signatures of ECDSA are the two numbers in a row, as in tokens. */
  sign(algorithm: string | AlgorithmParameters, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  verify(algorithm: string | AlgorithmParameters, key: CryptoKey, signature: BufferSource, data: BufferSource): Promise<boolean>;
  /** A secret key, or a pair of those algorithms that have two. */
  generateKey(algorithm: string | AlgorithmParameters, extractable: boolean, keyUsages: Iterable<KeyUsage>): Promise<any>;
  /** @param length bits; null for all that ECDH and X25519 have */
  deriveBits(algorithm: AlgorithmParameters, baseKey: CryptoKey, length?: number | null): Promise<ArrayBuffer>;
  deriveKey(
    algorithm: AlgorithmParameters, baseKey: CryptoKey, derivedKeyType: string | AlgorithmParameters, extractable: boolean,
    keyUsages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  importKey(
    format: KeyFormat, keyData: BufferSource | JsonWebKey, algorithm: string | AlgorithmParameters, extractable: boolean,
    keyUsages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
  exportKey(format: "raw" | "pkcs8" | "spki", key: CryptoKey): Promise<ArrayBuffer>;
  exportKey(format: KeyFormat, key: CryptoKey): Promise<ArrayBuffer | JsonWebKey>;
  wrapKey(format: KeyFormat, key: CryptoKey, wrappingKey: CryptoKey, wrapAlgorithm: string | AlgorithmParameters): Promise<ArrayBuffer>;
  unwrapKey(
    format: KeyFormat, wrappedKey: BufferSource, unwrappingKey: CryptoKey, unwrapAlgorithm: string | AlgorithmParameters,
    unwrappedKeyAlgorithm: string | AlgorithmParameters, extractable: boolean, keyUsages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
}
declare var SubtleCrypto: { prototype: SubtleCrypto };
/** Random values and cryptography. */
interface Crypto {
  readonly subtle: SubtleCrypto;
  /**
   * Fills a typed array of integers with random values.
   * @throws QuotaExceededError for more than 65536 bytes
   */
  getRandomValues<T extends ArrayBufferView>(array: T): T;
  /** A random UUID of version 4. */
  randomUUID(): string;
}
declare var Crypto: { prototype: Crypto };
/** Random values and cryptography. */
declare var crypto: Crypto;

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
