package kubetest

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apiserver/pkg/admission"

	"carjs/host/carserver"
	"carjs/host/deploy/image/imagetest"
	"carjs/host/deploy/kubetest/control"
)

// codes is a connector that adds an asset, and then ends as its setting says.
const codes = `import { BaseApp, BaseAssetServer, BaseDataHandler, BaseFullImport, BaseIncrementalImport, DatasourceFailure,
  RecoverableFailure, UnrecoverableFailure, context } from "carjs";

class Server extends BaseAssetServer { testConnection() { return 0; } }
class Handler extends BaseDataHandler {
  createSourceReportObject() {
    return {
      source: { _key: "codes", name: "codes", description: "" },
      report: { _key: "r" + this.timestamp, timestamp: this.timestamp, type: "codes", description: "" },
    };
  }
}
const handler = new Handler();
function end() {
  const code = Number(context().args.code);
  if (code === 1) throw new Error("a bug");
  if (code === 10) throw new RecoverableFailure("try again");
  if (code === 20) throw new UnrecoverableFailure("a gap");
  if (code >= 50) throw new DatasourceFailure("the data source says " + code, { code, hint: "look at it" });
}
class Full extends BaseFullImport {
  createSourceReportObject() { return handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  importVertices() { handler.addCollection("asset", { external_id: "1", name: "one of VERSION" }); end(); }
  importEdges() {}
}
class Incremental extends BaseIncrementalImport {
  createSourceReportObject() { return handler.createSourceReportObject(); }
  getNewModelStateId() { return "1"; }
  getDataForDelta() {}
  importVertices() { end(); }
  importEdges() {}
  deleteVertices() {}
}
export default class App extends BaseApp {
  assetServer = new Server();
  fullImport = new Full();
  incrementalImport = new Incremental();
}
`

// plant is a desk with everything that a run in a cluster needs: controllers, a kubelet, a registry
// and CAR.
type plant struct {
	*desk
	registry *imagetest.Registry
	car      *carserver.Server
	carURL   string
}

func newPlant(t *testing.T) *plant {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("images are for Linux")
	}
	p := &plant{desk: newDesk(t), registry: imagetest.NewRegistry(t, imagetest.Options{})}
	var err error
	if p.car, err = carserver.Open(carserver.Config{Key: "k", Password: "p"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.car.Close() })
	server := httptest.NewServer(p.car.Handler())
	t.Cleanup(server.Close)
	p.carURL = server.URL + "/api/car/v2"
	p.cluster.Control(t)
	p.cluster.Kubelet(t, map[string]string{"CARJS_CAR_RETRY_WAIT": "5ms", "CARJS_RETRY_WAIT": "5ms"})
	p.secretOf("car-service", map[string]string{"CAR_SERVICE_KEY": "k", "CAR_SERVICE_PASSWORD": "p"})
	p.write("codes/configurations/config.json", `{
  "connection": {"code": {"type": "number", "default": 0}},
  "configuration": {"auth": {"type": "fields", "password": {"type": "password", "optional": true}}}
}`)
	return p
}

// secretOf makes a Secret in the namespace default, secretIn in any.
func (p *plant) secretOf(name string, data map[string]string) { p.secretIn("default", name, data) }

func (p *plant) secretIn(namespace, name string, data map[string]string) {
	p.Helper()
	secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: name}, StringData: data}
	if _, err := p.cluster.Client.CoreV1().Secrets(namespace).Create(p.Context(), secret, metav1.CreateOptions{}); err != nil {
		p.Fatal(err)
	}
}

var pushedDigest = regexp.MustCompile(`(?m)^digest (sha256:[0-9a-f]{64})$`)

// push makes the image of a version and pushes it. It returns the reference by digest.
func (p *plant) push(version string, more ...string) string {
	p.Helper()
	p.write("codes/src/main.ts", strings.ReplaceAll(codes, "VERSION", version))
	name := p.registry.Host + "/codes:" + version
	r := p.must(0, append([]string{"image", "./codes", "-push", name, "-version", version}, more...))
	return name + "@" + pushedDigest.FindStringSubmatch(r.stdout)[1]
}

// deploy are the arguments of a deployment of an image.
func (p *plant) deploy(image string, more ...string) []string {
	return append([]string{"deploy", "./codes", "-source", "office", "-image", image, "-car-service-url", p.carURL,
		"-schedule", "0 3 1 1 *"}, more...)
}

