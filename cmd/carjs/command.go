package main

import (
	"os"
	"strings"

	"carjs/connectors"
	"carjs/host/settings"
)

// command is a command line that names a connector, taken apart.
type command struct {
	name        string // of the command
	table       settings.Table
	connector   connectors.Connector
	declaration *settings.Declaration
	flags       *settings.Flags
}

// readCommand takes the line of a command apart. The connector's own flags stand among carjs's, before and after its name.
func readCommand(name string, table settings.Table, args []string) (*command, error) {
	c := &command{name: name, table: table}
	dir, err := os.Getwd()
	if err != nil {
		return nil, usage("the working folder cannot be read: %v", err).WithCause(err)
	}
	word, rest := c.table.Split(args, func(word string) ([]settings.Field, bool) { return fieldsOf(dir, word) })
	if word == "" {
		if c.flags, err = c.table.Parse(rest, nil); err == nil && c.flags.Help {
			return c, nil
		}
		return nil, usage("%s which connector?", name).WithHint("carjs %s CONNECTOR; there are: %v", name, connectors.Names(dir))
	}
	if c.connector, err = connectors.Find(dir, word); err != nil {
		return nil, usage("%v", err).WithCause(err).WithHint("name one of them, or the folder or file of a connector")
	}
	if c.declaration, err = settings.ReadDeclaration(c.connector.FS); err != nil {
		return nil, err
	}
	if c.flags, err = c.table.Parse(rest, c.declaration.Fields); err != nil {
		return nil, err
	}
	return c, nil
}

// fieldsOf are the settings of the connector that a word may name.
func fieldsOf(dir, word string) (fields []settings.Field, known bool) {
	found, err := connectors.Find(dir, word)
	if err != nil {
		return nil, false
	}
	declaration, err := settings.ReadDeclaration(found.FS)
	if err != nil {
		return nil, true
	}
	return declaration.Fields, true
}

// usage is the help of the command for its connector.
func (c *command) usage() string {
	word := "CONNECTOR"
	if c.connector.Name != "" {
		word = c.connector.Name
	}
	return settings.Usage("carjs "+c.name+" [flags] "+word+" [flags]", c.table, c.declaration)
}

// gather looks the settings up.
func (c *command) gather() (settings.Values, error) {
	return settings.Gather(settings.Input{Table: c.table, Declaration: c.declaration, Flags: c.flags})
}

// reportIn finds the file for the report on a line that cannot be read as a whole, so that this failure has its report, too.
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
