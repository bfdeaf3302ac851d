import { BaseAssetServer, context } from "carjs";
import { bearer, HttpClient } from "carjs/http";

/** A host, as the API sends it. */
export interface Host {
  id: string;
  name: string;
  kind: string;
  addresses: string[];
}

/** What changed between two save points. */
export interface Changes {
  /** The number of the last change, which is the save point. */
  latest: number;
  updated: string[];
  deleted: string[];
}

/** Everything that is asked of the data source. What goes wrong there is thrown as a DatasourceFailure by the client. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: bearer(context().args.token) });

  /** A request that needs the token: a wrong one ends the test with its code. */
  async testConnection(): Promise<number> {
    await this.changes();
    return 0;
  }

  /** What changed since a save point; without one, only the number of the last change is of interest. */
  changes(since?: string): Promise<Changes> {
    return this.client.get<Changes>("/api/changes", { query: { since } });
  }

  /** All hosts, page by page; or some, by their ids. */
  hosts(ids?: readonly string[]): AsyncIterable<Host[]> {
    return this.client.paginate.cursor<Host>("/api/hosts", { query: { ids: ids?.join(",") }, items: "items", next: "next", cursorParam: "cursor" });
  }
}
