package cluster

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"carjs/host/failure"
)

// Config says which cluster, and as whom.
type Config struct {
	// Kubeconfig is the kubeconfig file; empty for those that KUBECONFIG lists, or ~/.kube/config.
	Kubeconfig string
	// Context is the context in it; empty for the current one.
	Context string
	// Namespace wins over the one of the context; empty for that.
	Namespace string
	// Warn is told what the cluster warns of, each sentence once; nil for nobody.
	Warn func(text string)
	// LookupEnv is [os.LookupEnv] when nil.
	LookupEnv func(name string) (string, bool)
	// ServiceAccount is the folder of a pod's service account; empty for the usual one.
	ServiceAccount string
}

const (
	serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"
	defaultNamespace  = "default"
)

// target is a cluster and a user, ready to be connected to.
type target struct {
	server    *url.URL
	host      kubeHost
	user      kubeLogin
	userName  string // for messages
	from      string // the file or folder that says so, for messages
	namespace string
}

// getenv is an environment variable.
func (c Config) getenv(name string) string {
	lookup := c.LookupEnv
	if lookup == nil {
		lookup = os.LookupEnv
	}
	value, _ := lookup(name)
	return value
}

// paths are the kubeconfig files, and whether they must exist.
func (c Config) paths() (paths []string, required bool) {
	if c.Kubeconfig != "" {
		return []string{c.Kubeconfig}, true
	}
	if listed := c.getenv("KUBECONFIG"); listed != "" {
		for _, path := range filepath.SplitList(listed) {
			if path != "" {
				paths = append(paths, path)
			}
		}
		return paths, false
	}
	home := c.getenv("HOME")
	if home == "" {
		home, _ = os.UserHomeDir() // without one there is no file
	}
	if home == "" {
		return nil, false
	}
	return []string{filepath.Join(home, ".kube", "config")}, false
}

// find finds the cluster: that of the kubeconfig files, or in a pod that of its service account.
func (c Config) find() (target, error) {
	paths, required := c.paths()
	config, err := readKubeconfig(paths, required)
	if err != nil {
		return target{}, err
	}
	if len(config.Contexts) == 0 && len(config.Clusters) == 0 && c.Context == "" {
		if c.getenv("KUBERNETES_SERVICE_HOST") != "" {
			return c.inPod()
		}
		return target{}, failure.Usage("no cluster is configured: %s", missing(paths)).
			WithHint("log in to the cluster with its own tool, or set -kubeconfig or KUBECONFIG")
	}
	return c.inFile(config)
}

func missing(paths []string) string {
	switch len(paths) {
	case 0:
		return "there is no kubeconfig file"
	case 1:
		return paths[0] + " does not exist or has no contexts"
	}
	return strings.Join(paths, ", ") + " do not exist or have no contexts"
}

// inFile is the cluster of a context.
func (c Config) inFile(config *kubeconfig) (target, error) {
	name := c.Context
	if name == "" {
		name = config.CurrentContext.value
	}
	if name == "" {
		return target{}, failure.Usage("the kubeconfig file has no current context").
			WithHint("set -context to one of %s", names(config.Contexts))
	}
	chosen := find(config.Contexts, name)
	if chosen == nil || chosen.Context == nil {
		return target{}, failure.Usage("the kubeconfig file has no context %q", name).
			WithHint("set -context to one of %s", names(config.Contexts))
	}
	ctx := chosen.Context
	host := find(config.Clusters, ctx.Cluster.value)
	if host == nil || host.Cluster == nil {
		return target{}, chosen.Name.wrong("the context %s names the cluster %q, which does not exist", name, ctx.Cluster.value)
	}
	t := target{host: *host.Cluster, userName: ctx.User.value, from: chosen.Name.file, namespace: ctx.Namespace.value}
	if ctx.User.set() {
		user := find(config.Users, ctx.User.value)
		if user == nil || user.User == nil {
			return target{}, chosen.Name.wrong("the context %s names the user %q, who does not exist", name, ctx.User.value)
		}
		t.user = *user.User
		t.from = user.Name.file
	}
	server := t.host.Server
	if !server.set() {
		return target{}, host.Name.wrong("the cluster %s has no server", ctx.Cluster.value)
	}
	address := server.value
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	var err error
	t.server, err = url.Parse(address)
	if err != nil || t.server.Hostname() == "" || t.server.Scheme != "https" && t.server.Scheme != "http" {
		return target{}, server.wrong("server must be a URL such as https://HOST:6443")
	}
	if p := t.user.AuthProvider; p != nil {
		return target{}, p.Name.wrong("the user %s logs in through auth-provider %s, which Kubernetes has removed: use an exec plugin",
			t.userName, p.Name.value)
	}
	t.chooseNamespace(c.Namespace)
	return t, nil
}

// inPod is the cluster that this process runs in.
func (c Config) inPod() (target, error) {
	dir := c.ServiceAccount
	if dir == "" {
		dir = serviceAccountDir
	}
	in := func(name string) text { return text{value: filepath.Join(dir, name), file: dir, line: 1} }
	if _, err := os.Stat(in("token").value); err != nil {
		return target{}, failure.Usage("this pod has no token of the cluster: %s", reason(err)).WithCause(err).
			WithHint("set automountServiceAccountToken: true for the pod, or set -kubeconfig")
	}
	t := target{
		server:   &url.URL{Scheme: "https", Host: net.JoinHostPort(c.getenv("KUBERNETES_SERVICE_HOST"), c.getenv("KUBERNETES_SERVICE_PORT"))},
		host:     kubeHost{CA: in("ca.crt")},
		user:     kubeLogin{TokenFile: in("token")},
		userName: "the service account of this pod", from: dir,
	}
	if own, err := os.ReadFile(in("namespace").value); err == nil {
		t.namespace = strings.TrimSpace(string(own))
	}
	t.chooseNamespace(c.Namespace)
	return t, nil
}

func (t *target) chooseNamespace(given string) {
	switch {
	case given != "":
		t.namespace = given
	case t.namespace == "":
		t.namespace = defaultNamespace
	}
}
