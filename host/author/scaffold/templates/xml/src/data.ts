import { BaseDataHandler, context } from "carjs";
import type { Host } from "./source";

/** Maps objects of the data source to vertices and edges of CAR. */
export class DataHandler extends BaseDataHandler {
  createSourceReportObject() {
    return {
      source: { name: context().args.url, description: "Connector Title" },
      report: { type: "Connector Title", description: "Hosts and their addresses" },
    };
  }

  addHost({ "@id": id, name, kind, address = [] }: Host): void {
    this.addCollection("asset", { external_id: id, name, asset_type: kind });
    for (const key of address) {
      this.addCollection("ipaddress", { _key: key });
      this.addEdge("asset_ipaddress", id, key);
    }
  }
}
