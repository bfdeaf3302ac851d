package settings

// The groups of [RunTable].
const (
	GroupRun    = "Run"
	GroupCAR    = "CAR service"
	GroupExport = "Kept pages"
	GroupLog    = "Log"
	GroupLimits = "Limits"
)

// The environment variables that other rooms name.
const (
	EnvSource   = "CONNECTION_NAME"
	EnvName     = "CONNECTOR_NAME"
	EnvVersion  = "CONNECTOR_VERSION"
	EnvCAR      = "CARJS_CAR"
	EnvCARURL   = "CAR_SERVICE_URL"
	EnvCARKey   = "CAR_SERVICE_KEY"
	EnvCARPass  = "CAR_SERVICE_PASSWORD"
	EnvTokenURL = "CAR_SERVICE_URL_FOR_AUTHTOKEN"
	EnvToken    = "CAR_SERVICE_AUTHTOKEN"
)

// What one run may remove, and leave out.
const (
	EnvMaxDeletions   = "MAX_DELETIONS"
	EnvAllowDeletions = "ALLOW_DELETIONS"
	EnvMaxSkipped     = "MAX_SKIPPED"
)

// The environment variables that a manifest sets beside those.
const (
	EnvStateDir  = "CARJS_STATE_DIR"
	EnvMaxMemory = "CARJS_MAX_MEMORY"
	EnvLogFormat = "CARJS_LOG_FORMAT"
)

// How a run tells its progress, and its outcome.
const (
	EnvProgress         = "CARJS_PROGRESS"
	EnvProgressInterval = "CARJS_PROGRESS_INTERVAL"
	EnvTerminationLog   = "CARJS_TERMINATION_LOG"
)

// The values of [EnvProgress].
const (
	ProgressAuto = "auto"
	ProgressLog  = "log"
	ProgressOff  = "off"
)

// TerminationLog is where Kubernetes looks for the last word of a container, unless it is told
// otherwise.
const TerminationLog = "/dev/termination-log"

const (
	envSecretsDir = "CARJS_SECRETS_DIR"
	envDebug      = "DEBUG"
)

// EnvOutput is the file that carjs build writes.
const EnvOutput = "CARJS_OUTPUT"

// EnvDevPort is the port of the page of carjs dev.
const EnvDevPort = "CARJS_DEV_PORT"

// The folders of recorded traffic with the data source.
const (
	EnvRecord = "CARJS_RECORD"
	EnvReplay = "CARJS_REPLAY"
)

// RequireCAR is the value of CARJS_CAR with which a run never falls back on the embedded CAR
// service.
const RequireCAR = "required"

