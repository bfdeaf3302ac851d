package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"carjs/host"
)

// A replay takes no longer for what the data source was waited for: the waits of a connector's own
// rules, of a status without a time, and of a rate limit are skipped, and the clock moves on by them.
func TestReplaySkipsWaits(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch asked.Add(1) {
		case 1:
			w.WriteHeader(http.StatusAccepted)
			fmt.Fprint(w, `{"after": 0}`)
		case 2:
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{}`)
		case 3:
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			fmt.Fprint(w, `[{"id": "h1"}]`)
		}
	}))
	defer server.Close()
	d := newDesk(t)
	connector := func(seconds string) {
		d.small(`const client = new HttpClient({
    baseURL: "` + server.URL + `", maxWait: 86400e3, rateLimit: { requests: 1, per: ` + seconds + ` * 1000 },
    rules: [
      { status: 202, then: "wait", wait: { path: "after" } },
      { status: 409, then: "wait", wait: { seconds: ` + seconds + ` } },
    ],
  });
  const began = Date.now();
  for (const { id } of await client.get<{ id: string }[]>("/hosts")) handler.addCollection("asset", { external_id: id, name: id });
  console.warn("minutes: " + Math.round((Date.now() - began) / 60e3));`)
		main := "connectors/small/main.ts"
		d.write(main, `import { HttpClient } from "carjs/http";`+"\n"+d.read(main))
	}
	connector("0.001")
	d.ok(host.ModeFull, "small", "-full", "-record", "waits")
	if n := asked.Load(); n != 4 {
		t.Fatalf("%d requests, want 4", n)
	}
	connector("7200")
	name := "waits/0001-get-hosts.json"
	d.write(name, strings.Replace(d.read(name), `"after": 0`, `"after": 36000`, 1))
	contains(t, d.read(name), "36000")
	r := d.ok(host.ModeFull, "small", "-full", "-replay", "waits", "-retry-wait", "10m")
	if r.took > time.Minute || r.report.Collections["asset"].Sent != 1 {
		t.Errorf("the replay took %s: %s", r.took, r)
	}
	contains(t, r.stderr, "minutes: 7")
}
