package recording_test

import (
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"carjs/host/recording"
)

// FuzzManifest reads recordings whose recording.json is anything, with several exchanges: it ends
// with a recording that answers, or with a mistake that names a file.
func FuzzManifest(f *testing.F) {
	const first = `{"request": {"at": "2026-12-01T00:00:00Z", "method": "GET", "url": "http://x/a?t=1", "headers": {"Accept": "*/*"}}, "response": {"status": 200, "json": {"a": 1}}}`
	for _, manifest := range []string{
		`{"format": 2, "connector": "c", "recorded": "2026-12-01T00:00:00Z", "imports": ["full"], "settings": {"A": "b"}, "ignore": {"query": ["t"], "body": ["$.x"]}}`,
		`{"format": 3}`, `{"format": 2, "settings": null, "ignore": {"query": [""]}}`, `[]`, `{"format": 2, "recorded": "0001-01-01T00:00:00Z", "sample": true}`,
	} {
		f.Add(manifest, first, `{"request": {"method": "POST", "url": "http://x/b", "text": "q"}, "response": {"status": 204}}`)
	}
	f.Add(`{"format": 2}`, `{"request": {"method": "GET", "url": "http://x/a?t=1"}, "response": {"status": 99999, "headers": {"X\n": "\r"}, "base64": "!"}}`, first)
	f.Fuzz(func(t *testing.T, manifest, one, two string) {
		dir := t.TempDir()
		for name, data := range map[string]string{recording.ManifestFile: manifest, "0001-get-a.json": one, "0002-post-b.json": two} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		recorded, err := recording.Open(dir)
		if err != nil {
			if mistake := (*recording.Mistake)(nil); !errors.As(err, &mistake) && !errors.Is(err, recording.ErrEmpty) ||
				!strings.Contains(err.Error(), dir) {
				t.Errorf("%v", err)
			}
			return
		}
		replay := recorded.Replay(nil, nil)
		for _, url := range []string{"http://x/a?t=2", "http://x/b", "http://x/a?t=1"} {
			if answer, err := replay.RoundTrip(httptest.NewRequest("GET", url, nil)); err == nil {
				_, _ = io.Copy(io.Discard, answer.Body) // whatever it is
			}
		}
	})
}
