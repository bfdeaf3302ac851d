// Package types makes the TypeScript declarations that a connector's folder needs, so that an editor knows the modules of carjs, the
// settings that the connector declares, and the collections that its extension adds; and keeps them up to date there.
//
// What the modules are is in package typings, what the data model is in host/model, and what settings there are in
// host/settings. Nothing is checked here.
package types

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"carjs/host/model"
	"carjs/host/settings"
	"carjs/typings"
)

// Folder is where the declarations are in a connector's folder.
const Folder = "types"

// mark begins every file that is written here; a file without it is somebody else's.
const mark = "// Written by carjs types. Changes in this file are lost."

// Files returns the declarations for a connector by the names of their files. The extension may be nil.
func Files(declaration *settings.Declaration, extension *model.Extension) (map[string]string, error) {
	files := map[string]string{}
	names, err := fs.Glob(typings.Files, "*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if filepath.Ext(name) != ".ts" && name != "tsconfig.json" {
			continue
		}
		content, err := typings.Files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name] = mark + "\n" + string(content)
	}
	files["settings.d.ts"] = mark + "\n" + settingsTypes(declaration)
	if extension != nil {
		extended, err := model.CAR().Extend(*extension)
		if err != nil {
			return nil, fmt.Errorf("extend the data model: %w", err)
		}
		files["extension.d.ts"] = mark + "\n" + extended.TypeScriptBeyond(model.CAR())
	}
	return files, nil
}

// settingsTypes declares the settings of a connector under both of their names.
func settingsTypes(declaration *settings.Declaration) string {
	var b strings.Builder
	b.WriteString("declare module \"carjs\" {\n  /** The settings that configurations/config.json declares. */\n  interface Args {\n")
	for i := range declaration.Fields {
		f := &declaration.Fields[i]
		for _, name := range []string{f.Env, f.Short} {
			if name == "" {
				continue
			}
			optional := "?"
			if f.Required() || f.Default != nil {
				optional = ""
			}
			fmt.Fprintf(&b, "    /** %s */\n    readonly %s%s: %s;\n", about(f), property(name), optional, typeOf(f))
		}
	}
	b.WriteString("  }\n}\n")
	return b.String()
}

// about is the doc comment of a setting, on one line.
func about(f *settings.Field) string {
	text := f.Path
	if f.Label != "" {
		text = f.Label + " (" + f.Path + ")"
	}
	if f.Description != "" {
		text += ": " + f.Description
	}
	if f.Default != nil && !f.Secret() {
		text += fmt.Sprintf(". Default: %v", f.Default)
	}
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "*/", "* /")
}

// property is a name as TypeScript writes it.
func property(name string) string {
	for i, c := range name {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return fmt.Sprintf("%q", name)
		}
	}
	return name
}

func typeOf(f *settings.Field) string {
	switch f.Type {
	case settings.Number:
		return "number"
	case settings.Boolean:
		return "boolean"
	case settings.Text:
		if len(f.Options) > 0 {
			quoted := make([]string, len(f.Options))
			for i, option := range f.Options {
				quoted[i] = fmt.Sprintf("%q", option)
			}
			return strings.Join(quoted, " | ")
		}
	}
	return "string"
}

// Written says what [Write] did, by the names of files.
type Written struct {
	// Changed files are new or have another content, Same have not. Foreign files have the name of one that should be
	// written and were written by somebody else: they are left as they are. Gone were removed, because they belong to
	// something that the connector no longer has.
	Changed, Same, Foreign, Gone []string
}

// Write brings the declarations in the connector's folder up to date.
func Write(connector string, files map[string]string) (Written, error) {
	var w Written
	dir := filepath.Join(connector, Folder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return w, fmt.Errorf("write typings: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		before, err := os.ReadFile(path)
		switch {
		case err == nil && string(before) == files[name]:
			w.Same = append(w.Same, name)
			continue
		case err == nil && !bytes.HasPrefix(before, []byte(mark)):
			w.Foreign = append(w.Foreign, name)
			continue
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o644); err != nil {
			return w, fmt.Errorf("write typings: %w", err)
		}
		w.Changed = append(w.Changed, name)
	}
	return w, w.remove(dir, files)
}

// remove takes away what was written here before and is no longer needed.
func (w *Written) remove(dir string, files map[string]string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("write typings: %w", err)
	}
	for _, entry := range entries {
		path := filepath.Join(dir, entry.Name())
		content, err := os.ReadFile(path)
		if _, needed := files[entry.Name()]; needed || err != nil || !bytes.HasPrefix(content, []byte(mark)) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("write typings: %w", err)
		}
		w.Gone = append(w.Gone, entry.Name())
	}
	return nil
}
