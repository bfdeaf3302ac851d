/** The types of what the connector's schema extension adds to CAR's data model. */
declare module "carjs" {
  interface Asset {
    /** Value of the asset when it was bought. */
    initial_value?: number;
  }
  /** A vertex of `site`: from the schema extension of Test Connector. Its key is `external_id`. */
  interface Site {
    /** Identifier of the object in the data source. */
    external_id: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
    /** Postal address. */
    address: string;
    /** Area in square metres. */
    area?: number;
    details?: unknown;
    /** How many floors it has. A whole number. */
    floors?: number;
    gateway?: string;
    /** Name of the site. */
    name?: string;
    open?: boolean;
    opened?: unknown;
  }
  interface AssetIPAddress {
    /** Since when. */
    since?: unknown;
  }
  /** What an edge of `site_asset` carries besides its ends; it joins site to asset. */
  interface SiteAsset extends EdgeProperties {
  }
  /** What an edge of `site_ipaddress` carries besides its ends; it joins site to ipaddress. */
  interface SiteIPAddress extends EdgeProperties {
    weight: number;
  }
  /** What an edge of `site_site` carries besides its ends; it joins site to site. */
  interface SiteSite extends EdgeProperties {
  }
  /** The vertex collections and what their objects are. */
  interface Vertices {
    site: Site;
  }
  /** The edge collections and what their objects carry besides the ends. */
  interface Edges {
    site_asset: SiteAsset;
    site_ipaddress: SiteIPAddress;
    site_site: SiteSite;
  }
  /** The edge collections and the vertex collections that they join. */
  interface EdgeEnds {
    site_asset: { from: "site"; to: "asset" };
    site_ipaddress: { from: "site"; to: "ipaddress" };
    site_site: { from: "site"; to: "site" };
  }
}
