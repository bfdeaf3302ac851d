package main

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"carjs/host/deploy/image/imagetest"
)

// A command that waits for a registry ends with Ctrl-C, and says what became of its work.
func TestImageStopped(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows sends no interrupt to another process")
	}
	d := newDesk(t)
	d.small("")
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, test := range []struct {
		args []string
		says string
	}{
		{[]string{"image", "small", "-push", silent.Addr().String() + "/x:1"}, "the image is not complete: carjs was stopped"},
		{[]string{"image", "small", "-base", silent.Addr().String() + "/x:1"}, "the image is not complete: carjs was stopped"},
		{[]string{"publish", "small", "-to", silent.Addr().String() + "/x", "-version", "1.0"},
			"the version was not published: carjs was stopped"},
	} {
		c := d.command(t.Context(), test.args...)
		var stderr bytes.Buffer
		c.Stderr = &stderr
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		// It has asked, and will get no answer.
		connection, err := silent.Accept()
		if err == nil {
			err = c.Process.Signal(os.Interrupt)
		}
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Wait() // the exit code is looked at
		connection.Close()
		if code := c.ProcessState.ExitCode(); code != 10 {
			t.Errorf("%v: exit code %d\n%s", test.args, code, &stderr)
		}
		contains(t, stderr.String(), test.says, "run the command again")
	}
	if left, _ := filepath.Glob(filepath.Join(d.dir, "*.tar")); len(left) > 0 {
		t.Error(left)
	}
}

// halfBinary is a carjs for Linux without its end, as a download that stopped leaves it.
func halfBinary(t *testing.T) string {
	t.Helper()
	path, err := static()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data[:len(data)/2])
}

