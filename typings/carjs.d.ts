/**
 * The module `carjs`: the classes that a connector extends, its context, and its typed failures.
 *
 * A connector is a folder whose `src/main.ts` exports a class that extends {@link BaseApp} as its
 * default:
 *
 * ```ts
 * import { BaseApp } from "carjs";
 * export default class App extends BaseApp {
 *   assetServer = new AssetServer();
 *   fullImport = new FullImport();
 *   incrementalImport = new IncrementalImport();
 * }
 * ```
 *
 * Every method that a connector implements may be `async`. `docs/` explains CAR and the order of a
 * run.
 */
declare module "carjs" {
  /** A value, or a promise of it: what every method of a connector may return. */
  export type Awaitable<T> = T | Promise<T>;

  // ----------------------------------------------------------------------------------------------
  // the connector

  /**
   * The connector itself. carjs creates one instance per run, and then tests the connection or
   * imports: incrementally if possible, otherwise in full.
   */
  export abstract class BaseApp {
    /**
     * @param description one sentence on what the connector imports; shown by
     * `carjs run CONNECTOR -help`
     */
    constructor(description?: string);
    /** Access to the data source; also `context().assetServer`. */
    abstract assetServer: BaseAssetServer;
    /** The full import. */
    abstract fullImport: BaseFullImport;
    /** The incremental import. */
    abstract incrementalImport: BaseIncrementalImport;
    /**
     * The connector's additions to CAR's data model. Before anything else, carjs installs them in
     * CAR if CAR has no extension with this key, or an older version. A newer version in CAR ends
     * the run.
     * @returns the extension, or nothing if the connector needs none (the default)
     */
    getSchemaExtension(): Awaitable<SchemaExtension | null | undefined>;
  }

  /** Access to the data source. Add methods that read what the connector needs. */
  export abstract class BaseAssetServer {
    /**
     * Tests whether the data source is reachable with the current settings. Called only for
     * `-connection-test`; the result is the exit code.
     * @returns 0 if everything is fine, otherwise an {@link ErrorCode}; or throw a
     * {@link DatasourceFailure}
     */
    abstract testConnection(): Awaitable<number>;
  }

  /** The source object in CAR. */
  export interface Source {
    /**
     * Key of the source. carjs always sets it to the connection's name (`args.source`).
     */
    _key?: string;
    /** Display name of the data source. */
    name?: string;
    /** What it is. */
    description?: string;
    /** Where to open the product. */
    product_link?: string;
    /** Further values that CAR stores without interpreting them. */
    properties?: Record<string, unknown>;
  }

  /** The report object of one run in CAR. */
  export interface Report {
    /** Key of the report, unique for the run. Default: derived from the timestamp. */
    _key?: string;
    /** Time of the report, in epoch milliseconds. Default: the start of the run. */
    timestamp?: number;
    /** Type of the report. */
    type?: string;
    /** What it is. */
    description?: string;
  }

  /** Source and report: the head of every envelope that goes to CAR. */
  export interface SourceReport {
    source: Source;
    report: Report;
  }

  /**
   * An id: non-empty text, a whole number, or a BigInt. CAR stores ids as text, numbers and BigInts
   * in decimal digits. A number above 2^53-1 has already lost digits and is rejected: pass such an
   * id as text or as a BigInt.
   */
  export type Id = string | number | bigint;

  /** Names of vertex collections, those of the connector's extension included. */
  export type VertexName = keyof Vertices & string;
  /** Names of edge collections, those of the connector's extension included. */
  export type EdgeName = keyof Edges & string;

  /**
   * An edge with its ends as properties, as in the Python framework.
   * {@link BaseDataHandler.addEdge} has a shorter form.
   */
  export interface EdgeObject {
    /** External id of the vertex that the edge leaves, in collections keyed by external id. */
    _from_external_id?: Id;
    /** External id of the vertex that the edge reaches. */
    _to_external_id?: Id;
    /**
     * `collection/key` of the vertex that the edge leaves, for ipaddress, hostname and macaddress.
     */
    _from?: Id;
    /** `collection/key` of the vertex that the edge reaches. */
    _to?: Id;
    [property: string]: unknown;
  }

