package app

import (
	"errors"
	"os"
	"strings"

	"carjs/cmd/carjs/internal/embedded"
	"carjs/connectors"
	"carjs/host/artifact"
	"carjs/host/failure"
	"carjs/host/settings"
)

// Line is the line of a command that names a connector, taken apart.
type Line struct {
	// Connector is what the line names; the zero value when there is only -help.
	Connector connectors.Connector
	// Declaration is what the connector declares about its settings; nil for a command that needs
	// none of them.
	Declaration *settings.Declaration
	// Help tells that only help is asked for.
	Help bool
	// Words are those of the line besides the connector's name, for a command that has more.
	Words []string

	command string   // its name
	word    string   // that names the connector
	shown   string   // how help shows the words
	args    []string // as they were given
	table   settings.Table
	flags   *settings.Flags
}

// ReadLine takes the line of a command apart, which knows the settings of a table. The connector's
// own flags stand among carjs's, before and after its name.
func ReadLine(command string, table settings.Table, args []string) (*Line, error) {
	return readLine(command, table, args, withFields)
}

// ReadFilesLine is [ReadLine] for a command that works on the connector's files and needs none of
// its settings: they are no flags of the command, and mistakes in their declaration are for the
// command to tell.
func ReadFilesLine(command string, table settings.Table, args []string) (*Line, error) {
	return readLine(command, table, args, filesOnly)
}

// ReadOptionalLine is [ReadLine] for a command that can do without a connector: the line then has
// the zero [connectors.Connector].
func ReadOptionalLine(command string, table settings.Table, args []string) (*Line, error) {
	return readLine(command, table, args, maybeNone)
}

// ReadWordsLine is [ReadLine] for a command whose line has more words, see [Line.Words]; shown is how
// help shows them.
func ReadWordsLine(command, shown string, table settings.Table, args []string) (*Line, error) {
	l, err := readLine(command, table, args, withWords)
	if l != nil {
		l.shown = " " + shown
	}
	return l, err
}

// lineForm is what a command needs of its line.
type lineForm int

const (
	withFields lineForm = iota // a connector, whose settings are flags
	filesOnly                  // a connector
	maybeNone                  // the same as withFields, or no connector
	withWords                  // the same as withFields, and more words
)

func readLine(command string, table settings.Table, args []string, form lineForm) (*Line, error) {
	l := &Line{command: command, table: table, args: args}
	dir, err := os.Getwd()
	if err != nil {
		return nil, failure.Usage("cannot read the working folder: %v", err).WithCause(err)
	}
	find := finder(dir)
	fields := func(word string) ([]settings.Field, bool) {
		connector, err := find(word)
		if err != nil || form == filesOnly {
			return nil, err == nil || isArtifact(err)
		}
		return fieldsOf(connector), true
	}
	var word string
	var rest []string
	if form == withWords {
		word, l.Words, rest = l.table.SplitWords(args, fields)
	} else {
		word, rest = l.table.Split(args, fields)
	}
	if err := l.read(word, rest, form, find, dir); err != nil {
		return nil, err
	}
	return l, nil
}

// read reads the connector that a word names, and the flags.
func (l *Line) read(word string, rest []string, form lineForm, find func(string) (connectors.Connector, error), dir string) error {
	var err error
	if word == "" {
		if err = l.parse(rest, nil); err == nil && (l.Help || form == maybeNone) {
			return nil
		}
		if form == maybeNone {
			return err
		}
		return failure.Usage("%s: no connector given", l.command).
			WithHint("carjs %s CONNECTOR; the connectors are: %s", l.command, strings.Join(connectors.Names(dir), ", "))
	}
	l.word = word
	if l.Connector, err = find(word); err != nil {
		return notFound(err)
	}
	var fields []settings.Field
	if form != filesOnly {
		if l.Declaration, err = settings.ReadDeclaration(l.Connector.FS); err != nil {
			return err
		}
		fields = l.Declaration.Fields
	}
	return l.parse(rest, fields)
}

// parse reads the flags.
func (l *Line) parse(args []string, fields []settings.Field) error {
	var err error
	if l.flags, err = l.table.Parse(args, fields); err != nil {
		return err
	}
	l.Help = l.flags.Help
	return nil
}

// again takes the line apart once more: what it names may have changed.
func (l *Line) again() (*Line, error) { return ReadLine(l.command, l.table, l.args) }

