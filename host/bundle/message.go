package bundle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"carjs/host/lazyregexp"

	"github.com/evanw/esbuild/pkg/api"
)

// BuildError is a connector that does not build.
type BuildError struct {
	// Messages are for a person to read, one for each fault.
	Messages []Message

	failures []api.Message
}

// Message is one fault of a build.
type Message struct {
	// Text is the fault in one sentence.
	Text string
	// File is relative to the connector's folder; empty when the fault has no place. Line and
	// Column count from 1.
	File         string
	Line, Column int
	// Frame is the whole message: the text, the place, the line of the source and a caret.
	Frame string
}

// Error returns all messages with their frames.
func (e *BuildError) Error() string { return e.Format(false) }

// Format returns all messages with their frames, in colours for a terminal when asked.
func (e *BuildError) Format(color bool) string {
	messages := e.Messages
	if color && len(e.failures) > 0 {
		messages = newMessages(e.failures, api.ErrorMessage, true)
	}
	frames := make([]string, len(messages))
	for i, message := range messages {
		frames[i] = message.Frame
	}
	return strings.Join(frames, "\n\n")
}

// Join makes one error of several: of what does not build together, such as a connector and its
// tests. A fault that several have is told once.
func Join(errs []*BuildError) *BuildError {
	joined := &BuildError{}
	told := map[string]bool{}
	for _, e := range errs {
		for i, m := range e.Messages {
			if told[m.Frame+m.Text] {
				continue
			}
			told[m.Frame+m.Text] = true
			joined.Messages = append(joined.Messages, m)
			if i < len(e.failures) {
				joined.failures = append(joined.failures, e.failures[i])
			}
		}
	}
	if len(joined.failures) < len(joined.Messages) {
		joined.failures = nil // some are not of the bundler's making, and would be left out in colours
	}
	return joined
}

func newBuildError(j *job, failures []api.Message) *BuildError {
	for i := range failures {
		j.explain(&failures[i])
	}
	return &BuildError{Messages: newMessages(failures, api.ErrorMessage, false), failures: failures}
}

// newMessages formats what esbuild has to say. esbuild counts columns from 0 and in bytes, everyone
// else from 1 and in characters.
func newMessages(from []api.Message, kind api.MessageKind, color bool) []Message {
	frames := api.FormatMessages(from, api.FormatMessagesOptions{Kind: kind, Color: color})
	messages := make([]Message, len(from))
	for i, m := range from {
		message := Message{Text: m.Text, Frame: strings.TrimSpace(frames[i])}
		if at := m.Location; at != nil {
			message.File, message.Line, message.Column = at.File, at.Line, column(at)
			theirs := fmt.Sprintf("%s:%d:%d:", at.File, at.Line, at.Column)
			ours := fmt.Sprintf("%s:%d:%d:", at.File, at.Line, message.Column)
			message.Frame = strings.Replace(message.Frame, theirs, ours, 1)
		}
		messages[i] = message
	}
	return messages
}

func column(at *api.Location) int {
	if at.Column > len(at.LineText) {
		return at.Column + 1
	}
	return utf8.RuneCountInString(at.LineText[:at.Column]) + 1
}

// sortOut separates what must not be run from what may be.
func sortOut(result api.BuildResult) (failures, warnings []api.Message) {
	failures = result.Errors
	for _, m := range result.Warnings {
		if m.Location != nil && !inPackage(m.Location.File) && (m.ID == dynamicImport || m.ID == emptyImportMeta) {
			failures = append(failures, m)
			continue
		}
		if m.ID == emptyImportMeta {
			continue // packages ask whether it is there, and what they make of a URL that is not there throws
		}
		if m.ID == unsupportedRegExp {
			failures = append(failures, m)
			continue
		}
		// The base of a tsconfig.json is for editors, and often in a package that is installed only
		// there.
		if m.ID == tsconfig && strings.HasPrefix(m.Text, "Cannot find base config file") {
			continue
		}
		warnings = append(warnings, m)
	}
	return failures, warnings
}

// tsconfig is esbuild's name for what it says about a tsconfig.json.
const tsconfig = "tsconfig.json"

// couldNotResolve is esbuild's text for an import that leads nowhere; explain knows it again.
func couldNotResolve(path string) string { return fmt.Sprintf("Could not resolve %q", path) }

var (
	unresolved  = lazyregexp.New(`^Could not resolve "(.*)"$`)
	unavailable = lazyregexp.New(`^(.*) (is|are) not available in the configured target environment`)
)

// explain rewrites a message of esbuild's that speaks of its own options into one that speaks of
// carjs, because its advice (other platforms, formats and targets) is none that an author of a
// connector could follow.
func (j *job) explain(m *api.Message) {
	switch {
	case m.ID == dynamicImport:
		m.Text = "import() needs a string literal, because carjs bundles modules ahead of time"
	case m.ID == emptyImportMeta:
		m.Text, m.Notes = "import.meta is not available in carjs: a connector is one script and has no URL", nil
	case strings.HasPrefix(m.Text, "Top-level await"):
		m.Text, m.Notes = "top-level await is not available in carjs: use await in an async method", nil
	default:
		if m.ID == unsupportedRegExp {
			m.Notes = nil
		}
		if found := unavailable().FindStringSubmatch(m.Text); found != nil {
			m.Text = fmt.Sprintf("%s %s not available in carjs", found[1], found[2])
		}
	}
	// The ID is an option of esbuild's that an author cannot set, and whose plugin noticed is our
	// own affair.
	m.ID, m.PluginName = "", ""
	if found := unresolved().FindStringSubmatch(m.Text); found != nil {
		j.explainImport(m, found[1])
	}
}

// testModule is the module that tests have and connectors have not.
const testModule = "carjs/test"

// explainImport says what to do about an import that leads nowhere.
func (j *job) explainImport(m *api.Message, path string) {
	switch alternative, builtin := nodeAlternative(path); {
	case path == testModule:
		m.Text = fmt.Sprintf("%q is for tests: import it only in .test.ts files, which carjs test runs", path)
	case path == "carjs" || strings.HasPrefix(path, "carjs/"):
		m.Text = fmt.Sprintf("unknown module %q; the modules of carjs are %s", path, strings.Join(j.ownNames(), ", "))
	case builtin && strings.HasPrefix(alternative, installWord):
		m.Text = fmt.Sprintf("%q needs a package that has it: %s", path, alternative)
	case builtin:
		m.Text = fmt.Sprintf("%q is a Node built-in and not available in carjs: %s", path, alternative)
	case strings.HasPrefix(path, ".") || strings.HasPrefix(path, "/") || strings.HasPrefix(path, "#"):
		return
	case j.installed(packageName(path)):
		return
	default:
		m.Text = fmt.Sprintf("the npm package %q is not installed: npm install %s", packageName(path), packageName(path))
	}
	m.Notes = nil
	if at := m.Location; at != nil && inPackage(at.File) {
		_, inside, _ := cutLast(at.File, "node_modules/")
		m.Notes = []api.Note{{Text: fmt.Sprintf("The npm package %q imports it.", packageName(inside))}}
	}
}

// packageName returns the package that an import is of: "lodash" of "lodash/fp", "@scope/name" of
// "@scope/name/x".
func packageName(path string) string {
	parts := strings.SplitN(path, "/", 3)
	if strings.HasPrefix(path, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// installed tells whether a package is there after all, and esbuild's own message about what is
// wrong with it the better one.
func (j *job) installed(name string) bool {
	for dir := j.root; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "node_modules", filepath.FromSlash(name))); err == nil {
			return true
		}
		if filepath.Dir(dir) == dir {
			return false
		}
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
