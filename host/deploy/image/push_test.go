package image

import (
	"context"
	"encoding/pem"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"carjs/host/deploy/image/imagetest"
)

func pushTo(t *testing.T, i *Image, reference string, withSBOM bool) (Pushed, error) {
	t.Helper()
	target, err := OpenTarget(t.Context(), reference)
	if err != nil {
		return Pushed{}, err
	}
	return i.Push(t.Context(), target, withSBOM)
}

// Whatever way a registry wants a login, what arrives is the image, and the bill of materials
// refers to it.
func TestPush(t *testing.T) {
	users := map[string]string{"robot": "secret"}
	for _, test := range []struct {
		name      string
		options   imagetest.Options
		platforms []Platform
	}{
		{"open", imagetest.Options{}, []Platform{amd64}},
		{"several platforms", imagetest.Options{}, []Platform{amd64, arm64}},
		{"a password", imagetest.Options{Users: users}, []Platform{amd64}},
		{"a token", imagetest.Options{Users: users, Tokens: true}, []Platform{amd64, arm64}},
		{"TLS", imagetest.Options{Users: users, Tokens: true, TLS: true}, []Platform{amd64}},
		{"an old registry", imagetest.Options{NoReferrers: true}, []Platform{amd64}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := imagetest.NewRegistry(t, test.options)
			dockerConfig(t, map[string]string{r.Host: "robot:secret"})
			if test.options.TLS {
				trust(t, r)
			}
			i := build(t, demo(test.platforms...))
			pushed, err := pushTo(t, i, r.Host+"/team/demo:1", true)
			if err != nil {
				t.Fatal(err)
			}
			if pushed.Tagged != r.Host+"/team/demo:1" || pushed.Digest != r.Host+"/team/demo@"+i.Digest() {
				t.Errorf("%+v", pushed)
			}
			checkPushed(t, r, i, pushed, test.options.NoReferrers)
		})
	}
}

func checkPushed(t *testing.T, r *imagetest.Registry, i *Image, pushed Pushed, old bool) {
	t.Helper()
	tags := r.Tags("team/demo")
	if tags["1"] != i.root.Digest || len(tags) != map[bool]int{false: 1, true: 2}[old] {
		t.Errorf("tags %v", tags)
	}
	images, err := imagetest.Read(r.Source("team/demo"), i.root)
	if err != nil || len(images) != len(i.Platforms()) {
		t.Errorf("%d images, %v", len(images), err)
	}
	referring := r.Referrers("team/demo", i.root.Digest).Manifests
	if len(referring) != 1 || referring[0].ArtifactType != sbomMediaType || !strings.HasSuffix(pushed.SBOM, referring[0].Digest.String()) {
		t.Fatalf("referrers %+v, %s", referring, pushed.SBOM)
	}
	requests := r.Requests()
	if last := requests[len(requests)-1]; last != "PUT /v2/team/demo/manifests/1" {
		t.Errorf("the last request is %s", last)
	}
	// What is there is not sent again.
	if _, err := pushTo(t, i, r.Host+"/team/demo:2", true); err != nil {
		t.Fatal(err)
	}
	for _, request := range r.Requests() {
		if strings.Contains(request, "/blobs/uploads/") {
			t.Errorf("sent again: %s", request)
		}
	}
}

// trust has this process trust the certificate of a registry.
func trust(t *testing.T, r *imagetest.Registry) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: r.Server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("REQUESTS_CA_BUNDLE", path)
}

// Without a tag in the reference it is the version.
func TestPushTag(t *testing.T) {
	r := imagetest.NewRegistry(t, imagetest.Options{})
	dockerConfig(t, nil)
	pushed, err := pushTo(t, build(t, demo(amd64)), r.Host+"/demo", false)
	if err != nil || pushed.Tagged != r.Host+"/demo:1.4.0" || pushed.SBOM != "" {
		t.Errorf("%+v %v", pushed, err)
	}
	if tags := r.Tags("demo"); len(tags) != 1 || tags["1.4.0"] == "" {
		t.Errorf("%v", tags)
	}
}

