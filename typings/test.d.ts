/**
 * The module `carjs/test`: what the tests of a connector are written with. `carjs test CONNECTOR`
 * runs every `*.test.ts` file of the connector's folder, in the runtime that imports run in. Only
 * test files and what they alone import can import it.
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
 * Each file is a script with a runtime of its own: what one changes, no other sees. The files of
 * the connector can be imported and their functions tested directly; `context().args` has the
 * defaults of `configurations/config.json` then, and what {@link settings} adds. A whole import
 * runs in yet another runtime. Times are milliseconds.
 */
declare module "carjs/test" {
  import type { Edges, EdgeName, Id, VertexName, Vertices } from "carjs";

  // ------------------------------------------------------------------------------------------------------
  // tests

  /**
   * The body of a test or a hook. It fails by throwing, by a promise that rejects, and by one that
   * is not settled in time.
   */
  export type Body = () => void | Promise<void>;

  /** How a test is run. */
  export interface TestOptions {
    /** The longest that the test may take. Default: what `-test-timeout` says, 5000. */
    timeout?: number;
  }

  /** Declares tests. */
  export interface Test {
    /** Declares a test. */
    (name: string, body: Body, options?: TestOptions): void;
    /** Declares a test that is not run. */
    skip(name: string, body?: Body, options?: TestOptions): void;
    /** Declares a test such that only those declared with `only` are run in this file. */
    only(name: string, body: Body, options?: TestOptions): void;
    /** Declares a test that is still to be written. */
    todo(name: string): void;
    /**
     * Declares a test for each row. A row that is an array gives the body its items, any other is
     * the only argument.
     *
     * In the name stand for what is in the row: `%s` the next item as text, `%d` as a number, `%j`
     * as JSON, `%p` as failures show it, `%#` the row's number from 0, `$property` a property of a
     * row that is an object; `%%` is a per cent sign.
     */
    each<Row extends readonly unknown[]>(rows: Iterable<Row>): (name: string, body: (...row: Row) => void | Promise<void>, options?: TestOptions) => void;
    each<Row extends readonly unknown[]>(rows: Iterable<readonly [...Row]>): (name: string, body: (...row: Row) => void | Promise<void>, options?: TestOptions) => void;
    each<Row>(rows: Iterable<Row>): (name: string, body: (row: Row) => void | Promise<void>, options?: TestOptions) => void;
  }
  /** Declares tests. */
  export const test: Test;

  /** Groups tests. */
  export interface Describe {
    /**
     * Groups the tests, hooks and groups that the body declares. The body declares and does nothing
     * else, so it cannot be `async`.
     */
    (name: string, body: () => void): void;
    /** A group of which no test is run. */
    skip(name: string, body: () => void): void;
    /** A group such that only what is declared with `only` is run in this file. */
    only(name: string, body: () => void): void;
  }
  /** Groups tests. */
  export const describe: Describe;

  /** Runs once before the tests of its group, or of its file. When it fails, these tests fail. */
  export function beforeAll(body: Body): void;
  /**
   * Runs once after the tests of its group, or of its file. When it fails, the last of these tests
   * fails.
   */
  export function afterAll(body: Body): void;
  /**
   * Runs before every test of its group, those of groups around it first. When it fails, the test
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
   * What can be said of a value. Each throws an error that shows what was expected and what there
   * is.
   */
  export interface Matchers<Result> {
    /** The opposite. */
    readonly not: Matchers<Result>;
    /** The very same value, as `Object.is` has it. */
    toBe(expected: unknown): Result;
    /**
     * An equal value, however deep. Properties that are undefined count as absent, classes and
     * holes of arrays do not count.
     */
    toEqual(expected: unknown): Result;
    /** As `toEqual`, but undefined properties, holes and classes count. */
    toStrictEqual(expected: unknown): Result;
    /**
     * An object that has the expected one's properties, however deep, and perhaps more. Arrays have
     * the same length.
     */
    toMatchObject(expected: object): Result;
    /** A text with this part, or an iterable with this item, as `===` has it. */
    toContain(expected: unknown): Result;
    /** An iterable with an item that equals this one. */
    toContainEqual(expected: unknown): Result;
    /** A value of this `length`. */
    toHaveLength(expected: number): Result;
    /**
     * An object with a property, with an equal value when one is given. @param path `"a.b[0]"`, or
     * the names in an array
     */
    toHaveProperty(path: string | readonly (string | number)[], ...value: [] | [unknown]): Result;
    toBeNull(): Result;
    toBeUndefined(): Result;
    /** Anything but undefined. */
    toBeDefined(): Result;
    /** What `if` takes for true. */
    toBeTruthy(): Result;
    /** What `if` takes for false: false, 0, "", null, undefined, NaN. */
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
    /** A text that has this part, or a match of the expression. */
    toMatch(expected: string | RegExp): Result;
    /** A function that throws when called, or with `rejects` and `resolves` the value itself.
     * @param expected part of the message, an expression that it matches, the error's class, or an
     * error with the same message */
    toThrow(expected?: string | RegExp | Error | (abstract new (...args: any[]) => unknown)): Result;
    toBeInstanceOf(expected: abstract new (...args: any[]) => unknown): Result;
  }

