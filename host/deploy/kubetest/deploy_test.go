package kubetest

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	digestOne = "sha256:1111111111111111111111111111111111111111111111111111111111111111"
	digestTwo = "sha256:2222222222222222222222222222222222222222222222222222222222222222"
)

// connection are the arguments of a deployment that runs nothing.
func connection(version, digest string, more ...string) []string {
	return append([]string{"deploy", "reference", "-source", "office", "-image", "registry.example/reference:" + version + "@" + digest,
		"-url", "https://inventory.example.com", "-username", "robot", "-car-service-url", "https://car.example/api/car/v2",
		"-wait=false"}, more...)
}

// secrets makes the Secrets that the reference connector needs.
func (d *desk) secrets(namespace string) {
	d.Helper()
	for name, keys := range map[string][]string{
		"car-office":  {"CONFIGURATION_AUTH_PASSWORD"},
		"car-service": {"CAR_SERVICE_URL", "CAR_SERVICE_KEY", "CAR_SERVICE_PASSWORD"},
	} {
		d.secret(namespace, name, keys...)
	}
}

// Deploy, deploy the next version, and go back, with the object keeping its identity.
func TestDeployAndBack(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	jobs := d.cluster.Client.BatchV1().CronJobs("default")
	d.must(3, append(connection("1.0", digestOne), "-dry-run"), "CronJob car-office in default: would be created", "+ spec.schedule: ")
	if list, err := jobs.List(t.Context(), metav1.ListOptions{}); err != nil || len(list.Items) != 0 {
		t.Fatal(list, err)
	}
	d.must(0, connection("1.0", digestOne), "CronJob car-office in default is created")
	first, err := jobs.Get(t.Context(), "car-office", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d.must(0, append(connection("1.0", digestOne), "-dry-run"), "CronJob car-office in default: unchanged")
	d.must(0, connection("1.0", digestOne), "CronJob car-office in default is unchanged")
	r := d.must(3, append(connection("2.0", digestTwo, "-schedule", "30 2 * * *"), "-dry-run"), "would be changed",
		`- spec.jobTemplate.spec.template.spec.containers[connector].image: "registry.example/reference:1.0@`+digestOne+`"`,
		`+ spec.jobTemplate.spec.template.spec.containers[connector].image: "registry.example/reference:2.0@`+digestTwo+`"`,
		`+ spec.schedule: "30 2 * * *"`)
	if strings.Contains(r.stdout, "managedFields") || strings.Contains(r.stdout, "carjs/previous") {
		t.Error(r)
	}
	d.must(0, connection("2.0", digestTwo, "-schedule", "30 2 * * *"), "is changed (registry.example/reference:2.0@"+digestTwo+
		", before registry.example/reference:1.0@"+digestOne+")")
	back := []string{"deploy", "-rollback", "-source", "office"}
	d.must(3, append(back, "-dry-run"), "would be changed", `- spec.schedule: "30 2 * * *"`)
	d.must(0, back, "is changed (registry.example/reference:1.0@"+digestOne)
	now, err := jobs.Get(t.Context(), "car-office", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if now.UID != first.UID || now.Spec.Schedule != first.Spec.Schedule ||
		now.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Image != first.Spec.JobTemplate.Spec.Template.Spec.Containers[0].Image {
		t.Errorf("%+v\nwas\n%+v", now.Spec, first.Spec)
	}
	d.must(2, back, "cannot roll back: CronJob car-office was rolled back already, from registry.example/reference:2.0@"+digestTwo,
		"nothing was changed")
}

// A first deployment goes back to nothing.
func TestFirstDeployAndBack(t *testing.T) {
	d := newDesk(t)
	d.secrets("default")
	back := []string{"deploy", "-rollback", "-source", "office"}
	d.must(2, back, "cannot roll back: there is no CronJob car-office in the namespace default")
	d.must(0, connection("1.0", digestOne))
	d.must(3, append(back, "-dry-run"), "would be removed")
	d.must(0, back, "CronJob car-office in default is removed")
	if list, err := d.cluster.Client.BatchV1().CronJobs("").List(t.Context(), metav1.ListOptions{}); err != nil || len(list.Items) != 0 {
		t.Fatal(list, err)
	}
	d.must(2, back, "there is no CronJob car-office")
}