// A credential helper is asked as docker asks it.
func TestCredentialHelper(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the helper is a shell script")
	}
	dir := t.TempDir()
	helper := "#!/bin/sh\nread host\necho '{\"ServerURL\":\"'$host'\",\"Username\":\"robot\",\"Secret\":\"secret\"}'\n"
	broken := "#!/bin/sh\necho the keychain is locked\nexit 1\n"
	for name, text := range map[string]string{"docker-credential-works": helper, "docker-credential-broken": broken} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	r := imagetest.NewRegistry(t, imagetest.Options{Users: map[string]string{"robot": "secret"}})
	i := build(t, demo(amd64))
	dockerConfigText(t, `{"credHelpers": {"`+r.Host+`": "works"}}`)
	if _, err := pushTo(t, i, r.Host+"/demo:1", false); err != nil {
		t.Error(err)
	}
	dockerConfigText(t, `{"credsStore": "broken"}`)
	_, err := pushTo(t, i, r.Host+"/demo:2", false)
	fails(t, err, 2, "the login for "+r.Host+" cannot be read", "the keychain is locked", "credential helper")
	dockerConfigText(t, `{"credsStore": "nowhere"}`)
	_, err = pushTo(t, i, r.Host+"/demo:2", false)
	fails(t, err, 2, "the login for "+r.Host+" cannot be read", "docker-credential-nowhere", "docker login "+r.Host)
	dockerConfigText(t, `{"auths": {"`+r.Host+`": {"auth": "no base64"}}}`)
	_, err = pushTo(t, i, r.Host+"/demo:2", false)
	fails(t, err, 2, "the login for "+r.Host+" cannot be read", "check what ", "docker login "+r.Host)
	if len(r.Tags("demo")) != 1 {
		t.Errorf("tags %v", r.Tags("demo"))
	}
	dockerConfigText(t, `{"auths": `)
	_, err = pushTo(t, i, r.Host+"/demo:3", false)
	fails(t, err, 2, "cannot read the docker configuration", "DOCKER_CONFIG")
}

// A push that fails says why, and what to do, and changes no tag.
func TestPushFails(t *testing.T) {
	users := map[string]string{"robot": "secret"}
	status := func(status int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, q *http.Request) bool {
			w.WriteHeader(status)
			return true
		}
	}
	// dies ends the connection of the nth request of a method to a place, and of all that follow.
	dies := func(method, place string, n int64) func(http.ResponseWriter, *http.Request) bool {
		var seen atomic.Int64
		return func(w http.ResponseWriter, q *http.Request) bool {
			if q.Method == method && strings.Contains(q.URL.Path, place) {
				seen.Add(1)
			}
			if seen.Load() < n {
				return false
			}
			panic(http.ErrAbortHandler)
		}
	}
	for _, test := range []struct {
		name   string
		login  string
		option imagetest.Options
		code   int
		says   []string
	}{
		{"no login", "", imagetest.Options{Users: users}, 2, []string{"requires a login", "config.json has none", "docker login HOST"}},
		{"no login for tokens", "", imagetest.Options{Users: users, Tokens: true}, 2, []string{"requires a login", "docker login HOST"}},
		{"a wrong password", "robot:wrong", imagetest.Options{Users: users}, 2, []string{"rejected the login of robot", "docker login HOST"}},
		{"a wrong password for tokens", "robot:wrong", imagetest.Options{Users: users, Tokens: true}, 2, []string{"rejected the login of robot"}},
		{"no right", "robot:secret", imagetest.Options{Users: users, Readers: []string{"robot"}}, 2,
			[]string{"robot lacks permission on HOST", "requested access to the resource is denied", "grant robot the permission"}},
		{"overloaded", "", imagetest.Options{Before: status(503)}, 10, []string{"answered 503 Service Unavailable", "try again later"}},
		{"a quota", "", imagetest.Options{Before: status(413)}, 2, []string{"answered 413"}},
		{"dies at a layer", "", imagetest.Options{Before: dies(http.MethodPut, "/uploads/", 2)}, 10,
			[]string{"connection", "try again when HOST answers"}},
		{"dies at a manifest", "", imagetest.Options{Before: dies(http.MethodPut, "/manifests/sha256:", 2)}, 10,
			[]string{"try again when HOST answers"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := imagetest.NewRegistry(t, imagetest.Options{})
			logins := map[string]string{}
			if test.login != "" {
				logins[r.Host] = test.login
			}
			dockerConfig(t, logins)
			before := r.Put("demo", "1", ocispec.MediaTypeImageManifest, []byte(`{"mediaType": "before"}`))
			r.Set(test.option)
			_, err := pushTo(t, build(t, demo(amd64, arm64)), r.Host+"/demo:1", true)
			var says []string
			for _, part := range append(test.says, "cannot push HOST/demo:1", "the tag 1 was not changed") {
				says = append(says, strings.ReplaceAll(part, "HOST", r.Host))
			}
			fails(t, err, test.code, says...)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a password in %v", err)
			}
			if tags := r.Tags("demo"); len(tags) != 1 || tags["1"] != before.Digest {
				t.Errorf("tags %v", tags)
			}
			// The same push, repeated when the registry is well again, ends as if nothing had
			// happened.
			r.Set(imagetest.Options{})
			if pushed, err := pushTo(t, build(t, demo(amd64, arm64)), r.Host+"/demo:1", true); err != nil || r.Tags("demo")["1"] == before.Digest {
				t.Errorf("%+v %v", pushed, err)
			}
		})
	}
}

