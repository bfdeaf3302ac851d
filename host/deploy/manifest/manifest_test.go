package manifest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"carjs/host/failure"
	"carjs/host/settings"
)

const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestParseImage(t *testing.T) {
	for text, want := range map[string]Image{
		"a@" + digest: {"a", "", digest},
		"registry.example/a/b-c__d:1.0@" + digest: {"registry.example/a/b-c__d", "1.0", digest},
		"localhost:5000/a@" + digest:              {"localhost:5000/a", "", digest},
		"Registry:5000/a:V1@" + digest:            {"Registry:5000/a", "V1", digest},
	} {
		got, err := ParseImage(text)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		if got.String() != text {
			t.Errorf("%s is written as %s", text, got)
		}
	}
	for text, says := range map[string]string{
		"":                             "no image given",
		"a":                            "named without a digest",
		"localhost:5000/a":             "named without a digest",
		"a:1":                          "named by a tag",
		digest:                         "a digest alone",
		"a@sha256:12":                  "invalid digest",
		"a@md5:12":                     "invalid digest",
		"a@" + strings.ToUpper(digest): "invalid digest",
		"A@" + digest:                  "invalid image name",
		"a b@" + digest:                "invalid image name",
		"https://r/a@" + digest:        "invalid image name",
		"a:@" + digest + "\n":          "invalid",
		"@" + digest:                   "invalid image name",
		strings.Repeat("é", 300):       "invalid image name",
	} {
		if _, err := ParseImage(text); err == nil || !strings.Contains(err.Error(), says) ||
			failure.From(err).Code != 2 || failure.From(err).Hint == "" {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
}

// The keys that a Secret must have are told, and only those that pods read.
func TestKeys(t *testing.T) {
	declaration, err := settings.ParseConfig("config.json", []byte(`{"configuration": {"auth": {"type": "fields",
		"user": {"type": "text"}, "password": {"type": "password"}, "pin": {"type": "password", "optional": true}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	c := Connection{Name: "n", Fields: declaration.Fields, Cluster: Cluster{CARSecret: "car-service", CARTokenURL: "https://car"},
		References: map[string]Reference{"CONFIGURATION_AUTH_USER": {"vault", "user"}}}
	want := map[string][]string{
		"vault": {"user"}, "car-n": {"CONFIGURATION_AUTH_PASSWORD"}, "car-service": {"CAR_SERVICE_AUTHTOKEN"},
	}
	if _, keys := c.keys(); !cmp.Equal(keys, want) {
		t.Error(cmp.Diff(want, keys))
	}
	c.References, c.JWE, c.CARTokenURL = nil, true, ""
	want = map[string][]string{
		"car-n":     {"CONFIGURATION_AUTH_PASSWORD", "CAR_SERVICE_URL", "CAR_SERVICE_KEY", "CAR_SERVICE_PASSWORD"},
		"car-n-jwk": {"key.jwk"},
	}
	if _, keys := c.keys(); !cmp.Equal(keys, want) {
		t.Error(cmp.Diff(want, keys))
	}
}

// Whatever a file contains, it is read or refused.
func FuzzReadConnections(f *testing.F) {
	for _, text := range []string{
		"", "connections: &x\n- *x", "a: *b", "connections:\n- name: n\n  connector: c\n  schedule: TZ=\n",
		"images: {c: a@" + digest + "}\nconnections:\n- {name: n, connector: c, settings: {host: h}, from-secret: {pin: a/b}}\n",
		"secrets: jwe\nconnections: [{name: , connector: [], source: {}, memory: 1e9, <<: {}}]", "? [a]\n: b\n", "!!binary aa: b", "--- a\n--- b",
	} {
		f.Add(text)
	}
	declaration, err := settings.ParseConfig("config.json",
		[]byte(`{"connection": {"host": {"type": "text"}}, "configuration": {"auth": {"type": "fields", "pin": {"type": "password"}}}}`))
	if err != nil {
		f.Fatal(err)
	}
	values, err := settings.Gather(settings.Input{Table: settings.ManifestTable(),
		LookupEnv: func(string) (string, bool) { return "", false }})
	if err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(f.TempDir(), "connections.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		fleet, err := ReadConnections(File{Path: path, Values: values, Find: func(name string) (Connector, error) {
			if name != "c" {
				return Connector{}, failure.Usage("unknown connector %q", name)
			}
			return Connector{Name: "c", Declaration: declaration}, nil
		}})
		var mistakes settings.Mistakes
		switch {
		case errors.As(err, &mistakes):
			for _, m := range mistakes {
				if m.Line < 1 || m.Message == "" {
					t.Errorf("%q: %+v", text, m)
				}
			}
			return
		case err != nil:
			t.Fatal(err)
		}
		if _, err := fleet.Write(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func FuzzCheckSchedule(f *testing.F) {
	for _, text := range []string{"* * * * *", "TZ=", "@every 1h", "*/0 1-2/3 ? JAN SUN", "mm HH * * *"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		_ = CheckSchedule(text)
		_ = CheckTimeZone(text)
	})
}
