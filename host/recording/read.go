package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"carjs/host/files"
)

// Recording is a folder that was read.
type Recording struct {
	Manifest
	dir       string
	exchanges []*stored
}

// stored is an exchange whose answer is read again when it is asked for.
type stored struct {
	path     string
	method   string
	url      *url.URL
	at       time.Time // when it was made; zero when nobody knows
	sent     string    // the body, as it is compared
	identity string
	file     stamp
}

// stamp tells a file from what it was when it was read.
type stamp struct {
	size    int64
	changed time.Time
	sure    bool // that what it becomes will have another time
}

// coarsest is how far apart two changes must be for every file system to give them different times.
const coarsest = 2 * time.Second

// stampOf is the stamp of a file that is about to be read. One that is not there is for the reader
// to tell.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime(), time.Since(info.ModTime()) > coarsest}
}

// Mistake is what is wrong with a file of a recording, and where.
type Mistake struct {
	File         string
	Line, Column int // from 1; 0 when the file as a whole is meant
	Message      string
	cause        error
}

// ErrEmpty is a recording without requests, as a cause of a [Mistake].
var ErrEmpty = errors.New("is a recording without requests")

// Unwrap returns [ErrEmpty], or nothing.
func (m *Mistake) Unwrap() error { return m.cause }

// At returns "file:line:column".
func (m *Mistake) At() string {
	if m.Line == 0 {
		return m.File
	}
	return fmt.Sprintf("%s:%d:%d", m.File, m.Line, m.Column)
}

// Error returns place and message. A message that says what the file as a whole is continues its
// name as a sentence.
func (m *Mistake) Error() string {
	if m.Line == 0 && strings.HasPrefix(m.Message, "is ") {
		return m.File + " " + m.Message
	}
	return m.At() + ": " + m.Message
}

// Open reads a recording and checks all of it. A folder that is none, or a file with a mistake, is
// a [*Mistake].
func Open(dir string) (*Recording, error) { return open(dir, nil, Ignore{}) }

// OpenIn is [Open] for a folder below a connector's, in which it must really be; see [Within].
func OpenIn(connector, folder string) (*Recording, error) {
	if err := Within(connector, folder); err != nil {
		return nil, err
	}
	return Open(filepath.Join(connector, filepath.FromSlash(folder)))
}

// Within tells, as a [*Mistake], that a folder leads out of the connector's: the connector may come
// from somebody else, and nobody named that folder. One that is not there is for [Open] to tell.
func Within(connector, folder string) error {
	err := files.Within(connector, folder)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return &Mistake{File: filepath.Join(connector, filepath.FromSlash(folder)), Message: reason(err)}
}

// Reopen is [Open] for the folder of a recording that was read before: a file that is what it was
// then is not read again. It leaves r as it is.
func (r *Recording) Reopen() (*Recording, error) {
	known := make(map[string]*stored, len(r.exchanges))
	for _, s := range r.exchanges {
		known[s.path] = s
	}
	return open(r.dir, known, r.Ignore)
}

// open reads a recording. Files that are known, which were read with what was ignored then, are not
// read again.
func open(dir string, known map[string]*stored, ignored Ignore) (*Recording, error) {
	files, other, err := ours(dir)
	switch {
	case err != nil:
		return nil, &Mistake{File: dir, Message: "is not a recording: " + reason(err)}
	case !slices.Contains(files, ManifestFile):
		message := "is not a recording: it has no " + ManifestFile
		if other != "" {
			message += ", but for example " + other
		}
		return nil, &Mistake{File: dir, Message: message}
	}
	r := &Recording{dir: dir}
	if err := decode(filepath.Join(dir, ManifestFile), &r.Manifest); err != nil {
		return nil, err
	}
	if r.Format < 1 || r.Format > Format {
		return nil, &Mistake{
			File:    filepath.Join(dir, ManifestFile),
			Message: fmt.Sprintf("has format %d; this carjs reads formats up to %d", r.Format, Format),
		}
	}
	if !r.Ignore.same(ignored) {
		known = nil
	}
	for _, name := range files {
		if name == ManifestFile {
			continue
		}
		path := filepath.Join(dir, name)
		s := known[path]
		if s == nil || !s.file.sure || stampOf(path) != s.file {
			if s, err = load(path, r.Ignore); err != nil {
				return nil, err
			}
		}
		r.exchanges = append(r.exchanges, s)
	}
	if len(r.exchanges) == 0 {
		return nil, &Mistake{File: dir, Message: ErrEmpty.Error(), cause: ErrEmpty}
	}
	return r, nil
}

