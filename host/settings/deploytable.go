package settings

// The environment variables of the settings that the commands of a deployment have of their own.
const (
	EnvBase        = "CARJS_BASE"
	EnvKind        = "CARJS_KIND"
	EnvImage       = "CARJS_IMAGE"
	EnvCreator     = "CARJS_CREATOR"
	EnvConnections = "CARJS_CONNECTIONS"
	EnvSchedule    = "CARJS_SCHEDULE"
	EnvTimeZone    = "CARJS_TIME_ZONE"
	EnvNamespace   = "CARJS_NAMESPACE"
	EnvSecretsForm = "CARJS_SECRETS"
	EnvSecretName  = "CARJS_SECRET"
	EnvCARSecret   = "CARJS_CAR_SECRET"
	EnvPullSecret  = "CARJS_PULL_SECRET"
	EnvMemory      = "CARJS_MEMORY"
	EnvRunAsUser   = "CARJS_RUN_AS_USER"
	EnvTimeout     = "CARJS_TIMEOUT"
	EnvWithSecrets = "CARJS_WITH_SECRETS"
)

// The kinds of manifest.
const (
	KindCronJob   = "cronjob"
	KindConnector = "connector"
)

// The forms in which a pod gets its secrets.
const (
	SecretsEnv = "env"
	SecretsJWE = "jwe"
)

// GroupDeploy is the heading of what belongs to objects in a cluster.
const GroupDeploy = "Cluster"

// GroupScheduled is the heading of the settings of the runs that a manifest schedules.
const GroupScheduled = "Scheduled runs"

// scheduledFlags are the settings of a run that a manifest can set: not what it sets itself, what
// belongs to one run alone, and what names folders that a pod does not have.
var scheduledFlags = []string{
	"max-deletions", "max-skipped", "keep-dangling", "retry-wait", "timeout", "car-retry-wait", "request-timeout", "job-timeout",
	"compress", "pages-in-flight", "export-data-page-size", "max-stack", "max-stretch",
	"allow-net", "deny-net",
}

// ConfigTable returns the settings of merging configuration files.
func ConfigTable() Table {
	return Table{
		baseSetting(),
		{Flag: "o", Aliases: []string{"output"}, Env: EnvOutput, Type: Path, Group: GroupRun,
			Help: "folder for config.json and lang_en.json (default: print both)"},
	}
}

// baseSetting is the base configuration. Its old name, -base, is that of a base image elsewhere.
func baseSetting() Setting {
	return Setting{Flag: "base-config", Aliases: []string{"base"}, Env: EnvBase, Type: Path, Group: GroupRun,
		Help: "folder with the config.json and lang_en.json that all connectors share (default: those built in)"}
}