  /** A value of which something is expected. */
  export interface Expectation extends Matchers<void> {
    /** What the promise is resolved with; await the matcher. */
    readonly resolves: Matchers<Promise<void>>;
    /** What the promise is rejected with; await the matcher. */
    readonly rejects: Matchers<Promise<void>>;
  }

  /**
   * Says what is expected of values, and makes values that stand for many where equality is
   * expected.
   */
  export interface Expect {
    /** @param value what there is @param message shown above a failure */
    (value: unknown, message?: string): Expectation;
    /** Equals anything but null and undefined. */
    anything(): any;
    /**
     * Equals what is of the class, also text, number, bigint and boolean of String, Number, BigInt
     * and Boolean.
     */
    any(type: abstract new (...args: any[]) => unknown): any;
    any(type: BigIntConstructor | SymbolConstructor): any;
    /** Equals an object that has these properties, and perhaps more. */
    objectContaining(properties: object): any;
    /** Equals an array that has these items, in any order, and perhaps more. */
    arrayContaining(items: readonly unknown[]): any;
    /** Equals a text that has this part. */
    stringContaining(part: string): any;
    /** Equals a text that matches. */
    stringMatching(pattern: string | RegExp): any;
  }
  /** Says what is expected of a value: `expect(1 + 1).toBe(2)`. */
  export const expect: Expect;

  // ------------------------------------------------------------------------------------------------
  // data source

  /** A request as the data source got it. */
  export interface SourceRequest {
    readonly method: string;
    /** The whole URL. */
    readonly url: string;
    /** The URL's path. */
    readonly path: string;
    /** The URL's query; of a name that is there several times, the last value. */
    readonly query: Readonly<Record<string, string>>;
    /** What the parts of the path that were written `:name` are. */
    readonly params: Readonly<Record<string, string>>;
    /** By names in lower case. */
    readonly headers: Readonly<Record<string, string>>;
    /** The body as text, "" when there is none. */
    readonly body: string;
    /** The body's value. @throws SyntaxError when it is no JSON */
    json(): any;
  }

  /** An answer with a status or headers; made by {@link answer}. */
  export interface Answer {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }

  /**
   * A value that JSON has a form for, an {@link Answer}, or a function that makes one of the
   * request.
   */
  export type Answering = object | string | number | boolean | null | ((request: SourceRequest) => unknown);

  /** Makes answers. */
  export interface MakeAnswer {
    /**
     * An answer with a status.
     * @param body a text or bytes as they are, anything else as JSON; default: none
     * @param headers default: the `content-type` of the body
     */
    (status: number, body?: unknown, headers?: Record<string, string>): Answer;
    /** No answer: the connection is refused. */
    refused(): Answer;
  }
  /** Makes answers: `source.get("/hosts", answer(503, "later", { "retry-after": "1" }))`. */
  export const answer: MakeAnswer;

  /** How an answer is used. */
  export interface AnswerOptions {
    /** How many requests get it; those after that get what was scripted before it. Default: all. */
    times?: number;
  }

  /** What stands for the data source. A request without an answer fails the import and the test. */
  export interface DataSource {
    /** The base URL to give the connector as its setting; no two sources share it. */
    readonly url: string;
    /** The requests that came in, in their order. */
    readonly requests: readonly SourceRequest[];
  }

  /** A data source whose answers stand in the test. */
  export interface ScriptedSource extends DataSource {
    /**
     * Scripts the answer to GET requests. Of several that fit a request, the one scripted last
     * counts.
     * @param path the path, in which `:name` stands for any one part and `*` at the end for any
     * rest; with a query, these values must be in the request's query, which may have more; a whole
     * URL where it matters who is asked
     */
    get(path: string, answer: Answering, options?: AnswerOptions): this;
    /** Scripts the answer to POST requests; see {@link ScriptedSource.get}. */
    post(path: string, answer: Answering, options?: AnswerOptions): this;
    /**
     * Scripts the answer to requests of any method, or with "*" of all; see
     * {@link ScriptedSource.get}.
     */
    on(method: string, path: string, answer: Answering, options?: AnswerOptions): this;
  }

  /** Makes a data source whose answers stand in the test. */
  export function dataSource(): ScriptedSource;

  /**
   * Makes a data source that answers from a recording, as `carjs run -record` makes it.
   * @param folder relative to the connector's folder, such as "recordings/first"
   * @throws Error when there is no such recording, or it cannot be read
   */
  export function recorded(folder: string): DataSource;

  // --------------------------------------------------------------------------------------------------
  // connector

  /** Settings of the connector, by the names that `context().args` has. */
  export type Settings = Record<string, string | number | bigint | boolean>;

