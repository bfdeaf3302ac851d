package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/author/dev"
)

// A connector whose folder is removed and comes back, is replaced, or becomes a link to another one is
// still reloaded at every save.
func TestDevFollowsReplacedFolders(t *testing.T) {
	a := newAuthor(t)
	l := a.loop()
	l.end(dev.Good)
	mine := filepath.Join(l.dir, "mine")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// settled waits for a good run that has the text in what it sends, whatever runs come before.
	settled := func(what, text string) {
		t.Helper()
		for {
			end := l.next(dev.RunEnds).End
			if end.Outcome != dev.Good {
				continue
			}
			if text == "" || strings.Contains(told(t, end.Changes), text) {
				return
			}
			t.Logf("%s: a run before", what)
		}
	}
	before := "row.name"
	saved := func(what, text string) {
		t.Helper()
		l.edit("src/dataHandler.ts", "name: "+before+", address", "name: `"+text+" ${row.name}`, address")
		before = "`" + text + " ${row.name}`"
		settled(what, text)
	}
	saved("before", "alpha")

	must(os.Rename(mine, mine+".away"))
	for l.next(dev.RunEnds).End.Outcome == dev.Good {
	}
	must(os.Rename(mine+".away", mine))
	settled("moved away and back", "")
	saved("moved away and back", "beta")

	must(os.CopyFS(mine+".copy", os.DirFS(mine)))
	must(os.RemoveAll(mine))
	must(os.Rename(mine+".copy", mine))
	saved("replaced by a copy", "gamma")

	src := filepath.Join(mine, "src")
	elsewhere := filepath.Join(mine, "elsewhere") // a build reads no other folder
	must(os.Rename(src, elsewhere))
	if err := os.Symlink(elsewhere, src); err != nil {
		t.Skipf("no links here: %v", err)
	}
	saved("src is a link", "delta")

	other := filepath.Join(mine, "other")
	must(os.CopyFS(other, os.DirFS(elsewhere)))
	must(os.Symlink(other, src+".new"))
	must(os.Rename(src+".new", src))
	saved("the link leads elsewhere", "epsilon")
}

// told are changes as text.
func told(t *testing.T, changes []dev.Change) string {
	t.Helper()
	text, err := json.Marshal(changes)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
