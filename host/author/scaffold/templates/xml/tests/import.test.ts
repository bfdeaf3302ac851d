import { answer, connector, dataSource, describe, expect, recorded, test } from "carjs/test";

const xml = (text: string) => answer(200, text, { "content-type": "application/xml" });

describe("the import", () => {
  test("adds the recorded hosts", async () => {
    const source = recorded("recordings/first");
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, skipped: [] });
    expect(subject.graph.counts()).toEqual({ asset: 3, ipaddress: 3, asset_ipaddress: 4 });
    expect(subject.graph.vertex("asset", "h1")).toMatchObject({ name: "mail", asset_type: "server" });
  });

  test("a host without an address is an asset", async () => {
    const source = dataSource();
    source.get("/export.xml", xml(`<inventory><head made="1"/><host id="1"><name>one</name><kind>server</kind></host></inventory>`));
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    await subject.import();
    expect(subject.graph.counts()).toEqual({ asset: 1 });
  });

  test("sends only the difference after a change and removes deleted hosts", async () => {
    const host = (id: string, address: string) =>
      `<host id="${id}"><name>host</name><kind>server</kind><address>${address}</address></host>`;
    const source = dataSource();
    source.get("/export.xml", xml(`<inventory><head made="1"/>${host("1", "10.0.0.1")}${host("2", "10.0.0.2")}</inventory>`));
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    await subject.import();
    source.get("/export.xml", xml(`<inventory><head made="2"/>${host("1", "10.0.0.9")}</inventory>`));
    const result = await subject.import();
    expect(result).toMatchObject({ mode: "incremental", exitCode: 0, savePoint: "2" });
    expect(result.requests).toHaveLength(1);
    expect(result.collections["asset"]).toMatchObject({ sent: 0, unchanged: 1, deleted: 1 });
    expect(subject.graph.edges("asset_ipaddress")).toMatchObject([{ from: "1", to: "10.0.0.9" }]);
  });
});

describe("a failure of the data source", () => {
  test.each([
    { what: "a rejected key", given: answer(401), code: 52 },
    { what: "a server that is down", given: answer(503), code: 51 },
    { what: "an export without a time", given: xml("<inventory/>"), code: 55 },
    { what: "a truncated export", given: xml("<inventory><head "), code: 55 },
  ])("is $what: code $code", async ({ given, code }) => {
    const source = dataSource().get("/export.xml", given);
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    expect(await subject.testConnection()).toBe(code);
    expect((await subject.import()).failure).toMatchObject({ kind: "DatasourceFailure", code });
  });
});
