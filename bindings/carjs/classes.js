// The classes of the module "carjs", in the form that goja runs without a build. What each does for
// an author is said in typings/carjs.d.ts. native is the Go side, with one function for each thing
// that JavaScript cannot do itself.
(function (native) {
  "use strict";

  class ConnectorFailure extends Error {
    constructor(message, options, defaultCode) {
      const given = typeof options === "object" && options !== null ? options : { code: options };
      super(message === undefined ? "" : String(message), "cause" in given ? { cause: given.cause } : undefined);
      const code = given.code === undefined || given.code === null ? defaultCode : Number(given.code);
      if (!Number.isInteger(code) || code < 1 || code > 255) {
        throw new RangeError(`the code of a failure is an exit code from 1 to 255, not ${String(given.code)}`);
      }
      Object.defineProperty(this, "code", { value: code, enumerable: true });
      Object.defineProperty(this, "hint", { value: given.hint === undefined ? "" : String(given.hint), enumerable: false });
    }
  }

  class RecoverableFailure extends ConnectorFailure {
    constructor(message, options) { super(message, options, 10); }
  }
  class UnrecoverableFailure extends ConnectorFailure {
    constructor(message, options) { super(message, options, 20); }
  }
  class DatasourceFailure extends ConnectorFailure {
    constructor(message, options) { super(message, options, 50); }
  }
  class IncrementalImportNotPossible extends Error {}

  for (const failure of [ConnectorFailure, RecoverableFailure, UnrecoverableFailure, DatasourceFailure, IncrementalImportNotPossible]) {
    Object.defineProperty(failure.prototype, "name", { value: failure.name, writable: true, configurable: true });
  }

  const ErrorCode = Object.freeze({
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
  });

  class BaseApp {
    constructor(description) { this.description = description; }
    getSchemaExtension() { return undefined; }
  }

  class BaseAssetServer {}

  class BaseImport {
    async sendData(name, objects) {
      if (name) {
        for (const object of objects) native.add(name, object);
      }
      await native.sendVertices();
      if (native.isEdge(name)) await native.sendEdges();
    }
  }
  class BaseFullImport extends BaseImport {}
  class BaseIncrementalImport extends BaseImport {}

  class BaseDataHandler {
    get timestamp() { return native.timestamp(); }
    replaces(name, scope) { return native.replaces(name, scope); }
    sendCollections() { return native.sendVertices(); }
    sendEdges() { return native.sendEdges(); }
  }
  // Native functions themselves, not methods that call them: one of these runs for every record.
  Object.defineProperties(BaseDataHandler.prototype, {
    addCollection: { value: native.addCollection, writable: true, configurable: true },
    addEdge: { value: native.addEdge, writable: true, configurable: true },
  });

  class SchemaExtension {
    constructor({ key, owner, version, schema } = {}) {
      this.key = key;
      this.owner = owner;
      this.version = String(version);
      this.schema = typeof schema === "string" ? JSON.parse(schema) : schema;
    }
  }

  return {
    BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, SchemaExtension,
    context: native.context, ErrorCode,
    ConnectorFailure, RecoverableFailure, UnrecoverableFailure, DatasourceFailure, IncrementalImportNotPossible,
  };
})