func TestPushNowhere(t *testing.T) {
	dockerConfig(t, nil)
	i := build(t, demo(amd64))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	secure := imagetest.NewRegistry(t, imagetest.Options{TLS: true})
	for reference, test := range map[string]struct {
		code int
		says []string
	}{
		closed + "/demo:1":      {10, []string{"connection refused by " + closed, "was not changed"}},
		secure.Host + "/demo:1": {2, []string{"signed by an unknown authority", "SSL_CERT_FILE"}},
		"demo:1":                {2, []string{"invalid image reference", "name the registry, too: REGISTRY/demo:1"}},
		"team/demo:1":           {2, []string{"name the registry"}},
		"host.example/Demo:1":   {2, []string{"invalid image reference", "lower case"}},
		"host.example/demo@sha256:" + strings.Repeat("a", 64): {2, []string{"cannot push to a digest"}},
	} {
		_, err := pushTo(t, i, reference, false)
		fails(t, err, test.code, test.says...)
	}
}

// A command that is stopped says so, and leaves nothing.
func TestStopped(t *testing.T) {
	dockerConfig(t, nil)
	r := imagetest.NewRegistry(t, imagetest.Options{})
	i := build(t, demo(amd64))
	target, err := OpenTarget(t.Context(), r.Host+"/demo:1")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	r.Set(imagetest.Options{Before: func(_ http.ResponseWriter, q *http.Request) bool {
		if q.Method == http.MethodPut {
			stop()
		}
		return false
	}})
	_, err = i.Push(ctx, target, false)
	fails(t, err, 10, "was stopped", "the tag 1 was not changed", "run the command again")
	path := filepath.Join(t.TempDir(), "demo.tar")
	fails(t, i.WriteTar(ctx, path, i.Name()), 10, "was stopped")
	_, err = Build(ctx, demo(amd64))
	fails(t, err, 10, "was stopped")
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 || len(r.Tags("demo")) > 0 {
		t.Errorf("left: %v, tags %v", left, r.Tags("demo"))
	}
}

// Only a registry on this machine may do without TLS, and one is only that by its loopback address.
func TestPushWithoutTLS(t *testing.T) {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(addresses, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.To4() != nil && !n.IP.IsLoopback()
	})
	if at < 0 {
		t.Skip("this machine has no address but loopback")
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(addresses[at].(*net.IPNet).IP.String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) })}
	go server.Serve(listener) //nolint:errcheck // it ends with the test
	defer server.Close()
	dockerConfig(t, map[string]string{listener.Addr().String(): "robot:secret"})
	_, err = pushTo(t, build(t, demo(amd64)), listener.Addr().String()+"/demo:1", false)
	fails(t, err, 2, "does not speak TLS", "the tag 1 was not changed", "only a registry on this machine may do without TLS")
	if asked.Load() != 0 {
		t.Error("a request was sent in clear text")
	}
}
