package manifest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// maxSecret is what a Secret can hold, in bytes: Kubernetes accepts no larger one.
const maxSecret = 1 << 20

var variablePattern = lazyregexp.New(`^[A-Za-z_][A-Za-z0-9_]*$`)

// Secret is a Secret for whose values the file of connections has sources: environment variables and
// files of whoever writes the manifest. Nothing of this type prints a value but the object itself.
type Secret struct {
	Name, Namespace string
	labels          map[string]string
	// owner is the connection whose Secret it is; empty for the login of CAR.
	owner  string
	values []secretValue
	// read tells that the values were read.
	read bool
}

// secretValue is the value of one key.
type secretValue struct {
	key string
	// source says where it is, for people.
	source string
	data   []byte
}

// has tells whether the Secret has a key.
func (s Secret) has(key string) bool {
	for _, v := range s.values {
		if v.key == key {
			return true
		}
	}
	return false
}

// sources says where the values are.
func (s Secret) sources() string {
	var all []string
	for _, v := range s.values {
		all = append(all, v.key+" from "+v.source)
	}
	return strings.Join(all, ", ")
}

func (s Secret) document() document {
	data := map[string]string{}
	for _, v := range s.values {
		data[v.key] = base64.StdEncoding.EncodeToString(v.data)
	}
	return document{note: s.Name + ": " + s.sources() + "\n", object: secretObject{
		APIVersion: "v1", Kind: "Secret", Metadata: metadata{Name: s.Name, Namespace: s.Namespace, Labels: s.labels},
		Type: "Opaque", Data: data,
	}}
}

// valueNames finds the key of a Secret that a name in the file means, and the check of its value. It
// notes names that it does not know, and returns ok false.
type valueNames func(key *yaml.Node) (env string, fault func(text string) string, ok bool)

// readValues reads where the values of a connection's Secret come from.
func (r *reader) readValues(c *Connection, nodes map[string]*yaml.Node, field func(*yaml.Node) *settings.Field) {
	at := nodes[keyFromEnv]
	if at == nil {
		at = nodes[keyFromFile]
	}
	if at == nil {
		return
	}
	if c.JWE {
		r.wrong(at, "%s and %s have no meaning with mounted secrets (secrets: jwe): carjs does not encrypt secrets", keyFromEnv, keyFromFile)
		return
	}
	s := Secret{Name: c.secretName(), Namespace: c.Namespace, labels: c.labels(), owner: c.Name, read: r.read}
	fromEnv, fromFile := nodes[keyFromEnv], nodes[keyFromFile]
	s.values = r.values(fromEnv, fromFile, keyFromEnv, keyFromFile, func(key *yaml.Node) (string, func(string) string, bool) {
		f := field(key)
		if f == nil {
			return "", nil, false
		}
		if f.Type == settings.Cron {
			r.wrong(key, "%s", checkSetting(f, ""))
			return "", nil, false
		}
		c.References[f.Env] = Reference{}
		return f.Env, f.Fault, true
	})
	r.make(at, s)
}

// readCARLogin reads where the login of the CAR service comes from.
func (r *reader) readCARLogin(nodes map[string]*yaml.Node) {
	at := nodes[keyCARFromEnv]
	if at == nil {
		at = nodes[keyCARFromFile]
	}
	if at == nil {
		return
	}
	if r.cluster.JWE {
		r.wrong(at, "%s and %s have no meaning with mounted secrets (secrets: jwe): carjs does not encrypt secrets",
			keyCARFromEnv, keyCARFromFile)
		return
	}
	login := Connection{Cluster: r.cluster}.carLogin()
	var known []string
	for _, env := range login {
		row, _ := settings.RunTable().Lookup(env)
		known = append(known, row.Flag)
	}
	given := map[string]bool{}
	s := Secret{Name: r.cluster.CARSecret, Namespace: r.cluster.Namespace, read: r.read,
		labels: map[string]string{"app.kubernetes.io/component": "car-connector", "app.kubernetes.io/managed-by": "carjs"}}
	s.values = r.values(nodes[keyCARFromEnv], nodes[keyCARFromFile], keyCARFromEnv, keyCARFromFile,
		func(key *yaml.Node) (string, func(string) string, bool) {
			for i, env := range login {
				if key.Value != env && key.Value != known[i] {
					continue
				}
				if given[env] {
					r.wrong(key, "%s is set twice", env)
					return "", nil, false
				}
				given[env] = true
				return env, func(string) string { return "" }, true
			}
			r.unknown(key, "login of the CAR service", known)
			return "", nil, false
		})
	r.make(at, s)
	r.lacks(at, s.Name, login, keyCARFromEnv+" or "+keyCARFromFile)
}

