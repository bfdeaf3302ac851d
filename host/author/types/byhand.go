package types

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"carjs/host/lazyregexp"
)

// augmented are the interfaces that a file declares which adds to the module carjs.
var (
	augments  = lazyregexp.New(`(?m)^\s*declare\s+module\s+["']carjs["']`)
	augmented = lazyregexp.New(`(?m)(?:^|[{};])\s*(?:export\s+)?interface\s+(Args|Vertices|Edges)\b`)
)

// ByHand finds what a connector declares itself, because its author did so before there was a
// folder of declarations: the place ("src/extension.ts:29") by the name of the file that would
// declare the same, [SettingsFile] or [ExtensionFile]. Two declarations of one thing seldom agree
// to the letter, as they must.
func ByHand(connector fs.FS) (map[string]string, error) {
	found := map[string]string{}
	err := fs.WalkDir(connector, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || len(name) > 1 && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".ts":
			return nil
		}
		content, err := fs.ReadFile(connector, name)
		if err != nil || Ours(content) || !augments().Match(content) {
			return err
		}
		for _, match := range augmented().FindAllSubmatchIndex(content, -1) {
			file := ExtensionFile
			if string(content[match[2]:match[3]]) == "Args" {
				file = SettingsFile
			}
			if found[file] == "" {
				found[file] = fmt.Sprintf("%s:%d", name, bytes.Count(content[:match[2]], []byte("\n"))+1)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for declarations: %w", err)
	}
	return found, nil
}
