import { BaseAssetServer, context, DatasourceFailure, ErrorCode } from "carjs";
import { apiKey, HttpClient } from "carjs/http";
import { records } from "carjs/xml";

/** A host of the export, as carjs/xml returns it: attributes begin with "@". */
export interface Host {
  "@id": string;
  name: string;
  kind: string;
  address?: string[];
}

/** All access to the data source. The client throws errors as DatasourceFailures. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: apiKey("X-Inventory-Key", context().args.key) });
  private document?: Promise<Uint8Array>;

  /** Reading the export needs the key: a wrong key ends the test with exit code 52. */
  async testConnection(): Promise<number> {
    await this.made();
    return 0;
  }

  /** The export, read once per run, so that the save point belongs to the data. */
  private export(): Promise<Uint8Array> {
    return (this.document ??= this.client.get("/export.xml", { responseType: "bytes" }));
  }

  /** When the export was made: the save point. */
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
