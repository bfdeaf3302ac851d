package car

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"carjs/host/failure"
)

// Ids of jobs and imports come as text or as numbers, and go back to CAR with every digit.
func TestIDsOfJobs(t *testing.T) {
	for said, want := range map[string]string{
		`"a b"`: "/api/car/v2/jobstatus/a%20b", `12345678901234567890`: "/api/car/v2/jobstatus/12345678901234567890",
	} {
		var asked string
		s := newScript(t, says(`{"job_id":`+said+`}`), func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.EscapedPath()
			says(`{"status":"COMPLETE"}`)(w, r)
		})
		if _, err := s.client().EnterFullImport(context.Background()); err != nil || asked != want {
			t.Errorf("%s: asked for %s, want %s (%v)", said, asked, want, err)
		}
	}
	for said, want := range map[string]string{
		`"i-1"`: "i-1", `9007199254740993`: "9007199254740993", `null`: "", `""`: "", `{}`: "", `true`: "",
	} {
		s := newScript(t, says(`{"id":`+said+`}`))
		got, err := s.client().Import(context.Background(), []byte(`{}`))
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, want %q (%v)", said, got, want, err)
		}
	}
	left := newScript(t, says(`{"incomplete_imports":[{"id":12345678901234567890},{"id":"x"}],"error_imports":[]}`),
		says(`{"complete_imports":[12345678901234567890,"x"]}`))
	if err := left.client().AwaitImports(context.Background(), []string{"12345678901234567890", "x"}); err != nil || left.count() != 2 {
		t.Errorf("%d requests (%v)", left.count(), err)
	}
}

// Why a job ended in an error is shown as CAR puts it, and nothing is shown where CAR says nothing.
func TestReasonsOfJobs(t *testing.T) {
	for said, want := range map[string]string{
		``: "", `,"error":null`: "", `,"error":""`: "", `,"error":"disk"`: "disk",
		`,"error":{"code":12345678901234567890}`: `{"code":12345678901234567890}`,
		`,"error":"<nil>"`:                       "<nil>", `,"error":12345678.5`: "12345678.5",
	} {
		s := newScript(t, says(`{"job_id":"1"}`), says(`{"status":"ERROR"`+said+`}`))
		var failed *failure.Failure
		if _, err := s.client().EnterFullImport(context.Background()); !errors.As(err, &failed) || failed.Detail != want {
			t.Errorf("%s: detail of %v, want %q", said, err, want)
		}
		s = newScript(t, says(`{"incomplete_imports":[],"error_imports":[{"id":1,"statusCode":500`+said+`}]}`))
		if err := s.client().AwaitImports(context.Background(), []string{"1"}); !errors.As(err, &failed) || failed.Detail != want {
			t.Errorf("%s: detail of %v, want %q", said, err, want)
		}
	}
}
