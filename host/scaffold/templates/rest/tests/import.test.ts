import { answer, connector, dataSource, describe, expect, recorded, test } from "carjs/test";

const settings = { url: "http://inventory.test", token: "a-token" };

describe("the import", () => {
  test("brings the recorded hosts", async () => {
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

  test("ends in a failure of the data source when the token is refused", async () => {
    const source = dataSource();
    source.get("/*", answer(401, { error: "who are you?" }));
    const result = await connector({ source, settings: { ...settings, url: source.url } }).import();
    expect(result.failure).toMatchObject({ kind: "DatasourceFailure", code: 52 });
  });
});
