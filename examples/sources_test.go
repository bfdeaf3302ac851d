package examples

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// complaints is what a data source did not like.
type complaints struct {
	mu   sync.Mutex
	list []string
}

func (c *complaints) complain(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, fmt.Sprintf(format, args...))
}

func (c *complaints) broken() []string { return c.list }

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is gone then
}

// endpointManager gives out tokens that are good for three requests, and devices page by page.
type endpointManager struct {
	complaints
	now     int
	devices map[string]*device
	removed map[string]int // when
	tokens  int
	left    int // requests that the last token is good for
}

type device struct {
	ID        string   `json:"id"`
	Hostname  string   `json:"hostname"`
	OS        string   `json:"os"`
	Addresses []string `json:"addresses"`
	changed   int
}

func newEndpointManager() dataSource {
	m := &endpointManager{now: 100, devices: map[string]*device{}, removed: map[string]int{}}
	for i := range 5 {
		id := fmt.Sprintf("d%d", i)
		m.devices[id] = &device{
			ID: id, Hostname: id + ".example.com", OS: "linux",
			Addresses: []string{fmt.Sprintf("10.0.0.%d", i), "192.168.0.1"}, changed: 1,
		}
	}
	return m
}

func (m *endpointManager) flags(url string) []string {
	return []string{"-url", url, "-client-id", "app", "-client-secret", "hush"}
}

func (m *endpointManager) change(step int) {
	m.now++
	switch step {
	case 0: // a name and an address go, a new address comes
		d := m.devices["d1"]
		d.Hostname, d.Addresses, d.changed = "renamed.example.com", []string{"10.0.0.77", "192.168.0.1"}, m.now
	case 1: // a device goes
		delete(m.devices, "d2")
		m.removed["d2"] = m.now
	case 2: // one comes, with the name of another
		m.devices["d9"] = &device{ID: "d9", Hostname: "d0.example.com", OS: "windows", Addresses: []string{}, changed: m.now}
	case 3: // all addresses go, the shared one keeps others
		d := m.devices["d3"]
		d.Addresses, d.changed = []string{}, m.now
	}
}

