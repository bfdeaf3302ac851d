package carserver

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

// age makes everything that has ended, and the last upkeep, older.
func (c *client) age(by time.Duration) {
	c.tb.Helper()
	err := c.carsrv.store.update(c.tb.Context(), func(tx *sql.Tx) error {
		there, err := schemaNames(tx, "table", "index")
		if err != nil {
			return err
		}
		statements := []string{"UPDATE jobs SET finished = finished - ?", "UPDATE state SET value = value - ? WHERE name = '" + lastUpkeep + "'"}
		for _, name := range versioned(there) {
			statements = append(statements, fmt.Sprintf(`UPDATE "%s" SET _t2 = _t2 - ?`, name))
		}
		for _, statement := range statements {
			if _, err := tx.Exec(statement, by.Milliseconds()); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
	if err != nil {
		c.tb.Fatal(err)
	}
}

// forget removes everything that is not kept.
func (c *client) forget() {
	c.tb.Helper()
	for more := true; more; {
		var err error
		if more, err = c.carsrv.forget(c.tb.Context()); err != nil {
			c.tb.Fatal(err)
		}
	}
}

// Ended versions are removed when they are older than the history that is kept. What exists stays.
func TestHistoryIsForgotten(t *testing.T) {
	for _, test := range []struct {
		history, age time.Duration
		kept         bool
	}{
		{0, 29 * 24 * time.Hour, true},
		{0, 31 * 24 * time.Hour, false},
		{time.Hour, 59 * time.Minute, true},
		{time.Hour, 61 * time.Minute, false},
		{-1, time.Minute, false},
	} {
		t.Run(fmt.Sprintf("%s of %s", test.age, test.history), func(t *testing.T) {
			c := start(t, Config{Prepared: true, History: test.history})
			c.ok("POST", "/v3/carSchema", siteExtension)
			c.load(`"asset":[{"external_id":"1","name":"a","tag":["x"]},{"external_id":"2","name":"b"}],"site":[{"external_id":"s","name":"s"}],` + edges)
			c.load(`"asset":[{"external_id":"1","name":"new","untag":["x"]}]`)
			c.ok("DELETE", "/v2/source/s/asset?external_ids=2", "")
			c.ok("PATCH", "/v2/asset_ipaddress?source=s&from=1&to=10.0.0.1", `{"active":false}`)
			if status, got := c.direct("DELETE", "/v3/carSchema/8e6ebbde-0000-4000-8000-000000000001", ""); status != 204 {
				t.Fatal(status, got)
			}
			before := c.graph()
			c.age(test.age)
			c.forget()
			for table, ended := range map[string]int{"v_asset": 2, "e_asset_ipaddress": 1, "e_tag_asset": 1, "v_site": 1} {
				if !test.kept {
					ended = 0
				}
				if got := c.history(table+" WHERE _t2 IS NOT NULL", "n"); len(got) != ended {
					t.Errorf("%s has %d ended versions, not %d", table, len(got), ended)
				}
			}
			if difference := before.Diff(c.graph()); len(difference) > 0 {
				t.Errorf("what exists has changed: %s", strings.Join(difference, "\n"))
			}
			c.load(`"asset":[{"external_id":"2","name":"b"}],"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1"}]`)
			if g := c.graph(); len(g.Edges) != 1 {
				t.Errorf("the edge that has come back is not there: %v", g)
			}
		})
	}
}

// A service looks after its file by itself, and one that is opened again and again in time, too.
func TestUpkeepIsDue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true})
	c.load(`"asset":[{"external_id":"1","name":"a"}]`)
	c.load(`"asset":[{"external_id":"1","name":"b"}]`)
	c.await(func() bool { // the worker has begun
		var there bool
		err := c.carsrv.store.reads.QueryRow("SELECT count(*) FROM state WHERE name = ?", lastUpkeep).Scan(&there)
		return err == nil && there
	})
	c.age(40 * 24 * time.Hour)
	c.stop()
	c = start(t, Config{Path: path})
	c.await(func() bool { return len(c.history("v_asset WHERE _t2 IS NOT NULL", "n")) == 0 })
	c.await(func() bool { return len(c.history("jobs", "n")) == 0 })
	if got := c.history("v_asset", "doc"); !reflect.DeepEqual(got, []string{`{"name":"b"}`}) {
		t.Error(got)
	}
}

