package cluster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"carjs/host/failure"
)

// The versions of the protocol between a client and its exec plugin.
const (
	execV1      = "client.authentication.k8s.io/v1"
	execV1beta1 = "client.authentication.k8s.io/v1beta1"
)

// plugin is a program that logs a user in. What it answers counts until it expires.
type plugin struct {
	exec     kubeExec
	host     kubeHost
	server   string
	userName string

	mu     sync.Mutex
	known  *credential
	ending time.Time // zero for never
}

// credential is what somebody logs in with.
type credential struct {
	token     string
	cert, key []byte
}

// credential returns what counts now, and runs the program when nothing does. Renew forgets what
// was known: the cluster has refused it.
func (p *plugin) credential(ctx context.Context, renew bool) (credential, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil && !renew && (p.ending.IsZero() || time.Now().Before(p.ending)) {
		return *p.known, nil
	}
	known, ending, err := p.run(ctx)
	if err != nil {
		return credential{}, err
	}
	p.known, p.ending = &known, ending
	return known, nil
}

// info is what the program is told, in KUBERNETES_EXEC_INFO.
func (p *plugin) info(interactive bool) (string, error) {
	spec := map[string]any{"interactive": interactive}
	if p.exec.ClusterInfo {
		about := map[string]any{"server": p.server}
		ca, err := content(p.host.CAData, p.host.CA, "certificate-authority")
		if err != nil {
			return "", err
		}
		if len(ca) > 0 {
			about["certificate-authority-data"] = ca // in base64, as JSON has bytes
		}
		if p.host.Insecure {
			about["insecure-skip-tls-verify"] = true
		}
		if p.host.ServerName.set() {
			about["tls-server-name"] = p.host.ServerName.value
		}
		if p.host.Proxy.set() {
			about["proxy-url"] = p.host.Proxy.value
		}
		for _, e := range p.host.Extensions {
			if e.Name == "client.authentication.k8s.io/exec" {
				about["config"] = e.Extension
			}
		}
		spec["cluster"] = about
	}
	data, err := json.Marshal(map[string]any{"apiVersion": p.exec.APIVersion.value, "kind": "ExecCredential", "spec": spec})
	return string(data), err
}

// run runs the program once.
func (p *plugin) run(ctx context.Context) (credential, time.Time, error) {
	name := p.exec.Command
	if !name.set() {
		return credential{}, time.Time{}, p.exec.APIVersion.wrong("exec of the user %s has no command", p.userName)
	}
	if v := p.exec.APIVersion; v.value != execV1 && v.value != execV1beta1 {
		return credential{}, time.Time{}, v.wrong("exec of the user %s has the apiVersion %q: use %s", p.userName, v.value, execV1)
	}
	terminal := term.IsTerminal(int(os.Stdin.Fd()))
	interactive := terminal && p.exec.Interactive != "Never"
	if p.exec.Interactive == "Always" && !terminal {
		return credential{}, time.Time{}, failure.Usage("the login program %s needs a terminal", name.value).
			WithHint("run carjs in a terminal, or log in as another user with -context")
	}
	info, err := p.info(interactive)
	if err != nil {
		return credential{}, time.Time{}, err
	}
	command := name.value
	if strings.ContainsRune(command, '/') || strings.ContainsRune(command, filepath.Separator) {
		command = name.path()
	}
	c := exec.CommandContext(ctx, command, p.exec.Args...)
	c.Env = append(os.Environ(), "KUBERNETES_EXEC_INFO="+info)
	for _, e := range p.exec.Env {
		c.Env = append(c.Env, e.Name+"="+e.Value)
	}
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	c.WaitDelay = time.Second
	if interactive {
		c.Stdin, c.Stderr = os.Stdin, os.Stderr // it asks a person
	}
	if err := c.Run(); err != nil {
		return credential{}, time.Time{}, p.failed(ctx, err, stderr.String())
	}
	return p.read(stdout.Bytes())
}

func (p *plugin) failed(ctx context.Context, err error, said string) error {
	name := p.exec.Command.value
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		hint := strings.Join(strings.Fields(p.exec.InstallHint), " ")
		if hint == "" {
			hint = "install " + name + ", or log in as another user with -context"
		}
		return failure.Usage("the login program %s of the user %s is not installed", name, p.userName).WithCause(err).WithHint("%s", hint)
	}
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		err = fmt.Errorf("%w: %s", err, last)
	}
	return failure.Usage("the login program %s of the user %s ended with %v", name, p.userName, err).WithCause(err).
		WithHint("log in with it by hand: %s", strings.Join(append([]string{name}, p.exec.Args...), " "))
}

// read takes the program's answer.
func (p *plugin) read(answer []byte) (credential, time.Time, error) {
	refused := func(format string, args ...any) (credential, time.Time, error) {
		return credential{}, time.Time{}, failure.Usage("the login program %s of the user %s %s", p.exec.Command.value, p.userName,
			fmt.Sprintf(format, args...)).WithHint("update it, or log in as another user with -context")
	}
	var got struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Status     *struct {
			Token  string     `json:"token"`
			Cert   string     `json:"clientCertificateData"`
			Key    string     `json:"clientKeyData"`
			Expiry *time.Time `json:"expirationTimestamp"`
		} `json:"status"`
	}
	switch err := json.Unmarshal(answer, &got); {
	case err != nil:
		return refused("did not print an ExecCredential in JSON")
	case got.Kind != "ExecCredential":
		return refused("printed %q instead of an ExecCredential", got.Kind)
	case got.APIVersion != p.exec.APIVersion.value:
		return refused("printed %s, but the kubeconfig file has %s", got.APIVersion, p.exec.APIVersion.value)
	case got.Status == nil || got.Status.Token == "" && got.Status.Cert == "":
		return refused("printed neither a token nor a certificate")
	case (got.Status.Cert == "") != (got.Status.Key == ""):
		return refused("printed a certificate without its key, or a key without its certificate")
	}
	var ending time.Time
	if got.Status.Expiry != nil {
		ending = *got.Status.Expiry
	}
	return credential{token: got.Status.Token, cert: []byte(got.Status.Cert), key: []byte(got.Status.Key)}, ending, nil
}
