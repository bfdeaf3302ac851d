package kubetest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	podutil "k8s.io/kubernetes/pkg/api/pod"
	"k8s.io/kubernetes/pkg/apis/batch"
	_ "k8s.io/kubernetes/pkg/apis/batch/install" // registers defaults and conversions
	batchvalidation "k8s.io/kubernetes/pkg/apis/batch/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
	psapi "k8s.io/pod-security-admission/api"
	pspolicy "k8s.io/pod-security-admission/policy"
	"sigs.k8s.io/yaml"
)

// goldens are the manifests that the tests of the binary expect.
const goldens = "../../../cmd/carjs/testdata/manifest"

// connector is the platform's custom resource; its definition is not public.
type connector struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		Type    string `json:"type"`
		Version string `json:"version"`
		Creator string `json:"creator"`
		Image   string `json:"image"`
	} `json:"spec"`
}

// accept does with one object what an API server does, and returns the CronJob if it is one.
func accept(document []byte) (*batchv1.CronJob, error) {
	var kind struct {
		Kind string `json:"kind"`
	}
	if err := yaml.Unmarshal(document, &kind); err != nil {
		return nil, err
	}
	switch kind.Kind {
	case "CronJob":
		return acceptCronJob(document)
	case "Secret":
		var object corev1.Secret
		var internal core.Secret
		if err := decode(document, &object, &internal); err != nil {
			return nil, err
		}
		namespace(&internal.Namespace)
		return nil, corevalidation.ValidateSecret(&internal).ToAggregate()
	case "Connector":
		var object connector
		if err := yaml.UnmarshalStrict(document, &object); err != nil {
			return nil, err
		}
		if object.APIVersion != "connector.isc.ibm.com/v1" || object.Spec.Type != "CAR" || object.Spec.Version == "" ||
			!strings.HasPrefix(object.Metadata.Name, "car-") || !strings.Contains(object.Spec.Image, "@sha256:") {
			return nil, fmt.Errorf("incomplete: %+v", object)
		}
		return nil, nil
	}
	return nil, fmt.Errorf("unknown kind %q", kind.Kind)
}

func acceptCronJob(document []byte) (*batchv1.CronJob, error) {
	var object batchv1.CronJob
	var internal batch.CronJob
	if err := decode(document, &object, &internal); err != nil {
		return nil, err
	}
	namespace(&internal.Namespace)
	options := podutil.GetValidationOptionsFromPodTemplate(&internal.Spec.JobTemplate.Spec.Template, nil)
	return &object, batchvalidation.ValidateCronJobCreate(&internal, options).ToAggregate()
}

// decode reads an object strictly, sets defaults and converts it.
func decode(document []byte, object, internal runtime.Object) error {
	if err := yaml.UnmarshalStrict(document, object); err != nil {
		return err
	}
	legacyscheme.Scheme.Default(object)
	return legacyscheme.Scheme.Convert(object, internal, nil)
}

// namespace is what a request has besides the object.
func namespace(name *string) {
	if *name == "" {
		*name = "default"
	}
}

func documents(t *testing.T, file string) [][]byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for reader := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data))); ; {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, bytes.Clone(document))
	}
}

func TestManifests(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(goldens, "*.yaml"))
	if err != nil || len(files) < 6 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			names := map[string]bool{}
			for _, document := range documents(t, file) {
				job, err := accept(document)
				if err != nil {
					t.Fatalf("%v in\n%s", err, document)
				}
				if job == nil {
					continue
				}
				if names[job.Name] {
					t.Errorf("two CronJobs are called %s", job.Name)
				}
				names[job.Name] = true
				if faults := restrictedFaults(t, job); len(faults) > 0 {
					t.Errorf("%s breaks the restricted standard: %v", job.Name, faults)
				}
				checkValues(t, job)
			}
		})
	}
}

// checkValues makes sure that what is written means what was meant.
func checkValues(t *testing.T, job *batchv1.CronJob) {
	t.Helper()
	pod := job.Spec.JobTemplate.Spec.Template.Spec
	for _, variable := range pod.Containers[0].Env {
		value := expansion.Expand(variable.Value, func(name string) string { return "<" + name + ">" })
		if variable.Name == "CONNECTION_NAME" && job.Name == "car-south" && value != "South $(Harbour)" {
			t.Errorf("the pod sees %s=%q", variable.Name, value)
		}
		if strings.Contains(value, "<") {
			t.Errorf("the pod sees %s=%q", variable.Name, value)
		}
	}
	for _, volume := range pod.Volumes {
		if projected := volume.Projected; projected != nil && *projected.DefaultMode != 0o440 {
			t.Errorf("mode %o", *projected.DefaultMode)
		}
	}
}

// restrictedFaults is what the restricted Pod Security Standard finds in the pods of a CronJob.
func restrictedFaults(t *testing.T, job *batchv1.CronJob) []string {
	t.Helper()
	evaluator, err := pspolicy.NewEvaluator(pspolicy.DefaultChecks(), nil)
	if err != nil {
		t.Fatal(err)
	}
	template := job.Spec.JobTemplate.Spec.Template
	level := psapi.LevelVersion{Level: psapi.LevelRestricted, Version: psapi.LatestVersion()}
	var faults []string
	for _, check := range evaluator.EvaluatePod(level, &template.ObjectMeta, &template.Spec) {
		if !check.Allowed {
			faults = append(faults, check.ForbiddenReason+" "+check.ForbiddenDetail)
		}
	}
	return faults
}

// The rules are not let pass because nothing is checked: each of these is refused.
func TestRefused(t *testing.T) {
	whole := documents(t, filepath.Join(goldens, "cronjob-env.yaml"))
	good := string(whole[len(whole)-1])
	for _, test := range []struct{ name, old, new, says string }{
		{"a field that does not exist", "timeZone:", "timezoon:", "unknown field"},
		{"OnFailure with podFailurePolicy", "restartPolicy: Never", "restartPolicy: OnFailure", "restartPolicy"},
		{"a template", "schedule: 15 */3 * * *", "schedule: mm HH * * *", "schedule"},
		{"another container", "containerName: connector", "containerName: carjs", "containerName"},
		{"code 0", "values: [1, 2,", "values: [0, 1, 2,", "values"},
		{"codes that are not sorted", "values: [10, 20,", "values: [20, 10,", "ordered"},
		{"a name", "name: car-north", "name: car_north", "metadata.name"},
		{"two mounts", "mountPath: /tmp", "mountPath: /var/lib/carjs", "must be unique"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bad := strings.Replace(good, test.old, test.new, 1)
			if bad == good {
				t.Fatalf("%q is not in\n%s", test.old, good)
			}
			if _, err := accept([]byte(bad)); err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%v, want %q", err, test.says)
			}
		})
	}
}

func TestRestrictedRefuses(t *testing.T) {
	whole := documents(t, filepath.Join(goldens, "cronjob-env.yaml"))
	good := string(whole[len(whole)-1])
	for _, line := range []string{"runAsNonRoot: true", "drop: [ALL]", "type: RuntimeDefault", "allowPrivilegeEscalation: false"} {
		bad := strings.NewReplacer(": true", ": false", "[ALL]", "[]", "RuntimeDefault", "Unconfined", ": false", ": true").Replace(line)
		job, err := accept([]byte(strings.Replace(good, line, bad, 1)))
		if err != nil {
			t.Fatal(err)
		}
		if len(restrictedFaults(t, job)) == 0 {
			t.Errorf("%q is let pass", bad)
		}
	}
}
