import { BaseAssetServer, context, DatasourceFailure, ErrorCode } from "carjs";
import { apiKey, HttpClient } from "carjs/http";
import { records } from "carjs/xml";

/** A host of the export, as carjs/xml gives it: attributes begin with "@". */
export interface Host {
  "@id": string;
  name: string;
  kind: string;
  address?: string[];
}

/** Everything that is asked of the data source. What goes wrong there is thrown as a DatasourceFailure by the client. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: apiKey("X-Inventory-Key", context().args.key) });
  private document?: Promise<Uint8Array>;

  /** The export needs the key: a wrong one ends the test with its code. */
  async testConnection(): Promise<number> {
    await this.made();
    return 0;
  }

  /** The export, which is read once a run: the save point must be that of the data. */
  private export(): Promise<Uint8Array> {
    return (this.document ??= this.client.get("/export.xml", { responseType: "bytes" }));
  }

  /** When the export was made, which is the save point. */
  async made(): Promise<string> {
    for (const head of records<{ "@made"?: string }>(await this.export(), "/inventory/head")) {
      if (head["@made"]) return head["@made"];
    }
    throw new DatasourceFailure("the export does not say when it was made", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
  }

  /** The hosts, one by one. */
  async hosts(): Promise<Iterable<Host>> {
    return records<Host>(await this.export(), "host", { arrays: ["address"] });
  }
}