// RunTable returns the settings of a run. It is the one place that says which exist, what they are
// called and what counts when they are not given. Every call returns a table of its own.
func RunTable() Table {
	least := func(n float64) *float64 { return &n }
	return Table{
		{Flag: "source", Env: EnvSource, Type: Text, Group: GroupRun,
			Help: "name of the source in CAR that owns everything the connector writes"},
		{Flag: "name", Env: EnvName, Type: Text, Group: GroupRun,
			Help: "name of the connector in the log (default: its display name)"},
		{Flag: "version", Env: EnvVersion, Type: Text, Group: GroupRun,
			Help: "version of the connector in the log"},
		{Flag: "full", Env: "CARJS_FULL", Type: Boolean, Group: GroupRun,
			Help: "force a full import"},
		{Flag: "max-deletions", Env: EnvMaxDeletions, Type: Bound, Default: "50%", Group: GroupRun,
			Help: "most objects of a collection that one run may delete or retire: " +
				"a percentage (fewer than 25 objects always pass), a number or off"},
		{Flag: "allow-deletions", Env: EnvAllowDeletions, Type: Boolean, Group: GroupRun,
			Help: "let this run delete or retire as much as it finds gone, whatever -max-deletions says"},
		{Flag: "max-skipped", Env: EnvMaxSkipped, Type: Bound, Default: "10%", Group: GroupRun,
			Help: "most objects of a collection that may be left out as invalid: " +
				"a percentage (fewer than 10 pass unless they are all), a number or off"},
		{Flag: "connection-test", Env: "DATASOURCE_CONNECTION_TEST", Type: Boolean, AnyValue: true, Group: GroupRun,
			Help: "only test the connection to the data source, and exit with the test's code"},
		{Flag: "report", Env: "CARJS_REPORT", Type: Path, Group: GroupRun,
			Help: "write the outcome of the run to this file, as JSON; - is standard output"},
		{Flag: "record", Env: EnvRecord, Type: Path, Group: GroupRun,
			Help: "record the traffic with the data source in this folder, without secrets; recordings of other requests stay"},
		{Flag: "replay", Env: EnvReplay, Type: Path, Group: GroupRun,
			Help: "answer the connector from the recording in this folder, without the data source; its settings may be missing"},
		allowReadSetting(),
		{Flag: "allow-net", Env: EnvAllowNet, Type: Hosts, Group: GroupRun,
			Help: "the only hosts that the connector may connect to, separated by commas: HOST, HOST:PORT, *.DOMAIN, 10.0.0.0/8, or * " +
				"(default: all but link-local and cloud metadata addresses and the CAR service)"},
		{Flag: "deny-net", Env: EnvDenyNet, Type: Hosts, Group: GroupRun,
			Help: "hosts that the connector may not connect to, whatever -allow-net says"},
		{Flag: "verify", Env: EnvVerify, Type: Path, Group: GroupRun,
			Help: "run only an artifact that one of the public keys in this PEM file has signed (carjs build -sign)"},
		{Flag: "state-dir", Env: EnvStateDir, Type: Path, Default: ".carjs", Group: GroupRun,
			Help: "folder for the embedded services and temporary data"},
		{Flag: "retry-wait", Env: "CARJS_RETRY_WAIT", Type: Duration, Default: "1s", Min: least(0), Group: GroupRun,
			Help: "first wait before retrying a request to the data source, unless the connector sets it"},
		{Flag: "secrets-dir", Env: envSecretsDir, Type: Path, Default: "/etc/secrets", Group: GroupRun,
			Help: "folder of mounted secrets"},
		{Flag: "keep-dangling", Env: "CARJS_KEEP_DANGLING", Type: Boolean, Group: GroupRun,
			Help: "send edges at vertices that were not reported and are not in CAR; otherwise they are left out"},
		{Flag: "timeout", Env: EnvTimeout, Type: Duration, Default: "6h", Min: least(0.001), Group: GroupRun,
			Help: "time limit for the whole run"},

		{Flag: "car-service-url", Env: EnvCARURL, Type: Link, Group: GroupCAR,
			Help: "URL of the CAR service, with an API key"},
		{Flag: "car-service-key", Env: EnvCARKey, Type: Password, Group: GroupCAR,
			Help: "API key of the CAR service"},
		{Flag: "car-service-password", Env: EnvCARPass, Type: Password, Group: GroupCAR,
			Help: "password of the API key"},
		{Flag: "car-service-url-for-token", Env: EnvTokenURL, Type: Link, Group: GroupCAR,
			Help: "URL of the CAR service, with a token"},
		{Flag: "car-service-token", Env: EnvToken, Type: Password, Group: GroupCAR,
			Help: "token of the CAR service"},
		{Env: EnvCAR, Type: Text, Options: []string{RequireCAR}, Group: GroupCAR,
			Help: "required: never use the embedded CAR service"},
		{Flag: "car-retry-wait", Env: "CARJS_CAR_RETRY_WAIT", Type: Duration, Default: "10s", Min: least(0), Group: GroupCAR,
			Help: "unit of the waits before retries: 0, 2 and 4 units; polling a job starts at a tenth of a unit"},
		{Flag: "request-timeout", Env: "CARJS_REQUEST_TIMEOUT", Type: Duration, Default: "60s", Min: least(0.001), Group: GroupCAR,
			Help: "time limit for a request to CAR, and to the data source unless the connector sets it"},
		{Flag: "job-timeout", Env: "CARJS_JOB_TIMEOUT", Type: Duration, Default: "1h", Min: least(0.001), Group: GroupCAR,
			Help: "time limit for a job of the CAR service"},
		{Flag: "compress", Env: "CARJS_COMPRESS", Type: Boolean, Group: GroupCAR,
			Help: "compress pages, for a CAR service behind a slow connection"},
		{Flag: "pages-in-flight", Env: "CARJS_PAGES_IN_FLIGHT", Type: Integer, Default: "4", Min: least(1), Group: GroupCAR,
			Help: "pages posted to CAR at the same time"},

		{Flag: "export-data-dir", Env: "CARJS_EXPORT_DATA_DIR", Type: Path, Group: GroupExport,
			Help: "folder for waiting edges and kept pages (default: the system's temporary folder; for kept pages, export in -state-dir)"},
		{Flag: "keep-export-data-dir", Env: "CARJS_KEEP_EXPORT_DATA_DIR", Type: Boolean, Group: GroupExport,
			Help: "keep a copy of every page sent"},
		{Flag: "export-data-page-size", Env: "CARJS_EXPORT_DATA_PAGE_SIZE", Type: Integer, Default: "2000", Min: least(1),
			Group: GroupExport, Help: "objects per page"},

		{Flag: "d", Aliases: []string{"debug"}, Env: envDebug, Type: Boolean, AnyValue: true, Group: GroupLog,
			Help: "log details"},
		{Flag: "log-format", Env: EnvLogFormat, Type: Text, Default: "auto", Options: []string{"auto", "text", "json"}, Group: GroupLog,
			Help: "auto: text on a terminal, JSON lines otherwise"},
		{Flag: "progress", Env: EnvProgress, Type: Text, Default: ProgressAuto, Options: []string{ProgressAuto, ProgressLog, ProgressOff},
			Group: GroupLog, Help: "auto: a live line on a terminal, otherwise a log line from time to time; log: always log lines; off: neither"},
		{Flag: "progress-interval", Env: EnvProgressInterval, Type: Duration, Default: "30s", Min: least(0.001), Group: GroupLog,
			Help: "time between two log lines of progress"},
		{Env: EnvTerminationLog, Type: Path, Default: TerminationLog, Group: GroupLog,
			Help: "existing file that gets the outcome of the run as one line of JSON, at most 4096 bytes"},

		{Flag: "max-memory", Env: EnvMaxMemory, Type: Size, Default: "2GB", Group: GroupLimits,
			Help: "memory limit of the run, 0 for none"},
		{Flag: "max-stack", Env: "CARJS_MAX_STACK", Type: Integer, Default: "1500", Min: least(1), Group: GroupLimits,
			Help: "maximum call depth in the connector"},
		{Flag: "max-stretch", Env: "CARJS_MAX_STRETCH", Type: Duration, Default: "2m", Min: least(0.001), Group: GroupLimits,
			Help: "longest time the connector may compute without waiting for anything"},
	}
}

