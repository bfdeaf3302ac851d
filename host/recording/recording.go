// Package recording keeps the traffic between a connector and its data source as files that people
// read and edit, and answers from them: so that a run can be repeated without the data source, a
// mistake be shown to others, and a test be written.
//
// A recording is a folder with one JSON file for each request and its answer, in the order of the
// requests, and a file recording.json that says what they are. Secrets are taken out before
// anything is written. [Recorder] writes a recording, [Recording] reads one, [Replayer] answers
// from it. The package knows HTTP and nothing of connectors or of CAR.
package recording

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"carjs/host/lazyregexp"
)

// ManifestFile is the file that makes a folder a recording.
const ManifestFile = "recording.json"

// Format is the version of the files that this package writes. It reads earlier ones, and no later
// one.
const Format = 2

// Manifest says what a recording is of.
type Manifest struct {
	Format    int    `json:"format"`
	Connector string `json:"connector"`
	// Recorded is when the recording began, which is the time in a replay.
	Recorded time.Time `json:"recorded"`
	// Imports are the modes of the imports that were recorded, each once: "full", "incremental".
	Imports []string `json:"imports,omitempty"`
	// Sample tells that the recording is one that a new connector begins with. Recording into its
	// folder replaces all of it.
	Sample bool `json:"sample,omitempty"`
	// Settings are those of the connector that are no secrets, by environment variable: a replay
	// needs them.
	Settings map[string]string `json:"settings"`
	// Ignore says what is not compared. It stays when more is recorded.
	Ignore Ignore `json:"ignore,omitzero"`
}

// fullImport is the mode of an import that asks for everything.
const fullImport = "full"

// exchange is the content of one file.
type exchange struct {
	Request  request  `json:"request"`
	Response response `json:"response"`
}

type request struct {
	// At is when it was made; formats before 2 do not have it.
	At      time.Time         `json:"at,omitzero"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	body
}

type response struct {
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	// Cut tells that nobody read the answer to its end.
	Cut bool `json:"cut,omitempty"`
	body
}

// body is what is sent or answered, in one of the forms: JSON as such, other text as a string,
// anything else in base64.
type body struct {
	JSON   json.RawMessage `json:"json,omitempty"`
	Text   *string         `json:"text,omitempty"`
	Base64 []byte          `json:"base64,omitempty"`
}

// bytes is what went over the wire, but for the white space of JSON.
func (b body) bytes() []byte {
	switch {
	case b.JSON != nil:
		return b.JSON
	case b.Text != nil:
		return []byte(*b.Text)
	}
	return b.Base64
}

// exchangeFile is the form of the names of exchanges.
var exchangeFile = lazyregexp.New(`^[0-9]{4,}-[a-z0-9_-]+\.json$`)

// unsafe are the characters that do not go into the name of a file.
var unsafe = lazyregexp.New(`[^a-z0-9_]+`)

// fileName is the name of an exchange's file: its number, method and path,
// "0001-get-api-assets.json".
func fileName(number int, method, path string) string {
	slug := strings.Trim(unsafe().ReplaceAllString(strings.ToLower(path), "-"), "-")
	if len(slug) > 60 {
		slug = strings.Trim(slug[len(slug)-60:], "-")
	}
	return strings.TrimSuffix(fmt.Sprintf("%04d-%s-%s", number, strings.ToLower(method), slug), "-") + ".json"
}

// The beginnings of the names of what a recorder has in its folder for a while: answers that are
// being read, and files that are not in their place yet. A process that was killed leaves them.
const (
	pendingName = ".body-"
	workName    = ".recording-"
	writingName = ".carjs-" // of package files
)

func passingName(name string) bool {
	return strings.HasPrefix(name, pendingName) || strings.HasPrefix(name, workName) || strings.HasPrefix(name, writingName)
}

// ours returns the files of a folder that belong to a recording, in order, and the first of those
// that do not.
func ours(dir string) (files []string, other string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, "", err
	}
	for _, entry := range entries {
		switch name := entry.Name(); {
		case strings.HasPrefix(name, "."): // of a recorder, or of a system that keeps something in every folder
		case name == ManifestFile, exchangeFile().MatchString(name):
			files = append(files, name)
		case other == "":
			other = name
		}
	}
	if other == "" && len(files) > 0 && !slices.Contains(files, ManifestFile) {
		other = files[0]
	}
	// A name with more digits comes after all with fewer, which is the order of the numbers.
	slices.SortStableFunc(files, func(a, b string) int {
		return cmp.Compare(strings.IndexByte(a, '-'), strings.IndexByte(b, '-'))
	})
	return files, other, nil
}

// longAgo is the age from which what was left in a folder is not another process's, which may be
// recording there as well.
const longAgo = time.Hour

// tidy removes what a process that was killed has left in a folder. There may be secrets in it that
// were not known yet.
func tidy(dir string) {
	entries, _ := os.ReadDir(dir) // one that is not there has nothing in it
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && passingName(entry.Name()) && time.Since(info.ModTime()) > longAgo {
			os.RemoveAll(filepath.Join(dir, entry.Name())) //nolint:errcheck // it is in nobody's way
		}
	}
}
