import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context, DatasourceFailure, ErrorCode,
} from "carjs";
import { apiKey, HttpClient } from "carjs/http";
import { records } from "carjs/xml";

declare module "carjs" {
  interface Args {
    readonly CONFIGURATION_AUTH_URL: string;
    readonly CONFIGURATION_AUTH_KEY: string;
  }
}

/** A computer of the export, as carjs/xml gives it: attributes begin with "@". */
interface Computer {
  "@id": string;
  name: string;
  nic?: { "@mac": string; ip?: string[] }[];
}

class AssetServer extends BaseAssetServer {
  private readonly client: HttpClient;
  private document?: Uint8Array;

  constructor() {
    super();
    const { CONFIGURATION_AUTH_URL: url, CONFIGURATION_AUTH_KEY: key } = context().args;
    this.client = new HttpClient({ baseURL: url, auth: apiKey("X-Inventory-Key", key) });
  }

  async testConnection(): Promise<number> {
    await this.made();
    return 0;
  }

  /** The export, read once per run, so that the save point belongs to the data. */
  private async export(): Promise<Uint8Array> {
    return (this.document ??= await this.client.get("", { responseType: "bytes" }));
  }

  /** When the export was made. */
  async made(): Promise<string> {
    for (const inventory of records<{ "@made"?: string }>(await this.export(), "/inventory/head")) {
      if (inventory["@made"]) return inventory["@made"];
    }
    throw new DatasourceFailure("the export does not say when it was made", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
  }

  async computers(): Promise<Iterable<Computer>> {
    return records<Computer>(await this.export(), "computer", { arrays: ["nic", "ip"] });
  }
}

class DataHandler extends BaseDataHandler {
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() {
    return {
      source: { name: "Inventory", description: "XML export of the inventory" },
      report: { type: "Inventory", description: "Computers" },
    };
  }

  async addComputers(): Promise<void> {
    for (const computer of await this.server.computers()) {
      const id = computer["@id"];
      this.addCollection("asset", { external_id: id, name: computer.name });
      for (const nic of computer.nic ?? []) {
        this.addCollection("macaddress", { _key: nic["@mac"] });
        this.addEdge("asset_macaddress", id, nic["@mac"]);
        for (const ip of nic.ip ?? []) {
          this.addCollection("ipaddress", { _key: ip });
          this.addEdge("asset_ipaddress", id, ip);
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
  getNewModelStateId() { return this.server.made(); }
  importVertices() { return this.handler.addComputers(); }
  importEdges() {}
}

class IncrementalImport extends BaseIncrementalImport {
  private readonly handler: DataHandler;
  private same = false;
  constructor(private readonly server: AssetServer) {
    super();
    this.handler = new DataHandler(server);
  }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.made(); }
  getDataForDelta(last: string, current: string) { this.same = last === current; }

  async importVertices() {
    if (this.same) return;
    for (const name of ["asset", "macaddress", "ipaddress", "asset_macaddress", "asset_ipaddress"] as const) {
      await this.handler.replaces(name);
    }
    await this.handler.addComputers();
  }

  importEdges() {}
  deleteVertices() {}
}

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
