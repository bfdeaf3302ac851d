// Package merge makes the configuration files that a deployment has of a connector: its config.json
// and lang_en.json, laid over those of a base that all connectors share. What becomes of them, an
// image or a manifest, is for its neighbours; what a config.json may contain is for host/settings.
package merge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// Files are the merged configuration files of a connector. The same input gives the same bytes.
type Files struct {
	// Config is config.json, Language is lang_en.json: JSON, indented by two spaces, with a newline
	// at the end.
	Config, Language []byte
	// Declaration is what Config declares. Its texts are not filled in.
	Declaration *settings.Declaration
}

// Placeholder is what a base has in place of the connector's name.
const Placeholder = "{CONNECTOR}"

// sections are the keys of a configuration file that are merged key by key. Of all others the
// connector's value counts as a whole.
var sections = []string{"connection", "configuration"}

// Merge lays the configuration of the connector whose folder is given over a base. In each file,
// "connection" and "configuration" are merged one level deep: a key of the connector replaces the
// base's with everything below it. The base's keys come first, in their order, then those that only
// the connector has. In the base, {CONNECTOR} is replaced by the name. A file that the connector
// does not have is the base's.
//
// Errors are [*failure.Failure]s, with file and line where there is one.
func Merge(connector fs.FS, name string, base Base) (Files, error) {
	if !validName(name) {
		return Files{}, failure.Usage("the connector name %q cannot be used for a deployment", name).
			WithHint("rename its folder: lower-case letters, digits and -, 63 at most, beginning and ending with a letter or digit")
	}
	// Both by their own names first, so that mistakes have a line that can be found.
	if err := base.check(); err != nil {
		return Files{}, err
	}
	if _, err := settings.ReadDeclaration(connector); err != nil {
		return Files{}, err
	}
	var files Files
	var err error
	if files.Config, err = mergeFile(connector, settings.ConfigFile, base.Config, name); err != nil {
		return Files{}, err
	}
	if files.Language, err = mergeFile(connector, settings.LanguageFile, base.Language, name); err != nil {
		return Files{}, err
	}
	if files.Declaration, err = settings.ParseConfig(path.Base(settings.ConfigFile), files.Config); err != nil {
		// Either file is right by itself, and the lines are those of a text that nobody has.
		return Files{}, failure.Usage("%s of the connector and %s conflict: %s", settings.ConfigFile, base.ConfigName, message(err)).
			WithCause(err).WithHint("rename the setting in %s", settings.ConfigFile)
	}
	return files, nil
}

// message is what is wrong with a file, without the place.
func message(err error) string {
	if mistake := (*settings.Mistake)(nil); errors.As(err, &mistake) {
		return mistake.Message
	}
	return err.Error()
}

var namePattern = lazyregexp.New(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)

// validName tells whether a name can be part of that of an image and of an object in a cluster.
func validName(name string) bool { return len(name) <= 63 && namePattern().MatchString(name) }

func mergeFile(connector fs.FS, file string, base []byte, name string) ([]byte, error) {
	below, err := parse([]byte(strings.ReplaceAll(string(base), Placeholder, name)))
	if err != nil {
		return nil, fmt.Errorf("read the base of %s: %w", file, err)
	}
	text, err := fs.ReadFile(connector, file)
	if errors.Is(err, fs.ErrNotExist) {
		return below.text()
	}
	if err != nil {
		return nil, failure.Usage("cannot read %s: %v", file, err).WithCause(err)
	}
	if err := settings.CheckLanguage(file, text); err != nil {
		return nil, err
	}
	above, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	merged := below.with(above)
	for _, section := range sections {
		merged, err = merged.mergeSection(section, below, above)
		if err != nil {
			return nil, fmt.Errorf("merge %q of %s: %w", section, file, err)
		}
	}
	return merged.text()
}

// object is a JSON object in the order of its file; the values are as they are written.
type object []member

type member struct {
	name  string
	value json.RawMessage
}

// parse reads an object that has been checked: no key occurs twice.
func parse(text []byte) (object, error) {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if token, err := decoder.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("not an object: %v %w", token, err)
	}
	var o object
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else pass
		m := member{name: name}
		if err := decoder.Decode(&m.value); err != nil {
			return nil, err
		}
		o = append(o, m)
	}
	return o, nil
}

func (o object) index(name string) int {
	return slices.IndexFunc(o, func(m member) bool { return m.name == name })
}

// with returns the object with the members of another: in their places those that it has, at the
// end the others.
func (o object) with(other object) object {
	merged := slices.Clone(o)
	for _, m := range other {
		if i := merged.index(m.name); i >= 0 {
			merged[i] = m
		} else {
			merged = append(merged, m)
		}
	}
	return merged
}

// mergeSection returns the object with a section that is merged of those of two others.
func (o object) mergeSection(name string, below, above object) (object, error) {
	i, j := below.index(name), above.index(name)
	if i < 0 || j < 0 {
		return o, nil
	}
	base, err := parse(below[i].value)
	if err != nil {
		return nil, err
	}
	own, err := parse(above[j].value)
	if err != nil {
		return nil, err
	}
	text, err := base.with(own).text()
	if err != nil {
		return nil, err
	}
	return o.with(object{{name, text}}), nil
}

// text is the object as a file.
func (o object) text() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name := &bytes.Buffer{}
		encoder := json.NewEncoder(name)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(m.name); err != nil {
			return nil, err
		}
		b.Write(bytes.TrimSpace(name.Bytes()))
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	var indented bytes.Buffer
	if err := json.Indent(&indented, b.Bytes(), "", "  "); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}
