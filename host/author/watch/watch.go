// Package watch tells when files of a folder change, for those who do something at every save.
//
// Which files matter is its caller's to say, and changes from build to build. Editors write a file
// in several steps, under other names, or by way of a copy; what arrives here is a change of the
// file that was meant, as soon as its content is another. A file that is written in several pieces
// may arrive once more, when the last has been written. What is done about a change is decided
// elsewhere.
package watch

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// settle is how long it must have been quiet after a change before the next is told. The first
	// is told at once: most saves are whole then, and who has begun something can begin it again.
	settle = time.Millisecond
	// emptied is the time for a file that is empty, or changes while it is read, to be written: most
	// programs empty a file and then write it, and one that waits for a processor in between takes
	// its time. Nobody waits for the news that a file is empty.
	emptied = time.Second
	// gone is the time for a file that is gone to come back: some editors move a file before they
	// write it.
	gone = 250 * time.Millisecond
	// halfWritten is how often a file is looked at that may be coming back. Its writing has an event.
	halfWritten = 10 * time.Millisecond
	// justNow is the age of a file that may have changed after it was read, but before it was watched.
	justNow = 10 * time.Second
	// lookAgain is how often files are looked at of which no event tells; see [Watcher.missed].
	lookAgain = 500 * time.Millisecond
)

// Watcher watches a folder, and the files outside of it that it is told of.
type Watcher struct {
	given   string // the folder, as its caller names it
	notify  *fsnotify.Watcher
	changes chan []string
	ended   chan struct{}

	mu       sync.Mutex
	root     string          // the folder itself, which another one may replace
	followed map[string]bool // files that matter
	others   func(path string) bool
	folders  map[string]fs.FileInfo // watched, as they were when that began
	recheck  []string               // files that may have changed before they were watched
	links    map[string]string      // in the folder, and where they lead; "" is nowhere
	stamps   map[string]stamp       // of the files that matter, as they were seen last
	seed     maphash.Seed
	known    map[string]uint64 // hash of the content last told of, or about to be told
	untold   bool              // a change is about to be told
	trouble  error
}

// New watches a folder and all below it but node_modules and what is hidden. No file matters before
// [Watcher.Follow].
func New(root string) (*Watcher, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch %s: %w", root, err)
	}
	w := &Watcher{
		given: root, root: real, notify: notify, changes: make(chan []string), ended: make(chan struct{}),
		followed: map[string]bool{}, folders: map[string]fs.FileInfo{}, links: map[string]string{}, stamps: map[string]stamp{},
		seed: maphash.MakeSeed(), known: map[string]uint64{},
	}
	w.addTree(real)
	if w.trouble != nil {
		return nil, errors.Join(fmt.Errorf("watch %s: %w", root, w.trouble), notify.Close())
	}
	go w.run()
	return w, nil
}

// Changes delivers the files that changed, by their paths relative to the folder where they are in
// it, sorted. While nobody receives, changes add up. It is closed by [Watcher.Close].
func (w *Watcher) Changes() <-chan []string { return w.changes }

// Follow says which files matter from now on, by their absolute paths, in the folder or not, and
// which others of the folder do. others may be nil; it is asked for paths relative to the folder,
// with slashes. The error is that of a folder that cannot be watched.
func (w *Watcher) Follow(files []string, others func(path string) bool) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	first, unwatched := len(w.followed) == 0, map[string]bool{}
	w.followed, w.others = map[string]bool{}, others
	for _, file := range files {
		if folder, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
			file = filepath.Join(folder, filepath.Base(file))
			if unwatched[folder] = unwatched[folder] || w.folders[folder] == nil; unwatched[folder] && !first {
				w.unseen(file)
			}
			w.addFolder(folder)
		}
		w.followed[file] = true
		if _, known := w.stamps[file]; !known {
			w.stamps[file] = stampOf(file)
		}
	}
	err := w.trouble
	w.trouble = nil
	return err
}

// Stale tells whether one of the files, by the names under which they were told, has changed again
// since: that is about to be told, too.
func (w *Watcher) Stale(files []string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.untold || slices.ContainsFunc(files, func(name string) bool {
		path := name
		if !filepath.IsAbs(name) {
			path = filepath.Join(w.root, name)
		}
		hash, _ := w.hash(path)
		return hash != w.known[path]
	})
}

// hash is that of a file's content, 0 of one that cannot be read, and how long it may be something
// in between, 0 for a file that looks whole. That of a link depends on where it leads, too.
func (w *Watcher) hash(path string) (hash uint64, wait time.Duration) {
	target := w.links[path]
	before, err := os.Stat(path)
	switch {
	case err != nil:
		return 0, gone
	case before.IsDir() && target != "":
		return maphash.String(w.seed, target), 0
	case !before.Mode().IsRegular():
		return 0, 0 // a pipe, which would keep who reads it
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, gone
	}
	hash = maphash.Bytes(w.seed, content)
	if target != "" {
		hash ^= maphash.String(w.seed, target)
	}
	after, err := os.Stat(path)
	changing := err != nil || after.Size() != int64(len(content)) || !after.ModTime().Equal(before.ModTime())
	if changing || len(content) == 0 {
		return hash, emptied
	}
	return hash, 0
}

// Close ends the watching.
func (w *Watcher) Close() error {
	err := w.notify.Close()
	<-w.ended
	return err
}

