package car

import (
	"slices"
	"strconv"

	"carjs/host/failure"
)

// Call is one of the calls to CAR.
type Call string

// The calls, by what they do.
const (
	GetDatabases    Call = "GET databases"
	CreateDatabase  Call = "POST databases"
	RepairDatabase  Call = "PATCH databases"
	JobStatus       Call = "GET jobstatus"
	GetSavePoint    Call = "GET source"
	SetSavePoint    Call = "PATCH source"
	EnterFullImport Call = "POST full-import-in-progress"
	LeaveFullImport Call = "DELETE full-import-in-progress"
	PostImport      Call = "POST imports"
	ImportStatus    Call = "GET importstatus"
	OneImportStatus Call = "GET importstatus of one"
	DeleteVertices  Call = "DELETE source collection"
	PatchVertex     Call = "PATCH vertex"
	PatchEdge       Call = "PATCH edge"
	SearchAttribute Call = "GET collection"
	GetImportSchema Call = "GET importSchema"
	GetExtension    Call = "GET carSchema"
	PostExtension   Call = "POST carSchema"
	PostQuery       Call = "POST query"
)

// Calls returns all calls, in the order of a run.
func Calls() []Call {
	return []Call{
		GetExtension, PostExtension, GetDatabases, CreateDatabase, RepairDatabase, JobStatus, GetSavePoint, SetSavePoint,
		EnterFullImport, PostImport, ImportStatus, OneImportStatus, GetImportSchema, PostQuery, DeleteVertices, PatchVertex, PatchEdge,
		SearchAttribute, LeaveFullImport,
	}
}

// Answer is what came of a request: the status as a number ("503"), or one of the constants.
type Answer string

// The answers that are no status.
const (
	NoConnection  Answer = "no connection"    // refused, no route, a proxy that is not there: it may pass
	CannotConnect Answer = "cannot connect"   // unknown host, certificate not trusted, proxy refuses: it will not pass
	Dropped       Answer = "dropped"          // the connection broke before the end of the answer
	TimedOut      Answer = "time-out"         // no answer, or no end of it, within the request's time
	Garbage       Answer = "garbage"          // a success whose body is not JSON
	Incomplete    Answer = "incomplete"       // a success whose body lacks what it is there for
	JobFailed     Answer = "job failed"       // the job ended in an error
	JobLate       Answer = "job late"         // the job did not end within its time
	ImportFailed  Answer = "import failed"    // an import ended in an error that another try may not meet
	ImportRefused Answer = "import refused"   // CAR does not take what a page holds
	NotReady      Answer = "not ready"        // the database does not become ready
	QueryRefused  Answer = "query refused"    // GraphQL errors
	WentBack      Answer = "went back"        // an import that was complete is not any more
	Refused       Answer = "refused"          // a success that says that it is none: {"success": false}
	notFoundJob   Answer = "import not found" // CAR does not know an import that it accepted
)

// answered is the answer of a status.
func answered(status int) Answer { return Answer(strconv.Itoa(status)) }

// Answers returns all answers that have a rule of their own; any other status has that of "4xx" or
// "5xx".
func Answers() []Answer {
	answers := make([]Answer, len(common))
	for i, row := range common {
		answers[i] = row.answer
	}
	return answers
}

// Rule says what an answer means.
type Rule struct {
	// Retry tells that the request is repeated up to three times before the answer counts.
	Retry bool
	// Kind is how the run ends; its default code is the exit code.
	Kind failure.Kind
	// Fault is who has to act.
	Fault failure.Fault
	// Hint is the next step.
	Hint string
}

type row struct {
	answer Answer
	rule   Rule
}

const (
	again       = "nothing is lost: the next run tries again"
	lookAtCAR   = "look at the log of the CAR service; the next run tries again"
	credentials = "check the key and password, or the token, and the URL of the CAR service"
)

