package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"carjs/cmd/bench/internal/child"
	"carjs/connectors/reference/server"
	"carjs/host/carserver"
	"carjs/host/httpx"
)

// edit is one change to the data source: a row of a kind that comes, changes or goes.
type edit struct {
	kind, what   string
	method, path string
	body         string
	// more are further rows that change with this one, before the import.
	more []edit
}

// edits are the changes that are measured, n times each, every time of another row. Numbers of rows
// are those of a model that was just generated: they begin with 1.
func edits(n, size int) []edit {
	pk := 100 + 7*n
	var list []edit
	add := func(kind, what, method, path, body string, args ...any) {
		list = append(list, edit{kind: kind, what: what, method: method, path: path, body: fmt.Sprintf(body, args...)})
	}
	row := func(kind string, pk int) string { return fmt.Sprintf("/%s/%d", kind, pk) }
	add("assets", "edit", http.MethodPatch, row("assets", pk), `{"initial_value": %d}`, 1000+n)
	add("assets", "rename", http.MethodPatch, row("assets", pk+1), `{"name": "renamed-%d"}`, n)
	add("apps", "rename", http.MethodPatch, row("apps", pk), `{"name": "renamed %d"}`, n)
	add("hosts", "rename", http.MethodPatch, row("hosts", pk), `{"host": "renamed-%d.example.com"}`, n)
	add("ip_addresses", "edit", http.MethodPatch, row("ip_addresses", pk), `{"address": "172.16.0.%d"}`, n+1)
	add("mac_addresses", "edit", http.MethodPatch, row("mac_addresses", pk), `{"address": "02:00:00:00:01:%02x"}`, n)
	add("vulnerabilities", "rename", http.MethodPatch, row("vulnerabilities", pk), `{"name": "renamed %d"}`, n)
	add("sites", "rename", http.MethodPatch, row("sites", 1), `{"name": "renamed %d"}`, n)
	add("ports", "edit", http.MethodPatch, row("ports", 1), `{"port_number": %d}`, 1000+n)
	add("xrefproperties", "edit", http.MethodPatch, row("xrefproperties", 1), `{"extref_value": "EDITED-%d"}`, n)

	add("assets", "create", http.MethodPost, "/assets", `{"name": "new %d", "site": 1, "vulnerabilities": [1, 2]}`, n)
	add("apps", "create", http.MethodPost, "/apps", `{"name": "new %d", "assets": [1]}`, n)
	add("hosts", "create", http.MethodPost, "/hosts", `{"host": "new-%d.example.com", "asset": 1}`, n)
	add("ip_addresses", "create", http.MethodPost, "/ip_addresses", `{"address": "172.17.0.%d", "asset": 1}`, n+1)
	add("mac_addresses", "create", http.MethodPost, "/mac_addresses", `{"address": "02:00:00:00:02:%02x", "asset": 1, "ip_addresses": []}`, n)
	add("vulnerabilities", "create", http.MethodPost, "/vulnerabilities",
		`{"name": "new %d", "published_on": 1, "disclosed_on": 1, "updated_on": 1, "vcvssbmid": 1, "base_score": 1}`, n)
	add("sites", "create", http.MethodPost, "/sites", `{"name": "new %d", "address": "here"}`, n)
	add("ports", "create", http.MethodPost, "/ports",
		`{"port_number": %d, "layer7application": "x", "protocol": "TCP", "apps": [1], "ip_addresses": [1]}`, 2000+n)

	add("apps", "delete", http.MethodDelete, row("apps", pk+2), "")
	add("hosts", "delete", http.MethodDelete, row("hosts", pk+2), "")
	add("mac_addresses", "delete", http.MethodDelete, row("mac_addresses", pk+2), "")
	add("ip_addresses", "delete", http.MethodDelete, row("ip_addresses", pk+2), "")
	add("vulnerabilities", "delete", http.MethodDelete, row("vulnerabilities", pk+2), "")
	add("assets", "delete", http.MethodDelete, row("assets", pk+3), "")
	return append(list, onePercent(n, size))
}

