package car

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// What CAR's answers look like: one reader for each kind. The forms differ between services and
// versions; every unambiguous form is accepted.

// id is the id of a job or an import in a response: text, or a number, which keeps all of its
// digits. "" means absent, null or empty.
type id string

// UnmarshalJSON reads text, a number or null.
func (i *id) UnmarshalJSON(data []byte) error {
	switch c := data[0]; {
	case c == '"':
		return json.Unmarshal(data, (*string)(i))
	case c == '-' || '0' <= c && c <= '9':
		*i = id(data)
	case c == 'n':
		*i = ""
	default:
		return fmt.Errorf("an id must be text or a number, not %s", shorten(data))
	}
	return nil
}

// reason is why a job or an import ended in an error, as CAR puts it: text, or any other JSON. ""
// is none.
type reason string

// UnmarshalJSON reads text as it is, null as none, and keeps the JSON of anything else.
func (r *reason) UnmarshalJSON(data []byte) error {
	switch data[0] {
	case '"':
		return json.Unmarshal(data, (*string)(r))
	case 'n':
		*r = ""
	default:
		*r = reason(bytes.TrimSpace(data))
	}
	return nil
}

// detail is as much of the reason as a failure shows.
func (r reason) detail() string { return string(shorten([]byte(r))) }

// truth is a boolean, which may be written as text.
type truth bool

// UnmarshalJSON reads true and false, also as text in any case, and null as false.
func (t *truth) UnmarshalJSON(data []byte) error {
	switch text := strings.ToLower(strings.Trim(string(data), `"`)); text {
	case "true", "false", "null", "":
		*t = text == "true"
		return nil
	}
	return fmt.Errorf("expected true or false, not %s", shorten(data))
}

// number is a number, which may be written as text.
type number int

// UnmarshalJSON reads a whole number; anything else is 0.
func (n *number) UnmarshalJSON(data []byte) error {
	value, err := strconv.Atoi(strings.Trim(string(data), `"`))
	if err != nil {
		value = 0
	}
	*n = number(value)
	return nil
}

// said is what CAR says of a job.
type said int

const (
	unnamed said = iota // nothing
	done
	running
	lost   // CAR does not know it
	failed // it ended in an error
)

// statement is what CAR says of one job, and why it ended in an error.
type statement struct {
	said   said
	why    reason
	status int
}

// named is a job in an answer: an object, or the id alone.
type named struct {
	ID         id     `json:"id"`
	JobID      id     `json:"job_id"`
	Status     string `json:"status"`
	Error      reason `json:"error"`
	Message    reason `json:"message"`
	StatusCode number `json:"statusCode"`
}

// UnmarshalJSON reads an object, or an id.
func (n *named) UnmarshalJSON(data []byte) error {
	type object named
	if data[0] == '{' {
		return json.Unmarshal(data, (*object)(n))
	}
	return json.Unmarshal(data, &n.ID)
}

// id is the id under either name.
func (n *named) id() string {
	if n.ID == "" {
		return string(n.JobID)
	}
	return string(n.ID)
}

// as makes the statement that the job is in a state.
func (n *named) as(what said) statement {
	why := n.Error
	if why == "" {
		why = n.Message
	}
	return statement{what, why, int(n.StatusCode)}
}

// own is the state by the job's own status: only COMPLETE and ERROR mean that it ended.
func (n *named) own() statement {
	switch strings.ToUpper(strings.TrimSpace(n.Status)) {
	case "":
		return statement{}
	case "COMPLETE":
		return n.as(done)
	case "ERROR":
		return n.as(failed)
	}
	return n.as(running)
}

// lists is a response with a list of jobs for each status; any list may be missing or null.
type lists struct {
	Complete   jobList `json:"complete_imports"`
	Incomplete jobList `json:"incomplete_imports"`
	NotFound   jobList `json:"notfound_imports"`
	Errors     jobList `json:"error_imports"`
}

// jobList are the jobs in one state. Some services write an empty array as an empty object or text, and
// an array of one as that one.
type jobList []named

// UnmarshalJSON reads all forms.
func (l *jobList) UnmarshalJSON(data []byte) error {
	if *l = nil; data[0] == '[' {
		return json.Unmarshal(data, (*[]named)(l))
	}
	var one named
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	if one.id() != "" {
		*l = jobList{one}
	}
	return nil
}

// statements is what an answer says of jobs. It comes as lists, as an array of jobs with their
// status, or as one job. A job without an id is the requested one.
type statements struct {
	of  map[string]statement
	any statement // of a job that is not named
}

// UnmarshalJSON reads all forms.
func (s *statements) UnmarshalJSON(data []byte) error {
	*s = statements{of: map[string]statement{}}
	if data[0] == '[' {
		var jobs []named
		if err := json.Unmarshal(data, &jobs); err != nil {
			return err
		}
		for i := range jobs {
			s.add(&jobs[i], jobs[i].own())
		}
		return nil
	}
	var one named
	var all lists
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	s.add(&one, one.own())
	// The worst state counts when a job is in several lists.
	for _, list := range []struct {
		jobs jobList
		what said
	}{{all.Complete, done}, {all.Incomplete, running}, {all.NotFound, lost}, {all.Errors, failed}} {
		for i := range list.jobs {
			s.add(&list.jobs[i], list.jobs[i].as(list.what))
		}
	}
	return nil
}

func (s *statements) add(job *named, what statement) {
	if what.said == unnamed {
		return
	}
	if job.id() == "" {
		s.any = what
		return
	}
	s.of[job.id()] = what
}

// about is what the answer to a question about one job says of it.
func (s *statements) about(job string) statement {
	if of, ok := s.of[job]; ok {
		return of
	}
	return s.any
}

// started is the answer to a call that starts a job: an object that names it, or lists of jobs with
// that one.
type started struct {
	JobID  id
	ID     id
	Status string
	listed []named
}

// UnmarshalJSON reads both forms.
func (s *started) UnmarshalJSON(data []byte) error {
	var own struct {
		JobID  id     `json:"job_id"`
		ID     id     `json:"id"`
		Status string `json:"status"`
	}
	if err := json.Unmarshal(data, &own); err != nil {
		return err
	}
	*s = started{JobID: own.JobID, ID: own.ID, Status: own.Status}
	var all lists
	if s.job() == "" && json.Unmarshal(data, &all) == nil {
		s.listed = slices.Concat(all.Complete, all.Incomplete, all.NotFound, all.Errors)
	}
	return nil
}

// job is the id of the job; "" is none.
func (s *started) job() string {
	switch {
	case s.JobID != "":
		return string(s.JobID)
	case s.ID == "" && len(s.listed) == 1:
		return s.listed[0].id()
	}
	return string(s.ID)
}

// ended tells that no job is named because nothing is left to do.
func (s *started) ended() bool { return strings.EqualFold(strings.TrimSpace(s.Status), "COMPLETE") }

// confirmation is the answer to a change.
type confirmation struct {
	JobID   id     `json:"job_id"`
	Success *truth `json:"success"`
}

// saysNothing tells that an answer is empty, or has nothing in it.
func saysNothing(raw []byte) bool {
	switch string(bytes.Join(bytes.Fields(raw), nil)) {
	case "", "{}", "null", "[]", `""`:
		return true
	}
	return false
}
