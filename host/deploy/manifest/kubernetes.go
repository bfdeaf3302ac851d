package manifest

// The types below are those parts of Kubernetes' objects that a manifest has, in the order in which
// they are written.

type metadata struct {
	Name      string            `yaml:"name,omitempty"`
	Namespace string            `yaml:"namespace,omitempty"`
	Labels    map[string]string `yaml:"labels,omitempty"`
}

type resource struct {
	APIVersion string       `yaml:"apiVersion"`
	Kind       string       `yaml:"kind"`
	Metadata   metadata     `yaml:"metadata"`
	Spec       resourceSpec `yaml:"spec"`
}

type resourceSpec struct {
	Type    string `yaml:"type"`
	Version string `yaml:"version"`
	Creator string `yaml:"creator"`
	Image   string `yaml:"image"`
}

type secretObject struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Type       string   `yaml:"type"`
	// Data are the values in Base64. Kubernetes also takes stringData, but of a key that is left
	// out there, a server-side apply keeps the old value.
	Data map[string]string `yaml:"data"`
}

type cronJob struct {
	APIVersion string      `yaml:"apiVersion"`
	Kind       string      `yaml:"kind"`
	Metadata   metadata    `yaml:"metadata"`
	Spec       cronJobSpec `yaml:"spec"`
}

type cronJobSpec struct {
	Schedule                   string      `yaml:"schedule"`
	TimeZone                   string      `yaml:"timeZone"`
	ConcurrencyPolicy          string      `yaml:"concurrencyPolicy"`
	StartingDeadlineSeconds    int         `yaml:"startingDeadlineSeconds"`
	SuccessfulJobsHistoryLimit int         `yaml:"successfulJobsHistoryLimit"`
	FailedJobsHistoryLimit     int         `yaml:"failedJobsHistoryLimit"`
	JobTemplate                jobTemplate `yaml:"jobTemplate"`
}

type jobTemplate struct {
	Metadata metadata `yaml:"metadata"`
	Spec     jobSpec  `yaml:"spec"`
}

type jobSpec struct {
	BackoffLimit          int              `yaml:"backoffLimit"`
	ActiveDeadlineSeconds int              `yaml:"activeDeadlineSeconds"`
	PodFailurePolicy      podFailurePolicy `yaml:"podFailurePolicy"`
	Template              podTemplate      `yaml:"template"`
}

type podFailurePolicy struct {
	Rules []failureRule `yaml:"rules"`
}

type failureRule struct {
	Action          string         `yaml:"action"`
	OnExitCodes     *exitCodes     `yaml:"onExitCodes,omitempty"`
	OnPodConditions []podCondition `yaml:"onPodConditions,omitempty"`
}

type exitCodes struct {
	ContainerName string `yaml:"containerName"`
	Operator      string `yaml:"operator"`
	Values        []int  `yaml:"values,flow"`
}

type podCondition struct {
	Type string `yaml:"type"`
}

type podTemplate struct {
	Metadata metadata `yaml:"metadata"`
	Spec     podSpec  `yaml:"spec"`
}

type podSpec struct {
	RestartPolicy                string          `yaml:"restartPolicy"`
	AutomountServiceAccountToken bool            `yaml:"automountServiceAccountToken"`
	EnableServiceLinks           bool            `yaml:"enableServiceLinks"`
	SecurityContext              podSecurity     `yaml:"securityContext"`
	ImagePullSecrets             []nameReference `yaml:"imagePullSecrets,omitempty"`
	Containers                   []container     `yaml:"containers"`
	Volumes                      []volume        `yaml:"volumes"`
}

type podSecurity struct {
	RunAsNonRoot   bool    `yaml:"runAsNonRoot"`
	RunAsUser      int     `yaml:"runAsUser,omitempty"`
	SeccompProfile seccomp `yaml:"seccompProfile"`
}

type seccomp struct {
	Type string `yaml:"type"`
}

type nameReference struct {
	Name string `yaml:"name"`
}

type container struct {
	Name                     string            `yaml:"name"`
	Image                    string            `yaml:"image"`
	ImagePullPolicy          string            `yaml:"imagePullPolicy"`
	Env                      []variable        `yaml:"env"`
	Resources                resources         `yaml:"resources"`
	SecurityContext          containerSecurity `yaml:"securityContext"`
	TerminationMessagePath   string            `yaml:"terminationMessagePath"`
	TerminationMessagePolicy string            `yaml:"terminationMessagePolicy"`
	VolumeMounts             []volumeMount     `yaml:"volumeMounts"`
}

type variable struct {
	Name      string          `yaml:"name"`
	Value     string          `yaml:"value,omitempty"`
	ValueFrom *variableSource `yaml:"valueFrom,omitempty"`
}

type variableSource struct {
	SecretKeyRef secretKey `yaml:"secretKeyRef"`
}

type secretKey struct {
	Name     string `yaml:"name"`
	Key      string `yaml:"key"`
	Optional bool   `yaml:"optional,omitempty"`
}

type resources struct {
	Requests map[string]string `yaml:"requests"`
	Limits   map[string]string `yaml:"limits"`
}

type containerSecurity struct {
	AllowPrivilegeEscalation bool         `yaml:"allowPrivilegeEscalation"`
	ReadOnlyRootFilesystem   bool         `yaml:"readOnlyRootFilesystem"`
	Capabilities             capabilities `yaml:"capabilities"`
}

type capabilities struct {
	Drop []string `yaml:"drop,flow"`
}

type volumeMount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
	ReadOnly  bool   `yaml:"readOnly,omitempty"`
}

type volume struct {
	Name      string     `yaml:"name"`
	EmptyDir  *emptyDir  `yaml:"emptyDir,omitempty"`
	Projected *projected `yaml:"projected,omitempty"`
}

type emptyDir struct{}

type projected struct {
	// DefaultMode is written as a decimal number: readers of YAML differ in what a leading zero
	// means.
	DefaultMode int      `yaml:"defaultMode"`
	Sources     []source `yaml:"sources"`
}

type source struct {
	Secret secretSource `yaml:"secret"`
}

type secretSource struct {
	Name  string `yaml:"name"`
	Items []item `yaml:"items,omitempty"`
}

type item struct {
	Key  string `yaml:"key"`
	Path string `yaml:"path"`
}
