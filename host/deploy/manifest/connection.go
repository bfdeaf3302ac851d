package manifest

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"carjs/host/settings"
)

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
	keyFromEnv    = "from-env"
	keyFromFile   = "from-file"
)

// connectionKeys are all keys of a connection: beside its own, the settings of its runs.
func connectionKeys() []string {
	keys := []string{keyName, keyConnector, keySource, keySchedule, keyTimeZone, keyMemory, keySettings, keySecret, keyFromSecret,
		keyFromEnv, keyFromFile}
	for _, s := range settings.ManifestTable().Groups(settings.GroupScheduled) {
		keys = append(keys, s.Flag)
	}
	return keys
}

// connection reads one entry of the list.
func (r *reader) connection(n *yaml.Node) Connection {
	c := Connection{Cluster: r.cluster, Settings: map[string]string{}, References: map[string]Reference{}}
	if n.Kind != yaml.MappingNode {
		r.wrong(n, "a connection must have keys and values: %s, %s and so on", keyName, keyConnector)
		return c
	}
	nodes := map[string]*yaml.Node{}
	texts := map[string]string{}
	for _, e := range r.mapping(n, "a connection", connectionKeys()) {
		nodes[e.key.Value] = e.value
		switch e.key.Value {
		case keyName, keyConnector, keySource, keySchedule, keyTimeZone, keySecret:
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
	// Two connections with the same name also have the same source; that was reported above.
	if other := r.sources[c.Source]; other != nil && (nodes[keySource] != nil || r.names[c.Name] == at) {
		r.wrong(at, "two connections have the source %q, the other in line %d: each would delete what the other imports",
			shown(c.Source), other.Line)
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
	c.Run = slices.Clone(c.Run) // not that of all connections
	for _, setting := range settings.ManifestTable().Groups(settings.GroupScheduled) {
		if nodes[setting.Flag] == nil {
			continue
		}
		if text, ok := r.shared(nodes[setting.Flag], setting); ok {
			value, _ := setting.Parse(text)
			c.setRun(setting.Env, text, value)
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
	r.readValues(c, nodes, field)
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

// ownSecrets reports connections whose default Secrets have the same name.
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
