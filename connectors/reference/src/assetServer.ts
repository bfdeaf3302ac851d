import { BaseAssetServer, context, DatasourceFailure, ErrorCode } from "carjs";
import { basic, HttpClient } from "carjs/http";
import type { Kind, Rows } from "./rows";

/** Which rows of a kind changed between two save points. */
export interface Change {
  updates: number[];
  deletions: number[];
}

/** What changed between two save points, without kinds that did not change. */
export type Delta = Partial<Record<Kind, Change>>;

/** How many rows a request asks for. */
const pageSize = 1000;

/** How many rows a request asks for by number: the numbers are in the URL. */
const idsPerRequest = 200;

/** Access to the reference data source. */
export class AssetServer extends BaseAssetServer {
  private readonly client: HttpClient;

  constructor() {
    super();
    const { CONFIGURATION_AUTH_URL, CONFIGURATION_AUTH_USERNAME, CONFIGURATION_AUTH_PASSWORD } = context().args;
    this.client = new HttpClient({
      baseURL: CONFIGURATION_AUTH_URL,
      auth: basic(CONFIGURATION_AUTH_USERNAME, CONFIGURATION_AUTH_PASSWORD),
    });
  }

  async testConnection(): Promise<number> {
    await this.getModelStateId();
    return 0;
  }

  /** The number of the last change. */
  async getModelStateId(): Promise<string> {
    const { model_state_id } = await this.client.get<{ model_state_id: string }>("/model_state_id");
    if (typeof model_state_id !== "string") {
      throw new DatasourceFailure("the response of /model_state_id has no model_state_id", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return model_state_id;
  }

  /** What changed after one save point, up to another. */
  async getDelta(from: string, to: string): Promise<Delta> {
    if (from === to) return {};
    const { delta } = await this.client.get<{ delta?: Delta }>("/delta", { query: { from, to } });
    if (typeof delta !== "object" || delta === null) {
      throw new DatasourceFailure("the response of /delta has no delta", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return delta;
  }

  /** All rows of a kind, page by page. A plain array, of a source without paging, is the only page. */
  pages<K extends Kind>(kind: K): AsyncIterable<Rows[K][]> {
    return this.client.paginate.offset<Rows[K]>(`/${kind}`, {
      limit: pageSize,
      items: (page) => (Array.isArray(page) ? page : page.results),
      total: (page) => (Array.isArray(page) ? page.length : page.count),
    });
  }

  /** The rows of a kind with the given numbers, page by page, without those that are gone. */
  async *pagesOf<K extends Kind>(kind: K, pks: Iterable<number | string>): AsyncGenerator<Rows[K][]> {
    const all = [...pks];
    for (let i = 0; i < all.length; i += idsPerRequest) {
      const rows = await this.client.get<Rows[K][]>(`/${kind}`, { query: { pk: all.slice(i, i + idsPerRequest).join(",") } });
      if (!Array.isArray(rows)) {
        throw new DatasourceFailure(`the response of /${kind} has no list of rows`, ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
      }
      yield rows;
    }
  }
}