// common is what the answers mean to all calls that exceptions does not name. Which statuses are
// recoverable is what the platform's existing connectors do; 408, 429, 502 and broken connections
// are worth another try besides 403 and 503, which they repeat.
var common = []row{
	{
		"206",
		Rule{
			true, failure.Recoverable, failure.FaultSettings,
			"only a part of the response came: check any proxy or cache in front of the CAR service",
		},
	},
	{"302", Rule{false, failure.Recoverable, failure.FaultSettings, "the login has expired or the URL is not CAR's: " + credentials}},
	{"400", Rule{false, failure.Recoverable, failure.FaultConnector, "see the detail for why CAR rejected the request"}},
	{"401", Rule{false, failure.Recoverable, failure.FaultSettings, credentials}},
	{
		"403",
		Rule{
			true, failure.Recoverable, failure.FaultSettings,
			"the key or token may not do this: ask for the permissions of a connector, or check the URL",
		},
	},
	{
		"404",
		Rule{
			false, failure.Unrecoverable, failure.FaultSettings,
			"check the URL of the CAR service: it ends in /api/car/v2",
		},
	},
	{"408", Rule{true, failure.Recoverable, failure.FaultCAR, again}},
	{"409", Rule{false, failure.Unrecoverable, failure.FaultCAR, "make sure that only one connector at a time writes to this source"}},
	{"422", Rule{false, failure.Unrecoverable, failure.FaultConnector, "CAR refuses what was sent: the detail says why"}},
	{"429", Rule{true, failure.Unrecoverable, failure.FaultCAR, "CAR is overloaded: run the connector less often, or at another time"}},
	{"500", Rule{false, failure.Recoverable, failure.FaultCAR, lookAtCAR}},
	{"502", Rule{true, failure.Unrecoverable, failure.FaultCAR, "the proxy or load balancer in front of CAR cannot reach it: " + lookAtCAR}},
	{"503", Rule{true, failure.Recoverable, failure.FaultCAR, again}},
	{"504", Rule{true, failure.Recoverable, failure.FaultCAR, again}},
	{"4xx", Rule{false, failure.Unrecoverable, failure.FaultCAR, lookAtCAR}},
	{"5xx", Rule{false, failure.Unrecoverable, failure.FaultCAR, lookAtCAR}},
	{
		NoConnection,
		Rule{
			true, failure.Recoverable, failure.FaultCAR,
			"check that the CAR service is running and can be reached from here; the next run tries again",
		},
	},
	{
		CannotConnect,
		Rule{
			false, failure.Recoverable, failure.FaultSettings,
			"check the URL of the CAR service, and the proxies and certificates of this machine",
		},
	},
	{Dropped, Rule{true, failure.Recoverable, failure.FaultCAR, again}},
	{
		TimedOut,
		Rule{
			true, failure.Recoverable, failure.FaultCAR,
			"CAR is slow or hangs: raise -request-timeout, or look at its log",
		},
	},
	{
		Garbage,
		Rule{
			false, failure.Recoverable, failure.FaultSettings,
			"the response does not come from CAR: check the URL, and any proxy or login page in front of the service",
		},
	},
	{Incomplete, Rule{false, failure.Recoverable, failure.FaultCAR, lookAtCAR}},
	{JobFailed, Rule{false, failure.Unrecoverable, failure.FaultCAR, lookAtCAR}},
	{
		JobLate,
		Rule{
			false, failure.Recoverable, failure.FaultCAR,
			"raise -job-timeout, or look at the log of the CAR service",
		},
	},
	{ImportFailed, Rule{false, failure.Recoverable, failure.FaultCAR, lookAtCAR}},
	{ImportRefused, Rule{false, failure.Unrecoverable, failure.FaultConnector, "fix what the detail names in the connector"}},
	{NotReady, Rule{false, failure.Recoverable, failure.FaultCAR, "look at the database of the CAR service; the next run tries again"}},
	{QueryRefused, Rule{false, failure.Recoverable, failure.FaultConnector, "fix the query: the detail shows it, and CAR's error"}},
	{WentBack, Rule{false, failure.Recoverable, failure.FaultCAR, lookAtCAR}},
	{Refused, Rule{false, failure.Recoverable, failure.FaultCAR, "the detail shows what CAR says: " + lookAtCAR}},
	{notFoundJob, Rule{true, failure.Recoverable, failure.FaultCAR, lookAtCAR}},
}

// exception changes the common rule for some calls.
type exception struct {
	calls   []Call
	answers []Answer // nil: all but success
	change  func(*Rule)
}

func retried(r *Rule)       { r.Retry = true }
func recoverable(r *Rule)   { r.Kind = failure.Recoverable }
func unrecoverable(r *Rule) { r.Kind = failure.Unrecoverable }

// exceptions, in the order in which they apply.
var exceptions = []exception{
	// Looking at a job changes nothing and failing to look says nothing of the job: another look is
	// always worth it, and a job that cannot be seen is neither done nor failed.
	{[]Call{JobStatus, ImportStatus, OneImportStatus}, []Answer{
		"302", "400", "401", "404", "408", "409", "422", "429", "500", "502", "503", "504", "4xx", "5xx", Garbage, Incomplete,
	}, func(r *Rule) { retried(r); recoverable(r) }},
	// Reading again costs little.
	{
		[]Call{GetDatabases, GetSavePoint, GetImportSchema, GetExtension, PostQuery, SearchAttribute},
		[]Answer{"500", Garbage, Incomplete}, retried,
	},
	// The save point is the last thing that a run writes. Everything is in CAR by then, so that a
	// failure loses nothing.
	{[]Call{SetSavePoint}, []Answer{"500", Garbage, Incomplete}, retried},
	{[]Call{SetSavePoint}, nil, recoverable},
	// CAR said yes and not which job: nobody will ever know whether the page has arrived.
	{[]Call{PostImport}, []Answer{Garbage, Incomplete}, unrecoverable},
	// Switching an edge off or deleting a vertex twice is the same as once.
	{[]Call{DeleteVertices, PatchEdge, PatchVertex}, []Answer{"500", Garbage, Incomplete}, retried},
	// So is posting an extension, once CAR was asked whether it has it.
	{[]Call{PostExtension}, []Answer{Garbage, Incomplete}, retried},
}

// RuleFor returns the rule of an answer to a call.
func RuleFor(call Call, answer Answer) Rule {
	rule := commonRule(answer)
	for _, e := range exceptions {
		if slices.Contains(e.calls, call) && (e.answers == nil || slices.Contains(e.answers, class(answer))) {
			e.change(&rule)
		}
	}
	return rule
}

func commonRule(answer Answer) Rule {
	name := class(answer)
	for _, row := range common {
		if row.answer == name {
			return row.rule
		}
	}
	return Rule{Kind: failure.Unrecoverable, Fault: failure.FaultCAR, Hint: lookAtCAR}
}

// class is the answer under which the table has a status.
func class(answer Answer) Answer {
	for _, row := range common {
		if row.answer == answer {
			return answer
		}
	}
	if len(answer) == 3 && answer[0] == '5' {
		return "5xx"
	}
	return "4xx" // 1xx and 3xx as well: CAR has no use for them
}
