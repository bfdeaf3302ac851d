import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context, DatasourceFailure, ErrorCode,
} from "carjs";
import { bearer, HttpClient } from "carjs/http";

/** A host, as the data source sends it. */
interface Host {
  id: string;
  name: string;
}

/** All access to the data source. */
class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: bearer(context().args.token) });

  async testConnection(): Promise<number> {
    await this.hosts();
    return 0;
  }

  async hosts(): Promise<Host[]> {
    const hosts = await this.client.get<Host[]>("/hosts");
    if (!Array.isArray(hosts)) {
      throw new DatasourceFailure("the data source returned no list of hosts", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return hosts;
  }
}

/** Maps objects of the data source to vertices of CAR. */
class DataHandler extends BaseDataHandler {
  createSourceReportObject() {
    return {
      source: { name: context().args.url, description: "Connector Title" },
      report: { type: "Connector Title", description: "Hosts" },
    };
  }

  addHost({ id, name }: Host): void {
    this.addCollection("asset", { external_id: id, name });
  }
}

class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  /** This data source has no save point of its own, so use the time of the import. */
  getNewModelStateId() {
    return new Date().toISOString();
  }

  async importVertices() {
    for (const host of await this.server.hosts()) this.handler.addHost(host);
  }

  importEdges() {}
}

/** The data source cannot say what changed: read everything; carjs sends the differences. */
class IncrementalImport extends BaseIncrementalImport {
  private readonly handler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  getNewModelStateId() {
    return new Date().toISOString();
  }

  getDataForDelta() {}

  async importVertices() {
    await this.handler.replaces("asset");
    for (const host of await this.server.hosts()) this.handler.addHost(host);
  }

  importEdges() {}

  deleteVertices() {}
}

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
