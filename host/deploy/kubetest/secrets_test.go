package kubetest

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// fleet is a file of two connections with the values of their Secrets in the environment.
func fleet(d *desk) {
	d.Helper()
	d.must(0, []string{"init", "inventory"})
	d.write("fleet.yaml", `car-service-url: https://car.example/api/car/v2
car-from-env: {car-service-key: OPS_CAR_KEY, car-service-password: OPS_CAR_PASSWORD}
images: {./inventory: registry.example/inventory:1.0@`+digestOne+`}
connections:
- {name: north, connector: ./inventory, schedule: "@daily", settings: {url: https://north.example}, from-env: {token: OPS_NORTH}}
- {name: south, connector: ./inventory, schedule: "@daily", settings: {url: https://south.example}, from-file: {token: south-token}}
`)
	d.write("south-token", "hunter-south\n")
	d.env = append(d.env, "OPS_CAR_KEY=hunter-key", "OPS_CAR_PASSWORD=hunter-password", "OPS_NORTH=hunter-north")
}

// A file of connections brings a Secret with each CronJob into a cluster, shows nothing of their
// values, and goes back.
func TestDeploySecrets(t *testing.T) {
	d := newDesk(t)
	fleet(d)
	deploy := []string{"deploy", "-connections", "fleet.yaml", "-with-secrets", "-wait=false"}
	quiet := func(r result) {
		t.Helper()
		if strings.Contains(r.stdout+r.stderr, "hunter") || strings.Contains(r.stdout+r.stderr, "aHVudGVy") {
			t.Errorf("a value of a Secret is shown\n%s", r)
		}
	}
	quiet(d.must(2, []string{"deploy", "-connections", "fleet.yaml", "-wait=false"}, "has no Secret car-service"))
	quiet(d.must(3, append(deploy, "-dry-run"), "Secret car-north", "(not shown)", "CronJob car-south"))
	secrets := d.cluster.Client.CoreV1().Secrets("default")
	if list, err := secrets.List(t.Context(), metav1.ListOptions{}); err != nil || len(list.Items) != 0 {
		t.Errorf("a dry run has made Secrets: %v %v", list.Items, err)
	}
	quiet(d.must(0, deploy, "Secret car-service in default is created", "CronJob car-north in default is created"))
	for name, want := range map[string]string{"car-north": "hunter-north", "car-south": "hunter-south"} {
		secret, err := secrets.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil || len(secret.Data) != 1 || string(secret.Data["CONFIGURATION_AUTH_TOKEN"]) != want {
			t.Errorf("%s: %v %v", name, secret, err)
		}
	}
	d.env[len(d.env)-1] = "OPS_NORTH=hunter-next"
	quiet(d.must(3, append(deploy, "-dry-run"), "data.CONFIGURATION_AUTH_TOKEN: (not shown)"))
	quiet(d.must(0, deploy, "Secret car-north in default is changed"))
	if secret, err := secrets.Get(t.Context(), "car-north", metav1.GetOptions{}); err != nil ||
		string(secret.Data["CONFIGURATION_AUTH_TOKEN"]) != "hunter-next" || strings.Contains(secret.String(), "hunter-north") {
		t.Errorf("%v %v", secret, err)
	}
	// What a variable lacks is told before anything is changed.
	d.env[len(d.env)-1] = "OPS_NORTH="
	quiet(d.must(2, deploy, "fleet.yaml:5:", "the value in OPS_NORTH is empty", "nothing was written"))
	// Without -with-secrets, they stay as they are.
	quiet(d.must(0, []string{"deploy", "-connections", "fleet.yaml", "-wait=false"}, "CronJob car-north in default"))
	if secret, err := secrets.Get(t.Context(), "car-north", metav1.GetOptions{}); err != nil ||
		string(secret.Data["CONFIGURATION_AUTH_TOKEN"]) != "hunter-next" {
		t.Errorf("%v %v", secret, err)
	}
}
