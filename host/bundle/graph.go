package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// graph is what esbuild tells about the files of a bundle and who imports whom.
type graph struct {
	Inputs map[string]struct {
		Format  string `json:"format"`
		Imports []struct {
			Path     string `json:"path"`
			Original string `json:"original"`
			Kind     string `json:"kind"`
			External bool   `json:"external"`
		} `json:"imports"`
	} `json:"inputs"`
}

func readGraph(metafile string) (*graph, error) {
	g := new(graph)
	if err := json.Unmarshal([]byte(metafile), g); err != nil {
		return nil, fmt.Errorf("read what esbuild bundled: %w", err)
	}
	return g, nil
}

// names returns the files, sorted.
func (g *graph) names() []string {
	return slices.Sorted(maps.Keys(g.Inputs))
}

func (g *graph) hasCommonJS() bool {
	for _, input := range g.Inputs {
		if input.Format == "cjs" {
			return true
		}
	}
	return false
}

// imports returns the files that a file imports while it loads. An import() happens later and
// closes no circle.
func (g *graph) imports(name string) []string {
	var files []string
	for _, i := range g.Inputs[name].Imports {
		if !i.External && i.Kind != "dynamic-import" {
			files = append(files, i.Path)
		}
	}
	return files
}

// cycles returns circular imports among the connector's own files, each as the way round from a
// file back to itself. Every file is in one of them at most: of a tangle the shortest way round is
// enough to start with.
func (g *graph) cycles() [][]string {
	var cycles [][]string
	named := map[string]bool{}
	for _, name := range g.names() {
		if named[name] || inPackage(name) {
			continue
		}
		cycle := g.wayRound(name)
		if slices.ContainsFunc(cycle, func(file string) bool { return named[file] }) {
			continue
		}
		for _, file := range cycle {
			named[file] = true
		}
		if cycle != nil {
			cycles = append(cycles, cycle)
		}
	}
	return cycles
}

// wayRound returns the shortest way from a file over its imports back to itself, nil when there is
// none.
func (g *graph) wayRound(start string) []string {
	from := map[string]string{}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		file := queue[0]
		for _, next := range g.imports(file) {
			if next == start {
				way := []string{start}
				for at := file; at != start; at = from[at] {
					way = append(way, at)
				}
				way = append(way, start)
				slices.Reverse(way)
				return way
			}
			if _, seen := from[next]; !seen && !inPackage(next) {
				from[next] = file
				queue = append(queue, next)
			}
		}
	}
	return nil
}

// circular is the warning for a circular import: at the import by which its first file begins the
// way round.
func (j *job) circular(g *graph, cycle []string) Message {
	m := Message{
		Text: "circular import: " + strings.Join(cycle, " → ") + " (an import may still be undefined while the files load)",
		File: cycle[0],
	}
	m.Frame = m.Text
	for _, i := range g.Inputs[cycle[0]].Imports {
		if i.Path == cycle[1] {
			j.locate(&m, regexp.QuoteMeta(i.Original))
			break
		}
	}
	return m
}

// throwing are the imports of modules of Node that throw when they are used, each at its place.
func (j *job) throwing(g *graph) []Message {
	var messages []Message
	for _, name := range g.names() {
		for _, i := range g.Inputs[name].Imports {
			module, ok := strings.CutPrefix(i.Path, nodePrefix)
			alternative, throws := absent[module]
			if !ok || !i.External || !throws {
				continue
			}
			m := Message{File: name, Text: fmt.Sprintf("%q is a Node built-in: what the package uses of it throws; %s", module, alternative)}
			m.Frame = m.Text
			j.locate(&m, "(?:"+nodePrefix+")?"+regexp.QuoteMeta(module))
			messages = append(messages, m)
		}
	}
	return messages
}

// locate gives a message the place at which its file first imports something, by a pattern. Without
// the file's text the place is lost, the message is not.
func (j *job) locate(m *Message, imported string) {
	source, err := j.read(m.File)
	if err != nil {
		return
	}
	at := regexp.MustCompile(`["']` + imported + `["']`).FindIndex(source)
	if at == nil {
		return
	}
	before := source[:at[0]]
	m.Line = bytes.Count(before, []byte("\n")) + 1
	m.Column = utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	m.Frame = fmt.Sprintf("%s:%d:%d: %s", m.File, m.Line, m.Column, m.Text)
}

// read reads one of the connector's files.
func (j *job) read(name string) ([]byte, error) {
	if j.FS != nil {
		return fs.ReadFile(j.FS, name)
	}
	return os.ReadFile(filepath.Join(j.root, filepath.FromSlash(name)))
}

// inPackage tells whether a file belongs to an npm package.
func inPackage(name string) bool {
	return strings.HasPrefix(name, "node_modules/") || strings.Contains(name, "/node_modules/")
}
