package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"carjs/bindings"
	"carjs/cmd/carjs/internal/app"
	"carjs/cmd/carjs/internal/terminal"
	"carjs/host/failure"
	"carjs/host/recording"
	"carjs/host/redact"
)

// requestCommand is carjs request: one request as the connector would send it.
func (env environment) requestCommand() *cli.Command {
	return &cli.Command{
		Name:            "request",
		Usage:           "send one request through the connector's own client, and print the response",
		UsageText:       "carjs request [flags] CONNECTOR [METHOD] PATH [flags]",
		SkipFlagParsing: true,
		Action: func(c *cli.Context) error {
			r := &requestSession{environment: env, Request: &app.Request{Stdin: env.Stdin, Log: env.Stderr, Redactor: redact.New()}}
			r.Sent, r.Answered = r.sent, r.answered
			return r.do(c.Context, c.Args().Slice())
		},
	}
}

const aboutRequest = `
Sends one request through the HttpClient that the connector makes, with its login, TLS settings and proxy. Nothing is imported,
and no CAR service is needed. PATH is below the client's base URL, or a URL. Status and headers go to standard error, the body to
standard output, JSON indented; secrets are hidden. The exit code is 0 for a good response, and otherwise that of a run to which
the data source gives this response: 51 unreachable, 52 credentials rejected, 53 denied, 54 a wrong path or parameter.
`

// requestSession is one execution of the command.
type requestSession struct {
	environment
	*app.Request
}

func (r *requestSession) do(ctx context.Context, args []string) error {
	if err := r.Read(args); err != nil {
		return err
	}
	if r.Line.Help {
		fmt.Fprint(r.Stdout, r.Line.Usage(), aboutRequest)
		return nil
	}
	answer, err := r.Send(ctx)
	if closed := r.Close(); closed != nil {
		fmt.Fprintf(r.Stderr, "carjs: shutdown was not clean: %v\n", closed)
	}
	var failed *failure.Failure
	if err != nil {
		failed = failure.From(err)
	}
	if err := r.show(answer, failed); err != nil {
		return err
	}
	if failed == nil {
		return nil
	}
	r.fail(failed, answer != nil)
	return exitError(failed.Code)
}

// show prints the response in the form that is asked for.
func (r *requestSession) show(answer *app.Exchange, failed *failure.Failure) error {
	if r.JSON {
		return r.showJSON(answer, failed)
	}
	if answer == nil {
		return nil
	}
	head := r.head(answer.Response)
	switch {
	case r.Include:
		fmt.Fprintf(r.Stdout, "%s\n", head)
	case !r.Verbose: // which has shown it
		r.note("%s\n", head)
	}
	body := r.body(answer)
	text, isText := bindings.BodyText(answer.Response.Header.Get("Content-Type"), body)
	switch {
	case !isText && isTerminal(r.Stdout):
		r.note("the body is %d bytes that are no text: redirect standard output to a file\n", len(body))
		return nil
	case !isText:
		_, err := r.Stdout.Write(body)
		return err
	}
	if pretty, ok := prettyJSON(text); ok {
		text = pretty
	}
	if len(text) > 0 && text[len(text)-1] != '\n' && isTerminal(r.Stdout) {
		text = append(text, '\n')
	}
	out := r.Stdout
	if isTerminal(out) {
		out = terminal.Writer(out)
	}
	_, err := out.Write(text)
	return err
}