  /**
   * The part of a collection that {@link BaseDataHandler.replaces} covers. An empty iterable is an
   * empty part.
   */
  export interface Scope {
    /**
     * Of a vertex collection: only the vertices with these external ids, or keys in ipaddress,
     * hostname and macaddress. An address that has a `region_id` is `REGION/ADDRESS`, here, in `from`
     * and `to`, and in `carService.delete`.
     */
    keys?: Iterable<Id>;
    /**
     * Of a vertex collection: only the vertices that lose their last edge in this run. They are
     * deleted at the end, unless the run adds them. Use it for vertices that exist only because
     * others point at them, such as addresses and host names of assets, if the data source names
     * only the changed assets. Default: false.
     */
    orphans?: boolean;
    /**
     * Only edges that leave these vertices: external ids, or keys in ipaddress, hostname and
     * macaddress.
     */
    from?: Iterable<Id>;
    /** Only edges that reach these vertices. */
    to?: Iterable<Id>;
  }

  /**
   * Takes the objects that a connector adds, validates them, drops duplicates, and sends them to
   * CAR in pages while the connector continues. Vertices are sent as pages fill; edges wait until
   * CAR has accepted every vertex.
   */
  export abstract class BaseDataHandler {
    /** Start of the run, in epoch milliseconds. */
    readonly timestamp: number;

    /** @returns the source and report objects for CAR */
    abstract createSourceReportObject(): Awaitable<SourceReport>;

    /**
     * Adds a vertex. It is validated at once; an invalid one is skipped with a warning that names
     * the reason and this line, and the run continues. If several have the same key, the first
     * counts; if another one differs from it, a warning gives both lines, once per collection.
     * @param name the collection
     * @param object the vertex; a property that is `undefined` or `null` has no value, a Date becomes
     * its ISO text, and a number or BigInt as key is stored as its digits, like every {@link Id}. A
     * vertex that contains what JSON has no form for is invalid: NaN, an infinity, an invalid Date, a
     * Set, a Map, a Promise, a RegExp, an Error, bytes, a function, a symbol, or itself. Of an
     * instance of a class, own properties count; a warning names getters, which are left out.
     * A `bigint` elsewhere, also deep in `properties`, is written as a number with all of its digits,
     * and so are the numbers of an object of `carjs/http` that is passed on unchanged
     * @param key the property that identifies the vertex; default: the collection's own,
     * `external_id`, or `_key` in ipaddress, hostname and macaddress
     * @returns false if the vertex is invalid and was left out, else true
     * @throws Error if there is no such collection, or no import is in progress
     */
    addCollection<N extends VertexName>(name: N, object: Vertices[N], key?: keyof Vertices[N] & string): boolean;

    /**
     * Adds an edge. One already added with the same values is dropped. Its vertices may be added
     * later. If one is neither added in this run nor, in an incremental import, in CAR, the edge is
     * left out with a warning that gives this line.
     * @param name the collection
     * @param from the vertex that the edge leaves: its external id, or its key in ipaddress,
     * hostname and macaddress
     * @param to the vertex that the edge reaches, likewise
     * @param properties further properties of the edge
     * @returns false if the edge is invalid and was left out, else true
     * @throws Error if there is no such collection, or no import is in progress
     */
    addEdge<N extends EdgeName>(name: N, from: Id, to: Id, properties?: Edges[N]): boolean;
    /**
     * Adds an edge in the form of the Python framework, with its ends among its properties.
     * @param name the collection
     * @param object the ends, as `_from_external_id` or `_from`, `_to_external_id` or `_to`,
     * whichever the collection has, and properties. Keys in `_from` and `_to` may be prefixed with
     * their collection. An edge with an end in the wrong property is invalid.
     */
    addEdge<N extends EdgeName>(name: N, object: EdgeObject & Edges[N]): boolean;

    /**
     * For incremental imports: declares that this run adds a collection, or a part of it,
     * completely. At the end of the import carjs deletes the vertices and deactivates the edges of
     * this source that CAR has there and the run did not add. Objects that CAR already has with the
     * same values are not sent again. Await it before you add the first object of the collection.
     * In a full import it does nothing, because CAR does the same by itself.
     *
     * This makes an incremental import equal to a full one: if rows of some kind changed, call
     * replaces for the collections built from such rows, and add all of them again.
     *
     * @param name a vertex collection, or an edge collection
     * @param scope the part of the collection to replace; default: all of it. Ids of several calls
     * add up
     * @throws RecoverableFailure, UnrecoverableFailure if CAR does not return what it has
     */
    replaces(name: VertexName | EdgeName, scope?: Scope): Promise<void>;

