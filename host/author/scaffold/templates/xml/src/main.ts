import { BaseApp } from "carjs";
import { FullImport, IncrementalImport } from "./imports";
import { AssetServer } from "./source";

export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);
}
