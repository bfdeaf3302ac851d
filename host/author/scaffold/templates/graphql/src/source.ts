import { BaseAssetServer, context, DatasourceFailure, ErrorCode } from "carjs";
import { apiKey, HttpClient } from "carjs/http";

/** A host, as the API sends it. */
export interface Host {
  id: string;
  name: string;
  kind: string;
  addresses: string[];
}

/** A GraphQL response: data, or errors with status 200. */
interface Answer<T> {
  data?: T;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** The exit codes for the API's error codes; any other error counts as invalid data. */
const codes: Record<string, number> = {
  UNAUTHENTICATED: ErrorCode.DATASOURCE_FAILURE_AUTH,
  FORBIDDEN: ErrorCode.DATASOURCE_FAILURE_FORBIDDEN,
  BAD_USER_INPUT: ErrorCode.DATASOURCE_FAILURE_INVALID_PARAMETER,
};

const hostsQuery = `query Hosts($after: String) {
  hosts(first: 100, after: $after) {
    nodes { id name kind addresses }
    pageInfo { endCursor hasNextPage }
  }
}`;

interface HostsData {
  hosts: { nodes: Host[]; pageInfo: { endCursor: string | null; hasNextPage: boolean } };
}

/** All access to the data source. Errors are thrown as DatasourceFailures. */
export class AssetServer extends BaseAssetServer {
  private readonly client = new HttpClient({ baseURL: context().args.url, auth: apiKey("X-API-Key", context().args.key) });

  /** Sends a request that needs the key: a wrong key ends the test with exit code 52. */
  async testConnection(): Promise<number> {
    await this.revision();
    return 0;
  }

  /** The number of the last change: the save point. */
  async revision(): Promise<string> {
    const { revision } = await this.query<{ revision: string | null }>("query Revision { revision }");
    if (!revision) throw new DatasourceFailure("the data source returned no revision", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    return revision;
  }

  /** All hosts, page by page. */
  async *hosts(): AsyncGenerator<Host[]> {
    const seen = new Set<string | null>([null]);
    for (let after: string | null = null; ; ) {
      const { hosts }: HostsData = await this.query<HostsData>(hostsQuery, { after });
      yield hosts.nodes;
      if (!hosts.pageInfo.hasNextPage) return;
      after = hosts.pageInfo.endCursor;
      // A repeated cursor would loop for ever.
      if (seen.has(after)) {
        throw new DatasourceFailure(`the data source repeated the cursor ${after}`, ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
      }
      seen.add(after);
    }
  }

  private async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    // A query changes nothing, so it is safe to retry, although it is a POST.
    const answer = await this.client.post<Answer<T>>("/graphql", { json: { query, variables }, retry: true });
    const error = answer?.errors?.[0];
    if (error) {
      const code = codes[error.extensions?.code ?? ""] ?? ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS;
      throw new DatasourceFailure(`the data source rejected the query: ${error.message}`, code);
    }
    if (!answer?.data) {
      throw new DatasourceFailure("the data source returned no data for a query", ErrorCode.DATASOURCE_FAILURE_DATA_PROCESS);
    }
    return answer.data;
  }
}
