import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context, IncrementalImportNotPossible,
} from "carjs";
import { apiKey, HttpClient } from "carjs/http";

/** A line of the export. */
type Line = Host | { id: string; gone: true };

interface Host {
  id: string;
  name: string;
  applications: { id: string; name: string }[];
  gone?: false;
}

declare module "carjs" {
  interface Args {
    readonly CONFIGURATION_AUTH_URL: string;
    readonly CONFIGURATION_AUTH_KEY: string;
  }
}

class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({
    baseURL: context().args.CONFIGURATION_AUTH_URL,
    auth: apiKey("X-Api-Key", context().args.CONFIGURATION_AUTH_KEY),
  });

  async testConnection(): Promise<number> {
    await this.revisions();
    return 0;
  }

  /** The newest revision, which is the save point, and the oldest one with all changes since. */
  revisions(): Promise<{ newest: number; oldest: number }> {
    return this.client.get("/revisions");
  }

  async newest(): Promise<string> {
    const { newest } = await this.revisions();
    return String(newest);
  }

  /** All hosts, or what changed since a revision. Each comes as soon as its line is there. */
  export(since?: string): AsyncIterable<Line> {
    return this.client.records<Line>("/export", { format: "ndjson", query: { since } });
  }
}

class DataHandler extends BaseDataHandler {
  createSourceReportObject() {
    return {
      source: { name: context().args.CONFIGURATION_AUTH_URL, description: "Service directory" },
      report: { type: "Service directory", description: "Hosts and applications" },
    };
  }

  addHost({ id, name, applications }: Host): void {
    this.addCollection("asset", { external_id: id, name });
    for (const application of applications) {
      this.addCollection("application", { external_id: application.id, name: application.name });
      this.addEdge("asset_application", id, application.id);
    }
  }
}

class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.newest(); }

  async importVertices() {
    for await (const line of this.server.export()) if (!line.gone) this.handler.addHost(line);
  }

  /** They were added with their hosts. */
  importEdges() {}
}

class IncrementalImport extends BaseIncrementalImport {
  private readonly handler = new DataHandler();
  private changed: Host[] = [];
  private gone: string[] = [];
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.newest(); }

  async getDataForDelta(last: string) {
    const { oldest } = await this.server.revisions();
    if (Number(last) < oldest) throw new IncrementalImportNotPossible(`the directory knows no changes before revision ${oldest}`);
    // Keep a change for later: what its host had must be known first. There are few of them.
    for await (const line of this.server.export(last)) {
      if (line.gone) this.gone.push(line.id);
      else this.changed.push(line);
    }
  }

  async importVertices() {
    // An application is there as long as a host has it.
    await this.handler.replaces("application", { orphans: true });
    await this.handler.replaces("asset_application", { from: this.changed.map((host) => host.id) });
    for (const host of this.changed) this.handler.addHost(host);
  }

  importEdges() {}

  async deleteVertices() {
    await context().carService.delete("asset", this.gone);
  }
}

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
