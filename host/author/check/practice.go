package check

import (
	"context"
	"net/url"

	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// secretName is what settings are called that hold a secret.
var secretName = lazyregexp.New(`(?i)(password|passwd|secret|token|api_?key|private_?key|credential)s?$`)

func checkPractice(_ context.Context, s *Subject) []Finding {
	var findings []Finding
	if s.declaration != nil {
		findings = declared(s.declaration)
	}
	if s.code != nil {
		findings = append(findings, s.code.habits(s.declaration)...)
	}
	return findings
}

// declared looks at how settings are declared.
func declared(declaration *settings.Declaration) []Finding {
	var findings []Finding
	for i := range declaration.Fields {
		f := &declaration.Fields[i]
		at := Finding{Severity: Warning, File: settings.ConfigFile, Line: f.Line, Column: f.Column}
		text, _ := f.Default.(string)
		switch {
		case f.Secret() && f.Default != nil:
			at.Message, at.Hide = f.Path+" is a secret with a default that everybody can read in "+settings.ConfigFile, true
			at.Hint = "remove the default"
		case f.Type == settings.Text && secretName().MatchString(f.Path):
			at.Message, at.Hide = f.Path+" sounds like a secret, but is shown in logs", true
			at.Hint = `declare it with the type "password"`
		case unprotected(text):
			at.Message = f.Path + " uses an unencrypted connection by default"
			at.Hint = "use https:// in the default"
		default:
			continue
		}
		findings = append(findings, at)
	}
	return findings
}

// unprotected tells whether a URL goes over a network without TLS.
func unprotected(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "http" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" && u.Hostname() != "::1"
}