// onePercent edits one of a hundred rows of six kinds at once.
func onePercent(n, size int) edit {
	all := edit{kind: "1 % of the rows", what: "edit"}
	for i := range size / 100 {
		pk := size/2 + i
		for kind, body := range map[string]string{
			"assets":          fmt.Sprintf(`{"initial_value": %d}`, 5000+n),
			"apps":            fmt.Sprintf(`{"name": "all renamed %d %d"}`, n, i),
			"hosts":           fmt.Sprintf(`{"host": "all-%d-%d.example.com"}`, n, i),
			"ip_addresses":    fmt.Sprintf(`{"address": "172.%d.%d.%d"}`, 18+n, i>>8, i&255),
			"mac_addresses":   fmt.Sprintf(`{"address": "02:00:01:%02x:%02x:%02x"}`, n, i>>8, i&255),
			"vulnerabilities": fmt.Sprintf(`{"name": "all renamed %d %d"}`, n, i),
		} {
			all.more = append(all.more, edit{method: http.MethodPatch, path: fmt.Sprintf("/%s/%d", kind, pk), body: body})
		}
	}
	return all
}

// changeSample is one import that followed a change. CPU time is that of the program and of CAR and
// the data source together.
type changeSample struct {
	wall, cpu, client time.Duration
	peak              int64
	toCAR, toSource   int64
}

// changeRig is a data source and an embedded CAR as carjs runs them, in this process, whose files
// are in a folder.
type changeRig struct {
	source          *server.Server
	car             *carserver.Server
	sourceURL, base string
	toCAR, toSource atomic.Int64
	stop            context.CancelFunc
	ended           chan error
}

func newChangeRig(ctx context.Context, dir string, size int) (r *changeRig, err error) {
	r = &changeRig{ended: make(chan error, 2)}
	if r.source, err = server.Open(server.Config{Path: filepath.Join(dir, "source.db"), Size: size}); err != nil {
		return nil, err
	}
	if r.car, err = carserver.Open(carserver.Config{Path: filepath.Join(dir, "car.db"), Key: "k", Password: "p"}); err != nil {
		return nil, errors.Join(err, r.source.Close())
	}
	ctx, r.stop = context.WithCancel(ctx)
	counted := func(next http.Handler, n *atomic.Int64) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) { n.Add(1); next.ServeHTTP(w, request) })
	}
	serve := func(h http.Handler) (string, error) {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
		go func() { r.ended <- httpx.Until(ctx, s, listener) }()
		return "http://" + listener.Addr().String(), nil
	}
	if r.sourceURL, err = serve(counted(r.source.Handler(), &r.toSource)); err == nil {
		r.base, err = serve(counted(r.car.Handler(), &r.toCAR))
	}
	return r, err
}

func (r *changeRig) close() error {
	r.stop()
	return errors.Join(<-r.ended, <-r.ended, r.car.Close(), r.source.Close())
}

// change makes a change to the data source.
func (r *changeRig) change(ctx context.Context, e edit) error {
	for _, one := range e.more {
		if err := r.change(ctx, one); err != nil {
			return err
		}
	}
	if e.method == "" {
		return nil
	}
	request, err := http.NewRequestWithContext(ctx, e.method, r.sourceURL+e.path, bytes.NewBufferString(e.body))
	if err != nil {
		return err
	}
	request.SetBasicAuth("admin", "admin")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		text, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s %s: %s: %s", e.method, e.path, response.Status, text)
	}
	return nil
}

