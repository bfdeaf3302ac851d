package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"carjs/host"
)

// depotsConnector reads depots from one answer, in the way that a setting names.
var depotsConnector = assetConnector(`import * as csv from "carjs/csv";
import { HttpClient } from "carjs/http";
import * as xml from "carjs/xml";
interface Depot { id: string; town: string }
declare module "carjs" {
  interface Args { CONFIGURATION_AUTH_URL: string; CONFIGURATION_AUTH_PATH: string; CONFIGURATION_AUTH_READ: string }
}`, `
  client = new HttpClient({ baseURL: context().args.CONFIGURATION_AUTH_URL });
  testConnection() { return 0; }
  async depots(): Promise<Iterable<Depot>> {
    const path = context().args.CONFIGURATION_AUTH_PATH, all: Depot[] = [];
    switch (context().args.CONFIGURATION_AUTH_READ) {
      case "fetch": return (await fetch(context().args.CONFIGURATION_AUTH_URL + path)).json();
      case "csv": return csv.parse<"id" | "town">(await this.client.get(path, { responseType: "text" }));
      case "csv bytes":
        return csv.records<"id" | "town">(await this.client.get(path, { responseType: "bytes" }), { charset: "iso-8859-15" });
      case "xml": return xml.records<Depot>(await this.client.get(path, { responseType: "bytes" }), "depot");
      case "records": for await (const depot of this.client.records<Depot>(path)) all.push(depot); return all;
      case "pages": for await (const page of this.client.paginate.link<Depot>(path)) all.push(...page); return all;
    }
    return this.client.get<Depot[]>(path);
  }`, `for (const { id, town } of await server.depots()) handler.add(id, town);`)

const depotsConfig = `{"connection": {"type": {"type": "connectorType", "displayName": "Depots", "group": "depots"}},
 "configuration": {"auth": {"type": "fields", "url": {"type": "text", "regex": "^https?://.+"}, "path": {"type": "text"}, "read": {"type": "text"}}}}`

// Answers whose bytes are text in one encoding or another are read as such; those that cannot be
// read end the import before anything is retired, whatever they would have been taken for. A
// recording keeps both as they are.
func TestBytesOfAnswers(t *testing.T) {
	const good = "Mölndal, Mülndal"
	cases := map[string]struct {
		read, contentType, body string
		want                    string // the names, or the failure behind "!"
	}{
		"latin1": {
			"json", "application/json; charset=ISO-8859-1",
			"[{\"id\":\"M\xf6\",\"town\":\"M\xf6lndal\"},{\"id\":\"M\xfc\",\"town\":\"M\xfclndal\"}]", good,
		},
		"fetched": {
			"fetch", `application/json; charset="Windows-1252"`,
			"[{\"id\":\"M\xf6\",\"town\":\"M\xf6lndal\"},{\"id\":\"M\xfc\",\"town\":\"M\xfclndal\"}]", good,
		},
		"utf16":   {"csv", "text/csv", "\xfe\xff\x00i\x00d\x00,\x00t\x00o\x00w\x00n\x00\r\x001\x00,\x00\xc5\x00s\x00\r", "Ås"},
		"returns": {"csv", "text/csv", "id,town\r1,Mölndal\r2,Mülndal\r", good},
		"sep":     {"csv bytes", "text/csv", "sep=;\r\nid;town\r\n1;M\xf6lndal\r\n2;M\xfclndal\r\n", good},
		"declared": {
			"xml", "application/xml",
			`<?xml version="1.0" encoding="iso-8859-1"?>` + "<all><depot><id>1</id><town>M\xf6lndal</town></depot></all>",
			"Mölndal",
		},

		"unlabelled": {
			"json", "application/json", "[{\"id\":\"M\xf6\",\"town\":\"\"},{\"id\":\"M\xfc\",\"town\":\"\"}]",
			"!is not valid UTF-8: byte 0xF6 at offset 9",
		},
		"streamed": {
			"records", "application/json", "[{\"id\":\"1\",\"town\":\"As\"},{\"id\":\"M\xfc\",\"town\":\"\"}]",
			"!is not valid UTF-8: byte 0xFC at offset 32, behind 1 record",
		},
		"cut": {
			"csv", "text/csv", "id,town\n1,M\xc3",
			"!is not valid UTF-8: byte 0xC3 at offset 11 begins a character that is cut off at the end",
		},
		"klingon": {"pages", "application/json; charset=klingon", "[]", `!names an unknown charset: "klingon"`},
		"nothing": {"json", "application/json", "", "!is empty and not JSON"},
		"no rows": {"csv", "text/csv", "", "!the text is empty: it has no header"},
		"login": {
			"pages", "text/html", "<!doctype html><title>Welcome</title><form><input type=password></form>",
			`!is an HTML login page ("Welcome") and not JSON`,
		},
		"page": {
			"csv", "text/html", "<html><head><title>Maintenance</title></head></html>",
			`!the text is an HTML page ("Maintenance") and not CSV`,
		},
		"xhtml": {
			"xml", "text/html", "<!DOCTYPE html><html><head><title>Maintenance</title></head></html>",
			`!the document is an HTML page ("Maintenance") and not the XML`,
		},
	}
	data := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := cases[strings.TrimPrefix(r.URL.Path, "/")]
		w.Header().Set("Content-Type", c.contentType)
		_, _ = w.Write([]byte(c.body))
	}))
	defer data.Close()
	d := newDesk(t)
	d.write("connectors/depots/src/main.ts", depotsConnector)
	d.write("connectors/depots/configurations/config.json", depotsConfig)
	names := func() string {
		var names []string
		for _, vertex := range d.graph("depots").Vertices {
			var asset struct{ Name string }
			if err := json.Unmarshal([]byte(vertex), &asset); err != nil {
				t.Fatal(err)
			}
			names = append(names, asset.Name)
		}
		slices.Sort(names)
		return strings.Join(names, ", ")
	}
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		t.Run(name, func(t *testing.T) {
			if err := os.RemoveAll(filepath.Join(d.dir, ".carjs")); err != nil {
				t.Fatal(err)
			}
			before := ""
			if strings.HasPrefix(c.want, "!") {
				d.ok(host.ModeFull, "depots", "-url", data.URL, "-path", "/latin1", "-read", "json")
				before = names()
			}
			recorded := filepath.Join("recordings", strings.ReplaceAll(name, " ", "-"))
			for _, way := range [][]string{{"-url", data.URL, "-record", recorded}, {"-replay", recorded}} {
				r := d.imports("depots", append(way, "-full", "-path", "/"+name, "-read", c.read)...)
				failure, bad := strings.CutPrefix(c.want, "!")
				switch {
				case !bad && (r.code != 0 || names() != c.want):
					t.Errorf("%s: %s\n%s", way, names(), r)
				case bad && (r.code != 55 || names() != before):
					t.Errorf("%s: %s\n%s", way, names(), r)
				case bad:
					contains(t, r.report.Failure.Message, failure)
				}
			}
		})
	}
}
