package server

import (
	"strconv"
	"testing"
)

// TestChangeLog edits a model of size 2 step by step and looks at what the log says of each step.
//
// In it asset 1 has the vulnerabilities 1 and 2, the addresses 1, host 1 and the apps 1 to 3; asset
// 2 the rest.
func TestChangeLog(t *testing.T) {
	s := open(t, 2)
	steps := []struct {
		name, method, path, body string
		want                     string
	}{
		{"an edit", "PATCH", "/assets/1", `{"name":"renamed"}`,
			`{"delta":{"assets":{"updates":[1],"deletions":[]}}}`},
		{"an edit that changes nothing", "PATCH", "/assets/1", `{}`,
			`{"delta":{"assets":{"updates":[1],"deletions":[]}}}`},
		{"a set given as it is", "PATCH", "/assets/1", `{"vulnerabilities":[2,1]}`,
			`{"delta":{"assets":{"updates":[1],"deletions":[]}}}`},
		{"rows that come to a set and go from it", "PATCH", "/assets/1", `{"vulnerabilities":[2,3]}`,
			`{"delta":{"assets":{"updates":[1],"deletions":[]},"vulnerabilities":{"updates":[1,3],"deletions":[]}}}`},
		{"another row referred to", "PATCH", "/hosts/1", `{"asset":2}`,
			`{"delta":{"hosts":{"updates":[1],"deletions":[]}}}`},
		{"a row with two sets", "POST", "/ports", `{"port_number":80,"apps":[1,2],"ip_addresses":[2]}`,
			`{"delta":{"ports":{"updates":[2],"deletions":[]},"apps":{"updates":[1,2],"deletions":[]},"ip_addresses":{"updates":[2],"deletions":[]}}}`},
		{"a row that others have in a set", "DELETE", "/vulnerabilities/3", ``,
			`{"delta":{"vulnerabilities":{"updates":[],"deletions":[3]}}}`},
		{"an xref of all vulnerabilities", "DELETE", "/xrefproperties/1", ``,
			`{"delta":{"xrefproperties":{"updates":[],"deletions":[1]}}}`},
		{"an asset takes what belongs to it along", "DELETE", "/assets/1", ``,
			`{"delta":{"assets":{"updates":[],"deletions":[1]},"ip_addresses":{"updates":[],"deletions":[1]},"mac_addresses":{"updates":[],"deletions":[1]}}}`},
		{"a site takes its assets along", "DELETE", "/sites/2", ``,
			`{"delta":{"sites":{"updates":[],"deletions":[2]},"assets":{"updates":[],"deletions":[2]},"ip_addresses":{"updates":[],"deletions":[2]},"mac_addresses":{"updates":[],"deletions":[2]},"hosts":{"updates":[],"deletions":[1,2]}}}`},
		{"the pk of a deleted row is not used again", "POST", "/assets", `{"name":"new"}`,
			`{"delta":{"assets":{"updates":[3],"deletions":[]}}}`},
	}
	start := s.state()
	for _, step := range steps {
		before := s.state()
		s.must(step.method, step.path, step.body)
		same(t, step.name, s.since(before), step.want)
	}
	same(t, "sets that a deleted row was in", s.get("/ports/2"),
		`{"pk":2,"port_number":80,"layer7application":"","protocol":"TCP","apps":["{{}}/apps/1/","{{}}/apps/2/"],"ip_addresses":[]}`)
	same(t, "sets of a deleted row", s.get("/apps/1"), `{"pk":1,"name":"app 0","assets":[]}`)
	same(t, "all steps: a row that is gone is not among the updates", s.since(start), `{"delta":{
		"assets":{"updates":[3],"deletions":[1,2]}, "sites":{"updates":[],"deletions":[2]},
		"vulnerabilities":{"updates":[1],"deletions":[3]}, "xrefproperties":{"updates":[],"deletions":[1]},
		"ip_addresses":{"updates":[],"deletions":[1,2]}, "mac_addresses":{"updates":[],"deletions":[1,2]}, "hosts":{"updates":[],"deletions":[1,2]},
		"apps":{"updates":[1,2],"deletions":[]}, "ports":{"updates":[2],"deletions":[]}}}`)
}

