/** The types of what the connector's schema extension adds to CAR's data model. */
declare module "carjs" {
  interface Asset {
    /** Value of the asset when it was bought. */
    initial_value?: number | bigint;
  }
  /** A vertex of `site`: from the schema extension of Test Connector. Its key is `external_id`. It has exactly one of: `gateway`, or `district` and `code`. It has exactly one of: `rooms`, or `external_id`. */
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
    /** Default: `12345678901234567890.5`. */
    budget?: number | bigint;
    /** Matches `^[A-Z]{2}-\d+$`. No two objects of a source share a value. */
    code?: string;
    /** Any JSON value but null. */
    details?: object | string | number | boolean;
    district?: string;
    /** How many floors it has. A whole number of 64 bits; give what a number cannot hold exactly as a BigInt. */
    floors?: number | bigint;
    /** An IPv4 or IPv6 address, `10.0.0.0/8` with a prefix. No two objects of a source share a value. */
    gateway?: string;
    /** A MAC address, such as `08:00:2b:01:02:03`. */
    hardware?: string;
    /** Name of the site. Default: `""`. */
    name?: string;
    /** A whole number of 64 bits; give what a number cannot hold exactly as a BigInt. CAR numbers the objects that have none. */
    number?: number | bigint;
    /** Default: `true`. */
    open?: boolean;
    /** Epoch milliseconds, or an ISO 8601 time. */
    opened?: number | string;
    /** A whole number of 32 bits. From 1 to 5000. From -10 to 4000. */
    rooms?: number;
  }
  interface AssetIPAddress {
    /** Since when. Epoch milliseconds, or an ISO 8601 time. */
    since?: number | string;
  }
  /** What an edge of `site_asset` carries besides its ends; it joins site to asset. */
  interface SiteAsset extends EdgeProperties {
  }
  /** What an edge of `site_ipaddress` carries besides its ends; it joins site to ipaddress. It has exactly one of: `height`, or `created`. */
  interface SiteIPAddress extends EdgeProperties {
    height?: number | bigint;
    weight: number | bigint;
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
