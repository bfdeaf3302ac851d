import { answer, connector, dataSource, describe, expect, recorded, test } from "carjs/test";

const xml = (text: string) => answer(200, text, { "content-type": "application/xml" });

describe("the import", () => {
  test("brings the recorded hosts", async () => {
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

  test("takes an export without a time for a failure", async () => {
    const source = dataSource();
    source.get("/export.xml", xml("<inventory/>"));
    const result = await connector({ source, settings: { url: source.url, key: "a-key" } }).import();
    expect(result.failure).toMatchObject({ kind: "DatasourceFailure", code: 55 });
  });
});
