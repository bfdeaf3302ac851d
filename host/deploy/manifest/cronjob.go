package manifest

import (
	"fmt"
	"strings"

	"carjs/host/settings"
)

// The names inside a pod.
const (
	containerName = "connector"
	stateDir      = "/var/lib/carjs"
	secretsDir    = "/etc/secrets"
	jwkFile       = "key.jwk"
)

const (
	// attempts is how often a run that may succeed the next time is started again.
	attempts = 3
	// startingDeadline is how late a run may start, in seconds. Without it a cluster that was down
	// for long gives up on the CronJob: it counts all the starts that were missed.
	startingDeadline = 600
)

const mebibyte = 1 << 20

// leastMemory is what a run cannot do without, in bytes.
const leastMemory = 128 * mebibyte

func (c Connection) labels() map[string]string {
	return map[string]string{
		"app.kubernetes.io/name":       c.Connector,
		"app.kubernetes.io/instance":   c.Name,
		"app.kubernetes.io/component":  "car-connector",
		"app.kubernetes.io/managed-by": "carjs",
	}
}

// deadline is the longest time for all attempts, in seconds. Without it a run that is evicted again
// and again would keep all later ones from starting.
func (c Connection) deadline() int {
	return max(1, int(c.Timeout.Seconds()*(attempts+1)))
}

func (c Connection) cronJob() cronJob {
	return cronJob{
		APIVersion: "batch/v1", Kind: "CronJob",
		Metadata: metadata{Name: c.object(), Namespace: c.Namespace, Labels: c.labels()},
		Spec: cronJobSpec{
			Schedule: c.Schedule, TimeZone: c.TimeZone,
			ConcurrencyPolicy: "Forbid", StartingDeadlineSeconds: startingDeadline,
			SuccessfulJobsHistoryLimit: 3, FailedJobsHistoryLimit: 3,
			JobTemplate: jobTemplate{
				Metadata: metadata{Labels: c.labels()},
				Spec: jobSpec{
					BackoffLimit: attempts, ActiveDeadlineSeconds: c.deadline(), PodFailurePolicy: failurePolicy(),
					Template: podTemplate{Metadata: metadata{Labels: c.labels()}, Spec: c.pod()},
				},
			},
		},
	}
}

// failurePolicy says what becomes of a Job whose pod failed. A pod that the cluster took away is no
// failure of the run.
func failurePolicy() podFailurePolicy {
	return podFailurePolicy{Rules: []failureRule{
		{Action: "Ignore", OnPodConditions: []podCondition{{Type: "DisruptionTarget"}}},
		{Action: "FailJob", OnExitCodes: &exitCodes{containerName, "In", lastingCodes}},
		{Action: "Count", OnExitCodes: &exitCodes{containerName, "In", passingCodes}},
	}}
}

// pod has neither a group nor, as a rule, a user: an image of carjs runs as 1001:0, and OpenShift
// lets no pod choose.
func (c Connection) pod() podSpec {
	spec := podSpec{
		RestartPolicy:   "Never",
		SecurityContext: podSecurity{RunAsNonRoot: true, RunAsUser: c.RunAsUser, SeccompProfile: seccomp{"RuntimeDefault"}},
		Containers: []container{{
			Name: containerName, Image: c.Image.String(), ImagePullPolicy: "IfNotPresent", Env: c.environment(),
			Resources: c.resources(),
			SecurityContext: containerSecurity{
				ReadOnlyRootFilesystem: true, Capabilities: capabilities{Drop: []string{"ALL"}},
			},
			TerminationMessagePath: "/dev/termination-log", TerminationMessagePolicy: "FallbackToLogsOnError",
			VolumeMounts: []volumeMount{{Name: "state", MountPath: stateDir}, {Name: "tmp", MountPath: "/tmp"}},
		}},
		// Without limits of their size: a pod beyond one is evicted, which counts as a disruption
		// and so would be tried again without end.
		Volumes: []volume{{Name: "state", EmptyDir: &emptyDir{}}, {Name: "tmp", EmptyDir: &emptyDir{}}},
	}
	if c.PullSecret != "" {
		spec.ImagePullSecrets = []nameReference{{c.PullSecret}}
	}
	if c.JWE {
		mounts := &spec.Containers[0].VolumeMounts
		*mounts = append(*mounts, volumeMount{Name: "secrets", MountPath: secretsDir, ReadOnly: true})
		spec.Volumes = append(spec.Volumes, volume{Name: "secrets", Projected: c.folder()})
	}
	return spec
}

// folder is the folder of mounted secrets. One volume holds the secrets and their key, because
// nothing can be mounted below a volume that is read only.
func (c Connection) folder() *projected {
	return &projected{DefaultMode: 0o440, Sources: []source{
		{secretSource{Name: c.secretName()}},
		{secretSource{Name: c.keySecretName(), Items: []item{{Key: jwkFile, Path: ".jwk/" + jwkFile}}}},
	}}
}

func (c Connection) environment() []variable {
	env := []variable{
		{Name: settings.EnvCAR, Value: settings.RequireCAR},
		{Name: settings.EnvLogFormat, Value: "json"},
		{Name: settings.EnvStateDir, Value: stateDir},
		{Name: settings.EnvMaxMemory, Value: fmt.Sprintf("%dMB", c.Memory/mebibyte*4/5)},
		{Name: settings.EnvSource, Value: escape(c.Source)},
	}
	plain := func(name, value string) {
		if value != "" {
			env = append(env, variable{Name: name, Value: escape(value)})
		}
	}
	secret := func(name string, key secretKey) {
		env = append(env, variable{Name: name, ValueFrom: &variableSource{key}})
	}
	plain(settings.EnvVersion, c.Version)
	for _, s := range c.Run {
		plain(s.Env, s.Text)
	}
	plain(settings.EnvCARURL, c.CARURL)
	plain(settings.EnvTokenURL, c.CARTokenURL)
	if !c.JWE {
		for _, name := range c.carLogin() {
			secret(name, secretKey{Name: c.CARSecret, Key: name})
		}
	}
	_, from, optional := c.secrets()
	for _, f := range c.Fields {
		reference, isSecret := from[f.Env]
		switch {
		case !isSecret:
			plain(f.Env, c.Settings[f.Env])
		case !c.JWE:
			secret(f.Env, secretKey{Name: reference.Secret, Key: reference.Key, Optional: optional[f.Env]})
		}
	}
	return env
}

// escape keeps a value as it is: Kubernetes replaces $(NAME) by another variable, and $$ by $.
func escape(value string) string { return strings.ReplaceAll(value, "$", "$$") }

func (c Connection) resources() resources {
	limit := c.Memory / mebibyte
	return resources{
		Requests: map[string]string{"cpu": "100m", "memory": fmt.Sprintf("%dMi", limit/2)},
		Limits:   map[string]string{"memory": fmt.Sprintf("%dMi", limit)},
	}
}
