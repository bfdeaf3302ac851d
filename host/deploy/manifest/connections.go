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
}

// The keys of a connection in the file.
const (
	keyName       = "name"
	keyConnector  = "connector"
	keySource     = "source"
	keySchedule   = "schedule"
	keyTimeZone   = "time-zone"
	keyMemory     = "memory"
	keySettings   = "settings"
	keySecret     = "secret"
	keyFromSecret = "from-secret"
)

var connectionKeys = []string{
	keyName, keyConnector, keySource, keySchedule, keyTimeZone, keyMemory, keySettings, keySecret, keyFromSecret,
}

// The keys of the file, beside those of [clusterSettings].
const (
	keyImages      = "images"
	keyConnections = "connections"
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
}

// found is what came of looking for a connector, which is done once.
type found struct {
	connector Connector
	err       error
}

// ReadConnections reads and checks a file of connections, in its order. Mistakes are told all at
// once: the error is [settings.Mistakes], in the order of the file, or a [*failure.Failure] when it
// cannot be read.
func ReadConnections(file File) ([]Connection, error) {
	data, err := os.ReadFile(file.Path)
	if err != nil {
		return nil, failure.Usage("cannot read the connections: %v", err).WithCause(err).WithHint("set -connections to a YAML file")
	}
	r := &reader{
		yamlFile: yamlFile{name: file.Path}, find: file.Find,
		images: map[string]Image{}, badImages: map[string]bool{}, connectors: map[string]found{},
		names: map[string]*yaml.Node{}, sources: map[string]*yaml.Node{}, secrets: map[string]string{},
	}
	connections := r.file(data, file.Values)
	if len(r.mistakes) > 0 {
		slices.SortStableFunc(r.mistakes, func(a, b *settings.Mistake) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, r.mistakes
	}
	return connections, nil
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
	var list *yaml.Node
	defaults := map[string]string{}
	for _, e := range r.mapping(root, "the file", known) {
		switch e.key.Value {
		case keyConnections:
			list = resolved(e.value)
		case keyImages:
			r.readImages(e.value)
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
	switch {
	case list == nil:
		r.wrong(root, "the file has no %q", keyConnections)
		return nil
	case list.Kind != yaml.SequenceNode || len(list.Content) == 0:
		r.wrong(list, "%s must be a list: begin each with - %s:", keyConnections, keyName)
		return nil
	}
	var connections []Connection
	for _, n := range list.Content {
		connections = append(connections, r.connection(resolved(n)))
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
	return failure.Usage("the connector is called %q, and cannot be deployed by that name", shown(name)).
		WithHint("rename its folder: lower-case letters, digits and -, %d at most", maxName)
}

func (r *reader) connection(n *yaml.Node) Connection {
	c := Connection{Cluster: r.cluster, Settings: map[string]string{}, References: map[string]Reference{}}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "a connection must have keys and values: %s, %s and so on", keyName, keyConnector)
		return c
	}
	nodes := map[string]*yaml.Node{}
	texts := map[string]string{}
	for _, e := range r.mapping(n, "a connection", connectionKeys) {
		nodes[e.key.Value] = e.value
		switch e.key.Value {
		case keySettings, keyFromSecret:
		default:
			texts[e.key.Value], _ = r.text(e.value, e.key.Value)
		}
	}
	r.readName(&c, n, nodes, texts)
	r.readOwn(&c, nodes, texts)
	connector, known := r.readConnector(&c, n, nodes, texts)
	if !known {
		return c
	}
	r.readSchedule(&c, n, nodes, texts, connector)
	r.readSettings(&c, n, nodes, connector)
	r.ownSecrets(&c, n)
	return c
}

// readName reads what tells a connection from all others.
func (r *reader) readName(c *Connection, n *yaml.Node, nodes map[string]*yaml.Node, texts map[string]string) {
	if nodes[keyName] == nil {
		r.wrong(n, "the connection has no %s", keyName)
		return
	}
	c.Name, c.Source = texts[keyName], texts[keyName]
	if c.Name == "" {
		if resolved(nodes[keyName]).Value == "" && resolved(nodes[keyName]).Tag == "!!str" {
			r.wrong(nodes[keyName], "%s has no value", keyName)
		}
		return
	}
	if err := CheckName(c.Name); err != nil {
		r.refused(nodes[keyName], err)
	}
	if other := r.names[c.Name]; other != nil {
		r.wrong(nodes[keyName], "two connections are called %q, the other in line %d", shown(c.Name), other.Line)
	} else {
		r.names[c.Name] = nodes[keyName]
	}
	at := nodes[keyName]
	if nodes[keySource] != nil {
		at, c.Source = nodes[keySource], texts[keySource]
	}
	if c.Source == "" {
		return
	}
	// Two connections of one name have one source as well, and that has been told.
	if other := r.sources[c.Source]; other != nil && (nodes[keySource] != nil || r.names[c.Name] == at) {
		r.wrong(at, "two connections have the source %q, the other in line %d: each would delete what the other imports", shown(c.Source), other.Line)
	} else if other == nil {
		r.sources[c.Source] = at
	}
}

// readOwn reads what a connection has instead of what all have.
func (r *reader) readOwn(c *Connection, nodes map[string]*yaml.Node, texts map[string]string) {
	if zone := texts[keyTimeZone]; zone != "" {
		c.TimeZone = zone
		if err := CheckTimeZone(zone); err != nil {
			r.refused(nodes[keyTimeZone], err)
		}
	}
	if nodes[keyMemory] != nil {
		setting, _ := settings.ManifestTable().Lookup(settings.EnvMemory)
		if text, ok := r.shared(nodes[keyMemory], setting); ok {
			value, _ := setting.Parse(text)
			c.Memory, _ = value.(uint64)
		}
	}
	if c.Secret = texts[keySecret]; c.Secret != "" {
		if err := checkObjectName("name of a Secret", c.Secret); err != nil {
			r.refused(nodes[keySecret], err)
		}
	}
}

func (r *reader) readConnector(c *Connection, n *yaml.Node, nodes map[string]*yaml.Node, texts map[string]string) (Connector, bool) {
	word := texts[keyConnector]
	if nodes[keyConnector] == nil {
		r.wrong(n, "the connection has no %s", keyConnector)
		return Connector{}, false
	}
	connector, err := r.connector(word)
	if err != nil {
		if mistake := (*settings.Mistake)(nil); errors.As(err, &mistake) {
			err = fmt.Errorf("the connector %s has a mistake at %w", shown(word), mistake)
		}
		r.refused(nodes[keyConnector], err)
		return Connector{}, false
	}
	c.Connector, c.Fields = connector.Name, connector.Declaration.Fields
	image, ok := r.images[word]
	if !ok && !r.badImages[word] {
		r.wrong(nodes[keyConnector], "%s has no image: write %s: REF@sha256:... below %s:", shown(word), shown(word), keyImages)
	}
	c.Image, c.Version = image, image.Tag
	return connector, true
}

func (r *reader) readSchedule(c *Connection, n *yaml.Node, nodes map[string]*yaml.Node, texts map[string]string, connector Connector) {
	at := nodes[keySchedule]
	if at == nil {
		at, c.Schedule = n, DefaultSchedule(connector.Declaration)
	} else if c.Schedule = texts[keySchedule]; c.Schedule == "" && resolved(at).Tag != "!!str" {
		return // told already
	}
	if err := CheckSchedule(c.Schedule); err != nil {
		r.refused(at, err)
	}
}

// DefaultSchedule is the schedule that a connector declares, "" when it declares none.
func DefaultSchedule(declaration *settings.Declaration) string {
	field, ok := declaration.Field("connection.schedule")
	if !ok {
		return ""
	}
	schedule, _ := field.Default.(string)
	return schedule
}

func (r *reader) readSettings(c *Connection, n *yaml.Node, nodes map[string]*yaml.Node, connector Connector) {
	given := map[string]string{} // environment variable → name in the file
	field := func(key *yaml.Node) *settings.Field {
		f, ok := connector.Declaration.Field(key.Value)
		if !ok {
			r.unknown(key, "setting of "+connector.Name, settingNames(connector.Declaration))
			return nil
		}
		if other, twice := given[f.Env]; twice {
			r.wrong(key, "%s is set twice, also as %q", f.Path, shown(other))
			return nil
		}
		given[f.Env] = key.Value
		return f
	}
	if nodes[keySettings] != nil {
		for _, e := range r.mapping(nodes[keySettings], keySettings, nil) {
			if f := field(e.key); f != nil {
				r.readSetting(c, f, e)
			}
		}
	}
	if nodes[keyFromSecret] != nil {
		for _, e := range r.mapping(nodes[keyFromSecret], keyFromSecret, nil) {
			if f := field(e.key); f != nil {
				r.readReference(c, f, e)
			}
		}
	}
	for _, f := range connector.Declaration.Fields {
		if _, ok := given[f.Env]; !ok && f.Required() && !f.Secret() {
			r.wrong(n, "missing setting of %s: %s", connector.Name, settingName(f))
		}
	}
}

func (r *reader) readSetting(c *Connection, f *settings.Field, e entry) {
	if f.Secret() {
		r.wrong(e.value, "%s", checkSetting(f, ""))
		return
	}
	text, ok := r.text(e.value, f.Path)
	if !ok {
		return
	}
	if fault := checkSetting(f, text); fault != "" {
		r.wrong(e.value, "%s", fault)
	} else if f.Required() && text == "" {
		r.wrong(e.value, "%s has no value", f.Path)
	}
	c.Settings[f.Env] = text
}

// readReference reads where a setting comes from that is kept in a Secret. Without a value it is in
// that of the connection, under the name of its environment variable.
func (r *reader) readReference(c *Connection, f *settings.Field, e entry) {
	c.References[f.Env] = Reference{}
	if n := resolved(e.value); n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	text, ok := r.text(e.value, f.Path)
	if !ok {
		return
	}
	if c.JWE {
		r.wrong(e.value, "%s must have no value: with mounted secrets, all are in one Secret, which %q names", f.Path, keySecret)
		return
	}
	reference, err := parseReference(text)
	if err != nil {
		r.refused(e.value, err)
		return
	}
	c.References[f.Env] = reference
}

// ownSecrets makes sure that the Secret that a connection has by default is no other connection's.
func (r *reader) ownSecrets(c *Connection, n *yaml.Node) {
	if c.Secret != "" || c.Name == "" {
		return
	}
	names := []string{c.secretName()}
	if c.JWE {
		names = append(names, c.keySecretName())
	}
	for _, name := range names {
		if other, taken := r.secrets[name]; taken && other != c.Name {
			r.wrong(n, "%s and %s would both have the Secret %s: rename one", c.Name, other, name)
		}
		r.secrets[name] = c.Name
	}
}

// settingNames are the names by which people know settings.
func settingNames(declaration *settings.Declaration) []string {
	var names []string
	for _, f := range declaration.Fields {
		if !f.Hidden {
			names = append(names, settingName(f))
		}
	}
	return names
}

func settingName(f settings.Field) string {
	if f.Short != "" {
		return f.Short
	}
	return f.Path
}

// Explain is the failure of a file with mistakes, which have been told.
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