// showJSON prints response and failure as one object, for programs.
func (r *requestSession) showJSON(answer *app.Exchange, failed *failure.Failure) error {
	type told struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
		At      string `json:"at,omitempty"`
		Hint    string `json:"hint,omitempty"`
	}
	out := struct {
		Method       string            `json:"method,omitempty"`
		URL          string            `json:"url,omitempty"`
		Status       int               `json:"status,omitempty"`
		Headers      map[string]string `json:"headers,omitempty"`
		JSON         json.RawMessage   `json:"json,omitempty"`
		Text         *string           `json:"text,omitempty"`
		Base64       []byte            `json:"base64,omitempty"`
		Milliseconds int64             `json:"milliseconds"`
		Failure      *told             `json:"failure"`
	}{}
	if answer != nil {
		out.Method, out.URL = answer.Request.Method, r.Redactor.String(answer.Request.URL.String())
		out.Status, out.Milliseconds = answer.Response.StatusCode, answer.Took.Milliseconds()
		out.Headers = map[string]string{}
		for name, values := range answer.Response.Header {
			out.Headers[name] = r.header(name, strings.Join(values, ", "))
		}
		body := r.body(answer)
		text, isText := bindings.BodyText(answer.Response.Header.Get("Content-Type"), body)
		switch {
		case isText && json.Valid(text):
			out.JSON = text
		case isText:
			out.Text = new(string(text))
		default:
			out.Base64 = body
		}
	}
	if failed != nil {
		clean := r.Redactor.String
		out.Failure = &told{clean(failed.Message), failed.Code, clean(failed.At), failed.Hint}
	}
	return printJSON(r.Stdout, out)
}

// fail tells why the request failed. The body of a response was shown.
func (r *requestSession) fail(f *failure.Failure, shown bool) {
	r.note("carjs: %s\n", f.Message)
	if r.BuildError != nil {
		r.note("\n%s\n\n", strings.TrimSpace(r.BuildError.Format(hasColour(r.Stderr))))
	} else {
		if f.Detail != "" && !shown {
			r.note("\n%s\n\n", strings.TrimRight(f.Detail, "\n"))
		}
		if f.At != "" {
			r.note("  at         %s\n", f.At)
		}
	}
	if f.Hint != "" {
		r.note("  next step  %s\n", f.Hint)
	}
}

// note writes to standard error, without secrets.
func (r *requestSession) note(format string, args ...any) {
	text := r.Redactor.String(fmt.Sprintf(format, args...))
	_, _ = io.WriteString(r.Stderr, terminal.Safe(text)) // a terminal that is gone cannot be told
}

// sent shows a request with -v, as curl does.
func (r *requestSession) sent(x app.Exchange) {
	if !r.Verbose {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", x.Request.Method, r.Redactor.String(x.Request.URL.String()))
	r.headers(&b, x.Request.Header)
	r.note("%s", prefixed("> ", b.String()))
}

// answered shows the head of a response with -v.
func (r *requestSession) answered(x app.Exchange) {
	if r.Verbose {
		r.note("%s", prefixed("< ", r.head(x.Response)))
	}
}

// head is the status line of a response with its headers.
func (r *requestSession) head(response *http.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", cmp.Or(response.Proto, "HTTP/1.1"), strings.TrimSpace(response.Status))
	r.headers(&b, response.Header)
	return b.String()
}

func (r *requestSession) headers(b *strings.Builder, header http.Header) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(b, "%s: %s\n", name, r.header(name, value))
		}
	}
}

// header is the value of a header without secrets.
func (r *requestSession) header(name, value string) string {
	if recording.Private(name) {
		return redact.Marker
	}
	return r.Redactor.String(value)
}

// body is a body without secrets, those that tell themselves by their names too.
func (r *requestSession) body(answer *app.Exchange) []byte {
	return r.Redactor.Traffic(redact.Tokens(answer.Body))
}

// prettyJSON is JSON in the form for people, with its digits and the order of its members.
func prettyJSON(text []byte) ([]byte, bool) {
	var out bytes.Buffer
	if len(bytes.TrimSpace(text)) == 0 || json.Indent(&out, bytes.TrimSpace(text), "", "  ") != nil {
		return nil, false
	}
	out.WriteByte('\n')
	return out.Bytes(), true
}

func prefixed(prefix, lines string) string {
	lines = strings.TrimRight(lines, "\n")
	return prefix + strings.ReplaceAll(lines, "\n", "\n"+prefix) + "\n" + strings.TrimSpace(prefix) + "\n"
}
