package manifest

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"

	"carjs/host/failure"
	"carjs/host/settings"
)

// Connector is what a manifest needs to know of a connector.
type Connector struct {
	Name string
	// Declaration is that of the merged config.json.
	Declaration *settings.Declaration
}

// Finder finds a connector by the name that a file of connections has for it.
type Finder func(name string) (Connector, error)

// File is a file of connections.
type File struct {
	// Path is where it is, as mistakes name it.
	Path string
	// Values are the settings of [settings.ManifestTable] that hold where the file says nothing;
	// those that were given hold in any case.
	Values settings.Values
	// Find finds the connectors.
	Find Finder
	// WithSecrets reads the values that the file names, so that [Fleet.Write] writes Secrets.
	WithSecrets bool
}

// Fleet is what a file of connections describes.
type Fleet struct {
	Connections []Connection
	// Secrets are those for whose values the file has sources, in its order. Without
	// [File.WithSecrets] they have no values.
	Secrets []Secret
}

// The keys of the file, beside those of [clusterSettings].
const (
	keyImages      = "images"
	keyConnections = "connections"
	keyCARFromEnv  = "car-from-env"
	keyCARFromFile = "car-from-file"
)

// reader reads a file of connections.
type reader struct {
	yamlFile
	find    Finder
	cluster Cluster
	images  map[string]Image // by the connector's name in the file
	// badImages are those with a mistake of their own.
	badImages  map[string]bool
	connectors map[string]found
	names      map[string]*yaml.Node
	sources    map[string]*yaml.Node
	secrets    map[string]string // Secrets that no connection names, by name → connection
	made       []Secret
	makers     map[string]*yaml.Node // of the Secrets in made, by name
	read       bool                  // values of Secrets are read
}

// found is what came of looking for a connector, which is done once.
type found struct {
	connector Connector
	err       error
}

// ReadConnections reads and checks a file of connections, in its order. Mistakes are reported all
// at once: the error is [settings.Mistakes], in the order of the file, or a [*failure.Failure] when
// it cannot be read.
func ReadConnections(file File) (*Fleet, error) {
	data, err := os.ReadFile(file.Path)
	if err != nil {
		return nil, failure.Usage("cannot read the connections: %v", err).WithCause(err).WithHint("set -connections to a YAML file")
	}
	r := &reader{
		yamlFile: yamlFile{name: file.Path}, find: file.Find,
		images: map[string]Image{}, badImages: map[string]bool{}, connectors: map[string]found{},
		names: map[string]*yaml.Node{}, sources: map[string]*yaml.Node{}, secrets: map[string]string{},
		makers: map[string]*yaml.Node{}, read: file.WithSecrets,
	}
	fleet := &Fleet{Connections: r.file(data, file.Values), Secrets: r.made}
	if len(r.mistakes) > 0 {
		slices.SortStableFunc(r.mistakes, func(a, b *settings.Mistake) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, r.mistakes
	}
	if file.WithSecrets && len(fleet.Secrets) == 0 {
		return nil, failure.Usage("%s names no values of Secrets", file.Path).
			WithHint("write %s or %s in a connection, or leave -with-secrets out", keyFromEnv, keyFromFile)
	}
	return fleet, nil
}

func (r *reader) file(data []byte, values settings.Values) []Connection {
	root := r.parse(data)
	if root == nil {
		return nil
	}
	shared := clusterSettings()
	known := []string{keyImages, keyConnections}
	for _, s := range shared {
		known = append(known, s.Flag)
	}
	known = append(known, keyCARFromEnv, keyCARFromFile)
	var list *yaml.Node
	login := map[string]*yaml.Node{}
	defaults := map[string]string{}
	for _, e := range r.mapping(root, "the file", known) {
		switch e.key.Value {
		case keyConnections:
			list = resolved(e.value)
		case keyImages:
			r.readImages(e.value)
		case keyCARFromEnv, keyCARFromFile:
			login[e.key.Value] = e.value
		default:
			setting, _ := shared.Lookup(e.key.Value)
			if text, ok := r.shared(e.value, setting); ok {
				defaults[setting.Env] = text
			}
		}
	}
	var err error
	if r.cluster, err = NewCluster(values.WithDefaults(defaults)); err != nil {
		r.refused(root, err)
	}
	r.readCARLogin(login)
	switch {
	case list == nil:
		r.wrong(root, "the file has no %q", keyConnections)
		return nil
	case list.Kind == yaml.SequenceNode && len(list.Content) == 0:
		r.wrong(list, "%s is empty: begin each connection with - %s:", keyConnections, keyName)
		return nil
	case list.Kind != yaml.SequenceNode:
		r.wrong(list, "%s must be a list: begin each with - %s:", keyConnections, keyName)
		return nil
	}
	var connections []Connection
	for _, n := range list.Content {
		connections = append(connections, r.connection(resolved(n)))
	}
	for i, n := range list.Content {
		r.checkMade(connections[i], resolved(n))
	}
	return connections
}

// shared reads the value of a setting that holds for all connections.
func (r *reader) shared(n *yaml.Node, setting settings.Setting) (text string, ok bool) {
	text, ok = r.text(n, setting.Flag)
	if !ok {
		return "", false
	}
	value, fault := setting.Parse(text)
	if fault != "" {
		r.wrong(n, "%s %s, not %q", setting.Flag, fault, shown(text))
		return "", false
	}
	if err := checkShared(setting.Env, value); err != nil {
		r.refused(n, err)
		return "", false
	}
	return text, true
}

func (r *reader) readImages(n *yaml.Node) {
	for _, e := range r.mapping(n, keyImages, nil) {
		r.badImages[e.key.Value] = true
		text, ok := r.text(e.value, "the image of "+e.key.Value)
		if !ok {
			continue
		}
		image, err := ParseImage(text)
		if err != nil {
			r.refused(e.value, err)
			continue
		}
		if _, err := r.connector(e.key.Value); err != nil {
			r.refused(e.key, err)
			continue
		}
		delete(r.badImages, e.key.Value)
		r.images[e.key.Value] = image
	}
}

// connector finds a connector.
func (r *reader) connector(name string) (Connector, error) {
	answer, known := r.connectors[name]
	if !known {
		answer.connector, answer.err = r.find(name)
		if answer.err == nil {
			answer.err = checkConnectorName(answer.connector.Name)
		}
		r.connectors[name] = answer
	}
	return answer.connector, answer.err
}

// checkConnectorName tells whether a connector's name can stand in labels and names of objects.
func checkConnectorName(name string) error {
	if len(name) <= maxName && labelPattern().MatchString(name) {
		return nil
	}
	return failure.Usage("the connector name %q cannot be used for a deployment", shown(name)).
		WithHint("rename its folder: lower-case letters, digits and -, %d at most", maxName)
}

// Explain returns the failure of a file whose mistakes have been reported.
func Explain(path string, err error) error {
	var mistakes settings.Mistakes
	if !errors.As(err, &mistakes) {
		return err
	}
	count := fmt.Sprintf("%d mistakes", len(mistakes))
	if len(mistakes) == 1 {
		count = "a mistake"
	}
	return failure.Usage("%s has %s; nothing was written", path, count).WithCause(err)
}
