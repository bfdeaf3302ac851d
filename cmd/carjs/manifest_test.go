package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	testDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	testImage  = "registry.example:5000/cars/isc-car-connector-harbour:1.4.0@" + testDigest
)

// newFleet is a desk with two connectors and a file of connections.
func newFleet(t testing.TB) *desk {
	d := newDeployed(t)
	d.write("connectors/beacon/src/main.ts", "export default 1;\n")
	d.write("connectors/beacon/configurations/config.json",
		`{"configuration": {"auth": {"type": "fields", "url": {"type": "text", "regex": "^https?://.+"}, "password": {"type": "password"}}}}`)
	return d
}

const testConnections = `namespace: assets
car-service-url: https://car.example/api/car/v2
pull-secret: registry-login
max-deletions: 20%
compress: true
images:
  harbour: ` + testImage + `
  beacon: registry.example/beacon@` + testDigest + `
connections:
- name: north
  connector: harbour
  settings: &shared
    host: north.example
    username: "007"
- name: south
  connector: harbour
  source: South $(Harbour)
  schedule: "30 2 * * MON-FRI"
  time-zone: Europe/Berlin
  memory: 512MB
  timeout: 90m
  max-deletions: off
  settings: *shared
  secret: south-login
  from-secret:
    token: vault/harbour.token
    pin:
- name: lights
  connector: beacon
  schedule: "@hourly"
  from-secret:
    url:
`

// The manifests below are also held against Kubernetes' own rules, in host/deploy/kubetest.
func TestManifest(t *testing.T) {
	d := newFleet(t)
	d.write("connections.yaml", testConnections)
	one := []string{"manifest", "harbour", "-image", testImage, "-source", "north", "-host", "north.example", "-username", "yes"}
	for _, test := range []struct {
		golden string
		args   []string
	}{
		{"connector.yaml", []string{"manifest", "harbour", "-kind", "connector", "-image", testImage, "-namespace", "cp4s"}},
		{"connector-version.yaml", []string{"manifest", "-kind=connector", "-creator", "Harbour Ltd", "harbour", "-version", "2.0",
			"-image", "registry.example/harbour@" + testDigest}},
		{"cronjob-env.yaml", one},
		{"cronjob-jwe.yaml", append([]string{"-secrets", "jwe", "-car-service-url-for-token", "https://car.example/api/car/v2",
			"-schedule", "5 4 * * *", "-run-as-user", "1001", "-memory", "2GB", "-port", "9000", "-timeout", "1h30m",
			"-pages-in-flight", "8", "-max-skipped", "100"}, one...)},
		{"connections.yaml", []string{"manifest", "-connections", "connections.yaml"}},
		{"connections-jwe.yaml", []string{"manifest", "-connections", "jwe.yaml", "-namespace", "given"}},
	} {
		t.Run(test.golden, func(t *testing.T) {
			d.write("jwe.yaml", "secrets: jwe\n"+strings.Replace(testConnections, "vault/harbour.token", "", 1))
			if test.args[0] != "manifest" {
				test.args = append([]string{"manifest"}, test.args...)
				test.args = append(test.args[:len(test.args)-len(one)], one[1:]...)
			}
			r := d.run(test.args...)
			if r.code != 0 || r.stderr != "" {
				t.Fatal(r)
			}
			golden(t, filepath.Join("testdata", "manifest", test.golden), r.stdout)
		})
	}
}

// What the environment says of the connector's settings is that of whoever writes the manifest, and
// no part of it.
func TestManifestKeepsOutOfEnvironment(t *testing.T) {
	d := newFleet(t)
	args := []string{"manifest", "harbour", "-image", testImage, "-source", "north", "-host", "north.example", "-username", "yes"}
	want := d.run(args...)
	d.env = []string{
		"CONNECTION_PORT=1", "CAR_SERVICE_URL=https://test.example", "MAX_DELETIONS=off", "CARJS_TIMEOUT=1s",
		"CONFIGURATION_AUTH_TOKEN=hunter2", "CAR_SERVICE_KEY=hunter3",
	}
	if got := d.run(args...); got.code != 0 || got.stdout != want.stdout {
		t.Errorf("%s\nwithout the environment\n%s", got, want)
	}
}

// The file of connections means the same wherever carjs runs.
func TestManifestFromElsewhere(t *testing.T) {
	d := newFleet(t)
	d.write("connections.yaml", testConnections)
	d.write("elsewhere/x", "")
	want := d.run("manifest", "-connections", "connections.yaml")
	d.dir = filepath.Join(d.dir, "elsewhere")
	if got := d.run("manifest", "-connections", "../connections.yaml"); got.code != 0 || got.stdout != want.stdout {
		t.Errorf("%s\nfrom its folder\n%s", got, want)
	}
}

