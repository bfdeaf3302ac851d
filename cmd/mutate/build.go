package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// program is a package with its mutants, ready to run: a binary of the tests of each package that is
// to notice them.
type program struct {
	*code
	mutants []*mutant
	// dir has the binaries and what they are built from.
	dir string
	// invalid are mutants that do not compile.
	invalid map[int]bool
	// written is which file each file of the overlay stands for: the compiler names either.
	written map[string]*source
}

// overlay writes files for -overlay: those that have mutants, and the helper.
func (p *program) overlay(mutants []*mutant, change func(*source) (string, bool)) (string, error) {
	replace := map[string]string{}
	p.written = map[string]*source{}
	put := func(path, text string) error {
		at := filepath.Join(p.dir, fmt.Sprint(len(replace))+".go")
		replace[path] = at
		return os.WriteFile(at, []byte(text), 0o600)
	}
	if change == nil {
		if err := put(filepath.Join(p.code.dir, "mutant_active.go"), fmt.Sprintf(helper, p.name)); err != nil {
			return "", err
		}
		change = func(file *source) (string, bool) {
			of := p.of(file, mutants)
			return render(file, of), len(of) > 0
		}
	}
	for _, file := range p.files {
		if text, changed := change(file); changed {
			if err := put(file.path, text); err != nil {
				return "", err
			}
			p.written[file.path], p.written[replace[file.path]] = file, file
		}
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(p.dir, "overlay.json")
	return path, os.WriteFile(path, data, 0o600)
}

var (
	compileError = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):(\d+): (.*)$`)
	marker       = regexp.MustCompile(`mutantIs\((\d+)\)|/\*m(\d+)\*/`)
)

// build finds out which mutants compile, and returns what the binaries are built with.
func (p *program) build(ctx context.Context) (string, error) {
	p.invalid = map[int]bool{}
	for range 30 {
		path, err := p.overlay(p.mutants, nil)
		if err != nil {
			return "", err
		}
		_, err = command(ctx, p.root, nil, "go", "build", "-gcflags=-e", "-overlay", path, "-o", os.DevNull, p.path)
		if err == nil {
			return path, nil
		}
		if found, blame := p.blame(err.Error()); !found {
			return "", fmt.Errorf("%w%s", err, blame)
		}
	}
	return "", fmt.Errorf("%s: the mutants do not compile", p.path)
}

// blame leaves out the mutants that errors of the compiler are about: those written last before.
func (p *program) blame(said string) (found bool, unclear string) {
	for _, e := range compileError.FindAllStringSubmatch(said, -1) {
		file := p.written[e[1]]
		if file == nil { // named from where the compiler ran
			file = p.written[filepath.Join(p.root, e[1])]
		}
		if file == nil {
			unclear += "\nno file with mutants is " + e[1]
			continue
		}
		line, _ := strconv.Atoi(e[2])
		column, _ := strconv.Atoi(e[3])
		id := markedBefore(render(file, p.of(file, p.mutants)), line, column)
		if id == 0 {
			unclear += "\nno mutant is at " + e[0]
			continue
		}
		p.invalid[id], found = true, true
	}
	return found, unclear
}

// of are the mutants of a file that stand beside its code.
func (p *program) of(file *source, mutants []*mutant) (of []*mutant) {
	for _, m := range mutants {
		if m.file == file && m.form != declaration && !p.invalid[m.id] {
			of = append(of, m)
		}
	}
	return of
}

func markedBefore(text string, line, column int) int {
	lines := strings.SplitAfter(text, "\n")
	before := strings.Join(lines[:line-1], "") + lines[line-1][:min(column, len(lines[line-1]))]
	all := marker.FindAllStringSubmatch(before, -1)
	if len(all) == 0 {
		return 0
	}
	last := all[len(all)-1]
	id, _ := strconv.Atoi(last[1] + last[2])
	return id
}

// binary builds the tests of a package with the mutants of this one.
func (p *program) binary(ctx context.Context, overlay, tests, name string) (string, error) {
	out := filepath.Join(p.dir, name+".test")
	_, err := command(ctx, p.root, nil, "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", out, tests)
	return out, err
}

// declared builds the tests with one constant changed.
func (p *program) declared(ctx context.Context, m *mutant, tests string) (string, error) {
	overlay, err := p.overlay(nil, func(file *source) (string, bool) {
		if file != m.file {
			return "", false
		}
		return string(file.text[:m.start]) + m.text + string(file.text[m.end:]), true
	})
	if err != nil {
		return "", err
	}
	return p.binary(ctx, overlay, tests, fmt.Sprintf("declared%d", m.id))
}
