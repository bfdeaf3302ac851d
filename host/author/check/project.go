package check

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"carjs/host/author/types"
	"carjs/host/files"
	"carjs/host/lazyregexp"
)

// project is what the compiler is given: the connector's files, and typings and a tsconfig.json in
// a folder of their own.
type project struct {
	subject *Subject
	dir     string // of the connector's files
	folder  string // of the project
}

// write writes typings and tsconfig.json.
func (p *project) write(ctx context.Context) error {
	files, err := p.typings(ctx)
	if err != nil {
		return err
	}
	own, err := p.ownTypes(files)
	if err != nil {
		return err
	}
	if _, err := types.Write(p.folder, files); err != nil {
		return err
	}
	data, err := json.Marshal(p.config(own))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.folder, "tsconfig.json"), data, 0o600)
}

// typings are the typings for the connector as it is. When it does not start, or its extension does
// not fit, another check says so, and what was written of the extension before is the best that is
// known.
func (p *project) typings(ctx context.Context) (map[string]string, error) {
	extension, failed := p.subject.schemaExtension(ctx)
	files, err := types.Files(p.subject.declaration, extension)
	if err != nil {
		failed = err
		if files, err = types.Files(p.subject.declaration, nil); err != nil {
			return nil, err
		}
	}
	if before, err := fs.ReadFile(p.subject.FS, path.Join(types.Folder, types.ExtensionFile)); failed != nil && err == nil {
		files[types.ExtensionFile] = string(before)
	}
	byHand, err := types.ByHand(p.subject.FS)
	for name := range byHand {
		delete(files, name)
	}
	return files, err
}

// ownTypes lists the declarations that somebody else wrote into the connector's folder of typings.
// One of them with the name of one of carjs's counts in its place, as it does in the editor.
func (p *project) ownTypes(files map[string]string) ([]string, error) {
	names, err := fs.Glob(p.subject.FS, path.Join(types.Folder, "*.ts"))
	var own []string
	for _, name := range names {
		content, readErr := fs.ReadFile(p.subject.FS, name)
		if readErr != nil {
			return nil, readErr
		}
		if !types.Ours(content) {
			delete(files, path.Base(name))
			own = append(own, filepath.Join(p.dir, filepath.FromSlash(name)))
		}
	}
	return own, err
}

// config is the tsconfig.json. Options that the connector's own has count as they do in the editor,
// apart from those that are about what a compiler writes.
func (p *project) config(own []string) map[string]any {
	extends := []string{"./types/tsconfig.json"}
	if p.extendable() {
		extends = append(extends, filepath.ToSlash(filepath.Join(p.dir, "tsconfig.json")))
	}
	below := filepath.ToSlash(p.dir) + "/"
	config := map[string]any{
		"extends": extends,
		"compilerOptions": map[string]any{
			"noEmit": true, "composite": nil, "incremental": nil, "tsBuildInfoFile": nil, "rootDir": nil, "outDir": nil, "declaration": nil,
		},
		"include": []string{below + "**/*.ts", "types/*.d.ts"},
		"exclude": []string{below + types.Folder, below + "**/node_modules"},
	}
	if own != nil {
		config["files"] = own
	}
	return config
}

// base finds what a tsconfig.json rests on.
var base = lazyregexp.New(`"extends"\s*:\s*"([^"]+)"`)

// extendable tells whether the connector has a tsconfig.json, and what that rests on is there as
// well: its typings may not be written yet.
func (p *project) extendable() bool {
	text, err := files.ReadOwn(filepath.Join(p.dir, "tsconfig.json"))
	if err != nil {
		return false
	}
	match := base().FindSubmatch(text)
	if match == nil {
		return true
	}
	_, err = os.Stat(filepath.Join(p.dir, filepath.FromSlash(string(match[1]))))
	return err == nil
}
