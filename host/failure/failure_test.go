package failure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"testing"
)

// The platform starts connectors by these numbers and names: none may move.
func TestKinds(t *testing.T) {
	want := []KindRule{
		{"GENERAL_APPLICATION_FAILURE", 1, false, "connector", "the save point is kept"},
		{"CONNECTOR_RUNTIME_INVALID_PARAMETER", 2, false, "settings", "not affected: this run imported nothing"},
		{"RecoverableFailure", 10, false, "CAR", "the incremental import is retried"},
		{"UnrecoverableFailure", 20, true, "CAR", "the save point was reset: the next run is a full import"},
		{"DatasourceFailure", 50, false, "data source", "the save point is kept"},
	}
	if got := Kinds(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for _, rule := range want {
		if Rule(rule.Kind) != rule {
			t.Errorf("%s: %+v", rule.Kind, Rule(rule.Kind))
		}
	}
	if Rule("Unknown") != want[0] {
		t.Errorf("%+v", Rule("Unknown"))
	}
	codes := []int{CodeOK, CodeDatasource, CodeDatasourceConnect, CodeDatasourceAuth, CodeDatasourceForbidden,
		CodeDatasourceInvalidParameter, CodeDatasourceDataProcess}
	if !reflect.DeepEqual(codes, []int{0, 50, 51, 52, 53, 54, 55}) {
		t.Error(codes)
	}
}

// A failure ends a process with a code that is one, and never with that of a success.
func TestWithCode(t *testing.T) {
	for code, want := range map[int]int{1: 1, 2: 2, 254: 254, 255: 255, 0: 50, -1: 50, 256: 50, 512: 50} {
		if f := New(Datasource, "x"); f.WithCode(code) != f || f.Code != want {
			t.Errorf("%d: %d", code, f.Code)
		}
	}
}

func TestDefaultHint(t *testing.T) {
	for code, want := range map[int]string{
		50: "check the data source and its log, then start the run again",
		51: "check that the data source is running, and the host and port in the connector's settings",
		52: "check the credentials in the connector's settings",
		53: "give the account in the connector's settings the permissions it needs",
		54: "check the connector's settings",
		55: "check the data that the data source returned",
		56: "check the data source and its log, then start the run again",
	} {
		if got := New(Datasource, "x").WithCode(code).DefaultHint(); got != want {
			t.Errorf("%d: %q", code, got)
		}
		// Neither what another kind nor what the connector is to blame for.
		if got := New(Recoverable, "x").WithCode(code).WithFault(FaultDatasource).DefaultHint(); got != "" {
			t.Errorf("recoverable, %d: %q", code, got)
		}
		if got := New(Datasource, "x").WithCode(code).WithFault(FaultConnector).DefaultHint(); got != "" {
			t.Errorf("fault of the connector, %d: %q", code, got)
		}
	}
}

func TestFailure(t *testing.T) {
	f := New(Recoverable, "%d of %s", 1, "2").WithFault(FaultCarjs).WithHint("try %q", "x").WithDetail("100%").WithCause(io.EOF)
	if want := (Failure{Kind: Recoverable, Code: 10, Fault: FaultCarjs, Message: "1 of 2", Hint: `try "x"`, Detail: "100%", Err: io.EOF}); *f != want {
		t.Errorf("%+v", *f)
	}
	if f.Error() != "1 of 2" || !errors.Is(f, io.EOF) {
		t.Error(f)
	}
	if f := Usage("no %s", "name"); f.Kind != InvalidParameter || f.Code != 2 || f.Fault != FaultSettings || f.Message != "no name" {
		t.Errorf("%+v", f)
	}
	if text := (&NotPossible{Reason: "too old"}).Error(); text != "incremental import not possible: too old" {
		t.Error(text)
	}
}

func TestFrom(t *testing.T) {
	if From(nil) != nil {
		t.Error("nil is no failure")
	}
	f := New(Unrecoverable, "x")
	if From(fmt.Errorf("about: %w", f)) != f {
		t.Error("a failure that is wrapped stays itself")
	}
	for _, c := range []struct {
		err   error
		kind  Kind
		fault Fault
		says  string
		hint  bool
	}{
		{fmt.Errorf("x: %w", context.Canceled), Recoverable, FaultNobody, "the run was stopped", true},
		{fmt.Errorf("x: %w", context.DeadlineExceeded), Recoverable, FaultSettings, "the run timed out", true},
		{errors.New("100% wrong"), General, FaultConnector, "100% wrong", false},
	} {
		got := From(c.err)
		if got.Kind != c.kind || got.Fault != c.fault || got.Message != c.says || (got.Hint != "") != c.hint || !errors.Is(got, c.err) {
			t.Errorf("%v: %+v", c.err, got)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"max-memory", "max-stretch", "source", "url", "username", "password", "allow-net", "allow-read", "allow-host"}
	for name, want := range map[string]string{
		"max_memory":  ", did you mean max-memory?",
		"MAX-MEMROY":  ", did you mean max-memory?", // neighbours that are swapped count once
		"sourc":       ", did you mean source?",
		"ssource":     ", did you mean source?",
		"surl":        ", did you mean url?",
		"curl":        ", did you mean url?",
		"ur":          ", did you mean url?",
		"u":           "",
		"xyz":         "",
		"":            "",
		"word":        ", did you mean password?", // a part of it
		"wo":          "",                         // too short for a part
		"max":         ", did you mean max-memory or max-stretch?",
		"allow":       ", did you mean allow-net, allow-read or allow-host?",
		"user":        ", did you mean username?",
		"passwort":    ", did you mean password?",
		"pasw0rt":     "", // three of eight letters are too many
		"max-stretcx": ", did you mean max-stretch?",
		"sxurcx":      ", did you mean source?",
		"ord":         ", did you mean password?",
		"pssword":     ", did you mean password?",
	} {
		if got := DidYouMean(name, known); got != want {
			t.Errorf("%q: %q instead of %q", name, got, want)
		}
	}
	if got := Nearest("abcd", []string{"abcdxyzq", "abxd", "abcd", "abdc", "abcde"}); !reflect.DeepEqual(got, []string{"abcd", "abxd", "abdc"}) {
		t.Error(got)
	}
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"abcd", "badc", 2}, {"ca", "abc", 3},
		{"xab", "xba", 1}, {"flaw", "lawn", 2}, {"aaa", "aa", 1}, {"abc", "axc", 1}, {"aab", "aba", 1}, {"aabb", "abab", 1},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %d instead of %d", c.a, c.b, got, c.want)
		}
	}
}