func TestImageBadInput(t *testing.T) {
	d := newDesk(t)
	d.small("")
	d.write("letter.tar", "dear all")
	d.write("letter.txt", "dear all")
	d.write("syntax/src/main.ts", "const x = ;")
	authority, key := newIssuer(t).pair(t, &x509.Certificate{Subject: pkix.Name{CommonName: "Company"}})
	d.write("both.pem", authority+key)
	d.write("damaged.pem", asPEM("CERTIFICATE", []byte("no certificate")))
	d.write("cut.pem", authority+authority[:len(authority)/2])
	d.write("request.pem", authority+asPEM("CERTIFICATE REQUEST", []byte("please sign")))
	d.write("empty.pem", "")
	d.write("half", halfBinary(t))
	d.write("My_Connector/src/main.ts", "export default class {}")
	d.write("numbers/src/main.ts", "export default class {}")
	d.write("numbers/configurations/config.json", `{"connection": []}`)
	registry := imagetest.NewRegistry(t, imagetest.Options{Users: map[string]string{"robot": "secret"}})
	other := map[string]string{"amd64": "arm64", "arm64": "amd64"}[runtime.GOARCH]
	for _, test := range []struct {
		name string
		args []string
		says []string
	}{
		{"no connector", nil, []string{"image: no connector given"}},
		{"an unknown one", []string{"smell"}, []string{`unknown connector "smell"`}},
		{"TypeScript that does not build", []string{"./syntax"}, []string{"src/main.ts:1:", "does not build"}},
		{"an unknown platform", []string{"small", "-platform", "linux/vax"}, []string{`unknown platform "linux/vax"`, "linux/s390x"}},
		{
			"a platform without a binary", []string{"small", "-platform", here + ",linux/" + other},
			[]string{"there is no carjs for linux/" + other, "set -binary linux/" + other + "=FILE"},
		},
		{
			"a binary of another platform", []string{"small", "-binary", "linux/" + other + "=" + binary},
			[]string{"is for " + here + ", not for linux/" + other},
		},
		{
			"a binary that nobody asked for", []string{"small", "-platform", here, "-binary", "linux/" + other + "=x"},
			[]string{"-binary names linux/" + other + ", but -platform does not"},
		},
		{"a binary without its platform", []string{"small", "-binary", binary}, []string{"invalid -binary", "PLATFORM=FILE"}},
		{
			"a base configuration that is none", []string{"small", "-base-config", "nowhere"},
			[]string{"cannot read the base configuration", "set -base-config"},
		},
		{"a version that is no tag", []string{"small", "-version", "1.0 beta"}, []string{`invalid version "1.0 beta"`}},
		{"a label without a value", []string{"small", "-label", "a"}, []string{`invalid -label "a"`}},
		{"a label twice", []string{"small", "-label", "a=b,a=c"}, []string{"-label sets a twice"}},
		{"an image nowhere", []string{"small", "-o", "nowhere/x.tar"}, []string{"cannot write the image: nowhere: "}},
		{"a layout nowhere", []string{"small", "-o", "nowhere/x"}, []string{"cannot write the image: nowhere: "}},
		{
			"a bill of materials nowhere", []string{"small", "-sbom", "nowhere/x.json"},
			[]string{"cannot write the bill of materials: nowhere: ", "set -sbom"},
		},
		{"a folder as the bill of materials", []string{"small", "-sbom", "connectors"}, []string{"connectors is a folder"}},
		{"two files at one place", []string{"small", "-o", "x.tar", "-sbom", "./x.tar"}, []string{"-o and -sbom are both ./x.tar"}},
		{
			"a push of what cannot be written", []string{"small", "-push", registry.Host + "/x:1", "-o", "nowhere/x.tar"},
			[]string{"cannot write the image: nowhere: "},
		},
		{"a digest to push to", []string{"small", "-push", registry.Host + "/x@" + testDigest}, []string{"cannot push to a digest"}},
		{"a URL to push to", []string{"small", "-push", "http://" + registry.Host + "/x:1"}, []string{"invalid image reference"}},
		{"a name for no deployment", []string{"./My_Connector"}, []string{`the connector name "My_Connector" cannot be used`}},
		{"settings that are none", []string{"./numbers"}, []string{"configurations/config.json:1:16: connection must be an object"}},
		{"authorities that are none", []string{"small", "-ca", "letter.txt"}, []string{"-ca holds no certificate in PEM form"}},
		{"authorities and a key", []string{"small", "-ca", "both.pem"}, []string{"-ca holds a private key", "nothing but certificates"}},
		{"a damaged authority", []string{"small", "-ca", "damaged.pem"}, []string{"certificate 1 in the file of -ca cannot be read"}},
		{"an authority that is cut off", []string{"small", "-ca", "cut.pem"}, []string{"what follows certificate 1 in the file of -ca is cut off"}},
		{"a request as an authority", []string{"small", "-ca", "request.pem"}, []string{"holds a CERTIFICATE REQUEST, not only certificates"}},
		{"an empty file of authorities", []string{"small", "-ca", "empty.pem"}, []string{"-ca holds no certificate in PEM form"}},
		{"a carjs that is cut off", []string{"small", "-binary", here + "=half"}, []string{"half is incomplete: "}},
		{"no authorities", []string{"small", "-ca", "nowhere"}, []string{"cannot read the certificate authorities"}},
		{"another file in the way", []string{"small", "-o", "letter.tar"}, []string{"letter.tar exists and is not an image"}},
		{
			"another folder in the way", []string{"small", "-o", "connectors"},
			[]string{"the folder connectors exists and is not an image of carjs"},
		},
		{
			"a base without a registry", []string{"small", "-base", "ubi8"},
			[]string{`invalid image reference "ubi8"`, "name the registry"},
		},
		{
			"a base that needs a login", []string{"small", "-base", registry.Host + "/ubi8"},
			[]string{"cannot read the base image", "requires a login", "docker login"},
		},
		{
			"a push without a login", []string{"small", "-push", registry.Host + "/x:1"},
			[]string{"cannot push", "requires a login", "the tag 1 was not changed"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"image"}, test.args...)
			r := d.run(args...)
			if r.code != 2 {
				t.Errorf("exit code %d", r.code)
			}
			contains(t, r.stderr, test.says...)
			if t.Failed() {
				t.Log(r)
			}
		})
	}
	r := d.run("image", "-help")
	contains(t, r.stdout, "carjs image [flags] CONNECTOR", "-push TEXT", "The digest that is printed")
	if left, _ := filepath.Glob(filepath.Join(d.dir, "*.tar")); len(left) != 1 {
		t.Error(left)
	}
	if left, _ := filepath.Glob(filepath.Join(d.dir, ".carjs-*")); len(left) > 0 {
		t.Error(left)
	}
}
