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
 * Every method that a connector implements may be `async`. What CAR is, and what a run does in
 * which order, is in `docs/`.
 */
declare module "carjs" {
  /** A value, or a promise of it: what every method of a connector may return. */
  export type Awaitable<T> = T | Promise<T>;

  // ----------------------------------------------------------------------------------------------
  // the connector

  /**
   * The connector itself. carjs makes one instance a run and then does what the run needs: test the
   * connection, or import, incrementally when that is possible and in full when it is not.
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
     * The connector's additions to CAR's data model. carjs brings them to CAR before anything else
     * when CAR has none of this key or an older version; a newer version in CAR ends the run.
     * @returns the extension, or nothing when the connector needs none (the default)
     */
    getSchemaExtension(): Awaitable<SchemaExtension | null | undefined>;
  }

  /** Access to the data source. A connector adds to it whatever it needs to read from there. */
  export abstract class BaseAssetServer {
    /**
     * Tells whether the data source can be reached with the settings given. Called by
     * `-connection-test` alone, whose exit code it is.
     * @returns 0 when all is well, else an {@link ErrorCode}; throwing a {@link DatasourceFailure}
     * says the same
     */
    abstract testConnection(): Awaitable<number>;
  }

  /** What names the source in CAR. */
  export interface Source {
    /**
     * Key of the source. carjs sets it to the connection's name (`args.source`), whatever stands
     * here.
     */
    _key?: string;
    /** What people call the data source. */
    name?: string;
    /** What it is. */
    description?: string;
    /** Where to open the product. */
    product_link?: string;
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }

  /** What names one run's report in CAR. */
  export interface Report {
    /** Key of the report, unique for the run. Default: made from the timestamp. */
    _key?: string;
    /** When the report was made, epoch milliseconds. Default: the start of the run. */
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
   * An id: a text that is not empty, a whole number, or a BigInt. CAR keeps ids as text; numbers
   * and BigInts become their decimal digits. A number above 2^53-1 has lost digits already and is
   * refused: pass such an id as text or as a BigInt.
   */
  export type Id = string | number | bigint;

  /** Names of vertex collections, those of the connector's extension included. */
  export type VertexName = keyof Vertices & string;
  /** Names of edge collections, those of the connector's extension included. */
  export type EdgeName = keyof Edges & string;

  /**
   * An edge with its ends spelt out, as the Python framework has it.
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
   * Which part of a collection {@link BaseDataHandler.replaces} is about. An iterable that is empty
   * is a part with nothing in it.
   */
  export interface Scope {
    /**
     * Of a vertex collection: only the vertices with these external ids, or keys in ipaddress,
     * hostname and macaddress.
     */
    keys?: Iterable<Id>;
    /**
     * Of a vertex collection: only the vertices that lose their last edge in this run. They are
     * deleted at the end, unless the run reports them. For what is there because others point at
     * it, such as the addresses and host names of assets, where the data source names the changed
     * assets only. Default: false.
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
   * Takes the objects that a connector reports, validates them, drops what was reported before, and
   * sends them to CAR in pages while the connector goes on. Vertices leave as pages fill; edges
   * wait until every vertex is accepted.
   */
  export abstract class BaseDataHandler {
    /** When the run began, epoch milliseconds. */
    readonly timestamp: number;

    /** @returns what names the source and this run's report in CAR */
    abstract createSourceReportObject(): Awaitable<SourceReport>;

    /**
     * Reports a vertex. It is validated at once; one that is not valid is left out with a warning
     * that names the reason and this line, and the run goes on. Of several with one key, the first
     * counts.
     * @param name the collection
     * @param object the vertex; properties that are `undefined` are left out, and a key that is a
     * number or a BigInt is kept as its digits, like every {@link Id}
     * @param key the property that identifies the vertex; default: the collection's own,
     * `external_id`, or `_key` in ipaddress, hostname and macaddress
     * @returns false when the vertex was left out because it is not valid, else true
     * @throws Error when there is no such collection, or no import is under way
     */
    addCollection<N extends VertexName>(name: N, object: Vertices[N], key?: keyof Vertices[N] & string): boolean;

    /**
     * Reports an edge. One that was reported before with the same values is dropped.
     * @param name the collection
     * @param from the vertex that the edge leaves: its external id, or its key in ipaddress,
     * hostname and macaddress
     * @param to the vertex that the edge reaches, likewise
     * @param properties what else the edge carries
     * @returns false when the edge was left out because it is not valid, else true
     * @throws Error when there is no such collection, or no import is under way
     */
    addEdge<N extends EdgeName>(name: N, from: Id, to: Id, properties?: Edges[N]): boolean;
    /**
     * Reports an edge in the form of the Python framework, with its ends among its properties.
     * @param name the collection
     * @param object the ends, as `_from_external_id` or `_from`, `_to_external_id` or `_to`, and
     * properties
     */
    addEdge<N extends EdgeName>(name: N, object: EdgeObject & Edges[N]): boolean;

    /**
     * For incremental imports: says that this run reports a collection, or a part of it,
     * completely. At the end of the import carjs deletes the vertices and deactivates the edges of
     * this source that CAR has there and the run did not add; what CAR has already with the same
     * values is not sent again. Await it before the first object of the collection. In a full
     * import it does nothing, because CAR does the same by itself.
     *
     * This is how an incremental import comes out equal to a full one: when the data source's delta
     * says that rows of a kind changed, declare the collections that are made of such rows, report
     * them, and forget about the rest.
     *
     * @param name a vertex collection, or an edge collection
     * @param scope the part of the collection that is replaced; default: all of it. Ids of several
     * calls add up
     * @throws RecoverableFailure, UnrecoverableFailure when CAR does not tell what it has
     */
    replaces(name: VertexName | EdgeName, scope?: Scope): Promise<void>;

    /**
     * Sends what is left of the vertices and waits until CAR has accepted all of them. carjs does
     * it by itself after `importVertices`; calling it is for connectors that want to know earlier.
     * @param importer the import that sends; there for connectors ported from Python
     */
    sendCollections(importer?: BaseFullImport | BaseIncrementalImport): Promise<void>;

    /**
     * Sends the edges, after all vertices, and waits until CAR has accepted them. carjs does it by
     * itself after `importEdges`.
     */
    sendEdges(importer?: BaseFullImport | BaseIncrementalImport): Promise<void>;
  }

  /**
   * A full import: everything the data source has. What was in CAR before and is not reported again
   * is retired by CAR.
   */
  export abstract class BaseFullImport {
    /**
     * @returns what names the source and this run's report; usually
     * `this.dataHandler.createSourceReportObject()`
     */
    abstract createSourceReportObject(): Awaitable<SourceReport>;
    /**
     * Reads the data source's present save point: a number, a time, a token, as text. It is read
     * before the data, so that what changes in between is brought over again by the next run, and
     * saved in CAR once everything arrived.
     * @returns the save point, or nothing when the data source has none: then every run is full
     */
    abstract getNewModelStateId(): Awaitable<string | null | undefined>;
    /** Reports every vertex. Edges may be reported as well: they wait. */
    abstract importVertices(): Awaitable<void>;
    /** Reports every edge that was not reported by `importVertices`. */
    abstract importEdges(): Awaitable<void>;
    /**
     * Reports objects of one collection and waits until CAR has accepted what was reported so far.
     * @param name the collection; without one only waits
     * @param objects vertices, or edges in the object form
     */
    sendData(name?: VertexName | EdgeName | null, objects?: Iterable<object> | null): Promise<void>;
  }

  /** An incremental import: what changed since the last save point. */
  export abstract class BaseIncrementalImport {
    /**
     * @returns what names the source and this run's report; usually
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
     * @throws IncrementalImportNotPossible when the data source cannot tell: this run is full then
     */
    abstract getDataForDelta(last: string, current: string): Awaitable<void>;
    /** Reports the vertices that are new or changed. */
    abstract importVertices(): Awaitable<void>;
    /** Reports the edges that are new or changed. */
    abstract importEdges(): Awaitable<void>;
    /**
     * Deletes the vertices that are gone, with `context().carService.delete`. What
     * {@link BaseDataHandler.replaces} covers goes by itself.
     */
    abstract deleteVertices(): Awaitable<void>;
    /** Like {@link BaseFullImport.sendData}. */
    sendData(name?: VertexName | EdgeName | null, objects?: Iterable<object> | null): Promise<void>;
  }

  // -------------------------------------------------------------------------------------------
  // schema extension

  /**
   * Types of an extension's properties: those of CAR's database, each with the values that an object
   * may have.
   *
   * - `text`: a string
   * - `numeric`: any number; give more digits than a number holds as a BigInt
   * - `float`: a number
   * - `integer`: a whole number of 32 bits, -2147483648 to 2147483647
   * - `bigint`: a whole number of 64 bits; give what a number cannot hold exactly as a BigInt
   * - `bigserial`: like bigint, and CAR numbers the objects that have none
   * - `boolean`: true or false
   * - `timestamp`: epoch milliseconds, or an ISO 8601 time such as `2024-02-29T12:00:00Z`
   * - `inet`: an IPv4 or IPv6 address, with a prefix or without: `10.0.0.1`, `2001:db8::/32`
   * - `macaddr`: a MAC address: `08:00:2b:01:02:03`, `08-00-2b-01-02-03`, `0800.2b01.0203`
   * - `jsonb`: any JSON value but null
   */
  export type ExtensionType =
    | "text" | "numeric" | "boolean" | "integer" | "bigint" | "jsonb"
    | "timestamp" | "inet" | "macaddr" | "bigserial" | "float";

  /** A rule for a text: an object whose value does not match is left out. */
  export interface PatternRule {
    /**
     * Regular expression as text, which the value must match somewhere; `^` and `$` tie it to the
     * whole. For the types `text`, `inet`, `macaddr` and `timestamp`.
     */
    pattern: string;
    /** What is said of a value that does not match; the first `%` stands for the value. */
    error_message?: string;
  }

  /** A rule for a number: an object whose value is out of the range is left out. */
  export interface RangeRule {
    /** The least value. For the types `numeric`, `float`, `integer`, `bigint` and `bigserial`. */
    minimum: number;
    /** The greatest value. */
    maximum: number;
    /** What is said of a value out of the range; the first `%` stands for the value. */
    error_message?: string;
  }

  /** A rule for an object as a whole: it must have all properties of exactly one of the groups. */
  export interface OneOfRule {
    /** The groups, in CAR's form, and what is said of an object that breaks the rule. */
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
     * Whether an object without it is not valid. Default: false. Where CAR fills the value in, by
     * `default` or because the type is `bigserial`, objects may come without it.
     */
    required?: boolean;
    /** Whether no two objects of one source may share a value. Default: false. */
    unique?: boolean;
    /** Rules for the value; all of them hold. */
    validation?: (PatternRule | RangeRule)[];
    /** Value of objects that have none: one that type and rules admit. */
    default?: unknown;
  }

  /** A vertex of an extension. */
  export interface ExtensionVertex {
    /** Name of the collection, lower-case letters: a new one, or one that gets further properties. */
    name: string;
    /** What is added, by name: lower-case letters, digits and underscores. Default: nothing. */
    properties?: Record<string, ExtensionProperty>;
    /** Rules for the object as a whole; all of them hold. */
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
    /** Rules for the object as a whole; all of them hold. */
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

  // ----------------------------------------------------------------------------------------------------
  // context

  /**
   * The settings of the run. carjs's own are declared here; a connector's own stand beside them
   * under the name of their environment variable and, where it is free, under their short name:
   * `configuration.auth.url` is both `args.CONFIGURATION_AUTH_URL` and `args.url`. A connector
   * declares its own by augmenting this interface.
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
   * Writes to the run's log, which goes to standard error. Arguments are shown as `console.log`
   * shows them.
   */
  export interface Logger {
    /** Shown with `-d` only. */
    debug(message: unknown, ...more: unknown[]): void;
    /** What an operator should know. */
    info(message: unknown, ...more: unknown[]): void;
    /** Something is not right, but the run goes on. */
    warn(message: unknown, ...more: unknown[]): void;
    /** The same as `warn`, for connectors ported from Python. */
    warning(message: unknown, ...more: unknown[]): void;
    /** Something is wrong. */
    error(message: unknown, ...more: unknown[]): void;
  }

  /** A row of a GraphQL answer. */
  export type Row = Record<string, any>;

  /**
   * What a connector may ask of CAR besides sending objects. Failures are
   * {@link RecoverableFailure} or {@link UnrecoverableFailure}. An argument that is missing or of
   * the wrong kind, such as an id that is undefined, is a TypeError that names it, before CAR is
   * asked.
   */
  export interface CarService {
    /**
     * Deletes vertices of this source, and switches off the edges of this source at them.
     * @param collection a vertex collection
     * @param ids external ids, or keys in ipaddress, hostname and macaddress: an array or any other
     * iterable
     */
    delete(collection: VertexName, ids: Iterable<Id>): Promise<void>;
    /**
     * Looks up objects by the value of one attribute.
     * @param collection a vertex or edge collection
     * @param attribute name of the attribute, such as "source"
     * @param value what it must equal, in CAR's form as text
     * @param fields which fields of the objects to return. A vertex's `id` is `SOURCE/KEY`; an edge
     * has `<end>_id`, `source`, `active`
     * @returns the objects under the collection's name, or null when CAR has nothing of the kind
     */
    searchCollection(collection: VertexName | EdgeName, attribute: string, value: string | number | bigint | boolean, fields: Iterable<string>): Promise<Record<string, Row[]> | null>;
    /**
     * Sends a GraphQL query, in Hasura's manner.
     * @param query the query's text
     * @param variables values for the query's variables
     * @returns the answer, its rows under `data`; null when CAR has nothing of the kind
     */
    queryGraphql(query: string, variables?: Record<string, unknown>): Promise<{ data: Record<string, any> } | null>;
    /**
     * Changes fields of one edge.
     * @param source key of the source; carjs lets a connector change its own edges only
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
     * @deprecated CAR is giving it up; use {@link CarService.searchCollection}. Warns once a run.
     * @returns the objects; none when CAR has nothing
     */
    graphAttributeSearch(collection: VertexName, attribute: string, value: string | number | bigint | boolean): Promise<Row[]>;
    /** @returns the JSON Schema of the import envelope, as `{ schema }` */
    getImportSchema(): Promise<{ schema: Record<string, any> }>;
    /** @returns the save point that CAR has for this source, or null when there is none */
    getModelStateId(): Promise<string | null>;
    /**
     * Names the save point that this run stores, in place of what `getNewModelStateId` returned. It
     * is not stored at once but when everything has arrived: a run that failed after that would
     * have left a gap that no later run knows of.
     */
    saveModelStateId(id: Id): Promise<void>;
    /**
     * Takes the save point away, at once: when this run fails, the next one is full. A run that
     * succeeds stores its own.
     */
    resetModelStateId(): Promise<void>;
    /**
     * Creates CAR's database, its graph and its indexes where they are not there, and waits until
     * it is ready. Every run has done so before it asks the connector for anything.
     * @returns whether anything was created
     */
    createDatabase(): Promise<boolean>;
    /**
     * @param key UUID of a schema extension
     * @returns the extension that CAR has, or null when it has none of that key
     */
    getExtension(key: string): Promise<SchemaExtension | null>;
    /**
     * Gives CAR a schema extension, when it has none of the key or an older one. carjs does so by
     * itself with what {@link BaseApp.getSchemaExtension} returns, and only that one describes what
     * the connector may report.
     * @throws RecoverableFailure when CAR has a newer one
     */
    setExtension(extension: SchemaExtension): Promise<void>;
  }

  /** What a connector can reach from everywhere. */
  export interface Context {
    /** The settings of the run. */
    readonly args: Args;
    /** The run's log. */
    readonly logger: Logger;
    /** The connector's access to the data source, once the app has been made. */
    readonly assetServer: BaseAssetServer;
    /** What a connector may ask of CAR. */
    readonly carService: CarService;
  }

  /** @returns the context of the run */
  export function context(): Context;

  // ---------------------------------------------------------------------------------------------------
  // failures

  /** Exit codes of a run, and what `testConnection` returns. */
  export const ErrorCode: {
    /** Anything that is none of the typed failures. */
    readonly GENERAL_APPLICATION_FAILURE: 1;
    /** Missing or bad settings. */
    readonly CONNECTOR_RUNTIME_INVALID_PARAMETER: 2;
    /** The next run may be incremental. */
    readonly RECOVERABLE_DEFAULT_FAILURE: 10;
    /** The next run is full. */
    readonly UNRECOVERABLE_FAILURE_DEFAULT: 20;
    /** The data source failed, no more is known. */
    readonly DATASOURCE_FAILURE_DEFAULT: 50;
    /** The data source cannot be reached. */
    readonly DATASOURCE_FAILURE_CONNECT: 51;
    /** The data source does not know the credentials. */
    readonly DATASOURCE_FAILURE_AUTH: 52;
    /** The credentials are not allowed to do what was asked. */
    readonly DATASOURCE_FAILURE_FORBIDDEN: 53;
    /** The data source refuses a parameter. */
    readonly DATASOURCE_FAILURE_INVALID_PARAMETER: 54;
    /** What the data source sent cannot be understood. */
    readonly DATASOURCE_FAILURE_DATA_PROCESS: 55;
  };

  /** What a failure may carry besides its message. */
  export interface FailureOptions {
    /** The run's exit code, 1 to 255. Default: the code of the failure's class. */
    code?: number;
    /** The next step for whoever reads it, one sentence. */
    hint?: string;
    /** What led to it. */
    cause?: unknown;
  }

  /** What the typed failures have in common. Throw one of its subclasses. */
  export abstract class ConnectorFailure extends Error {
    /** @param options the exit code, or code, hint and cause */
    constructor(message: string, options?: number | FailureOptions);
    /** The run's exit code. */
    readonly code: number;
    /** The next step, empty when nobody gave one. */
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
   * The data source failed. Ends the run, the save point is kept. Exit code 50; {@link ErrorCode}
   * has finer ones.
   */
  export class DatasourceFailure extends ConnectorFailure {}
  /** No failure: says that this run must be full. To be thrown by an incremental import. */
  export class IncrementalImportNotPossible extends Error {
    /** @param message why; it goes to the log */
    constructor(message?: string, options?: { cause?: unknown });
  }
}
