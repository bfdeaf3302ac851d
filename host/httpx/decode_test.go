package httpx_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"carjs/host/httpx"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// packed is a text in an encoding; of two encodings, "gzip, br", the last one outside.
func packed(t testing.TB, encoding, text string) []byte {
	t.Helper()
	data := []byte(text)
	for name := range strings.SplitSeq(encoding, ", ") {
		var out bytes.Buffer
		var w io.WriteCloser
		switch name {
		case "gzip", "x-gzip":
			w = gzip.NewWriter(&out)
		case "deflate":
			w = zlib.NewWriter(&out)
		case "raw":
			w, _ = flate.NewWriter(&out, flate.DefaultCompression)
		case "br":
			w = brotli.NewWriter(&out)
		case "zstd":
			w, _ = zstd.NewWriter(&out)
		default:
			out.Write(data)
			data = out.Bytes()
			continue
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = out.Bytes()
	}
	return data
}

// What a server sends in any encoding arrives plain, and what is not what its label says is a fault of
// the encoding, whatever the transport.
func TestDecoded(t *testing.T) {
	text := strings.Repeat("some rows of data; ", 20_000)
	small := "{}"
	two := append(packed(t, "gzip", "one "), packed(t, "gzip", "two")...)
	cut := func(encoding string) []byte { data := packed(t, encoding, text); return data[:len(data)-20] }
	padded := func(encoding, with string) []byte { return append(packed(t, encoding, text), with...) }
	damaged := func(encoding string) []byte {
		data := packed(t, encoding, text+fmt.Sprint(encoding))
		for i := len(data) / 2; i < len(data)/2+40 && i < len(data); i++ {
			data[i] ^= 0x5a
		}
		return data
	}
	for _, c := range []struct {
		name, label string
		body        []byte
		want        string // the text; or, beginning with !, the error
	}{
		{"gzip", "gzip", packed(t, "gzip", text), text},
		{"x-gzip, in capitals", "X-GZip", packed(t, "gzip", text), text},
		{"deflate", "deflate", packed(t, "deflate", text), text},
		{"deflate without a header", "deflate", packed(t, "raw", text), text},
		{"br", "br", packed(t, "br", text), text},
		{"zstd", "zstd", packed(t, "zstd", text), text},
		{"two encodings", "gzip, br", packed(t, "gzip, br", text), text},
		{"identity", "identity, gzip", packed(t, "gzip", small), small},
		{"gzip in two members", "gzip", two, "one two"},
		{"nothing", "gzip", nil, ""},
		{"no text", "zstd", packed(t, "zstd", ""), ""},
		{"a label of no encoding", "utf-8", []byte("plain"), "plain"},
		{"an encoding that nobody knows outside", "gzip, aws-chunked", packed(t, "gzip", small), string(packed(t, "gzip", small))},
		{"false gzip", "gzip", []byte(small + text), "!the body is labelled gzip and is something else"},
		{"false deflate", "deflate", []byte(text), "!the body is labelled deflate and is damaged or something else"},
		{"false br", "br", []byte(text), "!the body is labelled br and is something else"},
		{"false zstd", "zstd", []byte(text), "!the body is labelled zstd and is something else"},
		{"false label of one letter", "gzip", []byte("x"), "!the body is labelled gzip and ends too early"},
		{"padded gzip", "gzip", padded("gzip", "\x00\x00\x00\x00"),
			"!the body is labelled gzip and has more bytes behind its end, such as padding"},
		{"padded deflate", "deflate", padded("deflate", "\n"),
			"!the body is labelled deflate and has more bytes behind its end, such as padding"},
		{"padded br", "br", padded("br", "\x00"), "!the body is labelled br and has more bytes behind its end, such as padding"},
		{"padded zstd", "zstd", padded("zstd", "\x00\x00\x00\x00\x00"),
			"!the body is labelled zstd and has more bytes behind its end, such as padding"},
		{"cut gzip", "gzip", cut("gzip"), "!the body is labelled gzip and ends too early"},
		{"cut deflate", "deflate", cut("deflate"), "!the body is labelled deflate and ends too early"},
		{"cut br", "br", cut("br"), "!the body is labelled br and ends too early"},
		{"cut zstd", "zstd", cut("zstd"), "!the body is labelled zstd and ends too early"},
		{"damaged gzip", "gzip", damaged("gzip"), "!the body is labelled gzip and is damaged"},
		{"damaged zstd", "zstd", damaged("zstd"), "!the body is labelled zstd and is "},
	} {
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", c.label)
			_, _ = w.Write(c.body)
		})
		server := httptest.NewServer(handler)
		for transport, via := range map[string]http.RoundTripper{"socket": httpx.New(), "in process": httpx.Transport(handler)} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := via.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			httpx.Decoded(response) // a second time does nothing
			data, err := io.ReadAll(response.Body)
			if closeErr := response.Body.Close(); closeErr != nil {
				t.Errorf("%s, %s: %v", c.name, transport, closeErr)
			}
			want, fails := strings.CutPrefix(c.want, "!")
			var wrong *httpx.EncodingError
			switch {
			case fails:
				if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s, %s: got %d bytes and %v, want %s", c.name, transport, len(data), err, want)
				}
				if d := httpx.Diagnose("h", err); d.Retryable || d.Kind != httpx.BadEncoding {
					t.Errorf("%s, %s: %+v", c.name, transport, d)
				}
			case err != nil || string(data) != want:
				t.Errorf("%s, %s: got %d bytes and %v, want %d", c.name, transport, len(data), err, len(want))
			case want == text && (response.Header.Get("Content-Encoding") != "" || response.Header.Get("Content-Length") != "" ||
				response.ContentLength != -1):
				t.Errorf("%s, %s: %v, %d", c.name, transport, response.Header, response.ContentLength)
			}
		}
		server.Close()
	}
}

