package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// product is a data source in the style of a product of docs/http.md, with five hosts in pages of
// two.
type product struct {
	section string
	// guard is the header that every request must have: name and value. "" is for products whose
	// tokens the server issues at a path that ends with /token; then a new login helps.
	guard, value string
	// compares says that nothing tells what was deleted.
	compares bool
	secure   bool // over TLS
	// listed tells the requests for the pages of the main list.
	listed func(r *http.Request) bool
	serve  func(s *shop, w http.ResponseWriter, r *http.Request, body string)
	// busy is how the product limits.
	busy reply
	// total is what stands before the total of a list, in a header or in the body; "" for none.
	total string
	// pieces says that the list is read from files whose content nothing repeats or announces.
	pieces bool
}

// reply is an answer that is always the same.
type reply struct {
	status int
	header string // "Name: value"
	body   string
}

func (a reply) write(w http.ResponseWriter) {
	if name, value, ok := strings.Cut(a.header, ": "); ok {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// host is one row.
type shopHost struct {
	id, name      string
	changed, gone bool
}

// shop is what a product has.
type shop struct {
	mu    sync.Mutex
	hosts []shopHost
	url   string
}

func newShop() *shop {
	s := &shop{}
	for i := range 5 {
		s.hosts = append(s.hosts, shopHost{id: strconv.Itoa(i + 1), name: fmt.Sprintf("n%d", i+1)})
	}
	return s
}

// moveOn changes a host and deletes another one.
func (s *shop) moveOn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hosts[1].name, s.hosts[1].changed = "new", true
	s.hosts[2].gone, s.hosts[2].changed = true, true
}

// present are the hosts that are there, only those that have changed on request.
func (s *shop) present(changed bool) []shopHost {
	return slices.DeleteFunc(slices.Clone(s.hosts), func(h shopHost) bool { return h.gone || changed && !h.changed })
}

func (s *shop) deleted() []shopHost {
	return slices.DeleteFunc(slices.Clone(s.hosts), func(h shopHost) bool { return !h.gone })
}

// part is a page of two from an offset on, and where the next one begins, "" behind the last.
func part(rows []shopHost, from string) (page []shopHost, next string) {
	at, _ := strconv.Atoi(from)
	at = min(at, len(rows))
	end := min(at+2, len(rows))
	if end < len(rows) {
		next = strconv.Itoa(end)
	}
	return rows[at:end], next
}

// each makes values of rows.
func each[T any](rows []shopHost, f func(shopHost) T) []T {
	made := []T{}
	for _, h := range rows {
		made = append(made, f(h))
	}
	return made
}

func id(h shopHost) string { return h.id }

type dict = map[string]any

func respond(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(value)
}

// field is a field of a JSON text, by its path.
func field(body, path string) string {
	var value any
	_ = json.Unmarshal([]byte(body), &value)
	for _, name := range strings.Split(path, "/") {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	text, _ := value.(string)
	return text
}

func pathIs(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == path }
}

var products = []product{
	{
		section: "Okta", guard: "Authorization", value: "SSWS t0k", listed: pathIs("/api/v1/users"),
		busy: reply{429, "X-Rate-Limit-Reset: 1", `{"errorCode":"E0000047"}`},
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			q := r.URL.Query()
			if r.URL.Path == "/api/v1/logs" {
				if q.Get("until") == "" {
					w.WriteHeader(http.StatusBadRequest)
					return
				}
				respond(w, each(s.deleted(), func(h shopHost) dict { return dict{"target": []dict{{"id": h.id, "type": "User"}}} }))
				return
			}
			rows := s.present(strings.HasPrefix(q.Get("filter"), "lastUpdated gt "))
			if strings.HasPrefix(q.Get("filter"), "status eq") {
				rows = nil
			}
			page, next := part(rows, q.Get("after"))
			if next != "" {
				w.Header().Set("Link", fmt.Sprintf("<%s/api/v1/users?limit=200&after=%s>; rel=\"next\"", s.url, next))
			}
			respond(w, each(page, func(h shopHost) dict {
				return dict{"id": h.id, "status": "ACTIVE", "profile": dict{"login": h.name}}
			}))
		},
	},
	{
		section: "Qualys", guard: "X-Requested-With", value: "carjs", listed: pathIs("/api/2.0/fo/asset/host/"), compares: true,
		busy: reply{409, "X-RateLimit-ToWait-Sec: 0", "<SIMPLE_RETURN/>"},
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			page, next := part(s.present(false), r.URL.Query().Get("id_min"))
			w.Header().Set("Content-Type", "text/xml;charset=utf-8")
			fmt.Fprint(w, "<?xml version=\"1.0\"?><HOST_LIST_OUTPUT><RESPONSE><HOST_LIST>")
			for _, h := range page {
				fmt.Fprintf(w, "<HOST><ID>%s</ID><DNS><![CDATA[%s]]></DNS></HOST>", h.id, h.name)
			}
			fmt.Fprint(w, "</HOST_LIST>")
			if next != "" {
				fmt.Fprintf(w, "<WARNING><CODE>1980</CODE><URL><![CDATA[%s/api/2.0/fo/asset/host/?action=list&id_min=%s]]></URL></WARNING>",
					s.url, next)
			}
			fmt.Fprint(w, "</RESPONSE></HOST_LIST_OUTPUT>")
		},
	},
	{
		section: "Tanium", guard: "session", value: "t0k", listed: pathIs("/plugin/products/gateway/graphql"), compares: true,
		busy: reply{429, "", ""}, total: `"totalRecords":`,
		serve: func(s *shop, w http.ResponseWriter, _ *http.Request, body string) {
			rows := s.present(false)
			page, next := part(rows, field(body, "variables/after"))
			edges := each(page, func(h shopHost) dict { return dict{"node": dict{"id": h.id, "name": h.name}} })
			respond(w, dict{"data": dict{"endpoints": dict{
				"totalRecords": len(rows), "edges": edges, "pageInfo": dict{"hasNextPage": next != "", "endCursor": cmp.Or(next, "end")},
			}}})
		},
	},
	{
		section: "CrowdStrike Falcon", listed: pathIs("/devices/queries/devices-scroll/v1"),
		busy: reply{429, "X-RateLimit-RetryAfter: 1", "{}"}, total: `"total":`,
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, body string) {
			q := r.URL.Query()
			rows := s.present(q.Get("filter") != "")
			switch r.URL.Path {
			case "/devices/entities/devices/v2":
				respond(w, dict{"resources": each(slices.DeleteFunc(rows, func(h shopHost) bool { return !strings.Contains(body, `"`+h.id+`"`) }),
					func(h shopHost) dict { return dict{"device_id": h.id, "hostname": h.name} })})
				return
			case "/devices/queries/devices-hidden/v1":
				rows = s.deleted()
			}
			page, next := part(rows, q.Get("offset"))
			respond(w, dict{"resources": each(page, id), "meta": dict{"pagination": dict{"offset": next, "total": len(rows)}}})
		},
	},
	{
		section: "Azure", listed: pathIs("/providers/Microsoft.ResourceGraph/resources"),
		busy: reply{429, "x-ms-user-quota-resets-after: 00:00:00", "{}"}, total: `"totalRecords":`,
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, body string) {
			query := field(body, "query")
			rows := s.present(strings.Contains(query, "'Update'"))
			if strings.Contains(query, "'Delete'") {
				rows = s.deleted()
			}
			page, next := part(rows, field(body, "options/$skipToken"))
			found := dict{"data": each(page, func(h shopHost) dict { return dict{"id": h.id, "name": h.name} }), "totalRecords": len(rows)}
			if next != "" {
				found["$skipToken"] = next
			}
			respond(w, found)
		},
	},
	{
		section: "AWS", guard: "Authorization", value: "AWS4-HMAC-SHA256 Credential=AKID/*", listed: pathIs("/"),
		busy: reply{400, "", `{"__type":"com.amazon.coral.availability#ThrottlingException","message":"Rate exceeded"}`},
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, body string) {
			if r.Header.Get("X-Amz-Target") == "StarlingDoveService.ListDiscoveredResources" {
				page, next := part(s.hosts, field(body, "nextToken"))
				respond(w, dict{"nextToken": next, "resourceIdentifiers": each(page, func(h shopHost) dict {
					row := dict{"resourceId": h.id}
					if h.gone {
						row["resourceDeletionTime"] = 4e9
					}
					return row
				})})
				return
			}
			page, next := part(s.present(strings.Contains(field(body, "Expression"), "configurationItemCaptureTime")), field(body, "NextToken"))
			respond(w, dict{"NextToken": next, "Results": each(page, func(h shopHost) string {
				return fmt.Sprintf(`{"resourceId":%q,"resourceName":%q}`, h.id, h.name)
			})})
		},
	},
	{
		section: "Google Cloud", listed: pathIs("/v1/projects/acme/assets"), compares: true,
		busy: reply{429, "", `{"error":{"status":"RESOURCE_EXHAUSTED"}}`},
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			page, next := part(s.present(false), r.URL.Query().Get("pageToken"))
			found := dict{"assets": each(page, func(h shopHost) dict { return dict{"name": h.id, "resource": dict{"data": dict{"name": h.name}}} })}
			if next != "" {
				found["nextPageToken"] = next
			}
			respond(w, found)
		},
	},
	{
		section: "ServiceNow", guard: "Authorization", value: "Basic YWRtaW46cGEgc3M=", listed: pathIs("/api/now/table/cmdb_ci_computer"),
		busy: reply{429, "Retry-After: 0", "{}"}, total: "X-Total-Count",
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			q := r.URL.Query()
			rows := s.present(strings.HasPrefix(q.Get("sysparm_query"), "sys_updated_on>="))
			name := func(h shopHost) dict { return dict{"sys_id": h.id, "name": h.name} }
			if strings.HasSuffix(r.URL.Path, "sys_audit_delete") {
				rows, name = s.deleted(), func(h shopHost) dict { return dict{"sys_id": "d" + h.id, "documentkey": h.id} }
			}
			page, _ := part(rows, q.Get("sysparm_offset"))
			w.Header().Set("X-Total-Count", strconv.Itoa(len(rows)))
			respond(w, dict{"result": each(page, name)})
		},
	},
	{
		section: "Jira Assets", guard: "Authorization", value: "Basic YWRtaW46dDBr", compares: true,
		listed: pathIs("/jsm/assets/workspace/acme/v1/object/aql"), busy: reply{429, "Retry-After: 0", "{}"},
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, body string) {
			if field(body, "qlQuery") == "" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			page, _ := part(s.present(false), r.URL.Query().Get("startAt"))
			respond(w, dict{"values": each(page, func(h shopHost) dict { return dict{"id": h.id, "label": h.name} })})
		},
	},
	{
		section: "Rapid7 InsightVM", guard: "Authorization", value: "Basic YWRtaW46cGEgc3M=", compares: true, secure: true,
		listed: pathIs("/api/3/assets"), busy: reply{503, "Retry-After: 0", ""}, total: `"totalResources":`,
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			number, _ := strconv.Atoi(r.URL.Query().Get("page"))
			rows := s.present(false)
			page, _ := part(rows, strconv.Itoa(2*number))
			respond(w, dict{"page": dict{"number": number, "totalPages": (len(rows) + 1) / 2, "totalResources": len(rows)},
				"resources": each(page, func(h shopHost) dict {
					number, _ := strconv.Atoi(h.id)
					return dict{"id": number, "hostName": h.name, "ip": "10.0.0.1"}
				})})
		},
	},
	{
		section: "Tenable", guard: "X-ApiKeys", value: "accessKey=AKID;secretKey=s3cretkey", pieces: true,
		listed: func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/chunks/") },
		busy:   reply{429, "Retry-After: 0", "{}"},
		serve:  tenable,
	},
	{
		section: "SentinelOne", guard: "Authorization", value: "ApiToken t0k", listed: pathIs("/web/api/v2.1/agents"),
		busy: reply{429, "", "{}"}, total: `"totalItems":`,
		serve: func(s *shop, w http.ResponseWriter, r *http.Request, _ string) {
			q := r.URL.Query()
			rows := s.present(q.Get("updatedAt__gt") != "")
			switch {
			case q.Get("isDecommissioned") == "true":
				rows = s.deleted()
			case q.Get("isUninstalled") == "true":
				rows = nil
			}
			page, next := part(rows, q.Get("cursor"))
			pagination := dict{"totalItems": len(rows), "nextCursor": nil}
			if next != "" {
				pagination["nextCursor"] = next
			}
			respond(w, dict{"data": each(page, func(h shopHost) dict { return dict{"id": h.id, "computerName": h.name} }), "pagination": pagination})
		},
	},
}

// tenable serves exports, which are named after their filter, and are under way when they are asked
// for the first time.
func tenable(s *shop, w http.ResponseWriter, r *http.Request, body string) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/assets/export"), "/")
	rows := func() []shopHost {
		switch parts[1] {
		case "deleted_at":
			return s.deleted()
		case "terminated_at":
			return nil
		}
		return s.present(parts[1] == "updated_at")
	}
	switch {
	case r.Method == http.MethodPost:
		kind := "all"
		for _, name := range []string{"updated_at", "deleted_at", "terminated_at"} {
			if strings.Contains(body, name) {
				kind = name
			}
		}
		respond(w, dict{"export_uuid": kind})
	case parts[2] == "status":
		chunks := []int{}
		for i := range (len(rows()) + 1) / 2 {
			chunks = append(chunks, i+1)
		}
		respond(w, dict{"status": "FINISHED", "chunks_available": chunks})
	default:
		number, _ := strconv.Atoi(parts[3])
		page, _ := part(rows(), strconv.Itoa(2*(number-1)))
		respond(w, each(page, func(h shopHost) dict { return dict{"id": h.id, "fqdns": []string{h.name}} }))
	}
}
