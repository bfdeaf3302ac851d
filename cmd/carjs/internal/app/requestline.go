package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"carjs/bindings"
	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// Read reads the line and the settings. When only help is asked for, nothing is left to do.
func (r *Request) Read(args []string) error {
	var err error
	if r.Line, err = ReadWordsLine("request", "[METHOD] PATH", settings.RequestTable(), args); err != nil || r.Line.Help {
		return err
	}
	if r.values, err = r.Line.Gather(); err != nil {
		return err
	}
	if err = r.Line.Verify(r.values); err != nil {
		return err
	}
	r.values.Redact(r.Redactor)
	r.Include, _ = r.values.Value(settings.EnvRequestInclude).(bool)
	r.Verbose, _ = r.values.Value(settings.EnvRequestVerbose).(bool)
	r.JSON, _ = r.values.Value(settings.EnvRequestJSON).(bool)
	return r.readRequest()
}

// method fits the names of methods.
var method = lazyregexp.New(`^[A-Za-z][A-Za-z-]*$`)

// readRequest reads what is to be sent.
func (r *Request) readRequest() error {
	usage := func(format string, args ...any) error {
		return failure.Usage(format, args...).WithHint("carjs request CONNECTOR [METHOD] PATH; carjs request -help lists the flags")
	}
	words := r.Line.Words
	switch len(words) {
	case 1:
		r.request = bindings.Request{Method: http.MethodGet, Path: words[0]}
	case 2:
		if !method().MatchString(words[0]) {
			return usage("%q is not a method: the method stands before the path", words[0])
		}
		r.request = bindings.Request{Method: strings.ToUpper(words[0]), Path: words[1]}
	case 0:
		return usage("request: no path given")
	default:
		return usage("request: too many arguments")
	}
	r.request.Header = http.Header{}
	for line := range strings.SplitSeq(r.values.Text(settings.EnvRequestHeader), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.TrimSpace(name) == "" {
			// Not the text itself, which may be a secret.
			return usage(`a header must have the form "NAME: VALUE"`)
		}
		r.request.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	data := r.values.Text(settings.EnvRequestData)
	if data == "" && !r.Line.HasFlag(settings.EnvRequestData) {
		return nil
	}
	body, err := r.body(data)
	if err != nil {
		return failure.Usage("cannot read the body: %v", err).WithCause(err).WithHint("write -d @FILE, or -d @- for standard input")
	}
	r.request.Body = body
	if len(words) == 1 {
		r.request.Method = http.MethodPost
	}
	if r.request.Header.Get("Content-Type") == "" {
		r.request.Header.Set("Content-Type", typeOf(body))
	}
	return nil
}

// body is the body that -d means.
func (r *Request) body(given string) ([]byte, error) {
	file, isFile := strings.CutPrefix(given, "@")
	switch {
	case !isFile:
		return []byte(given), nil
	case file == "-":
		return io.ReadAll(r.Stdin)
	}
	return os.ReadFile(file)
}

// typeOf is the content type of a body of which nobody says it.
func typeOf(body []byte) string {
	text := strings.TrimSpace(string(body))
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		if json.Valid(body) {
			return "application/json"
		}
	}
	if strings.Contains(text, "=") && !strings.ContainsAny(text, " \t\r\n\"<>{}") {
		if _, err := url.ParseQuery(text); err == nil {
			return "application/x-www-form-urlencoded"
		}
	}
	return "text/plain; charset=utf-8"
}
