package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkForeign has the programs that people install with read what is made for them, where they are
// installed; carjs that dpkg unpacks runs.
func checkForeign(t *testing.T, r *release) {
	deb := filepath.Join(r.out, "carjs_1.2.3~rc.1-1_"+here.arch+".deb")
	rpm := filepath.Join(r.out, "carjs-1.2.3~rc.1-1."+rpmArch[here.arch]+".rpm")
	dir := t.TempDir()
	for _, test := range []struct {
		args []string
		says []string
	}{
		{[]string{"dpkg-deb", "--info", deb}, []string{"Package: carjs", "Version: 1.2.3~rc.1-1", "Architecture: " + here.arch}},
		{[]string{"dpkg-deb", "--extract", deb, dir}, nil},
		{[]string{filepath.Join(dir, "usr", "bin", "carjs"), "-version"}, []string{"carjs version 1.2.3-rc.1"}},
		{[]string{"rpm", "-qp", "--queryformat", "%{NAME} %{VERSION} %{ARCH}\n[%{FILEMODES:perms} %{FILENAMES}\n]", rpm},
			[]string{"carjs 1.2.3~rc.1 " + rpmArch[here.arch], "-rwxr-xr-x /usr/bin/carjs", "/usr/share/doc/carjs/copyright"}},
		{[]string{"rpm", "-K", "--nosignature", rpm}, []string{"OK"}},
		{[]string{"ruby", "-wc", filepath.Join(r.out, "carjs.rb")}, []string{"Syntax OK"}},
	} {
		t.Run(filepath.Base(test.args[0])+" "+test.args[1], func(t *testing.T) {
			path, err := exec.LookPath(test.args[0])
			if err != nil {
				t.Skipf("%s is not there", test.args[0])
			}
			out, err := exec.CommandContext(t.Context(), path, test.args[1:]...).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, part := range test.says {
				if !strings.Contains(string(out), part) {
					t.Errorf("%q is missing in\n%s", part, out)
				}
			}
		})
	}
}
