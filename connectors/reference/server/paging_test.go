package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPages(t *testing.T) {
	s := open(t, 3)
	s.must("DELETE", "/vulnerabilities/2", "")
	tests := []struct{ path, want string }{
		{"/vulnerabilities?limit=2", `5 {{}}/vulnerabilities?limit=2&offset=2 - [1 3]`},
		{"/vulnerabilities/?limit=2&offset=2", `5 {{}}/vulnerabilities/?limit=2&offset=4 {{}}/vulnerabilities/?limit=2 [4 5]`},
		{"/vulnerabilities?offset=4&limit=2", `5 - {{}}/vulnerabilities?limit=2&offset=2 [6]`},
		{"/vulnerabilities?limit=2&offset=1", `5 {{}}/vulnerabilities?limit=2&offset=3 {{}}/vulnerabilities?limit=2 [3 4]`},
		{"/vulnerabilities?limit=5", `5 - - [1 3 4 5 6]`},
		{"/vulnerabilities?limit=5&offset=5", `5 - {{}}/vulnerabilities?limit=5 []`},
		{"/vulnerabilities?limit=9223372036854775807&offset=3", `5 - {{}}/vulnerabilities?limit=9223372036854775807 [5 6]`},
		{"/vulnerabilities?limit=1&offset=9223372036854775807", `5 - {{}}/vulnerabilities?limit=1&offset=9223372036854775806 []`},
		{"/vulnerabilities?limit=1&pk=6,2,4,5", `3 {{}}/vulnerabilities?limit=1&offset=1&pk=6%2C2%2C4%2C5 - [4]`},
		{"/vulnerabilities?limit=2&offset=2&pk=6,2,4,5", `3 - {{}}/vulnerabilities?limit=2&pk=6%2C2%2C4%2C5 [6]`},
		{"/vulnerabilities?limit=2&offset=7&pk=4", `1 - {{}}/vulnerabilities?limit=2&offset=5&pk=4 []`},
	}
	for _, test := range tests {
		if got := summary(s.get(test.path)); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.path, got, test.want)
		}
	}
}

// summary is a page in short: count next previous pks.
func summary(page any) string {
	m := page.(map[string]any)
	address := func(key string) string {
		if m[key] == nil {
			return "-"
		}
		return m[key].(string)
	}
	return fmt.Sprintf("%.0f %s %s %v", m["count"], address("next"), address("previous"), pks(m["results"]))
}

// TestPagesFollowChanges reads a collection of several strides with holes page by page, before and
// after changes.
func TestPagesFollowChanges(t *testing.T) {
	s := open(t, 1500) // 3000 vulnerabilities
	for _, change := range []string{"", "/vulnerabilities/1", "/vulnerabilities/1025", "/vulnerabilities/1026", "/vulnerabilities/3000"} {
		if change != "" {
			s.must("DELETE", change, "")
		}
		want := pks(s.get("/vulnerabilities"))
		var got []int
		for path := "/vulnerabilities?limit=700"; path != ""; {
			page := s.get(path).(map[string]any)
			if int(page["count"].(float64)) != len(want) {
				t.Fatalf("after %s: count %v, want %d", change, page["count"], len(want))
			}
			got = append(got, pks(page["results"])...)
			path = ""
			if next, ok := page["next"].(string); ok {
				path = strings.TrimPrefix(next, "{{}}")
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %s: pages give %d rows, want %d", change, len(got), len(want))
		}
	}
}

// TestSlowClient takes longer for an answer than the server allows for a request, but never stops
// reading.
func TestSlowClient(t *testing.T) {
	const limit = 100 * time.Millisecond
	s := open(t, 400)
	h := httptest.NewUnstartedServer(s.Handler())
	h.Config.ReadTimeout, h.Config.WriteTimeout = limit, limit
	h.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if err := c.(*net.TCPConn).SetWriteBuffer(8 << 10); err != nil { // what is not read is not sent either
			t.Error(err)
		}
		return ctx
	}
	h.Start()
	defer h.Close()
	h.Client().Transport.(*http.Transport).DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(8 << 10)
		}
		return c, err
	}
	req, err := http.NewRequest("GET", h.URL+"/vulnerabilities", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("admin", "admin")
	resp, err := h.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	time.Sleep(3 * limit) // being late is what is tested
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(body), err)
	}
	if rows := len(pks(s.decode(string(body)))); rows != 800 {
		t.Errorf("%d rows", rows)
	}
}
