package kubetest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"sigs.k8s.io/yaml"

	"carjs/host/deploy/kubetest/control"
)

// The page docs/deploy.md can be followed from its beginning to its end, in one folder: every file
// is written, every command run, and what is printed is what it shows. The registry, the data source
// and CAR are those of this machine; a block that nobody follows is a mistake.
func TestDeployPage(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the page makes images for linux/amd64")
	}
	r := newReader(t)
	data, err := os.ReadFile("../../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	fence := regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")
	for _, at := range fence.FindAllSubmatchIndex(data, -1) {
		r.line = bytes.Count(data[:at[0]], []byte("\n")) + 1
		r.follow(string(data[at[2]:at[3]]), string(data[at[4]:at[5]]))
	}
	for _, want := range []string{"init", "image", "publish", "config merge", "manifest", "deploy", "kubectl", "openssl",
		"cosign", "file", "role", "result"} {
		if r.done[want] == 0 {
			t.Errorf("the page has no %s", want)
		}
	}
	jobs, err := r.cluster.Client.BatchV1().CronJobs("assets").List(t.Context(), metav1.ListOptions{})
	if err != nil || len(jobs.Items) != 0 {
		t.Errorf("at the end of the page there are %d CronJobs, %v", len(jobs.Items), err)
	}
}

// reader is somebody who follows the page.
type reader struct {
	*plant
	t      *testing.T
	source *httptest.Server
	digest string         // of the version that was published first
	line   int            // of the block
	done   map[string]int // how many commands there were of each kind
}

func newReader(t *testing.T) *reader {
	t.Helper()
	r := &reader{plant: newPlant(t), t: t, done: map[string]int{}}
	r.source = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.Header.Get("Authorization") != "Bearer the-token" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`[{"id": "1", "name": "one"}, {"id": "2", "name": "two"}]`))
	}))
	t.Cleanup(r.source.Close)
	r.cluster.Namespace(t, "assets")
	r.env = append(r.env, "OPS_CAR_KEY=k", "OPS_CAR_PASSWORD=p", "OPS_HARBOUR_TOKEN=the-token")
	r.buildOther()
	return r
}

// buildOther builds what stands for carjs on the other processor, which only the image looks at: a
// program of that name.
func (r *reader) buildOther() {
	r.write("other/go.mod", "module carjs\n\ngo 1.26\n")
	r.write("other/cmd/carjs/main.go", "package main\n\nfunc main() {}\n")
	build := exec.CommandContext(r.Context(), "go", "build", "-ldflags", "-s -w", "-o", filepath.Join(r.dir, "carjs-arm64"), "./cmd/carjs")
	build.Dir = filepath.Join(r.dir, "other")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		r.Fatalf("%v\n%s", err, out)
	}
}

var placeholder = regexp.MustCompile(`sha256:(0123456789abcdef){4}`)

// own puts what this machine has in the place of what the page names.
func (r *reader) own(text string) string {
	if r.digest != "" {
		text = placeholder.ReplaceAllString(text, r.digest)
	}
	return strings.NewReplacer("registry.example.com", r.registry.Host, "https://inventory.example.com", r.source.URL,
		"https://HOST/api/car/v2", r.carURL, "the-key", "k", "the-password", "p").Replace(text)
}

// follow does what a block says.
func (r *reader) follow(language, text string) {
	r.t.Helper()
	first, rest, _ := strings.Cut(text, "\n")
	file, isFile := strings.CutPrefix(first, "# ")
	switch {
	case isFile:
		r.write(file, r.own(rest))
		if language == "yaml" { // the page counts the line of the name
			r.write(file, r.own(text))
		}
		r.done["file"]++
	case language == "console":
		r.console(text)
	case language == "sh":
		for line := range strings.Lines(text) {
			r.shell(strings.TrimSpace(line))
		}
	case language == "json":
		r.result(text)
	case language == "yaml" && strings.Contains(text, "kind: Role"):
		r.allow(text)
		r.done["role"]++
	default:
		r.t.Errorf("docs/deploy.md:%d: nobody follows this block:\n%s", r.line, text)
	}
}

