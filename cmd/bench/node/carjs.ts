// The module "carjs" for Node: as much of it as a full import needs. Its types are those of
// typings/carjs.d.ts, which esbuild does not look at.
import { Pages } from "./pages";

/** What a run has: set by run.ts before the connector is made. */
export const run = {
  args: {} as Record<string, string>,
  timestamp: 0,
  pages: undefined as Pages | undefined,
  assetServer: undefined as unknown,
};

const log = (level: string) => (...parts: unknown[]) => console.error(level, ...parts);

export function context() {
  return {
    args: run.args,
    assetServer: run.assetServer,
    logger: { debug() {}, info: log("info"), warn: log("warn"), warning: log("warn"), error: log("error") },
  };
}

function pages(): Pages {
  if (!run.pages) throw new Error("no import is under way");
  return run.pages;
}

export class BaseApp {
  constructor(readonly description?: string) {}
  getSchemaExtension(): unknown {
    return undefined;
  }
}

export class BaseAssetServer {}

export class BaseDataHandler {
  get timestamp() {
    return run.timestamp;
  }
  addCollection(name: string, object: Record<string, unknown>, key?: string): boolean {
    return pages().addVertex(name, object, key);
  }
  addEdge(name: string, from: string | Record<string, unknown>, to?: string, properties?: Record<string, unknown>): boolean {
    return pages().addEdge(name, from, to, properties);
  }
  async replaces() {}
  sendCollections() {
    return pages().sendVertices();
  }
  sendEdges() {
    return pages().sendEdges();
  }
}

export class BaseFullImport {}
export class BaseIncrementalImport {}

export class SchemaExtension {
  readonly key: string;
  readonly owner: string;
  readonly version: string;
  readonly schema: any;
  constructor(extension: { key: string; owner: string; version: string; schema: any }) {
    this.key = extension.key;
    this.owner = extension.owner;
    this.version = extension.version;
    this.schema = extension.schema;
  }
}

class ConnectorFailure extends Error {
  constructor(message: string, readonly code: number) {
    super(message);
  }
}
export class RecoverableFailure extends ConnectorFailure {
  constructor(message: string, code = 10) {
    super(message, code);
  }
}
export class UnrecoverableFailure extends ConnectorFailure {
  constructor(message: string, code = 20) {
    super(message, code);
  }
}
export class DatasourceFailure extends ConnectorFailure {
  constructor(message: string, code = 50) {
    super(message, code);
  }
}
export class IncrementalImportNotPossible extends Error {}

export const ErrorCode = {
  GENERAL_APPLICATION_FAILURE: 1,
  CONNECTOR_RUNTIME_INVALID_PARAMETER: 2,
  RECOVERABLE_DEFAULT_FAILURE: 10,
  UNRECOVERABLE_FAILURE_DEFAULT: 20,
  DATASOURCE_FAILURE_DEFAULT: 50,
  DATASOURCE_FAILURE_CONNECT: 51,
  DATASOURCE_FAILURE_AUTH: 52,
  DATASOURCE_FAILURE_FORBIDDEN: 53,
  DATASOURCE_FAILURE_INVALID_PARAMETER: 54,
  DATASOURCE_FAILURE_DATA_PROCESS: 55,
};
