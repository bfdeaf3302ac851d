import { connector, dataSource, describe, expect, recorded, test } from "carjs/test";

describe("the import", () => {
  test("brings the recorded hosts", async () => {
    const source = recorded("recordings/first");
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, skipped: [] });
    expect(subject.graph.counts()).toEqual({ asset: 3, ipaddress: 3, asset_ipaddress: 4 });
    expect(subject.graph.vertex("asset", "h1")).toMatchObject({ name: "mail", asset_type: "server" });
  });

  test("asks for the next page until there is none", async () => {
    const source = dataSource();
    const host = (id: string) => ({ id, name: `host ${id}`, kind: "server", addresses: [] });
    source.post("/graphql", (request) => {
      const { query, variables } = request.json();
      if (query.includes("revision")) return { data: { revision: "1" } };
      const last = variables.after === "c1";
      return { data: { hosts: { nodes: [host(last ? "2" : "1")], pageInfo: { endCursor: "c1", hasNextPage: !last } } } };
    });
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    await subject.import();
    expect(subject.graph.vertices("asset").map((asset) => asset.external_id)).toEqual(["1", "2"]);
    expect(source.requests[0]?.headers["x-api-key"]).toBe("a-key");
  });

  test("takes errors in an answer for a failure", async () => {
    const source = dataSource();
    source.post("/graphql", { errors: [{ message: "no such field" }] });
    const result = await connector({ source, settings: { url: source.url, key: "a-key" } }).import();
    expect(result.failure).toMatchObject({ kind: "DatasourceFailure", code: 55, message: "the data source refuses the query: no such field" });
  });
});
