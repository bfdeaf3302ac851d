package kubetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// awkward are values that a shell, YAML or Kubernetes reads as something else unless they are
// written with care.
var awkward = []string{
	"$(HOME)", "$$(HOME) $(CARJS_CAR", "${HOME} $HOME", "two\nlines\n", "\ttab and end ", ": # comment", "yes", "0x10", "1e3", "null", "~",
	"- item", "{a: b}", "*star", "&and", "!tag", `"double" 'single' \n`, "ünï € 資産", "2026-01-01", "|", ">", "%", "@x", "`tick`", "---", "...",
	strings.Repeat("long ", 1000),
}

// What is written as the value of a setting is what the script gets in the cluster, from a file of
// connections as from a flag; and a secret with lines is the same secret.
func TestValuesArrive(t *testing.T) {
	p := newPlant(t)
	want, err := json.Marshal(awkward)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]any{}
	settings := map[string]string{}
	args := []string{}
	for i, value := range awkward {
		name := fmt.Sprintf("v%d", i)
		fields[name] = map[string]any{"type": "text"}
		settings[name] = value
		args = append(args, "-"+name+"="+value)
	}
	config, err := json.Marshal(map[string]any{"connection": fields,
		"configuration": map[string]any{"auth": map[string]any{"type": "fields", "password": map[string]string{"type": "password"}}}})
	if err != nil {
		t.Fatal(err)
	}
	p.write("values/configurations/config.json", string(config))
	const secret = "-----BEGIN-----\nline $(HOME)\n-----END-----\n"
	check := fmt.Sprintf(`
  const args = context().args, want: string[] = %s;
  want.forEach((value, i) => {
    if (args["v" + i] !== value) throw new Error("value " + i + " is " + JSON.stringify(args["v" + i]));
  });
  if (args.password !== %q) throw new Error("the secret is " + JSON.stringify(args.password));
`, want, secret)
	p.write("values/src/main.ts", strings.Replace(codes, "const code = Number(context().args.code);", check+"  const code = 0;", 1))
	r := p.must(0, []string{"image", "./values", "-push", p.registry.Host + "/values:1"})
	image := p.registry.Host + "/values:1@" + pushedDigest.FindStringSubmatch(r.stdout)[1]
	p.secretOf("car-office", map[string]string{"CONFIGURATION_AUTH_PASSWORD": secret})
	p.must(0, append([]string{"deploy", "./values", "-source", "office", "-image", image, "-car-service-url", p.carURL,
		"-schedule", "0 3 1 1 *"}, args...), "import of office is complete")
	file, err := json.MarshalIndent(map[string]any{ // JSON is YAML
		"car-service-url": p.carURL, "images": map[string]string{"./values": image},
		"connections": []any{map[string]any{"name": "office", "connector": "./values", "schedule": "0 4 1 1 *", "settings": settings}},
	}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	p.write("connections.yaml", string(file))
	p.must(0, []string{"deploy", "-connections", "connections.yaml"},
		"CronJob car-office in default is changed", "import of office is complete")
}

// Hundreds of connections are checked, deployed and taken back as one.
func TestHundredsOfConnections(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	var file strings.Builder
	fmt.Fprintf(&file, "images: {reference: 'registry.example/reference:1.0@%s'}\nconnections:\n", digestOne)
	for i := range 300 {
		fmt.Fprintf(&file, "- {name: c%d, connector: reference, secret: car-office, settings: {url: 'https://x%d.example', username: robot}}\n",
			i, i)
	}
	d.write("many.yaml", file.String())
	args := []string{"deploy", "-connections", "many.yaml", "-wait=false"}
	d.must(0, args, "CronJob car-c0 in default is created", "CronJob car-c299 in default is created")
	if n := d.count(); n != 300 {
		t.Errorf("%d CronJobs", n)
	}
	job, err := d.cluster.Client.BatchV1().CronJobs("default").Get(t.Context(), "car-c123", metav1.GetOptions{})
	if err != nil || !strings.Contains(fmt.Sprint(job.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Env), "https://x123.example") {
		t.Errorf("%+v %v", job, err)
	}
	d.must(0, append(args, "-rollback"), "CronJob car-c0 in default is removed")
	if n := d.count(); n != 0 {
		t.Errorf("%d CronJobs are left", n)
	}
}
