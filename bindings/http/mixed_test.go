package http_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"carjs/bindings/fetch"
)

// mixed is a data source that has each login, each way to throttle and each way to page, by the
// parts of the path: /LOGIN/THROTTLE/PAGING. Its logins end after some requests.
type mixed struct {
	mu       sync.Mutex
	url      string
	issued   map[string]int // logins that were given out
	requests map[string]int // of a path
	refused  int
}

// mixedLogins are the ways to log in: the option auth, and what a request must have then. $n is the
// number of the login that counts.
var mixedLogins = []struct{ name, auth, header, value string }{
	{"none", ``, "", ""},
	{"basic", `auth: basic("u", "p"),`, "Authorization", "Basic dTpw"},
	{"bearer", `auth: bearer("t"),`, "Authorization", "Bearer t"},
	{"key", `auth: apiKey("X-Key", "k"),`, "X-Key", "k"},
	{"oauth2", `auth: oauth2({ tokenURL: a + "/login/oauth2", clientId: "i", clientSecret: "s" }),`, "Authorization", "Bearer t$n"},
	{"session", `auth: session({ login: { path: a + "/login/session", json: {} }, token: { path: "token", to: "X-Token" } }),`, "X-Token", "t$n"},
	{"cookie", `auth: session({ login: { path: a + "/login/cookie", form: { u: "u" } } }),`, "Cookie", "sid=t$n"},
}

// mixedLimits are the ways to throttle: what is answered, and how long the client waits then.
var mixedLimits = []struct {
	name, wait string
	busy       reply
}{
	{"none", "", reply{}},
	{"seconds", "7s", reply{429, "Retry-After: 7", ""}},
	{"date", "30s", reply{503, "Retry-After: Wed, 02 Jan 2030 03:04:35 GMT", ""}},
	{"epoch", "30s", reply{429, "X-Rate-Limit-Reset: 1893553475", ""}},
	{"qualys", "9s", reply{409, "X-RateLimit-ToWait-Sec: 9", ""}},
	{"github", "1m0s", reply{403, "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1893553505", ""}},
	{"silent", "3s", reply{429, "", ""}},
}

// mixedPages are the ways to page, as the expression that a script goes over.
var mixedPages = []struct{ name, list string }{
	{"offset", `c.paginate.offset(p, { limit: 2, ahead: 1, items: "items" })`},
	{"page", `c.paginate.page(p, { size: 2, ahead: 1, items: "items", pages: "pages" })`},
	{"cursor", `c.paginate.cursor(p, { next: "next", cursorParam: "after", items: "items" })`},
	{"post", `c.paginate.cursor(p, { method: "POST", json: {}, next: "next", cursorParam: "variables.after", in: "body", items: "items" })`},
	{"header", `c.paginate.cursor(p, { next: { header: "X-Next" }, cursorParam: "after", items: "items" })`},
	{"link", `c.paginate.link(p)`},
	{"nextURL", `c.paginate.nextURL(p, { next: "url", items: "items" })`},
	{"records", `[c.records(p + "?all=1", { items: "items" })]`},
}

func (m *mixed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	w.Header().Set("Date", stillTime.Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	if parts[0] == "login" {
		m.issued[parts[1]]++
		token := "t" + strconv.Itoa(m.issued[parts[1]])
		http.SetCookie(w, &http.Cookie{Name: "sid", Value: token, Path: "/"})
		fmt.Fprintf(w, `{"access_token": %q, "token": %q}`, token, token)
		return
	}
	login := mixedLogins[slices.IndexFunc(mixedLogins, func(l struct{ name, auth, header, value string }) bool { return l.name == parts[0] })]
	m.requests[r.URL.Path]++
	n := m.requests[r.URL.Path]
	if n == 3 && strings.Contains(login.value, "$n") {
		m.issued[login.name]++ // the login that was given out is over
		m.refused++
	}
	if login.header != "" && r.Header.Get(login.header) != strings.ReplaceAll(login.value, "$n", strconv.Itoa(m.issued[login.name])) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	for _, limit := range mixedLimits {
		if limit.name == parts[1] && n == 2 && limit.busy.status != 0 {
			for line := range strings.Lines(limit.busy.header) {
				name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
				w.Header().Set(name, value)
			}
			w.WriteHeader(limit.busy.status)
			return
		}
	}
	m.page(w, r, parts[2])
}

// page answers with a page of two of five numbers.
func (m *mixed) page(w http.ResponseWriter, r *http.Request, paging string) {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("offset") + q.Get("after"))
	switch paging {
	case "page":
		number, _ := strconv.Atoi(q.Get("page"))
		from = 2 * (number - 1)
	case "post":
		var sent struct{ Variables struct{ After string } }
		_ = json.NewDecoder(r.Body).Decode(&sent)
		from, _ = strconv.Atoi(sent.Variables.After)
	}
	all := []int{1, 2, 3, 4, 5}
	to := min(from+2, len(all))
	if q.Has("all") {
		to = len(all)
	}
	answer := map[string]any{"items": all[from:to], "pages": 3}
	if to < len(all) {
		next := m.url + r.URL.Path + "?after=" + strconv.Itoa(to)
		answer["next"], answer["url"] = strconv.Itoa(to), next
		w.Header().Set("X-Next", strconv.Itoa(to))
		w.Header().Set("Link", "<"+next+`>; rel="next"`)
	}
	if paging == "link" {
		_ = json.NewEncoder(w).Encode(all[from:to])
		return
	}
	_ = json.NewEncoder(w).Encode(answer)
}

// Every login with every way to throttle and every way to page: the list is whole, a login that ends
// is renewed, and what the data source asks to wait is waited.
func TestLoginsLimitsAndPages(t *testing.T) {
	m := &mixed{issued: map[string]int{}, requests: map[string]int{}}
	m.url = serveAll(t, m.ServeHTTP)
	for _, login := range mixedLogins {
		var script strings.Builder
		var waits []string
		fmt.Fprintf(&script, "const wrong: string[] = [];\nconst c = new HttpClient({ baseURL: a, %s });\n", login.auth)
		for _, limit := range mixedLimits {
			for _, paging := range mixedPages {
				path := "/" + login.name + "/" + limit.name + "/" + paging.name
				whole, times := "12345", 1
				if paging.name == "records" { // one response has the list: it is asked for as often as pages are
					whole, times = "123451234512345", 3
				}
				fmt.Fprintf(&script, `{ const p = %q, found: number[] = [];
  for (let i = 0; i < %d; i++) for await (const part of %s) for await (const one of part as any) found.push(one);
  if (found.join("") !== %q) wrong.push(p + " " + found.join("")); }
`, path, times, paging.list, whole)
				if limit.wait != "" {
					waits = append(waits, limit.wait)
				}
			}
		}
		p := &pauses{}
		check{login.name, script.String() + "return wrong", "[]"}.run(t, world(p.still(fetch.Deps{})), m.url)
		if got, want := strings.Join(p.waits, " "), strings.Join(waits, " "); got != want {
			t.Errorf("%s: waited %s, want %s", login.name, got, want)
		}
	}
	if renewed := len(mixedLimits) * len(mixedPages) * 3; m.refused != renewed {
		t.Errorf("%d logins ended, want %d", m.refused, renewed)
	}
}
