import { BaseIncrementalImport, context, type VertexName } from "carjs";
import { lastSegment } from "carjs/http";
import type { AssetServer, Delta } from "./assetServer";
import { DataHandler } from "./dataHandler";
import type { Kind, Rows } from "./rows";

/** The kinds whose number is the external id: to delete one, the number is enough. */
const keyedByNumber: [Kind, VertexName][] = [
  ["vulnerabilities", "vulnerability"],
  ["sites", "site"],
  ["assets", "asset"],
  ["apps", "application"],
  ["ports", "port"],
];

type AssetEdge = "asset_ipaddress" | "asset_macaddress" | "asset_hostname";

/**
 * Imports what changed since the last save point. The graph is then the same as after a full
 * import.
 *
 * The delta lists the rows that changed, not their old values. If a row's number is its vertex's
 * external id, only that row is read. If CAR does not know the number (an address, a host name), or
 * rows change without being in the delta (the data source does not list rows that lose a reference
 * when another row is deleted), the collection is replaced: `replaces` sends the difference and
 * removes what is gone.
 */
export class IncrementalImport extends BaseIncrementalImport {
  private readonly dataHandler = new DataHandler();
  private delta: Delta = {};
  /** Rows in the delta that no longer existed when they were read. Their vertices are deleted, too. */
  private readonly vanished = new Map<Kind, Set<string>>();
  /** Vertices known by value only that went with deleted assets. */
  private readonly goneWithAssets = new Map<VertexName, string[]>();

  constructor(private readonly server: AssetServer) {
    super();
  }

  createSourceReportObject() {
    return this.dataHandler.createSourceReportObject();
  }

  getNewModelStateId() {
    return this.server.getModelStateId();
  }

  async getDataForDelta(last: string, current: string) {
    this.delta = await this.server.getDelta(last, current);
  }

  async importVertices() {
    const { dataHandler } = this;
    await this.importVulnerabilities();
    await this.importUpdates("sites", (row) => dataHandler.addSite(row));
    await this.importUpdates("assets", (row) => dataHandler.addAsset(row));
    await this.importUpdates("apps", (row) => dataHandler.addApp(row));
    await this.importUpdates("ports", (row) => dataHandler.addPort(row));
    await this.importAnew("ip_addresses", "ipaddress", "asset_ipaddress", (row) => dataHandler.addIPAddress(row));
    await this.importAnew("mac_addresses", "macaddress", "asset_macaddress", (row) => dataHandler.addMACAddress(row));
    await this.importAnew("hosts", "hostname", "asset_hostname", (row) => dataHandler.addHost(row));
  }

  async importEdges() {
    await this.importAssetEdges();
    await this.importAppEdges();
    await this.importPortEdges();
  }

  async deleteVertices() {
    for (const [kind, collection] of keyedByNumber) {
      const gone = new Set([...this.deletions(kind).map(String), ...(this.vanished.get(kind) ?? [])]);
      if (gone.size > 0) await context().carService.delete(collection, gone);
    }
    for (const [collection, keys] of this.goneWithAssets) await context().carService.delete(collection, keys);
  }

  private updates(kind: Kind): number[] {
    return this.delta[kind]?.updates ?? [];
  }

  private deletions(kind: Kind): number[] {
    return this.delta[kind]?.deletions ?? [];
  }

  private changed(kind: Kind): boolean {
    return this.updates(kind).length > 0 || this.deletions(kind).length > 0;
  }

  /** Adds the rows of a kind that the delta lists. */
  private async importUpdates<K extends Kind>(kind: K, add: (row: Rows[K]) => void) {
    const missing = new Set(this.updates(kind).map(String));
    for await (const page of this.server.pagesOf(kind, this.updates(kind))) {
      for (const row of page) {
        missing.delete(String(row.pk));
        add(row);
      }
    }
    this.vanished.set(kind, missing);
  }

  /** Adds all rows of a kind if any changed: its vertices and edges are found by value only. */
  private async importAnew<K extends Kind>(kind: K, vertex: VertexName, edge: AssetEdge, add: (row: Rows[K]) => void) {
    if (!this.changed(kind)) return;
    const gone = await this.onDeletedAssets(kind, edge);
    if (gone) {
      this.goneWithAssets.set(vertex, gone);
      return;
    }
    await this.dataHandler.replaces(vertex);
    await this.dataHandler.replaces(edge);
    for await (const page of this.server.pages(kind)) for (const row of page) add(row);
  }

  /**
   * The vertices behind the deleted rows of a kind, if all of these rows belonged to deleted assets
   * and no other asset has the same value; otherwise undefined. Each row belongs to one asset, and
   * is deleted with it. So if as many rows are gone as the deleted assets have edges in CAR, these
   * are the same.
   */
  private async onDeletedAssets(kind: Kind, edge: AssetEdge): Promise<string[] | undefined> {
    const assets = new Set(this.deletions("assets").map(String));
    if (assets.size === 0 || this.updates(kind).length > 0) return undefined;
    const { carService } = context();
    const edges = await carService.edgesAt(edge, { from: assets });
    if (edges.length !== this.deletions(kind).length) return undefined;
    const values = new Set(edges.map((one) => one.to));
    const others = await carService.edgesAt(edge, { to: values });
    return others.every((one) => assets.has(one.from)) ? [...values] : undefined;
  }

