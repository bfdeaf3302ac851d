/**
 * The module `carjs/test`: functions for the tests of a connector. `carjs test CONNECTOR` runs
 * every `*.test.ts` file of the connector's folder, in the same runtime as imports. Only test
 * files, and files that only they import, can import it.
 *
 * ```ts
 * import { connector, dataSource, expect, test } from "carjs/test";
 * test("a host becomes an asset", async () => {
 *   const source = dataSource();
 *   source.get("/hosts", [{ id: 1, name: "server 1" }]);
 *   const subject = connector({ source, settings: { url: source.url, token: "t" } });
 *   const result = await subject.import();
 *   expect(result.exitCode).toBe(0);
 *   expect(subject.graph.vertex("asset", "1")).toMatchObject({ name: "server 1" });
 * });
 * ```
 *
 * Each file is a script with its own runtime: files do not affect each other. You can import files
 * of the connector and test their functions directly; `context().args` then has the defaults of
 * `configurations/config.json`, and what {@link settings} adds. Whole imports run in another
 * runtime. Times are milliseconds.
 */
declare module "carjs/test" {
  import type { Edges, EdgeName, Id, VertexName, Vertices } from "carjs";

  // --------------------------------------------------------------------------------------------
  // tests

  /**
   * The body of a test or a hook. It fails if it throws, or if its promise rejects or does not
   * settle in time.
   */
  export type Body = () => void | Promise<void>;

  /** Options of a test. */
  export interface TestOptions {
    /** Time limit of the test. Default: the flag `-test-timeout`, 5000. */
    timeout?: number;
  }

  /** Declares tests. */
  export interface Test {
    /** Declares a test. */
    (name: string, body: Body, options?: TestOptions): void;
    /** Declares a test that is skipped. */
    skip(name: string, body?: Body, options?: TestOptions): void;
    /** Declares a test; if there are any with `only`, the file runs only those. */
    only(name: string, body: Body, options?: TestOptions): void;
    /** Declares a test that is still to be written. */
    todo(name: string): void;
    /**
     * Declares a test for each row. If a row is an array, its items are the arguments of the body;
     * any other row is the only argument.
     *
     * In the name, `%s` is replaced by the next item as text, `%d` as a number, `%j` as JSON, `%p`
     * as failures show it, `%#` by the index of the row, `$property` by a property of a row that is
     * an object; `%%` is a percent sign.
     */
    each<Row extends readonly unknown[]>(
      rows: Iterable<Row>,
    ): (name: string, body: (...row: Row) => void | Promise<void>, options?: TestOptions) => void;
    each<Row extends readonly unknown[]>(
      rows: Iterable<readonly [...Row]>,
    ): (name: string, body: (...row: Row) => void | Promise<void>, options?: TestOptions) => void;
    each<Row>(rows: Iterable<Row>): (name: string, body: (row: Row) => void | Promise<void>, options?: TestOptions) => void;
  }
  /** Declares tests. */
  export const test: Test;

  /** Groups tests. */
  export interface Describe {
    /**
     * Groups the tests, hooks and groups that the body declares. The body only declares, so it
     * cannot be `async`.
     */
    (name: string, body: () => void): void;
    /** A group whose tests are skipped. */
    skip(name: string, body: () => void): void;
    /** A group; if anything is declared with `only`, the file runs only that. */
    only(name: string, body: () => void): void;
  }
  /** Groups tests. */
  export const describe: Describe;

  /** Runs once before the tests of its group, or of its file. If it fails, these tests fail. */
  export function beforeAll(body: Body): void;
  /**
   * Runs once after the tests of its group, or of its file. If it fails, the last of these tests
   * fails.
   */
  export function afterAll(body: Body): void;
  /**
   * Runs before every test of its group, those of groups around it first. If it fails, the test
   * fails.
   */
  export function beforeEach(body: Body): void;
  /**
   * Runs after every test of its group, also after one that failed; those of groups around it last.
   */
  export function afterEach(body: Body): void;

  // -----------------------------------------------------------------------------------------------
  // expectations

