package check

import (
	"context"
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

func checkConfig(_ context.Context, s *Subject) []Finding {
	declaration, err := settings.ReadDeclaration(s.FS)
	if err == nil {
		s.declaration = declaration
		return nil
	}
	var several settings.Mistakes
	if !errors.As(err, &several) {
		return []Finding{mistake(Error, err)}
	}
	var findings []Finding
	for _, one := range several {
		findings = append(findings, mistake(Error, one))
	}
	return findings
}

// mistake is the finding for a mistake in a configuration file.
func mistake(severity Severity, err error) Finding {
	var m *settings.Mistake
	if errors.As(err, &m) {
		return Finding{Severity: severity, File: m.File, Line: m.Line, Column: m.Column, Message: m.Message}
	}
	return Finding{Severity: severity, Message: err.Error()}
}

func checkLanguage(_ context.Context, s *Subject) []Finding {
	if s.declaration == nil {
		return nil
	}
	mistakes, err := settings.LanguageMistakes(s.FS, s.declaration)
	if err != nil {
		return []Finding{mistake(Error, err)}
	}
	var findings []Finding
	for _, m := range mistakes {
		findings = append(findings, mistake(Warning, m))
	}
	return findings
}

func checkBuild(ctx context.Context, s *Subject) []Finding {
	bundled, err := s.Build(ctx)
	var broken *bundle.BuildError
	switch {
	case errors.As(err, &broken):
		var findings []Finding
		for _, m := range broken.Messages {
			findings = append(findings, at(Error, m))
		}
		return findings
	case err != nil:
		return []Finding{{Severity: Error, Message: err.Error()}}
	}
	s.bundled = bundled
	var findings []Finding
	for _, warning := range bundled.Warnings {
		findings = append(findings, at(Warning, warning))
	}
	for _, throws := range bundled.Throws {
		findings = append(findings, at(Warning, throws))
	}
	findings = append(findings, s.contained(bundled.Inputs)...)
	if s.code, err = readCode(bundled); err != nil {
		findings = append(findings, Finding{Severity: Error, Message: err.Error()})
	}
	return findings
}

// contained tells which files an artifact holds as they are besides scripts, and which that are not
// in the connector's folder: whoever gets the artifact can read them.
func (s *Subject) contained(inputs []string) []Finding {
	var findings []Finding
	root, err := filepath.EvalSymlinks(s.Dir)
	if s.Dir == "" || err != nil {
		return nil
	}
	for _, name := range inputs {
		name, _, _ = strings.Cut(name, " with {")
		inside := name
		if filepath.IsAbs(name) {
			if inside, err = filepath.Rel(root, name); err != nil {
				inside = name
			}
		}
		inside = filepath.ToSlash(inside)
		switch {
		case strings.Contains(inside, "node_modules/"):
		case !filepath.IsLocal(inside):
			findings = append(findings, Finding{
				Severity: Note, Message: "an artifact contains " + name + ", which is outside the connector's folder",
			})
		case !slices.Contains(scripts, path.Ext(inside)):
			findings = append(findings, Finding{Severity: Note, File: inside, Message: "an artifact contains this file as it is"})
		}
	}
	return findings
}

// scripts are the extensions of code.
var scripts = []string{".ts", ".mts", ".cts", ".tsx", ".js", ".mjs", ".cjs", ".jsx"}

// at is the finding for a message of the bundler.
func at(severity Severity, m bundle.Message) Finding {
	return Finding{Severity: severity, File: m.File, Line: m.Line, Column: m.Column, Message: m.Text}
}

// notStarted is the finding for a connector that does not start, or does not say what its extension
// is.
func (s *Subject) notStarted(err error) Finding {
	message := firstLine(err.Error())
	at := s.code.placeOf("getSchemaExtension", s.bundled.Entry)
	found := Finding{Severity: Error, File: at.file, Line: at.line, Column: at.column,
		Hint: "do not call the data source at the start or in getSchemaExtension()"}
	var failed *failure.Failure
	if errors.As(err, &failed) {
		if match := thrownAt().FindStringSubmatch(failed.At); match != nil {
			found.File = match[1]
			found.Line, _ = strconv.Atoi(match[2])   // the expression lets digits pass
			found.Column, _ = strconv.Atoi(match[3]) // alone
		}
	}
	found.Message = strings.TrimPrefix(message, s.bundled.Entry+": ")
	if standIns := (*settings.StandInError)(nil); errors.As(err, &standIns) {
		// With the settings of a run it may well start.
		found.Severity = Warning
		found.Message = "the extension was not checked, because the connector does not start with placeholders as settings: " + found.Message
		found.Hint = "give settings that it reads at the start a default in config.json, or read them later: " + strings.Join(standIns.Read, ", ")
	}
	return found
}

// thrownAt is the place of a failure: "src/main.ts:7:8".
var thrownAt = lazyregexp.New(`^(.+):(\d+):(\d+)$`)

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
