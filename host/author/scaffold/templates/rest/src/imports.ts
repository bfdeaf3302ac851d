import { BaseFullImport, BaseIncrementalImport, context } from "carjs";
import { DataHandler } from "./data";
import type { AssetServer, Changes } from "./source";

/** Imports everything. carjs reads the save point first, and stores it when CAR has all data. */
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

  /** Edges are added with their hosts; carjs sends them once CAR has every vertex. */
  importEdges() {}
}

/** Imports what changed since the last save point. The graph is that of a full import. */
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
    // Addresses belong to hosts: delete those that lose their last host.
    await this.handler.replaces("ipaddress", { orphans: true });
    // A changed host may have lost an address: compare the edges it had with the ones it has now.
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
