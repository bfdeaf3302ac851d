import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, IncrementalImportNotPossible,
} from "carjs";
import { open, limit } from "acme/tickets";

class Server extends BaseAssetServer {
  async testConnection() {
    await open({ queue: "server", most: 1 });
    return 0;
  }
}
class Handler extends BaseDataHandler {
  createSourceReportObject() {
    return { source: {}, report: {} };
  }
}
class Full extends BaseFullImport {
  handler = new Handler();
  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }
  getNewModelStateId() {
    return "1";
  }
  async importVertices() {
    for (const { host } of await open({ queue: "server", most: limit })) {
      this.handler.addCollection("asset", { external_id: host, name: host });
    }
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
    throw new IncrementalImportNotPossible("tickets do not say what changed");
  }
  importVertices() {}
  importEdges() {}
  deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full();
  incrementalImport = new Incremental();
}

declare module "acme/tickets" {
  const limit: number;
  function open(what: { queue: string; most: number }): Promise<{ id: number; host: string }[]>;
}