// reason is an error of the system without the path, which stands before it.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

// load reads the file of an exchange, but for the answer.
func load(path string, ignore Ignore) (*stored, error) {
	file := stampOf(path)
	var e exchange
	if err := decode(path, &e); err != nil {
		return nil, err
	}
	at, err := url.Parse(e.Request.URL)
	switch {
	case err != nil, e.Request.URL == "":
		return nil, &Mistake{File: path, Message: fmt.Sprintf("request.url is not a URL: %q", e.Request.URL)}
	case e.Request.Method == "":
		return nil, &Mistake{File: path, Message: "request.method is missing"}
	case e.Response.Status < 100 || e.Response.Status > 599:
		return nil, &Mistake{File: path, Message: fmt.Sprintf("response.status must be from 100 to 599, not %d", e.Response.Status)}
	}
	sent := canonical(e.Request.bytes())
	return &stored{
		path: path, method: e.Request.Method, url: at, at: e.Request.At, sent: ignore.body(sent),
		identity: ignore.identity(e.Request.Method, at, sent), file: file,
	}, nil
}

// identity is what tells requests apart: method, path, query and body. Scheme and host are not in
// it, because a test service has another port each time.
func (i Ignore) identity(method string, at *url.URL, body string) string {
	return method + " " + strings.Join(segments(at), "/") + "?" + i.query(at).Encode() + "\n" + i.body(body)
}

// segments are those of a path, without their escapes but for %2F, which is no slash between
// segments, and %25, which is no escape.
func segments(at *url.URL) []string {
	parts := strings.Split(at.EscapedPath(), "/")
	for i, part := range parts {
		if plain, err := url.PathUnescape(part); err == nil && plain != part {
			parts[i] = strings.NewReplacer("%", "%25", "/", "%2F").Replace(plain)
		}
	}
	return parts
}

// decode reads a file strictly: a name that is misspelt by hand would silently have no effect.
func decode(path string, into any) error {
	data, err := files.ReadOwn(path)
	if err != nil {
		return &Mistake{File: path, Message: reason(err)}
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(into)
	if err == nil && decoder.More() {
		err = errors.New("data after the end")
	}
	if err == nil {
		return nil
	}
	offset := decoder.InputOffset()
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	message := strings.TrimPrefix(err.Error(), "json: ")
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset - 1
	case errors.As(err, &kind):
		offset = kind.Offset - 1
		message = fmt.Sprintf("%s must be a %s, not a %s", kind.Field, kind.Type, kind.Value)
	case strings.Contains(message, "unknown field"):
		offset = find(data, message)
	}
	line, column := position(data, offset)
	return &Mistake{File: path, Line: line, Column: column, Message: message}
}

// find returns where the name stands that a message about an unknown field quotes.
func find(data []byte, message string) int64 {
	if _, name, ok := strings.Cut(message, "unknown field "); ok {
		if i := bytes.Index(data, []byte(name)); i >= 0 {
			return int64(i)
		}
	}
	return 0
}

// position is the line and the column of an offset, from 1.
func position(data []byte, offset int64) (line, column int) {
	before := data[:max(0, min(offset, int64(len(data))))]
	return bytes.Count(before, []byte("\n")) + 1, len(before) - bytes.LastIndexByte(before, '\n')
}

// canonical is a body as it is compared: JSON without its white space, a form with its parameters
// in the order of their names.
func canonical(data []byte) string {
	var out bytes.Buffer
	if json.Compact(&out, data) == nil {
		return out.String()
	}
	text := string(data)
	if strings.IndexByte(text, '&') > 0 && !strings.ContainsAny(text, " \t\r\n\"<>{}") {
		if form, err := url.ParseQuery(text); err == nil {
			return form.Encode()
		}
	}
	return text
}
