package apply

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// needs are the keys that pods read from Secrets, by "namespace/name"; a Secret without keys must
// only exist. Those that become environment variables are in texts, as "namespace/name/key".
type needs struct {
	keys  map[string][]string
	texts map[string]bool
}

// checkSecrets makes sure that the cluster has the Secrets that the pods will read, before anything
// is changed: without one, no pod starts. A user who may not read Secrets is let pass; Kubernetes
// tells then.
func (p *Plan) checkSecrets(ctx context.Context) error {
	all, made := needs{map[string][]string{}, map[string]bool{}}, map[string]bool{}
	for _, s := range p.Steps {
		if isSecret(s.Object) {
			made[s.Namespace+"/"+s.Object.Name()] = true
		}
		if pod := podSpecOf(s.Object); pod != nil {
			all.of(s.Namespace, pod)
		}
	}
	secrets, err := p.client.Resource(ctx, "v1", "Secret")
	if err != nil {
		return err
	}
	var faults []string
	var create, binary string
	for _, key := range slices.Sorted(maps.Keys(all.keys)) {
		namespace, name, _ := strings.Cut(key, "/")
		if made[key] {
			continue
		}
		secret, err := p.client.Get(ctx, secrets, namespace, name)
		if cluster.IsForbidden(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if secret == nil {
			faults = append(faults, fmt.Sprintf("the namespace %s has no Secret %s", namespace, name))
			create = fmt.Sprintf("kubectl create secret generic %s -n %s --from-literal=KEY=VALUE, with %s", name, namespace, orKeys(all.keys[key]))
			continue
		}
		data, _ := secret.At("data").(map[string]any)
		var missing []string
		for _, k := range all.keys[key] {
			if _, has := data[k]; !has {
				missing = append(missing, k)
			} else if text, _ := data[k].(string); all.texts[key+"/"+k] && !isText(text) {
				binary = fmt.Sprintf("encode it: base64 FILE > FILE.txt, kubectl create secret generic %s -n %s --from-file=%s=FILE.txt",
					name, namespace, k)
				faults = append(faults, fmt.Sprintf("%s of the Secret %s in %s is binary, and an environment variable is text", k, name, namespace))
			}
		}
		if len(missing) > 0 {
			faults = append(faults, fmt.Sprintf("the Secret %s in %s lacks %s", name, namespace, strings.Join(missing, ", ")))
		}
	}
	if len(faults) == 0 {
		return nil
	}
	f := failure.Usage("cannot deploy: %s", strings.Join(faults, "; ")).WithHint("add the keys to the Secret and deploy again")
	switch {
	case create != "":
		f.WithHint("create it: %s", create)
	case binary != "":
		f.WithHint("%s", binary)
	}
	return f
}

// isText tells whether a value of a Secret, in Base64, can be that of an environment variable.
func isText(encoded string) bool {
	value, err := base64.StdEncoding.DecodeString(encoded)
	return err != nil || utf8.Valid(value) && bytes.IndexByte(value, 0) < 0
}

func orKeys(keys []string) string {
	if len(keys) == 0 {
		return "what the image needs"
	}
	return strings.Join(keys, ", ")
}

func (n needs) add(namespace, name, key string) {
	at := namespace + "/" + name
	if name == "" {
		return
	}
	if key != "" && !slices.Contains(n.keys[at], key) {
		n.keys[at] = append(n.keys[at], key)
	} else if _, has := n.keys[at]; !has {
		n.keys[at] = nil
	}
}

// of adds what a pod reads. What is optional does not count.
func (n needs) of(namespace string, pod cluster.Object) {
	reference := func(at cluster.Object, key string) {
		if optional, _ := at.At("optional").(bool); !optional && len(at) > 0 {
			n.add(namespace, at.Text("name"), key)
		}
	}
	part := func(o cluster.Object, path ...string) cluster.Object {
		m, _ := o.At(path...).(map[string]any)
		return m
	}
	for _, c := range append(pod.List("initContainers"), pod.List("containers")...) {
		for _, e := range c.List("env") {
			if at := part(e, "valueFrom", "secretKeyRef"); at != nil {
				reference(at, at.Text("key"))
				n.texts[namespace+"/"+at.Text("name")+"/"+at.Text("key")] = true
			}
		}
		for _, e := range c.List("envFrom") {
			reference(part(e, "secretRef"), "")
		}
	}
	for _, v := range pod.List("volumes") {
		if at := part(v, "secret"); at != nil {
			if optional, _ := at.At("optional").(bool); !optional {
				n.add(namespace, at.Text("secretName"), "")
			}
		}
		for _, source := range v.List("projected", "sources") {
			at := part(source, "secret")
			reference(at, "")
			for _, item := range at.List("items") {
				reference(at, item.Text("key"))
			}
		}
	}
}

// podSpecOf is the pod that a CronJob or a Job makes, nil for other objects.
func podSpecOf(o cluster.Object) cluster.Object {
	var path []string
	switch o.Kind() {
	case "CronJob":
		path = []string{"spec", "jobTemplate", "spec", "template", "spec"}
	case "Job":
		path = []string{"spec", "template", "spec"}
	default:
		return nil
	}
	spec, _ := o.At(path...).(map[string]any)
	return spec
}
