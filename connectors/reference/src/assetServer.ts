import { BaseAssetServer, context, DatasourceFailure, ErrorCode } from "carjs";
import { basic, HttpClient } from "carjs/http";
import type { Kind, Rows } from "./rows";

/** Which rows of a kind changed between two save points. */
export interface Change {
  updates: number[];
  deletions: number[];
}

/** What changed between two save points. Kinds without a change are not there. */
export type Delta = Partial<Record<Kind, Change>>;

/** How many rows are asked for at once. */
const pageSize = 1000;

/** How many rows are asked for by number at once: the numbers stand in the URL. */
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
      throw new DatasourceFailure("the data source answered /model_state_id without a model_state_id", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return model_state_id;
  }

  /** What changed after one save point and up to another. */
  async getDelta(from: string, to: string): Promise<Delta> {
    if (from === to) return {};
    const { delta } = await this.client.get<{ delta?: Delta }>("/delta", { query: { from, to } });
    if (typeof delta !== "object" || delta === null) {
      throw new DatasourceFailure("the data source answered /delta without a delta", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return delta;
  }

  /** All rows of a kind, page by page. A data source that knows no pages answers the plain array, which is the only page then. */
  pages<K extends Kind>(kind: K): AsyncIterable<Rows[K][]> {
    return this.client.paginate.offset<Rows[K]>(`/${kind}`, {
      limit: pageSize,
      items: (page) => (Array.isArray(page) ? page : page.results),
      total: (page) => (Array.isArray(page) ? page.length : page.count),
    });
  }

  /** The rows of a kind with the given numbers, page by page. Rows that are gone are not among them. */
  async *pagesOf<K extends Kind>(kind: K, pks: Iterable<number | string>): AsyncGenerator<Rows[K][]> {
    const all = [...pks];
    for (let i = 0; i < all.length; i += idsPerRequest) {
      const rows = await this.client.get<Rows[K][]>(`/${kind}`, { query: { pk: all.slice(i, i + idsPerRequest).join(",") } });
      if (!Array.isArray(rows)) {
        throw new DatasourceFailure(`the data source answered /${kind} without a list of rows`, ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
      }
      yield rows;
    }
  }
}
