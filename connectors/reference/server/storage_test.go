package server

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestReopened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "with space & 100%?#", "source.db")
	s := serving(t, Config{Path: path, Size: 1})
	s.must("PATCH", "/sites/1", `{"name":"kept"}`)
	state := s.state()
	again := serving(t, Config{Path: path, Size: 5}) // while the first is open, as another process may do
	if got := again.state(); got != state {
		t.Errorf("state %s, want %s", got, state)
	}
	same(t, "site", again.get("/sites/1"), `{"pk":1,"name":"kept","address":"1 Harbour Road"}`)
	again.must("DELETE", "/sites/1", "")
	if a := s.do("GET", "/sites/1", ""); a.status != 404 {
		t.Errorf("the first does not see what the second did: %d %s", a.status, a.body)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestForeignFiles(t *testing.T) {
	dir := t.TempDir()
	database := func(name string, statements ...string) string {
		path := filepath.Join(dir, name)
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for _, statement := range statements {
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte(strings.Repeat("no database ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		database("other", "CREATE TABLE sites (x)"): "another program",
		database("newer", "CREATE TABLE sites (x)", "PRAGMA application_id = 1667330675", "PRAGMA user_version = 9"): "has version 9",
		text: "not a database",
		dir:  "open data source",
	} {
		s, err := Open(Config{Path: path})
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", filepath.Base(path), err, want)
		}
	}
	if _, err := Open(Config{Size: MaxSize + 1}); err == nil {
		t.Error("a size above the bound was accepted")
	}
}

// TestReadersAndWriter edits assets while others read them. Every answer must be of one moment: the
// writer keeps two rows equal, so no reader may see them differ.
func TestReadersAndWriter(t *testing.T) {
	for name, path := range map[string]string{"file": filepath.Join(t.TempDir(), "source.db"), "memory": ""} {
		t.Run(name, func(t *testing.T) {
			s := serving(t, Config{Path: path, Size: 300})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var readers sync.WaitGroup
			for i := range 4 {
				readers.Go(func() {
					for ctx.Err() == nil {
						rows := s.get([]string{"/assets", "/assets?pk=1,300", "/assets?limit=400", "/assets/?limit=300&offset=0"}[i])
						if page, ok := rows.(map[string]any); ok {
							rows = page["results"]
						}
						list := rows.([]any)
						first, last := list[0].(map[string]any)["name"], list[len(list)-1].(map[string]any)["name"]
						if strings.HasPrefix(first.(string), "round") && first != last {
							t.Errorf("one answer shows %v and %v", first, last)
							return
						}
					}
				})
			}
			for round := range 40 {
				err := s.store.update(ctx, func(tx *sql.Tx) error {
					m := &mutation{ctx, tx, s.schema}
					c := s.schema.byName["assets"]
					v := values{c.label(): fmt.Sprintf("round %d", round)}
					return errors.Join(m.edit(c, 1, v), m.edit(c, 300, v))
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			cancel()
			readers.Wait()
		})
	}
}

// TestKilled kills a process that writes, again and again, and finds the data whole each time: as
// many rows as the log says. The process is this test binary, in TestWriterProcess.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "source.db")
	s := serving(t, Config{Path: path, Size: Empty})
	for round := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWriterProcess$")
		cmd.Env = append(os.Environ(), "CARJS_TEST_SOURCE="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 20 && lines.Scan(); n++ { // it writes all the while
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait() // it was killed
		sites := pks(s.get("/sites"))
		if want := fmt.Sprint(len(sites)); len(sites) < 20*(round+1) || s.state() != want {
			t.Fatalf("round %d: %d sites, state %s", round, len(sites), s.state())
		}
		s.must("POST", "/sites", `{"name":"after"}`)
	}
	var ok string
	if err := s.store.write.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("integrity: %s %v", ok, err)
	}
}

// TestWriterProcess is the process that TestKilled kills.
func TestWriterProcess(t *testing.T) {
	path := os.Getenv("CARJS_TEST_SOURCE")
	if path == "" {
		t.Skip("it is a part of TestKilled")
	}
	s := serving(t, Config{Path: path})
	for range 10_000 { // an end, should nobody kill it
		s.must("POST", "/sites", `{"name":"x"}`)
		fmt.Println("wrote")
	}
}

// TestOpenedAtOnce has several openers of a file that does not exist yet: one of them makes it.
func TestOpenedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "source.db")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			s, err := Open(Config{Path: path, Size: 5})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			err = s.store.view(t.Context(), func(snap *snapshot) error {
				if n, err := snap.number("SELECT count(*) FROM assets"); err != nil || n != 5 {
					return fmt.Errorf("%d assets: %w", n, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestServe(t *testing.T) {
	s, err := Open(Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, listener) }()

	src := &source{t, s, "http://" + listener.Addr().String()}
	if n := len(pks(src.get("/assets"))); n != DefaultSize {
		t.Errorf("%d assets", n)
	}
	stuck, err := net.Dial("tcp", listener.Addr().String()) // a client that sends half a request
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	fmt.Fprint(stuck, "GET /assets HTTP/1.1\r\n")
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("still serving")
	}
	if resp, err := http.Get(src.url); err == nil {
		resp.Body.Close()
		t.Error("it answers after its end")
	}
	if err := s.Serve(t.Context(), listener); err == nil {
		t.Error("a closed listener is no error")
	}
}