// changing returns a page of n assets that differs from round to round.
func changing(n, round int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"external_id":"%d","name":"asset %d","description":"%d %s"}`, i, i, round, strings.Repeat("d", 200))
	}
	return `"asset":[` + b.String() + `]`
}

// fileSize returns the size of a file, 0 if there is none.
func fileSize(tb testing.TB, path string) int64 {
	tb.Helper()
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return 0
	}
	if err != nil {
		tb.Fatal(err)
	}
	return info.Size()
}

// The file stays as large as what exists and the history that is kept: the space of what is
// forgotten is used again, and compacting returns it.
func TestFileStopsGrowing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true, History: time.Hour})
	size := func() int64 {
		if _, err := c.carsrv.store.write.Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		return fileSize(t, path)
	}
	empty := size()
	var sizes []int64
	for round := range 10 {
		c.load(changing(1000, round))
		c.age(40 * time.Minute) // so that the last version and the one before it are kept
		c.forget()
		sizes = append(sizes, size()-empty)
	}
	if last := sizes[len(sizes)-1]; last > sizes[3]*11/10 {
		t.Errorf("the file grows without bound: %v", sizes)
	}
	c.age(2 * time.Hour)
	if err := c.carsrv.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if compact := size() - empty; compact > sizes[0]*11/10 || compact > sizes[len(sizes)-1]*2/3 {
		t.Errorf("compacted to %d bytes; one version took %d, all that was kept %v", compact, sizes[0], sizes[len(sizes)-1])
	}
	if got := len(c.graph().Vertices); got != 1000 {
		t.Errorf("%d assets are left", got)
	}
	c.load(changing(10, 99))
	c.answers(t)
}

// answers checks that a file that was compacted answers.
func (c *client) answers(t *testing.T) {
	t.Helper()
	if status, got := c.query(`{asset(where:{source:{_eq:"s"}}, order_by:{id:asc}, limit:1){external_id}}`, nil); status != 200 ||
		!strings.Contains(got, `"external_id":"0"`) {
		t.Error(status, got)
	}
}

// The write-ahead log is bounded while there is always somebody who reads.
func TestLogIsBoundedUnderLoad(t *testing.T) {
	const limit = 1 << 20
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true})
	c.load(changing(1000, 0))
	err := c.carsrv.store.update(t.Context(), func(*sql.Tx) error { c.carsrv.store.wal.limit = limit; return nil })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	begun := make(chan struct{}, 2)
	for range cap(begun) {
		readers.Go(func() {
			for first := true; ctx.Err() == nil; first = false {
				_ = c.carsrv.store.view(ctx, func(tx *sql.Tx) error { // the end of the context may interrupt it
					var n int
					err := tx.QueryRow("SELECT sum(length(doc)) FROM v_asset").Scan(&n)
					if first {
						begun <- struct{}{}
					}
					return err
				})
			}
		})
	}
	for range cap(begun) {
		<-begun
	}
	var largest, written int64
	for round := range 14 {
		body := changing(1000, round+1)
		c.load(body)
		written += int64(len(body))
		largest = max(largest, fileSize(t, path+"-wal"))
	}
	cancel()
	readers.Wait()
	if written < 3*limit {
		t.Fatalf("only %d bytes were written", written)
	}
	if largest > 2*limit {
		t.Errorf("the write-ahead log had %d bytes, its limit is %d", largest, limit)
	}
	t.Logf("written %d, largest log %d", written, largest)
}

// A reader that takes long stops nobody: the log grows meanwhile, and shrinks when it has ended.
func TestLogOutlivesALongReader(t *testing.T) {
	const limit = 1 << 20
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true})
	c.load(changing(100, 0))
	err := c.carsrv.store.view(t.Context(), func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRow("SELECT count(*) FROM v_asset").Scan(&n); err != nil {
			return err
		}
		if err := c.carsrv.store.update(t.Context(), func(*sql.Tx) error { c.carsrv.store.wal.limit = limit; return nil }); err != nil {
			return err
		}
		for round := range 5 {
			c.load(changing(1000, round+1))
		}
		var again int
		if err := tx.QueryRow("SELECT count(*) FROM v_asset").Scan(&again); err != nil || again != n {
			t.Errorf("the reader sees %d rows, before %d: %v", again, n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if size := fileSize(t, path+"-wal"); size < limit {
		t.Fatalf("the log has only %d bytes", size)
	}
	for round := range 4 {
		c.load(changing(1000, round+10))
	}
	if size := fileSize(t, path+"-wal"); size > 2*limit {
		t.Errorf("the log still has %d bytes", size)
	}
}
