package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"carjs/cmd/carjs/internal/app"
	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/author/dev"
	"carjs/host/submit"
)

// author is somebody who works on a copy of the reference connector with carjs dev.
type author struct {
	*desk
	source *httptest.Server
	answer *atomic.Pointer[http.Handler] // of the source
	asked  *atomic.Int64                 // requests that reached it
}

// answers has the data source answer in another way from now on.
func (a *author) answers(f http.HandlerFunc) {
	var handler http.Handler = f
	a.answer.Store(&handler)
}

func newAuthor(t testing.TB) *author {
	t.Helper()
	rows, err := server.Open(server.Config{})
	if err != nil {
		t.Fatal(err)
	}
	a := &author{desk: newDesk(t), asked: &atomic.Int64{}, answer: &atomic.Pointer[http.Handler]{}}
	a.answers(rows.Handler().ServeHTTP)
	a.source = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.asked.Add(1)
		(*a.answer.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(func() { a.source.Close(); rows.Close() })
	connector := filepath.Join("..", "..", "connectors", "reference")
	for _, part := range []string{"src", "configurations"} {
		if err := os.CopyFS(filepath.Join(a.dir, "mine", part), os.DirFS(filepath.Join(connector, part))); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func (a *author) flags() []string {
	return []string{"dev", "mine", "-url", a.source.URL, "-username", "admin", "-password", "admin"}
}

// edit saves a file with a text in place of another.
func (a *author) edit(name, old, text string) {
	a.Helper()
	before, err := fs.ReadFile(os.DirFS(filepath.Join(a.dir, "mine")), name)
	if err != nil || !strings.Contains(string(before), old) {
		a.Fatalf("%q is not in %s: %v", old, name, err)
	}
	a.write("mine/"+name, strings.Replace(string(before), old, text, 1))
}

const siteName = "name: row.name, address: row.address"

// siteLine is the line of siteName.
func siteLine(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("../../connectors/reference/src/dataHandler.ts")
	before, _, found := strings.Cut(string(text), siteName)
	if err != nil || !found {
		t.Fatal(err, found)
	}
	return 1 + strings.Count(before, "\n")
}

// siteAt is how a place in that line begins.
func siteAt(t *testing.T) string { return fmt.Sprintf("src/dataHandler.ts:%d:", siteLine(t)) }

// loop is a carjs dev that tells events as JSON.
type loop struct {
	*author
	process *exec.Cmd
	events  chan dev.Event
}

func (a *author) loop(args ...string) *loop {
	a.Helper()
	return a.started(append(append(a.flags(), "-log-format", "json"), args...)...)
}

// started is a carjs with the arguments, which tells events as JSON.
func (a *author) started(args ...string) *loop {
	a.Helper()
	l := &loop{author: a, events: make(chan dev.Event, 1000)}
	l.process = a.command(context.Background(), args...)
	l.process.Cancel = func() error { return l.process.Process.Signal(syscall.SIGTERM) }
	l.process.Stderr = os.Stderr
	out, err := l.process.StdoutPipe()
	if err != nil {
		a.Fatal(err)
	}
	if err := l.process.Start(); err != nil {
		a.Fatal(err)
	}
	go func() {
		defer close(l.events)
		for lines := bufio.NewReader(out); ; {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			var e dev.Event
			if err := json.Unmarshal(line, &e); err != nil {
				a.Errorf("no event: %s", line)
			}
			l.events <- e
		}
	}()
	a.Cleanup(func() {
		l.process.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may have ended
		if err := l.process.Wait(); err != nil {
			a.Errorf("carjs dev ended with %v", err)
		}
	})
	return l
}

// next waits for an event of a kind.
func (l *loop) next(kind dev.Kind) dev.Event {
	l.Helper()
	deadline := time.After(30 * time.Second)
	for {
		select {
		case e, open := <-l.events:
			if !open {
				l.Fatalf("carjs dev ended, waiting for %q", kind)
			}
			if e.Kind == kind {
				return e
			}
		case <-deadline:
			l.Fatalf("no event %q", kind)
		}
	}
}

// end waits for the end of a run, with an outcome.
func (l *loop) end(outcome dev.Outcome) *dev.End {
	l.Helper()
	e := l.next(dev.RunEnds)
	if e.End.Outcome != outcome {
		l.Fatalf("run %d: %s, want %s: %+v %+v", e.Run, e.End.Outcome, outcome, e.End.Failure, e.End.Messages)
	}
	return e.End
}

func TestDevTellsWhatChanged(t *testing.T) {
	l := newAuthor(t).loop()
	if page := l.next(dev.Started).Start.Page; !strings.HasPrefix(page, "http://127.0.0.1:") {
		t.Errorf("page %q", page)
	}
	first := l.end(dev.Good)
	if first.Vertices != 93 || first.Edges != 160 || len(first.Changes) != 253 || first.Mode != host.ModeFull {
		t.Fatalf("%d vertices, %d edges, %d changes, %s", first.Vertices, first.Edges, len(first.Changes), first.Mode)
	}

	l.edit("src/dataHandler.ts", siteName, `name: row.name + "!", address: row.address`)
	begin := l.next(dev.RunBegins).Begin
	if begin.Cause != dev.CauseSave || !slices.Equal(begin.Files, []string{filepath.Join("src", "dataHandler.ts")}) {
		t.Errorf("begin %+v", begin)
	}
	changes := l.end(dev.Good).Changes
	if len(changes) != 2 || changes[0].Collection != "site" || changes[0].Kind != dev.Changed || len(changes[0].Fields) != 1 {
		t.Fatalf("changes %+v", changes)
	}
	if f := changes[0].Fields[0]; f.Name != "name" || string(f.Before) != `"site 0"` || string(f.After) != `"site 0!"` {
		t.Errorf("field %+v", f)
	}

	// What fails leaves the last good state, whichever way it fails.
	l.edit("src/dataHandler.ts", `row.name + "!"`, "row.nowhere.name")
	if f := l.end(dev.Failed).Failure; !strings.HasPrefix(f.At, siteAt(t)) || !strings.Contains(f.Detail, "row.nowhere.name") {
		t.Errorf("failure %+v", f)
	}
	l.edit("src/dataHandler.ts", "row.nowhere.name", "row.name +")
	if m := l.end(dev.BuildFailed).Messages; len(m) != 1 || m[0].File != "src/dataHandler.ts" || m[0].Line != siteLine(t) {
		t.Errorf("messages %+v", m)
	}
	l.edit("src/dataHandler.ts", "row.name +", `row.name + "?"`)
	changes = l.end(dev.Good).Changes
	if len(changes) != 2 || string(changes[0].Fields[0].Before) != `"site 0!"` {
		t.Errorf("changes against the last good run: %+v", changes)
	}
}

func TestDevTellsWhatIsSkippedAndGone(t *testing.T) {
	l := newAuthor(t).loop()
	l.end(dev.Good)
	l.edit("src/dataHandler.ts", siteName, "name: row.pk === 1 ? row.name : 7, address: row.address")
	skipped := l.next(dev.Skipped).Skipped
	if skipped.Collection != "site" || !strings.HasPrefix(skipped.At, siteAt(t)) || len(skipped.Faults) != 1 {
		t.Errorf("skipped %+v", skipped)
	}
	end := l.end(dev.Good)
	if len(end.SkippedReasons) != 1 || end.SkippedReasons[0].Count != 1 ||
		!strings.HasPrefix(end.SkippedReasons[0].Reason, "name must be a string") {
		t.Errorf("reasons %+v", end.SkippedReasons)
	}
	if end.Collections["site"].Skipped != 1 || len(end.Changes) == 0 || end.Changes[0].Kind != dev.Gone ||
		end.Changes[0].Collection != "site" || end.Changes[0].Key != "2" {
		t.Errorf("end %+v", end)
	}
}

// The edges at an object that was skipped are told on the terminal and on the page.
func TestDevTellsWhichEdgesDangle(t *testing.T) {
	l := newAuthor(t).loop()
	page := l.next(dev.Started).Start.Page
	l.end(dev.Good)
	l.edit("src/dataHandler.ts", siteName, "name: row.pk === 1 ? row.name : 7, address: row.address")
	end := l.end(dev.Good)
	if len(end.Dangling) != 1 || end.Dangling[0].Collection != "site_asset" || end.Dangling[0].Reason != submit.LeftOut ||
		end.Dangling[0].FirstKey != "2" || end.Dangling[0].Count != end.Collections["site_asset"].Dangling {
		t.Fatalf("end %+v", end)
	}
	answer, err := http.Get(page + "runs/2")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, html.UnescapeString(string(text)), "edges without a vertex", end.Dangling[0].Why(), end.Dangling[0].FirstEdge)
	var out bytes.Buffer
	(&devPrinter{out: &out}).print(dev.Event{Kind: dev.RunEnds, End: end})
	contains(t, out.String(), "left out "+end.Dangling[0].Edges()+" of site_asset: "+end.Dangling[0].Why(),
		fmt.Sprintf("1 skipped, %d dangling", end.Dangling[0].Count))
}

func TestDevWatchesWhatMatters(t *testing.T) {
	l := newAuthor(t).loop()
	l.end(dev.Good)
	for _, noise := range []string{"src/.dataHandler.ts.swp", "src/dataHandler.ts~", "src/4913", "notes.txt", "src/unused.ts"} {
		l.write("mine/"+noise, "noise")
	}
	l.edit("configurations/config.json", `"connection"`, `"connectoin"`)
	if files := l.next(dev.RunBegins).Begin.Files; !slices.Equal(files, []string{filepath.Join("configurations", "config.json")}) {
		t.Errorf("saved: %v", files)
	}
	if f := l.end(dev.Failed).Failure; !strings.Contains(f.Message, "connectoin") || !strings.HasPrefix(f.At, "configurations/config.json:") {
		t.Errorf("failure %+v", f)
	}
	l.edit("configurations/config.json", `"connectoin"`, `"connection"`)
	l.end(dev.Good)

	// A file that was missing is found once it is there, and watched from then on.
	l.edit("src/main.ts", "import", "import { answer } from \"./deep/answer\";\nconsole.log(`the answer is ${answer}`);\nimport")
	l.end(dev.BuildFailed)
	l.write("mine/src/deep/answer.ts", "export const answer = 41;")
	l.end(dev.Good)
	l.edit("src/deep/answer.ts", "41", "42")
	for {
		if log := l.next(dev.Logged).Log; strings.Contains(log.Message, "the answer is") {
			if log.Message != "the answer is 42" {
				t.Errorf("%+v", log)
			}
			return
		}
	}
}

// A save while the data source hangs ends the run; nobody waits for it.
func TestDevSaveEndsARun(t *testing.T) {
	a := newAuthor(t)
	var hang atomic.Bool
	asked, release := make(chan struct{}, 1), make(chan struct{})
	real := *a.answer.Load()
	a.answers(func(w http.ResponseWriter, r *http.Request) {
		if hang.Load() && strings.HasPrefix(r.URL.Path, "/assets") {
			asked <- struct{}{}
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
		real.ServeHTTP(w, r)
	})
	defer close(release)
	hang.Store(true)
	l := a.loop()
	<-asked
	hang.Store(false)
	l.edit("src/dataHandler.ts", siteName, `name: "later", address: row.address`)
	l.end(dev.Superseded)
	end := l.end(dev.Good)
	site := end.Changes[slices.IndexFunc(end.Changes, func(c dev.Change) bool { return c.Collection == "site" })]
	if !strings.Contains(string(site.Object), `"later"`) {
		t.Errorf("site %s", site.Object)
	}
}

func TestDevBadInput(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	a := newAuthor(t)
	a.write("empty/readme.txt", "no connector")
	for _, test := range []struct {
		name string
		args []string
		want []string
		env  []string
	}{
		{"a port in use", append(a.flags(), "-port", port), []string{"127.0.0.1:" + port, "-port"}, nil},
		{"no connector", []string{"dev", "nothing"}, []string{`unknown connector "nothing"`}, nil},
		{"no name", []string{"dev"}, []string{"no connector given"}, nil},
		{"an unknown flag", append(a.flags(), "-colour"), []string{"-colour"}, nil},
		{"a proxy that cannot be used", a.flags(), []string{"cannot use HTTPS_PROXY", "environment variable"}, []string{"HTTPS_PROXY=ftp://p"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a.env = test.env
			r := a.run(test.args...)
			if r.code != 2 {
				t.Errorf("%s", r)
			}
			contains(t, r.stderr, test.want...)
		})
	}
}

// Secrets are in no event, whatever fails.
func TestDevKeepsSecrets(t *testing.T) {
	const secret = "a-password-that-shows"
	a := newAuthor(t)
	a.edit("src/dataHandler.ts", siteName, "name: context().args.password as string, address: row.address")
	a.edit("src/dataHandler.ts", `import { `, `import { context, `)
	a.edit("src/main.ts", "import", `import { context } from "carjs"; console.log(context().args.password); import`)
	a.answers(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		w.Write([]byte(`{"you sent": "` + secret + `"}`)) //nolint:errcheck // it is a test's
	})
	l := a.loop("-password", secret)
	for {
		e := l.next(dev.Logged)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), secret) {
			t.Fatalf("%s", text)
		}
		if e.Log.Label == app.ConnectorLabel {
			break
		}
	}
	text, err := json.Marshal(l.end(dev.Failed))
	if err != nil || strings.Contains(string(text), secret) {
		t.Fatalf("%s %v", text, err)
	}
}

