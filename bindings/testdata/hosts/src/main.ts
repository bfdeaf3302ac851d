import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, IncrementalImportNotPossible, context,
} from "carjs";
import { HttpClient } from "carjs/http";

class Server extends BaseAssetServer {
  client = new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL });
  async testConnection() {
    await this.hosts();
    return 0;
  }
  hosts() {
    return this.client.get<{ name: string }[]>("/hosts", { query: { limit: context().args.CONFIGURATION_PARAMETER_LIMIT } });
  }
}
class Handler extends BaseDataHandler {
  createSourceReportObject() {
    return { source: {}, report: {} };
  }
}
class Full extends BaseFullImport {
  handler = new Handler();
  constructor(private server: Server) {
    super();
  }
  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }
  getNewModelStateId() {
    return "1";
  }
  async importVertices() {
    for (const { name } of await this.server.hosts()) this.handler.addCollection("asset", { external_id: name, name });
  }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  handler = new Handler();
  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }
  getNewModelStateId() {
    return null;
  }
  getDataForDelta() {
    throw new IncrementalImportNotPossible("hosts do not say what changed");
  }
  importVertices() {}
  importEdges() {}
  deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full(this.assetServer);
  incrementalImport = new Incremental();
}
