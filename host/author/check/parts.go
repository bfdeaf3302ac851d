package check

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"carjs/host/bundle"
	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/model"
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
	if s.code, err = readCode(bundled); err != nil {
		findings = append(findings, Finding{Severity: Error, Message: err.Error()})
	}
	return findings
}

func checkExtension(ctx context.Context, s *Subject) []Finding {
	if s.code == nil || s.declaration == nil {
		return nil
	}
	extension, err := s.schemaExtension(ctx)
	if err != nil {
		return []Finding{s.notStarted(err)}
	}
	if extension == nil {
		return nil
	}
	at := s.code.placeOf("getSchemaExtension", s.bundled.Entry)
	if _, err := model.CAR().Extend(*extension); err != nil {
		return []Finding{{Severity: Error, File: at.file, Line: at.line, Column: at.column, Message: firstLine(err.Error())}}
	}
	var findings []Finding
	for _, name := range repeated(model.CAR(), extension) {
		findings = append(findings, Finding{Severity: Warning, File: at.file, Line: at.line, Column: at.column,
			Message: name + " is in CAR's data model already", Hint: "remove it from the extension, or give the property another name"})
	}
	return findings
}

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
		Hint: "the connector must start, and getSchemaExtension() return, without asking the data source"}
	var failed *failure.Failure
	if errors.As(err, &failed) {
		if match := thrownAt().FindStringSubmatch(failed.At); match != nil {
			found.File = match[1]
			found.Line, _ = strconv.Atoi(match[2])   // the expression lets digits pass
			found.Column, _ = strconv.Atoi(match[3]) // alone
		}
	}
	found.Message = strings.TrimPrefix(message, s.bundled.Entry+": ")
	return found
}

// thrownAt is the place of a failure: "src/main.ts:7:8".
var thrownAt = lazyregexp.New(`^(.+):(\d+):(\d+)$`)

// repeated lists the properties of an extension that CAR has without it.
func repeated(m *model.Model, extension *model.Extension) []string {
	var names []string
	note := func(collection string, properties map[string]model.ExtensionProperty) {
		c, ok := m.Collection(collection)
		if !ok {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if _, there := c.Property(name); there {
				names = append(names, collection+"."+name)
			}
		}
	}
	for _, v := range extension.Schema.Vertices {
		note(v.Name, v.Properties)
	}
	for _, e := range extension.Schema.Edges {
		note(e.End1+"_"+e.End2, e.Properties)
	}
	return names
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}