func TestManifestFile(t *testing.T) {
	d := newFleet(t)
	args := []string{"manifest", "harbour", "-kind", "connector", "-image", testImage, "-o"}
	for range 2 { // the second replaces the first
		r := d.run(append(args, "car.yaml")...)
		if r.code != 0 {
			t.Fatal(r)
		}
		contains(t, r.stdout, "car.yaml is written: 1 object", "kubectl apply --server-side -f car.yaml")
	}
	d.write("letter.txt", "dear all")
	for path, says := range map[string]string{
		"letter.txt": "letter.txt exists and is not a manifest", "connectors": "connectors is a folder",
		"nowhere/x.yaml": "cannot write the manifest",
	} {
		if r := d.run(append(args, path)...); r.code != 2 || !strings.Contains(r.stderr, says) {
			t.Error(r)
		}
	}
	if text, err := os.ReadFile(filepath.Join(d.dir, "letter.txt")); err != nil || string(text) != "dear all" {
		t.Error(string(text), err)
	}
}

func TestManifestBadInput(t *testing.T) {
	d := newFleet(t)
	d.write("connections.yaml", testConnections)
	d.write("connectors/stars/src/main.ts", "export default 1;\n")
	d.write("connectors/stars/configurations/config.json", `{"connection": {"schedule": {"type": "cron", "default": "mm HH * * *"}}}`)
	d.write("connectors/My_Own/src/main.ts", "export default 1;\n")
	cronjob := func(args ...string) []string {
		return append([]string{"manifest", "harbour", "-image", testImage, "-source", "north", "-host", "h", "-username", "u"}, args...)
	}
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"no connector", []string{"manifest"}, []string{"manifest: no connector given", "-connections FILE"}},
		{"an unknown connector", []string{"manifest", "harbor"}, []string{`unknown connector "harbor"`}},
		{"a kind", cronjob("-kind", "pod"), []string{`-kind (CARJS_KIND) must be "cronjob" or "connector"`}},
		{"no image", []string{"manifest", "harbour", "-source", "x"}, []string{"no image given", "REF@sha256:"}},
		{
			"a tag", cronjob("-image", "registry.example/a:1.0"),
			[]string{"registry.example/a:1.0 is named by a tag", "docker buildx imagetools inspect"},
		},
		{"neither tag nor digest", cronjob("-image", "registry.example:5000/a"), []string{"is named without a digest"}},
		{"a short digest", cronjob("-image", "registry.example/a@sha256:12"), []string{"invalid digest", "64 hexadecimal digits"}},
		{"a URL as image", cronjob("-image", "https://registry.example/a@"+testDigest), []string{"invalid image name", "without https://"}},
		{"no source", []string{"manifest", "harbour", "-image", testImage}, []string{"no connection name given", "set -source"}},
		{
			"a source that is no name", cronjob("-source", "North Harbour"),
			[]string{`invalid connection name: "North Harbour"`, "name and source may differ"},
		},
		{"a long source", cronjob("-source", strings.Repeat("n", 49)), []string{"invalid connection name", "48 at most"}},
		{"a template", cronjob("-schedule", "mm HH * * *"), []string{`the schedule "mm HH * * *" is a template`, "30 2 * * *"}},
		{"a template in config.json", []string{"manifest", "stars", "-image", testImage, "-source", "s"}, []string{"is a template"}},
		{"a field out of its range", cronjob("-schedule", "0 24 * * *"), []string{`the hour "24", which must be 0 to 23`}},
		{"six fields", cronjob("-schedule", "0 0 2 * * *"), []string{"must have five fields, not 6"}},
		{"a day that never comes", cronjob("-schedule", "0 0 30 2 *"), []string{"names a day that does not exist"}},
		{"a zone in the schedule", cronjob("-schedule", "TZ=Europe/Berlin"), []string{"has a time zone", "time-zone"}},
		{"a name that is none", cronjob("-schedule", "@dayly"), []string{"@daily"}},
		{"an unknown zone", cronjob("-time-zone", "Europe/Berlyn"), []string{`unknown time zone "Europe/Berlyn"`}},
		{"a secret", cronjob("-token", "hunter2"), []string{"configuration.auth.token is a secret", "CONFIGURATION_AUTH_TOKEN"}},
		{"a missing setting", []string{"manifest", "harbour", "-image", testImage, "-source", "n", "-username", "u"},
			[]string{"missing settings: -host (CONNECTION_HOST)"}},
		{"a setting out of its range", cronjob("-port", "70000"), []string{"must be a number from 1 to 65535", "70000"}},
		{"a password in a URL", cronjob("-proxy", "http://u:hunter2@proxy.example"), []string{"is a URL with a password"}},
		{"both URLs", cronjob("-car-service-url", "https://a", "-car-service-url-for-token", "https://b"), []string{"are both set"}},
		{"a URL of CAR", cronjob("-car-service-url", "car.example"), []string{"must begin with https://"}},
		{"too little memory", cronjob("-memory", "64MB"), []string{"at least 128MB"}},
		{"root", cronjob("-run-as-user", "0"), []string{"-run-as-user", "of at least 1"}},
		{"a Secret", cronjob("-secret", "North Login"), []string{`invalid name of a Secret: "North Login"`}},
		{"a namespace", cronjob("-namespace", "a.b"), []string{`invalid namespace: "a.b"`}},
		{
			"a connector's name", []string{"manifest", "My_Own", "-image", testImage, "-source", "n"},
			[]string{`connector name "My_Own"`, "rename its folder"},
		},
		{"the resource's flags", []string{"manifest", "harbour", "-kind", "connector", "-image", testImage, "-schedule", "@daily"},
			[]string{"-schedule has no meaning with -kind connector"}},
		{"the resource's settings", []string{"manifest", "harbour", "-kind", "connector", "-image", testImage, "-host", "h"},
			[]string{"-connection-host has no meaning with -kind connector"}},
		{
			"no version", []string{"manifest", "harbour", "-kind", "connector", "-image", "a@" + testDigest},
			[]string{"no version given", "-version"},
		},
		{"a time limit that is none", cronjob("-timeout", "soon"), []string{"-timeout (CARJS_TIMEOUT) must be a duration"}},
		{
			"the resource's runs",
			[]string{"manifest", "harbour", "-kind", "connector", "-image", testImage, "-timeout", "1h"},
			[]string{"-timeout has no meaning"},
		},
		{"a creator", cronjob("-creator", "me"), []string{"-creator has no meaning with -kind cronjob"}},
		{"connector and connections", cronjob("-connections", "connections.yaml"), []string{"a connector and -connections are both given"}},
		{
			"an image for all", []string{"manifest", "-connections", "connections.yaml", "-image", testImage},
			[]string{"-image has no meaning with -connections"},
		},
		{"no file", []string{"manifest", "-connections", "nothing.yaml"}, []string{"cannot read the connections", "nothing.yaml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := d.run(test.args...)
			if r.code != 2 || r.stdout != "" {
				t.Error(r)
			}
			contains(t, r.stderr, test.says...)
			if strings.Contains(r.stderr, "hunter2") {
				t.Errorf("a secret is shown\n%s", r)
			}
		})
	}
}

