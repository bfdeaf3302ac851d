package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"text/template"
)

// formula is what Homebrew installs from: the archives, by URL and checksum.
var formula = template.Must(template.New("carjs.rb").Parse(`class Carjs < Formula
  desc "{{.Summary}}"
  homepage "{{.URL}}"
  version "{{.Version}}"
  license "{{.License}}"
{{range .Systems}}
  {{.On}} do
{{- range .Archives}}
    {{.On}} do
      url "{{.URL}}"
      sha256 "{{.Hash}}"
    end
{{- end}}
  end
{{end}}
  def install
    bin.install "carjs"
    doc.install "README.md", "LICENSES.txt"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/carjs version")
  end
end
`))

type formulaSystem struct {
	On       string
	Archives []formulaArchive
}

type formulaArchive struct{ On, URL, Hash string }

// makeFormula writes the formula; without a URL to download from there is none.
func (r *release) makeFormula(context.Context) error {
	if r.url == "" {
		fmt.Fprintln(os.Stderr, "there is no Homebrew formula: set -url to the folder that the files will be downloaded from")
		return nil
	}
	folder := strings.TrimSuffix(r.url, "/")
	var systems []formulaSystem
	for _, system := range [][2]string{{"darwin", "on_macos"}, {"linux", "on_linux"}} {
		s := formulaSystem{On: system[1]}
		for _, arch := range [][2]string{{"arm64", "on_arm"}, {"amd64", "on_intel"}} {
			name := r.archiveFile(platform{system[0], arch[0]}, "")
			if hash := r.hashOf(name); hash != "" {
				s.Archives = append(s.Archives, formulaArchive{arch[1], folder + "/" + name, hash})
			}
		}
		if len(s.Archives) > 0 {
			systems = append(systems, s)
		}
	}
	if len(systems) == 0 {
		return nil
	}
	var out bytes.Buffer
	err := formula.Execute(&out, map[string]any{
		"Summary": summary, "URL": folder, "Version": r.version, "License": licenseID, "Systems": systems,
	})
	if err != nil {
		return err
	}
	return r.write("carjs.rb", out.Bytes())
}