// ReadSourceLine is [ReadFilesLine] for a command that needs the connector's TypeScript.
func ReadSourceLine(command string, table settings.Table, args []string) (*Line, error) {
	l, err := ReadFilesLine(command, table, args)
	switch {
	case err != nil || l.Help:
		return l, err
	case l.Connector.Built():
		return nil, failure.Usage("%s is an artifact and contains no TypeScript", l.word).
			WithHint("carjs %s takes a connector's folder", command)
	}
	return l, nil
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
	f := failure.Usage("%v", err).WithCause(err)
	var damaged *artifact.DamagedError
	var later *artifact.LaterError
	switch {
	case errors.As(err, &damaged):
		return f.WithFault(failure.FaultConnector).WithHint("copy it again, or rebuild it with carjs build")
	case errors.As(err, &later):
		return f.WithHint("run it with that version of carjs, or rebuild it with this one")
	}
	return f.WithHint("name a connector, or give its folder, its file, or an artifact of carjs build")
}

// Usage is the help of the command for its connector.
func (l *Line) Usage() string {
	optional := ""
	if l.Connector.Name == embedded.Connector {
		optional = standInNotes[l.command]
	}
	return settings.Usage("carjs "+l.command+" [flags] "+l.shownWord()+l.shown+" [flags]", l.table, l.Declaration, optional)
}

// standInNotes say in the help of the commands that start the embedded data source when they do.
var standInNotes = map[string]string{
	"run":     "(required with a CAR service; with the embedded one, the embedded data source is used unless -url is set)",
	"dev":     "(not required: the embedded data source is used unless -url is set)",
	"request": "(not required: the embedded data source is used unless -url is set)",
}

// Word is what the line names the connector with.
func (l *Line) Word() string { return l.word }

// shownWord is how messages name the connector.
func (l *Line) shownWord() string {
	switch {
	case l.Connector.Built():
		return l.word
	case l.Connector.Name != "":
		return l.Connector.Name
	}
	return "CONNECTOR"
}

// helpCommand is the command whose -help lists the settings, for hints.
func (l *Line) helpCommand() string {
	word := l.word
	if strings.ContainsAny(word, " \t\"'$\\") {
		word = "CONNECTOR" // it would have to be quoted
	}
	return strings.TrimSpace("carjs " + l.command + " " + word)
}

// Gather looks the settings up. They are still to be checked. What the build may read is told to the
// connector.
func (l *Line) Gather() (settings.Values, error) {
	values, err := settings.Gather(settings.Input{Table: l.table, Declaration: l.Declaration, Flags: l.flags, Command: l.helpCommand()})
	if err != nil {
		return values, err
	}
	l.Connector.AllowRead = nil
	for folder := range strings.SplitSeq(values.Text(settings.EnvAllowRead), ",") {
		if folder = strings.TrimSpace(folder); folder != "" {
			l.Connector.AllowRead = append(l.Connector.AllowRead, folder)
		}
	}
	return values, nil
}

// Verify makes sure that the connector is signed, where the settings of [Line.Gather] ask for it. It
// has to be called before anything of the connector runs.
func (l *Line) Verify(values settings.Values) error {
	file := values.Text(settings.EnvVerify)
	if file == "" || l.Connector.Name == "" {
		return nil
	}
	keys, err := artifact.ReadPublicKeys(file)
	if err != nil {
		return err
	}
	return l.Connector.Verify(l.word, keys)
}

// Checked is [Line.Gather] with the settings checked.
func (l *Line) Checked() (settings.Values, error) {
	values, err := l.Gather()
	if err == nil {
		err = values.Check()
	}
	return values, err
}

// GatherFlags is [Line.Gather] for a command that writes settings down instead of using them: those
// of the connector and of runs count as flags alone, whatever the environment of whoever writes has
// of them.
func (l *Line) GatherFlags() (settings.Values, error) {
	runs := settings.RunTable()
	return settings.Gather(settings.Input{Table: l.table, Declaration: l.Declaration, Flags: l.flags, Command: l.helpCommand(),
		LookupEnv: func(name string) (string, bool) {
			_, own := l.table.Lookup(name)
			if _, ofRun := runs.Lookup(name); ofRun || !own {
				return "", false
			}
			return os.LookupEnv(name)
		}})
}

// HasFlag tells whether a setting of the table, named by its environment variable, stands on the
// line.
func (l *Line) HasFlag(env string) bool { return l.flags.Has(env) }

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
