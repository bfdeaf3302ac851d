package server

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parsePage parses a page and gives its form for editing, if there is one, as a browser would send
// it.
func (s *source) parsePage(body string) (*html.Node, url.Values) {
	s.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	form := url.Values{}
	for n := range doc.Descendants() {
		name, _ := attribute(n, "name")
		value, _ := attribute(n, "value")
		_, checked := attribute(n, "checked")
		kind, _ := attribute(n, "type")
		switch {
		case n.Data == "input" && kind == "checkbox":
			if checked {
				form.Add(name, value)
			}
		case n.Data == "input" && name != "":
			form.Add(name, value)
		case n.Data == "textarea":
			form.Add(name, content(n))
		case n.Data == "select":
			chosen := ""
			for o := range n.Descendants() {
				if _, selected := attribute(o, "selected"); selected {
					chosen, _ = attribute(o, "value")
				}
			}
			form.Add(name, chosen)
		}
	}
	return doc, form
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// content is the text of a node, with single spaces.
func content(n *html.Node) string {
	var words []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			words = append(words, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// find gives the texts of all elements with a tag and a class ("" for any).
func find(doc *html.Node, tag, class string) []string {
	var found []string
	for n := range doc.Descendants() {
		c, _ := attribute(n, "class")
		if n.Data == tag && n.Type == html.ElementNode && (class == "" || strings.Contains(" "+c+" ", " "+class+" ")) {
			found = append(found, content(n))
		}
	}
	return found
}

func (s *source) page(path string) (*html.Node, url.Values) {
	s.Helper()
	a := s.must("GET", path, "")
	if ct := a.header.Get("Content-Type"); ct != "text/html; charset=utf-8" {
		s.Errorf("%s: %s", path, ct)
	}
	return s.parsePage(a.body)
}

// TestFormRoundTrip sends every form back as it came, which must not change the row, with lists to
// choose from (small) and with pks to type (large).
func TestFormRoundTrip(t *testing.T) {
	for name, size := range map[string]int{"small": 5, "large": 250} {
		t.Run(name, func(t *testing.T) {
			s := open(t, size)
			for _, c := range s.schema.collections {
				before := s.get("/" + c.name + "?limit=3")
				for _, pk := range []string{"1", "2"} {
					if c.name == "ports" && pk == "2" {
						continue
					}
					_, form := s.page("/admin/" + c.name + "/" + pk + "/")
					a := s.post(form, "/admin/"+c.name+"/"+pk+"/")
					if want := "/admin/" + c.name + "/?done=saved&n=" + pk; a.status != http.StatusSeeOther || a.header.Get("Location") != want {
						t.Errorf("%s %s: %d to %q: %v", c.name, pk, a.status, a.header.Get("Location"), form)
					}
				}
				same(t, c.name, s.get("/"+c.name+"?limit=3"), string(mustJSON(t, before)))
			}
		})
	}
}

func TestCreateByForm(t *testing.T) {
	s := open(t, 2)
	_, form := s.page("/admin/assets/new/")
	want := url.Values{"name": {""}, "type": {"Other"}, "initial_value": {"0"}, "site": {""}}
	if !maps.EqualFunc(form, want, equal) {
		t.Errorf("new form %v", form)
	}
	form = url.Values{"name": {"<b>&"}, "type": {"T"}, "initial_value": {"x"}, "site": {"2"}, "vulnerabilities": {"4", "2"}}
	a := s.post(form, "/admin/assets/new/")
	doc, kept := s.parsePage(a.body)
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", a.status)
	}
	if errs := find(doc, "span", "error"); len(errs) != 1 || errs[0] != "A number is expected." {
		t.Errorf("errors %q", errs)
	}
	form["vulnerabilities"] = []string{"2", "4"}
	if !maps.EqualFunc(kept, form, equal) {
		t.Errorf("what was typed is lost: %v", kept)
	}
	kept.Set("initial_value", "1.5")
	before := s.state()
	a = s.post(kept, "/admin/assets/new/")
	doc, _ = s.page(a.header.Get("Location"))
	if note := find(doc, "p", "notice"); len(note) != 1 || note[0] != "Row 3 was created." {
		t.Errorf("notice %q", note)
	}
	same(t, "asset", s.get("/assets/3"),
		`{"pk":3,"name":"<b>&","type":"T","initial_value":1.5,"site":"{{}}/sites/2/","vulnerabilities":["{{}}/vulnerabilities/2/","{{}}/vulnerabilities/4/"]}`)
	same(t, "delta", s.since(before), `{"delta":{"assets":{"updates":[3],"deletions":[]},"vulnerabilities":{"updates":[2,4],"deletions":[]}}}`)
}

func equal(a, b []string) bool { return strings.Join(a, "|") == strings.Join(b, "|") }

func TestTypedSets(t *testing.T) {
	s := open(t, 250)
	_, form := s.page("/admin/ports/1/")
	if form.Get("apps") != "1-750" || form.Get("ip_addresses") != "1-250" {
		t.Fatalf("form %v", form)
	}
	for typed, want := range map[string]string{
		"1 - 3":          "", // a range has no spaces
		"5-4":            `"5-4" is neither a pk nor a range such as 1-3.`,
		"1-99999999999":  "At most 10000000 rows can be in a set.",
		"750-752":        "There is no row 751 in apps.",
		"x":              `"x" is neither a pk nor a range such as 1-3.`,
		"3, 1-2;7\n9 7,": "saved",
	} {
		form.Set("apps", typed)
		a := s.post(form, "/admin/ports/1/")
		doc, kept := s.parsePage(a.body)
		switch errs := find(doc, "span", "error"); {
		case want == "saved":
			if a.status != http.StatusSeeOther {
				t.Errorf("%q: status %d, errors %q", typed, a.status, errs)
			}
		case len(errs) == 0 || want != "" && errs[0] != want:
			t.Errorf("%q: errors %q, want %q", typed, errs, want)
		case kept.Get("apps") != typed:
			t.Errorf("%q: kept %q", typed, kept.Get("apps"))
		}
	}
	if _, form := s.page("/admin/ports/1/"); form.Get("apps") != "1-3, 7, 9" {
		t.Errorf("apps %q", form.Get("apps"))
	}
}

func TestTables(t *testing.T) {
	s := open(t, 120)
	s.must("PATCH", "/assets/7", `{"name":"100% <odd>_name","site":null,"vulnerabilities":[1,2,3,4,5]}`)
	tests := []struct {
		path  string
		rows  int
		first string // content of the first row
		pager string
	}{
		{
			"/admin/assets/", 50, "1 asset0.example.com Server 0 site 0 vulnerability 0 , vulnerability 1 Edit Delete",
			"1–50 of 120 First Previous Next Last",
		},
		{
			"/admin/assets/?page=3", 20,
			"101 asset100.example.com Workstation 0 site 0 vulnerability 200 , vulnerability 201 Edit Delete",
			"101–120 of 120 First Previous Next Last",
		},
		{
			"/admin/assets?q=%25+%3Codd%3E_", 1,
			"7 100% <odd>_name Server 6 vulnerability 0 , vulnerability 1 , vulnerability 2 and 2 more Edit Delete",
			"1–1 of 1 First Previous Next Last",
		},
		{
			"/admin/assets/?q=119", 2,
			"119 asset118.example.com Workstation 18 site 0 vulnerability 236 , vulnerability 237 Edit Delete",
			"1–2 of 2 First Previous Next Last",
		},
		{
			"/admin/assets/?q=Printer&page=0", 40,
			"3 asset2.example.com Printer 2 site 0 vulnerability 4 , vulnerability 5 Edit Delete",
			"1–40 of 40 First Previous Next Last",
		},
		{
			"/admin/ports/", 1,
			"1 443 https TCP app 0 , app 1 , app 2 and 357 more 10.0.0.1 , 10.0.0.2 , 10.0.0.3 and 117 more Edit Delete",
			"1–1 of 1 First Previous Next Last",
		},
	}
	for _, test := range tests {
		doc, _ := s.page(test.path)
		rows := find(doc, "tr", "")[1:]
		if len(rows) != test.rows || rows[0] != test.first {
			t.Errorf("%s: %d rows, the first %q", test.path, len(rows), rows[0])
		}
		if pager := find(doc, "nav", "pager"); len(pager) != 1 || pager[0] != test.pager {
			t.Errorf("%s: pager %q", test.path, pager)
		}
	}
	for path, want := range map[string]string{"/admin/assets/?q=%5C": "Nothing matches “\\”.", "/admin/assets/?page=4": "There are no rows."} {
		doc, _ := s.page(path)
		if empty := find(doc, "p", "empty"); len(empty) != 1 || empty[0] != want {
			t.Errorf("%s: %q", path, empty)
		}
	}
}

func TestFrontAndChangesPages(t *testing.T) {
	s := open(t, 500)
	if a := s.do("GET", "/", ""); a.status != http.StatusFound || a.header.Get("Location") != "/admin/" {
		t.Errorf("/: %d to %q", a.status, a.header.Get("Location"))
	}
	doc, _ := s.page("/admin/")
	rows := find(doc, "tr", "")
	if len(rows) != 10 || rows[8] != "Apps 1,500 applications and the assets they run on /apps/" || find(doc, "strong", "")[0] != s.state() {
		t.Errorf("front page: %q", rows)
	}
	s.must("DELETE", "/ports/1", "")
	seen := 0
	for path := "/admin/changes/"; path != ""; {
		doc, _ := s.page(path)
		rows := find(doc, "tr", "")[1:]
		if seen == 0 && rows[0] != s.state()+" ports 1 deleted" {
			t.Errorf("newest change %q", rows[0])
		}
		seen += len(rows)
		path = ""
		for n := range doc.Descendants() {
			if href, _ := attribute(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/admin/changes/?before=") {
				path = href
			}
		}
	}
	if want := s.state(); formatValue(int64(seen)) != want {
		t.Errorf("%d changes on the pages, want %s", seen, want)
	}
}

func TestDeletePage(t *testing.T) {
	s := open(t, 4)
	doc, _ := s.page("/admin/sites/1/delete/")
	if list := find(doc, "li", ""); !equal(list, []string{"2 of Assets", "2 of IP addresses", "2 of MAC addresses", "2 of Hosts"}) {
		t.Errorf("goes down: %q", list)
	}
	a := s.post(url.Values{}, "/admin/sites/1/delete/")
	if a.header.Get("Location") != "/admin/sites/?done=deleted&n=1" {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
	if left := pks(s.get("/hosts")); len(left) != 2 {
		t.Errorf("hosts left: %v", left)
	}
}

func TestGeneratePage(t *testing.T) {
	s := open(t, 2)
	before := s.state()
	for _, test := range []struct{ size, confirm, want string }{
		{"many", "yes", "A number from 0 to 1,000,000 is expected."},
		{"-1", "yes", "A number from 0 to 1,000,000 is expected."},
		{"1000001", "yes", "A number from 0 to 1,000,000 is expected."},
		{"3", "", "Confirm that all existing rows may be deleted."},
	} {
		a := s.post(url.Values{"size": {test.size}, "confirm": {test.confirm}}, "/admin/generate/")
		doc, kept := s.parsePage(a.body)
		if errs := find(doc, "span", "error"); a.status != http.StatusUnprocessableEntity || len(errs) != 1 ||
			errs[0] != test.want || kept.Get("size") != test.size || kept.Get("confirm") != test.confirm {
			t.Errorf("%v: %d %q %v", test, a.status, errs, kept)
		}
	}
	if s.state() != before {
		t.Error("a refused form changed the data")
	}
	a := s.post(url.Values{"size": {" 3 "}, "confirm": {"yes"}}, "/admin/generate/")
	if a.header.Get("Location") != "/admin/?done=generated&n=3" || len(pks(s.get("/apps"))) != 9 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestPageErrors(t *testing.T) {
	s := open(t, 1)
	form := "application/x-www-form-urlencoded"
	tests := []struct {
		method, path, body string
		header             []string
		status             int
		heading            string
	}{
		{"GET", "/admin/nothing/", "", nil, 404, "Not Found"},
		{"GET", "/admin/assets/9/", "", nil, 404, "Not Found"},
		{"GET", "/admin/assets/x/delete/", "", nil, 404, "Not Found"},
		{"POST", "/admin/assets/9/delete/", "", []string{"Content-Type", form}, 404, "Not Found"},
		{"POST", "/admin/assets/9/", "name=a&type=b&initial_value=0", []string{"Content-Type", form}, 404, "Not Found"},
		{"POST", "/admin/assets/1/", "name=%zz", []string{"Content-Type", form}, 400, "Bad Request"},
		{"POST", "/admin/", "", nil, 405, "Method Not Allowed"},
		{"PUT", "/admin/assets/1/", "", nil, 405, "Method Not Allowed"},
	}
	for _, test := range tests {
		a := s.do(test.method, test.path, test.body, test.header...)
		doc, _ := s.parsePage(a.body)
		if h := find(doc, "h1", ""); a.status != test.status || len(h) != 1 || h[0] != test.heading {
			t.Errorf("%s %s: %d %q", test.method, test.path, a.status, h)
		}
	}
	a := s.do("POST", "/admin/sites/1/delete/", "", "Content-Type", form, "Sec-Fetch-Site", "cross-site")
	if a.status != http.StatusForbidden || len(pks(s.get("/sites"))) != 2 {
		t.Errorf("another site may delete: %d", a.status)
	}
	if css := s.must("GET", "/admin/style.css", ""); !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") {
		t.Errorf("style sheet is %s", css.header.Get("Content-Type"))
	}
}