var (
	sizes    = regexp.MustCompile(`\d+\.\d MB`)
	commands = regexp.MustCompile(`^carjs (config merge|[a-z]+) `)
)

// console runs a command, and looks for the lines that are shown below it. Digests end in "...",
// sizes are those of another carjs.
func (r *reader) console(text string) {
	r.t.Helper()
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	command, ok := strings.CutPrefix(lines[0], "$ ")
	kind := commands.FindStringSubmatch(command)
	if !ok || kind == nil {
		r.t.Fatalf("docs/deploy.md:%d: the block has no command:\n%s", r.line, text)
	}
	r.done[kind[1]]++
	code := 0
	switch {
	case strings.HasSuffix(command, "-dry-run"):
		code = 3 // something would change
	case strings.Contains(command, "-connections bad.yaml"):
		code = 2
	}
	got := r.must(code, words(r.own(command))[1:])
	r.small(got.stdout)
	if r.digest == "" && kind[1] == "publish" {
		r.digest = pushedDigest.FindStringSubmatch(got.stdout)[1]
	}
	printed := sizes.ReplaceAllString(got.stdout+got.stderr, "N MB")
	for _, line := range lines[1:] {
		shown, _, _ := strings.Cut(sizes.ReplaceAllString(r.own(line), "N MB"), "...")
		if !strings.Contains(printed, strings.TrimSpace(shown)) {
			r.t.Errorf("docs/deploy.md:%d shows a line that is not printed: %q\n%s", r.line, shown, got)
		}
	}
}

// most is how many MB, which are millions of bytes, an image with a small connector may have.
const most = 15.0

// small looks at the sizes of images that a command prints. This carjs is built as it is released.
func (r *reader) small(printed string) {
	r.t.Helper()
	for _, text := range sizes.FindAllString(printed, -1) {
		if size, err := strconv.ParseFloat(strings.TrimSuffix(text, " MB"), 64); err != nil || size > most {
			r.t.Errorf("an image of %s, %v; it may have %.1f", text, err, most)
		}
	}
}

// words are the words of a line, as a shell reads them: with quotes, but nothing else.
func words(line string) []string {
	var out []string
	for _, word := range regexp.MustCompile(`"[^"]*"|\S+`).FindAllString(line, -1) {
		out = append(out, strings.Trim(word, `"`))
	}
	return out
}

// shell does what a line says for a shell. Of the programs of others, only what the page needs of
// them is done here, where they are not installed.
func (r *reader) shell(line string) {
	r.t.Helper()
	args := words(r.own(line))
	r.done[args[0]]++
	switch args[0] {
	case "carjs":
		r.must(0, args[1:])
	case "openssl":
		r.other(args)
	case "cosign":
		if tag := strings.Replace(r.digest, ":", "-", 1) + ".sig"; r.registry.Tags("team/inventory")[tag] == "" {
			r.t.Errorf("docs/deploy.md:%d: there is no signature %s", r.line, tag)
		}
	case "kubectl":
		r.kubectl(args[1:])
	default:
		r.t.Errorf("docs/deploy.md:%d: nobody follows the command %s", r.line, line)
	}
}

// other runs a program of this machine.
func (r *reader) other(args []string) {
	r.t.Helper()
	c := exec.CommandContext(r.Context(), args[0], args[1:]...)
	c.Dir = r.dir
	out, err := c.CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		r.t.Skipf("%s is not installed", args[0])
	}
	if err != nil {
		r.t.Fatalf("docs/deploy.md:%d: %v: %v\n%s", r.line, args, err, out)
	}
}

