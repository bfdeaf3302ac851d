import { answer, connector, dataSource, describe, expect, recorded, test } from "carjs/test";

describe("the import", () => {
  test("adds the recorded hosts", async () => {
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
});

describe("after a change", () => {
  /** A response with these hosts. */
  const page = (...hosts: object[]) => ({ data: { hosts: { nodes: hosts, pageInfo: { endCursor: null, hasNextPage: false } } } });

  test("sends only the difference and removes deleted hosts", async () => {
    const one = { id: "1", name: "one", kind: "server", addresses: ["10.0.0.1", "10.0.0.2"] };
    let revision = "1";
    let hosts = page(one, { id: "2", name: "two", kind: "server", addresses: [] });
    const source = dataSource().post("/graphql", (request) => (request.json().query.includes("revision") ? { data: { revision } } : hosts));
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    await subject.import();
    expect((await subject.import()).requests).toHaveLength(1);

    revision = "2";
    hosts = page({ ...one, addresses: ["10.0.0.1"] });
    const result = await subject.import();
    expect(result).toMatchObject({ mode: "incremental", exitCode: 0, savePoint: "2" });
    expect(result.collections["asset"]).toMatchObject({ sent: 0, unchanged: 1, deleted: 1 });
    expect(subject.graph.counts()).toEqual({ asset: 1, ipaddress: 1, asset_ipaddress: 1 });
  });
});

describe("a failure of the data source", () => {
  const refused = (code?: string) => ({ errors: [{ message: "no such field", extensions: { code } }] });

  test.each([
    { what: "a rejected key", given: refused("UNAUTHENTICATED"), code: 52 },
    { what: "a key without permission", given: refused("FORBIDDEN"), code: 53 },
    { what: "a rejected query", given: refused("BAD_USER_INPUT"), code: 54 },
    { what: "any other error in a response", given: refused(), code: 55 },
    { what: "a response without data", given: {}, code: 55 },
    { what: "a server that is down", given: answer(503), code: 51 },
  ])("is $what: code $code", async ({ given, code }) => {
    const source = dataSource().post("/graphql", given);
    const subject = connector({ source, settings: { url: source.url, key: "a-key" } });
    expect(await subject.testConnection()).toBe(code);
    expect((await subject.import()).failure).toMatchObject({ kind: "DatasourceFailure", code });
  });

  test("is a repeated cursor", async () => {
    const source = dataSource().post("/graphql", (request) =>
      request.json().query.includes("revision")
        ? { data: { revision: "1" } }
        : { data: { hosts: { nodes: [], pageInfo: { endCursor: "c", hasNextPage: true } } } },
    );
    const result = await connector({ source, settings: { url: source.url, key: "a-key" } }).import();
    expect(result.failure).toMatchObject({ code: 55, message: "the data source repeated the cursor c" });
  });
});