    /**
     * Sends the remaining vertices and waits until CAR has accepted all of them. carjs does this
     * after `importVertices`; call it only to know earlier.
     * @param importer ignored; for connectors ported from Python
     */
    sendCollections(importer?: BaseFullImport | BaseIncrementalImport): Promise<void>;

    /**
     * Sends the edges, after all vertices, and waits until CAR has accepted them. carjs does this
     * after `importEdges`.
     */
    sendEdges(importer?: BaseFullImport | BaseIncrementalImport): Promise<void>;
  }

  /**
   * A full import: everything the data source has. CAR retires earlier objects that are not added
   * again.
   */
  export abstract class BaseFullImport {
    /**
     * @returns the source and this run's report; usually
     * `this.dataHandler.createSourceReportObject()`
     */
    abstract createSourceReportObject(): Awaitable<SourceReport>;
    /**
     * Reads the data source's current save point, as text: a number, a time, or a token. carjs
     * calls it before it reads the data, so the next run imports changes made in between again,
     * and saves it in CAR once everything has arrived.
     * @returns the save point, or nothing if the data source has none: then every run is full
     */
    abstract getNewModelStateId(): Awaitable<string | null | undefined>;
    /** Adds every vertex. It may add edges as well: they wait. */
    abstract importVertices(): Awaitable<void>;
    /** Adds every edge that `importVertices` did not add. */
    abstract importEdges(): Awaitable<void>;
    /**
     * Adds objects of one collection and waits until CAR has accepted everything added so far.
     * @param name the collection; without one it only waits
     * @param objects vertices, or edges in the object form
     */
    sendData(name?: VertexName | EdgeName | null, objects?: Iterable<object> | null): Promise<void>;
  }

  /** An incremental import: what changed since the last save point. */
  export abstract class BaseIncrementalImport {
    /**
     * @returns the source and this run's report; usually
     * `this.dataHandler.createSourceReportObject()`
     */
    abstract createSourceReportObject(): Awaitable<SourceReport>;
    /**
     * Like {@link BaseFullImport.getNewModelStateId}; nothing means that this run is full after
     * all.
     */
    abstract getNewModelStateId(): Awaitable<string | null | undefined>;
    /**
     * Asks the data source what changed.
     * @param last the save point of the last run
     * @param current the save point of this run
     * @throws IncrementalImportNotPossible if the data source cannot say: this run is then full
     */
    abstract getDataForDelta(last: string, current: string): Awaitable<void>;
    /** Adds the new and changed vertices. */
    abstract importVertices(): Awaitable<void>;
    /** Adds the new and changed edges. */
    abstract importEdges(): Awaitable<void>;
    /**
     * Deletes removed vertices with `context().carService.delete`, except those that
     * {@link BaseDataHandler.replaces} covers.
     */
    abstract deleteVertices(): Awaitable<void>;
    /** Like {@link BaseFullImport.sendData}. */
    sendData(name?: VertexName | EdgeName | null, objects?: Iterable<object> | null): Promise<void>;
  }

  // -------------------------------------------------------------------------------------------
  // schema extension

  /**
   * Types of an extension's properties: those of CAR's database, each with its valid values.
   *
   * - `text`: a string
   * - `numeric`: any number; give more digits than a number holds as a BigInt
   * - `float`: a number
   * - `integer`: a whole number of 32 bits, -2147483648 to 2147483647
   * - `bigint`: a whole number of 64 bits; give what a number cannot hold exactly as a BigInt
   * - `bigserial`: like bigint; CAR numbers objects without a value
   * - `boolean`: true or false
   * - `timestamp`: epoch milliseconds, or an ISO 8601 time such as `2024-02-29T12:00:00Z`
   * - `inet`: an IPv4 or IPv6 address, with or without a prefix: `10.0.0.1`, `2001:db8::/32`
   * - `macaddr`: a MAC address: `08:00:2b:01:02:03`, `08-00-2b-01-02-03`, `0800.2b01.0203`
   * - `jsonb`: any JSON value except null
   */
  export type ExtensionType =
    | "text" | "numeric" | "boolean" | "integer" | "bigint" | "jsonb"
    | "timestamp" | "inet" | "macaddr" | "bigserial" | "float";

