package model

import "sync"

// car is made once: the table is a constant in all but name.
var car = sync.OnceValue(func() *Model {
	m, err := build(append(vertices(), edges()...))
	if err != nil {
		panic("invalid built-in data model: " + err.Error()) // a programming error that every test would show
	}
	return m
})

// CAR returns the published data model, without any extension. Every call returns the same
// read-only value.
func CAR() *Model { return car() }

// Short forms, so that the table reads as a table.

func text(name, description string) Property {
	return Property{Name: name, Type: String, Description: description}
}

func number(name, description string) Property {
	return Property{Name: name, Type: Number, Description: description}
}

func boolean(name, description string) Property {
	return Property{Name: name, Type: Boolean, Description: description}
}

func object(name, description string) Property {
	return Property{Name: name, Type: Object, Description: description}
}

func (p Property) required() Property { p.Required = true; return p }
func (p Property) indexed() Property  { p.Indexed = true; return p }

func (p Property) pattern(pattern string) Property { p.Pattern = pattern; return p }

func (p Property) between(low, high float64) Property { p.Min, p.Max = &low, &high; return p }

func (p Property) length(low, high int) Property { p.MinLength, p.MaxLength = low, high; return p }

// vertex makes a vertex collection; every one of them has the common properties behind its own.
func vertex(name, keyedBy, description string, properties ...Property) *Collection {
	has := map[string]bool{}
	for _, p := range properties {
		has[p.Name] = true
	}
	for _, p := range commonVertex() {
		if !has[p.Name] {
			properties = append(properties, p)
		}
	}
	return &Collection{Name: name, Kind: Vertex, KeyedBy: keyedBy, Description: description, Properties: properties}
}

// commonVertex is what every vertex may carry.
func commonVertex() []Property {
	return []Property{
		text(ByExternalID, "identifier of the object in the data source"),
		text(ByKey, "key of the vertex within its source"),
		text("source", "key of the source that reports the vertex; CAR sets it from the envelope"),
		{Name: "tag", Type: Strings, Description: "tags to add; leaving it out changes nothing"},
		{Name: "untag", Type: Strings, Description: "tags to remove; leaving it out changes nothing"},
		object("properties", "further values that CAR keeps but does not look into"),
	}
}

// risk is the group of properties with which accounts, users and applications carry the outcome of
// a risk analysis.
func risk(properties ...Property) []Property {
	return append(properties,
		number("cumulative_score", "risk score over all time"),
		number("current_score", "risk score of the last analysis"),
		number("critical", "violations of critical severity, a count"),
		number("high", "violations of high severity, a count"),
		number("medium", "violations of medium severity, a count"),
		number("low", "violations of low severity, a count"),
		number("first_occurrence", "when the first risk was seen, epoch milliseconds"),
		number("last_occurrence", "when the latest risk was seen, epoch milliseconds"),
	)
}

const (
	// addressPattern admits IPv4 and IPv6 spellings, without looking closer.
	addressPattern = `^[a-fA-F0-9:\.]+$`
	// macPattern admits colon-separated EUI-48 and EUI-64; the back reference keeps the separator
	// the same throughout.
	macPattern = `^(?:[0-9A-Fa-f]{2}(:))(?:[0-9A-Fa-f]{2}\1){4,6}(?:[0-9A-Fa-f]{2,4}){0,1}|(?:[0-9A-Fa-f]{4}(:)){3}(?:[0-9A-Fa-f]{4})$`
	// hostPattern forbids the characters that no host name has.
	hostPattern = `^[^&#^|?<>\[\]]+$`
)

