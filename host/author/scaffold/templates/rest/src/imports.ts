import { BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { DataHandler } from "./data";
import type { AssetServer, Changes } from "./source";

/** Brings everything. carjs reads the save point before the data, and stores it when CAR has all of them. */
export class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  async getNewModelStateId() {
    return String((await this.server.changes()).latest);
  }

  async importVertices() {
    for await (const page of this.server.hosts()) {
      for (const host of page) this.handler.addHost(host);
    }
  }

  /** They were added with their hosts; carjs sends them when CAR has every vertex. */
  importEdges() {}
}

/** Brings what changed since the last save point. Afterwards the graph is the one that a full import would have given. */
export class IncrementalImport extends BaseIncrementalImport {
  private readonly handler = new DataHandler();
  private changes: Changes = { latest: 0, updated: [], deleted: [] };

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  async getNewModelStateId() {
    return String((await this.server.changes()).latest);
  }

  async getDataForDelta(last: string) {
    this.changes = await this.server.changes(last);
  }

  async importVertices() {
    const { updated } = this.changes;
    // An address belongs to the hosts that have it, and goes with the last one.
    await this.handler.replaces("ipaddress", { orphans: true });
    // A host that changed may have lost an address: what it had is compared with what it has.
    await this.handler.replaces("asset_ipaddress", { from: updated });
    if (updated.length === 0) return;
    for await (const page of this.server.hosts(updated)) {
      for (const host of page) this.handler.addHost(host);
    }
  }

  importEdges() {}

  async deleteVertices() {
    await context().carService.delete("asset", this.changes.deleted);
  }
}
