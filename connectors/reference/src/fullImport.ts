import { BaseFullImport } from "carjs";
import type { AssetServer } from "./assetServer";
import { DataHandler } from "./dataHandler";

/** Imports everything that the data source has. */
export class FullImport extends BaseFullImport {
  private readonly dataHandler = new DataHandler();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.dataHandler.createSourceReportObject();
  }

  getNewModelStateId() {
    return this.server.getModelStateId();
  }

  /** Adds rows and edges as they arrive; carjs holds edges back until CAR has every vertex. */
  async importVertices() {
    const { server, dataHandler } = this;
    for await (const page of server.pages("xrefproperties")) for (const row of page) dataHandler.rememberXref(row);
    for await (const page of server.pages("vulnerabilities")) for (const row of page) dataHandler.addVulnerability(row);
    for await (const page of server.pages("sites")) for (const row of page) dataHandler.addSite(row);

    const vulnerabilitiesOf = new Map<string, string[]>();
    for await (const page of server.pages("assets")) {
      for (const row of page) {
        dataHandler.addAsset(row);
        dataHandler.addAssetEdges(row);
        vulnerabilitiesOf.set(String(row.pk), row.vulnerabilities);
      }
    }
    const addressOf = new Map<string, string>();
    for await (const page of server.pages("ip_addresses")) {
      for (const row of page) {
        dataHandler.addIPAddress(row);
        addressOf.set(String(row.pk), row.address);
      }
    }
    for await (const page of server.pages("mac_addresses")) for (const row of page) dataHandler.addMACAddress(row);
    for await (const page of server.pages("hosts")) for (const row of page) dataHandler.addHost(row);
    for await (const page of server.pages("apps")) {
      for (const row of page) {
        dataHandler.addApp(row);
        dataHandler.addAppEdges(row, vulnerabilitiesOf);
      }
    }
    for await (const page of server.pages("ports")) {
      for (const row of page) {
        dataHandler.addPort(row);
        dataHandler.addPortAppEdges(row);
        dataHandler.addPortAddressEdges(row, addressOf);
      }
    }
  }

  /** Nothing is left to do: the edges were added with their rows. */
  importEdges() {}
}
