// Package manifest writes the objects with which a cluster runs connectors, as YAML: a CronJob that
// refers to Secrets for each connection, or the custom resource of the platform's operator. It
// checks what it is given as Kubernetes would, and says what is wrong before anything is written.
// Applying objects to a cluster is not its concern, and neither is Kubernetes' own code: the tests
// that hold the two together are in host/deploy/kubetest.
package manifest

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"carjs/host/failure"
	"carjs/host/settings"
)

// Prefix begins the names of all objects.
const Prefix = "car-"

// Cluster is what all connections of a cluster share.
type Cluster struct {
	// Namespace is that of all objects; empty for the one where they are applied.
	Namespace string
	// TimeZone is the time zone of the schedule, such as Europe/Berlin.
	TimeZone string
	// JWE mounts secrets as encrypted files; otherwise they are environment variables.
	JWE bool
	// CARURL and CARTokenURL are the address of the CAR service, for an API key and for a token.
	// When both are empty the address is a secret, too.
	CARURL, CARTokenURL string
	// CARSecret is the Secret with the login of the CAR service, unless secrets are mounted.
	CARSecret string
	// PullSecret is the Secret for pulling images; empty for none.
	PullSecret string
	// Memory is the limit of a pod, in bytes.
	Memory uint64
	// RunAsUser is the user id of the pod; 0 for that of the image.
	RunAsUser int
	// Timeout is the time limit for a run.
	Timeout time.Duration
	// Run are the settings of the runs that are given.
	Run []RunSetting
}

// RunSetting is a setting of carjs itself.
type RunSetting struct{ Env, Text string }

// Connection is one connection of a connector: one source in CAR, one CronJob.
type Connection struct {
	Cluster
	// Name names the objects: car-NAME.
	Name string
	// Source is the name of the source in CAR.
	Source string
	// Connector is the connector's name.
	Connector string
	// Version is the connector's; empty when it is not known.
	Version string
	Image   Image
	// Schedule is a cron schedule that [CheckSchedule] lets pass.
	Schedule string
	// Fields are the settings of the connector.
	Fields []settings.Field
	// Settings are the values of settings that are no secrets, by environment variable.
	Settings map[string]string
	// Secret is the Secret with the secrets of the connector; empty for car-NAME.
	Secret string
	// References are where secrets come from that are not in Secret under the name of their
	// environment variable, by that; with JWE there are none.
	References map[string]Reference
}

// Reference is one key of a Secret.
type Reference struct{ Secret, Key string }

// object is the name of the connection's objects.
func (c Connection) object() string { return Prefix + c.Name }

// secretName is the Secret of the connection.
func (c Connection) secretName() string {
	if c.Secret != "" {
		return c.Secret
	}
	return c.object()
}

// keySecretName is the Secret with the key of mounted secrets.
func (c Connection) keySecretName() string { return c.secretName() + "-jwk" }

// carLogin are the environment variables of the CAR service that are secrets.
func (c Connection) carLogin() []string {
	switch {
	case c.CARTokenURL != "":
		return []string{settings.EnvToken}
	case c.CARURL != "":
		return []string{settings.EnvCARKey, settings.EnvCARPass}
	}
	return []string{settings.EnvCARURL, settings.EnvCARKey, settings.EnvCARPass}
}

// secrets returns where the secrets of the connector come from, in the order of its settings, and
// which of them may be missing.
func (c Connection) secrets() (envs []string, from map[string]Reference, optional map[string]bool) {
	from, optional = map[string]Reference{}, map[string]bool{}
	for _, f := range c.Fields {
		reference, named := c.References[f.Env]
		if !f.Secret() && !named {
			continue
		}
		if reference.Secret == "" {
			reference.Secret = c.secretName()
		}
		if reference.Key == "" {
			reference.Key = f.Env
		}
		envs = append(envs, f.Env)
		from[f.Env] = reference
		optional[f.Env] = !f.Required() && !named
	}
	return envs, from, optional
}