  /** A rule for a text: an object whose value does not match is left out. */
  export interface PatternRule {
    /**
     * Regular expression as text. A part of the value must match; use `^` and `$` to match the
     * whole. For the types `text`, `inet`, `macaddr` and `timestamp`.
     */
    pattern: string;
    /** The message for a value that does not match; the first `%` is replaced by the value. */
    error_message?: string;
  }

  /** A rule for a number: an object whose value is out of the range is left out. */
  export interface RangeRule {
    /** The least value. For the types `numeric`, `float`, `integer`, `bigint` and `bigserial`. */
    minimum: number | bigint;
    /** The greatest value. */
    maximum: number | bigint;
    /** The message for a value out of the range; the first `%` is replaced by the value. */
    error_message?: string;
  }

  /** A rule for an object as a whole: it must have all properties of exactly one of the groups. */
  export interface OneOfRule {
    /** The groups, in CAR's form, and the message for an object that breaks the rule. */
    oneOf: { pattern: { required: string[] }[]; error_message?: string };
  }

  /** One property that an extension adds. */
  export interface ExtensionProperty {
    /** Type of the value. */
    type: ExtensionType;
    /** What it is. */
    description?: string;
    /** Whether CAR keeps an index on it. Default: false. */
    indexed?: boolean;
    /**
     * Whether an object without it is invalid. Default: false. If CAR fills in the value, by
     * `default` or because the type is `bigserial`, objects may omit it.
     */
    required?: boolean;
    /** Whether no two objects of one source may share a value. Default: false. */
    unique?: boolean;
    /** Rules for the value; all of them apply. */
    validation?: (PatternRule | RangeRule)[];
    /** Value for objects without one; it must fit the type and the rules. */
    default?: unknown;
  }

  /** A vertex of an extension. */
  export interface ExtensionVertex {
    /** Name of the collection, lower-case letters: a new one, or one that gets further properties. */
    name: string;
    /** What is added, by name: lower-case letters, digits and underscores. Default: nothing. */
    properties?: Record<string, ExtensionProperty>;
    /** Rules for the object as a whole; all of them apply. */
    validation?: OneOfRule[];
  }

  /** An edge of an extension. */
  export interface ExtensionEdge {
    /** Vertex collection that the edge leaves. The edge's own collection is named `end1_end2`. */
    end1: string;
    /** Vertex collection that the edge reaches. */
    end2: string;
    /** What is added, by name: lower-case letters, digits and underscores. Default: nothing. */
    properties?: Record<string, ExtensionProperty>;
    /** Rules for the object as a whole; all of them apply. */
    validation?: OneOfRule[];
  }

  /** What an extension adds to the model. */
  export interface ExtensionSchema {
    /** Vertex collections that are new, or that get further properties. */
    vertices?: ExtensionVertex[];
    /** Edge collections that are new, or that get further properties. */
    edges?: ExtensionEdge[];
  }

  /** A connector's additions to CAR's data model. */
  export class SchemaExtension {
    /**
     * @param extension `key`: a UUID that never changes; `owner`: the connector; `version`: a whole
     * number as text, raised with every change; `schema`: what is added, as an object or as JSON
     * text
     */
    constructor(extension: { key: string; owner: string; version: string; schema: ExtensionSchema | string });
    readonly key: string;
    readonly owner: string;
    readonly version: string;
    readonly schema: ExtensionSchema;
  }

  // --------------------------------------------------------------------------------------------
  // context

  /**
   * The settings of the run. carjs's own are declared here. A connector's settings are added under
   * the name of their environment variable and, if it is free, under their short name:
   * `configuration.auth.url` is both `args.CONFIGURATION_AUTH_URL` and `args.url`. Declare them by
   * augmenting this interface.
   */
  export interface Args {
    /** Name of the connection (`-source`, CONNECTION_NAME): the key of the source in CAR. */
    readonly source: string;
    /** Name of the connector (`-name`, CONNECTOR_NAME). */
    readonly name: string;
    /** Version of the connector (`-version`, CONNECTOR_VERSION). */
    readonly version: string;
    /** Whether debug lines are logged (`-d`, DEBUG). */
    readonly debug: boolean;
    /** The same as `source`, under its environment name. */
    readonly CONNECTION_NAME: string;
    /** The same as `name`, under its environment name. */
    readonly CONNECTOR_NAME: string;
    /** The same as `version`, under its environment name. */
    readonly CONNECTOR_VERSION: string;
  }

