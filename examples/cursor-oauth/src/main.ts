import {
  BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context, IncrementalImportNotPossible,
} from "carjs";
import { HttpClient, oauth2 } from "carjs/http";

/** A device, as the endpoint manager sends it. */
interface Device {
  id: string;
  hostname: string;
  os: string;
  addresses: string[];
}

declare module "carjs" {
  interface Args {
    readonly CONFIGURATION_AUTH_URL: string;
    readonly CONFIGURATION_AUTH_CLIENT_ID: string;
    readonly CONFIGURATION_AUTH_CLIENT_SECRET: string;
  }
}

class AssetServer extends BaseAssetServer {
  private readonly client: HttpClient;

  constructor() {
    super();
    const {
      CONFIGURATION_AUTH_URL: baseURL, CONFIGURATION_AUTH_CLIENT_ID: clientId, CONFIGURATION_AUTH_CLIENT_SECRET: clientSecret,
    } = context().args;
    const auth = oauth2({ tokenURL: `${baseURL}/oauth/token`, clientId, clientSecret, scope: "devices.read" });
    this.client = new HttpClient({ baseURL, auth });
  }

  async testConnection(): Promise<number> {
    await this.now();
    return 0;
  }

  /** The save point is the endpoint manager's time, so that our clock does not matter. */
  async now(): Promise<string> {
    return (await this.client.get<{ now: string }>("/v1/time")).now;
  }

  devices(changedSince?: string): AsyncIterable<Device[]> {
    return this.client.paginate.cursor<Device>("/v1/devices", {
      query: { limit: 2, changed_since: changedSince }, items: "data", next: "meta.next_cursor", cursorParam: "cursor",
    });
  }

  /** The ids of removed devices; null if the endpoint manager does not remember that far back. */
  async removed(since: string): Promise<string[] | null> {
    const answer = await this.client.get<{ ids: string[] }>("/v1/removed", { query: { since }, accept: [410] });
    return answer?.ids ?? null;
  }
}

class DataHandler extends BaseDataHandler {
  createSourceReportObject() {
    return {
      source: { name: context().args.CONFIGURATION_AUTH_URL, description: "Endpoint manager" },
      report: { type: "Endpoint manager", description: "Devices" },
    };
  }

  addDevice({ id, hostname, os, addresses }: Device): void {
    this.addCollection("asset", { external_id: id, name: hostname, asset_type: os });
    this.addCollection("hostname", { _key: hostname });
    this.addEdge("asset_hostname", id, hostname);
    for (const address of addresses) {
      this.addCollection("ipaddress", { _key: address });
      this.addEdge("asset_ipaddress", id, address);
    }
  }
}

class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.now(); }

  async importVertices() {
    for await (const page of this.server.devices()) for (const device of page) this.handler.addDevice(device);
  }

  /** They were added with their devices. */
  importEdges() {}
}

class IncrementalImport extends BaseIncrementalImport {
  private readonly handler = new DataHandler();
  private changed: Device[] = [];
  private removed: string[] = [];
  constructor(private readonly server: AssetServer) { super(); }

  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return this.server.now(); }

  async getDataForDelta(last: string) {
    const removed = await this.server.removed(last);
    if (removed === null) throw new IncrementalImportNotPossible(`the endpoint manager does not remember what was removed since ${last}`);
    this.removed = removed;
    for await (const page of this.server.devices(last)) this.changed.push(...page);
  }

  async importVertices() {
    // A changed device may have lost an address or its old name, so compare what it had with what
    // it has. Addresses and names belong to their devices, and go with the last one.
    await this.handler.replaces("hostname", { orphans: true });
    await this.handler.replaces("ipaddress", { orphans: true });
    const from = this.changed.map((device) => device.id);
    await this.handler.replaces("asset_hostname", { from });
    await this.handler.replaces("asset_ipaddress", { from });
    for (const device of this.changed) this.handler.addDevice(device);
  }

  importEdges() {}

  async deleteVertices() {
    await context().carService.delete("asset", this.removed);
  }
}

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
