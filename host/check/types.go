package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"carjs/host/types"
)

// compilers are the names of TypeScript compilers, the better first: tsgo is the native one of TypeScript 7 on its own.
var compilers = []string{"tsgo", "tsc"}

// checkTypes runs the compiler that is found in the folder, above it, or on the path. It reads typings as this carjs has them, in
// a folder of their own, whatever is in the connector's.
func checkTypes(ctx context.Context, s *Subject) []Finding {
	if s.Dir == "" || s.declaration == nil {
		return nil
	}
	compiler := findCompiler(s.Dir)
	if compiler == "" {
		return []Finding{{Severity: Note, Message: "types are not checked, because there is no TypeScript compiler",
			Hint: "npm install -g typescript, or go install github.com/microsoft/typescript-go/cmd/tsgo@latest, makes one that is found"}}
	}
	findings, err := s.compile(ctx, compiler)
	if err != nil {
		return []Finding{{Severity: Error, Message: "types cannot be checked: " + err.Error()}}
	}
	return findings
}

// findCompiler looks where npm installs for a project, from the folder upwards, and then on the path.
func findCompiler(dir string) string {
	for folder := dir; ; folder = filepath.Dir(folder) {
		for _, name := range compilers {
			if runtime.GOOS == "windows" {
				name += ".cmd"
			}
			path := filepath.Join(folder, "node_modules", ".bin", name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return path
			}
		}
		if folder == filepath.Dir(folder) {
			break
		}
	}
	for _, name := range compilers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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
	if err := s.writeProject(ctx, temporary); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	command := exec.CommandContext(ctx, compiler, "--pretty", "false", "-p", filepath.Join(temporary, "tsconfig.json"))
	command.Dir, command.Stdout, command.Stderr = s.Dir, &out, &out
	err = command.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	findings := s.diagnostics(out.String(), temporary)
	if err != nil && len(findings) == 0 {
		return nil, errors.New(strings.TrimSpace(out.String()))
	}
	return findings, nil
}

// writeProject writes typings and a tsconfig.json that reads the connector's files with them. A connector without a folder of typings
// declares by hand what its settings and its extension are; then those of this carjs would only repeat it.
func (s *Subject) writeProject(ctx context.Context, temporary string) error {
	files, err := types.Files(s.declaration, nil)
	if err != nil {
		return err
	}
	if info, err := os.Stat(filepath.Join(s.Dir, types.Folder)); err == nil && info.IsDir() {
		// When the connector does not start, another check says so.
		if extension, err := s.Extension(ctx, s.declaration); err == nil {
			if files, err = types.Files(s.declaration, extension); err != nil {
				return err
			}
		}
	} else {
		delete(files, "settings.d.ts")
	}
	if _, err := types.Write(temporary, files); err != nil {
		return err
	}
	config := map[string]any{
		"extends":         "./types/tsconfig.json",
		"compilerOptions": map[string]any{"noEmit": true},
		"include":         []string{filepath.ToSlash(s.Dir) + "/**/*.ts", "types/*.d.ts"},
		"exclude":         []string{filepath.ToSlash(s.Dir) + "/types", filepath.ToSlash(s.Dir) + "/**/node_modules"},
	}
	data, err := json.Marshal(config)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(temporary, "tsconfig.json"), data, 0o600)
}

// diagnostic is a line of a compiler: "src/main.ts(7,8): error TS2322: Type ...".
var diagnostic = regexp.MustCompile(`^(.+)\((\d+),(\d+)\): (error|warning) (TS\d+): (.*)$`)

// diagnostics reads what a compiler says. Lines that are indented go on with the one before.
func (s *Subject) diagnostics(out, temporary string) []Finding {
	var findings []Finding
	for line := range strings.Lines(out) {
		line = strings.TrimRight(line, "\r\n")
		match := diagnostic.FindStringSubmatch(line)
		switch {
		case match != nil:
			f := Finding{Severity: Severity(match[4]), File: s.relative(match[1], temporary), Message: match[6] + " (" + match[5] + ")"}
			f.Line, _ = strconv.Atoi(match[2])   // the expression lets digits pass
			f.Column, _ = strconv.Atoi(match[3]) // alone
			findings = append(findings, f)
		case strings.HasPrefix(line, "  ") && len(findings) > 0:
			findings[len(findings)-1].Message += "\n" + line
		}
	}
	return findings
}

// relative is the path of a file seen from the connector's folder; of typings, from where they are written to.
func (s *Subject) relative(path, temporary string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(s.Dir, path)
	}
	for _, root := range []string{s.Dir, temporary} {
		if name, err := filepath.Rel(root, path); err == nil && !strings.HasPrefix(name, "..") {
			return filepath.ToSlash(name)
		}
	}
	return filepath.ToSlash(path)
}
