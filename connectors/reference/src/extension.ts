import { SchemaExtension } from "carjs";

/** Adds the vertex `site`, the edge `site_asset`, and `asset.initial_value` to CAR's data model. */
export const extension = new SchemaExtension({
  key: "6a5f0c2e-8f43-4c55-9f0b-2b7f5a0f6f7d",
  owner: "Reference Connector",
  version: "1",
  schema: {
    vertices: [
      {
        name: "site",
        properties: {
          name: { type: "text", description: "name of the site", indexed: true, required: true, default: "" },
          address: { type: "text", description: "postal address of the site", required: true, default: "" },
        },
      },
      {
        name: "asset",
        properties: { initial_value: { type: "numeric", description: "value of the asset when it was bought" } },
      },
    ],
    edges: [{ end1: "site", end2: "asset" }],
  },
});

/** Types for the extension, and for what the data source has beyond CAR's model. */
declare module "carjs" {
  interface Args {
    /** Base URL of the data source. */
    readonly CONFIGURATION_AUTH_URL: string;
    /** Name of a user of the data source. */
    readonly CONFIGURATION_AUTH_USERNAME: string;
    /** Password of that user. */
    readonly CONFIGURATION_AUTH_PASSWORD: string;
  }
  interface Asset {
    /** Identifier of the asset in the data source, once more. */
    assetid?: string;
    /** Value of the asset when it was bought. */
    initial_value?: number;
  }
  interface Vulnerability {
    /** Number of the vulnerability in the X-Force catalogue. */
    vcvssbmid?: string;
  }
  interface Port {
    /** Application protocol that is spoken on the port. */
    layer7application?: string;
  }
  interface Site {
    /** Identifier of the site in the data source. */
    external_id: string;
    /** Name of the site. */
    name: string;
    /** Postal address of the site. */
    address: string;
  }
  interface Vertices {
    site: Site;
  }
  interface Edges {
    site_asset: {};
  }
}