// From the laptop to a cluster and back: deploy and run, deploy the next version, go back.
func TestRunInCluster(t *testing.T) {
	p := newPlant(t)
	one := p.push("1.0")
	p.must(0, p.deploy(one), "CronJob car-office in default is created ("+one+")", "Job car-office-run-", "is started",
		"The full import of office is complete: it took ", "Objects: 1 sent")
	graph, err := p.car.Graph(t.Context(), "office")
	if err != nil || !strings.Contains(fmt.Sprint(graph), "one of 1.0") {
		t.Errorf("%v %v", graph, err)
	}
	two := p.push("2.0")
	p.must(0, p.deploy(two), "is changed ("+two+", before "+one+")")
	jobs, err := p.cluster.Client.BatchV1().Jobs("default").List(t.Context(), metav1.ListOptions{})
	if err != nil || len(jobs.Items) != 2 {
		t.Fatalf("%d Jobs, %v", len(jobs.Items), err)
	}
	for _, job := range jobs.Items {
		if owner := metav1.GetControllerOf(&job); owner == nil || owner.Kind != "CronJob" || owner.Name != "car-office" {
			t.Errorf("%s is owned by %v", job.Name, owner)
		}
	}
	p.must(0, []string{"deploy", "-rollback", "-source", "office"}, "is changed ("+one+", before "+two+")")
	p.must(2, []string{"deploy", "-rollback", "-source", "office"}, "was rolled back already")
}

// Whatever exit code a run has is that of the deployment, and Kubernetes tries again or not as the
// manifest says.
func TestExitCodes(t *testing.T) {
	p := newPlant(t)
	image := p.push("1.0")
	for _, test := range []struct {
		code, pods int
		says       string
	}{
		{0, 1, ""}, {1, 1, "a bug"}, {10, 4, "try again"}, {20, 4, "a gap"}, {50, 4, "says 50"}, {51, 4, "says 51"},
		{52, 1, "says 52"}, {53, 1, "says 53"}, {54, 1, "says 54"}, {55, 1, "says 55"}, {2, 1, ""},
	} {
		t.Run(fmt.Sprint(test.code), func(t *testing.T) {
			own := &plant{desk: &desk{TB: t, dir: p.dir, cluster: p.cluster}, registry: p.registry, car: p.car, carURL: p.carURL}
			args := own.deploy(image, "-code", fmt.Sprint(test.code))
			if test.code == 2 { // a run without an address of CAR cannot start
				p.secretOf("empty", map[string]string{"CAR_SERVICE_URL": "not a URL", "CAR_SERVICE_KEY": "k", "CAR_SERVICE_PASSWORD": "p"})
				args = []string{"deploy", "./codes", "-source", "office", "-image", image, "-schedule", "0 3 1 1 *", "-car-secret", "empty"}
			}
			r := own.must(test.code, args, test.says)
			name := regexp.MustCompile(`Job (car-office-run-\w+) is started`).FindStringSubmatch(r.stderr)
			if name == nil {
				t.Fatal(r)
			}
			pods, err := p.cluster.Client.CoreV1().Pods("default").List(t.Context(), metav1.ListOptions{LabelSelector: "job-name=" + name[1]})
			if err != nil || len(pods.Items) != test.pods {
				t.Errorf("%d pods, want %d, %v\n%s", len(pods.Items), test.pods, err, r)
			}
		})
	}
}

// Secrets that are mounted as encrypted files reach the run.
func TestMountedSecrets(t *testing.T) {
	p := newPlant(t)
	key := make([]byte, 32)
	encrypter, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.A256KW, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for name, value := range map[string]string{"CAR_SERVICE_KEY": "k", "CAR_SERVICE_PASSWORD": "p"} {
		token, err := encrypter.Encrypt([]byte(value))
		if err != nil {
			t.Fatal(err)
		}
		if files[name], err = token.CompactSerialize(); err != nil {
			t.Fatal(err)
		}
	}
	jwk, err := json.Marshal(jose.JSONWebKey{Key: key})
	if err != nil {
		t.Fatal(err)
	}
	args := append(p.deploy(p.push("1.0")), "-secrets", "jwe")
	p.secretOf("car-office", files)
	p.must(2, args, "the namespace default has no Secret car-office-jwk", "nothing was changed")
	p.secretOf("car-office-jwk", map[string]string{"key.jwk": string(jwk)})
	p.must(0, args, "The full import of office is complete")
}

// Of the custom resource, the run is the next Job that the operator makes of its image.
func TestOperator(t *testing.T) {
	p := newPlant(t)
	image := p.push("1.0")
	operator := func() {
		// What the platform's operator makes is not known; a Job with the image is enough.
		job := &batchv1.Job{ObjectMeta: metav1.ObjectMeta{GenerateName: "connector-"}}
		job.Spec.Template.Spec = corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever, Containers: []corev1.Container{{
			Name: "c", Image: image, Env: []corev1.EnvVar{
				{Name: "CONNECTION_NAME", Value: "office"}, {Name: "CAR_SERVICE_URL", Value: p.carURL},
				{Name: "CAR_SERVICE_KEY", Value: "k"}, {Name: "CAR_SERVICE_PASSWORD", Value: "p"},
			},
		}}}
		if _, err := p.cluster.Client.BatchV1().Jobs("default").Create(t.Context(), job, metav1.CreateOptions{}); err != nil {
			t.Error(err)
		}
	}
	operator() // a run from before
	var made sync.WaitGroup
	defer made.Wait()
	p.cluster.Admit = func(a admission.Attributes) error {
		if a.GetResource().Resource == "connectors" && a.GetOperation() == admission.Create && !a.IsDryRun() {
			made.Go(operator)
		}
		return nil
	}
	p.must(0, []string{"deploy", "./codes", "-kind", "connector", "-image", image}, "Connector car-codes in default is created",
		"waiting for the operator to run "+image, "is the operator's", "import of office is complete")
}

