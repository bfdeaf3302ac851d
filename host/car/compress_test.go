package car

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Large bodies are compressed, small ones are not, and a CAR that does not take them so gets them
// as they are from then on.
func TestCompress(t *testing.T) {
	page := []byte(`{"asset":[` + strings.Repeat(`{"external_id":"1","name":"asset"},`, 1000) + `{}]}`)
	for name, takes := range map[string]bool{"taken": true, "refused": false} {
		t.Run(name, func(t *testing.T) {
			var encodings []string
			var sizes []int
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				encoding := r.Header.Get("Content-Encoding")
				encodings, sizes = append(encodings, encoding), append(sizes, len(body))
				if encoding == "gzip" {
					if !takes {
						w.WriteHeader(http.StatusUnsupportedMediaType)
						return
					}
					unpacked, err := gzip.NewReader(bytes.NewReader(body))
					if err == nil {
						body, err = io.ReadAll(unpacked)
					}
					if err != nil {
						t.Error(err)
					}
				}
				if !bytes.Equal(body, page) && len(body) > 10 {
					t.Errorf("%d bytes arrived, want %d", len(body), len(page))
				}
				fmt.Fprint(w, `{"id":"1","status":"accepted"}`)
			}))
			defer server.Close()
			c, err := New(Config{URL: server.URL + "/api/car/v2", Source: "s", Compress: true, RetryWait: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			for _, body := range [][]byte{page, []byte("{}"), page} {
				if _, err := c.Import(context.Background(), body); err != nil {
					t.Fatal(err)
				}
			}
			want := "[gzip  gzip]"
			if !takes {
				want = "[gzip   ]"
			}
			if got := fmt.Sprint(encodings); got != want {
				t.Errorf("encodings %s, want %s", got, want)
			}
			if sizes[0] > len(page)/10 {
				t.Errorf("a page of %d bytes was sent in %d", len(page), sizes[0])
			}
		})
	}
}
