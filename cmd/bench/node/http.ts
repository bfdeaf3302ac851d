// The module "carjs/http" for Node: requests by fetch, which keeps connections open, and lists read
// page by page.
import { DatasourceFailure, ErrorCode } from "./carjs";

type Query = Record<string, unknown>;
type Finder = string | ((page: any) => any);

interface PageOptions {
  query?: Query;
  items?: Finder;
  next?: Finder;
  limit?: number;
  limitParam?: string;
  offsetParam?: string;
  total?: Finder;
}

export function basic(user: string, password: string) {
  return "Basic " + Buffer.from(`${user}:${password}`).toString("base64");
}

export function bearer(token: string) {
  return "Bearer " + token;
}

/** What stands at a path of a page, or what a function finds there. */
function find(page: any, finder: Finder | undefined): any {
  if (finder === undefined) return page;
  if (typeof finder === "function") return finder(page);
  return finder.split(".").reduce((value, name) => value?.[name], page);
}

export class HttpClient {
  private readonly base: string;
  private readonly headers: Record<string, string> = {};

  constructor(options: { baseURL?: string; auth?: string; headers?: Record<string, string> } = {}) {
    this.base = (options.baseURL ?? "").replace(/\/$/, "");
    Object.assign(this.headers, options.headers);
    if (options.auth) this.headers.Authorization = options.auth;
  }

  async get<T = any>(path: string, options: { query?: Query } = {}): Promise<T> {
    const url = new URL(/^https?:/.test(path) ? path : this.base + path);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    const response = await fetch(url, { headers: this.headers });
    if (!response.ok) throw new DatasourceFailure(`GET ${url}: ${response.status}`, ErrorCode.DATASOURCE_FAILURE_DEFAULT);
    return (await response.json()) as T;
  }

  readonly paginate = {
    nextURL: (path: string, options: PageOptions = {}) => this.nextURL(path, options),
    offset: (path: string, options: PageOptions = {}) => this.offset(path, options),
  };

  private async *nextURL(path: string, options: PageOptions): AsyncGenerator<any[]> {
    let page = await this.get(path, options);
    for (;;) {
      yield find(page, options.items) ?? [];
      const next = find(page, options.next ?? "next");
      if (!next) return;
      page = await this.get(next);
    }
  }

  private async *offset(path: string, options: PageOptions): AsyncGenerator<any[]> {
    const limit = options.limit ?? 100;
    for (let offset = 0; ; ) {
      const query = { ...options.query, [options.limitParam ?? "limit"]: limit, [options.offsetParam ?? "offset"]: offset };
      const page = await this.get(path, { query });
      const items: any[] = find(page, options.items) ?? [];
      if (items.length === 0) return;
      yield items;
      offset += items.length;
      if (options.total !== undefined && offset >= Number(find(page, options.total))) return;
    }
  }
}

export function lastSegment(url: string): string {
  const path = url.replace(/[?#].*/, "").replace(/^[^/]*:\/\/[^/]*/, "").replace(/\/+$/, "");
  return path.slice(path.lastIndexOf("/") + 1);
}
