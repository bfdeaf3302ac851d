import { answer, connector, dataSource, expect, recorded, test } from "carjs/test";

test("the import adds the recorded hosts", async () => {
  const source = recorded("recordings/first");
  const subject = connector({ source, settings: { url: source.url, token: "a-token" } });
  expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, skipped: [] });
  expect(subject.graph.vertices("asset")).toHaveLength(3);
});

test("a deleted host is removed", async () => {
  const source = dataSource().get("/hosts", [{ id: "1", name: "one" }, { id: "2", name: "two" }]);
  const subject = connector({ source, settings: { url: source.url, token: "a-token" } });
  await subject.import();
  source.get("/hosts", [{ id: "2", name: "two" }]);
  expect(await subject.import()).toMatchObject({ mode: "incremental", exitCode: 0 });
  expect(subject.graph.vertices("asset")).toMatchObject([{ external_id: "2" }]);
});

test.each([
  { what: "a rejected token", given: answer(401), code: 52 },
  { what: "a response without a list", given: {}, code: 55 },
])("$what ends in a DatasourceFailure", async ({ given, code }) => {
  const source = dataSource().get("/hosts", given);
  const result = await connector({ source, settings: { url: source.url, token: "a-token" } }).import();
  expect(result.failure).toMatchObject({ kind: "DatasourceFailure", code });
});