// vertices is the table of vertex collections.
func vertices() []*Collection {
	location := vertex("geolocation", ByExternalID, "a place on the map",
		text("name", "name to search by"), text("region", "region, where no coordinates are known"),
		number("longitude", "degrees east"), number("latitude", "degrees north"), text("description", "free text"))
	location.OneOf = []OneOf{{Groups: [][]string{{"longitude", "latitude"}, {"region"}}}}
	return append(identities(), []*Collection{
		vertex("asset", ByExternalID, "a thing worth protecting: a machine, a virtual machine, a device",
			text(ByExternalID, "identifier of the asset in the data source").required().indexed(),
			text("name", "what people call the asset").required().indexed(),
			number("business_value", "what the asset is worth to the company, 1 to 10"),
			number("risk", "risk of the asset, 0 to 10").between(0, 10),
			text("description", "free text"),
			text("asset_type", "kind of asset, in the words of the data source")),
		vertex("container", ByExternalID, "a container that runs an image",
			text("name", "name of the container").required(), text("image", "image it was started from"),
			text(ByExternalID, "identifier of the container in the data source").required()),
		vertex("ipaddress", ByKey, "an IPv4 or IPv6 address",
			text(ByKey, "the address").required(),
			text("name", "the address; CAR takes it from _key").indexed().pattern(addressPattern).length(1, 254),
			text("region_id", "region of the network, where addresses repeat")),
		vertex("ipregion", ByExternalID, "a part of the network in which addresses are unique",
			text("id", "identifier of the region"), text("connecting_id", "identifier shared by sources that mean the same region"),
			text("name", "name of the region")),
		vertex("hostname", ByKey, "a host name, fully qualified if the data source knows its domain",
			text(ByExternalID, "the host name; CAR takes it from _key").indexed().pattern(hostPattern),
			text("host_name", "the name to search by; CAR takes it from _key").required().indexed()),
		vertex("macaddress", ByKey, "a hardware address",
			text(ByKey, "the address, pairs of hexadecimal digits with colons between").required(),
			text(ByExternalID, "identifier of the address in the data source").indexed(),
			text("name", "the address; CAR takes it from _key").pattern(macPattern),
			text("interface", "network interface that has the address")),
		vertex("businessprocess", ByExternalID, "a process of the business that applications serve",
			text("name", "name of the process").required(), text("description", "free text"),
			text(ByExternalID, "identifier of the process in the data source").required()),
		vertex("database", ByExternalID, "a database that is watched",
			text("name", "name of the database").required(), text("description", "free text"),
			text("type", "database engine"), number("modified", "when its definition last changed, epoch milliseconds"),
			text("protocol", "protocol of the database"), text("port", "port of the server, as text"),
			text("datasource_name", "name under which the watching product knows it"), boolean("traffic_seen", "whether traffic was seen"),
			number("last_seen_at", "when it was last seen, epoch milliseconds"), text("agent_status", "state of the agent on the server"),
			number("status_date", "when that state was read, epoch milliseconds"),
			text(ByExternalID, "identifier of the database in the data source").required()),
		vertex("port", ByExternalID, "a network port on which something listens",
			Property{Name: "port_number", Type: Integer, Description: "number of the port, 0 to 65535"}.required(),
			text("protocol", "transport protocol, such as tcp").required(), text("status", "state of the port"),
			text("description", "free text"), text("name", "name to search by"),
			text(ByExternalID, "identifier of the port in the data source").required()),
		vulnerability(),
		location,
	}...)
}

// identities are the collections of people, their accounts and what they use.
func identities() []*Collection {
	return []*Collection{
		vertex("user", ByExternalID, "a person", risk(
			text(ByExternalID, "identifier of the person in the data source").required(),
			text("name", "name to search by"), text("username", "login name"), text("fullname", "full name"),
			text("family_name", "family name"), text("given_name", "given name"), text("email", "mail address").indexed(),
			text("upn", "user principal name"), text("employee_id", "number of the employee"), text("job_title", "job title"),
			text("title", "form of address"), text("role", "role of the person"), text("department", "department"),
			text("user_category", "employee, vendor, customer and the like"), text("description", "free text"),
			boolean("active", "whether the person is active"),
			number("modified", "when the definition last changed, epoch milliseconds"))...),
		vertex("account", ByExternalID, "an account with which a person uses a system", risk(
			text(ByExternalID, "identifier of the account in the data source").required().indexed(),
			text("name", "name of the account").required().indexed(),
			number("created", "when it was created, epoch milliseconds"), number("modified", "when it last changed, epoch milliseconds"),
			boolean("active", "whether it is active"), boolean("compliance_status", "whether it meets the rules"))...),
		vertex("application", ByExternalID, "an application, an operating system included", risk(
			text(ByExternalID, "identifier of the application in the data source").required(),
			text("name", "name of the application").required(), text("description", "free text"), text("cpe", "its CPE name"),
			boolean("is_os", "whether it is an operating system"), text("owner", "name of its owner"),
			text("owner_code", "employee number of its owner"), text("app_type", "kind of application"),
			text("status", "state of the application"),
			number("last_access_time", "when it was last used, epoch milliseconds"), number("threat_score", "X-Force threat score"))...),
	}
}

func vulnerability() *Collection {
	return vertex("vulnerability", ByExternalID, "a weakness that assets, applications or databases have",
		text(ByExternalID, "identifier of the vulnerability in the data source").required(),
		text("name", "name of the vulnerability").required(), text("description", "free text"),
		number("base_score", "CVSS base score"),
		number("disclosed_on", "when it was disclosed, epoch milliseconds"),
		number("published_on", "when it was published, epoch milliseconds"),
		number("updated_on", "when it last changed, epoch milliseconds"),
		object("xref_properties", "references to other catalogues; an object, not an array"),
		text("external_properties", "properties in the words of the data source"), text("external_reference", "where to read more"),
		number("xfr_wx", "X-Force: exploit"), number("xfr_utility", "X-Force: utility"), number("xfr_opportune", "X-Force: opportunity"),
		number("xfr_cvss2_base", "X-Force: CVSS 2 base score"), number("xfr_cvss3_base", "X-Force: CVSS 3 base score"),
		number("xfr_ml_utility", "X-Force: learned utility"), number("xfr_ml_opportune", "X-Force: learned opportunity"),
		number("xfr_threat_score", "X-Force: threat score"),
		object("cpes", "products that have it"), object("links", "where to read more"),
		text("solution", "how to be rid of it"), text("synopsis", "what it is, in short"))
}
