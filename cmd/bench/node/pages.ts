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
  /** Edges: full pages, outside the heap. */
  waiting: Buffer[];
  /** Edges: the properties of the ends, and what stands before the keys in them. */
  from: string;
  to: string;
  fromPrefix: string;
  toPrefix: string;
}

export class Pages {
  private readonly vertices = new Map<string, Lane>();
  private readonly edges = new Map<string, Lane>();
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

  private lane(lanes: Map<string, Lane>, name: string): Lane {
    const there = lanes.get(name);
    if (there) return there;
    const items = this.schema.properties[name]?.items;
    if (!items) throw new Error(`CAR has no collection ${name}`);
    const [from, to] = name.split("_");
    const byKey = (property: string) => property in items.properties;
    const lane: Lane = {
      validate: this.ajv.compile(items),
      derived: derived[name],
      seen: new Set(),
      page: [],
      waiting: [],
      from: byKey("_from") ? "_from" : "_from_external_id",
      to: byKey("_to") ? "_to" : "_to_external_id",
      fromPrefix: byKey("_from") ? `${from}/` : "",
      toPrefix: byKey("_to") ? `${to}/` : "",
    };
    lanes.set(name, lane);
    return lane;
  }

  addVertex(name: string, object: Record<string, unknown>, key?: string): boolean {
    const lane = this.lane(this.vertices, name);
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
    const lane = this.lane(this.edges, name);
    const ends = typeof from === "string" ? { [lane.from]: lane.fromPrefix + from, [lane.to]: lane.toPrefix + to } : from;
    const edge = { ...ends, ...properties, report: this.head.report._key, source: this.head.source._key, active: true, timestamp: this.timestamp };
    if (!lane.validate(edge)) {
      console.error("left out: not valid", name, lane.validate.errors?.[0]);
      return false;
    }
    const json = JSON.stringify(edge);
    const id = properties || typeof from !== "string" ? json : `${from}\n${to}`;
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
    const posted = (async () => {
      try {
        this.jobs.push(await this.car.import(body));
        if (this.jobs.length >= jobBatch) await this.car.awaitImports(this.jobs.splice(0));
      } catch (error) {
        this.failure ??= error;
      } finally {
        this.posts.delete(posted);
      }
    })();
    this.posts.add(posted);
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
