package settings

// GroupRequest is the group of the settings that only carjs request has.
const GroupRequest = "Request"

// The environment variables of those settings.
const (
	EnvRequestHeader  = "CARJS_REQUEST_HEADER"
	EnvRequestData    = "CARJS_REQUEST_DATA"
	EnvRequestClient  = "CARJS_REQUEST_CLIENT"
	EnvRequestInclude = "CARJS_REQUEST_INCLUDE"
	EnvRequestVerbose = "CARJS_REQUEST_VERBOSE"
	EnvRequestJSON    = "CARJS_REQUEST_JSON"
)

// RequestTable returns the settings of one request through a connector's client: its own, and those
// of a run that have a meaning for it.
func RequestTable() Table {
	table := Table{
		{Flag: "H", Aliases: []string{"header"}, Env: EnvRequestHeader, Type: Text, Repeated: true, Group: GroupRequest,
			Help: `header to send, "NAME: VALUE"; it may be given several times`},
		{Flag: "d", Aliases: []string{"data"}, Env: EnvRequestData, Type: Text, Group: GroupRequest,
			Help: "body to send, or @FILE, or @- for standard input; the method is then POST unless given"},
		{Flag: "client", Env: EnvRequestClient, Type: Text, Group: GroupRequest,
			Help: "client to use, if the connector makes several: its number, or a part of its base URL"},
		{Flag: "i", Aliases: []string{"include"}, Env: EnvRequestInclude, Type: Boolean, Group: GroupRequest,
			Help: "write status line and headers to standard output as well, in front of the body"},
		{Flag: "v", Aliases: []string{"verbose"}, Env: EnvRequestVerbose, Type: Boolean, Group: GroupRequest,
			Help: "show every request that is sent, logins and redirects too, with its headers"},
		{Flag: "json", Env: EnvRequestJSON, Type: Boolean, Group: GroupRequest,
			Help: "print the response as one JSON object"},
		{Flag: "debug", Env: envDebug, Type: Boolean, AnyValue: true, Group: GroupLog,
			Help: "log details"},
	}
	run := RunTable()
	for _, flag := range []string{
		"source", "record", "replay", "state-dir", "retry-wait", "secrets-dir", "timeout", "request-timeout",
		"max-memory", "max-stack", "max-stretch", "allow-read", "allow-net", "deny-net", "verify",
	} {
		row, _ := run.Lookup(flag)
		table = append(table, row)
	}
	return table
}
