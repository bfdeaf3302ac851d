// Package types makes the TypeScript declarations that a connector's folder needs, so that an
// editor knows the modules of carjs, the settings that the connector declares, and the collections
// that its extension adds; and keeps them up to date there.
//
// What the modules are is in package typings, what the data model is in host/model, and what
// settings there are in host/settings. Nothing is checked here.
package types

import (
	"bytes"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"carjs/host/model"
	"carjs/host/settings"
	"carjs/typings"
)

// Folder is where the declarations are in a connector's folder.
const Folder = "types"

// The files that depend on the connector; the others are the same for all.
const (
	SettingsFile  = "settings.d.ts"
	ExtensionFile = "extension.d.ts"
)

// sign begins every file that is written here, on a line that says how to write it anew; a file
// without it is somebody else's.
const (
	sign = "// Written by carjs types"
	mark = sign + ". Run it again to update; edits to this file are lost."
)

// Ours tells whether a file was written here.
func Ours(content []byte) bool { return bytes.HasPrefix(content, []byte(sign)) }

// Files returns the declarations for a connector by the names of their files. The extension may be
// nil.
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
	files[SettingsFile] = mark + "\n" + settingsTypes(declaration)
	if extension != nil {
		extended, err := model.CAR().Extend(*extension)
		if err != nil {
			return nil, fmt.Errorf("extend the data model: %w", err)
		}
		files[ExtensionFile] = mark + "\n" + extended.TypeScriptBeyond(model.CAR())
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
