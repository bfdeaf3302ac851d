package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// serve starts a command that serves, and returns its address.
func (d *desk) serve(args ...string) string {
	d.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := d.command(ctx, args...)
	out, err := c.StdoutPipe()
	if err != nil {
		d.Fatal(err)
	}
	if err := c.Start(); err != nil {
		d.Fatal(err)
	}
	d.Cleanup(func() {
		cancel()
		_ = c.Wait() // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	found := regexp.MustCompile(`http://([0-9.]+:\d+)`).FindStringSubmatch(line)
	if found == nil {
		d.Fatalf("carjs %s said %q, %v", strings.Join(args, " "), line, err)
	}
	go io.Copy(io.Discard, out) //nolint:errcheck // the rest is of no interest
	return found[1]
}

// raw sends the bytes of a request and returns status and body of the answer.
func raw(t *testing.T, address, request, body string) (int, string) {
	t.Helper()
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	text := strings.ReplaceAll(request, "\n", "\r\n") + fmt.Sprintf("\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	if _, err := io.WriteString(connection, text); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var read bytes.Buffer
	if _, err := read.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, read.String()
}

// TestLoopbackServices sends the requests of browsers that a page elsewhere has in its hands, and
// those of clients that must work.
func TestLoopbackServices(t *testing.T) {
	d := newDesk(t)
	car := d.serve("car", "-addr", "127.0.0.1:0")
	keyed := d.serve("car", "-addr", "127.0.0.1:0", "-key", "k", "-password", "p")
	source := d.serve("source", "-addr", "127.0.0.1:0", "-size", "1")
	opened := d.serve("source", "-addr", "127.0.0.1:0", "-size", "1", "-username", "u", "-password", "p")
	const (
		query  = `{"query":"{ __typename }"}`
		admin  = "\nAuthorization: Basic YWRtaW46YWRtaW4="
		key    = "\nAuthorization: Basic azpw"
		opener = "\nAuthorization: Basic dTpw"
		post   = "POST /api/car/v3/query HTTP/1.1\nHost: "
		evil   = "\nOrigin: https://evil.example\nSec-Fetch-Site: cross-site"
		asJSON = "\nContent-Type: application/json"
	)
	for address, login := range map[string]string{car: "", keyed: key} {
		if status, body := raw(t, address, "POST /api/car/v2/databases HTTP/1.1\nHost: "+address+asJSON+login,
			`{"graph_name":"assets","collections":{"vertices":["asset"],"edges":[]}}`); status >= 300 {
			t.Fatalf("create the database: status %d: %s", status, body)
		}
		for deadline := time.Now().Add(30 * time.Second); ; {
			_, body := raw(t, address, "GET /api/car/v2/databases HTTP/1.1\nHost: "+address+login, "")
			if strings.Contains(body, `"is_ready":true`) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("the database is not ready: %s", body)
			}
		}
	}
	for _, c := range []struct {
		name, address, request, body string
		refused                      bool
		says                         string
	}{
		{"python", car, post + car + "\nUser-Agent: python-requests/2.31.0\nAccept: */*" + asJSON, query, false, ""},
		{"python without a type", car, post + car + "\nUser-Agent: Python-urllib/3.11", query, false, ""},
		{"curl", car, post + "localhost:3000\nContent-Type: application/x-www-form-urlencoded", query, false, ""},
		{"GraphiQL", car, post + car + "\nOrigin: file://\nSec-Fetch-Site: cross-site" + asJSON, query, false, ""},
		{"a page of the same origin", car, post + car + "\nOrigin: http://" + car + "\nSec-Fetch-Site: same-origin" + asJSON, query, false, ""},
		{"rebinding", car, post + "evil.example:3000" + asJSON, query, true, "set -key"},
		{"rebinding as the same origin", car, post + "evil.example\nOrigin: http://evil.example\nSec-Fetch-Site: same-origin" + asJSON,
			query, true, "set -key"},
		{"rebinding of an open path", car, "GET /api/car/v3/health HTTP/1.1\nHost: evil.example", "", true, "set -key"},
		{"another site", car, post + car + evil + "\nContent-Type: text/plain", query, true, "other sites"},
		{"another site deletes a source", car, "DELETE /api/car/v2/source/s HTTP/1.1\nHost: " + car + evil, "", true, "other sites"},
		{"another site imports", car, "POST /api/car/v2/imports HTTP/1.1\nHost: " + car + evil + "\nContent-Type: text/plain",
			"{}", true, "other sites"},
		{"a form of the same origin", car, post + car + "\nOrigin: http://" + car + "\nContent-Type: text/plain",
			query, true, "application/json"},
		{"another name, with a key", keyed, post + "car.internal:3000" + asJSON + key, query, false, ""},
		{"another site, with a key", keyed, post + "car.internal:3000" + evil + "\nContent-Type: text/plain" + key, query, true, "other sites"},
		{"the reference connector", source, "GET /model_state_id HTTP/1.1\nHost: " + source + admin, "", false, ""},
		{"rebinding of the source", source, "GET /asset HTTP/1.1\nHost: evil.example" + admin, "", true, "set -username and -password"},
		{"another site creates a row", source, "POST /asset HTTP/1.1\nHost: " + source + evil + "\nContent-Type: text/plain" + admin,
			"{}", true, "other sites"},
		{"another name of the source, with a password", opened, "GET /model_state_id HTTP/1.1\nHost: source.internal" + opener, "", false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, body := raw(t, c.address, c.request, c.body)
			if refused := status == http.StatusForbidden || status == http.StatusUnsupportedMediaType; refused != c.refused ||
				!c.refused && status != http.StatusOK {
				t.Errorf("status %d: %s", status, body)
			}
			contains(t, body, c.says)
		})
	}
}
