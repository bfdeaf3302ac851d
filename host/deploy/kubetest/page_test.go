package kubetest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"sigs.k8s.io/yaml"
)

// The commands of docs/deploy.md that deploy run, with an image, a data source and a CAR of this
// machine in place of those that the page names, and print what it shows.
func TestDeployPage(t *testing.T) {
	p := newPlant(t)
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(`[{"id": "1", "name": "one"}, {"id": "2", "name": "two"}]`))
	}))
	defer source.Close()
	p.must(0, []string{"init", "inventory", "-template", "minimal"})
	p.cluster.Namespace(t, "assets")
	for name, data := range map[string]map[string]string{
		"car-service": {"CAR_SERVICE_KEY": "k", "CAR_SERVICE_PASSWORD": "p"}, "car-office": {"CONFIGURATION_AUTH_TOKEN": "t"},
	} {
		p.secretIn("assets", name, data)
	}
	image := p.registry.Host + "/team/inventory:1.4.0"
	r := p.must(0, []string{"image", "./inventory", "-push", image, "-version", "1.4.0"})
	digest := pushedDigest.FindStringSubmatch(r.stdout)[1]
	placeholder := regexp.MustCompile(`registry\.example\.com(/team/inventory:1\.4\.0@)sha256:(0123456789abcdef){4}`)
	real := func(text string) string {
		text = placeholder.ReplaceAllString(text, p.registry.Host+"${1}"+digest)
		return strings.NewReplacer("https://inventory.example.com", source.URL, "https://HOST/api/car/v2", p.carURL).Replace(text)
	}
	page, err := os.ReadFile("../../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	p.allow(t, string(page))
	commands := 0
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		lines := strings.Split(strings.TrimSpace(real(block[1])), "\n")
		command, ok := strings.CutPrefix(lines[0], "$ carjs deploy ")
		if !ok {
			continue
		}
		commands++
		args := append([]string{"deploy"}, strings.Fields(command)...)
		code, says := 0, lines[1:]
		switch {
		case strings.HasSuffix(command, "-dry-run"):
			code = 3
		case strings.Contains(command, "-rollback"):
			// The page deploys once before it goes back; to what is there to go back, a next
			// version is needed.
			p.must(0, append(strings.Fields(real(before(t, string(page)))), "-schedule", "5 5 * * *", "-wait=false"))
		}
		p.must(code, args, says...)
	}
	if commands != 3 {
		t.Errorf("%d commands: is the page read as it is meant?", commands)
	}
}

// allow logs in as a user who may do what the role of the page lets do, and nothing else.
func (p *plant) allow(t *testing.T, page string) {
	t.Helper()
	start := strings.Index(page, "apiVersion: rbac.authorization.k8s.io/v1")
	if start < 0 {
		t.Fatal("the page has no role")
	}
	text, _, _ := strings.Cut(page[start:], "```")
	var role rbacv1.Role
	if err := yaml.UnmarshalStrict([]byte(text), &role); err != nil {
		t.Fatal(err)
	}
	p.cluster.Users["deployer-token"] = "deployer"
	p.cluster.Allowed = func(a authorizer.Attributes) bool {
		return a.GetUser().GetName() == "deployer" && a.GetNamespace() == role.Namespace && slices.ContainsFunc(role.Rules,
			func(r rbacv1.PolicyRule) bool {
				return slices.Contains(r.APIGroups, a.GetAPIGroup()) && slices.Contains(r.Resources, a.GetResource()) &&
					slices.Contains(r.Verbs, a.GetVerb())
			})
	}
	p.write(".kube/config", strings.Replace(p.cluster.Kubeconfig("deployer-token"), "user: tester}", "user: tester, namespace: assets}", 1))
}

// before is the first command of the page that deploys and changes something, without carjs.
func before(t *testing.T, page string) string {
	t.Helper()
	for line := range strings.Lines(page) {
		if command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ carjs deploy "); ok && !strings.HasSuffix(command, "-dry-run") {
			return "deploy " + command
		}
	}
	t.Fatal("the page deploys nothing")
	return ""
}
