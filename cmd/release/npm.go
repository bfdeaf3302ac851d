package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
)

// shim is the program of the main package: it starts that of the platform's package.
//
//go:embed npm/carjs.js
var shim []byte

// nodeOS and nodeArch are Node's names of systems and processors.
var (
	nodeOS   = map[string]string{"linux": "linux", "darwin": "darwin", "windows": "win32"}
	nodeArch = map[string]string{"amd64": "x64", "arm64": "arm64"}
)

// manifest is a package.json.
type manifest struct {
	Name        string            `json:"name"`
	Version     string            `json:"version"`
	Description string            `json:"description"`
	License     string            `json:"license"`
	Bin         map[string]string `json:"bin,omitempty"`
	Files       []string          `json:"files"`
	OS          []string          `json:"os,omitempty"`
	CPU         []string          `json:"cpu,omitempty"`
	// PreferUnplugged keeps Yarn from leaving a program in an archive.
	PreferUnplugged bool              `json:"preferUnplugged,omitempty"`
	Engines         map[string]string `json:"engines,omitempty"`
	// Optional are the packages of the platforms: npm installs the one that fits.
	Optional map[string]string `json:"optionalDependencies,omitempty"`
}

// makeNPM makes a package for each platform, and the one that people install.
func (r *release) makeNPM(context.Context) error {
	license, err := os.ReadFile(filepath.Join(r.root, "LICENSE"))
	if err != nil {
		return err
	}
	readme, err := os.ReadFile(filepath.Join(r.root, "README.md"))
	if err != nil {
		return err
	}
	common := []entry{{"LICENSE", 0o644, license}, {"LICENSES.txt", 0o644, r.licenses}}
	main := manifest{
		Name: "carjs", Version: r.version, Description: summary, License: licenseID, Bin: map[string]string{"carjs": "bin/carjs.js"},
		Files: []string{"bin", "LICENSES.txt"}, Engines: map[string]string{"node": ">=18"}, Optional: map[string]string{},
	}
	for _, p := range r.platforms {
		data, err := os.ReadFile(r.compiled(p, "carjs"))
		if err != nil {
			return err
		}
		node := nodeOS[p.os] + "-" + nodeArch[p.arch]
		m := manifest{
			Name: "@carjs/" + node, Version: r.version, Description: "carjs for " + p.String(), License: licenseID,
			Files: []string{"bin", "LICENSES.txt"}, OS: []string{nodeOS[p.os]}, CPU: []string{nodeArch[p.arch]}, PreferUnplugged: true,
		}
		main.Optional[m.Name] = r.version
		program := entry{path.Join("bin", p.program("carjs")), 0o755, data}
		if err := r.writeNPM("carjs-"+node, m, append([]entry{program}, common...)); err != nil {
			return err
		}
	}
	return r.writeNPM("carjs", main, append([]entry{{"bin/carjs.js", 0o755, shim}, {"README.md", 0o644, readme}}, common...))
}

// writeNPM writes a package as npm pack does, for npm publish FILE.
func (r *release) writeNPM(name string, m manifest, entries []entry) error {
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	entries = append([]entry{{"package.json", 0o644, append(data, '\n')}}, entries...)
	for i := range entries {
		entries[i].name = path.Join("package", entries[i].name)
	}
	packed, err := tarred(r.time, entries)
	if err != nil {
		return err
	}
	return r.write(path.Join("npm", name+"-"+r.version+".tgz"), packed)
}
