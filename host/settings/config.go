package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"carjs/host/failure"
)

// The files of a connector that declare its settings, below its folder.
const (
	ConfigFile   = "configurations/config.json"
	LanguageFile = "configurations/lang_en.json"
)

// Declaration is what a connector declares about itself and its settings.
type Declaration struct {
	// Name is the display name of the connector, Group the family of data sources it belongs to;
	// both may be empty.
	Name, Group string
	// Version is the version of the connector, such as "1.4.0"; may be empty.
	Version string
	// Hosts are where the connector connects, as config.json has them: "api.example.com:443",
	// "{url}". nil when it does not say, which is no bound. [Values.Hosts] puts values in.
	Hosts []string
	// Fields are the settings, in the order of the file.
	Fields []Field
}

// Field is one setting of a connector.
type Field struct {
	// Path is the place in config.json: configuration.auth.url.
	Path string
	// Env is the environment variable, the name of the mounted secret and a name in TypeScript:
	// CONFIGURATION_AUTH_URL.
	Env string
	// Flag is the name on the command line: configuration-auth-url.
	Flag string
	// Short is the last part of the path, which is a flag and a name in TypeScript as well: url. It
	// is empty where the name is not free, because carjs has a flag of that name, or another
	// setting of the connector has.
	Short string
	Type  Type
	// Default is a string, float64 or bool, nil when there is none.
	Default any
	// Min and Max bound a number; nil for no bound.
	Min, Max *float64
	// Regex must fit the whole value; empty for none.
	Regex string
	// Optional settings need no value. Hidden ones are left out of help.
	Optional, Hidden bool
	// Previous are the environment variables of older names of the setting, which still count.
	Previous []string
	// Options are the only values allowed of a text or number, when there are any; of a cron,
	// suggestions.
	Options []string
	// Line and Column are its place in config.json, from 1.
	Line, Column int
	// Label, Description and Placeholder are for people, from lang_en.json; each may be empty.
	Label, Description, Placeholder string

	fits     func(value string) bool // the compiled Regex, nil for none
	demanded bool                    // whether it says "optional": false
}

// Secret tells whether the value must never be shown.
func (f Field) Secret() bool { return f.Type == Password }

// Names returns the flags of the setting, the long one first.
func (f Field) Names() []string {
	if f.Short == "" || f.Short == f.Flag {
		return []string{f.Flag}
	}
	return []string{f.Flag, f.Short}
}

// Required tells whether a run needs a value to be given. A schedule and a help link are read by
// the platform, not by the connector, and a switch that nobody turned on is off; but a link that is
// marked as not optional is one that the connector needs.
func (f Field) Required() bool {
	switch f.Type {
	case Cron, Boolean:
		return false
	case Link:
		return f.demanded && f.Default == nil
	}
	return !f.Optional && f.Default == nil
}

// Field returns the setting with a path, an environment variable, a flag or a short name.
func (d *Declaration) Field(name string) (*Field, bool) {
	if d == nil {
		return nil, false
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		if name == f.Path || name == f.Env || canonical(name) == canonical(f.Flag) ||
			f.Short != "" && canonical(name) == canonical(f.Short) {
			return f, true
		}
	}
	return nil, false
}

// Similar returns the name in TypeScript of the setting that a wrong name most likely means, ""
// when none comes near.
func (d *Declaration) Similar(name string) string {
	var known []string
	for _, f := range d.Fields {
		known = append(known, f.Env)
		if f.Short != "" {
			known = append(known, f.Short)
		}
	}
	if near := failure.Nearest(name, known); len(near) > 0 {
		return near[0]
	}
	return ""
}

// ReadDeclaration reads the declaration of the connector in a folder. A connector without a
// config.json has no settings. A mistake in the files is a [*failure.Failure] that names file, line
// and column of the first, with [Mistakes] or the [*Mistake] as its cause.
func ReadDeclaration(connector fs.FS) (*Declaration, error) {
	config, err := fs.ReadFile(connector, ConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return &Declaration{}, nil
	}
	if err != nil {
		return nil, declarationFailure(fmt.Errorf("read settings of the connector: %w", err))
	}
	declaration, err := parseConfig(ConfigFile, config)
	if err != nil {
		return nil, declarationFailure(err)
	}
	language, err := fs.ReadFile(connector, LanguageFile)
	if errors.Is(err, fs.ErrNotExist) {
		return declaration, nil
	}
	if err != nil {
		return nil, declarationFailure(fmt.Errorf("read texts of the settings: %w", err))
	}
	if err := declaration.describe(LanguageFile, language); err != nil {
		return nil, declarationFailure(err)
	}
	return declaration, nil
}

func declarationFailure(err error) *failure.Failure {
	f := failure.New(failure.InvalidParameter, "%s", err.Error()).WithFault(failure.FaultConnector).WithCause(err)
	var mistake *Mistake
	if errors.As(err, &mistake) {
		f.At = mistake.At()
		f.WithHint("correct %s", mistake.File)
	}
	return f
}

// describe adds the texts of lang_en.json. Texts for settings that do not exist are let pass: the
// platform has fields of its own in that file.
func (d *Declaration) describe(file string, data []byte) error {
	doc, root, err := parseJSON(file, data)
	if err != nil {
		return err
	}
	if _, ok := root.members(); !ok {
		return doc.mistake(root.offset, "the file must contain an object")
	}
	for i := range d.Fields {
		f := &d.Fields[i]
		at := root
		for part := range strings.SplitSeq(f.Path, ".") {
			at, _ = at.get(part)
		}
		f.Label, f.Description, f.Placeholder = at.text("label"), at.text("description"), at.text("placeholder")
	}
	return nil
}

// nameFields fills in the names that follow from the path, once all fields are known.
func (d *Declaration) nameFields() {
	taken := make(map[string]int)
	for _, s := range RunTable() {
		for _, name := range s.Names() {
			taken[canonical(name)]++
		}
	}
	for _, name := range helpFlags {
		taken[name]++
	}
	for _, f := range d.Fields {
		taken[canonical(f.Flag)]++
		taken[canonical(lastPart(f.Path))]++
	}
	for i := range d.Fields {
		if short := lastPart(d.Fields[i].Path); taken[canonical(short)] == 1 {
			d.Fields[i].Short = short
		}
	}
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func envOf(path string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(path))
}

func flagOf(path string) string { return strings.ReplaceAll(path, ".", "-") }

// previousEnv returns the environment variable of an older name: a whole path, a variable, or the
// name that the setting had beside its present one.
func previousEnv(path, previous string) string {
	if strings.Contains(previous, ".") {
		return envOf(previous)
	}
	if strings.HasPrefix(previous, "CONNECTION_") || strings.HasPrefix(previous, "CONFIGURATION_") {
		return previous
	}
	return envOf(path[:strings.LastIndexByte(path, '.')+1] + previous)
}

// defaultText is the default as it would be given on a command line.
func (f Field) defaultText() string {
	switch v := f.Default.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