// ManifestTable returns the settings of writing manifests.
func ManifestTable() Table {
	run := RunTable()
	taken := func(flag, group, help string) Setting {
		row, _ := run.Lookup(flag)
		row.Group, row.Help = group, help
		return row
	}
	one := 1.0
	table := Table{
		{Flag: "kind", Env: EnvKind, Type: Text, Default: KindCronJob, Options: []string{KindCronJob, KindConnector}, Group: GroupRun,
			Help: "cronjob: a CronJob for any cluster; connector: the custom resource of the platform's operator"},
		{Flag: "image", Env: EnvImage, Type: Text, Group: GroupRun,
			Help: "the image by its digest: REF@sha256:..."},
		{Flag: "connections", Env: EnvConnections, Type: Path, Group: GroupRun,
			Help: "YAML file with many connections of any connectors, instead of CONNECTOR"},
		{Flag: "with-secrets", Env: EnvWithSecrets, Type: Boolean, Group: GroupRun,
			Help: "read the values that the file of connections names (from-env, from-file), and make the Secrets as well"},
		baseSetting(),
		{Flag: "o", Aliases: []string{"output"}, Env: EnvOutput, Type: Path, Group: GroupRun,
			Help: "file to write (default: standard output)"},
		taken("version", GroupRun, "version of the connector (default: the tag in -image)"),
		{Flag: "creator", Env: EnvCreator, Type: Text, Default: "IBM", Group: GroupRun,
			Help: "who made the connector, for -kind connector"},
		taken("source", GroupDeploy, "name of the source in CAR, and of the connection"),
		{Flag: "schedule", Env: EnvSchedule, Type: Text, Group: GroupDeploy,
			Help: "cron schedule of five fields (default: that of config.json)"},
		{Flag: "time-zone", Env: EnvTimeZone, Type: Text, Default: "Etc/UTC", Group: GroupDeploy,
			Help: "time zone of the schedule"},
		{Flag: "namespace", Env: EnvNamespace, Type: Text, Group: GroupDeploy,
			Help: "namespace of the objects (default: where they are applied)"},
		{Flag: "secrets", Env: EnvSecretsForm, Type: Text, Default: SecretsEnv,
			Options: []string{SecretsEnv, SecretsJWE}, Group: GroupDeploy,
			Help: "how the pod gets secrets, env: as environment variables; jwe: as encrypted files in /etc/secrets"},
		{Flag: "secret", Env: EnvSecretName, Type: Text, Group: GroupDeploy,
			Help: "the Secret with the connector's secrets (default: car-SOURCE)"},
		{Flag: "car-secret", Env: EnvCARSecret, Type: Text, Default: "car-service", Group: GroupDeploy,
			Help: "the Secret with the login of the CAR service, for -secrets env"},
		taken("car-service-url", GroupDeploy, "URL of the CAR service, with an API key"),
		taken("car-service-url-for-token", GroupDeploy, "URL of the CAR service, with a token"),
		{Flag: "pull-secret", Env: EnvPullSecret, Type: Text, Group: GroupDeploy,
			Help: "the Secret for pulling the image"},
		{Flag: "memory", Env: EnvMemory, Type: Size, Default: "1GB", Group: GroupDeploy,
			Help: "memory limit of the pod; the run gets four fifths of it"},
		{Flag: "run-as-user", Env: EnvRunAsUser, Type: Integer, Min: &one, Group: GroupDeploy,
			Help: "user id of the pod (default: that of the image; OpenShift assigns one)"},
	}
	for _, flag := range scheduledFlags {
		row, _ := run.Lookup(flag)
		row.Group = GroupScheduled
		table = append(table, row)
	}
	return table
}

// The environment variables of the settings that carjs deploy has of its own.
const (
	EnvDeployFile     = "CARJS_DEPLOY_FILE"
	EnvKubeconfig     = "CARJS_KUBECONFIG"
	EnvContext        = "CARJS_CONTEXT"
	EnvDryRun         = "CARJS_DRY_RUN"
	EnvRollback       = "CARJS_ROLLBACK"
	EnvForceConflicts = "CARJS_FORCE_CONFLICTS"
	EnvWait           = "CARJS_WAIT"
	EnvWaitTimeout    = "CARJS_WAIT_TIMEOUT"
)

// GroupApply is the heading of what belongs to a deployment and not to its objects.
const GroupApply = "Deployment"

// DeployTable returns the settings of deploying: those of the manifest, and its own.
func DeployTable() Table {
	least := 0.001
	table := Table{
		{Flag: "f", Aliases: []string{"filename"}, Env: EnvDeployFile, Type: Path, Group: GroupApply,
			Help: "deploy the objects of this manifest instead of CONNECTOR; - is standard input"},
		{Flag: "kubeconfig", Env: EnvKubeconfig, Type: Path, Group: GroupApply,
			Help: "kubeconfig file (default: those of KUBECONFIG, or ~/.kube/config; in a pod, its service account)"},
		{Flag: "context", Env: EnvContext, Type: Text, Group: GroupApply,
			Help: "context of the kubeconfig file (default: the current one)"},
		{Flag: "dry-run", Env: EnvDryRun, Type: Boolean, Group: GroupApply,
			Help: "let the cluster check everything, print what would change, and change nothing; exit code 3 when something would"},
		{Flag: "rollback", Env: EnvRollback, Type: Boolean, Group: GroupApply,
			Help: "go back to what was there before the last deployment"},
		{Flag: "force-conflicts", Env: EnvForceConflicts, Type: Boolean, Group: GroupApply,
			Help: "take over fields that somebody else has set"},
		{Flag: "wait", Env: EnvWait, Type: Boolean, Default: "true", Group: GroupApply,
			Help: "start a run and wait for its end; -wait=false deploys only"},
		{Flag: "wait-timeout", Env: EnvWaitTimeout, Type: Duration, Default: "1h", Min: &least, Group: GroupApply,
			Help: "longest time to wait for the run"},
	}
	for _, row := range ManifestTable() {
		if row.Env != EnvOutput {
			table = append(table, row)
		}
	}
	return table
}
