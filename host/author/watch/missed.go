package watch

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// stamp tells a file from what it was, without its content.
type stamp struct {
	size    int64
	changed time.Time
}

// stampOf is the stamp of a file, the zero one of a file that is not there.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

// unseen notes a file in a folder that was not watched until now, if it has just been written: its
// caller may have read it before.
func (w *Watcher) unseen(file string) {
	if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()).Abs() < justNow {
		w.recheck = append(w.recheck, file)
	}
}

// leadsTo is where a link leads in the end, "" when that is nowhere.
func leadsTo(link string) string {
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		return ""
	}
	return target
}

// used tells whether files that matter are where a link leads. A link that led nowhere may be one
// that is missed.
func (w *Watcher) used(target string) bool {
	return target == "" || w.followed[target] || len(w.followedIn(target)) > 0
}

// linked looks at a link that has come and returns what may be another file through it. used tells
// that there was one of its name, which mattered.
func (w *Watcher) linked(link string, used bool) []string {
	w.dropTree(link) // a folder that was there
	w.links[link] = leadsTo(link)
	paths := w.followedIn(link)
	if used || len(paths) > 0 {
		return append(paths, link)
	}
	return w.mattering(link)
}

// missed looks for changes of which there was no event, and returns the files that they may be about:
// a folder is watched itself, not its name, so that one that takes its place, also as a link, must be
// found; links are not watched at all; and some file systems tell of nothing.
func (w *Watcher) missed() (paths []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func(trouble error) { w.trouble = trouble }(w.trouble) // what fails is tried again
	paths, w.recheck = w.recheck, nil
	paths = append(paths, w.missedRoot()...)
	for folder, before := range w.folders {
		if info, err := os.Stat(folder); err != nil || !os.SameFile(before, info) {
			w.dropTree(folder)
			paths = append(paths, w.found(folder)...)
		}
	}
	for file := range w.followed {
		if folder := filepath.Dir(file); w.folders[folder] == nil {
			w.addFolder(folder)
		}
		if now := stampOf(file); now != w.stamps[file] {
			w.stamps[file] = now
			paths = append(paths, file)
		}
	}
	for link, before := range w.links {
		target := leadsTo(link)
		if target == before {
			continue
		}
		w.links[link] = target
		if paths = append(paths, w.followedIn(link)...); w.used(before) {
			paths = append(paths, link)
		}
	}
	return paths
}

// missedRoot looks whether the folder is another one than before.
func (w *Watcher) missedRoot() []string {
	now := leadsTo(w.given)
	switch {
	case now == "":
		return nil // it is gone, and may come back
	case now == w.root && w.folders[now] != nil:
		return nil // and is looked at with the others
	case now == w.root:
		return w.found(now)
	}
	w.dropTree(w.root)
	followed := map[string]bool{}
	for path := range w.followed {
		if name := w.name(path); !filepath.IsAbs(name) {
			path = filepath.Join(now, name)
		}
		followed[path] = true
	}
	w.root, w.followed = now, followed
	return append(w.found(now), w.followedIn(now)...)
}

// found watches a folder that has come, if it has, and returns those of its files that matter.
func (w *Watcher) found(folder string) []string {
	info, err := os.Lstat(folder)
	if err != nil || !info.IsDir() {
		if err == nil && info.Mode()&fs.ModeSymlink != 0 && w.inside(folder) {
			return w.linked(folder, false)
		}
		return w.followedIn(folder)
	}
	if folder != w.root && !w.inside(folder) {
		w.addFolder(folder) // of a file outside
		return w.followedIn(folder)
	}
	return append(w.mattering(w.addTree(folder)...), w.followedIn(folder)...)
}
