package model

// edge makes an edge collection; its name says which vertices it joins.
func edge(from, to string, properties ...Property) *Collection {
	has := map[string]bool{}
	for _, p := range properties {
		has[p.Name] = true
	}
	for _, p := range commonEdge() {
		if !has[p.Name] {
			properties = append(properties, p)
		}
	}
	return &Collection{
		Name: from + "_" + to, Kind: Edge, From: from, To: to,
		Description: "joins " + from + " to " + to, Properties: properties,
	}
}

// toExternalID makes an edge name its vertex by external id although the vertex is keyed by _key.
// CAR requires it for one collection.
func (c *Collection) toExternalID() *Collection {
	c.toKeyedBy = ByExternalID
	return c
}

// commonEdge is what every edge may carry besides its ends.
func commonEdge() []Property {
	return []Property{
		number("created", "when the edge came to be, epoch milliseconds"),
		number("modified", "when it last changed, epoch milliseconds; left out when it never did"),
		text("report", "key of the report that brought it; carjs sets it"),
		boolean("active", "whether the edge holds; carjs sets it to true"),
		text("source", "key of the source that reports the edge; carjs sets it"),
		object("properties", "further values that CAR keeps but does not look into"),
		text(ByExternalID, "identifier of the edge in the data source"),
	}
}

// edgeEnds are the two properties that name an edge's vertices.
func edgeEnds(c *Collection) []Property {
	end := func(property, vertex, keyedBy string) Property {
		if keyedBy == ByKey {
			return text(property, vertex+" at this end, as "+vertex+"/KEY")
		}
		return text(property, "external id of the "+vertex+" at this end")
	}
	return []Property{end(c.FromProperty(), c.From, c.fromKeyedBy), end(c.ToProperty(), c.To, c.toKeyedBy)}
}

// edges is the table of edge collections.
func edges() []*Collection {
	return []*Collection{
		edge("asset", "vulnerability",
			object("port", "port on which the asset has the vulnerability"),
			number("risk_score", "overrides the base score of the vulnerability for this asset")),
		edge("asset", "ipaddress"),
		edge("asset", "macaddress"),
		edge("asset", "hostname"),
		edge("asset", "account"),
		edge("asset", "container"),
		edge("asset", "application"),
		edge("asset", "database"),
		edge("asset", "geolocation"),
		edge("application", "port"),
		edge("account", "application",
			text("user_id", "person who owns the account"),
			number("last_access_time", "when the account last used the application, epoch milliseconds")),
		edge("application", "ipaddress", text("mappingtype", "how application and address belong together")),
		edge("businessprocess", "application"),
		edge("businessprocess", "account"),
		edge("application", "database"),
		edge("application", "vulnerability"),
		edge("database", "ipaddress"),
		edge("database", "vulnerability",
			text("version_level", "version of the database"), text("patch_level", "patches it has"),
			text("full_version_info", "its version in full"), text("result_text", "outcome of the test"),
			text("result_details", "outcome of the test in detail"), text("recommendation", "what to do about it"),
			text("severity", "how bad it is"), text("category", "kind of test"),
			text("assessment_description", "what was tested")),
		edge("ipaddress", "container"),
		edge("ipaddress", "macaddress"),
		edge("ipaddress", "hostname"),
		edge("ipaddress", "vulnerability"),
		edge("ipaddress", "geolocation"),
		edge("ipaddress", "port"),
		edge("user", "account", number("last_access_time", "when the person last used the account, epoch milliseconds")),
		edge("account", "database"),
		edge("account", "hostname").toExternalID(),
		edge("account", "ipaddress",
			number("total_risk_score", "risk score of the account from this address"),
			number("threat_analytics_score", "part of it from threat analytics"),
			number("violations_score", "part of it from violations"),
			number("vulnerability_score", "part of it from vulnerabilities"),
			number("sensitive_objects_score", "part of it from sensitive objects"),
			number("select_queries_score", "part of it from SELECT queries"),
			number("ddl_queries_score", "part of it from DDL queries"),
			number("dml_queries_score", "part of it from DML queries"),
			number("administrative_queries_score", "part of it from administrative queries"),
			number("high_volume_activity_score", "part of it from activity in high volume"),
			number("off_work_activity_score", "part of it from activity off working hours"),
			text("group_state_description", "state of the group")),
		edge("port", "vulnerability"),
	}
}