func (m *endpointManager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r.URL.Path == "/oauth/token" {
		id, secret, _ := r.BasicAuth()
		if r.FormValue("grant_type") != "client_credentials" || id != "app" || secret != "hush" || r.FormValue("scope") != "devices.read" {
			m.list = append(m.list, "bad request for a token")
			http.Error(w, `{"error":"invalid_client"}`, http.StatusUnauthorized)
			return
		}
		m.tokens, m.left = m.tokens+1, 3
		answer(w, map[string]any{"access_token": fmt.Sprintf("t%d", m.tokens), "token_type": "Bearer", "expires_in": 3600})
		return
	}
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", m.tokens) || m.left == 0 {
		http.Error(w, "the token has expired", http.StatusUnauthorized)
		return
	}
	m.left--
	switch r.URL.Path {
	case "/v1/time":
		answer(w, map[string]any{"now": strconv.Itoa(m.now)})
	case "/v1/removed":
		since, _ := strconv.Atoi(r.FormValue("since"))
		ids := []string{}
		for id, at := range m.removed {
			if at > since {
				ids = append(ids, id)
			}
		}
		answer(w, map[string]any{"ids": ids})
	case "/v1/devices":
		m.page(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (m *endpointManager) page(w http.ResponseWriter, r *http.Request) {
	since, _ := strconv.Atoi(r.FormValue("changed_since"))
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	var all []*device
	for _, d := range m.devices {
		if d.changed > since && d.ID > r.FormValue("cursor") {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b *device) int { return compare(a.ID, b.ID) })
	meta := map[string]any{"next_cursor": nil}
	if len(all) > limit {
		all = all[:limit]
		meta["next_cursor"] = all[limit-1].ID
	}
	answer(w, map[string]any{"data": append([]*device{}, all...), "meta": meta})
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// scanner names the next page in the header Link, allows few requests, and tells clients off that
// come too fast.
type scanner struct {
	complaints
	scan     int
	hosts    []scanned
	requests []time.Time
}

type scanned struct {
	ID       int       `json:"id"`
	Name     string    `json:"name"`
	Findings []finding `json:"findings"`
}

type finding struct {
	CVE   string  `json:"cve"`
	Title string  `json:"title"`
	Score float64 `json:"score"`
}

func newScanner() dataSource {
	s := &scanner{scan: 1}
	for i := range 5 {
		s.hosts = append(s.hosts, scanned{i, fmt.Sprintf("host%d", i),
			[]finding{{"CVE-2026-1", "one", 5}, {fmt.Sprintf("CVE-2026-2%d", i), "other", 7.5}}})
	}
	return s
}

func (s *scanner) flags(url string) []string {
	return []string{"-url", url, "-token", "hush", "-requests", "40"}
}

func (s *scanner) change(step int) {
	s.scan++
	switch step {
	case 0:
		s.hosts[1].Findings = []finding{}
	case 1:
		s.hosts = s.hosts[:4]
	case 2:
		s.hosts[0].Name = "renamed"
	case 3:
		s.hosts = append(s.hosts, scanned{77, "new", []finding{{"CVE-2026-1", "one", 5}}})
	}
}

func (s *scanner) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer hush" {
		http.Error(w, "no", http.StatusUnauthorized)
		return
	}
	s.requests = append(s.requests, time.Now())
	if n := len(s.requests); n == 3 { // once, to see what a client does
		w.Header().Set("Retry-After", "0")
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	if r.URL.Path == "/api/scans/last" {
		answer(w, map[string]any{"scan": s.scan})
		return
	}
	page, _ := strconv.Atoi(r.FormValue("page"))
	size, _ := strconv.Atoi(r.FormValue("per_page"))
	from, to := min(page*size, len(s.hosts)), min((page+1)*size, len(s.hosts))
	if to < len(s.hosts) {
		w.Header().Set("Link", fmt.Sprintf(`</api/hosts?page=0>; rel="first", </api/hosts?page=%d&per_page=%d>; rel="next"`, page+1, size))
	}
	answer(w, append([]scanned{}, s.hosts[from:to]...))
}

// inventory is one XML document.
type inventory struct {
	complaints
	document struct {
		XMLName xml.Name `xml:"inventory"`
		Head    struct {
			Made string `xml:"made,attr"`
		} `xml:"head"`
		Computers []computer `xml:"computer"`
	}
}

type computer struct {
	ID   string `xml:"id,attr"`
	Name string `xml:"name"`
	NICs []nic  `xml:"nic"`
}

type nic struct {
	MAC string   `xml:"mac,attr"`
	IPs []string `xml:"ip"`
}

func newInventory() dataSource {
	i := &inventory{}
	i.document.Head.Made = "2026-11-23T00:00:00Z"
	for n := range 4 {
		i.document.Computers = append(i.document.Computers, computer{fmt.Sprint(n), fmt.Sprintf("pc <%d> & co", n),
			[]nic{{fmt.Sprintf("00:16:3E:00:00:0%d", n), []string{fmt.Sprintf("10.0.0.%d", n), fmt.Sprintf("10.0.1.%d", n)}},
				{fmt.Sprintf("00:16:3E:00:01:0%d", n), nil}}})
	}
	return i
}

func (i *inventory) flags(url string) []string {
	return []string{"-url", url + "/export.xml", "-key", "hush"}
}

func (i *inventory) change(step int) {
	i.document.Head.Made = fmt.Sprintf("2026-11-23T0%d:00:00Z", step+1)
	computers := i.document.Computers
	switch step {
	case 0:
		computers[0].Name = "renamed"
	case 1:
		i.document.Computers = computers[:3]
	case 2:
		computers[1].NICs[0].IPs = []string{"10.9.9.9"}
	case 3:
		computers[2].NICs = nil
	}
}

func (i *inventory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Inventory-Key") != "hush" || r.URL.Path != "/export.xml" {
		i.complain("%s %s with %q", r.Method, r.URL.Path, r.Header)
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/xml")
	fmt.Fprint(w, xml.Header)
	xml.NewEncoder(w).Encode(i.document) //nolint:errcheck // the client is gone then
}