// A secret that looks like a part of what carjs tells takes nothing of it away.
func TestDevWithASecretLikeATime(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{time.Now().UTC().Format("2006"), "good"} {
		a := newAuthor(t)
		a.edit("src/dataHandler.ts", siteName, `name: "${secret} is in it", address: row.address`)
		l := a.loop("-password", secret)
		l.end(dev.Failed) // the data source has another one
		a.edit("src/main.ts", "import {", "import { nothing } from \"./none\";\nvoid nothing;\nimport {")
		l.end(dev.BuildFailed)
	}
}

// A save costs the data source nothing: it is asked in the first run, and when the author says so.
func TestDevReplays(t *testing.T) {
	l := newAuthor(t).loop()
	first := l.end(dev.Good)
	asked := l.asked.Load()
	if first.Recorded != 0 || asked == 0 {
		t.Fatalf("%d answers from a recording, %d requests in the first run", first.Recorded, asked)
	}
	l.edit("src/dataHandler.ts", siteName, `name: row.name + "!", address: row.address`)
	end := l.end(dev.Good)
	if end.Recorded != end.Requests.Datasource || l.asked.Load() != asked {
		t.Errorf("%d of %d answers from the recording, %d requests more", end.Recorded, end.Requests.Datasource, l.asked.Load()-asked)
	}
	// What was not asked for before is asked of the data source, and recorded, too.
	l.edit("src/fullImport.ts", "import {", "import { context } from \"carjs\";\nimport {")
	l.end(dev.Good)
	l.edit("src/fullImport.ts", "getNewModelStateId() {",
		"getNewModelStateId() {\n    void fetch(String(context().args.url) + \"/sites/1/\").then((r) => r.text());")
	for range 2 {
		l.end(dev.Good)
		l.edit("src/dataHandler.ts", "row.name + \"", "row.name + \"!")
	}
	l.end(dev.Good)
	if n := l.asked.Load(); n != asked+1 {
		t.Errorf("%d requests more", n-asked)
	}
}

