package host_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"carjs/host"
	"carjs/host/carserver"
	"carjs/host/failure"
)

// A database that is not whole is completed, and the import is full then, save point or not.
func TestDatabaseIsCompleted(t *testing.T) {
	for _, state := range []carserver.DatabaseState{
		carserver.DatabaseAbsent, carserver.DatabaseEmpty, carserver.DatabaseWithoutGraph, carserver.DatabaseWithoutIndexes,
	} {
		for _, before := range []bool{false, true} {
			name := string(state) + " at first"
			if before {
				name = string(state) + " after an import"
			}
			t.Run(name, func(t *testing.T) {
				f := ready(t)
				c := &tabular{states: []graph{office()}}
				if before {
					f.ok(c, host.ModeFull)
					f.sequence()
				}
				if err := f.car.SetDatabase(context.Background(), state); err != nil {
					t.Fatal(err)
				}
				known := f.savePoint() != ""
				f.ok(c, host.ModeFull)
				f.sameAsFull(c)
				sequence := f.sequence()
				reset := slices.Index(sequence, `PATCH source {"model_state_id":""}`)
				enter := slices.Index(sequence, "POST full-import")
				if known != (reset >= 0) || reset > enter {
					t.Errorf("save point known: %v, reset in request %d, full import entered in %d", known, reset, enter)
				}
				f.ok(c, host.ModeIncremental)
			})
		}
	}
}

func TestMode(t *testing.T) {
	none := ""
	tests := []struct {
		name    string
		prepare func(*tabular, *host.Options)
		want    host.Mode
		reason  string
	}{
		{"incremental when there is nothing against it", func(*tabular, *host.Options) {}, host.ModeIncremental, ""},
		{"full when asked for", func(_ *tabular, o *host.Options) { o.Full = true }, host.ModeFull, "was requested"},
		{
			"full without an incremental import", func(c *tabular, _ *host.Options) { c.noIncremental = true },
			host.ModeFull, "no incremental import",
		},
		{"full without a current save point", func(c *tabular, _ *host.Options) { c.point = &none }, host.ModeFull, "has no save point"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office()}}
			f.ok(c, host.ModeFull)
			f.sequence()
			options := f.options()
			test.prepare(c, &options)
			r := host.Import(context.Background(), c, options)
			if r.ExitCode != 0 || r.Mode != test.want {
				t.Fatalf("exit code %d, mode %q: %+v", r.ExitCode, r.Mode, r.Failure)
			}
			if !strings.Contains(f.log.String(), test.reason) {
				t.Errorf("the log does not say %q", test.reason)
			}
			f.sameAsFull(c)
			sequence := f.sequence()
			reset := slices.Index(sequence, `PATCH source {"model_state_id":""}`)
			if test.want == host.ModeFull && (reset < 0 || reset > slices.Index(sequence, "POST full-import")) {
				t.Errorf("the save point was not reset before the full import: %q", sequence)
			}
			if test.want == host.ModeIncremental && reset >= 0 {
				t.Error("the save point was reset")
			}
		})
	}
}

// Without a save point of the data source every run is full, and CAR keeps none.
func TestNoSavePoint(t *testing.T) {
	f := ready(t)
	none := ""
	c := &tabular{states: []graph{office()}, point: &none}
	for range 2 {
		f.ok(c, host.ModeFull)
		if f.savePoint() != "" {
			t.Fatalf("CAR has save point %q", f.savePoint())
		}
	}
}

// A connector may find out anywhere that it cannot import incrementally.
func TestIncrementalGivesWay(t *testing.T) {
	for _, step := range []string{"head", "save point", "delta", "vertices", "edges", "delete"} {
		t.Run(step, func(t *testing.T) {
			f := ready(t)
			c := &tabular{states: []graph{office(), changed(office(), func(g graph) {
				g.vertices["asset"]["3"] = object{"name": "chair"}
				delete(g.vertices["asset"], "1")
				delete(g.edges["asset_ipaddress"], [2]string{"1", "10.0.0.1"})
			})}, strategy: parts}
			f.ok(c, host.ModeFull)
			c.at = 1
			stamps := []int64{}
			once := false
			c.hooks = map[string]func(context.Context, *host.Run) error{
				step: func(_ context.Context, run *host.Run) error {
					stamps = append(stamps, run.Timestamp())
					if once {
						return nil
					}
					once = true
					return locatedError{error: &failure.NotPossible{Reason: "the journal was cut"}}
				},
			}
			r := f.ok(c, host.ModeFull)
			f.sameAsFull(c)
			if r.SavePoint != "1" || f.savePoint() != "1" {
				t.Errorf("save point %q, in CAR %q", r.SavePoint, f.savePoint())
			}
			if !strings.Contains(f.log.String(), "the journal was cut") {
				t.Error("the log does not say why")
			}
			if len(stamps) == 2 && stamps[0] >= stamps[1] {
				t.Errorf("the second attempt has no time of its own: %v", stamps)
			}
		})
	}
}

// A full import has nothing to give way to.
func TestFullCannotGiveWay(t *testing.T) {
	f := ready(t)
	c := &tabular{states: []graph{office()}, hooks: map[string]func(context.Context, *host.Run) error{
		"vertices": func(context.Context, *host.Run) error { return &failure.NotPossible{Reason: "no journal"} },
	}}
	if r := f.run(c); r.ExitCode != 1 || !strings.Contains(r.Failure.Message, "no journal") {
		t.Errorf("%+v", r.Failure)
	}
}