// All mistakes of a file are told at once, each with its line, and nothing is written.
func TestConnectionsBadInput(t *testing.T) {
	d := newFleet(t)
	d.write("connectors/broken/src/main.ts", "export default 1;\n")
	d.write("connectors/broken/configurations/config.json", "{\n\"connection\": 1}")
	d.write("all.yaml", `namespace: Assets
time-zone: Mars/Olympus
memory: much
schedule: "@daily"
images:
  harbour: registry.example/harbour:1.0
  beacon: registry.example/beacon@`+testDigest+`
  beakon: registry.example/beacon@`+testDigest+`
  beacon: again@`+testDigest+`
connections:
- name: north
  connector: harbor
- name: north
  connector: harbour
  settings:
    hosst: north.example
    port: 70000
    username: [a]
    token: hunter2
    schedule: "@daily"
- name: East Side
  connector: beacon
  schedule: mm HH * * *
  settings:
    url: https://u:hunter2@beacon.example
    CONFIGURATION_AUTH_URL: https://beacon.example
- name: west
  source: north
  connector: beacon
  secret: A_b
  schedule: 61 * * * *
  settings:
    url: ftp://beacon.example
  from-secret:
    url: x
    password: vault/../key
- connector: broken
- name: lost
- just text
- name: unpictured
  connector: reference
  colour: red
  timeout: soon
  pages-in-flight: 0
  from-secret: [password]
- name:
  connector: beacon
  memory: 1MB
`)
	r := d.run("manifest", "-connections", "all.yaml", "-o", "out.yaml")
	if r.code != 2 || r.stdout != "" || strings.Contains(r.stderr, "hunter2") {
		t.Error(r)
	}
	golden(t, filepath.Join("testdata", "connections-bad.golden"), r.stderr)
	if _, err := os.Stat(filepath.Join(d.dir, "out.yaml")); !os.IsNotExist(err) {
		t.Errorf("out.yaml: %v", err)
	}

	for _, test := range []struct{ name, text, says string }{
		{"empty", "", "bad.yaml:1:1: the file is empty"},
		{"only a comment", "# nothing\n", "bad.yaml:1:1: the file is empty"},
		{"a list", "- a\n", "bad.yaml:1:1: the file must contain keys and values"},
		{"no connections", "images: {}\n", `bad.yaml:1:1: the file has no "connections"`},
		{"connections that are none", "connections:\n  north: {}\n", "bad.yaml:2:3: connections must be a list"},
		{"no connection", "images: {}\nconnections: []\n", "bad.yaml:2:14: connections is empty"},
		{"no YAML", "connections:\n- name: [\n", "bad.yaml:"},
		{"a star that is not quoted", "connections:\n- name: n\n  schedule: */15 * * * *\n", "bad.yaml:3:1: invalid YAML"},
		{"a tab", "connections:\n- name: n\n\tconnector: beacon\n", "bad.yaml:2:1: invalid YAML: found a tab"},
		{"a key twice", "connections:\n- name: n\n  connector: beacon\n  name: m\n", `bad.yaml:4:3: "name" occurs twice, first in line 2`},
		{"a merge", "connections:\n- &n {name: n, connector: beacon}\n- <<: *n\n  name: m\n", "bad.yaml:3:3: merging (<<) is not supported"},
		{"two connections of one name", "images: {beacon: b@" + testDigest + "}\nconnections:\n" +
			"- {name: n, connector: beacon, from-secret: {url: }}\n- {name: n, connector: beacon, from-secret: {url: }}\n",
			`bad.yaml:4:10: two connections are called "n", the other in line 3`},
		{"an image by a digest alone", "images: {beacon: \"" + testDigest + "\"}\nconnections: []\n",
			"is a digest alone; write REGISTRY/PATH@" + testDigest},
		{"a time zone in the schedule", "images: {beacon: b@" + testDigest + "}\nconnections:\n- name: n\n  connector: beacon\n" +
			"  schedule: CRON_TZ=Europe/Berlin 5 4 * * *\n  from-secret: {url: }\n",
			`bad.yaml:5:13: the schedule "CRON_TZ=Europe/Berlin 5 4 * * *" has a time zone; set time-zone instead`},
		{"no text", "\xff\xfe\x00", "bad.yaml:1:1:"},
		{"two documents", "connections: []\n---\nconnections: []\n", "the file has two documents"},
		{"an alias of itself", "connections: &x\n- *x\n", "a connection must have keys and values"},
		{"both URLs", "car-service-url: https://a\ncar-service-url-for-token: https://b\nconnections: []\n", "are both set"},
		{"a reference with JWE", "secrets: jwe\nimages: {beacon: b@" + testDigest + "}\nconnections:\n- name: n\n  connector: beacon\n" +
			"  from-secret: {url: , password: vault/key}\n", "bad.yaml:6:34: configuration.auth.password must have no value"},
		{"one Secret of two connections", "secrets: jwe\nimages: {beacon: b@" + testDigest + "}\nconnections:\n" +
			"- {name: n, connector: beacon, from-secret: {url: }}\n- {name: n-jwk, connector: beacon, from-secret: {url: }}\n",
			"bad.yaml:5:3: n-jwk and n would both have the Secret car-n-jwk"},
	} {
		t.Run(test.name, func(t *testing.T) {
			d.write("bad.yaml", test.text)
			r := d.run("manifest", "-connections", "bad.yaml")
			if r.code != 2 || r.stdout != "" {
				t.Error(r)
			}
			contains(t, r.stderr, test.says, "nothing was written")
		})
	}
}