// keys returns the keys that must be in each Secret, in the order in which pods read them, and the
// Secrets sorted by name.
func (c Connection) keys() (names []string, keys map[string][]string) {
	keys = map[string][]string{}
	envs, from, optional := c.secrets()
	add := func(secret, key string) {
		if !slices.Contains(keys[secret], key) {
			keys[secret] = append(keys[secret], key)
		}
	}
	for _, env := range envs {
		if !optional[env] {
			add(from[env].Secret, from[env].Key)
		}
	}
	carSecret := c.CARSecret
	if c.JWE {
		carSecret = c.secretName()
		add(c.keySecretName(), jwkFile)
	}
	for _, env := range c.carLogin() {
		add(carSecret, env)
	}
	return slices.Sorted(maps.Keys(keys)), keys
}

// Write returns the manifest of connections: for each its CronJob, and in a comment which keys its
// Secrets must have. Secrets are part of it only with their values ([File.WithSecrets]): an apply of
// one without them would remove those that were applied before. The same connections give the same
// bytes.
func (f *Fleet) Write() ([]byte, error) {
	made := map[string]Secret{}
	var all []document
	for _, s := range f.Secrets {
		made[s.Name] = s
		if s.read && s.owner == "" {
			all = append(all, s.document())
		}
	}
	for _, c := range f.Connections {
		var note strings.Builder
		fmt.Fprintf(&note, "%s: %s as %s\n", c.object(), c.Connector, strconv.Quote(c.Source))
		names, keys := c.keys()
		for _, name := range names {
			s, ok := made[name]
			if ok && s.read {
				continue
			}
			fmt.Fprintf(&note, "needs the Secret %s with %s\n", name, strings.Join(keys[name], ", "))
			if ok {
				fmt.Fprintf(&note, "  which -with-secrets makes: %s\n", s.sources())
			}
		}
		if s := made[c.secretName()]; s.read && s.owner == c.Name {
			all = append(all, s.document())
		}
		all = append(all, document{note: note.String(), object: c.cronJob()})
	}
	return encode(all)
}

// Resource is the custom resource with which the platform's operator runs a connector.
type Resource struct {
	// Connector is the connector's name; the resource is called car-NAME.
	Connector, Namespace, Version, Creator string
	Image                                  Image
}

// The kind of the custom resource.
const (
	ResourceVersion = "connector.isc.ibm.com/v1"
	ResourceKind    = "Connector"
)

// WriteResource returns the manifest of the custom resource.
func WriteResource(r Resource) ([]byte, error) {
	return encode([]document{{object: resource{
		APIVersion: ResourceVersion, Kind: ResourceKind,
		Metadata: metadata{Name: Prefix + r.Connector, Namespace: r.Namespace},
		Spec:     resourceSpec{Type: "CAR", Version: r.Version, Creator: r.Creator, Image: r.Image.String()},
	}}})
}

// Head begins every manifest, and tells one from other files.
const Head = "# Written by carjs manifest.\n"

// document is one object, with a comment before it.
type document struct {
	note   string
	object any
}

func encode(documents []document) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(Head)
	for i, d := range documents {
		if i > 0 {
			b.WriteString("---\n")
		}
		for line := range strings.Lines(d.note) {
			b.WriteString("# " + line)
		}
		encoder := yaml.NewEncoder(&b)
		encoder.SetIndent(2)
		if err := encoder.Encode(d.object); err != nil {
			return nil, fmt.Errorf("encode the manifest: %w", err)
		}
		if err := encoder.Close(); err != nil {
			return nil, fmt.Errorf("encode the manifest: %w", err)
		}
	}
	return b.Bytes(), nil
}

// The exit codes of a run that another attempt does not change, and those that it may change.
var (
	lastingCodes = []int{
		failure.CodeGeneral, failure.CodeInvalidParameter, failure.CodeDatasourceAuth, failure.CodeDatasourceForbidden,
		failure.CodeDatasourceInvalidParameter, failure.CodeDatasourceDataProcess,
	}
	passingCodes = []int{
		failure.CodeRecoverable, failure.CodeUnrecoverable, failure.CodeDatasource, failure.CodeDatasourceConnect,
	}
)