// A connection that breaks stays a fault of the network, in the middle of an encoding as well.
func TestDecodedOverABrokenConnection(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.URL.Path[1:])
		data := packed(t, r.URL.Path[1:], strings.Repeat("rows", 100_000))
		_, _ = w.Write(data[:len(data)/2])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/"+encoding, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := httpx.New().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(response.Body)
		response.Body.Close()
		if d := httpx.Diagnose("h", err); !d.Retryable || d.Kind != httpx.Dropped {
			t.Errorf("%s: %+v", encoding, d)
		}
	}
}

// It is decoded while it arrives: the first rows are there before the last ones are sent.
func TestDecodedStreams(t *testing.T) {
	read := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept-Encoding"); got != "gzip" {
			t.Errorf("asked for %q", got)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "first")
		_ = z.Flush()
		w.(http.Flusher).Flush()
		<-read
		_, _ = io.WriteString(z, "last")
		_ = z.Close()
	}))
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := httpx.New().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	head := make([]byte, 5)
	if _, err := io.ReadFull(response.Body, head); err != nil || string(head) != "first" {
		t.Fatalf("%q %v", head, err)
	}
	close(read)
	if rest, err := io.ReadAll(response.Body); err != nil || string(rest) != "last" {
		t.Errorf("%q %v", rest, err)
	}
}

func FuzzDecoded(f *testing.F) {
	for i, encoding := range []string{"gzip", "deflate", "br", "zstd"} {
		f.Add(i, packed(f, encoding, "some text"))
	}
	f.Fuzz(func(t *testing.T, which int, data []byte) {
		label := []string{"gzip", "deflate", "br", "zstd"}[uint(which)%4]
		response := &http.Response{Header: http.Header{"Content-Encoding": {label}}, ContentLength: -1, Body: io.NopCloser(bytes.NewReader(data))}
		httpx.Decoded(response)
		_, err := io.Copy(io.Discard, io.LimitReader(response.Body, 64<<20))
		if wrong := (*httpx.EncodingError)(nil); err != nil && !errors.As(err, &wrong) {
			t.Errorf("%s: %v", label, err)
		}
		response.Body.Close()
	})
}
