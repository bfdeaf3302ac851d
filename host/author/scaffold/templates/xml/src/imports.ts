import { BaseFullImport, BaseIncrementalImport } from "carjs";
import { DataHandler } from "./data";
import type { AssetServer } from "./source";

/** Brings everything. carjs reads the save point before the data, and stores it when CAR has all of them. */
export class FullImport extends BaseFullImport {
  private readonly handler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.handler.createSourceReportObject();
  }

  getNewModelStateId() {
    return this.server.made();
  }

  async importVertices() {
    for (const host of await this.server.hosts()) this.handler.addHost(host);
  }

  /** They were added with their hosts; carjs sends them when CAR has every vertex. */
  importEdges() {}
}

/**
 * Brings what changed since the last save point. An export cannot say what that is, so the hosts are read again when anything
 * changed at all, and `replaces` has carjs send the difference alone and remove what is gone.
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
    return this.server.made();
  }

  getDataForDelta(last: string, current: string) {
    this.changed = last !== current;
  }

  async importVertices() {
    if (!this.changed) return;
    await this.handler.replaces("asset");
    await this.handler.replaces("ipaddress");
    await this.handler.replaces("asset_ipaddress");
    for (const host of await this.server.hosts()) this.handler.addHost(host);
  }

  importEdges() {}

  /** `replaces` has seen to it. */
  deleteVertices() {}
}