  /**
   * Adds settings to `context().args` of this file, for tests that call the connector's functions
   * directly. Requests that these make are answered by the data source of this file whose `url`
   * they go to.
   * @throws Error when there is no such setting or the value does not do
   */
  export function settings(values: Settings): void;

  /** How a connector is tested. */
  export interface SubjectOptions {
    /** Answers every request of the connector. */
    source: DataSource;
    /**
     * Checked as those of a run are; default: the defaults of `configurations/config.json`, and
     * with a recording what was recorded.
     */
    settings?: Settings;
  }

  /**
   * The connector with a data source and a CAR service of its own, which keeps its graph and save
   * point from one import to the next.
   */
  export interface Subject {
    /** The graph that the imports have made. */
    readonly graph: Graph;
    /** What the connector says of its connection: 0, or the code of the failure. */
    testConnection(): Promise<number>;
    /**
     * Imports once: incremental when there is a save point, else full. That the import fails is in
     * the result.
     * @param options `full`: full in any case
     * @throws Error when the connector asked for something that the data source has no answer to,
     * or its settings do not do
     */
    import(options?: { full?: boolean }): Promise<ImportResult>;
  }

  /** Makes a connector to test. Nothing of it runs before the first import. */
  export function connector(options: SubjectOptions): Subject;

  /** What became of the objects of one collection. */
  export interface Count {
    /** New or changed: CAR has them now. */
    sent: number;
    /** Not valid, so left out. */
    skipped: number;
    /** Reported before in this import. */
    duplicate: number;
    /** In CAR already with the same values. */
    unchanged: number;
    /** Deleted or, as edges, switched off. */
    deleted: number;
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
    /** Where in the TypeScript, `src/main.ts:7:8`; "" when that is not known. */
    at: string;
    /** Whose fault: "connector", "settings", "data source", "CAR", "carjs". */
    fault: string;
  }

  /** What an import did. */
  export interface ImportResult {
    /** "" when it ended before that was known. */
    mode: "full" | "incremental" | "";
    /** 0 when everything is in CAR. */
    exitCode: number;
    /** What ended it; null when all went well. */
    failure: ImportFailure | null;
    /** The save point that CAR has after it; "" is none. */
    savePoint: string;
    /** The collections of which there is something to say. */
    collections: Record<string, Count>;
    /** The objects that were left out because they are not valid. */
    skipped: {
      collection: string;
      why: string;
      /** Where in the TypeScript it was reported. */
      at: string;
      object: any;
    }[];
    /** The requests that the data source got in this import. */
    requests: SourceRequest[];
  }

  /** An edge, as CAR has it. */
  export type GraphEdge<N extends string> = (N extends EdgeName ? Edges[N] : Record<string, unknown>) & {
    /**
     * The external id of the vertex that it leaves, or its key in ipaddress, hostname and
     * macaddress.
     */
    from: string;
    /** The same of the vertex that it reaches. */
    to: string;
  };

  /**
   * What is in CAR. Each call asks anew. Properties that the connector did not report are not
   * there.
   */
  export interface Graph {
    /**
     * All vertices of a collection, by their keys. @throws Error when there is no such collection
     */
    vertices<N extends VertexName>(collection: N): Vertices[N][];
    /** The vertex with an external id, or a key in ipaddress, hostname and macaddress. */
    vertex<N extends VertexName>(collection: N, key: Id): Vertices[N] | undefined;
    /**
     * All active edges of a collection, by their ends. @throws Error when there is no such
     * collection
     */
    edges<N extends EdgeName>(collection: N): GraphEdge<N>[];
    /** The active edge between two vertices, by their external ids or keys. */
    edge<N extends EdgeName>(collection: N, from: Id, to: Id): GraphEdge<N> | undefined;
    /** How many vertices and active edges there are in each collection that has any. */
    counts(): Record<string, number>;
  }

  // ---------------------------------------------------------------------------------------------
  // time and checks

  /** A point in time: a Date, epoch milliseconds, or text that `Date` reads. */
  export type Moment = Date | number | string;

  /**
   * The clock of the test, and of the imports that it starts. It is the real one again after each
   * test.
   */
  export interface Clock {
    /**
     * Stops the clock: `Date` tells this time, and timers wait for {@link Clock.advance}. @param at
     * default: now
     */
    freeze(at?: Moment): void;
    /**
     * Moves a stopped clock forward and runs the timers that are due meanwhile, each at its time.
     * @throws Error when the clock runs
     */
    advance(ms: number): Promise<void>;
    /** Lets the clock run again; timers that waited go by it. */
    restore(): void;
  }
  /** The clock of the test. */
  export const clock: Clock;

  /** The checks that `carjs test` makes of every connector, beside its own tests. */
  export interface Acceptance {
    /**
     * Leaves a check out.
     * @param check its name, as `carjs test` prints it
     * @param reason why it does not hold for this connector; it is printed
     */
    skip(check: string, reason: string): void;
  }
  /** The checks that `carjs test` makes of every connector. */
  export const acceptance: Acceptance;
}
