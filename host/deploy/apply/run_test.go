package apply

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// script is a cluster that knows one Job and answers what a test says: its own step for each time
// that it is asked for the Job, and the last one from then on.
type script struct {
	steps   []step
	asked   int
	others  []string // what is listed of other Jobs, one after the other
	removed bool
	server  *httptest.Server
}

// step is what the cluster has at one time.
type step struct {
	status    int    // of the answer, 0 for 200
	job       string // the conditions of the Job as JSON
	pods      []string
	podStatus int // of the answer for pods, 0 for 200
	events    string
}

func newScript(t *testing.T, steps ...step) (*script, *cluster.Client) {
	t.Helper()
	s := &script{steps: steps}
	s.server = httptest.NewUnstartedServer(s)
	s.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.server.Start()
	t.Cleanup(s.server.Close)
	path := filepath.Join(t.TempDir(), "config")
	text := "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: '" +
		s.server.URL +
		"'}}]\nusers: [{name: u, user: {token: t}}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	client, err := cluster.Connect(cluster.Config{Kubeconfig: path})
	if err != nil {
		t.Fatal(err)
	}
	return s, client
}

// ServeHTTP answers.
func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	now := s.steps[max(0, min(s.asked, len(s.steps))-1)]
	switch path := r.URL.Path; {
	case path == "/api/v1":
		fmt.Fprint(w, `{"resources": [{"name": "pods", "kind": "Pod", "namespaced": true}, {"name": "pods/log", "kind": "Pod"},
			{"name": "events", "kind": "Event", "namespaced": true}, {"name": "secrets", "kind": "Secret", "namespaced": true}]}`)
	case path == "/apis/batch/v1":
		fmt.Fprint(w,
			`{"resources": [{"name": "jobs", "kind": "Job", "namespaced": true}, {"name": "cronjobs", "kind": "CronJob", "namespaced": true}]}`)
	case r.Method == http.MethodPost:
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	case r.Method == http.MethodDelete:
		s.removed = true
		fmt.Fprint(w, `{}`)
	case strings.HasSuffix(path, "/jobs"):
		other := ""
		if len(s.others) > 0 {
			other, s.others = s.others[0], s.others[1:]
		}
		fmt.Fprintf(w, `{"items": [%s]}`, other)
	case strings.Contains(path, "/jobs/"):
		s.asked++
		now = s.steps[min(s.asked, len(s.steps))-1]
		if now.status != 0 {
			w.WriteHeader(now.status)
			return
		}
		fmt.Fprintf(w, `{"kind": "Job", "metadata": {"name": "j", "uid": "u"}, "status": {"conditions": [%s]}}`, now.job)
	case strings.HasSuffix(path, "/pods"):
		if now.podStatus != 0 {
			w.WriteHeader(now.podStatus)
			fmt.Fprint(w, `{"kind": "Status", "message": "no"}`)
			return
		}
		fmt.Fprintf(w, `{"items": [%s]}`, strings.Join(now.pods, ","))
	case strings.HasSuffix(path, "/events"):
		fmt.Fprintf(w, `{"items": [%s]}`, now.events)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

const (
	complete = `{"type": "Complete", "status": "True"}`
	failed   = `{"type": "Failed", "status": "True", "message": "Job has reached the specified backoff limit"}`
)

// pod is a pod whose container has a state.
func pod(name, phase, state string) string {
	return fmt.Sprintf(`{"metadata": {"name": %q, "uid": %q, "creationTimestamp": %q}, "spec": {"nodeName": "node-1"},
		"status": {"phase": %q, "containerStatuses": [{"image": "registry.example/a", "state": {%s}}]}}`, name, name, name, phase, state)
}

func waiting(reason, message string) string {
	text, _ := json.Marshal(map[string]any{"reason": reason, "message": message}) // words
	return `"waiting": ` + string(text)
}

func ended(code int, reason, message string) string {
	text, _ := json.Marshal(map[string]any{"exitCode": code, "reason": reason, "message": message}) // words
	return `"terminated": ` + string(text)
}

var cronJob = cluster.Object{
	"apiVersion": "batch/v1", "kind": "CronJob", "metadata": map[string]any{"name": "car-office", "uid": "c"},
	"spec": map[string]any{"jobTemplate": map[string]any{"spec": map[string]any{"template": map[string]any{}}}},
}

// Every way in which a run can go in a cluster leads to its exit code and its words.
func TestRun(t *testing.T) {
	running := step{pods: []string{pod("p1", "Running", `"running": {}`)}}
	for _, test := range []struct {
		name    string
		steps   []step
		code    int
		says    string
		told    string
		removed bool
	}{
		{"success", []step{running, {job: complete, pods: []string{pod("p1", "Succeeded", ended(0, "Completed",
			`{"mode":"full","source":"s"}`))}}},
			0, "The full import of s is complete.", "pod p1 is running on node-1", false},
		{"no message", []step{{job: complete, pods: []string{pod("p1", "Succeeded", ended(0, "Completed", ""))}}}, 0, "", "", false},
		{"pods that may not be read", []step{{podStatus: 403}, {podStatus: 403, job: complete}}, 0, "", "", false},
		{"a failed Job without pods", []step{{podStatus: 403, job: failed}}, 10,
			"the Job j failed: Job has reached the specified backoff limit", "", false},
		{"the last of several attempts", []step{
			{pods: []string{pod("p1", "Failed", ended(50, "Error", "first"))}},
			{job: failed, pods: []string{pod("p2", "Failed", ended(51, "Error", `{"failure":{"message":"second"}}`)), pod("p1", "Failed",
				ended(50, "Error", "first"))}},
		}, 51, "second", "pod p1 ended with exit code 50: first", false},
		{"killed", []step{{job: failed, pods: []string{pod("p1", "Failed", ended(137, "OOMKilled", ""))}}}, 137, "OOMKilled", "", false},
		{"a cluster that is lost for a while", []step{running, {status: 503}, {status: 503}, {status: 503}, {status: 503}, {status: 503},
			{job: complete, pods: []string{pod("p1", "Succeeded", ended(0, "", `{"mode":"full"}`))}}}, 0, "The full import is complete.", "", false},
		{"a Job that was removed", []step{running, {status: 404}}, 10, "the Job j was removed while it ran", "", false},
		{"a login that has expired", []step{running, {status: 401}}, 2, "rejected the login", "", false},
		{"a Secret that is missing", []step{{pods: []string{pod("p1", "Pending", waiting("CreateContainerConfigError",
			`secret "car-office" not found`))}}},
			2, `the pod of car-office cannot start: secret "car-office" not found`, "", true},
		{"an image that is pulled at last", []step{{pods: []string{pod("p1", "Pending", waiting("ErrImagePull", "dial tcp: i/o timeout"))}},
			{job: complete, pods: []string{pod("p1", "Succeeded", ended(0, "", ""))}}}, 0, "", "", false},
		{"an image that cannot be pulled now", []step{{pods: []string{pod("p1", "Pending", waiting("ImagePullBackOff",
			"Back-off: dial tcp: i/o timeout"))}}},
			10, "the cluster cannot pull the image registry.example/a: Back-off", "", true},
		{"a registry with a login", []step{{pods: []string{pod("p1", "Pending", waiting("ErrImagePull", "401 Unauthorized: unauthorized"))}}},
			2, "unauthorized", "", true},
		{"no image for the platform", []step{{pods: []string{pod("p1", "Pending", waiting("ErrImagePull",
			"no match for platform in manifest"))}}},
			2, "is for another processor than that of the node node-1", "", true},
		{"another architecture", []step{{pods: []string{pod("p1", "Failed", ended(255, "Error", "exec /carjs: exec format error\n"))}}},
			2, "is for another processor than that of the node node-1", "", true},
		{"a pod that the cluster refuses",
			[]step{{events: `{"type": "Warning", "reason": "FailedCreate", "message": "pods \"j-\" is forbidden: violates PodSecurity"}`}},
			2, "the cluster makes no pod for j: pods \"j-\" is forbidden: violates PodSecurity", "", true},
		{"the timeout", []step{running}, 10, "the run of car-office has not ended after", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s, client := newScript(t, test.steps...)
			p := &Plan{client: client, Steps: []Step{{Object: cronJob, Result: cronJob, Action: Create, Namespace: "n"}}}
			var told []string
			timeout := 30 * time.Second
			if test.name == "the timeout" {
				timeout = 300 * time.Millisecond
			}
			outcomes := p.Run(t.Context(), Follow{Timeout: timeout, Tell: func(line string) { told = append(told, line) }})
			o := outcomes[0]
			said := o.Result.Message + o.Result.Summary
			if o.Err != nil {
				said = o.Err.Error()
				if failure.From(o.Err).Hint == "" {
					t.Error("there is no next step")
				}
			}
			if o.Code != test.code || !strings.Contains(said, test.says) || !strings.Contains(strings.Join(told, "\n"), test.told) ||
				s.removed != test.removed {
				t.Errorf("%d, %q, removed %v, told %q", o.Code, said, s.removed, told)
			}
		})
	}
}