// sample runs an import, which must be of the mode.
func (r *changeRig) sample(ctx context.Context, v variant, mode string) (changeSample, error) {
	r.toCAR.Store(0)
	r.toSource.Store(0)
	before := child.Own()
	used, err := v.measure(ctx, []string{
		"-url", r.sourceURL, "-username", "admin", "-password", "admin", "-source", "bench",
		"-car-service-url", r.base + "/api/car/v2", "-car-service-key", "k", "-car-service-password", "p",
	})
	if err != nil {
		return changeSample{}, err
	}
	s := changeSample{wall: used.Wall, client: used.CPU, cpu: used.CPU + child.Own() - before, peak: used.Peak,
		toCAR: r.toCAR.Load(), toSource: r.toSource.Load()}
	report, err := v.reported()
	if err == nil && report.Mode != mode {
		err = fmt.Errorf("the import was %s, not %s", report.Mode, mode)
	}
	return s, err
}

// changeResult is what imports after one kind of change took: every figure is a median of its own.
type changeResult struct {
	size       int
	kind, what string
	changeSample
	// share is its CPU time in relation to that of the full import.
	share float64
	cpus  []int64 // of each import, in nanoseconds
}

// measureChanges measures the full import of a model and the incremental imports that follow single
// changes.
func measureChanges(ctx context.Context, v variant, size, runs int, progress func(string, ...any)) ([]changeResult, error) {
	dir := filepath.Join(v.bench.dir, fmt.Sprintf("changes-%d", size))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	r, err := newChangeRig(ctx, dir, size)
	if err != nil {
		return nil, err
	}
	defer r.close() // nothing is left to lose when it ends
	progress("changes, size %d: full import", size)
	full, err := r.sample(ctx, v, "full")
	if err != nil {
		return nil, err
	}
	results := []changeResult{{
		size: size, kind: "everything", what: "full import", changeSample: full, share: 1, cpus: []int64{int64(full.cpu)},
	}}
	samples := map[int][]changeSample{}
	for n := range runs {
		progress("changes, size %d: round %d of %d", size, n+1, runs)
		none, err := r.sample(ctx, v, "incremental")
		if err != nil {
			return nil, err
		}
		samples[-1] = append(samples[-1], none)
		for i, e := range edits(n, size) {
			if err := r.change(ctx, e); err != nil {
				return nil, err
			}
			s, err := r.sample(ctx, v, "incremental")
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", e.kind, e.what, err)
			}
			samples[i] = append(samples[i], s)
		}
	}
	collect := func(kind, what string, s []changeSample) {
		m := changeSample{
			wall:     time.Duration(median(s, func(s changeSample) int64 { return int64(s.wall) })),
			cpu:      time.Duration(median(s, func(s changeSample) int64 { return int64(s.cpu) })),
			client:   time.Duration(median(s, func(s changeSample) int64 { return int64(s.client) })),
			peak:     median(s, func(s changeSample) int64 { return s.peak }),
			toCAR:    median(s, func(s changeSample) int64 { return s.toCAR }),
			toSource: median(s, func(s changeSample) int64 { return s.toSource }),
		}
		var cpus []int64
		for _, one := range s {
			cpus = append(cpus, int64(one.cpu))
		}
		results = append(results, changeResult{size, kind, what, m, float64(m.cpu) / float64(full.cpu), cpus})
	}
	collect("nothing", "no change", samples[-1])
	for i, e := range edits(0, size) {
		collect(e.kind, e.what, samples[i])
	}
	return results, nil
}

// changeTable is the table of imports after changes.
func changeTable(results []changeResult) string {
	t := table{{"N", "change", "wall ms", "CPU ms", "of it the client", "share of full CPU", "requests to CAR", "to source", "peak MiB"}}
	for _, r := range results {
		t = append(t, []string{
			fmt.Sprint(r.size), strings.TrimSpace(r.kind + ": " + r.what), ms(r.wall), ms(r.cpu), ms(r.client),
			fmt.Sprintf("%.1f %%", 100*r.share), fmt.Sprint(r.toCAR), fmt.Sprint(r.toSource), mib(r.peak, 0),
		})
	}
	return t.String()
}

// changeRuns is how often each change is measured at most: there are two dozen.
const changeRuns = 3

const changesExplained = `An import by carjs after one change of the data source, beside a full import of the same model: data source and
CAR are those that carjs brings along, with their files on disk. CPU time is that of the program, CAR and the data source together.

`
