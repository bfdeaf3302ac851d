import { answer, connector, dataSource, describe, expect, recorded, test } from "carjs/test";

const settings = { url: "http://inventory.test", token: "a-token" };

describe("the import", () => {
  test("adds the recorded hosts", async () => {
    const source = recorded("recordings/first");
    const subject = connector({ source, settings: { ...settings, url: source.url } });
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, skipped: [] });
    expect(subject.graph.counts()).toEqual({ asset: 3, ipaddress: 3, asset_ipaddress: 4 });
    expect(subject.graph.vertex("asset", "h1")).toMatchObject({ name: "mail", asset_type: "server" });
    expect(subject.graph.edge("asset_ipaddress", "h1", "10.0.0.1")).toBeDefined();
  });

  test("sends the token", async () => {
    const source = dataSource();
    source.get("/api/changes", { latest: 1, updated: [], deleted: [] });
    source.get("/api/hosts", { items: [], next: null });
    await connector({ source, settings: { ...settings, url: source.url } }).import();
    expect(source.requests[0]?.headers["authorization"]).toBe("Bearer a-token");
  });

  test("follows the cursor", async () => {
    const source = dataSource();
    source.get("/api/changes", { latest: 1, updated: [], deleted: [] });
    source.get("/api/hosts", { items: [{ id: "1", name: "one", kind: "server", addresses: [] }], next: "c" });
    source.get("/api/hosts?cursor=c", { items: [{ id: "2", name: "two", kind: "server", addresses: [] }], next: null });
    const subject = connector({ source, settings: { ...settings, url: source.url } });
    await subject.import();
    expect(subject.graph.vertices("asset")).toHaveLength(2);
  });
});

describe("after a change", () => {
  const host = { id: "1", name: "one", kind: "server", addresses: ["10.0.0.1", "10.0.0.2"] };

  /** The connector after a full import of the host, and its data source. */
  async function imported() {
    const source = dataSource();
    source.get("/api/changes", { latest: 1, updated: [], deleted: [] }).get("/api/hosts", { items: [host], next: null });
    const subject = connector({ source, settings: { ...settings, url: source.url } });
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, savePoint: "1" });
    return { source, subject };
  }

  test("an address that a host has lost is removed", async () => {
    const { source, subject } = await imported();
    source.get("/api/changes", { latest: 2, updated: ["1"], deleted: [] });
    source.get("/api/hosts?ids=1", { items: [{ ...host, addresses: ["10.0.0.2"] }], next: null });
    expect(await subject.import()).toMatchObject({ mode: "incremental", exitCode: 0, savePoint: "2" });
    expect(subject.graph.edges("asset_ipaddress")).toMatchObject([{ from: "1", to: "10.0.0.2" }]);
    expect(subject.graph.vertices("ipaddress")).toHaveLength(1);
  });

  test("a deleted host is removed with its addresses", async () => {
    const { source, subject } = await imported();
    source.get("/api/changes", { latest: 2, updated: [], deleted: ["1"] });
    expect(await subject.import()).toMatchObject({ mode: "incremental", exitCode: 0 });
    expect(subject.graph.counts()).toEqual({});
  });

  test("changes that the data source no longer knows lead to a full import", async () => {
    const { source, subject } = await imported();
    source.get("/api/changes?since=1", answer(410));
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0 });
  });

  test("many hosts are requested in batches", async () => {
    const { source, subject } = await imported();
    source.get("/api/changes", { latest: 2, updated: Array.from({ length: 250 }, (_, i) => `h${i}`), deleted: [] });
    source.get("/api/hosts", { items: [], next: null });
    expect((await subject.import()).requests.filter((request) => request.query.ids)).toHaveLength(3);
  });
});

describe("a failure of the data source", () => {
  test.each([
    { what: "a rejected token", given: answer(401), code: 52 },
    { what: "a token without permission", given: answer(403), code: 53 },
    { what: "a server that is down", given: answer(503), code: 51 },
    { what: "an unreachable server", given: answer.refused(), code: 51 },
    { what: "an empty response", given: {}, code: 55 },
  ])("is $what: code $code", async ({ given, code }) => {
    const source = dataSource().get("/*", given);
    const subject = connector({ source, settings: { ...settings, url: source.url } });
    expect(await subject.testConnection()).toBe(code);
    expect((await subject.import()).failure).toMatchObject({ kind: "DatasourceFailure", code });
  });
});
