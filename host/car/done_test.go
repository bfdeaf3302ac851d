package car

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"carjs/host/carserver"
)

// A CAR that does what it is told and says nothing, {} or 204, is believed once it has been asked;
// one that says {} and does nothing is told again. The changes are those of a run: a save point, an
// edge that ends, a vertex that goes.
func TestSilentAnswers(t *testing.T) {
	for name, silent := range map[string]func(w http.ResponseWriter, r *http.Request, next http.Handler, n int){
		"done, {}": func(w http.ResponseWriter, r *http.Request, next http.Handler, _ int) {
			next.ServeHTTP(httptest.NewRecorder(), r)
			fmt.Fprint(w, "{}")
		},
		"done, 204": func(w http.ResponseWriter, r *http.Request, next http.Handler, _ int) {
			next.ServeHTTP(httptest.NewRecorder(), r)
			w.WriteHeader(http.StatusNoContent)
		},
		"done, empty": func(_ http.ResponseWriter, r *http.Request, next http.Handler, _ int) {
			next.ServeHTTP(httptest.NewRecorder(), r)
		},
		"not done, {}": func(w http.ResponseWriter, r *http.Request, next http.Handler, n int) {
			if n%3 == 0 {
				next.ServeHTTP(w, r)
				return
			}
			fmt.Fprint(w, "{}")
		},
	} {
		t.Run(name, func(t *testing.T) {
			service, err := carserver.Open(carserver.Config{})
			if err != nil {
				t.Fatal(err)
			}
			defer service.Close()
			n := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				change := r.Method == http.MethodPatch || r.Method == http.MethodDelete
				if change && r.URL.Path != "/api/car/v2/databases" && r.URL.Path != "/api/car/v2/source/office/full-import-in-progress" {
					n++
					silent(w, r, service.Handler(), n)
					return
				}
				service.Handler().ServeHTTP(w, r)
			}))
			defer server.Close()
			c, err := New(Config{URL: server.URL + "/api/car/v2", Source: "office", PollWait: time.Millisecond, RetryWait: time.Millisecond})
			if err != nil {
				t.Fatal(err)
			}
			session(t, c)
		})
	}
}

// What stays undone is a failure, however often CAR says {}.
func TestSilentAndNotDone(t *testing.T) {
	service, err := carserver.Open(carserver.Config{Prepared: true})
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch || r.Method == http.MethodDelete {
			fmt.Fprint(w, "{}")
			return
		}
		service.Handler().ServeHTTP(w, r)
	}))
	defer server.Close()
	c, err := New(Config{URL: server.URL + "/api/car/v2", Source: "office", PollWait: time.Millisecond, RetryWait: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	envelope := `{"source":{"_key":"office","name":"n","description":"d"},"report":{"_key":"r","timestamp":1,"type":"t","description":"d"},
		"asset":[{"external_id":"1","name":"x"}],"ipaddress":[{"_key":"10.0.0.1"}],
		"asset_ipaddress":[{"_from_external_id":"1","_to":"ipaddress/10.0.0.1","source":"office","report":"r","active":true,"timestamp":1}]}`
	id, err := c.Import(ctx, []byte(envelope))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.AwaitImports(ctx, []string{id}); err != nil {
		t.Fatal(err)
	}
	off := map[string]any{"active": false}
	for call, err := range map[Call]error{
		SetSavePoint:   c.SetSavePoint(ctx, "7"),
		DeleteVertices: c.Delete(ctx, "asset", []string{"1"}),
		PatchEdge:      c.PatchEdge(ctx, "asset_ipaddress", "1", "10.0.0.1", off),
		PatchVertex:    c.PatchVertex(ctx, "asset", "1", map[string]any{"name": "y"}),
	} {
		checkFailure(t, err, RuleFor(call, Incomplete))
	}
	// What is not there needs no deletion.
	if err := c.Delete(ctx, "asset", []string{"2"}); err != nil {
		t.Error(err)
	}
	if err := c.PatchEdge(ctx, "asset_ipaddress", "2", "10.0.0.1", off); err != nil {
		t.Error(err)
	}
}
