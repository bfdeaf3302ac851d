package kubetest

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// count is how many CronJobs the cluster has.
func (d *desk) count() int {
	d.Helper()
	list, err := d.cluster.Client.BatchV1().CronJobs("").List(d.Context(), metav1.ListOptions{})
	if err != nil {
		d.Fatal(err)
	}
	return len(list.Items)
}

// What a cluster refuses is told in one sentence with its words, and nothing was changed.
func TestRefusedByCluster(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	d.cluster.Users["robot-token"] = "robot"
	d.cluster.Users["reader-token"] = "reader"
	d.cluster.Allowed = func(a authorizer.Attributes) bool {
		switch a.GetUser().GetName() {
		case "robot": // may deploy, but not run
			return a.GetResource() != "jobs"
		}
		return a.IsReadOnly()
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close() // nothing listens there any more
	usual := d.cluster.Kubeconfig("admin-token")
	for _, test := range []struct {
		name, config string
		admit        func(admission.Attributes) error
		args         []string
		code         int
		says         []string
	}{
		{"no right", d.cluster.Kubeconfig("reader-token"), nil, nil, 2,
			[]string{"cannot apply CronJob car-office: the user reader may not patch cronjobs.batch in the namespace default",
				"a role that allows patch"}},
		{"no right to run", d.cluster.Kubeconfig("robot-token"), nil, []string{"-wait"}, 2,
			[]string{"the user robot may not create jobs.batch in the namespace default"}},
		{"an expired token", d.cluster.Kubeconfig("old-token"), nil, nil, 2,
			[]string{"rejected the login of the user tester", "log in to the cluster again", ".kube/config"}},
		{"admission", usual, func(a admission.Attributes) error {
			if a.GetResource().Resource == "cronjobs" {
				return errors.New("images must come from registry.example.org")
			}
			return nil
		}, nil, 2, []string{"the cluster refused it", "images must come from registry.example.org"}},
		{"a namespace that does not exist", usual, nil, []string{"-namespace", "nowhere"}, 2,
			[]string{`namespaces "nowhere" not found`, "kubectl create namespace nowhere"}},
		{"a Secret that is missing", usual, nil, []string{"-secret", "office-login"}, 2,
			[]string{"the namespace default has no Secret office-login", "kubectl create secret generic office-login",
				"CONFIGURATION_AUTH_PASSWORD"}},
		{"a key that is missing", usual, nil, []string{"-car-secret", "car-office"}, 2,
			[]string{"the Secret car-office in default lacks CAR_SERVICE_KEY, CAR_SERVICE_PASSWORD"}},
		{"a template", usual, nil, []string{"-schedule", "mm HH * * *"}, 2, []string{`the schedule "mm HH * * *" is a template`}},
		{"no cluster", strings.Replace(usual, d.cluster.Server.URL, "https://"+closed.Addr().String(), 1), nil, nil, 10,
			[]string{"cannot reach the cluster: connection refused by " + closed.Addr().String()}},
		{"a host that does not exist", strings.Replace(usual, d.cluster.Server.URL, "https://nowhere.invalid", 1), nil, nil, 2,
			[]string{"no such host nowhere.invalid", "check server in"}},
		{"another authority", strings.Replace(usual, "certificate-authority-data:", "x:", 1), nil, nil, 2,
			[]string{"set certificate-authority-data of the cluster"}},
		{"no base64", strings.Replace(usual, "certificate-authority-data: ", "certificate-authority-data: -", 1), nil, nil, 2,
			[]string{".kube/config:11: certificate-authority-data is not valid base64"}},
		{"no YAML", "contexts:\n- name: [\n", nil, nil, 2, []string{".kube/config:"}},
		{"another context", usual, nil, []string{"-context", "prod"}, 2, []string{`has no context "prod"`, "set -context to one of test"}},
		{"no kubeconfig", usual, nil, []string{"-kubeconfig", "nowhere"}, 2, []string{"cannot read the kubeconfig file: nowhere"}},
		{"something else than a cluster", strings.Replace(usual, d.cluster.Server.URL, d.cluster.Server.URL+"/elsewhere", 1), nil, nil, 2,
			[]string{"does not know the kind CronJob of batch/v1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			own := &desk{TB: t, dir: d.dir, cluster: d.cluster}
			own.write(".kube/config", test.config)
			d.cluster.Admit = test.admit
			defer func() { d.cluster.Admit = nil }()
			r := own.must(test.code, connection("1.0", digestOne, test.args...), test.says...)
			if n := strings.Count(r.stderr, "carjs: "); n != 1 {
				t.Errorf("%d sentences\n%s", n, r)
			}
			if n := d.count(); n != 0 {
				t.Errorf("%d CronJobs\n%s", n, r)
			}
		})
	}
}

const manifestOfTwo = `apiVersion: batch/v1
kind: CronJob
metadata: {name: good}
spec: &spec
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: a, image: registry.example/a@` + digestOne + `}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: bad}
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Always
          containers: [{name: a, image: registry.example/a@` + digestOne + `}]
`

// Of several objects all are checked before any is applied.
func TestNothingHalf(t *testing.T) {
	d := newDesk(t)
	d.write("two.yaml", manifestOfTwo)
	d.must(2, []string{"deploy", "-f", "two.yaml", "-wait=false"}, "cannot apply CronJob bad: the cluster refused it",
		"spec.jobTemplate.spec.template.spec.restartPolicy: ", "nothing was changed")
	if n := d.count(); n != 0 {
		t.Errorf("%d CronJobs", n)
	}
	d.write("two.yaml", strings.ReplaceAll(strings.Replace(manifestOfTwo, "Always", "Never", 1), "schedule:", "schedul:"))
	d.must(2, []string{"deploy", "-f", "two.yaml", "-wait=false"}, "cannot apply CronJob good", `spec.schedul`, "cannot apply CronJob bad")
	d.stdin = strings.Replace(strings.Replace(manifestOfTwo, "Always", "Never", 1), `"@daily"`, "mm HH * * *", 1)
	d.must(2, []string{"deploy", "-f", "-", "-wait=false"}, "cannot apply CronJob good: the cluster refused it: spec.schedule: ",
		"mm HH * * *")
	d.write("two.yaml", strings.Replace(manifestOfTwo, "Always", "Never", 1))
	d.must(0, []string{"deploy", "-f", "two.yaml", "-wait=false"}, "CronJob good in default is created", "CronJob bad in default is created")
	// A change of one, and all of it goes back.
	d.write("two.yaml", strings.Replace(strings.Replace(manifestOfTwo, "Always", "Never", 1), "@daily", "@hourly", 1))
	d.must(3, []string{"deploy", "-f", "two.yaml", "-dry-run"}, `+ spec.schedule: "@hourly"`, "CronJob bad in default: unchanged")
	d.must(0, []string{"deploy", "-f", "two.yaml", "-wait=false"}, "CronJob good in default is changed", "CronJob bad in default is unchanged")
	d.must(0, []string{"deploy", "-f", "two.yaml", "-rollback"}, "CronJob good in default is changed", "CronJob bad in default is unchanged")
	if n := d.count(); n != 2 {
		t.Errorf("%d CronJobs", n)
	}
	d.must(2, []string{"deploy", "-f", "two.yaml", "-rollback"}, "was rolled back already")
}

// A field that somebody else has set is theirs, until it is taken over, and a roll back gives the
// value back.
func TestConflict(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	d.must(0, connection("1.0", digestOne, "-schedule", "1 1 * * *"))
	jobs := d.cluster.Client.BatchV1().CronJobs("default")
	patch := []byte(`{"spec": {"schedule": "2 2 * * *"}}`)
	if _, err := jobs.Patch(t.Context(), "car-office", types.MergePatchType, patch,
		metav1.PatchOptions{FieldManager: "kubectl-edit"}); err != nil {
		t.Fatal(err)
	}
	next := connection("2.0", digestTwo, "-schedule", "3 3 * * *")
	d.must(2, next, "cannot apply CronJob car-office: spec.schedule was set by kubectl-edit", "-force-conflicts", "nothing was changed")
	d.must(0, append(next, "-force-conflicts"))
	d.must(0, []string{"deploy", "-rollback", "-source", "office"})
	job, err := jobs.Get(t.Context(), "car-office", metav1.GetOptions{})
	if err != nil || job.Spec.Schedule != "2 2 * * *" {
		t.Errorf("%q %v", job.Spec.Schedule, err)
	}
}

// What kubectl has applied can be taken over, and given back as it was.
func TestTakenOver(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	whole := documents(t, filepath.Join(goldens, "cronjob-env.yaml"))
	text := strings.ReplaceAll(string(whole[len(whole)-1]), "car-north", "car-office")
	force := true
	jobs := d.cluster.Client.BatchV1().CronJobs("default")
	before, err := jobs.Patch(t.Context(), "car-office", types.ApplyPatchType, []byte(text),
		metav1.PatchOptions{FieldManager: "kubectl", Force: &force})
	if err != nil {
		t.Fatal(err)
	}
	back := []string{"deploy", "-rollback", "-source", "office"}
	d.must(2, back, "CronJob car-office was not deployed by carjs deploy")
	next := slices.Delete(connection("2.0", digestTwo), 9, 11) // the address of CAR comes from its Secret, as before
	d.must(2, next, "was set by kubectl")
	d.must(0, append(next, "-force-conflicts"))
	d.must(0, back)
	after, err := jobs.Get(t.Context(), "car-office", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	was, is := before.Spec.JobTemplate.Spec.Template.Spec.Containers[0], after.Spec.JobTemplate.Spec.Template.Spec.Containers[0]
	if was.Image != is.Image || len(was.Env) != len(is.Env) || before.Spec.Schedule != after.Spec.Schedule || before.UID != after.UID {
		t.Errorf("%+v\nwas\n%+v", is, was)
	}
}

// The values of Secrets are neither shown nor kept.
func TestSecretsAreNotShown(t *testing.T) {
	d := newDesk(t)
	secret := func(value string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: " + value + "}\n"
	}
	never := func(r result) {
		t.Helper()
		object, err := d.cluster.Client.CoreV1().Secrets("default").Get(t.Context(), "login", metav1.GetOptions{})
		notes := ""
		if err == nil {
			notes = object.Annotations["carjs/previous"]
		}
		for _, word := range []string{"hunter2", "hunter3", "aHVudGVy"} {
			if strings.Contains(r.stdout+r.stderr+notes, word) {
				t.Errorf("%q is shown\n%s\n%s", word, r, notes)
			}
		}
	}
	d.write("login.yaml", secret("hunter2"))
	never(d.must(3, []string{"deploy", "-f", "login.yaml", "-dry-run"}, "+ data.password: (not shown)"))
	never(d.must(0, []string{"deploy", "-f", "login.yaml"}, "Secret login in default is created"))
	d.write("login.yaml", secret("hunter3"))
	never(d.must(3, []string{"deploy", "-f", "login.yaml", "-dry-run"}, "- data.password: (not shown)", "+ data.password: (not shown)"))
	never(d.must(0, []string{"deploy", "-f", "login.yaml"}, "is changed"))
	never(d.must(0, []string{"deploy", "-f", "login.yaml", "-rollback"}, "kept as it is", "what a Secret held before is written down nowhere"))
	var now *corev1.Secret
	now, err := d.cluster.Client.CoreV1().Secrets("default").Get(t.Context(), "login", metav1.GetOptions{})
	if err != nil || string(now.Data["password"]) != "hunter3" {
		t.Errorf("%v %v", now, err)
	}
}

// The custom resource of the platform, and a cluster that does not have it.
func TestConnectorResource(t *testing.T) {
	d := newDesk(t)
	deploy := func(version, digest string) []string {
		return []string{"deploy", "reference", "-kind", "connector", "-image", "registry.example/reference:" + version + "@" + digest,
			"-wait=false"}
	}
	d.must(0, deploy("1.0", digestOne), "Connector car-reference in default is created")
	d.must(0, deploy("2.0", digestTwo), "Connector car-reference in default is changed")
	d.must(0, []string{"deploy", "-rollback", "-kind", "connector", "reference"}, "is changed (registry.example/reference:1.0@"+digestOne)
	d.write("other.yaml", "apiVersion: connector.example.com/v1\nkind: Connector\nmetadata: {name: x}\n")
	d.must(2, []string{"deploy", "-f", "other.yaml"}, "does not know the kind Connector of connector.example.com/v1",
		"custom resource definition")
}

// A program that logs in: its token counts until it expires, and what goes wrong with it is told.
func TestLoginProgram(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	config := func(command string) string {
		return strings.Replace(d.cluster.Kubeconfig("x"), "    token: x\n", `    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: `+command+`
      interactiveMode: Never
      installHint: install it from example.com
      env: [{name: TOKEN, value: admin-token}]
`, 1)
	}
	program := func(text string) {
		d.write(".kube/login.sh", "#!/bin/sh\n"+text)
		if err := os.Chmod(filepath.Join(d.dir, ".kube", "login.sh"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	d.write(".kube/config", config("./login.sh"))
	program(`echo run >> "$HOME/logins"
echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "'$TOKEN'"}}'
`)
	d.must(0, connection("1.0", digestOne), "is created")
	if text, err := os.ReadFile(filepath.Join(d.dir, "logins")); err != nil || strings.Count(string(text), "run") != 1 {
		t.Errorf("%q %v", text, err)
	}
	program("echo 'the session has expired' >&2; exit 3\n")
	d.must(2, connection("1.0", digestOne),
		"the login program ./login.sh of the user tester ended with exit status 3: the session has expired",
		"log in with it by hand: ./login.sh")
	program("echo hello\n")
	d.must(2, connection("1.0", digestOne), "did not print an ExecCredential in JSON")
	d.write(".kube/config", config("carjs-no-such-program"))
	d.must(2, connection("1.0", digestOne), "the login program carjs-no-such-program of the user tester is not installed",
		"install it from example.com")
}