// make notes a Secret that carjs makes. Only one place in the file can say what is in it.
func (r *reader) make(at *yaml.Node, s Secret) {
	if other := r.makers[s.Name]; other != nil {
		r.wrong(at, "the values of the Secret %s are named twice, first in line %d", s.Name, other.Line)
		return
	}
	r.makers[s.Name] = at
	size := 0
	for _, v := range s.values {
		size += len(v.data)
	}
	if size > maxSecret {
		r.wrong(at, "the Secret %s would have more than %d kB, which Kubernetes rejects", s.Name, maxSecret/1000)
	}
	r.made = append(r.made, s)
}

// checkMade reports what a connection reads from a Secret that carjs makes without it.
func (r *reader) checkMade(c Connection, n *yaml.Node) {
	names, keys := c.keys()
	for _, name := range names {
		if name == c.CARSecret && !c.JWE {
			continue // readCARLogin does
		}
		r.lacks(n, name, keys[name], fmt.Sprintf("%s, %s, or %s and another Secret", keyFromEnv, keyFromFile, keyFromSecret))
	}
}

// lacks reports, once, each of the keys that a Secret would not have although carjs makes it.
func (r *reader) lacks(n *yaml.Node, name string, keys []string, with string) {
	for i := range r.made {
		s := &r.made[i]
		for _, key := range keys {
			if s.Name == name && !s.has(key) {
				r.wrong(n, "the Secret %s would lack %s: say where it is, with %s", name, key, with)
				s.values = append(s.values, secretValue{key: key})
			}
		}
	}
}

// values reads the two mappings of names to environment variables and to files.
func (r *reader) values(fromEnv, fromFile *yaml.Node, envKey, fileKey string, names valueNames) []secretValue {
	var values []secretValue
	read := func(n *yaml.Node, what string, source func(text string) (string, error), load func(text string) ([]byte, error)) {
		if n == nil {
			return
		}
		for _, e := range r.mapping(n, what, nil) {
			env, fault, ok := names(e.key)
			if !ok {
				continue
			}
			v := secretValue{key: env}
			text, ok := r.text(e.value, e.key.Value)
			if !ok {
				values = append(values, v)
				continue
			}
			var err error
			if v.source, err = source(text); err == nil && r.read {
				if v.data, err = load(text); err == nil {
					err = checkValue(v, fault)
				}
			}
			if err != nil {
				r.refused(e.value, err)
			}
			values = append(values, v)
		}
	}
	read(fromEnv, envKey, func(text string) (string, error) {
		if !variablePattern().MatchString(text) {
			// Somebody may have written the secret itself here: it is not repeated.
			return "", errors.New("this must be the name of an environment variable, with letters, digits and _, not a value")
		}
		return text, nil
	}, loadVariable)
	read(fromFile, fileKey, func(text string) (string, error) {
		if text == "" || strings.ContainsAny(text, "\n\x00") {
			return "", errors.New("this must be the path of a file, not a value")
		}
		return text, nil
	}, r.loadFile)
	return values
}

func loadVariable(name string) ([]byte, error) {
	value, ok := os.LookupEnv(name)
	if !ok {
		return nil, failure.Usage("the environment variable %s is not set", name)
	}
	return []byte(value), nil
}

// loadFile reads a file, as seen from the folder of the file of connections. Of a value of one line,
// the end of the line is left out: editors write it, and no password has one.
func (r *reader) loadFile(name string) ([]byte, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.name), path)
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, failure.Usage("%s is not a regular file", name)
	}
	var file *os.File
	if err == nil {
		file, err = os.Open(path)
	}
	if err != nil {
		return nil, failure.Usage("cannot read the file: %v", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxSecret+1))
	switch {
	case err != nil:
		return nil, failure.Usage("cannot read the file: %v", err)
	case len(data) > maxSecret:
		return nil, failure.Usage("%s has more than %d kB, which no Secret can hold", name, maxSecret/1000)
	}
	if line := bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r")); bytes.IndexByte(line, '\n') < 0 {
		data = line
	}
	return data, nil
}

// checkValue checks a value without repeating it.
func checkValue(v secretValue, fault func(string) string) error {
	switch {
	case len(v.data) == 0:
		return failure.Usage("the value in %s is empty", v.source)
	case !utf8.Valid(v.data) || bytes.IndexByte(v.data, 0) >= 0:
		return failure.Usage("the value in %s is binary, and an environment variable is text: "+
			"encode it in Base64, and decode it in the connector", v.source)
	}
	if text := fault(string(v.data)); text != "" {
		return fmt.Errorf("the value of %s in %s %s", v.key, v.source, text)
	}
	return nil
}
