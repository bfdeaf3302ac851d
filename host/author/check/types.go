package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"carjs/host/lazyregexp"
)

// checkTypes runs the TypeScript compiler. It reads typings as this carjs has them, in a folder of
// their own, whatever is in the connector's.
func checkTypes(ctx context.Context, s *Subject) []Finding {
	if s.declaration == nil {
		return nil
	}
	compiler, err := findCompiler(ctx, s.Dir)
	if err != nil {
		return []Finding{{Severity: Error, Message: "cannot check the types: " + err.Error()}}
	}
	if compiler == nil {
		return []Finding{{Severity: Note, Message: "types are not checked: no TypeScript compiler found", Hint: getCompiler}}
	}
	findings, err := s.compile(ctx, compiler.path)
	if err != nil {
		findings = []Finding{{Severity: Error, Message: fmt.Sprintf("cannot check the types with %s: %v", compiler.path, err)}}
	}
	if !compiler.native() {
		findings = append(findings,
			Finding{Severity: Note, Message: "types are checked with TypeScript " + compiler.version +
				", which is slow and may report other errors than version 7",
				Hint: getCompiler})
	}
	return findings
}

// compile type-checks the connector's files with fresh typings.
func (s *Subject) compile(ctx context.Context, compiler string) ([]Finding, error) {
	temporary, err := os.MkdirTemp("", "carjs-check-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	if temporary, err = filepath.EvalSymlinks(temporary); err != nil {
		return nil, err
	}
	p := &project{subject: s, dir: s.Dir, folder: temporary}
	if p.dir == "" {
		p.dir = filepath.Join(temporary, "connector")
		if err := os.CopyFS(p.dir, s.FS); err != nil {
			return nil, err
		}
	}
	if err := p.write(ctx); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	command := exec.CommandContext(ctx, compiler, "--pretty", "false", "-p", filepath.Join(temporary, "tsconfig.json"))
	command.Dir, command.Stdout, command.Stderr = p.dir, &out, &out
	err = command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	findings := p.diagnostics(out.String())
	if err != nil && len(findings) == 0 {
		return nil, errors.New(strings.TrimSpace(out.String()))
	}
	return findings, nil
}

// diagnostic is a line of a compiler: "src/main.ts(7,8): error TS2322: Type ...". One about its
// options has no place.
var diagnostic = lazyregexp.New(`^(?:(.+)\((\d+),(\d+)\): )?(error|warning) (TS\d+): (.*)$`)

// diagnostics reads what a compiler says. Lines that are indented go on with the one before.
func (p *project) diagnostics(out string) []Finding {
	var findings []Finding
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n")
		match := diagnostic().FindStringSubmatch(line)
		switch {
		case match != nil:
			f := Finding{Severity: Severity(match[4]), Message: match[6] + " (" + match[5] + ")"}
			if match[1] != "" {
				f.File = p.relative(match[1])
				f.Line, _ = strconv.Atoi(match[2])   // the expression lets digits pass
				f.Column, _ = strconv.Atoi(match[3]) // alone
			}
			findings = append(findings, f)
		case strings.HasPrefix(line, "  ") && len(findings) > 0:
			findings[len(findings)-1].Message += "\n" + line
		}
	}
	return findings
}

// relative is the path of a file seen from the connector's folder; of typings, from where they are
// written to.
func (p *project) relative(path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(p.dir, path)
	}
	for _, root := range []string{p.dir, p.folder} {
		if name, err := filepath.Rel(root, path); err == nil && !strings.HasPrefix(name, "..") {
			return filepath.ToSlash(name)
		}
	}
	return filepath.ToSlash(path)
}
