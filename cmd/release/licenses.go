package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// license is a text and the modules that are under it.
type license struct {
	text    string
	modules []string
}

// isLicense fits the names of files that must go wherever the code goes. Licenses of pictures are
// about what is not linked.
var isLicense = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|unlicense)([._-].*)?$`)

// listed is a package as go list has it.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct{ Path, Dir string }
}

// collectLicenses reads the licenses of everything that is linked into a program of the module in
// dir, on any of the platforms: of the program's own module, of Go's library, and of each module
// that a package comes from, in the module's folder and in those of the packages.
func collectLicenses(dir, program string, platforms []platform) ([]license, error) {
	texts := map[string]map[string]bool{} // text → modules
	add := func(folder, module string) error {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.IsDir() || !isLicense.MatchString(entry.Name()) || strings.Contains(entry.Name(), "LOGO") {
				continue
			}
			data, err := os.ReadFile(filepath.Join(folder, entry.Name()))
			if err != nil {
				return err
			}
			text := strings.TrimSpace(strings.ReplaceAll(string(data), "\r\n", "\n"))
			if texts[text] == nil {
				texts[text] = map[string]bool{}
			}
			texts[text][module] = true
		}
		return nil
	}
	folders := map[string]string{} // folder → module
	for _, p := range platforms {
		packages, err := listPackages(dir, program, p)
		if err != nil {
			return nil, err
		}
		for _, item := range packages {
			if item.Module != nil {
				folders[item.Dir], folders[item.Module.Dir] = item.Module.Path, item.Module.Path
			}
		}
	}
	for folder, module := range folders {
		if err := add(folder, module); err != nil {
			return nil, err
		}
	}
	root, err := goroot()
	if err == nil {
		err = add(root, "Go's standard library")
	}
	if err != nil {
		return nil, err
	}
	var out []license
	for text, modules := range texts {
		out = append(out, license{text, slices.Sorted(maps.Keys(modules))})
	}
	slices.SortFunc(out, func(a, b license) int {
		return cmp.Or(slices.Compare(a.modules, b.modules), strings.Compare(a.text, b.text))
	})
	return out, everyModule(out, folders)
}

// everyModule tells of a module without a license: nobody may hand its code on.
func everyModule(licenses []license, folders map[string]string) error {
	have := map[string]bool{}
	for _, l := range licenses {
		for _, m := range l.modules {
			have[m] = true
		}
	}
	for _, module := range slices.Sorted(maps.Values(folders)) {
		if !have[module] {
			return fmt.Errorf("the module %s has no license", module)
		}
	}
	return nil
}

func listPackages(dir, program string, p platform) ([]listed, error) {
	c := exec.Command("go", "list", "-deps", "-tags", buildTags, "-json=Dir,Standard,Module", program)
	c.Dir, c.Stderr = dir, os.Stderr
	c.Env = p.environment()
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("list the packages of %s for %s: %w", program, p, err)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var item listed
		if err := decoder.Decode(&item); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, item)
	}
}

// goroot is the folder of Go, or the one above it where a distribution keeps the license.
func goroot() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("find Go: %w", err)
	}
	root := strings.TrimSpace(string(out))
	if _, err := os.Stat(filepath.Join(root, "LICENSE")); errors.Is(err, fs.ErrNotExist) {
		return filepath.Dir(root), nil
	}
	return root, nil
}

// licenseText is the file of licenses: under a line of its own, the modules, and what they say.
func licenseText(program string, licenses []license) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The licenses of %s and of everything that is linked into it.\n", program)
	for _, l := range licenses {
		fmt.Fprintf(&b, "\n%s\n%s\n%[1]s\n\n%[3]s\n", strings.Repeat("=", 80), strings.Join(l.modules, "\n"), l.text)
	}
	return b.String()
}

// compress is the text as it is embedded.
func compress(text string) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// decompress reads the text that is embedded.
func decompress(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close() //nolint:errcheck // it was read
	reader, err := gzip.NewReader(file)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(reader)
	return string(text), err
}