// DevTable returns the settings of the reload loop: those of a run that have a meaning there, and
// its own.
func DevTable() Table {
	least := 0.0
	table := Table{
		{Flag: "port", Env: EnvDevPort, Type: Integer, Default: "0", Min: &least, Group: GroupRun,
			Help: "port of the page on 127.0.0.1 that shows the runs; 0: any free port"},
	}
	run := RunTable()
	for _, flag := range []string{
		"source", "name", "version", "max-skipped", "replay", "state-dir", "retry-wait", "secrets-dir", "keep-dangling",
		"timeout", "request-timeout",
		"export-data-page-size", "d", "log-format",
		"max-memory", "max-stack", "max-stretch", "allow-read", "allow-net", "deny-net",
	} {
		row, _ := run.Lookup(flag)
		table = append(table, row)
	}
	return table
}

// The environment variables of the settings that carjs test has of its own.
const (
	EnvTestFilter       = "CARJS_TEST_FILTER"
	EnvTestTimeout      = "CARJS_TEST_TIMEOUT"
	EnvTestJUnit        = "CARJS_TEST_JUNIT"
	EnvTestCoverage     = "CARJS_TEST_COVERAGE"
	EnvTestCoverageFile = "CARJS_TEST_COVERAGE_FILE"
	EnvTestWatch        = "CARJS_TEST_WATCH"
)