// kubectl runs kubectl as an administrator, or does what the two forms of the command in the page do where it is not
// installed.
func (r *reader) kubectl(args []string) {
	r.t.Helper()
	if path, err := exec.LookPath("kubectl"); err == nil {
		r.write("administrator", r.cluster.Kubeconfig(control.Admin))
		c := exec.CommandContext(r.Context(), path, args...)
		c.Dir, c.Env = r.dir, []string{"HOME=" + r.dir, "KUBECONFIG=administrator"}
		if out, err := c.CombinedOutput(); err != nil {
			r.t.Errorf("docs/deploy.md:%d: kubectl %s: %v\n%s", r.line, strings.Join(args, " "), err, out)
		}
		return
	}
	line := strings.Join(args, " ")
	if name, ok := strings.CutPrefix(line, "delete cronjob "); ok {
		name, namespace, _ := strings.Cut(name, " -n ")
		if err := r.cluster.Client.BatchV1().CronJobs(namespace).Delete(r.Context(), name, metav1.DeleteOptions{}); err != nil {
			r.t.Fatal(err)
		}
		return
	}
	secret := regexp.MustCompile(`^create secret generic (\S+) --from-env-file=(\S+) -n (\S+)$`).FindStringSubmatch(line)
	if secret == nil {
		r.t.Fatalf("docs/deploy.md:%d: nobody follows kubectl %s", r.line, line)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, secret[2]))
	if err != nil {
		r.t.Fatal(err)
	}
	values := map[string]string{}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		values[key] = value
	}
	r.secretIn(secret[3], secret[1], values)
}

// result compares the last word of a run that the page shows with that of such a run.
func (r *reader) result(text string) {
	r.t.Helper()
	r.done["result"]++
	r.write("last-word", "")
	own := *r.desk
	own.env = append(slices.Clone(own.env), "CARJS_TERMINATION_LOG="+filepath.Join(r.dir, "last-word"),
		"CARJS_STATE_DIR="+filepath.Join(r.dir, "state"),
		"CAR_SERVICE_URL="+r.carURL, "CAR_SERVICE_KEY=k", "CAR_SERVICE_PASSWORD=p", "CONFIGURATION_AUTH_TOKEN=expired")
	own.must(52, []string{"run", "./inventory", "-source", "office", "-url", r.source.URL})
	data, err := os.ReadFile(filepath.Join(r.dir, "last-word"))
	if err != nil {
		r.t.Fatal(err)
	}
	var got, shown map[string]any
	if err := errors.Join(json.Unmarshal(data, &got), json.Unmarshal([]byte(r.own(text)), &shown)); err != nil {
		r.t.Fatalf("docs/deploy.md:%d: %v\n%s", r.line, err, data)
	}
	for _, name := range []string{"", "counts", "requests", "failure"} {
		a, b := got, shown
		if name != "" {
			a, _ = got[name].(map[string]any)
			b, _ = shown[name].(map[string]any)
		}
		if has, says := slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)); !slices.Equal(has, says) {
			r.t.Errorf("docs/deploy.md:%d: %q has %v, not %v", r.line, name, has, says)
		}
	}
	for _, name := range []string{"result", "exit_code", "source", "mode"} {
		if fmt.Sprint(got[name]) != fmt.Sprint(shown[name]) {
			r.t.Errorf("docs/deploy.md:%d: %s is %v, not %v", r.line, name, got[name], shown[name])
		}
	}
	was, _ := got["failure"].(map[string]any)
	said, _ := shown["failure"].(map[string]any)
	for _, name := range []string{"kind", "fault", "message", "hint"} {
		if was[name] != said[name] {
			r.t.Errorf("docs/deploy.md:%d: %s of the failure is %q, not %q", r.line, name, was[name], said[name])
		}
	}
}

// allow logs in as a user who may do what a role lets do, and nothing else.
func (r *reader) allow(text string) {
	r.t.Helper()
	var role rbacv1.Role
	if err := yaml.UnmarshalStrict([]byte(text), &role); err != nil {
		r.t.Fatalf("docs/deploy.md:%d: %v", r.line, err)
	}
	r.cluster.Users["deployer-token"] = "deployer"
	r.cluster.Allowed = func(a authorizer.Attributes) bool {
		return a.GetUser().GetName() == "deployer" && a.GetNamespace() == role.Namespace && slices.ContainsFunc(role.Rules,
			func(rule rbacv1.PolicyRule) bool {
				return slices.Contains(rule.APIGroups, a.GetAPIGroup()) && slices.Contains(rule.Resources, a.GetResource()) &&
					slices.Contains(rule.Verbs, a.GetVerb())
			})
	}
	r.write(".kube/config", strings.Replace(r.cluster.Kubeconfig("deployer-token"), "user: tester}", "user: tester, namespace: assets}", 1))
}