  /**
   * The assertions about a value. Each throws an error that shows the expected and the received
   * value.
   */
  export interface Matchers<Result> {
    /** The opposite. */
    readonly not: Matchers<Result>;
    /** The identical value, as by `Object.is`. */
    toBe(expected: unknown): Result;
    /**
     * An equal value, compared deeply. Undefined properties count as absent; classes and holes of
     * arrays do not matter.
     */
    toEqual(expected: unknown): Result;
    /** As `toEqual`, but undefined properties, holes and classes count. */
    toStrictEqual(expected: unknown): Result;
    /**
     * An object with at least the expected properties, compared deeply. Arrays must have the same
     * length.
     */
    toMatchObject(expected: object): Result;
    /** A text with this part, or an iterable with this item, as `===` has it. */
    toContain(expected: unknown): Result;
    /** An iterable with an item that equals this one. */
    toContainEqual(expected: unknown): Result;
    /** A value of this `length`. */
    toHaveLength(expected: number): Result;
    /**
     * An object with a property, and with an equal value if one is given. @param path `"a.b[0]"`,
     * or the names in an array
     */
    toHaveProperty(path: string | readonly (string | number)[], ...value: [] | [unknown]): Result;
    toBeNull(): Result;
    toBeUndefined(): Result;
    /** Anything but undefined. */
    toBeDefined(): Result;
    /** A truthy value. */
    toBeTruthy(): Result;
    /** A falsy value: false, 0, "", null, undefined, NaN. */
    toBeFalsy(): Result;
    toBeNaN(): Result;
    toBeGreaterThan(expected: number | bigint): Result;
    toBeGreaterThanOrEqual(expected: number | bigint): Result;
    toBeLessThan(expected: number | bigint): Result;
    toBeLessThanOrEqual(expected: number | bigint): Result;
    /**
     * A number that differs by less than half of the last digit. @param digits after the point;
     * default 2
     */
    toBeCloseTo(expected: number, digits?: number): Result;
    /** A text that contains this part, or matches the expression. */
    toMatch(expected: string | RegExp): Result;
    /** A function that throws when called, or with `rejects` and `resolves` the value itself.
     * @param expected part of the message, an expression that it matches, the error's class, or an
     * error with the same message */
    toThrow(expected?: string | RegExp | Error | (abstract new (...args: any[]) => unknown)): Result;
    toBeInstanceOf(expected: abstract new (...args: any[]) => unknown): Result;
  }

  /** The assertions about a value or a promise. */
  export interface Expectation extends Matchers<void> {
    /** Assertions about the value a promise resolves to; await the matcher. */
    readonly resolves: Matchers<Promise<void>>;
    /** Assertions about the reason a promise rejects with; await the matcher. */
    readonly rejects: Matchers<Promise<void>>;
  }

  /**
   * Creates assertions, and placeholders that equal many values.
   */
  export interface Expect {
    /** @param value the value to check @param message shown above a failure */
    (value: unknown, message?: string): Expectation;
    /** Equals anything but null and undefined. */
    anything(): any;
    /**
     * Equals any instance of the class; for String, Number, BigInt and Boolean also any text,
     * number, bigint and boolean.
     */
    any(type: abstract new (...args: any[]) => unknown): any;
    any(type: BigIntConstructor | SymbolConstructor): any;
    /** Equals an object with at least these properties. */
    objectContaining(properties: object): any;
    /** Equals an array with at least these items, in any order. */
    arrayContaining(items: readonly unknown[]): any;
    /** Equals a text that contains this part. */
    stringContaining(part: string): any;
    /** Equals a text that matches. */
    stringMatching(pattern: string | RegExp): any;
  }
  /** Asserts something about a value: `expect(1 + 1).toBe(2)`. */
  export const expect: Expect;

  // ------------------------------------------------------------------------------------------------
  // data source

  /** A request that the data source received. */
  export interface SourceRequest {
    readonly method: string;
    /** The whole URL. */
    readonly url: string;
    /** The URL's path. */
    readonly path: string;
    /** The URL's query; the last value of a repeated name. */
    readonly query: Readonly<Record<string, string>>;
    /** The parts of the path written as `:name`. */
    readonly params: Readonly<Record<string, string>>;
    /** By names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** The body as text, "" if there is none. */
    readonly body: string;
    /** The body, parsed as JSON. @throws SyntaxError if it is not JSON */
    json(): any;
  }