// TestTable returns the settings of the tests of a connector.
func TestTable() Table {
	least := 0.001
	table := Table{
		{Flag: "filter", Env: EnvTestFilter, Type: Text, Group: GroupRun,
			Help: "run only tests and checks whose name, including its groups, contains this text"},
		{Flag: "watch", Env: EnvTestWatch, Type: Boolean, Group: GroupRun,
			Help: "run again on every save"},
		{Flag: "test-timeout", Env: EnvTestTimeout, Type: Duration, Default: "5s", Min: &least, Group: GroupRun,
			Help: "time limit for a test or a hook, unless it sets its own"},
		{Flag: "junit", Env: EnvTestJUnit, Type: Path, Group: GroupRun,
			Help: "write the results to this file as JUnit XML"},
		{Flag: "coverage", Env: EnvTestCoverage, Type: Boolean, Group: GroupRun,
			Help: "show which lines of the connector ran"},
		{Flag: "coverage-file", Env: EnvTestCoverageFile, Type: Path, Group: GroupRun,
			Help: "write the coverage to this file in lcov format"},
	}
	run := RunTable()
	for _, flag := range []string{"max-memory", "max-stack", "max-stretch", "allow-read"} {
		row, _ := run.Lookup(flag)
		table = append(table, row)
	}
	return table
}

// EnvCheckJSON is the environment variable of the form in which carjs check tells what it finds.
const EnvCheckJSON = "CARJS_CHECK_JSON"

// CheckTable returns the settings of checking a connector.
func CheckTable() Table {
	return Table{
		{Flag: "json", Env: EnvCheckJSON, Type: Boolean, Group: GroupRun,
			Help: "print the findings as one JSON document"},
		allowReadSetting(),
	}
}

// EnvAllowRead is the environment variable of the folders that a build may read besides the
// connector's.
const EnvAllowRead = "CARJS_ALLOW_READ"

// The environment variables of the hosts that a connector may and may not connect to.
const (
	EnvAllowNet = "CARJS_ALLOW_NET"
	EnvDenyNet  = "CARJS_DENY_NET"
)

// allowReadSetting is the setting of every command that builds a connector.
func allowReadSetting() Setting {
	return Setting{Flag: "allow-read", Env: EnvAllowRead, Type: Text, Group: GroupRun,
		Help: "folders, separated by commas, that the build may read besides the connector's folder and node_modules"}
}

// TypesTable returns the settings of writing typings.
func TypesTable() Table { return Table{allowReadSetting()} }

// The environment variables of the keys that sign artifacts and verify them.
const (
	EnvSign   = "CARJS_SIGN"
	EnvVerify = "CARJS_VERIFY"
)

// BuildTable returns the settings of building an artifact.
func BuildTable() Table {
	return Table{
		{Flag: "o", Aliases: []string{"output"}, Env: EnvOutput, Type: Path, Group: GroupRun,
			Help: "file to write (default: NAME.carjs in the working folder)"},
		{Flag: "sign", Env: EnvSign, Type: Path, Group: GroupRun,
			Help: "sign the artifact with this private key, Ed25519 in a PEM file"},
		allowReadSetting(),
	}
}

// GroupImage is the group of [ImageTable].
const GroupImage = "Image"

// The environment variables of the settings of carjs image.
const (
	EnvImageOutput   = "CARJS_IMAGE_OUTPUT"
	EnvImagePush     = "CARJS_IMAGE_PUSH"
	EnvImagePlatform = "CARJS_IMAGE_PLATFORM"
	EnvImageBinary   = "CARJS_IMAGE_BINARY"
	EnvImageBase     = "CARJS_IMAGE_BASE"
	EnvImageCA       = "CARJS_IMAGE_CA"
	EnvImageSBOM     = "CARJS_IMAGE_SBOM"
	EnvImageVersion  = "CARJS_IMAGE_VERSION"
	EnvImageRelease  = "CARJS_IMAGE_RELEASE"
	EnvImageVendor   = "CARJS_IMAGE_VENDOR"
	EnvImageLabel    = "CARJS_IMAGE_LABEL"
)

