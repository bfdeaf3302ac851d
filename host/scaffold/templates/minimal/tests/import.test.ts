import { connector, expect, recorded, test } from "carjs/test";

test("the import brings the recorded hosts", async () => {
  const source = recorded("recordings/first");
  const subject = connector({ source, settings: { url: source.url, token: "a-token" } });
  expect(await subject.import()).toMatchObject({ mode: "full", exitCode: 0, skipped: [] });
  expect(subject.graph.vertices("asset")).toHaveLength(3);
});
