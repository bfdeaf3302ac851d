package main

import (
	"errors"
	"os"
	"strings"

	"carjs/connectors"
	"carjs/host/artifact"
	"carjs/host/failure"
	"carjs/host/settings"
)

// command is a command line that names a connector, taken apart.
type command struct {
	name        string // of the command
	word        string // that names the connector
	table       settings.Table
	connector   connectors.Connector
	declaration *settings.Declaration
	flags       *settings.Flags
}

// readCommand takes the line of a command apart. The connector's own flags stand among carjs's,
// before and after its name.
func readCommand(name string, table settings.Table, args []string) (*command, error) {
	return readLine(name, table, args, true)
}

// readFilesCommand is readCommand for a command that works on the connector's files and needs none
// of its settings: they are no flags of the command, and mistakes in their declaration are for the
// command to tell.
func readFilesCommand(name string, table settings.Table, args []string) (*command, error) {
	return readLine(name, table, args, false)
}

func readLine(name string, table settings.Table, args []string, withFields bool) (*command, error) {
	c := &command{name: name, table: table}
	dir, err := os.Getwd()
	if err != nil {
		return nil, usage("the working folder cannot be read: %v", err).WithCause(err)
	}
	find := finder(dir)
	word, rest := c.table.Split(args, func(word string) ([]settings.Field, bool) {
		connector, err := find(word)
		if err != nil || !withFields {
			return nil, err == nil || isArtifact(err)
		}
		return fieldsOf(connector), true
	})
	if word == "" {
		if c.flags, err = c.table.Parse(rest, nil); err == nil && c.flags.Help {
			return c, nil
		}
		return nil, usage("%s which connector?", name).
			WithHint("carjs %s CONNECTOR; there are: %s", name, strings.Join(connectors.Names(dir), ", "))
	}
	c.word = word
	if c.connector, err = find(word); err != nil {
		return nil, notFound(err)
	}
	var fields []settings.Field
	if withFields {
		if c.declaration, err = settings.ReadDeclaration(c.connector.FS); err != nil {
			return nil, err
		}
		fields = c.declaration.Fields
	}
	if c.flags, err = c.table.Parse(rest, fields); err != nil {
		return nil, err
	}
	return c, nil
}

// readSourceCommand is readFilesCommand for a command that needs the connector's TypeScript.
func readSourceCommand(name string, table settings.Table, args []string) (*command, error) {
	c, err := readFilesCommand(name, table, args)
	switch {
	case err != nil || c.flags.Help:
		return c, err
	case c.connector.Built():
		return nil, usage("%s is built: its TypeScript is not in it", c.word).WithHint("carjs %s takes the folder of a connector", name)
	}
	return c, nil
}

// finder finds connectors, each once: an artifact is read when it is found.
func finder(dir string) func(word string) (connectors.Connector, error) {
	type answer struct {
		connector connectors.Connector
		err       error
	}
	known := map[string]answer{}
	return func(word string) (connectors.Connector, error) {
		found, ok := known[word]
		if !ok {
			found.connector, found.err = connectors.Find(dir, word)
			known[word] = found
		}
		return found.connector, found.err
	}
}

// fieldsOf are the settings of a connector. Mistakes in them are told when they are read again.
func fieldsOf(connector connectors.Connector) []settings.Field {
	declaration, err := settings.ReadDeclaration(connector.FS)
	if err != nil {
		return nil
	}
	return declaration.Fields
}

// isArtifact tells whether what could not be read is an artifact: a connector all the same.
func isArtifact(err error) bool {
	var damaged *artifact.DamagedError
	var later *artifact.LaterError
	return errors.As(err, &damaged) || errors.As(err, &later)
}

// notFound is the failure of a connector that was not found or cannot be read.
func notFound(err error) *failure.Failure {
	f := usage("%v", err).WithCause(err)
	var damaged *artifact.DamagedError
	var later *artifact.LaterError
	switch {
	case errors.As(err, &damaged):
		return f.WithFault(failure.FaultConnector).WithHint("copy it again from where it was built, or build it again with carjs build")
	case errors.As(err, &later):
		return f.WithHint("run it with a carjs of that version, or build it again with this one")
	}
	return f.WithHint("name one of them, or the folder or file of a connector")
}

// usage is the help of the command for its connector.
func (c *command) usage() string {
	word := "CONNECTOR"
	switch {
	case c.connector.Built():
		word = c.word
	case c.connector.Name != "":
		word = c.connector.Name
	}
	return settings.Usage("carjs "+c.name+" [flags] "+word+" [flags]", c.table, c.declaration)
}

// gather looks the settings up.
func (c *command) gather() (settings.Values, error) {
	return settings.Gather(settings.Input{Table: c.table, Declaration: c.declaration, Flags: c.flags})
}

// reportIn finds the file for the report on a line that cannot be read as a whole, so that this
// failure has its report, too.
func reportIn(args []string) string {
	path := os.Getenv("CARJS_REPORT")
	for i, arg := range args {
		name, value, joined := strings.Cut(strings.TrimPrefix(arg, "-"), "=")
		switch {
		case strings.TrimPrefix(name, "-") != "report" || !strings.HasPrefix(arg, "-"):
		case joined:
			path = value
		case i+1 < len(args):
			path = args[i+1]
		}
	}
	return path
}
