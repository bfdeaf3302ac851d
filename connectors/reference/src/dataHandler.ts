import { BaseDataHandler, context, type SourceReport } from "carjs";
import { lastSegment } from "carjs/http";
import type { Rows } from "./rows";

/** Maps rows of the data source to vertices and edges of CAR. */
export class DataHandler extends BaseDataHandler {
  /** The properties that vulnerabilities refer to, by their number. */
  private readonly xrefs = new Map<string, Record<string, string>>();

  createSourceReportObject(): SourceReport {
    const { source, CONFIGURATION_AUTH_URL } = context().args;
    return {
      source: { _key: source, name: CONFIGURATION_AUTH_URL, description: "Reference data source" },
      report: {
        _key: String(this.timestamp), timestamp: this.timestamp,
        type: "Reference data source", description: "Reference data source",
      },
    };
  }

  /** Remembers a property for the vulnerabilities that refer to it. */
  rememberXref(row: Rows["xrefproperties"]): void {
    this.xrefs.set(String(row.pk), {
      extref_typename: row.extref_typename,
      extref_value: row.extref_value,
      q_extref_typeid: String(row.q_extref_typeid),
    });
  }

  addVulnerability(row: Rows["vulnerabilities"]): void {
    // CAR expects an object here. Its keys are the properties' numbers, so their order does not matter.
    const xref_properties: Record<string, Record<string, string>> = {};
    for (const reference of row.xref_properties) {
      const id = lastSegment(reference);
      const xref = this.xrefs.get(id);
      if (xref) xref_properties[id] = xref;
    }
    this.addCollection("vulnerability", {
      external_id: String(row.pk),
      name: row.name,
      published_on: row.published_on,
      disclosed_on: row.disclosed_on,
      updated_on: row.updated_on,
      vcvssbmid: String(row.vcvssbmid),
      base_score: row.base_score,
      xref_properties,
    });
  }

  addSite(row: Rows["sites"]): void {
    this.addCollection("site", { external_id: String(row.pk), name: row.name, address: row.address });
  }

  addAsset(row: Rows["assets"]): void {
    const id = String(row.pk);
    this.addCollection("asset", {
      external_id: id,
      assetid: id,
      name: row.name,
      asset_type: row.type,
      initial_value: row.initial_value,
    });
  }

  addAssetEdges(row: Rows["assets"]): void {
    const id = String(row.pk);
    for (const vulnerability of row.vulnerabilities) this.addEdge("asset_vulnerability", id, lastSegment(vulnerability));
    if (row.site) this.addEdge("site_asset", lastSegment(row.site), id);
  }

  addIPAddress(row: Rows["ip_addresses"]): void {
    this.addCollection("ipaddress", { _key: row.address });
    this.addEdge("asset_ipaddress", lastSegment(row.asset), row.address);
  }

  addMACAddress(row: Rows["mac_addresses"]): void {
    this.addCollection("macaddress", { _key: row.address });
    this.addEdge("asset_macaddress", lastSegment(row.asset), row.address);
  }

  addHost(row: Rows["hosts"]): void {
    this.addCollection("hostname", { _key: row.host });
    this.addEdge("asset_hostname", lastSegment(row.asset), row.host);
  }

  addApp(row: Rows["apps"]): void {
    this.addCollection("application", { external_id: String(row.pk), name: row.name });
  }

  /**
   * An application has the vulnerabilities of the assets it runs on.
   * @param vulnerabilitiesOf the references to the vulnerabilities of each asset, by the asset's number
   */
  addAppEdges(row: Rows["apps"], vulnerabilitiesOf: Map<string, string[]>): void {
    const id = String(row.pk);
    for (const asset of row.assets) {
      for (const vulnerability of vulnerabilitiesOf.get(lastSegment(asset)) ?? []) {
        this.addEdge("application_vulnerability", id, lastSegment(vulnerability));
      }
    }
  }

  addPort(row: Rows["ports"]): void {
    this.addCollection("port", {
      external_id: String(row.pk),
      port_number: row.port_number,
      protocol: row.protocol,
      layer7application: row.layer7application,
    });
  }

  addPortAppEdges(row: Rows["ports"]): void {
    const id = String(row.pk);
    for (const app of row.apps) this.addEdge("application_port", lastSegment(app), id);
  }

  /**
   * @param addressOf the address of each row of ip_addresses, by the row's number
   */
  addPortAddressEdges(row: Rows["ports"], addressOf: Map<string, string>): void {
    const id = String(row.pk);
    for (const reference of row.ip_addresses) {
      const address = addressOf.get(lastSegment(reference));
      if (address !== undefined) this.addEdge("ipaddress_port", address, id);
    }
  }
}
