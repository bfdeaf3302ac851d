package settings

import "time"

// RunOptions are the typed settings of a run, apart from those of CAR, which [Values.CAR] returns.
// None of them is a secret.
type RunOptions struct {
	Source, Name, Version string
	Full, ConnectionTest  bool
	// MaxDeletions is off when AllowDeletions is on.
	MaxDeletions, MaxSkipped Limit
	Report                   string // file to write, empty for none
	StateDir                 string
	KeepDangling             bool
	Timeout                  time.Duration

	CARRetryWait, RequestTimeout, JobTimeout, RetryWait time.Duration

	ExportDataDir  string // empty: a folder of the caller's choice
	KeepExportData bool
	PageSize       int
	PagesInFlight  int
	Compress       bool

	Debug     bool
	LogFormat string // auto, text or json

	Progress         string // ProgressAuto, ProgressLog or ProgressOff
	ProgressInterval time.Duration
	TerminationLog   string

	MaxMemory uint64 // bytes, 0 for no limit
	MaxStack  int
	MaxTurn   time.Duration
}

// Run returns the typed settings. They are complete when [Values.Check] found no fault and the
// table has the rows of [RunTable]; a row that a command left out of its table leaves its field
// empty.
func (v Values) Run() RunOptions {
	run := RunOptions{
		Source: v.Text(EnvSource), Name: v.Text(EnvName), Version: v.Text(EnvVersion),
		Full:           typed[bool](v, "CARJS_FULL"),
		ConnectionTest: typed[bool](v, "DATASOURCE_CONNECTION_TEST"),
		MaxDeletions:   typed[Limit](v, EnvMaxDeletions),
		MaxSkipped:     typed[Limit](v, EnvMaxSkipped),
		Report:         v.Text("CARJS_REPORT"),
		StateDir:       v.Text("CARJS_STATE_DIR"),
		KeepDangling:   typed[bool](v, "CARJS_KEEP_DANGLING"),
		Timeout:        typed[time.Duration](v, "CARJS_TIMEOUT"),

		CARRetryWait:   typed[time.Duration](v, "CARJS_CAR_RETRY_WAIT"),
		RequestTimeout: typed[time.Duration](v, "CARJS_REQUEST_TIMEOUT"),
		RetryWait:      typed[time.Duration](v, "CARJS_RETRY_WAIT"),
		JobTimeout:     typed[time.Duration](v, "CARJS_JOB_TIMEOUT"),

		ExportDataDir:  v.Text("CARJS_EXPORT_DATA_DIR"),
		KeepExportData: typed[bool](v, "CARJS_KEEP_EXPORT_DATA_DIR"),
		PageSize:       typed[int](v, "CARJS_EXPORT_DATA_PAGE_SIZE"),
		PagesInFlight:  typed[int](v, "CARJS_PAGES_IN_FLIGHT"),
		Compress:       typed[bool](v, "CARJS_COMPRESS"),

		Debug:     typed[bool](v, envDebug),
		LogFormat: v.Text("CARJS_LOG_FORMAT"),

		Progress:         v.Text(EnvProgress),
		ProgressInterval: typed[time.Duration](v, EnvProgressInterval),
		TerminationLog:   v.Text(EnvTerminationLog),

		MaxMemory: typed[uint64](v, "CARJS_MAX_MEMORY"),
		MaxStack:  typed[int](v, "CARJS_MAX_STACK"),
		MaxTurn:   typed[time.Duration](v, "CARJS_MAX_STRETCH"),
	}
	if typed[bool](v, EnvAllowDeletions) {
		run.MaxDeletions = Limit{Off: true}
	}
	if run.Name == "" && v.state != nil && v.state.declaration != nil {
		run.Name = v.state.declaration.Name
	}
	return run
}

// Connector returns the connector's settings as TypeScript sees them: each by its environment
// variable and, where that is free, by its short name; numbers and booleans typed; what has no
// value left out. Mounted secrets that nobody declared are there by the names of their files.
// Source, name and version of the connector and debug are there always, by their short names too,
// which a connector's own settings do not take.
func (v Values) Connector() Args {
	args := make(Args)
	if v.state == nil {
		return args
	}
	for name, secret := range v.state.undeclared {
		args[name] = secret.Reveal()
	}
	run := v.Run()
	for name, value := range map[string]any{
		EnvSource: run.Source, "source": run.Source, EnvName: run.Name, "name": run.Name, EnvVersion: run.Version,
		"version": run.Version, "debug": run.Debug,
	} {
		args[name] = value
	}
	if v.state.declaration == nil {
		return args
	}
	for _, f := range v.state.declaration.Fields {
		found := v.get(f.Env)
		if found.typed == nil {
			continue
		}
		args[f.Env] = found.typed
		if f.Short != "" {
			args[f.Short] = found.typed
		}
	}
	return args
}
