package settings

import (
	"errors"
	"io/fs"
	"strings"
)

// LanguageMistakes compares lang_en.json with config.json: settings that have no label there, and
// texts for what config.json does not have. There are none when the connector has no settings. The
// declaration must be that of the same folder.
func LanguageMistakes(connector fs.FS, declaration *Declaration) ([]*Mistake, error) {
	data, err := fs.ReadFile(connector, LanguageFile)
	if errors.Is(err, fs.ErrNotExist) {
		if len(declaration.Fields) == 0 {
			return nil, nil
		}
		return []*Mistake{{File: LanguageFile, Line: 1, Column: 1, Message: "the file is missing: the settings have no labels"}}, nil
	}
	if err != nil {
		return nil, err
	}
	doc, root, err := parseJSON(LanguageFile, data)
	if err != nil {
		return nil, err
	}
	var mistakes []*Mistake
	for i := range declaration.Fields {
		f := &declaration.Fields[i]
		if f.Label == "" && !f.Hidden {
			mistakes = append(mistakes, doc.mistake(doc.nearest(root, f.Path), "%s has no label", f.Path))
		}
	}
	return append(mistakes, doc.strangers(root, "", declaration.paths())...), nil
}

// texts are the keys that an entry of lang_en.json has for people.
var texts = map[string]bool{"label": true, "description": true, "placeholder": true}

// nearest returns where the text of a setting is, or would be.
func (d *document) nearest(root node, path string) int {
	at := root
	for part := range strings.SplitSeq(path, ".") {
		next, ok := at.get(part)
		if !ok {
			break
		}
		at = next
	}
	return at.offset
}

// strangers finds texts for what does not exist.
func (d *document) strangers(n node, path string, known map[string]bool) []*Mistake {
	members, _ := n.members()
	var mistakes []*Mistake
	for _, m := range members {
		below := strings.TrimPrefix(path+"."+m.name, ".")
		if _, isGroup := m.node.members(); !isGroup {
			if path != "" && !texts[m.name] {
				mistakes = append(mistakes, d.mistake(m.offset, "%s is not a label, description or placeholder", below))
			}
			continue
		}
		if !known[below] {
			mistakes = append(mistakes, d.mistake(m.offset, "config.json has no %s", below))
			continue
		}
		mistakes = append(mistakes, d.strangers(m.node, below, known)...)
	}
	return mistakes
}

// paths are the settings and the groups that they are in.
func (d *Declaration) paths() map[string]bool {
	known := map[string]bool{"connection": true, "connection.type": true, "configuration": true}
	for _, f := range d.Fields {
		for path := f.Path; path != ""; path = path[:max(0, strings.LastIndexByte(path, '.'))] {
			known[path] = true
		}
	}
	return known
}
