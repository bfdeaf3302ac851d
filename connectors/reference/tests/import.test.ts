import { answer, connector, dataSource, describe, expect, test, type ScriptedSource } from "carjs/test";

const login = { CONFIGURATION_AUTH_USERNAME: "admin", CONFIGURATION_AUTH_PASSWORD: "admin" };

/** A data source with two sites, two assets and what belongs to the first of them. */
function model(): ScriptedSource {
  const source = dataSource();
  const at = (path: string) => `${source.url}/${path}/`;
  source.get("/model_state_id", { model_state_id: "7" });
  const rows: Record<string, object[]> = {
    xrefproperties: [{ pk: 1, extref_typename: "CVE", extref_value: "CVE-2020-1", q_extref_typeid: 2 }],
    vulnerabilities: [{
      pk: 1, name: "a hole", published_on: 1577836800000, disclosed_on: 1577836800000, updated_on: 1577923200000,
      vcvssbmid: 9, base_score: 7.5, xref_properties: [at("xrefproperties/1")],
    }],
    sites: [{ pk: 1, name: "north", address: "1 Road" }, { pk: 2, name: "south", address: "2 Road" }],
    assets: [
      { pk: 1, name: "server", type: "host", initial_value: 3, site: at("sites/1"), vulnerabilities: [at("vulnerabilities/1")] },
      { pk: 2, name: "laptop", type: "host", initial_value: 1, site: at("sites/2"), vulnerabilities: [] },
    ],
    ip_addresses: [{ pk: 1, address: "10.0.0.1", asset: at("assets/1") }],
    mac_addresses: [{ pk: 1, address: "02:00:00:00:00:01", asset: at("assets/1"), ip_addresses: [at("ip_addresses/1")] }],
    hosts: [{ pk: 1, host: "server.example.com", asset: at("assets/1") }],
    apps: [{ pk: 1, name: "mail", assets: [at("assets/1")] }],
    ports: [{
      pk: 1, port_number: 25, layer7application: "smtp", protocol: "tcp", apps: [at("apps/1")], ip_addresses: [at("ip_addresses/1")],
    }],
  };
  for (const [kind, list] of Object.entries(rows)) source.get(`/${kind}`, list);
  return source;
}

const subjectOf = (source: ScriptedSource) => connector({ source, settings: { ...login, CONFIGURATION_AUTH_URL: source.url } });

describe("a full import", () => {
  test("brings every kind of row and the edges between them", async () => {
    const subject = subjectOf(model());
    expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, savePoint: "7", skipped: [] });
    expect(subject.graph.counts()).toEqual({
      application: 1, asset: 2, hostname: 1, ipaddress: 1, macaddress: 1, port: 1, site: 2, vulnerability: 1,
      application_port: 1, application_vulnerability: 1, asset_hostname: 1, asset_ipaddress: 1, asset_macaddress: 1, asset_vulnerability: 1,
      ipaddress_port: 1, site_asset: 2,
    });
    expect(subject.graph.vertex("asset", "1")).toMatchObject({ name: "server", asset_type: "host", initial_value: 3 });
    expect(subject.graph.edge("site_asset", "2", "2")).toBeDefined();
    expect(subject.graph.edge("asset_ipaddress", "1", "10.0.0.1")).toBeDefined();
  });

  test("logs in", async () => {
    const source = model();
    await subjectOf(source).import();
    for (const request of source.requests) expect(request.headers["authorization"]).toBe("Basic YWRtaW46YWRtaW4=");
  });

  test("keeps nothing of a data source that fails in the middle", async () => {
    const source = model().get("/apps", answer(500, "out of order"));
    const subject = subjectOf(source);
    const result = await subject.import();
    expect(result.failure).toMatchObject({ kind: "DatasourceFailure", code: 51, fault: "data source" });
    expect(result.savePoint).toBe("");
  });
});

describe("an incremental import", () => {
  test("sends nothing when nothing has changed", async () => {
    const subject = subjectOf(model());
    await subject.import();
    const before = subject.graph.counts();
    const again = await subject.import();
    expect(again).toMatchObject({ mode: "incremental", exitCode: 0 });
    for (const count of Object.values(again.collections)) expect(count).toMatchObject({ sent: 0, deleted: 0 });
    expect(subject.graph.counts()).toEqual(before);
  });

  test("brings a row that changed", async () => {
    const source = model();
    const subject = subjectOf(source);
    await subject.import();
    source.get("/model_state_id", { model_state_id: "8" });
    source.get("/delta", { delta: { sites: { updates: [1], deletions: [] } } });
    source.get("/sites", [{ pk: 1, name: "far north", address: "1 Road" }]);
    expect(await subject.import()).toMatchObject({ mode: "incremental", exitCode: 0, savePoint: "8" });
    expect(subject.graph.vertex("site", "1")).toMatchObject({ name: "far north" });
    expect(subject.graph.vertex("site", "2")).toMatchObject({ name: "south" });
  });

  test("asks for what changed between the save points", async () => {
    const source = model();
    const subject = subjectOf(source);
    await subject.import();
    source.get("/model_state_id", { model_state_id: "9" }).get("/delta", {});
    const { requests } = await subject.import();
    expect(requests.find((request) => request.path === "/delta")?.query).toEqual({ from: "7", to: "9" });
  });
});

test("a connection test tells a login that is refused", async () => {
  const source = dataSource().get("/*", answer(401));
  expect(await subjectOf(source).testConnection()).toBe(52);
  expect(await subjectOf(model()).testConnection()).toBe(0);
});
