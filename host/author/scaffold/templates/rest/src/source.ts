import { BaseAssetServer, context, DatasourceFailure, ErrorCode, IncrementalImportNotPossible } from "carjs";
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

/** How many hosts are asked for by id at once: the ids stand in the URL, which must not grow without end. */
const idsPerRequest = 100;

/** Everything that is asked of the data source. What goes wrong there is thrown as a DatasourceFailure, by the client or here. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: bearer(context().args.token) });

  /** A request that needs the token: a wrong one ends the test with its code. */
  async testConnection(): Promise<number> {
    await this.changes();
    return 0;
  }

  /** What changed since a save point; without one, only the number of the last change is of interest. */
  async changes(since?: string): Promise<Changes> {
    // The data source answers 410 when it has forgotten what happened so long ago. The same run goes on with a full import then.
    const changes = await this.client.get<Changes>("/api/changes", { query: { since }, accept: since === undefined ? [] : [410] });
    if (!changes) throw new IncrementalImportNotPossible(`the data source has forgotten what changed since ${since}`);
    if (typeof changes.latest !== "number") {
      throw new DatasourceFailure("the data source does not say which change is the last", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return changes;
  }

  /** All hosts, page by page; or some, by their ids. */
  async *hosts(ids?: readonly string[]): AsyncGenerator<Host[]> {
    if (!ids) yield* this.pages();
    else for (let i = 0; i < ids.length; i += idsPerRequest) yield* this.pages(ids.slice(i, i + idsPerRequest).join(","));
  }

  private pages(ids?: string): AsyncIterable<Host[]> {
    return this.client.paginate.cursor<Host>("/api/hosts", { query: { ids }, items: "items", next: "next", cursorParam: "cursor" });
  }
}
