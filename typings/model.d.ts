/**
 * The types of CAR's data model, as a connector fills them in.
 *
 * Made from the table in host/model; run the tests there with -update to make it anew.
 */
declare module "carjs" {
  /** What every edge may carry. */
  interface EdgeProperties {
    /** When the edge came to be, epoch milliseconds. */
    created?: number;
    /** When it last changed, epoch milliseconds; left out when it never did. */
    modified?: number;
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
    /** Identifier of the edge in the data source. */
    external_id?: string;
  }
  /** A vertex of `user`: a person. Its key is `external_id`. */
  interface User {
    /** Identifier of the person in the data source. */
    external_id: string;
    /** Name to search by. */
    name?: string;
    /** Login name. */
    username?: string;
    /** Full name. */
    fullname?: string;
    /** Family name. */
    family_name?: string;
    /** Given name. */
    given_name?: string;
    /** Mail address. */
    email?: string;
    /** User principal name. */
    upn?: string;
    /** Number of the employee. */
    employee_id?: string;
    /** Job title. */
    job_title?: string;
    /** Form of address. */
    title?: string;
    /** Role of the person. */
    role?: string;
    /** Department. */
    department?: string;
    /** Employee, vendor, customer and the like. */
    user_category?: string;
    /** Free text. */
    description?: string;
    /** Whether the person is active. */
    active?: boolean;
    /** When the definition last changed, epoch milliseconds. */
    modified?: number;
    /** Risk score over all time. */
    cumulative_score?: number;
    /** Risk score of the last analysis. */
    current_score?: number;
    /** Violations of critical severity, a count. */
    critical?: number;
    /** Violations of high severity, a count. */
    high?: number;
    /** Violations of medium severity, a count. */
    medium?: number;
    /** Violations of low severity, a count. */
    low?: number;
    /** When the first risk was seen, epoch milliseconds. */
    first_occurrence?: number;
    /** When the latest risk was seen, epoch milliseconds. */
    last_occurrence?: number;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `account`: an account with which a person uses a system. Its key is `external_id`. */
  interface Account {
    /** Identifier of the account in the data source. */
    external_id: string;
    /** Name of the account. */
    name: string;
    /** When it was created, epoch milliseconds. */
    created?: number;
    /** When it last changed, epoch milliseconds. */
    modified?: number;
    /** Whether it is active. */
    active?: boolean;
    /** Whether it meets the rules. */
    compliance_status?: boolean;
    /** Risk score over all time. */
    cumulative_score?: number;
    /** Risk score of the last analysis. */
    current_score?: number;
    /** Violations of critical severity, a count. */
    critical?: number;
    /** Violations of high severity, a count. */
    high?: number;
    /** Violations of medium severity, a count. */
    medium?: number;
    /** Violations of low severity, a count. */
    low?: number;
    /** When the first risk was seen, epoch milliseconds. */
    first_occurrence?: number;
    /** When the latest risk was seen, epoch milliseconds. */
    last_occurrence?: number;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `application`: an application, an operating system included. Its key is `external_id`. */
  interface Application {
    /** Identifier of the application in the data source. */
    external_id: string;
    /** Name of the application. */
    name: string;
    /** Free text. */
    description?: string;
    /** Its CPE name. */
    cpe?: string;
    /** Whether it is an operating system. */
    is_os?: boolean;
    /** Name of its owner. */
    owner?: string;
    /** Employee number of its owner. */
    owner_code?: string;
    /** Kind of application. */
    app_type?: string;
    /** State of the application. */
    status?: string;
    /** When it was last used, epoch milliseconds. */
    last_access_time?: number;
    /** X-Force threat score. */
    threat_score?: number;
    /** Risk score over all time. */
    cumulative_score?: number;
    /** Risk score of the last analysis. */
    current_score?: number;
    /** Violations of critical severity, a count. */
    critical?: number;
    /** Violations of high severity, a count. */
    high?: number;
    /** Violations of medium severity, a count. */
    medium?: number;
    /** Violations of low severity, a count. */
    low?: number;
    /** When the first risk was seen, epoch milliseconds. */
    first_occurrence?: number;
    /** When the latest risk was seen, epoch milliseconds. */
    last_occurrence?: number;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `asset`: a thing worth protecting: a machine, a virtual machine, a device. Its key is `external_id`. */
  interface Asset {
    /** Identifier of the asset in the data source. */
    external_id: string;
    /** What people call the asset. */
    name: string;
    /** What the asset is worth to the company, 1 to 10. */
    business_value?: number;
    /** Risk of the asset, 0 to 10. From 0 to 10. */
    risk?: number;
    /** Free text. */
    description?: string;
    /** Kind of asset, in the words of the data source. */
    asset_type?: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `container`: a container that runs an image. Its key is `external_id`. */
  interface Container {
    /** Name of the container. */
    name: string;
    /** Image it was started from. */
    image?: string;
    /** Identifier of the container in the data source. */
    external_id: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `ipaddress`: an IPv4 or IPv6 address. Its key is `_key`. */
  interface IPAddress {
    /** The address. */
    _key: string;
    /** The address; CAR takes it from _key. 1 to 254 characters. Matches `^[a-fA-F0-9:\.]+$`. */
    name?: string;
    /** Region of the network, where addresses repeat. */
    region_id?: string;
    /** Identifier of the object in the data source. */
    external_id?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `ipregion`: a part of the network in which addresses are unique. Its key is `external_id`. */
  interface IPRegion {
    /** Identifier of the region. */
    id?: string;
    /** Identifier shared by sources that mean the same region. */
    connecting_id?: string;
    /** Name of the region. */
    name?: string;
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
  }
  /** A vertex of `hostname`: a host name, fully qualified if the data source knows its domain. Its key is `_key`. */
  interface Hostname {
    /** The host name; CAR takes it from _key. Matches `^[^&#^|?<>\[\]]+$`. */
    external_id?: string;
    /** The name to search by; CAR takes it from _key. */
    host_name?: string;
    /** Key of the vertex within its source. */
    _key: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `macaddress`: a hardware address. Its key is `_key`. */
  interface MACAddress {
    /** The address, pairs of hexadecimal digits with colons between. */
    _key: string;
    /** Identifier of the address in the data source. */
    external_id?: string;
    /** The address; CAR takes it from _key. Matches `^(?:[0-9A-Fa-f]{2}(:))(?:[0-9A-Fa-f]{2}\1){4,6}(?:[0-9A-Fa-f]{2,4}){0,1}|(?:[0-9A-Fa-f]{4}(:)){3}(?:[0-9A-Fa-f]{4})$`. */
    name?: string;
    /** Network interface that has the address. */
    interface?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `businessprocess`: a process of the business that applications serve. Its key is `external_id`. */
  interface BusinessProcess {
    /** Name of the process. */
    name: string;
    /** Free text. */
    description?: string;
    /** Identifier of the process in the data source. */
    external_id: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `database`: a database that is watched. Its key is `external_id`. */
  interface Database {
    /** Name of the database. */
    name: string;
    /** Free text. */
    description?: string;
    /** Database engine. */
    type?: string;
    /** When its definition last changed, epoch milliseconds. */
    modified?: number;
    /** Protocol of the database. */
    protocol?: string;
    /** Port of the server, as text. */
    port?: string;
    /** Name under which the watching product knows it. */
    datasource_name?: string;
    /** Whether traffic was seen. */
    traffic_seen?: boolean;
    /** When it was last seen, epoch milliseconds. */
    last_seen_at?: number;
    /** State of the agent on the server. */
    agent_status?: string;
    /** When that state was read, epoch milliseconds. */
    status_date?: number;
    /** Identifier of the database in the data source. */
    external_id: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `port`: a network port on which something listens. Its key is `external_id`. */
  interface Port {
    /** Number of the port, 0 to 65535. A whole number. */
    port_number: number;
    /** Transport protocol, such as tcp. */
    protocol: string;
    /** State of the port. */
    status?: string;
    /** Free text. */
    description?: string;
    /** Name to search by. */
    name?: string;
    /** Identifier of the port in the data source. */
    external_id: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `vulnerability`: a weakness that assets, applications or databases have. Its key is `external_id`. */
  interface Vulnerability {
    /** Identifier of the vulnerability in the data source. */
    external_id: string;
    /** Name of the vulnerability. */
    name: string;
    /** Free text. */
    description?: string;
    /** CVSS base score. */
    base_score?: number;
    /** When it was disclosed, epoch milliseconds. */
    disclosed_on?: number;
    /** When it was published, epoch milliseconds. */
    published_on?: number;
    /** When it last changed, epoch milliseconds. */
    updated_on?: number;
    /** References to other catalogues; an object, not an array. */
    xref_properties?: Record<string, unknown>;
    /** Properties in the words of the data source. */
    external_properties?: string;
    /** Where to read more. */
    external_reference?: string;
    /** X-Force: exploit. */
    xfr_wx?: number;
    /** X-Force: utility. */
    xfr_utility?: number;
    /** X-Force: opportunity. */
    xfr_opportune?: number;
    /** X-Force: CVSS 2 base score. */
    xfr_cvss2_base?: number;
    /** X-Force: CVSS 3 base score. */
    xfr_cvss3_base?: number;
    /** X-Force: learned utility. */
    xfr_ml_utility?: number;
    /** X-Force: learned opportunity. */
    xfr_ml_opportune?: number;
    /** X-Force: threat score. */
    xfr_threat_score?: number;
    /** Products that have it. */
    cpes?: Record<string, unknown>;
    /** Where to read more. */
    links?: Record<string, unknown>;
    /** How to be rid of it. */
    solution?: string;
    /** What it is, in short. */
    synopsis?: string;
    /** Key of the vertex within its source. */
    _key?: string;
    /** Tags to add; leaving it out changes nothing. */
    tag?: string[];
    /** Tags to remove; leaving it out changes nothing. */
    untag?: string[];
    /** Further values that CAR keeps but does not look into. */
    properties?: Record<string, unknown>;
  }
  /** A vertex of `geolocation`: a place on the map. Its key is `external_id`. It has exactly one of: `longitude` and `latitude`, or `region`. */
  interface Geolocation {
    /** Name to search by. */
    name?: string;
    /** Region, where no coordinates are known. */
    region?: string;
    /** Degrees east. */
    longitude?: number;
    /** Degrees north. */
    latitude?: number;
    /** Free text. */
    description?: string;
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
  }
  /** What an edge of `asset_vulnerability` carries besides its ends; it joins asset to vulnerability. */
  interface AssetVulnerability extends EdgeProperties {
    /** Port on which the asset has the vulnerability. */
    port?: Record<string, unknown>;
    /** Overrides the base score of the vulnerability for this asset. */
    risk_score?: number;
  }
  /** What an edge of `asset_ipaddress` carries besides its ends; it joins asset to ipaddress. */
  interface AssetIPAddress extends EdgeProperties {
  }
  /** What an edge of `asset_macaddress` carries besides its ends; it joins asset to macaddress. */
  interface AssetMACAddress extends EdgeProperties {
  }
  /** What an edge of `asset_hostname` carries besides its ends; it joins asset to hostname. */
  interface AssetHostname extends EdgeProperties {
  }
  /** What an edge of `asset_account` carries besides its ends; it joins asset to account. */
  interface AssetAccount extends EdgeProperties {
  }
  /** What an edge of `asset_container` carries besides its ends; it joins asset to container. */
  interface AssetContainer extends EdgeProperties {
  }
  /** What an edge of `asset_application` carries besides its ends; it joins asset to application. */
  interface AssetApplication extends EdgeProperties {
  }
  /** What an edge of `asset_database` carries besides its ends; it joins asset to database. */
  interface AssetDatabase extends EdgeProperties {
  }
  /** What an edge of `asset_geolocation` carries besides its ends; it joins asset to geolocation. */
  interface AssetGeolocation extends EdgeProperties {
  }
  /** What an edge of `application_port` carries besides its ends; it joins application to port. */
  interface ApplicationPort extends EdgeProperties {
  }
  /** What an edge of `account_application` carries besides its ends; it joins account to application. */
  interface AccountApplication extends EdgeProperties {
    /** Person who owns the account. */
    user_id?: string;
    /** When the account last used the application, epoch milliseconds. */
    last_access_time?: number;
  }
  /** What an edge of `application_ipaddress` carries besides its ends; it joins application to ipaddress. */
  interface ApplicationIPAddress extends EdgeProperties {
    /** How application and address belong together. */
    mappingtype?: string;
  }
  /** What an edge of `businessprocess_application` carries besides its ends; it joins businessprocess to application. */
  interface BusinessProcessApplication extends EdgeProperties {
  }
  /** What an edge of `businessprocess_account` carries besides its ends; it joins businessprocess to account. */
  interface BusinessProcessAccount extends EdgeProperties {
  }
  /** What an edge of `application_database` carries besides its ends; it joins application to database. */
  interface ApplicationDatabase extends EdgeProperties {
  }
  /** What an edge of `application_vulnerability` carries besides its ends; it joins application to vulnerability. */
  interface ApplicationVulnerability extends EdgeProperties {
  }
  /** What an edge of `database_ipaddress` carries besides its ends; it joins database to ipaddress. */
  interface DatabaseIPAddress extends EdgeProperties {
  }
  /** What an edge of `database_vulnerability` carries besides its ends; it joins database to vulnerability. */
  interface DatabaseVulnerability extends EdgeProperties {
    /** Version of the database. */
    version_level?: string;
    /** Patches it has. */
    patch_level?: string;
    /** Its version in full. */
    full_version_info?: string;
    /** Outcome of the test. */
    result_text?: string;
    /** Outcome of the test in detail. */
    result_details?: string;
    /** What to do about it. */
    recommendation?: string;
    /** How bad it is. */
    severity?: string;
    /** Kind of test. */
    category?: string;
    /** What was tested. */
    assessment_description?: string;
  }
  /** What an edge of `ipaddress_container` carries besides its ends; it joins ipaddress to container. */
  interface IPAddressContainer extends EdgeProperties {
  }
  /** What an edge of `ipaddress_macaddress` carries besides its ends; it joins ipaddress to macaddress. */
  interface IPAddressMACAddress extends EdgeProperties {
  }
  /** What an edge of `ipaddress_hostname` carries besides its ends; it joins ipaddress to hostname. */
  interface IPAddressHostname extends EdgeProperties {
  }
  /** What an edge of `ipaddress_vulnerability` carries besides its ends; it joins ipaddress to vulnerability. */
  interface IPAddressVulnerability extends EdgeProperties {
  }
  /** What an edge of `ipaddress_geolocation` carries besides its ends; it joins ipaddress to geolocation. */
  interface IPAddressGeolocation extends EdgeProperties {
  }
  /** What an edge of `ipaddress_port` carries besides its ends; it joins ipaddress to port. */
  interface IPAddressPort extends EdgeProperties {
  }
  /** What an edge of `user_account` carries besides its ends; it joins user to account. */
  interface UserAccount extends EdgeProperties {
    /** When the person last used the account, epoch milliseconds. */
    last_access_time?: number;
  }
  /** What an edge of `account_database` carries besides its ends; it joins account to database. */
  interface AccountDatabase extends EdgeProperties {
  }
  /** What an edge of `account_hostname` carries besides its ends; it joins account to hostname. */
  interface AccountHostname extends EdgeProperties {
  }
  /** What an edge of `account_ipaddress` carries besides its ends; it joins account to ipaddress. */
  interface AccountIPAddress extends EdgeProperties {
    /** Risk score of the account from this address. */
    total_risk_score?: number;
    /** Part of it from threat analytics. */
    threat_analytics_score?: number;
    /** Part of it from violations. */
    violations_score?: number;
    /** Part of it from vulnerabilities. */
    vulnerability_score?: number;
    /** Part of it from sensitive objects. */
    sensitive_objects_score?: number;
    /** Part of it from SELECT queries. */
    select_queries_score?: number;
    /** Part of it from DDL queries. */
    ddl_queries_score?: number;
    /** Part of it from DML queries. */
    dml_queries_score?: number;
    /** Part of it from administrative queries. */
    administrative_queries_score?: number;
    /** Part of it from activity in high volume. */
    high_volume_activity_score?: number;
    /** Part of it from activity off working hours. */
    off_work_activity_score?: number;
    /** State of the group. */
    group_state_description?: string;
  }
  /** What an edge of `port_vulnerability` carries besides its ends; it joins port to vulnerability. */
  interface PortVulnerability extends EdgeProperties {
  }
  /** The vertex collections and what their objects are. */
  interface Vertices {
    user: User;
    account: Account;
    application: Application;
    asset: Asset;
    container: Container;
    ipaddress: IPAddress;
    ipregion: IPRegion;
    hostname: Hostname;
    macaddress: MACAddress;
    businessprocess: BusinessProcess;
    database: Database;
    port: Port;
    vulnerability: Vulnerability;
    geolocation: Geolocation;
  }
  /** The edge collections and what their objects carry besides the ends. */
  interface Edges {
    asset_vulnerability: AssetVulnerability;
    asset_ipaddress: AssetIPAddress;
    asset_macaddress: AssetMACAddress;
    asset_hostname: AssetHostname;
    asset_account: AssetAccount;
    asset_container: AssetContainer;
    asset_application: AssetApplication;
    asset_database: AssetDatabase;
    asset_geolocation: AssetGeolocation;
    application_port: ApplicationPort;
    account_application: AccountApplication;
    application_ipaddress: ApplicationIPAddress;
    businessprocess_application: BusinessProcessApplication;
    businessprocess_account: BusinessProcessAccount;
    application_database: ApplicationDatabase;
    application_vulnerability: ApplicationVulnerability;
    database_ipaddress: DatabaseIPAddress;
    database_vulnerability: DatabaseVulnerability;
    ipaddress_container: IPAddressContainer;
    ipaddress_macaddress: IPAddressMACAddress;
    ipaddress_hostname: IPAddressHostname;
    ipaddress_vulnerability: IPAddressVulnerability;
    ipaddress_geolocation: IPAddressGeolocation;
    ipaddress_port: IPAddressPort;
    user_account: UserAccount;
    account_database: AccountDatabase;
    account_hostname: AccountHostname;
    account_ipaddress: AccountIPAddress;
    port_vulnerability: PortVulnerability;
  }
  /** The edge collections and the vertex collections that they join. */
  interface EdgeEnds {
    asset_vulnerability: { from: "asset"; to: "vulnerability" };
    asset_ipaddress: { from: "asset"; to: "ipaddress" };
    asset_macaddress: { from: "asset"; to: "macaddress" };
    asset_hostname: { from: "asset"; to: "hostname" };
    asset_account: { from: "asset"; to: "account" };
    asset_container: { from: "asset"; to: "container" };
    asset_application: { from: "asset"; to: "application" };
    asset_database: { from: "asset"; to: "database" };
    asset_geolocation: { from: "asset"; to: "geolocation" };
    application_port: { from: "application"; to: "port" };
    account_application: { from: "account"; to: "application" };
    application_ipaddress: { from: "application"; to: "ipaddress" };
    businessprocess_application: { from: "businessprocess"; to: "application" };
    businessprocess_account: { from: "businessprocess"; to: "account" };
    application_database: { from: "application"; to: "database" };
    application_vulnerability: { from: "application"; to: "vulnerability" };
    database_ipaddress: { from: "database"; to: "ipaddress" };
    database_vulnerability: { from: "database"; to: "vulnerability" };
    ipaddress_container: { from: "ipaddress"; to: "container" };
    ipaddress_macaddress: { from: "ipaddress"; to: "macaddress" };
    ipaddress_hostname: { from: "ipaddress"; to: "hostname" };
    ipaddress_vulnerability: { from: "ipaddress"; to: "vulnerability" };
    ipaddress_geolocation: { from: "ipaddress"; to: "geolocation" };
    ipaddress_port: { from: "ipaddress"; to: "port" };
    user_account: { from: "user"; to: "account" };
    account_database: { from: "account"; to: "database" };
    account_hostname: { from: "account"; to: "hostname" };
    account_ipaddress: { from: "account"; to: "ipaddress" };
    port_vulnerability: { from: "port"; to: "vulnerability" };
  }
}
