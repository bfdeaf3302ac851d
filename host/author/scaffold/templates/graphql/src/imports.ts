import { BaseFullImport, BaseIncrementalImport } from "carjs";
import { DataHandler } from "./data";
import type { AssetServer } from "./source";

/** Imports everything. carjs reads the save point first, and stores it when CAR has all data. */
export class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  getNewModelStateId() {
    return this.server.revision();
  }

  async importVertices() {
    for await (const page of this.server.hosts()) {
      for (const host of page) this.handler.addHost(host);
    }
  }

  /** Edges are added with their hosts; carjs sends them once CAR has every vertex. */
  importEdges() {}
}

/**
 * Imports what changed since the last save point. This API only says whether anything changed: read
 * all again then. With `replaces`, carjs sends only the differences and removes deleted hosts.
 */
export class IncrementalImport extends BaseIncrementalImport {
  private readonly handler = new DataHandler();
  private changed = false;

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  getNewModelStateId() {
    return this.server.revision();
  }

  getDataForDelta(last: string, current: string) {
    this.changed = last !== current;
  }

  async importVertices() {
    if (!this.changed) return;
    await this.handler.replaces("asset");
    await this.handler.replaces("ipaddress");
    await this.handler.replaces("asset_ipaddress");
    for await (const page of this.server.hosts()) {
      for (const host of page) this.handler.addHost(host);
    }
  }

  importEdges() {}

  /** Nothing to do: `replaces` removes deleted hosts. */
  deleteVertices() {}
}