// A run of the schedule comes to its end first: two imports of one source would meet.
func TestRunWaitsForOthers(t *testing.T) {
	s, client := newScript(t, step{job: complete, pods: []string{pod("p1", "Succeeded", ended(0, "", ""))}})
	other := `{"metadata": {"name": "scheduled", "ownerReferences": [{"uid": "c"}]}, "status": {"conditions": [%s]}}`
	stranger := `{"metadata": {"name": "stranger", "ownerReferences": [{"uid": "d"}]}}`
	s.others = []string{fmt.Sprintf(other, ""), fmt.Sprintf(other, ""), fmt.Sprintf(other, complete) + "," + stranger}
	p := &Plan{client: client, Steps: []Step{{Object: cronJob, Result: cronJob, Action: Create, Namespace: "n"}}}
	var told []string
	o := p.Run(t.Context(), Follow{Timeout: time.Minute, Tell: func(line string) { told = append(told, line) }})[0]
	if o.Code != 0 || o.Err != nil || len(s.others) != 0 || len(told) < 2 || told[0] != "waiting for Job scheduled, which runs already" ||
		!strings.HasPrefix(told[1], "Job car-office-run-") {
		t.Errorf("%+v %q", o, told)
	}
}

// Ctrl-C ends only the wait.
func TestRunIsLeft(t *testing.T) {
	s, client := newScript(t, step{pods: []string{pod("p1", "Running", `"running": {}`)}})
	p := &Plan{client: client, Steps: []Step{{Object: cronJob, Result: cronJob, Action: Create, Namespace: "n"}}}
	ctx, cancel := context.WithCancel(t.Context())
	o := p.Run(ctx, Follow{Timeout: time.Minute, Tell: func(line string) {
		if strings.Contains(line, "is running") {
			cancel()
		}
	}})[0]
	if o.Code != failure.CodeRecoverable || !strings.Contains(o.Err.Error(), "no longer waiting for the run of car-office") || s.removed {
		t.Errorf("%+v", o)
	}
	if hint := failure.From(o.Err).Hint; !strings.Contains(hint, "kubectl logs -f job/j -n n") {
		t.Error(hint)
	}
}
