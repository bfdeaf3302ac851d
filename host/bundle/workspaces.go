package bundle

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// workspaces returns the real paths of the packages that the folders above a connector's name as
// workspaces: in the field workspaces of package.json (npm, Yarn, Bun) or in pnpm-workspace.yaml.
// The connector's own package.json does not count: a connector cannot widen its walls.
func workspaces(root string) []string {
	var found []string
	for dir := range above(root) {
		patterns := append(npmWorkspaces(dir), pnpmWorkspaces(dir)...)
		for _, pattern := range patterns {
			pattern = path.Clean(strings.TrimSuffix(pattern, "/**"))
			if strings.HasPrefix(pattern, "!") || !filepath.IsLocal(filepath.FromSlash(pattern)) || pattern == "." {
				continue
			}
			matches, _ := filepath.Glob(filepath.Join(dir, filepath.FromSlash(pattern))) // a bad pattern names nothing
			for _, match := range matches {
				if real, err := filepath.EvalSymlinks(match); err == nil && within(dir, real) {
					found = append(found, real)
				}
			}
		}
	}
	return found
}

func npmWorkspaces(dir string) []string {
	var about struct {
		Workspaces json.RawMessage `json:"workspaces"`
	}
	var names []string
	var object struct {
		Packages []string `json:"packages"`
	}
	text := smallFile(filepath.Join(dir, "package.json"))
	if text == nil || json.Unmarshal(text, &about) != nil || about.Workspaces == nil {
		return nil
	}
	if json.Unmarshal(about.Workspaces, &names) == nil {
		return names
	}
	_ = json.Unmarshal(about.Workspaces, &object) // another form names nothing
	return object.Packages
}

func pnpmWorkspaces(dir string) []string {
	var about struct {
		Packages []string `yaml:"packages"`
	}
	text := smallFile(filepath.Join(dir, "pnpm-workspace.yaml"))
	if text == nil || yaml.Unmarshal(text, &about) != nil {
		return nil
	}
	return about.Packages
}

// smallFile reads a file of settings, nil when there is none that is plainly one.
func smallFile(path string) []byte {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return text
}
