package settings

// ConnectorTable returns the rows of [RunTable] that a connector sees in context().args: the name
// of the connection, name and version of the connector, and debug. It is the table of those who run
// a connector without the rest of a run: tests, checks, and Go programs.
func ConnectorTable() Table {
	var table Table
	for _, row := range RunTable() {
		switch row.Env {
		case EnvSource, EnvName, EnvVersion, envDebug:
			table = append(table, row)
		}
	}
	return table
}

// GatherTexts looks the settings of a connector, and those of [ConnectorTable], up in the texts
// alone, by environment variable: no flags, no environment, no mounted secrets. What a test or a
// program says is so the same on every machine. Like [Gather], it leaves values that are missing or
// malformed to [Values.Check].
func GatherTexts(declaration *Declaration, texts map[string]string) (Values, error) {
	return Gather(Input{Table: ConnectorTable(), Declaration: declaration, LookupEnv: func(name string) (string, bool) {
		text, ok := texts[name]
		return text, ok
	}})
}
