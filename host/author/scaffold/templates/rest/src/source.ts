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
  /** The number of the last change: the save point. */
  latest: number;
  updated: string[];
  deleted: string[];
}

/** The number of hosts requested by id at once: the ids are in the URL, whose length is limited. */
const idsPerRequest = 100;

/** All access to the data source. Errors are thrown as DatasourceFailures, by the client or here. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: bearer(context().args.token) });

  /** Sends a request that needs the token: a wrong token ends the test with exit code 52. */
  async testConnection(): Promise<number> {
    await this.changes();
    return 0;
  }

  /** What changed since a save point. Without one, only `latest` matters. */
  async changes(since?: string): Promise<Changes> {
    // 410: the data source no longer knows changes this old. The run continues as a full import.
    const changes = await this.client.get<Changes>("/api/changes", { query: { since }, accept: since === undefined ? [] : [410] });
    if (!changes) throw new IncrementalImportNotPossible(`the data source no longer knows what changed since ${since}`);
    if (typeof changes.latest !== "number") {
      throw new DatasourceFailure(
        "the data source did not return the number of its last change", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS,
      );
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
