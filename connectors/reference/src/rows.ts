/** The rows as the API sends them. References to other rows are URLs that end in `/{pk}/`. */
export interface Rows {
  xrefproperties: { pk: number; extref_typename: string; extref_value: string; q_extref_typeid: number };
  vulnerabilities: {
    pk: number;
    name: string;
    /** Epoch milliseconds, like the other two dates. */
    published_on: number;
    disclosed_on: number;
    updated_on: number;
    vcvssbmid: number;
    base_score: number;
    xref_properties: string[];
  };
  sites: { pk: number; name: string; address: string };
  assets: { pk: number; name: string; type: string; initial_value: number; site: string | null; vulnerabilities: string[] };
  ip_addresses: { pk: number; address: string; asset: string };
  mac_addresses: { pk: number; address: string; asset: string; ip_addresses: string[] };
  hosts: { pk: number; host: string; asset: string };
  apps: { pk: number; name: string; assets: string[] };
  ports: { pk: number; port_number: number; layer7application: string; protocol: string; apps: string[]; ip_addresses: string[] };
}

/** The kinds of rows. */
export type Kind = keyof Rows;