  /**
   * Writes to the run's log on standard error. Formats arguments like `console.log`.
   */
  export interface Logger {
    /** Shown with `-d` only. */
    debug(message: unknown, ...more: unknown[]): void;
    /** What an operator should know. */
    info(message: unknown, ...more: unknown[]): void;
    /** A problem, but the run continues. */
    warn(message: unknown, ...more: unknown[]): void;
    /** The same as `warn`, for connectors ported from Python. */
    warning(message: unknown, ...more: unknown[]): void;
    /** An error. */
    error(message: unknown, ...more: unknown[]): void;
  }

  /** A row of a GraphQL response. */
  export type Row = Record<string, any>;

  /**
   * Calls to CAR other than sending objects. Failures are {@link RecoverableFailure} or
   * {@link UnrecoverableFailure}. A missing or invalid argument, such as an undefined id, is a
   * TypeError that names it, thrown before CAR is called.
   */
  export interface CarService {
    /**
     * Deletes vertices of this source, and deactivates this source's edges at them. During an import
     * this happens at its end, once it is known that everything that goes is within
     * `-max-deletions`. A vertex that the import adds stays, with a warning.
     * @param collection a vertex collection
     * @param ids external ids, or keys in ipaddress, hostname and macaddress: an array or any other
     * iterable
     */
    delete(collection: VertexName, ids: Iterable<Id>): Promise<void>;
    /**
     * Looks up this source's edges at vertices in CAR. It tells what a deleted object was linked to,
     * which the data source often no longer knows.
     * @param collection an edge collection
     * @param ends the vertices: edges that start at one in `from` or end at one in `to`, by external
     * id, or by key in ipaddress, hostname and macaddress
     * @returns the ends of each edge, without the names of their collections
     * @throws IncrementalImportNotPossible if CAR does not answer the query: the run continues as a
     * full import
     */
    edgesAt(collection: EdgeName, ends: { from?: Iterable<Id>; to?: Iterable<Id> }): Promise<{ from: string; to: string }[]>;
    /**
     * Looks up objects by the value of one attribute.
     * @param collection a vertex or edge collection
     * @param attribute name of the attribute, such as "source"
     * @param value what it must equal, in CAR's form as text
     * @param fields which fields of the objects to return. A vertex's `id` is `SOURCE/KEY`; an edge
     * has `<end>_id`, `source`, `active`
     * @returns the objects under the collection's name, or null if CAR has none
     */
    searchCollection(
      collection: VertexName | EdgeName, attribute: string, value: string | number | bigint | boolean, fields: Iterable<string>,
    ): Promise<Record<string, Row[]> | null>;
    /**
     * Sends a GraphQL query, in Hasura's dialect.
     * @param query the query's text
     * @param variables values for the query's variables
     * @returns the response, with rows under `data`; null if CAR answers 404
     */
    queryGraphql(query: string, variables?: Record<string, unknown>): Promise<{ data: Record<string, any> } | null>;
    /**
     * Changes fields of one edge. During an import, `{ active: false }` takes effect at its end, as
     * {@link CarService.delete} does, unless the edge is added after the call.
     * @param source key of the source; a connector can change only its own edges
     * @param edge which edge: the collection as `edge_type`, and the external ids or keys of its
     * ends
     * @param data the fields, such as `{ active: false }`
     */
    edgePatch(source: string, edge: { edge_type: EdgeName; from: Id; to: Id }, data: Record<string, unknown>): Promise<void>;
    /**
     * Changes a field of one vertex.
     * @param change the collection as `resource_type`, the external id as `resource_id`, and `name`
     * or `pending_update`
     */
    databasePatchValue(change: { resource_type: VertexName; resource_id: Id; name?: string; pending_update?: unknown }): Promise<void>;
    /**
     * Looks up objects by one attribute.
     * @deprecated CAR will remove it; use {@link CarService.searchCollection}. Warns once per run.
     * @returns the objects, empty if CAR has none
     */
    graphAttributeSearch(collection: VertexName, attribute: string, value: string | number | bigint | boolean): Promise<Row[]>;
    /** @returns the JSON Schema of the import envelope, as `{ schema }` */
    getImportSchema(): Promise<{ schema: Record<string, any> }>;
    /** @returns CAR's save point for this source, or null if there is none */
    getModelStateId(): Promise<string | null>;
    /**
     * Sets the save point that this run stores, instead of the result of `getNewModelStateId`. It
     * is stored when CAR has everything, not at once: otherwise a later failure would leave a gap
     * that no run notices.
     */
    saveModelStateId(id: Id): Promise<void>;
    /**
     * Clears the save point at once: if this run fails, the next one is full. A successful run
     * stores its own.
     */
    resetModelStateId(): Promise<void>;
    /**
     * Creates CAR's database, its graph and its indexes if they are missing, and waits until it is
     * ready. Every run does this before it calls the connector.
     * @returns whether anything was created
     */
    createDatabase(): Promise<boolean>;
    /**
     * @param key UUID of a schema extension
     * @returns CAR's extension, or null if it has none with this key
     */
    getExtension(key: string): Promise<SchemaExtension | null>;
    /**
     * Installs a schema extension in CAR if it has none with this key, or an older one. carjs does
     * this with the result of {@link BaseApp.getSchemaExtension}, and validates objects only
     * against that one.
     * @throws RecoverableFailure if CAR has a newer one
     */
    setExtension(extension: SchemaExtension): Promise<void>;
  }

