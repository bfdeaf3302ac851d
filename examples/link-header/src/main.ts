import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { bearer, HttpClient } from "carjs/http";

/** A host, as the scanner sends it. */
interface Host {
  id: number;
  name: string;
  findings: { cve: string; title: string; score: number }[];
}

declare module "carjs" {
  interface Args {
    readonly CONFIGURATION_AUTH_URL: string;
    readonly CONFIGURATION_AUTH_TOKEN: string;
    readonly CONFIGURATION_PARAMETER_REQUESTS: number;
  }
}

class AssetServer extends BaseAssetServer {
  private readonly client: HttpClient;

  constructor() {
    super();
    const { CONFIGURATION_AUTH_URL, CONFIGURATION_AUTH_TOKEN, CONFIGURATION_PARAMETER_REQUESTS } = context().args;
    this.client = new HttpClient({
      baseURL: CONFIGURATION_AUTH_URL,
      auth: bearer(CONFIGURATION_AUTH_TOKEN),
      // The client keeps to the limit, and waits as long as the scanner says if it is still refused.
      rateLimit: { requests: CONFIGURATION_PARAMETER_REQUESTS, per: 1000 },
    });
  }

  async testConnection(): Promise<number> {
    await this.lastScan();
    return 0;
  }

  /** The number of the last scan: the save point. */
  async lastScan(): Promise<string> {
    const { scan } = await this.client.get<{ scan: number }>("/api/scans/last");
    return String(scan);
  }

  hosts(): AsyncIterable<Host[]> {
    return this.client.paginate.link<Host>("/api/hosts", { query: { per_page: 2 } });
  }
}

class DataHandler extends BaseDataHandler {
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() {
    return {
      source: { name: context().args.CONFIGURATION_AUTH_URL, description: "Vulnerability scanner" },
      report: { type: "Vulnerability scanner", description: "Hosts and vulnerabilities" },
    };
  }

  /** Reports everything; many hosts have the same vulnerability, which is sent once. */
  async addHosts(): Promise<void> {
    for await (const page of this.server.hosts()) {
      for (const { id, name, findings } of page) {
        this.addCollection("asset", { external_id: String(id), name });
        for (const { cve, title, score } of findings) {
          this.addCollection("vulnerability", { external_id: cve, name: title, base_score: score });
          this.addEdge("asset_vulnerability", String(id), cve);
        }
      }
    }
  }
}

class FullImport extends BaseFullImport {
  private readonly handler: DataHandler;
  constructor(private readonly server: AssetServer) {
    super();
    this.handler = new DataHandler(server);
  }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.lastScan(); }
  importVertices() { return this.handler.addHosts(); }
  importEdges() {}
}

class IncrementalImport extends BaseIncrementalImport {
  private readonly handler: DataHandler;
  private nothingNew = false;
  constructor(private readonly server: AssetServer) {
    super();
    this.handler = new DataHandler(server);
  }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.lastScan(); }

  getDataForDelta(last: string, current: string) {
    this.nothingNew = last === current;
  }

  async importVertices() {
    if (this.nothingNew) return;
    for (const collection of ["asset", "vulnerability", "asset_vulnerability"] as const) await this.handler.replaces(collection);
    await this.handler.addHosts();
  }

  importEdges() {}
  /** What is gone goes by itself, because everything is reported anew. */
  deleteVertices() {}
}

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