// addTree watches a folder with those below it, and returns the files that are there already.
func (w *Watcher) addTree(root string) (files []string) {
	// What cannot be read is not watched either; addFolder notes what matters.
	_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case !entry.IsDir():
			if entry.Type()&fs.ModeSymlink != 0 {
				w.links[path] = leadsTo(path)
			}
			files = append(files, path)
			return nil
		case path != w.root && skipped(entry.Name()):
			return filepath.SkipDir
		}
		w.addFolder(path)
		return nil
	})
	return files
}

func (w *Watcher) addFolder(path string) {
	if w.folders[path] != nil {
		return
	}
	info, err := os.Stat(path)
	if err != nil {
		return // it comes, or not
	}
	if err := w.notify.Add(path); err != nil {
		w.trouble = fmt.Errorf("watch %s: %w", path, err)
		return
	}
	w.folders[path] = info
}

// followedIn are the files that are followed in a folder, or were, since it is gone.
func (w *Watcher) followedIn(folder string) (files []string) {
	for path := range w.followed {
		if strings.HasPrefix(path, folder+string(filepath.Separator)) {
			files = append(files, path)
		}
	}
	return files
}

// dropTree gives up a folder that is gone or has another name, with those below it: one of its name
// may come, and is another one.
func (w *Watcher) dropTree(root string) {
	for path := range w.folders {
		if path == root || strings.HasPrefix(path, root+string(filepath.Separator)) {
			delete(w.folders, path)
			_ = w.notify.Remove(path) // the system may have done so already
		}
	}
	for path := range w.links {
		if path == root || strings.HasPrefix(path, root+string(filepath.Separator)) {
			delete(w.links, path)
		}
	}
}

// skipped are folders in which nothing is written by hand.
func skipped(name string) bool {
	return name == "node_modules" || strings.HasPrefix(name, ".")
}

// run looks at files when there are events of them, and when those after a change have settled.
func (w *Watcher) run() {
	defer close(w.ended)
	defer close(w.changes)
	pending := map[string]time.Time{} // files with events, and since when
	var ready []string
	var last time.Time // of the last change
	timer := time.NewTimer(time.Hour)
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	look := func() {
		changed, waiting := w.sort(pending)
		if len(changed) > 0 {
			last = time.Now()
			ready = slices.Compact(slices.Sorted(slices.Values(append(ready, changed...))))
		}
		if waiting {
			timer.Reset(halfWritten)
		}
	}
	add := func(paths []string) {
		for _, path := range paths {
			if _, known := pending[path]; !known {
				pending[path] = time.Now()
			}
		}
		switch {
		case len(paths) == 0:
		case time.Since(last) < settle:
			timer.Reset(settle)
		default:
			look()
		}
	}
	for {
		var out chan []string
		if len(ready) > 0 {
			out = w.changes
		}
		select {
		case event, open := <-w.notify.Events:
			if !open {
				return
			}
			add(w.take(event))
		case _, open := <-w.notify.Errors:
			if !open {
				return
			}
			// Events were lost: whatever matters may have changed.
			add(w.all())
		case <-timer.C:
			look()
		case <-again.C:
			add(w.missed())
		case out <- ready:
			ready = nil
			w.mu.Lock()
			w.untold = false
			w.mu.Unlock()
		}
	}
}

// take looks at one event and returns the files that matter of those that it may be about.
func (w *Watcher) take(event fsnotify.Event) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if event.Op == fsnotify.Chmod {
		return nil
	}
	target, wasLink := w.links[event.Name]
	used := wasLink && w.used(target)
	if event.Has(fsnotify.Remove) || event.Has(fsnotify.Rename) {
		w.dropTree(event.Name)
		paths := w.mattering(append(w.followedIn(event.Name), event.Name)...)
		if used && target != "" { // one that led nowhere, as while it is made, leads nowhere still
			paths = append(paths, event.Name)
		}
		return paths
	}
	if !event.Has(fsnotify.Create) || !w.inside(event.Name) {
		return w.mattering(event.Name)
	}
	info, err := os.Lstat(event.Name)
	switch {
	case err != nil || skipped(info.Name()):
		return w.mattering(event.Name)
	case info.Mode()&fs.ModeSymlink != 0:
		return w.linked(event.Name, used)
	case !info.IsDir():
		if delete(w.links, event.Name); used { // a file took its place
			return []string{event.Name}
		}
		return w.mattering(event.Name)
	}
	// Files that came before the folder was watched have no events of their own.
	return w.mattering(w.addTree(event.Name)...)
}

// mattering returns the files that matter among some.
func (w *Watcher) mattering(paths ...string) []string {
	return slices.DeleteFunc(paths, func(path string) bool {
		return !w.followed[path] && (w.others == nil || !w.inside(path) || !w.others(filepath.ToSlash(w.name(path))))
	})
}

// sort tells which of the pending files have another content than before, and whether some must be
// waited for. It forgets those that it decided on.
func (w *Watcher) sort(pending map[string]time.Time) (changed []string, waiting bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, since := range pending {
		hash, wait := w.hash(path)
		if time.Since(since) < wait {
			waiting = true
			continue
		}
		delete(pending, path)
		if before, known := w.known[path]; known && before == hash {
			continue
		}
		w.known[path], w.untold = hash, true
		w.stamps[path] = stampOf(path)
		changed = append(changed, w.name(path))
	}
	return changed, waiting
}

func (w *Watcher) all() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var paths []string
	for path := range w.followed {
		paths = append(paths, path)
	}
	return paths
}

func (w *Watcher) inside(path string) bool {
	return strings.HasPrefix(path, w.root+string(filepath.Separator))
}

// name is a path for people.
func (w *Watcher) name(path string) string {
	if name, err := filepath.Rel(w.root, path); err == nil && w.inside(path) {
		return name
	}
	return path
}