  /** What a connector can access from anywhere. */
  export interface Context {
    /** The settings of the run. */
    readonly args: Args;
    /** The run's log. */
    readonly logger: Logger;
    /** The connector's access to the data source, once the app is constructed. */
    readonly assetServer: BaseAssetServer;
    /** Calls to CAR. */
    readonly carService: CarService;
  }

  /** @returns the context of the run */
  export function context(): Context;

  // ---------------------------------------------------------------------------------------------------
  // failures

  /** Exit codes of a run, and what `testConnection` returns. */
  export const ErrorCode: {
    /** Anything other than a typed failure. */
    readonly GENERAL_APPLICATION_FAILURE: 1;
    /** Missing or invalid settings. */
    readonly CONNECTOR_RUNTIME_INVALID_PARAMETER: 2;
    /** The next run may be incremental. */
    readonly RECOVERABLE_DEFAULT_FAILURE: 10;
    /** The next run is full. */
    readonly UNRECOVERABLE_FAILURE_DEFAULT: 20;
    /** The data source failed; no details are known. */
    readonly DATASOURCE_FAILURE_DEFAULT: 50;
    /** The data source is unreachable. */
    readonly DATASOURCE_FAILURE_CONNECT: 51;
    /** The data source rejects the credentials. */
    readonly DATASOURCE_FAILURE_AUTH: 52;
    /** The credentials lack the permission. */
    readonly DATASOURCE_FAILURE_FORBIDDEN: 53;
    /** The data source rejects a parameter. */
    readonly DATASOURCE_FAILURE_INVALID_PARAMETER: 54;
    /** The data source sent invalid data. */
    readonly DATASOURCE_FAILURE_DATA_PROCESS: 55;
  };

  /** Options of a failure. */
  export interface FailureOptions {
    /** The run's exit code, 1 to 255. Default: the code of the failure's class. */
    code?: number;
    /** The next step for the operator, one sentence. */
    hint?: string;
    /** The underlying error. */
    cause?: unknown;
  }

  /** The base class of the typed failures. Throw one of its subclasses. */
  export abstract class ConnectorFailure extends Error {
    /** @param options the exit code, or code, hint and cause */
    constructor(message: string, options?: number | FailureOptions);
    /** The run's exit code. */
    readonly code: number;
    /** The next step, empty if none was given. */
    readonly hint: string;
  }

  /** Ends the run; the next one may be incremental. Exit code 10. */
  export class RecoverableFailure extends ConnectorFailure {}
  /**
   * Ends the run and resets the save point, because CAR may have a gap: the next run is full. Exit
   * code 20.
   */
  export class UnrecoverableFailure extends ConnectorFailure {}
  /**
   * The data source failed. Ends the run and keeps the save point. Exit code 50; {@link ErrorCode}
   * has more specific ones.
   */
  export class DatasourceFailure extends ConnectorFailure {}
  /** Not a failure: an incremental import throws it to make this run full. */
  export class IncrementalImportNotPossible extends Error {
    /** @param message why; it goes to the log */
    constructor(message?: string, options?: { cause?: unknown });
  }
}