// Many connections are deployed and run at a time; what changes later is run alone, and all of it
// goes back.
func TestManyConnections(t *testing.T) {
	p := newPlant(t)
	image := p.push("1.0")
	file := func(memory string) {
		p.write("connections.yaml", "car-service-url: "+p.carURL+"\nimages: {./codes: '"+image+"'}\nconnections:\n"+
			"- {name: office, connector: ./codes, schedule: 0 3 1 1 *, memory: "+memory+"}\n"+
			"- {name: plant, connector: ./codes, schedule: 0 3 1 1 *, settings: {code: 52}}\n")
	}
	args := []string{"deploy", "-connections", "connections.yaml"}
	file("512MB")
	p.must(52, args, "CronJob car-office in default is created", "CronJob car-plant in default is created", "import of office is complete",
		"carjs: the run of car-plant failed: the data source says 52", "next step  look at it", "exit code  52")
	file("256MB")
	r := p.must(0, args, "CronJob car-office in default is changed", "CronJob car-plant in default is unchanged",
		"import of office is complete")
	if strings.Contains(r.stderr, "car-plant-run") {
		t.Error(r)
	}
	p.must(0, append(args, "-rollback"), "CronJob car-office in default is changed", "CronJob car-plant in default is unchanged")
	p.must(2, append(args, "-rollback"), "was rolled back already")
}

// The schedule runs it, with the real CronJob controller.
func TestSchedule(t *testing.T) {
	p := newPlant(t)
	p.must(0, append(p.deploy(p.push("1.0")), "-wait=false", "-schedule", "* * * * *"))
	p.cluster.Due(t, "default", "car-office")
	watch, err := p.cluster.Client.BatchV1().Jobs("default").Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Stop()
	late := time.After(time.Minute)
	for {
		select {
		case event := <-watch.ResultChan():
			job, ok := event.Object.(*batchv1.Job)
			if !ok {
				t.Fatalf("%+v", event)
			}
			if control.Condition(job, batchv1.JobFailed) {
				t.Fatalf("%+v", job.Status)
			}
			if control.Condition(job, batchv1.JobComplete) {
				graph, err := p.car.Graph(t.Context(), "office")
				if err != nil || !strings.Contains(fmt.Sprint(graph), "one of 1.0") {
					t.Errorf("%v %v", graph, err)
				}
				return
			}
		case <-late:
			t.Fatal("the schedule made no run")
		}
	}
}

// What keeps a run from starting is told in Kubernetes' words.
func TestRunThatCannotStart(t *testing.T) {
	p := newPlant(t)
	image := p.push("1.0")
	other := map[string]string{"amd64": "arm64", "arm64": "amd64"}[runtime.GOARCH]
	for _, test := range []struct {
		name string
		code int
		args []string
		says []string
	}{
		{"an image that is not there", 2, p.deploy(p.registry.Host + "/codes:9@" + digestOne),
			[]string{"cannot pull the image", "not found", "push the image with carjs image -push"}},
		{"no node", 10, append(p.deploy(image), "-memory", "64GB", "-wait-timeout", "24s"),
			[]string{"finds no node: 0/1 nodes are available: 1 Insufficient memory.", "ask for less with -memory"}},
		{"another architecture", 2, p.deploy(p.foreign(other)), []string{"is for another processor than that of the node " +
			control.Node, "exec format error"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			own := &plant{desk: &desk{TB: t, dir: p.dir, cluster: p.cluster}, registry: p.registry, car: p.car, carURL: p.carURL}
			own.must(test.code, test.args, append(test.says, "to go back: carjs deploy -rollback -source office")...)
			jobs, err := p.cluster.Client.BatchV1().Jobs("default").List(t.Context(), metav1.ListOptions{})
			if err != nil || slices.ContainsFunc(jobs.Items, func(j batchv1.Job) bool { return j.DeletionTimestamp == nil }) {
				t.Errorf("%d Jobs are left, %v", len(jobs.Items), err)
			}
		})
	}
}

// foreign pushes an image whose program is for another processor: an ELF file whose machine is
// another one.
func (p *plant) foreign(arch string) string {
	p.Helper()
	path, err := binary()
	if err != nil {
		p.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		p.Fatal(err)
	}
	data[18] = map[string]byte{"arm64": 183, "amd64": 62}[arch] // e_machine
	p.write("foreign", string(data))
	return p.push("foreign", "-platform", "linux/"+arch, "-binary", "linux/"+arch+"="+p.dir+"/foreign")
}