// An answer that is not read is recorded all the same, and keeps no run waiting or from working.
func TestDevWithAnswersThatNobodyReads(t *testing.T) {
	t.Parallel()
	a := newAuthor(t)
	a.edit("src/fullImport.ts", "import {", "import { context } from \"carjs\";\nimport {")
	a.edit("src/fullImport.ts", "getNewModelStateId() {",
		"getNewModelStateId() {\n    void fetch(String(context().args.url) + \"/sites/1/\", { headers: { a: \"b\" } });")
	l := a.loop()
	l.end(dev.Good)
	asked := l.asked.Load()
	for range 2 {
		l.edit("src/fullImport.ts", "a: \"b", "a: \"bb")
		l.end(dev.Good)
	}
	l.edit("src/fullImport.ts", "\" } });", "\" } }).then((r) => r.json()).then((site) => console.log(`the site ${JSON.stringify(site)}`));")
	for e := l.next(dev.Logged); !strings.Contains(e.Log.Message, `the site {`); e = l.next(dev.Logged) {
	}
	l.end(dev.Good)
	if n := l.asked.Load(); n != asked {
		t.Errorf("%d requests more", n-asked)
	}
	if left, err := filepath.Glob(filepath.Join(a.dir, ".carjs", "dev", "mine", ".*")); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
}

