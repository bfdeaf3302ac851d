package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const secretConnections = `car-service-url: https://car.example/api/car/v2
car-from-env:
  car-service-key: OPS_CAR_KEY
  CAR_SERVICE_PASSWORD: OPS_CAR_PASSWORD
images:
  harbour: ` + testImage + `
  beacon: registry.example/beacon@` + testDigest + `
connections:
- name: north
  connector: harbour
  settings: {host: north.example, username: yes}
  from-env:
    token: OPS_NORTH_TOKEN
  from-secret:
    pin: vault/pin
- name: lights
  connector: beacon
  secret: lights-login
  from-file:
    url: secrets/url.txt
    password: secrets/password
- name: buoys
  connector: beacon
  secret: lights-login
  settings: {url: https://buoys.example}
- name: kept
  connector: beacon
  settings: {url: https://kept.example}
`

// newKeeper is a fleet with the values of its Secrets in the environment and in files.
func newKeeper(t testing.TB) *desk {
	d := newFleet(t)
	d.write("connections.yaml", secretConnections)
	d.write("secrets/url.txt", "https://lights.example\r\n")
	d.write("secrets/password", "hunter2\nand a second line\n")
	d.env = []string{"OPS_CAR_KEY=hunter3", "OPS_CAR_PASSWORD=hunter4", "OPS_NORTH_TOKEN=hunter5"}
	return d
}

// A file of connections gives one CronJob for each and, on request, the Secrets with the values that
// it names.
func TestManifestSecrets(t *testing.T) {
	d := newKeeper(t)
	r := d.run("manifest", "-connections", "connections.yaml")
	if r.code != 0 || strings.Contains(r.stdout+r.stderr, "hunter") {
		t.Fatal(r)
	}
	golden(t, filepath.Join("testdata", "manifest", "connections-sources.yaml"), r.stdout)
	// Values are read on request alone: without them the rest is the same.
	env := d.env
	d.env = nil
	if again := d.run("manifest", "-connections", "connections.yaml"); again.stdout != r.stdout {
		t.Error(again)
	}
	d.env = env

	if r := d.run("manifest", "-connections", "connections.yaml", "-with-secrets"); r.code != 2 || r.stdout != "" {
		t.Errorf("secrets are printed by accident\n%s", r)
	}
	piped := d.run("manifest", "-connections", "connections.yaml", "-with-secrets", "-o", "-")
	if piped.code != 0 || piped.stderr != "" {
		t.Fatal(piped)
	}
	golden(t, filepath.Join("testdata", "manifest", "connections-secrets.yaml"), piped.stdout)
	for _, value := range []string{"hunter3", "hunter4", "hunter5", "https://lights.example", "hunter2\nand a second line\n"} {
		if !strings.Contains(piped.stdout, ": "+base64.StdEncoding.EncodeToString([]byte(value))+"\n") {
			t.Errorf("no Secret has %q\n%s", value, piped)
		}
	}
	r = d.run("manifest", "-connections", "connections.yaml", "-with-secrets", "-o", "fleet.yaml")
	if r.code != 0 {
		t.Fatal(r)
	}
	contains(t, r.stdout, "fleet.yaml is written: 7 objects, with secrets; only you can read it")
	written, err := os.ReadFile(filepath.Join(d.dir, "fleet.yaml"))
	if err != nil || string(written) != piped.stdout {
		t.Error(err, string(written))
	}
	if info, err := os.Stat(filepath.Join(d.dir, "fleet.yaml")); runtime.GOOS != "windows" && (err != nil || info.Mode().Perm() != 0o600) {
		t.Error(info.Mode(), err)
	}
}

// What is wrong with the sources of Secrets is told with its line and without a value.
func TestManifestSecretsBadInput(t *testing.T) {
	d := newKeeper(t)
	d.write("secrets/binary", "a\x00b")
	d.write("secrets/empty", "\n")
	d.write("secrets/large", strings.Repeat("x", 1<<20+1))
	d.env = append(d.env, "OPS_BAD_URL=hunter6")
	d.write("bad.yaml", `car-from-env:
  car-service-key: OPS_CAR_KEY
  car-service-authtoken: OPS_CAR_KEY
car-from-file: {CAR_SERVICE_KEY: secrets/password}
images: {beacon: registry.example/beacon@`+testDigest+`, harbour: `+testImage+`}
connections:
- name: one
  connector: beacon
  from-env: {url: OPS_NOT_SET, password: "hunter2!"}
- name: two
  connector: beacon
  from-env: {url: OPS_BAD_URL}
- name: three
  connector: beacon
  secret: car-two
  from-file:
    url: secrets/none
    password: secrets/binary
- name: four
  connector: beacon
  from-file: {url: secrets/empty, password: secrets/large, PASSWORD: secrets/password}
- name: five
  connector: harbour
  settings: {host: h, username: u, token: hunter2}
  from-env: {host: OPS_CAR_KEY}
  from-file: [token]
- name: six
  connector: beacon
  settings: {url: https://x.example}
  secret: car-four
- name: seven
  connector: beacon
  from-env: {schedule: OPS_CAR_KEY, url: }
  from-secret: {password: }
`)
	r := d.run("manifest", "-connections", "bad.yaml", "-with-secrets", "-o", "out.yaml")
	if r.code != 2 || r.stdout != "" || strings.Contains(r.stderr, "hunter") {
		t.Error(r)
	}
	golden(t, filepath.Join("testdata", "connections-secrets-bad.golden"), r.stderr)
	if _, err := os.Stat(filepath.Join(d.dir, "out.yaml")); !os.IsNotExist(err) {
		t.Errorf("out.yaml: %v", err)
	}
	d.write("jwe.yaml", "secrets: jwe\ncar-from-env: {car-service-key: K}\nimages: {beacon: registry.example/beacon@"+testDigest+
		"}\nconnections:\n- {name: n, connector: beacon, settings: {url: https://x.example}, from-env: {password: P}}\n")
	for _, test := range []struct {
		args []string
		says []string
	}{
		{[]string{"-connections", "jwe.yaml"}, []string{"jwe.yaml:2:15: car-from-env", "jwe.yaml:5:78: from-env", "carjs does not encrypt secrets"}},
		{[]string{"beacon", "-with-secrets", "-o", "-"}, []string{"-with-secrets has no meaning without -connections"}},
	} {
		if r := d.run(append([]string{"manifest"}, test.args...)...); r.code != 2 || r.stdout != "" {
			t.Error(r)
		} else {
			contains(t, r.stderr, test.says...)
		}
	}
}
