package bundle

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"carjs/host/lazyregexp"
)

// configName is what a tsconfig.json may extend outside the walls: its text never gets into a
// bundle, and it is no other file than one of TypeScript's.
var configName = lazyregexp.New(`^(.*[.-])?tsconfig([.-].*)?\.json$`)

// maxExtends bounds the length of a chain of configurations.
const maxExtends = 20

// config looks at a tsconfig.json and at those that it extends.
func (g *guard) config(path string, depth int) error {
	info, err := g.walls.check(path)
	if depth > 0 && err != nil {
		if real, realErr := g.walls.realPath(path); realErr == nil && configName().MatchString(filepath.Base(real)) {
			if info, err = os.Lstat(real); err == nil {
				err = fit(g.walls.shown(path), info)
			}
		}
	}
	if refused(err) {
		return err
	}
	if err != nil || info.IsDir() || depth > maxExtends {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	for _, found := range extended().FindAllSubmatch(text, -1) {
		for _, quoted := range quotedTexts().FindAll(found[1], -1) {
			var name string
			if json.Unmarshal(quoted, &name) != nil {
				continue
			}
			for _, candidate := range extendedFiles(filepath.Dir(path), name) {
				if err := g.config(candidate, depth+1); err != nil {
					return fmt.Errorf(`"extends" of %s: %w`, g.walls.shown(path), err)
				}
			}
		}
	}
	return nil
}

var (
	extended    = lazyregexp.New(`"extends"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\])`)
	quotedTexts = lazyregexp.New(`"(?:[^"\\]|\\.)*"`)
)

// extendedFiles are the files that a tsconfig.json may mean with a name, in the order in which they
// are looked for.
func extendedFiles(dir, name string) []string {
	path := filepath.FromSlash(name)
	if filepath.IsAbs(path) || strings.HasPrefix(name, ".") {
		if !filepath.IsAbs(path) {
			path = filepath.Join(dir, path)
		}
		return []string{path, path + ".json"}
	}
	var files []string
	add := func(dir string) {
		inside := filepath.Join(dir, modulesFolder, path)
		files = append(files, inside, inside+".json", filepath.Join(inside, "tsconfig.json"))
	}
	add(dir)
	for parent := range above(dir) {
		add(parent)
	}
	return files
}

// sourceMaps looks at the source maps that a script names. esbuild fills in sources that a map has
// only the names of, and they become part of the bundle.
func (g *guard) sourceMaps(path string, text []byte) error {
	const mark = "sourceMappingURL="
	for {
		at := bytes.Index(text, []byte(mark))
		if at < 0 {
			return nil
		}
		text = text[at+len(mark):]
		comment := text
		if end := bytes.IndexAny(text, " \t\r\n"); end >= 0 {
			comment = text[:end]
		}
		if err := g.sourceMap(path, strings.TrimSuffix(string(comment), "*/")); err != nil {
			return err
		}
	}
}

func (g *guard) sourceMap(script, comment string) error {
	if data, ok := strings.CutPrefix(comment, "data:"); ok {
		return g.sources(script, script, decodeData(data))
	}
	path, ok := fileOf(script, comment)
	if !ok {
		return nil
	}
	info, err := g.walls.check(path)
	if refused(err) {
		return fmt.Errorf("source map of %s: %w", g.walls.shown(script), err)
	}
	if err != nil || info.IsDir() {
		return nil // esbuild does without it
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	return g.sources(script, path, text)
}

// sourceMap is what tells where sources are. Of names that occur several times all count, and what
// is unclear about the contents counts as none.
type sourceMap struct {
	SourceRoot names
	Sources    names
	Sections   []struct {
		Map sourceMap
	}
	SourcesContent contents
}

type names []string

func (n *names) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*n = append(*n, one)
		return nil
	}
	var several []any
	if err := json.Unmarshal(text, &several); err != nil {
		return nil //nolint:nilerr // esbuild says what is wrong
	}
	for _, name := range several {
		one, _ := name.(string)
		*n = append(*n, one)
	}
	return nil
}

// contents tells which sources have their text in the map.
type contents struct {
	there   []bool
	unclear bool
}

func (c *contents) UnmarshalJSON(text []byte) error {
	var several []json.RawMessage
	err := json.Unmarshal(text, &several)
	c.unclear = c.there != nil || err != nil
	c.there = make([]bool, len(several))
	for i, one := range several {
		c.there[i] = len(one) > 0 && one[0] == '"'
	}
	return nil
}

// sources looks at the sources of a map that esbuild would fill in.
func (g *guard) sources(script, at string, text []byte) error {
	var m sourceMap
	if json.Unmarshal(text, &m) != nil {
		return nil
	}
	return g.sourcesOf(script, at, m)
}

func (g *guard) sourcesOf(script, at string, m sourceMap) error {
	for _, section := range m.Sections {
		if err := g.sourcesOf(script, at, section.Map); err != nil {
			return err
		}
	}
	prefixes := []string{""}
	for _, root := range m.SourceRoot {
		if slash := strings.LastIndexByte(root, '/'); slash >= 0 {
			prefixes = append(prefixes, root[:slash+1])
		} else {
			prefixes = append(prefixes, root+"/")
		}
	}
	for i, source := range m.Sources {
		if !m.SourcesContent.unclear && i < len(m.SourcesContent.there) && m.SourcesContent.there[i] {
			continue
		}
		for _, prefix := range prefixes {
			path, ok := fileOf(at, prefix+source)
			if !ok {
				continue
			}
			if _, err := g.walls.check(path); refused(err) {
				return fmt.Errorf("source map of %s: %w", g.walls.shown(script), err)
			}
		}
	}
	return nil
}

// fileOf is the file that a URL in another file means, if it means one.
func fileOf(in, reference string) (string, bool) {
	if filepath.IsAbs(reference) {
		return filepath.Clean(reference), true
	}
	u, err := url.Parse(reference)
	if err != nil || reference == "" {
		return "", false
	}
	base := filepath.ToSlash(in)
	if !strings.HasPrefix(base, "/") {
		base = "/" + base // the drive of Windows
	}
	u = (&url.URL{Scheme: "file", Path: base}).ResolveReference(u)
	if u.Scheme != "file" {
		return "", false
	}
	path := u.Path
	if filepath.Separator == '\\' {
		path = strings.TrimPrefix(path, "/")
	}
	return filepath.FromSlash(path), true
}

// decodeData decodes the part of a data URL behind its scheme.
func decodeData(data string) []byte {
	head, body, _ := strings.Cut(data, ",")
	if text, err := url.PathUnescape(body); err == nil {
		body = text
	}
	if !strings.HasSuffix(head, ";base64") {
		return []byte(body)
	}
	text, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return nil
	}
	return text
}
