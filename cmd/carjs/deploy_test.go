package main

import (
	"strings"
	"testing"
)

// What is wrong with a command line is told before any cluster is asked. What clusters do and say
// is tested in host/deploy/kubetest, against Kubernetes' own code.
func TestDeployBadInput(t *testing.T) {
	d := newFleet(t)
	d.write("connections.yaml", testConnections)
	d.write("broken.yaml", "apiVersion: v1\nkind: [\n")
	d.write("nameless.yaml", "apiVersion: v1\nkind: Pod\n")
	d.write("assets.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: assets}\n")
	good := []string{"deploy", "harbour", "-image", testImage, "-source", "north", "-host", "h", "-username", "u"}
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"nothing", []string{"deploy"}, []string{"deploy: no connector given", "carjs deploy -connections FILE"}},
		{"no cluster", good, []string{"no cluster is configured", ".kube/config does not exist", "set -kubeconfig or KUBECONFIG"}},
		{"a tag", append(good[:2:2], "-image", "registry.example/a:1", "-source", "n"), []string{"is named by a tag"}},
		{"a template", append(good[:len(good):len(good)], "-schedule", "mm HH * * *"), []string{`the schedule "mm HH * * *" is a template`}},
		{"a secret", append(good[:len(good):len(good)], "-token", "hunter2"), []string{"configuration.auth.token is a secret"}},
		{"a manifest and a connector", append(good[:2:2], "-f", "assets.yaml"), []string{"-f and a connector or -connections are both given"}},
		{"a manifest and its parts", []string{"deploy", "-f", "assets.yaml", "-schedule", "@daily"},
			[]string{"-schedule has no meaning with -f"}},
		{"a manifest for another namespace", []string{"deploy", "-f", "assets.yaml", "-namespace", "x"},
			[]string{"ConfigMap a is for the namespace assets, not for x"}},
		{"no manifest", []string{"deploy", "-f", "nowhere.yaml"}, []string{"cannot read the manifest", "nowhere.yaml"}},
		{"no YAML", []string{"deploy", "-f", "broken.yaml"}, []string{"broken.yaml:", "invalid YAML"}},
		{"no name", []string{"deploy", "-f", "nameless.yaml"}, []string{"nameless.yaml:1: this Pod has no name"}},
		{"an output", append(good[:len(good):len(good)], "-o", "x.yaml"), []string{"-o"}},
		{"a roll back of nothing", []string{"deploy", "-rollback"}, []string{"no connection name given", "-source NAME"}},
		{"a roll back of no connector", []string{"deploy", "-rollback", "-kind", "connector"}, []string{"no connector given"}},
		{"a roll back of what is no name", []string{"deploy", "-rollback", "-source", "North Harbour"}, []string{"invalid connection name"}},
		{"a timeout that is none", append(good[:len(good):len(good)], "-wait-timeout", "soon"), []string{"-wait-timeout", "soon"}},
		{"connections that are wrong", []string{"deploy", "-connections", "nameless.yaml"}, []string{"nameless.yaml:1:1: unknown key",
			"nothing was"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := d.run(test.args...)
			if r.code != 2 || r.stdout != "" || strings.Contains(r.stderr, "hunter2") {
				t.Error(r)
			}
			contains(t, r.stderr, test.says...)
		})
	}
	r := d.run("deploy", "-help")
	contains(t, r.stdout, "carjs deploy [flags] CONNECTOR", "-rollback", "-wait-timeout DURATION", "by server-side apply")
}