// TestChangeAndLogAreOne cuts a mutation short and finds neither the change nor its log entry.
func TestChangeAndLogAreOne(t *testing.T) {
	s := open(t, 2)
	before, state := s.must("GET", "/assets", "").body, s.state()
	a := s.do("PATCH", "/assets/1", `{"name":"half","site":77}`)
	if a.status != 400 {
		t.Fatalf("status %d", a.status)
	}
	if after := s.must("GET", "/assets", "").body; after != before || s.state() != state {
		t.Errorf("state %s, rows %s", s.state(), after)
	}
}

func TestGenerateAnew(t *testing.T) {
	s := open(t, 2)
	before := s.state()
	if err := s.Generate(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	same(t, "delta", s.since(before), `{"delta":{
		"xrefproperties":{"updates":[4,5,6],"deletions":[1,2,3]}, "vulnerabilities":{"updates":[5,6],"deletions":[1,2,3,4]},
		"sites":{"updates":[3,4],"deletions":[1,2]}, "assets":{"updates":[3],"deletions":[1,2]},
		"ip_addresses":{"updates":[3],"deletions":[1,2]}, "mac_addresses":{"updates":[3],"deletions":[1,2]},
		"hosts":{"updates":[3],"deletions":[1,2]}, "apps":{"updates":[7,8,9],"deletions":[1,2,3,4,5,6]}, "ports":{"updates":[2],"deletions":[1]}}}`)
	same(t, "assets", s.get("/assets"),
		`[{"pk":3,"name":"asset0.example.com","type":"Server","initial_value":0,"site":"{{}}/sites/3/","vulnerabilities":["{{}}/vulnerabilities/5/","{{}}/vulnerabilities/6/"]}]`)
	if err := s.Generate(t.Context(), Empty); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.schema.collections {
		same(t, c.name, s.get("/"+c.name), `[]`)
	}
	if err := s.Generate(t.Context(), MaxSize+1); err == nil {
		t.Error("a model above the bound was generated")
	}
}

// TestModel looks at the whole of a model: how many rows and references there are, and that nothing
// comes twice.
func TestModel(t *testing.T) {
	for _, size := range []int{1, 10, 600} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			s := open(t, size)
			references, seen := map[string]int{}, map[string]bool{}
			counts := map[string]int{}
			for _, c := range s.schema.collections {
				for _, row := range s.get("/" + c.name).([]any) {
					counts[c.name]++
					row := row.(map[string]any)
					name := c.name + " " + formatValue(row[c.label().name])
					if seen[name] {
						t.Errorf("%s comes twice", name)
					}
					seen[name] = true
					for _, f := range c.fields {
						switch {
						case f.kind == many:
							references[c.name+"."+f.name] += len(row[f.name].([]any))
						case f.kind == one && row[f.name] != nil:
							references[c.name+"."+f.name]++
						}
					}
				}
			}
			n := size
			want := map[string]int{
				"xrefproperties": 3, "vulnerabilities": 2 * n, "sites": 2, "assets": n, "ip_addresses": n,
				"mac_addresses": n, "hosts": n, "apps": 3 * n, "ports": 1,
			}
			wantReferences := map[string]int{"vulnerabilities.xref_properties": 6 * n, "assets.site": n,
				"assets.vulnerabilities": 2 * n, "ip_addresses.asset": n, "mac_addresses.asset": n,
				"mac_addresses.ip_addresses": n, "hosts.asset": n, "apps.assets": 3 * n, "ports.apps": 3 * n, "ports.ip_addresses": n}
			for name, w := range want {
				if counts[name] != w {
					t.Errorf("%d %s, want %d", counts[name], name, w)
				}
			}
			for name, w := range wantReferences {
				if references[name] != w {
					t.Errorf("%d references %s, want %d", references[name], name, w)
				}
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	ip, hw := &field{kind: ipAddress}, &field{kind: macAddress}
	seen := map[string]bool{}
	for i := 0; i < 300_000; i += 1 + i/1000 {
		for address, f := range map[string]*field{ipv4(i): ip, mac(i): hw} {
			if _, err := f.parse(address); err != nil || seen[address] {
				t.Fatalf("address %d: %s: %v", i, address, err)
			}
			seen[address] = true
		}
	}
}
