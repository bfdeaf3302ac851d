package main

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	d := newDesk(t)
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"modules"}, []string{"carjs/http", "a client for the API of a data source."}},
		{[]string{"modules", "http"}, []string{"# carjs/http", "function bearer("}},
		{[]string{"failures"}, []string{"UnrecoverableFailure", "20", "the next run is a full import"}},
		{[]string{"settings"}, []string{"-pages-in-flight", "CARJS_PAGES_IN_FLIGHT"}},
		{[]string{"model"}, []string{"asset → vulnerability"}},
		{[]string{"model", "asset_ipaddress"}, []string{"from asset to ipaddress"}},
		{[]string{"checks"}, []string{"practice", "incremental-equals-full"}},
	} {
		r := d.run(append([]string{"describe"}, test.args...)...)
		if r.code != 0 {
			t.Errorf("%v: %s", test.args, r)
		}
		contains(t, r.stdout, test.want...)
		r = d.run(append(append([]string{"describe"}, test.args...), "-json")...)
		if first := d.run(append([]string{"describe", "-json"}, test.args...)...); first.stdout != r.stdout {
			t.Errorf("%v: a flag counts before the topic and behind it", test.args)
		}
		var any any
		if err := json.Unmarshal([]byte(r.stdout), &any); err != nil || r.code != 0 {
			t.Errorf("%v: %v %s", test.args, err, r)
		}
		if len(test.args) == 2 && strings.HasPrefix(r.stdout, "[") {
			t.Errorf("%v: one is asked for; the keys are many", test.args)
		}
	}
	golden(t, "testdata/describe-model-asset.golden", d.run("describe", "model", "asset").stdout)
	golden(t, "testdata/describe-checks.golden", d.run("describe", "checks").stdout)
	contains(t, d.run("describe").stdout, "usage: carjs describe", "failures", "how a run can fail")
	for _, test := range [][]string{
		{"model", "-nothing"}, {"failures", "nothing"}, {"nothing"}, {"model", "nothing"}, {"modules", "nothing"},
		{"model", "a", "b"},
	} {
		if r := d.run(append([]string{"describe"}, test...)...); r.code != 2 || r.stderr == "" {
			t.Errorf("%v: %s", test, r)
		}
	}
}
