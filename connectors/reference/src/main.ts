import { BaseApp } from "carjs";
import { AssetServer } from "./assetServer";
import { extension } from "./extension";
import { FullImport } from "./fullImport";
import { IncrementalImport } from "./incrementalImport";

/** The reference connector: copies the reference data source into CAR and keeps it up to date. */
export default class App extends BaseApp {
  assetServer = new AssetServer();
  fullImport = new FullImport(this.assetServer);
  incrementalImport = new IncrementalImport(this.assetServer);

  constructor() {
    super("Imports the model of the reference data source");
  }

  override getSchemaExtension() {
    return extension;
  }
}