  /** A response with a status or headers, created by {@link answer}. */
  export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }

  /**
   * A value to send as JSON, an {@link Answer}, or a function that returns either for a
   * request.
   */
  export type Answering = object | string | number | boolean | null | ((request: SourceRequest) => unknown);

  /** Creates responses. */
  export interface MakeAnswer {
    /**
     * A response with a status.
     * @param body text or bytes, sent as they are, or anything else, sent as JSON; default: none
     * @param headers default: the `content-type` of the body
     */
    (status: number, body?: unknown, headers?: Record<string, string>): Answer;
    /** No response: the connection is refused. */
    refused(): Answer;
  }
  /** Creates responses: `source.get("/hosts", answer(503, "later", { "retry-after": "1" }))`. */
  export const answer: MakeAnswer;

  /** Options of a scripted response. */
  export interface AnswerOptions {
    /** How many requests get it; later ones get what was scripted before it. Default: all. */
    times?: number;
  }

  /** A stand-in for the data source. A request without a response fails the import and the test. */
  export interface DataSource {
    /** The base URL to pass to the connector as a setting, different for every source. */
    readonly url: string;
    /** The received requests, in order. */
    readonly requests: readonly SourceRequest[];
  }

  /** A data source with responses scripted in the test. */
  export interface ScriptedSource extends DataSource {
    /**
     * Scripts the response to GET requests. If several match a request, the one scripted last
     * counts.
     * @param path the path, in which `:name` matches one segment, and `*` at the end any rest. With
     * a query, the request's query must contain these values. Use a whole URL if the host matters
     */
    get(path: string, answer: Answering, options?: AnswerOptions): this;
    /** Scripts the response to POST requests; see {@link ScriptedSource.get}. */
    post(path: string, answer: Answering, options?: AnswerOptions): this;
    /**
     * Scripts the response to requests with a method, or "*" for all; see
     * {@link ScriptedSource.get}.
     */
    on(method: string, path: string, answer: Answering, options?: AnswerOptions): this;
  }

  /** Creates a data source with responses scripted in the test. */
  export function dataSource(): ScriptedSource;

  /**
   * Creates a data source that replays a recording made by `carjs run -record`. While a connector
   * imports from it or tests the connection, the time is that of the recording, unless `clock` is
   * stopped.
   * @param folder relative to the connector's folder, such as "recordings/first"
   * @throws Error if the recording is missing or unreadable
   */
  export function recorded(folder: string): DataSource;

  // --------------------------------------------------------------------------------------------------
  // connector

  /** Settings of the connector, by their names in `context().args`. */
  export type Settings = Record<string, string | number | bigint | boolean>;

  /**
   * Adds settings to `context().args` of this file, for tests that call the connector's functions
   * directly. Requests of these functions go to the data source of this file whose `url`
   * matches.
   * @throws Error if a setting is unknown or its value is invalid
   */
  export function settings(values: Settings): void;

  /** Options of a connector under test. */
  export interface SubjectOptions {
    /** Answers every request of the connector. */
    source: DataSource;
    /**
     * Checked like those of a run. Default: the defaults of `configurations/config.json`, and the
     * settings in a recording.
     */
    settings?: Settings;
  }

  /**
   * The connector with its own data source and CAR service, which keeps its graph and save
   * point from one import to the next.
   */
  export interface Subject {
    /** The graph after the imports so far. */
    readonly graph: Graph;
    /** Tests the connection: 0, or the code of the failure. */
    testConnection(): Promise<number>;
    /**
     * Imports once: incrementally if there is a save point, otherwise fully. A failed import is in
     * the result.
     * @param options `full`: full in any case
     * @throws Error if the data source has no response for a request of the connector,
     * or its settings are invalid
     */
    import(options?: { full?: boolean }): Promise<ImportResult>;
  }

  /** Creates a connector to test. None of its code runs before the first import. */
  export function connector(options: SubjectOptions): Subject;

  /** The outcome for the objects of one collection. */
  export interface Count {
    /** New or changed: CAR has them now. */
    sent: number;
    /** Invalid, so skipped. */
    skipped: number;
    /** Already added in this import. */
    duplicate: number;
    /**
     * Duplicates whose values differ from the first one's; of edges, those that have the ends of
     * another one and no `external_id`: they are sent, and CAR keeps one of them.
     */
    differing: number;
    /** In CAR already with the same values. */
    unchanged: number;
    /** Deleted vertices or deactivated edges. */
    deleted: number;
    /** Not added by a full import, so CAR retired them. */
    retired: number;
    /** Edges that were left out because a vertex at one of their ends is missing. */
    dangling: number;
  }

  /** A failure that ended an import. */
  export interface ImportFailure {
    /** "DatasourceFailure", "RecoverableFailure" and so on. */
    kind: string;
    /** The exit code. */
    code: number;
    message: string;
    /** What to do next. */
    hint: string;
    /** The position in the TypeScript, `src/main.ts:7:8`; "" if unknown. */
    at: string;
    /** Whose fault: "connector", "settings", "data source", "CAR", "carjs". */
    fault: string;
  }

  /** The outcome of an import. */
  export interface ImportResult {
    /** "" if it ended before the mode was decided. */
    mode: "full" | "incremental" | "";
    /** 0 if everything is in CAR. */
    exitCode: number;
    /** The failure that ended it; null if it succeeded. */
    failure: ImportFailure | null;
    /** CAR's save point after the import; "" if there is none. */
    savePoint: string;
    /** The collections with at least one count. */
    collections: Record<string, Count>;
    /** The edges that were left out because a vertex at one of their ends is missing. */
    dangling: {
      /** That of the edges. */
      collection: string;
      end: "from" | "to";
      /** The collection of the vertices at that end. */
      vertex: string;
      /** Why they are missing: "skipped" means that they are invalid. */
      reason: "not added" | "skipped";
      /** How many edges. */
      count: number;
      /** The key of the first missing vertex. */
      firstKey: string;
      /** Where in the TypeScript the first edge was added. */
      at: string;
    }[];
    /** The invalid objects that were skipped. */
    skipped: {
      collection: string;
      why: string;
      /** The position in the TypeScript where it was added. */
      at: string;
      object: any;
    }[];
    /** The requests to the data source during this import. */
    requests: SourceRequest[];
  }

  /** An edge, as CAR has it. */
  export type GraphEdge<N extends string> = (N extends EdgeName ? Edges[N] : Record<string, unknown>) & {
    /**
     * The external id of the vertex that it leaves, or its key in ipaddress, hostname and
     * macaddress.
     */
    from: string;
    /** The same for the vertex that it reaches. */
    to: string;
  };

  /**
   * The contents of CAR, queried anew by each call. Properties that the connector did not set are
   * absent.
   */
  export interface Graph {
    /**
     * All vertices of a collection, ordered by key. @throws Error if the collection is unknown
     */
    vertices<N extends VertexName>(collection: N): Vertices[N][];
    /** The vertex with an external id, or a key in ipaddress, hostname and macaddress. */
    vertex<N extends VertexName>(collection: N, key: Id): Vertices[N] | undefined;
    /**
     * All active edges of a collection, ordered by their ends. @throws Error if the
     * collection is unknown
     */
    edges<N extends EdgeName>(collection: N): GraphEdge<N>[];
    /**
     * The active edge between two vertices, by their external ids or keys. Of several it is the
     * one without an `external_id`, or the one whose `external_id` sorts first.
     */
    edge<N extends EdgeName>(collection: N, from: Id, to: Id): GraphEdge<N> | undefined;
    /** The number of vertices or active edges in each collection that has any. */
    counts(): Record<string, number>;
  }

  // ---------------------------------------------------------------------------------------------
  // time and checks

  /** A point in time: a Date, epoch milliseconds, or text that `Date` can parse. */
  export type Moment = Date | number | string;

  /**
   * The clock of the test and of the imports it starts. After each test it is the real clock
   * again.
   */
  export interface Clock {
    /**
     * Stops the clock: `Date` returns this time, and timers wait for {@link Clock.advance}.
     * @param at default: now
     */
    freeze(at?: Moment): void;
    /**
     * Moves a stopped clock forward and runs the timers that are due meanwhile, each at its time.
     * @throws Error if the clock is running
     */
    advance(ms: number): Promise<void>;
    /** Restarts the real clock; waiting timers follow it. */
    restore(): void;
  }
  /** The clock of the test. */
  export const clock: Clock;

  /** The acceptance checks that `carjs test` runs on every connector after its own tests. */
  export interface Acceptance {
    /**
     * Skips a check.
     * @param check its name, as `carjs test` prints it
     * @param reason why it does not apply to this connector; it is printed
     */
    skip(check: string, reason: string): void;
  }
  /** The acceptance checks of `carjs test`. */
  export const acceptance: Acceptance;
}
