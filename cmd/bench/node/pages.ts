// Validates, de-duplicates and pages what the connector reports, and posts it beside the connector.
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020";
import type { Car } from "./car";

const pageSize = 2000;
const inFlight = 4;
const jobBatch = 20;

/** Vertices keyed by _key; what CAR takes from the key where it is missing. */
const derived: Record<string, string[]> = { hostname: ["host_name", "external_id"], ipaddress: ["name"], macaddress: ["name"] };

/** One collection on its way. */
interface Lane {
  validate: ValidateFunction;
  derived: string[] | undefined;
  seen: Set<string>;
  /** The page under way: the JSON of its objects. */
  page: string[];
}

/** What an edge collection has besides. */
interface EdgeLane extends Lane {
  /** Full pages, outside the heap. */
  waiting: Buffer[];
  /** The properties of the ends, and what stands before the keys in them. */
  from: string;
  to: string;
  fromPrefix: string;
  toPrefix: string;
  /** An edge to be validated, in which only the ends change. */
  sample: Record<string, unknown>;
  /** The end of an edge's JSON. */
  tail: string;
}

export class Pages {
  private readonly vertices = new Map<string, Lane>();
  private readonly edges = new Map<string, EdgeLane>();
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });
  private readonly posts = new Set<Promise<void>>();
  private failure: unknown;
  private jobs: string[] = [];
  private readonly opening: string;

  /**
   * @param schema the import schema of CAR, by which everything is validated
   * @param head source and report, with which every page begins
   */
  constructor(private readonly car: Car, private readonly schema: any, private readonly head: any, private readonly timestamp: number) {
    this.opening = JSON.stringify(head).slice(0, -1);
  }

  private items(name: string): any {
    const items = this.schema.properties[name]?.items;
    if (!items) throw new Error(`CAR has no collection ${name}`);
    return items;
  }

  private vertexLane(name: string): Lane {
    const lane = { validate: this.ajv.compile(this.items(name)), derived: derived[name], seen: new Set<string>(), page: [] };
    this.vertices.set(name, lane);
    return lane;
  }

  private edgeLane(name: string): EdgeLane {
    const items = this.items(name);
    const [from, to] = name.split("_");
    const has = (property: string) => property in items.properties;
    const stamps = { report: this.head.report._key, source: this.head.source._key, active: true, timestamp: this.timestamp };
    const lane = {
      validate: this.ajv.compile(items),
      derived: undefined,
      seen: new Set<string>(),
      page: [],
      waiting: [],
      from: has("_from") ? "_from" : "_from_external_id",
      to: has("_to") ? "_to" : "_to_external_id",
      fromPrefix: has("_from") ? `${from}/` : "",
      toPrefix: has("_to") ? `${to}/` : "",
      sample: { ...stamps },
      tail: "," + JSON.stringify(stamps).slice(1),
    };
    this.edges.set(name, lane);
    return lane;
  }

  addVertex(name: string, object: Record<string, unknown>, key?: string): boolean {
    const lane = this.vertices.get(name) ?? this.vertexLane(name);
    let checked = object;
    if (lane.derived) {
      checked = { ...object };
      for (const property of lane.derived) checked[property] ??= object._key;
    }
    if (!lane.validate(checked)) {
      console.error("left out: not valid", name, lane.validate.errors?.[0]);
      return false;
    }
    const id = String(object[key ?? ("_key" in object ? "_key" : "external_id")]);
    if (lane.seen.has(id)) return true;
    lane.seen.add(id);
    lane.page.push(JSON.stringify(object));
    if (lane.page.length === pageSize) this.post(this.close(name, lane));
    return true;
  }

  addEdge(name: string, from: string | Record<string, unknown>, to?: string, properties?: Record<string, unknown>): boolean {
    const lane = this.edges.get(name) ?? this.edgeLane(name);
    if (typeof from === "string" && !properties) return this.addLink(name, lane, from, String(to));
    const ends = typeof from === "string" ? { [lane.from]: lane.fromPrefix + from, [lane.to]: lane.toPrefix + to } : from;
    const said = { ...ends, ...properties };
    const json = JSON.stringify(said).slice(0, -1) + lane.tail;
    return this.addJSON(name, lane, { ...lane.sample, ...said }, json, json);
  }

  /** The way of edges that say nothing but their ends: no object is made. */
  private addLink(name: string, lane: EdgeLane, from: string, to: string): boolean {
    const a = lane.fromPrefix + from;
    const b = lane.toPrefix + to;
    lane.sample[lane.from] = a;
    lane.sample[lane.to] = b;
    const json = `{"${lane.from}":${JSON.stringify(a)},"${lane.to}":${JSON.stringify(b)}${lane.tail}`;
    return this.addJSON(name, lane, lane.sample, json, `${from}\n${to}`);
  }

  private addJSON(name: string, lane: EdgeLane, edge: Record<string, unknown>, json: string, id: string): boolean {
    if (!lane.validate(edge)) {
      console.error("left out: not valid", name, lane.validate.errors?.[0]);
      return false;
    }
    if (lane.seen.has(id)) return true;
    lane.seen.add(id);
    lane.page.push(json);
    if (lane.page.length === pageSize) lane.waiting.push(Buffer.from(this.close(name, lane)));
    return true;
  }

  /** The envelope of a lane's page, which is empty after that. */
  private close(name: string, lane: Lane): string {
    const body = `${this.opening},${JSON.stringify(name)}:[${lane.page.join(",")}]}`;
    lane.page = [];
    return body;
  }

  /** Posts beside the caller. What fails is thrown by room() or drain(). */
  private post(body: string | Uint8Array) {
    const posted: Promise<void> = this.deliver(body).finally(() => this.posts.delete(posted));
    this.posts.add(posted);
  }

  private async deliver(body: string | Uint8Array) {
    try {
      this.jobs.push(await this.car.import(body));
      if (this.jobs.length >= jobBatch) await this.car.awaitImports(this.jobs.splice(0));
    } catch (error) {
      this.failure ??= error;
    }
  }

  private async room() {
    while (this.posts.size >= inFlight) await Promise.race(this.posts);
    if (this.failure) throw this.failure;
  }

  /** Returns when CAR has all that was posted. */
  private async drain() {
    await Promise.all(this.posts);
    if (this.failure) throw this.failure;
    await this.car.awaitImports(this.jobs.splice(0));
  }

  async sendHead() {
    this.post(this.opening + "}");
    await this.drain();
  }

  async sendVertices() {
    for (const [name, lane] of this.vertices) {
      if (lane.page.length === 0) continue;
      await this.room();
      this.post(this.close(name, lane));
    }
    await this.drain();
  }

  async sendEdges() {
    await this.sendVertices();
    for (const [name, lane] of this.edges) {
      if (lane.page.length > 0) lane.waiting.push(Buffer.from(this.close(name, lane)));
      for (const body of lane.waiting.splice(0)) {
        await this.room();
        this.post(body);
      }
    }
    await this.drain();
  }
}