// Who tidies up while the loop runs loses the recorded answers and nothing else.
func TestDevAfterTidyingUp(t *testing.T) {
	t.Parallel()
	l := newAuthor(t).loop()
	l.end(dev.Good)
	asked := l.asked.Load()
	if err := os.RemoveAll(filepath.Join(l.dir, ".carjs")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{`row.name + "!"`, `row.name + "?"`} {
		l.edit("src/dataHandler.ts", "name: row.name", "name: "+name)
		l.end(dev.Good)
	}
	if n := l.asked.Load(); n != 2*asked {
		t.Errorf("%d requests after %d in the first run", n-asked, asked)
	}
}

// Recorded answers that are given are used, and a change of one is seen at once.
func TestDevWithARecording(t *testing.T) {
	for _, test := range []struct {
		folder string
		args   []string
	}{{"first", nil}, {"other", []string{"-replay", "mine/recordings/other"}}} {
		t.Run(test.folder, func(t *testing.T) { devWithARecording(t, test.folder, test.args) })
	}
}

func devWithARecording(t *testing.T, folder string, args []string) {
	a := newAuthor(t)
	if r := a.run("run", "mine", "-url", a.source.URL, "-username", "admin", "-password", "admin", "-record",
		"mine/recordings/"+folder); r.code != 0 {
		t.Fatal(r)
	}
	a.source.Close()
	file := "recordings/" + folder + "/0004-get-sites.json"
	l := a.started(append([]string{"dev", "mine", "-log-format", "json"}, args...)...)
	l.end(dev.Good)
	l.edit(file, "site 1", "site one")
	changes := l.end(dev.Good).Changes
	if len(changes) != 1 || string(changes[0].Fields[0].After) != `"site one"` {
		t.Errorf("changes %+v", changes)
	}
	l.edit(file, `"status": 200`, `"status": 200;`)
	if f := l.end(dev.Failed).Failure; !strings.Contains(f.At, "0004-get-sites.json:11:") || f.Fault != "settings" {
		t.Errorf("failure %+v", f)
	}
}
