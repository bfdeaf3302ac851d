// Package recording keeps the traffic between a connector and its data source as files that people read and edit, and answers
// from them: so that a run can be repeated without the data source, a mistake be shown to others, and a test be written.
//
// A recording is a folder with one JSON file for each request and its answer, in the order of the requests, and a file
// recording.json that says what they are. Secrets are taken out before anything is written. [Recorder] writes a recording,
// [Recording] reads one, [Replayer] answers from it. The package knows HTTP and nothing of connectors or of CAR.
package recording

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"carjs/host/pattern"
)

// ManifestFile is the file that makes a folder a recording.
const ManifestFile = "recording.json"

// Format is the version of the files that this package writes. It reads no later one.
const Format = 1

// Manifest says what a recording is of.
type Manifest struct {
	Format    int       `json:"format"`
	Connector string    `json:"connector"`
	Recorded  time.Time `json:"recorded"`
	// Settings are those of the connector that are no secrets, by environment variable: a replay needs them.
	Settings map[string]string `json:"settings"`
}

// exchange is the content of one file.
type exchange struct {
	Request  request  `json:"request"`
	Response response `json:"response"`
}

type request struct {
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

// body is what is sent or answered, in one of the forms: JSON as such, other text as a string, anything else in base64.
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
var exchangeFile = pattern.New(`^[0-9]{4,}-[a-z0-9_-]+\.json$`)

// unsafe are the characters that do not go into the name of a file.
var unsafe = pattern.New(`[^a-z0-9_]+`)

// fileName is the name of an exchange's file: its number, method and path, "0001-get-api-assets.json".
func fileName(number int, method, path string) string {
	slug := strings.Trim(unsafe().ReplaceAllString(strings.ToLower(path), "-"), "-")
	if len(slug) > 60 {
		slug = strings.Trim(slug[len(slug)-60:], "-")
	}
	return strings.TrimSuffix(fmt.Sprintf("%04d-%s-%s", number, strings.ToLower(method), slug), "-") + ".json"
}

// ours returns the files of a folder that belong to a recording, and the first of those that do not.
func ours(dir string) (files []string, other string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, "", err
	}
	for _, entry := range entries {
		switch name := entry.Name(); {
		case name == ManifestFile, exchangeFile().MatchString(name):
			files = append(files, name)
		case other == "":
			other = name
		}
	}
	if other == "" && len(files) > 0 && !slices.Contains(files, ManifestFile) {
		other = files[0]
	}
	return files, other, nil
}
