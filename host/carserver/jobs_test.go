package carserver

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestJobsAreAsynchronous(t *testing.T) {
	const delay = 300 * time.Millisecond
	c := start(t, Config{Prepared: true, JobDelay: delay})
	began := time.Now()
	first := c.post(envelope("s", `"asset":[{"external_id":"1","name":"a"}]`))
	second := c.post(envelope("s", `"asset":[{"external_id":"1"}]`))
	answer := c.ok("GET", "/v2/importstatus?ids="+first+","+second, "")
	if got := text(t, answer["incomplete_imports"]); !strings.Contains(got, first) || !strings.Contains(got, second) {
		t.Errorf("at once: %v", answer)
	}
	if got := c.ok("GET", "/v2/importstatus/"+first, "")["status"]; got != stateRunning {
		t.Errorf("at once: %v", got)
	}
	if g := c.graph(); len(g.Vertices) != 0 {
		t.Errorf("it is there before its job is done: %v", g)
	}
	failed := c.finished(first, second)
	if took := time.Since(began); took < delay {
		t.Errorf("done after %v", took)
	}
	if len(failed) != 1 || failed[0].(map[string]any)["id"] != second {
		t.Errorf("errors: %v", failed)
	}
	answer = c.ok("GET", "/v2/jobstatus?ids="+first+","+second+",nix", "")
	for list, id := range map[string]string{"complete_imports": first, "error_imports": second, "notfound_imports": "nix"} {
		if got := text(t, answer[list]); !strings.Contains(got, id) {
			t.Errorf("%s: %s lacks %s", list, got, id)
		}
	}
	if got := c.ok("GET", "/v2/jobstatus/"+second, ""); got["status"] != stateError || got["statusCode"] != 422.0 {
		t.Errorf("failed job: %v", got)
	}
}

// An unknown id must not look like a finished job.
func TestUnknownImportIsAnError(t *testing.T) {
	c := start(t, Config{Prepared: true})
	failed := c.finished("nix")
	if len(failed) != 1 || failed[0].(map[string]any)["statusCode"] != 404.0 {
		t.Errorf("%v", failed)
	}
}

const crashEnv = "CARSERVER_TEST_CRASH"

// TestMain runs the test binary as a service that is killed, if the environment asks for it.
func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		serveUntilKilled(path)
		return
	}
	os.Exit(m.Run())
}

// serveUntilKilled accepts jobs that it never gets to run, and prints their ids.
func serveUntilKilled(path string) {
	s, err := Open(Config{Path: path, Prepared: true, JobDelay: time.Hour})
	if err != nil {
		fmt.Println("cannot open:", err)
		return
	}
	for i := range 3 {
		body := envelope("s", fmt.Sprintf(`"asset":[{"external_id":"%d","name":"a"}]`, i))
		if _, err := s.enqueue(context.Background(), job{kind: jobImport, body: []byte(body)}, nil); err != nil {
			fmt.Println("cannot accept:", err)
			return
		}
	}
	fmt.Println("accepted")
	select {} // until killed
}

func TestJobsSurviveKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), crashEnv+"="+path)
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || said != "accepted\n" {
		t.Errorf("the service said %q, %v", said, err)
	}
	if _, err := Open(Config{Path: path}); err == nil || !strings.Contains(err.Error(), "in use by another CAR service") {
		t.Errorf("a second service on the same file: %v", err)
	}
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err == nil {
		t.Error("it ended before it was killed")
	}
	c := start(t, Config{Path: path})
	c.await(func() bool { return len(c.graph().Vertices) == 3 })
}

func TestJobsGoOnAfterClose(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.db")
	c := start(t, Config{Path: path, Prepared: true, JobDelay: time.Hour})
	id := c.post(envelope("s", `"asset":[{"external_id":"1","name":"a"}]`))
	c.stop()
	c = start(t, Config{Path: path})
	if failed := c.finished(id); len(failed) > 0 || len(c.graph().Vertices) != 1 {
		t.Errorf("%v %v", failed, c.graph())
	}
}

func TestForeignFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE t (x)"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err := Open(Config{Path: path}); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("no database", 100)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Config{Path: path}); err == nil {
		t.Error("garbage is opened")
	}
}
