package kubetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/klog/v2"

	"carjs/host/deploy/kubetest/control"
)

// binary builds carjs, once, as it is released.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "carjs")
	flags, err := os.ReadFile("../../../cmd/carjs/build.flags")
	if err != nil {
		return "", err
	}
	args := append([]string{"build", "-ldflags", "-s -w", "-o", path}, strings.Fields(string(flags))...)
	build := exec.Command("go", append(args, "./cmd/carjs")...)
	build.Dir = "../../.."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build carjs: %w\n%s", err, out)
	}
	return path, nil
})

var buildDir string

func TestMain(m *testing.M) {
	klog.SetLogger(logr.Discard()) // the controllers tell all they do
	os.Exit(func() int {
		var err error
		if buildDir, err = os.MkdirTemp("", "carjs-kubetest-*"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(buildDir)
		return m.Run()
	}())
}

// desk is a folder in which somebody runs carjs, with a kubeconfig file in its usual place.
type desk struct {
	testing.TB
	dir     string
	env     []string
	stdin   string
	cluster *control.Cluster
}

// newDesk is a desk with an own cluster.
func newDesk(t testing.TB) *desk {
	t.Helper()
	d := newDeskWithoutCluster(t)
	d.cluster = control.New(t)
	d.login(control.Admin)
	return d
}

// newDeskWithoutCluster is a desk for commands that need none.
func newDeskWithoutCluster(t testing.TB) *desk {
	t.Helper()
	return &desk{TB: t, dir: t.TempDir()}
}

// login writes the kubeconfig file of a user.
func (d *desk) login(token string) {
	d.Helper()
	d.write(".kube/config", d.cluster.Kubeconfig(token))
}

func (d *desk) write(name, text string) {
	d.Helper()
	path := filepath.Join(d.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

// result is what came of a command.
type result struct {
	code           int
	stdout, stderr string
}

func (r result) String() string {
	return fmt.Sprintf("exit code %d\n--- stdout\n%s\n--- stderr\n%s", r.code, r.stdout, r.stderr)
}

// command is carjs in the folder, which is to be started.
func (d *desk) command(ctx context.Context, args ...string) *exec.Cmd {
	d.Helper()
	path, err := binary()
	if err != nil {
		d.Fatal(err)
	}
	c := exec.CommandContext(ctx, path, args...)
	c.Dir = d.dir
	c.Env = append([]string{"HOME=" + d.dir, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir()}, d.env...)
	c.Stdin = strings.NewReader(d.stdin)
	return c
}

// run runs carjs to its end.
func (d *desk) run(args ...string) result {
	d.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	c := d.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	r := result{code: c.ProcessState.ExitCode(), stdout: stdout.String(), stderr: stderr.String()}
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		d.Fatalf("carjs %s: %v", strings.Join(args, " "), err)
	}
	return r
}

// must is run for a command that ends with a code and says something.
func (d *desk) must(code int, args []string, says ...string) result {
	d.Helper()
	r := d.run(args...)
	if r.code != code {
		d.Fatalf("want exit code %d of carjs %s\n%s", code, strings.Join(args, " "), r)
	}
	for _, part := range says {
		if !strings.Contains(r.stdout+r.stderr, part) {
			d.Errorf("%q is missing\n%s", part, r)
		}
	}
	return r
}

// secret makes a Secret with keys.
func (d *desk) secret(namespace, name string, keys ...string) {
	d.Helper()
	data := map[string]string{}
	for _, key := range keys {
		data[key] = "hunter2"
	}
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name}, StringData: data}
	if _, err := d.cluster.Client.CoreV1().Secrets(namespace).Create(d.Context(), secret, metav1.CreateOptions{}); err != nil {
		d.Fatal(err)
	}
}
