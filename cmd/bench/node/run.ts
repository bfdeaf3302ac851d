// Runs the reference connector in Node: a full import, with the calls that carjs makes in their
// order. The flags are those of carjs.
import App from "connector";
import { Car } from "./car";
import { run } from "./carjs";
import { Pages } from "./pages";

function flags(argv: string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i].replace(/^--?/, "");
    given[name] = i + 1 < argv.length && !argv[i + 1].startsWith("-") ? argv[++i] : "true";
  }
  return given;
}

async function main(argv: string[]) {
  const given = flags(argv);
  run.args = {
    source: given.source,
    CONFIGURATION_AUTH_URL: given.url,
    CONFIGURATION_AUTH_USERNAME: given.username,
    CONFIGURATION_AUTH_PASSWORD: given.password,
  };
  run.timestamp = Date.now();
  const app: any = new App();
  run.assetServer = app.assetServer;
  if (given["connection-test"]) {
    process.exitCode = await app.assetServer.testConnection();
    return;
  }
  const car = new Car(given["car-service-url"], given["car-service-key"], given["car-service-password"], given.source);
  const extension = app.getSchemaExtension();
  if (extension) await car.extend(extension);
  await car.databases();
  if ((await car.savePoint()) !== "") throw new Error("only full imports are made here");
  await car.databases();

  const importer = app.fullImport;
  const head = await importer.createSourceReportObject();
  await car.enterFullImport();
  // The head is sent before the schema is asked for, so the pages get it later.
  const schema: { properties: Record<string, unknown> } = { properties: {} };
  const pages = new Pages(car, schema, head, run.timestamp);
  run.pages = pages;
  await pages.sendHead();
  const state = await importer.getNewModelStateId();
  Object.assign(schema, await car.importSchema());
  await importer.importVertices();
  await pages.sendVertices();
  await importer.importEdges();
  await pages.sendEdges();
  await car.leaveFullImport();
  await car.setSavePoint(state);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = error.code > 0 && error.code < 256 ? error.code : 1;
});
