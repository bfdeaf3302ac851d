package cluster

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
)

// text is a value of a kubeconfig file that knows where it stands.
type text struct {
	value string
	file  string
	line  int
}

// UnmarshalYAML reads any single value as it is written.
func (t *text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return fmt.Errorf("line %d: a single value is expected here", n.Line)
	}
	if n.Tag != "!!null" {
		t.value = n.Value
	}
	t.line = n.Line
	return nil
}

// set tells whether there is a value.
func (t text) set() bool { return t.value != "" }

// wrong is the failure of a value.
func (t text) wrong(format string, args ...any) *failure.Failure {
	return failure.Usage("%s:%d: %s", t.file, t.line, fmt.Sprintf(format, args...)).
		WithHint("correct the kubeconfig file, or choose another context with -context")
}

// decoded is the content of a value in base64.
func (t text) decoded(name string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(t.value), ""))
	if err != nil {
		return nil, t.wrong("%s is not valid base64", name).WithCause(err)
	}
	return data, nil
}

// path is the value as a path: relative ones are seen from the folder of the file.
func (t text) path() string {
	if !t.set() || filepath.IsAbs(t.value) {
		return t.value
	}
	return filepath.Join(filepath.Dir(t.file), t.value)
}

// content is what a value holds, in base64 or in a file; the value in base64 wins. Without either
// it is nil.
func content(data, file text, name string) ([]byte, error) {
	switch {
	case data.set():
		return data.decoded(name + "-data")
	case file.set():
		read, err := os.ReadFile(file.path())
		if err != nil {
			return nil, file.wrong("cannot read %s: %v", name, reason(err)).WithCause(err)
		}
		return read, nil
	}
	return nil, nil
}

// reason is an error of a file without the operation, which the message has said.
func reason(err error) string {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		return wrapped.Path + ": " + wrapped.Err.Error()
	}
	return err.Error()
}

// The parts of a kubeconfig file, by the names that it has for them.
type (
	kubeconfig struct {
		CurrentContext text    `yaml:"current-context"`
		Contexts       []entry `yaml:"contexts"`
		Clusters       []entry `yaml:"clusters"`
		Users          []entry `yaml:"users"`
	}
	entry struct {
		Name    text       `yaml:"name"`
		Context *kubeCtx   `yaml:"context"`
		Cluster *kubeHost  `yaml:"cluster"`
		User    *kubeLogin `yaml:"user"`
	}
	kubeCtx struct {
		Cluster   text `yaml:"cluster"`
		User      text `yaml:"user"`
		Namespace text `yaml:"namespace"`
	}
	kubeHost struct {
		Server     text `yaml:"server"`
		CA         text `yaml:"certificate-authority"`
		CAData     text `yaml:"certificate-authority-data"`
		Insecure   bool `yaml:"insecure-skip-tls-verify"`
		ServerName text `yaml:"tls-server-name"`
		Proxy      text `yaml:"proxy-url"`
		Extensions []struct {
			Name      string `yaml:"name"`
			Extension any    `yaml:"extension"`
		} `yaml:"extensions"`
	}
	kubeLogin struct {
		Token        text                `yaml:"token"`
		TokenFile    text                `yaml:"tokenFile"`
		Cert         text                `yaml:"client-certificate"`
		CertData     text                `yaml:"client-certificate-data"`
		Key          text                `yaml:"client-key"`
		KeyData      text                `yaml:"client-key-data"`
		Username     text                `yaml:"username"`
		Password     text                `yaml:"password"`
		As           text                `yaml:"as"`
		AsUID        text                `yaml:"as-uid"`
		AsGroups     []string            `yaml:"as-groups"`
		AsExtra      map[string][]string `yaml:"as-user-extra"`
		Exec         *kubeExec           `yaml:"exec"`
		AuthProvider *struct {
			Name text `yaml:"name"`
		} `yaml:"auth-provider"`
	}
	kubeExec struct {
		APIVersion  text              `yaml:"apiVersion"`
		Command     text              `yaml:"command"`
		Args        []string          `yaml:"args"`
		Env         []kubeEnvironment `yaml:"env"`
		InstallHint string            `yaml:"installHint"`
		ClusterInfo bool              `yaml:"provideClusterInfo"`
		Interactive string            `yaml:"interactiveMode"`
	}
	kubeEnvironment struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
	}
)