// The environment variables of the settings that carjs publish has besides those of an image.
const (
	EnvPublishTo        = "CARJS_PUBLISH_TO"
	EnvPublishCandidate = "CARJS_PUBLISH_RC"
	EnvPublishKey       = "CARJS_PUBLISH_KEY"
	EnvPublishSkipTests = "CARJS_PUBLISH_SKIP_TESTS"
)

// ImageTable returns the settings of making a container image.
func ImageTable() Table {
	return Table{
		allowReadSetting(),
		{Flag: "o", Aliases: []string{"output"}, Env: EnvImageOutput, Type: Path, Group: GroupImage,
			Help: "write the image to this file for docker load (FILE.tar), " +
				"or to this folder as an OCI layout (default without -push: NAME.tar)"},
		{Flag: "push", Env: EnvImagePush, Type: Text, Group: GroupImage,
			Help: "push the image to REGISTRY/REPOSITORY:TAG, with the login of docker login"},
		{Flag: "platform", Env: EnvImagePlatform, Type: Text, Group: GroupImage,
			Help: "platforms, separated by commas, such as linux/amd64,linux/arm64 (default: those of -binary, or that of this machine)"},
		{Flag: "binary", Env: EnvImageBinary, Type: Text, Group: GroupImage,
			Help: "carjs for a platform, PLATFORM=FILE, separated by commas (default: this program, for its own platform)"},
		{Flag: "base", Env: EnvImageBase, Type: Text, Group: GroupImage,
			Help: "image to build on, REGISTRY/REPOSITORY:TAG (default: build from nothing)"},
		{Flag: "base-config", Env: EnvBase, Type: Path, Group: GroupImage,
			Help: "folder with the config.json and lang_en.json that all connectors share (default: those built in)"},
		{Flag: "ca", Env: EnvImageCA, Type: Path, Group: GroupImage,
			Help: "file of certificate authorities in PEM form that the image trusts, too"},
		{Flag: "sbom", Env: EnvImageSBOM, Type: Path, Group: GroupImage,
			Help: "write the bill of materials to this file, as CycloneDX in JSON; with -push it is pushed, too"},
		{Flag: "version", Env: EnvImageVersion, Type: Text, Group: GroupImage,
			Help: "version of the connector: a label, and the tag unless -push names one (default: that of config.json)"},
		{Flag: "release", Env: EnvImageRelease, Type: Text, Group: GroupImage,
			Help: "label release"},
		{Flag: "vendor", Env: EnvImageVendor, Type: Text, Group: GroupImage,
			Help: "label vendor"},
		{Flag: "label", Env: EnvImageLabel, Type: Text, Group: GroupImage,
			Help: "more labels, NAME=VALUE, separated by commas"},
	}
}

// PublishTable returns the settings of publishing a connector.
func PublishTable() Table {
	table := Table{
		{Flag: "to", Env: EnvPublishTo, Type: Text, Group: GroupRun,
			Help: "repository to publish in, REGISTRY/REPOSITORY, with the login of docker login"},
		{Flag: "rc", Env: EnvPublishCandidate, Type: Boolean, Group: GroupRun,
			Help: "publish a candidate, VERSION-rc.N, with the next N that is free in the repository"},
		{Flag: "key", Env: EnvPublishKey, Type: Path, Group: GroupRun,
			Help: "sign with the private key in this file, as cosign does; COSIGN_PASSWORD decrypts it"},
		{Flag: "skip-tests", Env: EnvPublishSkipTests, Type: Text, Group: GroupRun,
			Help: "publish without running carjs test, for this REASON, which is published, too"},
	}
	for _, row := range ImageTable() {
		switch row.Flag {
		case "o", "push", "sbom":
			continue
		case "version":
			row.Help = "version to publish (default: that of config.json)"
		}
		table = append(table, row)
	}
	return table
}