// The commands of docs/deploy.md on configurations and manifests run, and print what it shows.
func TestDeployPage(t *testing.T) {
	f := &follower{desk: newDesk(t)}
	if r := f.run("init", "inventory"); r.code != 0 {
		t.Fatal(r)
	}
	f.env = []string{"OPS_CAR_KEY=k", "OPS_CAR_PASSWORD=p", "OPS_HARBOUR_TOKEN=t"}
	files, commands := 0, 0
	for _, b := range blocks(t, "../../docs/deploy.md") {
		first, _, _ := strings.Cut(b.text, "\n")
		name, named := strings.CutPrefix(first, "# ")
		switch {
		case b.language == "yaml" && named:
			f.write(name, b.text)
			files++
		case strings.HasPrefix(first, "$ carjs manifest -connections bad.yaml"):
			r := f.run(strings.Fields(first)[2:]...)
			if r.code != 2 {
				t.Error(r)
			}
			contains(t, r.stderr, strings.Split(b.text, "\n")[1:]...)
			commands++
		case strings.HasPrefix(first, "$ carjs config"), strings.HasPrefix(first, "$ carjs manifest"):
			commands += f.follow(b)
		}
	}
	if files != 3 || commands != 6 {
		t.Errorf("%d files and %d commands: is the page read as it is meant?", files, commands)
	}
}
