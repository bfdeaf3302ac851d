package apply

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// Annotation holds what an object was before the last deployment.
const Annotation = "carjs/previous"

// record is what [Annotation] holds, as JSON.
type record struct {
	// Digest is "sha256:" and the SHA-256 of Object, so that a record that was changed by hand is
	// not applied.
	Digest string `json:"digest,omitempty"`
	// Image is that of the first container or of the custom resource, for people.
	Image string `json:"image,omitempty"`
	// Object is what is applied to go back; empty when there is no way, or when nothing was there.
	Object json.RawMessage `json:"object,omitempty"`
	// Made tells that the deployment made the object: to go back is to remove it.
	Made bool `json:"made,omitempty"`
	// Kept tells that the object is a Secret. What it held is written down nowhere.
	Kept bool `json:"kept,omitempty"`
	// RolledBack is the image of the deployment that was rolled back: there is no way further back.
	RolledBack string `json:"rolledBack,omitempty"`
}

// previous makes the record for an object that is about to change: live as it is now, nil when
// there is none; result as it will be. It holds those fields that carjs has applied and those that
// it is about to, with the values that they have now. So what somebody else has set stays theirs,
// unless the deployment takes it over, and then it is given back.
func previous(live, result cluster.Object) (record, error) {
	switch {
	case live == nil:
		return record{Made: true}, nil
	case isSecret(live):
		return record{Kept: true}, nil
	}
	set := union(appliedBy(live, cluster.Manager), appliedBy(result, cluster.Manager))
	picked, _ := set.pick(map[string]any(live))
	before, ok := picked.(map[string]any)
	switch {
	case len(set) == 0:
		before = bare(live) // something on the way hides who has set what: everything is kept
	case !ok:
		before = map[string]any{} // it had none of them
	}
	object := cluster.Object(before).Clone()
	for _, key := range []string{"apiVersion", "kind"} {
		object[key] = live.Text(key)
	}
	object.Set(live.Name(), "metadata", "name")
	if ns := live.Namespace(); ns != "" {
		object.Set(ns, "metadata", "namespace")
	}
	withoutRecord(object)
	data, err := json.Marshal(object)
	if err != nil {
		return record{}, err
	}
	return record{Digest: digest(data), Image: imageOf(live), Object: data}, nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (r record) String() string {
	data, _ := json.Marshal(r) // strings and JSON
	return string(data)
}

// recordOf reads the record of an object; ok is false when it has none.
func recordOf(o cluster.Object) (r record, ok bool, err error) {
	text := o.Text("metadata", "annotations", Annotation)
	if text == "" {
		return record{}, false, nil
	}
	if json.Unmarshal([]byte(text), &r) != nil || len(r.Object) > 0 && digest(r.Object) != r.Digest {
		return record{}, false, failure.Usage("the annotation %s of %s was changed by hand", Annotation, o).
			WithHint("deploy the version that you want instead")
	}
	return r, true, nil
}

// withRecord is an object with a record, and withoutRecord takes it away.
func withRecord(o cluster.Object, r record) cluster.Object {
	o = o.Clone()
	o.Set(r.String(), "metadata", "annotations", Annotation)
	return o
}

func withoutRecord(o cluster.Object) {
	o.Remove("metadata", "annotations", Annotation)
}

func isSecret(o cluster.Object) bool { return o.Kind() == "Secret" && o.Text("apiVersion") == "v1" }

// imageOf is the image that an object runs, "" when it runs none.
func imageOf(o cluster.Object) string {
	for _, path := range [][]string{
		{"spec", "jobTemplate", "spec", "template", "spec"}, {"spec", "template", "spec"}, {"spec"},
	} {
		if containers := o.List(append(path, "containers")...); len(containers) > 0 {
			return containers[0].Text("image")
		}
	}
	return o.Text("spec", "image")
}