  private async importVulnerabilities() {
    const { server, dataHandler } = this;
    if (!this.changed("vulnerabilities") && !this.changed("xrefproperties")) return;
    for await (const page of server.pages("xrefproperties")) for (const row of page) dataHandler.rememberXref(row);
    if (!this.changed("xrefproperties")) {
      await this.importUpdates("vulnerabilities", (row) => dataHandler.addVulnerability(row));
      return;
    }
    // Only the vulnerabilities know which of them refer to a property. Those that referred to a deleted
    // one are in no delta, and no longer say so: then all of them are compared with what CAR has.
    const changedXrefs = new Set(this.updates("xrefproperties").map(String));
    const all = this.deletions("xrefproperties").length > 0;
    if (all) await dataHandler.replaces("vulnerability");
    const updated = new Set(this.updates("vulnerabilities").map(String));
    const missing = new Set(updated);
    for await (const page of server.pages("vulnerabilities")) {
      for (const row of page) {
        const id = String(row.pk);
        missing.delete(id);
        const refers = () => row.xref_properties.some((xref) => changedXrefs.has(lastSegment(xref)));
        if (all || updated.has(id) || refers()) dataHandler.addVulnerability(row);
      }
    }
    if (!all) this.vanished.set("vulnerabilities", missing);
  }

  private async importAssetEdges() {
    const { server, dataHandler } = this;
    const assets = this.updates("assets").map(String);
    if (assets.length === 0) return;
    await dataHandler.replaces("asset_vulnerability", { from: assets });
    await dataHandler.replaces("site_asset", { to: assets });
    for await (const page of server.pagesOf("assets", assets)) for (const row of page) dataHandler.addAssetEdges(row);
  }

  /** An application's edges follow from its assets: a changed asset changes its applications. */
  private async importAppEdges() {
    const { server, dataHandler } = this;
    if (!this.changed("apps") && !this.changed("assets")) return;
    const changedApps = new Set([...this.updates("apps").map(String), ...await this.appsOfDeletedAssets()]);
    const updatedAssets = new Set(this.updates("assets").map(String));

    const apps: Rows["apps"][] = [];
    const assets = new Set<string>();
    for await (const page of updatedAssets.size > 0 ? server.pages("apps") : server.pagesOf("apps", changedApps)) {
      for (const app of page) {
        if (!changedApps.has(String(app.pk)) && !app.assets.some((asset) => updatedAssets.has(lastSegment(asset)))) continue;
        apps.push(app);
        for (const asset of app.assets) assets.add(lastSegment(asset));
      }
    }
    await dataHandler.replaces("application_vulnerability", { from: apps.map((app) => String(app.pk)) });
    const vulnerabilitiesOf = new Map<string, string[]>();
    for await (const page of server.pagesOf("assets", assets)) {
      for (const asset of page) vulnerabilitiesOf.set(String(asset.pk), asset.vulnerabilities);
    }
    for (const app of apps) dataHandler.addAppEdges(app, vulnerabilitiesOf);
  }

  /**
   * The applications that may have run on deleted assets. An application that lost an asset because
   * its row was deleted is in no delta; but CAR still has the asset's vulnerabilities, and the
   * applications that have one of them. One is enough: a run that was stopped may have removed some.
   */
  private async appsOfDeletedAssets(): Promise<string[]> {
    const deleted = [...this.deletions("assets").map(String), ...(this.vanished.get("assets") ?? [])];
    if (deleted.length === 0) return [];
    const { carService } = context();
    const vulnerabilities = await carService.edgesAt("asset_vulnerability", { from: deleted });
    const applications = await carService.edgesAt("application_vulnerability", { to: new Set(vulnerabilities.map((edge) => edge.to)) });
    return [...new Set(applications.map((edge) => edge.from))];
  }

  private async importPortEdges() {
    const { server, dataHandler } = this;
    // A changed address moves the edges of every port that has it, and only the ports know which
    // ones do.
    const all = this.changed("ip_addresses") && !this.goneWithAssets.has("ipaddress");
    const updated = this.updates("ports").map(String);
    if (!all && updated.length === 0) return;
    if (updated.length > 0) await dataHandler.replaces("application_port", { to: updated });
    await dataHandler.replaces("ipaddress_port", all ? undefined : { to: updated });

    const isUpdated = new Set(updated);
    for await (const page of all ? server.pages("ports") : server.pagesOf("ports", updated)) {
      for (const port of page) {
        if (isUpdated.has(String(port.pk))) dataHandler.addPortAppEdges(port);
        const addressOf = new Map<string, string>();
        for await (const addresses of server.pagesOf("ip_addresses", port.ip_addresses.map(lastSegment))) {
          for (const row of addresses) addressOf.set(String(row.pk), row.address);
        }
        dataHandler.addPortAddressEdges(port, addressOf);
      }
    }
  }
}
