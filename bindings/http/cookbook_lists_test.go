package http_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// bearing answers requests that carry the token of the recipes.
func bearing(answer http.HandlerFunc) func(*testing.T, *bench) http.HandlerFunc {
	return func(*testing.T, *bench) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer t0k" {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			answer(w, r)
		}
	}
}

// someOf are the hosts from one number to another of the five that there are.
func someOf(from, size int) string {
	var rows []string
	for id := from; id < min(from+size, 6); id++ {
		rows = append(rows, fmt.Sprintf(`{"id":%d}`, id))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// listRecipes are the recipes that read lists and send forms. Each has five hosts.
var listRecipes = map[string]recipe{
	"Pages with numbers": {ask: seenAll, want: five, server: bearing(func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
		w.Header().Set("X-Total-Pages", "3")
		w.Header().Set("X-Total", "5")
		fmt.Fprint(w, someOf(1+(page-1)*size, size))
	})},
	"GraphQL: a cursor in the variables": {ask: seenAll, want: five, server: bearing(func(w http.ResponseWriter, r *http.Request) {
		var sent struct{ Variables struct{ After string } }
		_ = json.NewDecoder(r.Body).Decode(&sent)
		at, _ := strconv.Atoi(sent.Variables.After)
		fmt.Fprintf(w, `{"data":{"endpoints":{"nodes":%s,"pageInfo":{"hasNextPage":%t,"endCursor":"%d"},"totalRecords":5}}}`, someOf(at+1, 2), at < 4, at+2)
	})},
	"A cursor that comes and goes in headers": {ask: seenAll, want: five, server: bearing(func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.Header.Get("x-ms-continuation"))
		if at < 4 {
			w.Header().Set("x-ms-continuation", strconv.Itoa(at+2))
		}
		fmt.Fprintf(w, `{"Documents":%s}`, someOf(at+1, 2))
	})},
	"Okta: the next page in a Link header": {ask: seenAll, want: five, server: bearing(func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.Atoi(r.URL.Query().Get("after"))
		if after < 4 {
			w.Header().Add("Link", `<http://`+r.Host+r.URL.Path+`>; rel="self"`)
			w.Header().Add("Link", fmt.Sprintf(`<http://%s%s?after=%d&limit=2>; rel="next"`, r.Host, r.URL.Path, after+2))
		}
		fmt.Fprint(w, someOf(after+1, 2))
	})},
	"CrowdStrike: ids first, then the objects behind them": {ask: seenAll, want: "1 2 3 5", server: bearing(devices)},
	"Ids in a filter": {ask: seenAll, want: "1 2 3", server: bearing(devices)},
	"An export with states and chunks": {ask: seenAll, want: five, waits: "10s 10s", server: func(t *testing.T, b *bench) http.HandlerFunc {
		asked := 0
		return bearing(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/assets/export":
				fmt.Fprint(w, `{"export_uuid":"u1"}`)
			case "/assets/export/u1/status":
				state := []string{"QUEUED", "PROCESSING", "FINISHED"}[asked]
				asked++
				fmt.Fprintf(w, `{"status":%q,"chunks_available":[1,2]}`, state)
			case "/assets/export/u1/chunks/1":
				fmt.Fprint(w, someOf(1, 3))
			case "/assets/export/u1/chunks/2":
				fmt.Fprint(w, someOf(4, 3))
			}
		})(t, b)
	}},
	"An export that says by its status when it is ready": {ask: seenAll, want: five, waits: "20s",
		server: func(t *testing.T, b *bench) http.HandlerFunc {
			asked := 0
			return bearing(func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.URL.Path == "/reports":
					w.Header().Set("Location", "/reports/1")
					w.WriteHeader(http.StatusAccepted)
				case asked == 0:
					asked++
					w.Header().Set("Retry-After", "20")
					w.WriteHeader(http.StatusAccepted)
				default:
					fmt.Fprint(w, strings.ReplaceAll(strings.Trim(someOf(1, 5), "[]"), "},", "}\n"))
				}
			})(t, b)
		}},
	"A report as CSV, in a zip archive at another address": {ask: seenAll, want: five, server: func(t *testing.T, b *bench) http.HandlerFunc {
		store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" || r.URL.Query().Get("signature") != "x%2F" {
				t.Errorf("the store of files got %s %v", r.URL, r.Header)
			}
			fmt.Fprint(w, zipped(false, zip.Deflate, "a.csv", "Host ID;Name\r\n1;\"a;\"\r\n2;b\r\n", "b.csv", "Host ID;Name\r\n3;\r\n4;\r\n5;\r\n"))
		}))
		t.Cleanup(store.Close)
		return bearing(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/reports" {
				fmt.Fprint(w, `{"id":9}`)
				return
			}
			fmt.Fprintf(w, `{"state":"done","download_urls":[%q]}`, store.URL+"/f?signature=x%252F")
		})(t, b)
	}},
	"A form with a file": {ask: "return answer", want: "hosts owners.csv", server: bearing(func(w http.ResponseWriter, r *http.Request) {
		_, head, err := r.FormFile("file")
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, "%q", r.FormValue("scope")+" "+head.Filename)
	})},
}

const (
	seenAll = `return seen.join(" ")`
	five    = "1 2 3 4 5"
)

// devices has the ids of devices in one place and the devices in another, by POST or by a filter.
func devices(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/devices/queries/devices/v1":
		at, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		ids := []string{}
		for id := at + 1; id <= min(at+3, 5); id++ {
			ids = append(ids, strconv.Itoa(id))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"resources": ids, "meta": map[string]any{"pagination": map[string]any{"total": 5}}})
	case "/devices/entities/devices/v2":
		var sent struct{ IDs []string }
		_ = json.NewDecoder(r.Body).Decode(&sent)
		rows := []map[string]string{}
		for _, id := range sent.IDs {
			if id != "4" { // deleted meanwhile
				rows = append(rows, map[string]string{"device_id": id})
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"resources": rows})
	case "/devices":
		rows := []map[string]string{}
		for id := range strings.SplitSeq(strings.Trim(strings.TrimPrefix(r.URL.Query().Get("filter"), "id in "), "()"), ",") {
			rows = append(rows, map[string]string{"id": id})
		}
		_ = json.NewEncoder(w).Encode(rows)
	}
}
