package main

// assetConnector is the text of a whole connector that imports assets in full imports. head stands
// before its classes; server are the members of the asset server; vertices is the body of
// importVertices, in which server is the asset server and handler.add adds an asset.
func assetConnector(head, server, vertices string) string {
	return `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, context } from "carjs";
` + head + `
class Server extends BaseAssetServer {
` + server + `
}
class Handler extends BaseDataHandler {
  createSourceReportObject() { return { source: {}, report: {} }; }
  add(external_id: string, name: string) { this.addCollection("asset", { external_id, name }); }
}
class Full extends BaseFullImport {
  handler = new Handler();
  constructor(private server: Server) { super(); }
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  async importVertices() {
    const { handler, server } = this;
` + vertices + `
  }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  handler = new Handler();
  createSourceReportObject() { return this.handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  getDataForDelta() {} importVertices() {} importEdges() {} deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full(this.assetServer);
  incrementalImport = new Incremental();
}
`
}