// texts are all values of an entry that may be wrong.
func (e *entry) texts() []*text {
	all := []*text{&e.Name}
	if c := e.Context; c != nil {
		all = append(all, &c.Cluster, &c.User, &c.Namespace)
	}
	if c := e.Cluster; c != nil {
		all = append(all, &c.Server, &c.CA, &c.CAData, &c.ServerName, &c.Proxy)
	}
	if u := e.User; u != nil {
		all = append(all, &u.Token, &u.TokenFile, &u.Cert, &u.CertData, &u.Key, &u.KeyData, &u.Username, &u.Password, &u.As, &u.AsUID)
		if u.Exec != nil {
			all = append(all, &u.Exec.APIVersion, &u.Exec.Command)
		}
		if u.AuthProvider != nil {
			all = append(all, &u.AuthProvider.Name)
		}
	}
	return all
}

// readKubeconfig reads the files and joins them: of entries with one name the first counts.
func readKubeconfig(paths []string, required bool) (*kubeconfig, error) {
	joined := &kubeconfig{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && !required {
			continue
		}
		if err != nil {
			return nil, failure.Usage("cannot read the kubeconfig file: %s", reason(err)).WithCause(err).
				WithHint("set -kubeconfig or KUBECONFIG to a file that exists")
		}
		one, err := parseKubeconfig(path, data)
		if err != nil {
			return nil, err
		}
		if !joined.CurrentContext.set() {
			joined.CurrentContext = one.CurrentContext
		}
		joined.Contexts = join(joined.Contexts, one.Contexts)
		joined.Clusters = join(joined.Clusters, one.Clusters)
		joined.Users = join(joined.Users, one.Users)
	}
	return joined, nil
}

func join(have, more []entry) []entry {
	for _, e := range more {
		if find(have, e.Name.value) == nil {
			have = append(have, e)
		}
	}
	return have
}

func find(entries []entry, name string) *entry {
	for i := range entries {
		if entries[i].Name.value == name {
			return &entries[i]
		}
	}
	return nil
}

func names(entries []entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Name.value)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

var yamlLine = lazyregexp.New(`line (\d+):? ?(?s:(.*))$`)

// expected says of a type what a value of it looks like.
func expected(kind string) string {
	switch {
	case kind == "bool":
		return "true or false is expected here"
	case kind == "string":
		return "a single value is expected here"
	case strings.HasPrefix(kind, "[]"):
		return "a list is expected here"
	}
	return "keys and values are expected here"
}

func parseKubeconfig(path string, data []byte) (*kubeconfig, error) {
	var parsed kubeconfig
	if err := yaml.Unmarshal(data, &parsed); err != nil {
		line, said := 1, strings.TrimPrefix(err.Error(), "yaml: ")
		if parts := yamlLine().FindStringSubmatch(said); parts != nil {
			line, _ = strconv.Atoi(parts[1]) // digits
			said, _, _ = strings.Cut(parts[2], "\n")
		}
		// A value that does not fit may be a password, and the type is one of Go's.
		if at := strings.LastIndex(said, " into "); at >= 0 && strings.HasPrefix(said, "cannot unmarshal ") {
			said = expected(said[at+len(" into "):])
		}
		return nil, failure.Usage("%s:%d: %s", path, line, said).WithCause(err).
			WithHint("correct the kubeconfig file, or set -kubeconfig to another one")
	}
	parsed.CurrentContext.file = path
	for _, entries := range [][]entry{parsed.Contexts, parsed.Clusters, parsed.Users} {
		for i := range entries {
			for _, t := range entries[i].texts() {
				t.file = path
			}
		}
	}
	return &parsed, nil
}
