package apply

import (
	"encoding/json"
	"strings"
	"testing"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// object reads an object of JSON.
func object(t *testing.T, text string) cluster.Object {
	t.Helper()
	var o map[string]any
	if !decodeJSON(text, &o) {
		t.Fatalf("no JSON: %s", text)
	}
	return o
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestReadObjects(t *testing.T) {
	got, err := ReadObjects("m.yaml", []byte(`apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: &data {octal: 0440, day: 2026-01-02, "yes": "yes", number: 1.50, big: 12345678901234567890, nothing: ~, list: [a, 1, true]}
---
# nothing
---
{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
base: &base {x: 1, y: 2}
data: {<<: *base, x: 3}
`))
	if err != nil {
		t.Fatal(err)
	}
	if want := `[{"apiVersion":"v1","data":{"big":12345678901234567890,"day":"2026-01-02","list":["a",1,true],"nothing":null,` +
		`"number":1.5,"octal":288,` +
		`"yes":"yes"},"kind":"ConfigMap","metadata":{"name":"a"}},{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}},` +
		`{"apiVersion":"v1","base":{"x":1,"y":2},"data":{"x":3,"y":2},"kind":"ConfigMap","metadata":{"name":"c"}}]`; encoded(t, got) != want {
		t.Errorf("%s\nwant\n%s", encoded(t, got), want)
	}
	named := "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for _, name := range []string{"b", "c", "d", "e", "f", "g", "h"} {
		before := string(name[0] - 1)
		bomb += name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 10), ", ") + "]\n"
	}
	for text, says := range map[string]string{
		"":                            "m.yaml has no objects",
		"# nothing\n":                 "m.yaml has no objects",
		"a: [\n":                      "m.yaml:1: invalid YAML",
		"- a\n":                       "m.yaml:1: an object of Kubernetes has keys and values",
		"kind: Pod\n":                 "m.yaml:1: an object of Kubernetes has apiVersion and kind",
		"apiVersion: v1\nkind: Pod\n": "m.yaml:1: this Pod has no name",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: 5}\n":    `this Pod has no name: write metadata.name in quotes: "5"`,
		"apiVersion: v1\nkind: Pod\nmetadata: {name: [a]}\n":  "write metadata.name as one text",
		"apiVersion: v1\nkind: Pod\nmetadata: {name: ../x}\n": "cannot be part of a path",
		"apiVersion: v1\nkind: Pod\nkind: Pod\n":              `m.yaml:3: "kind" occurs twice`,
		"apiVersion: v1\nkind: Pod\nx: .inf\n":                `m.yaml:3: ".inf" has no form in JSON`,
		named + "---\n" + named:                               "m.yaml:5: Pod a occurs twice, first in line 1",
		bomb:                                                  "the manifest is too large",
		"apiVersion: v1\nkind: Pod\nx: &a {y: *a}\n":          "an alias in it stands for itself",
	} {
		_, err := ReadObjects("m.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), says) || failure.From(err).Code != failure.CodeInvalidParameter {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// The fields that a manager has applied are picked with the values of now.
func TestFields(t *testing.T) {
	live := object(t, `{"spec": {"schedule": "now", "other": 1, "atomic": {"a": 1, "b": [2]}, "empty": {},
		"containers": [{"name": "x", "image": "i", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}], "mine": 1},
			{"name": "y", "image": "j"}], "finalizers": ["p", "q"], "ports": [{"port": 80, "protocol": "TCP"}, {"port": 80, "protocol": "UDP"}]}}`)
	for _, test := range []struct{ set, want string }{
		{`{"f:spec": {"f:schedule": {}}}`, `{"spec":{"schedule":"now"}}`},
		{`{"f:spec": {"f:atomic": {}, "f:empty": {}, "f:gone": {}}}`, `{"spec":{"atomic":{"a":1,"b":[2]},"empty":{}}}`},
		{`{"f:spec": {"f:containers": {"k:{\"name\":\"x\"}": {".": {}, "f:name": {}, "f:image": {},
			"f:env": {"k:{\"name\":\"B\"}": {".": {}, "f:name": {}, "f:value": {}}}}}}}`,
			`{"spec":{"containers":[{"env":[{"name":"B","value":"2"}],"image":"i","name":"x"}]}}`},
		{`{"f:spec": {"f:containers": {"k:{\"name\":\"z\"}": {"f:image": {}}}}}`, `null`},
		{`{"f:spec": {"f:finalizers": {"v:\"q\"": {}}}}`, `{"spec":{"finalizers":["q"]}}`},
		{`{"f:spec": {"f:ports": {"k:{\"port\":80,\"protocol\":\"UDP\"}": {"f:port": {}}}}}`,
			`{"spec":{"ports":[{"port":80,"protocol":"UDP"}]}}`},
	} {
		picked, ok := fields(object(t, test.set)).pick(map[string]any(live))
		if !ok {
			picked = nil
		}
		if got := encoded(t, picked); got != test.want {
			t.Errorf("%s\n%s\nwant\n%s", test.set, got, test.want)
		}
	}
	both := union(fields(object(t, `{"f:a": {"f:x": {}}, "f:b": {}}`)), fields(object(t, `{"f:a": {"f:y": {}}, "f:c": {".": {}}}`)))
	if got := encoded(t, both); got != `{"f:a":{"f:x":{},"f:y":{}},"f:b":{},"f:c":{".":{}}}` {
		t.Error(got)
	}
}

func TestRecord(t *testing.T) {
	live := object(t, `{"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "n", "namespace": "s", "uid": "u",
		"annotations": {"carjs/previous": "{}"}, "managedFields": [
		{"manager": "carjs", "operation": "Apply", "fieldsV1": {"f:spec": {"f:schedule": {}},
			"f:metadata": {"f:annotations": {"f:carjs/previous": {}}}}},
		{"manager": "other", "operation": "Update", "fieldsV1": {"f:spec": {"f:suspend": {}}}}]},
		"spec": {"schedule": "a", "suspend": true, "zone": "z"}}`)
	result := object(t,
		`{"metadata": {"managedFields": [{"manager": "carjs", "operation": "Apply", "fieldsV1": {"f:spec": {"f:schedule": {}, "f:zone": {}}}}]}}`)
	r, err := previous(live, result)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"apiVersion":"batch/v1","kind":"CronJob","metadata":{"name":"n","namespace":"s"},"spec":{"schedule":"a","zone":"z"}}`
	if string(r.Object) != want {
		t.Errorf("%s\nwant\n%s", r.Object, want)
	}
	kept := withRecord(live, r)
	if got, ok, err := recordOf(kept); err != nil || !ok || string(got.Object) != want {
		t.Errorf("%v %v %v", got, ok, err)
	}
	text := strings.Replace(kept.Text("metadata", "annotations", Annotation), `\"a\"`, `\"b\"`, 1)
	kept.Set(strings.Replace(text, `"schedule":"a"`, `"schedule":"b"`, 1), "metadata", "annotations", Annotation)
	if _, _, err := recordOf(kept); err == nil || !strings.Contains(err.Error(), "was changed by hand") {
		t.Error(err)
	}
	if r, err := previous(nil, result); err != nil || !r.Made {
		t.Error(r, err)
	}
}

func TestDifference(t *testing.T) {
	before := object(t,
		`{"metadata": {"name": "n", "uid": "u", "labels": {"app.kubernetes.io/name": "x"}},
		"spec": {"list": [{"name": "a", "v": 1}, {"name": "b"}],
		"plain": [1, 2], "gone": true}, "status": {"x": 1}}`)
	after := object(t,
		`{"metadata": {"name": "n", "labels": {"app.kubernetes.io/name": "y"}},
		"spec": {"list": [{"name": "b"}, {"name": "a", "v": 2}, {"name": "c"}],
		"plain": [1, 3, 4], "empty": {}}}`)
	var lines []string
	for _, c := range difference(before, after) {
		lines = append(lines, c.Format())
	}
	want := `- metadata.labels[app.kubernetes.io/name]: "x"
+ metadata.labels[app.kubernetes.io/name]: "y"
+ spec.empty: {}
- spec.gone: true
- spec.list[a].v: 1
+ spec.list[a].v: 2
+ spec.list[c].name: "c"
- spec.plain[1]: 2
+ spec.plain[1]: 3
+ spec.plain[2]: 4`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if same := difference(before, before); len(same) != 0 {
		t.Error(same)
	}
}

// What a run says of itself is read, whoever wrote it.
func TestReadResult(t *testing.T) {
	for _, test := range []struct{ name, message, says, hint, summary string }{
		{"nothing", "", "", "", ""},
		{"a run that succeeded",
			`{"result":"success","exit_code":0,"source":"office","mode":"full","seconds":1.25,"counts":{"sent":3,"skipped":1,"retired":0},` +
				`"requests":{"car":9,"datasource":2}}` + "\n", "", "",
			"The full import of office is complete: it took 1.2 s. Objects: 3 sent, 1 skipped."},
		{"the counts of collections", `{"mode":"incremental","collections":{"asset":{"sent":1},"ipaddress":{"sent":2,"deleted":1}}}`, "", "",
			"The incremental import is complete. Objects: 3 sent, 1 deleted."},
		{"a failure",
			`{"result":"failure","exit_code":52,"mode":"full","failure":{"kind":"DatasourceFailure","code":52,"message":"no","hint":"log in"}}`,
			"no", "log in", ""},
		{"the end of a log", `ion":"x"}` + "\n" + `{"level":"INFO","message":"it begins"}` + "\n" +
			`{"level":"ERROR","message":"it ended","hint":"wait"}` + "\n" +
			`{"level":"INFO","message":"bye"}` + "\n", "it ended", "wait", ""},
		{"no JSON", "panic: oh\nexit\n", "exit", "", ""},
		{"a later version", `{"outcome":7}`, `{"outcome":7}`, "", ""},
	} {
		r := readResult(test.message)
		if r.Message != test.says || r.Hint != test.hint || r.Summary != test.summary {
			t.Errorf("%s: %+v", test.name, r)
		}
	}
}
