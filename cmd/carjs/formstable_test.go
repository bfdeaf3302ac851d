package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"carjs/host/car"
)

// forms is the table of all forms.
func forms() []form {
	var all []form
	add := func(call car.Call, name string, change func(a *answer) bool) {
		all = append(all, form{call: call, name: name, change: change})
	}
	ifOK := func(status int, body string) func(*answer) bool {
		return func(a *answer) bool { return a.ok() && a.says(status, body) }
	}

	// Imports and jobs.
	accepted := func(status int, change func(o map[string]any)) func(*answer) bool {
		return func(a *answer) bool {
			done := a.object(change)
			if done {
				a.status = status
			}
			return done
		}
	}
	same := func(map[string]any) {}
	onlyJobID := func(o map[string]any) {
		for name := range o {
			if name != "job_id" {
				delete(o, name)
			}
		}
	}
	onlyID := func(o map[string]any) {
		o["id"] = o["job_id"]
		delete(o, "job_id")
	}
	add(car.PostImport, "201", accepted(201, same))
	add(car.PostImport, "202", accepted(202, same))
	add(car.PostImport, "only id", accepted(200, onlyID))
	add(car.PostImport, "only job_id", accepted(200, onlyJobID))
	add(car.PostImport, "job_id, 201", accepted(201, onlyJobID))
	all = append(all, form{call: car.PostImport, name: "ids are numbers", numbers: true})
	for _, call := range []car.Call{car.CreateDatabase, car.EnterFullImport, car.LeaveFullImport} {
		add(call, "201", accepted(201, same))
		add(call, "202, and more beside the job", accepted(202, func(o map[string]any) { o["status"], o["message"] = "INPROGRESS", "started" }))
		add(call, "id instead of job_id", accepted(200, onlyID))
		for _, list := range []string{"complete_imports", "incomplete_imports"} { // CAR's own documents have this form
			add(call, "the job in "+list, accepted(200, func(o map[string]any) {
				job := map[string]any{"id": o["job_id"], "status": "INPROGRESS"}
				for name := range o {
					delete(o, name)
				}
				o["success"], o["notfound_imports"], o["error_imports"] = true, []any{}, []any{}
				o[list] = []any{job}
			}))
		}
	}
	upper := func(state string) string { return state }
	add(car.ImportStatus, "only complete_imports", func(a *answer) bool {
		return a.object(func(o map[string]any) {
			if list, _ := o["complete_imports"].([]any); len(list) == len(a.ids()) {
				for name := range o {
					if name != "complete_imports" {
						delete(o, name)
					}
				}
			}
		})
	})
	for _, list := range []string{"complete_imports", "incomplete_imports", "error_imports", "notfound_imports", "success"} {
		add(car.ImportStatus, "without "+list, func(a *answer) bool { return a.object(func(o map[string]any) { delete(o, list) }) })
		add(car.ImportStatus, list+" is null", func(a *answer) bool { return a.object(func(o map[string]any) { o[list] = nil }) })
	}
	add(car.ImportStatus, "ids alone in the lists", func(a *answer) bool {
		return a.object(func(o map[string]any) {
			for name, list := range o {
				jobs, _ := list.([]any)
				for i, job := range jobs {
					jobs[i] = job.(map[string]any)["id"]
				}
				o[name] = list
			}
		})
	})
	// each changes every job in the lists.
	each := func(name string, change func(job map[string]any)) {
		add(car.ImportStatus, name, func(a *answer) bool {
			return a.object(func(o map[string]any) {
				for _, list := range o {
					jobs, _ := list.([]any)
					for _, job := range jobs {
						change(job.(map[string]any))
					}
				}
			})
		})
	}
	each("job_id in the lists", func(job map[string]any) { job["job_id"] = job["id"]; delete(job, "id") })
	each("without status in the lists", func(job map[string]any) { delete(job, "status") })
	each("nulls in the lists", func(job map[string]any) { job["error"], job["statusCode"], job["message"] = nil, nil, nil })
	add(car.ImportStatus, "objects instead of empty lists", func(a *answer) bool {
		return a.object(func(o map[string]any) {
			for name, list := range o {
				if jobs, ok := list.([]any); ok && len(jobs) == 0 {
					o[name] = map[string]any{}
				}
			}
		})
	})
	add(car.ImportStatus, "success as text", func(a *answer) bool { return a.object(func(o map[string]any) { o["success"] = "True" }) })
	add(car.ImportStatus, "success alone", ifOK(200, `{"success":true}`))
	add(car.ImportStatus, "nothing", ifOK(200, `{}`))
	add(car.ImportStatus, "an empty array", ifOK(200, `[]`))
	add(car.ImportStatus, "201", accepted(201, same))
	add(car.ImportStatus, "an array", func(a *answer) bool { return a.array(upper) })
	add(car.ImportStatus, "an array, in lower case", func(a *answer) bool { return a.array(strings.ToLower) })
	add(car.ImportStatus, "an array, with other words", func(a *answer) bool {
		return a.array(func(state string) string {
			return strings.NewReplacer("INPROGRESS", "queued", "COMPLETE", "Complete").Replace(state)
		})
	})
	add(car.ImportStatus, "an array, running at first", func(a *answer) bool {
		return a.array(func(state string) string {
			if a.look == 1 {
				return "Running"
			}
			return state
		})
	})
	add(car.ImportStatus, "not found at first", func(a *answer) bool {
		if a.look > 1 {
			return false
		}
		return a.object(func(o map[string]any) {
			o["notfound_imports"] = a.ids()
			o["complete_imports"], o["incomplete_imports"] = []any{}, []any{}
		})
	})
	alone := func(name string, change func(a *answer) bool) {
		all = append(all, form{name: "imports are named nowhere, alone " + name, change: func(a *answer) bool {
			switch kindOf("CAR", a.request) {
			case string(car.ImportStatus):
				return a.ok() && a.says(200, `{"success":true}`)
			case string(car.OneImportStatus):
				return change(a)
			}
			return false
		}})
	}
	job := func(a *answer) string { return a.request.URL.Path[strings.LastIndexByte(a.request.URL.Path, '/')+1:] }
	asLists := func(a *answer) bool {
		return a.object(func(o map[string]any) {
			list := "complete_imports"
			if o["status"] != "COMPLETE" {
				list = "incomplete_imports"
			}
			delete(o, "status")
			delete(o, "id")
			o[list] = []any{map[string]any{"id": job(a)}}
		})
	}
	asArray := func(a *answer) bool {
		if !a.ok() {
			return false
		}
		a.body = append(append([]byte("["), bytes.TrimSpace(a.body)...), ']')
		return true
	}
	statusAlone := func(word func(string) string) func(*answer) bool {
		return func(a *answer) bool {
			return a.object(func(o map[string]any) { o["status"] = word(o["status"].(string)); delete(o, "id") })
		}
	}
	alone("in full", func(*answer) bool { return true })
	alone("in lower case", statusAlone(strings.ToLower))
	alone("as lists", asLists)
	alone("as an array", asArray)
	alone("404", func(a *answer) bool { return a.says(404, `{"message":"no such page"}`) })
	alone("405", func(a *answer) bool { return a.says(405, ``) })
	alone("204", func(a *answer) bool { return a.says(204, ``) })
	alone("the same", func(a *answer) bool { return a.says(200, `{"success":true}`) })
	add(car.JobStatus, "in lower case", statusAlone(strings.ToLower))
	add(car.JobStatus, "with other words", statusAlone(func(s string) string { return strings.ReplaceAll(s, "INPROGRESS", "Pending") }))
	add(car.JobStatus, "with spaces", statusAlone(func(s string) string { return " " + s + " " }))
	add(car.JobStatus, "running at first", func(a *answer) bool {
		return a.object(func(o map[string]any) {
			if a.look == 1 {
				o["status"] = "STARTED"
			}
		})
	})
	for name, status := range map[string]any{"null": nil, "empty": "", "a number": 5} {
		add(car.JobStatus, "the status is "+name+" at first", func(a *answer) bool {
			return a.object(func(o map[string]any) {
				if a.look == 1 {
					o["status"] = status
				}
			})
		})
	}
	add(car.JobStatus, "201", accepted(201, same))
	add(car.JobStatus, "as lists", asLists)
	add(car.JobStatus, "as an array", asArray)
	add(car.JobStatus, "with more beside", func(a *answer) bool {
		return a.object(func(o map[string]any) { o["error"], o["message"], o["progress"] = nil, "", 100 })
	})

	// Databases.
	databases := func(name, body string) {
		add(car.GetDatabases, name, func(a *answer) bool {
			return bytes.Contains(a.body, []byte(`"is_ready":true`)) && a.says(200, body)
		})
	}
	databases("as published", `{"databases":[{"is_ready":true}]}`)
	databases("the list alone", `[{"is_ready":true}]`)
	databases("one alone", `{"databases":{"is_ready":true}}`)
	databases("ready as text", `{"databases":[{"is_ready":"true"}]}`)
	databases("ready as text in capitals", `{"databases":[{"is_ready":"True"}]}`)
	databases("ready beside null", `{"databases":[null,{"is_ready":true,"collections":null}]}`)
	databases("ready beside an old one without the word", `{"databases":[{"name":"old"},{"is_ready":true}]}`)
	databases("lists beside that are not empty",
		`{"databases":[{"is_ready":true,"graph_name":"","collections_without_indexes":["asset"],"missing_collections":["user"]}]}`)
	databases("no graph is named", `{"databases":[{"is_ready":true,"graph_name":null}],"more":1}`)
	databases("the second of two", `{"databases":[{"is_ready":false,"graph_name":""},{"is_ready":true}]}`)
	databases("the first of two", `{"databases":[{"is_ready":true},{"name":"old","is_ready":false}]}`)
	add(car.GetDatabases, "not ready at first", func(a *answer) bool {
		return a.look == 3 && bytes.Contains(a.body, []byte(`"is_ready":true`)) && a.says(200, `{"databases":[{"is_ready":false}]}`) ||
			a.look == 1 && a.ok() && a.says(200, `{"databases":[{"is_ready":false}]}`)
	})
	for name, body := range map[string]string{"none, as a list": `{"databases":[]}`, "none, as the list alone": `[]`,
		"none, as an object": `{"databases":{}}`} {
		add(car.GetDatabases, name, func(a *answer) bool { return a.status == 400 && a.says(200, body) })
	}

	// The save point.
	nothing := map[string]func(a *answer) bool{}
	for _, body := range []string{"null", `""`, "{}", "[]", "", " \n"} {
		nothing[fmt.Sprintf("200 with %q", body)] = func(a *answer) bool { return a.says(200, body) }
	}
	nothing["204"] = func(a *answer) bool { return a.says(204, "") }
	nothing["404 without a body"] = func(a *answer) bool { return a.says(404, "") }
	for name, says := range nothing {
		add(car.GetSavePoint, "none: "+name, func(a *answer) bool {
			return (a.status == 404 || bytes.Contains(a.body, []byte(`"model_state_id":null`))) && says(a)
		})
		add(car.GetExtension, "none: "+name, func(a *answer) bool { return a.status == 404 && says(a) })
	}
	for name, body := range map[string]string{
		"null in it": `{"model_state_id":null}`, "empty": `{"model_state_id":"","name":"x"}`, "an array": `[{"name":"x"}]`,
	} {
		add(car.GetSavePoint, "none: "+name, func(a *answer) bool { return a.status == 404 && a.says(200, body) })
	}
	point := func(name string, change func(o map[string]any) any) {
		add(car.GetSavePoint, name, func(a *answer) bool {
			var o map[string]any
			if !a.ok() || json.Unmarshal(a.body, &o) != nil || o["model_state_id"] == nil {
				return false
			}
			a.body, _ = json.Marshal(change(o))
			return true
		})
	}
	point("a number", func(o map[string]any) any {
		o["model_state_id"] = json.Number(fmt.Sprint(o["model_state_id"]))
		return o
	})
	point("an array", func(o map[string]any) any { return []any{o} })
	point("nothing else", func(o map[string]any) any { return map[string]any{"model_state_id": o["model_state_id"]} })

	// Changes.
	for _, call := range []car.Call{car.SetSavePoint, car.PatchEdge, car.DeleteVertices, car.PostExtension} {
		for _, said := range []struct {
			status int
			body   string
		}{
			{200, `{"result":"OK"}`}, {200, `{"success":"True"}`}, {200, `{"success":true,"message":"changed"}`}, {200, `"OK"`}, {200, "OK"},
			{200, ""}, {200, "{}"}, {200, "null"}, {201, ""}, {201, `{"result":"OK"}`}, {202, ""}, {202, `{"success":true}`}, {204, ""},
		} {
			add(call, fmt.Sprintf("%d with %q", said.status, said.body), ifOK(said.status, said.body))
		}
		if call == car.PatchEdge { // one call stands for all, whose answers are read by the same code
			for _, body := range []string{"true", "[]", "1", `[{"result":"OK"}]`} {
				add(call, fmt.Sprintf("200 with %q", body), ifOK(200, body))
			}
			add(call, "203", ifOK(203, ""))
		}
		if call != car.PostExtension {
			add(call, "a job", func(a *answer) bool {
				return a.ok() && a.job != "" && a.says(200, `{"job_id":"`+a.job+`"}`)
			})
		}
	}

	// Schemas.
	extension := func(name string, change func(o map[string]any) any) {
		add(car.GetExtension, name, func(a *answer) bool {
			var o map[string]any
			if !a.ok() || json.Unmarshal(a.body, &o) != nil {
				return false
			}
			a.body, _ = json.Marshal(change(o))
			return true
		})
	}
	extension("a version as number", func(o map[string]any) any { o["version"] = json.Number(o["version"].(string)); return o })
	extension("more keys", func(o map[string]any) any { o["created_at"], o["id"] = "2021-01-25T17:52:29", 7; return o })
	extension("the schema as text", func(o map[string]any) any {
		text, _ := json.Marshal(o["schema"])
		o["schema"] = string(text)
		return o
	})
	extension("nothing but the version", func(o map[string]any) any { return map[string]any{"version": o["version"]} })
	extension("an array", func(o map[string]any) any { return []any{map[string]any{"key": "other", "version": "9"}, o} })
	withoutSite := func(a *answer) bool {
		return a.object(func(o map[string]any) {
			collections := o["schema"].(map[string]any)["properties"].(map[string]any)
			delete(collections, "site")
			delete(collections, "site_asset")
			asset := collections["asset"].(map[string]any)["items"].(map[string]any)
			delete(asset["properties"].(map[string]any), "initial_value")
		})
	}
	add(car.GetImportSchema, "without the extension at first", func(a *answer) bool { return a.look < 3 && withoutSite(a) })
	add(car.GetImportSchema, "without the extension", withoutSite)
	add(car.GetImportSchema, "more beside", func(a *answer) bool { return a.object(func(o map[string]any) { o["version"] = "v2" }) })
	add(car.GetImportSchema, "the schema alone", func(a *answer) bool {
		var whole struct{ Schema json.RawMessage }
		if !a.ok() || json.Unmarshal(a.body, &whole) != nil {
			return false
		}
		a.body = whole.Schema
		return true
	})
	add(car.PostQuery, "no errors", func(a *answer) bool { return a.object(func(o map[string]any) { o["errors"] = nil }) })
	add(car.PostQuery, "more beside", func(a *answer) bool { return a.object(func(o map[string]any) { o["extensions"] = map[string]any{} }) })
	all = append(all, wireForms()...)
	slices.SortFunc(all, func(a, b form) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// wireForms are the forms of HTTP itself.
func wireForms() []form {
	header := func(name, value string) func(*answer) bool {
		return func(a *answer) bool { a.header.Set(name, value); return true }
	}
	compressed := func(encoding string, writer func(io.Writer) io.WriteCloser) func(*answer) bool {
		return func(a *answer) bool {
			var b bytes.Buffer
			w := writer(&b)
			w.Write(a.body) //nolint:errcheck // a buffer takes all
			w.Close()
			a.header.Set("Content-Encoding", encoding)
			a.body = b.Bytes()
			return a.status != 204
		}
	}
	mark := func(a *answer) bool {
		a.body = append([]byte("\xef\xbb\xbf"), a.body...)
		return true
	}
	raw := func(protocol string, more func(*answer) string) func(http.ResponseWriter, *answer) {
		return func(w http.ResponseWriter, a *answer) {
			connection, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer connection.Close()
			fmt.Fprintf(buffer, "%s %d Word\r\nContent-Type: application/json\r\n%s\r\n%s", protocol, a.status, more(a), a.body)
			buffer.Flush() //nolint:errcheck // the client may have gone
		}
	}
	zipped := compressed("gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })
	return []form{
		{name: "charset", change: header("Content-Type", "application/json; charset=utf-8")},
		{name: "charset in capitals and quotes", change: header("Content-Type", `application/json;CHARSET="UTF-8"`)},
		{name: "charset of another kind", change: header("Content-Type", "text/plain; charset=iso-8859-1")},
		{name: "no type", change: header("Content-Type", "")},
		{name: "gzip", change: zipped},
		{name: "gzip twice", change: func(a *answer) bool {
			twice := zipped(a)
			return zipped(a) && twice && header("Content-Encoding", "gzip, gzip")(a)
		}},
		{name: "an encoding that is none", change: header("Content-Encoding", "identity")},
		{name: "gzip behind a mark", change: func(a *answer) bool { return mark(a) && zipped(a) }},
		{name: "deflate", change: compressed("deflate", func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
		{name: "deflate without a frame", change: compressed("Deflate", func(w io.Writer) io.WriteCloser {
			z, _ := flate.NewWriter(w, flate.DefaultCompression) // the level is one that there is
			return z
		})},
		{name: "a byte order mark", change: mark},
		{name: "space around", change: func(a *answer) bool { a.body = append([]byte("\r\n  "), append(a.body, "\n\n"...)...); return true }},
		{name: "the connection is closed", change: header("Connection", "close")},
		{name: "the connection is closed without a word", send: raw("HTTP/1.1", func(a *answer) string {
			return fmt.Sprintf("Content-Length: %d\r\n", len(a.body))
		})},
		{name: "HTTP/1.0, up to the end of the connection", send: raw("HTTP/1.0", func(*answer) string { return "" })},
		{name: "in chunks", send: func(w http.ResponseWriter, a *answer) {
			w.WriteHeader(a.status)
			for part := range slices.Chunk(a.body, 1+len(a.body)/5) {
				w.Write(part) //nolint:errcheck // the client may have gone
				http.NewResponseController(w).Flush()
			}
		}},
		{name: "100 before", send: func(w http.ResponseWriter, a *answer) {
			w.WriteHeader(http.StatusContinue)
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(a.status)
			w.Write(a.body) //nolint:errcheck // the client may have gone
		}},
		{name: "a prefix in the URL", address: func(plain string) string { return strings.Replace(plain, "/api/", "/cp4s/v2/api/", 1) }},
		{name: "a slash behind the URL", address: func(plain string) string { return plain + "/" }},
		{name: "a login in the URL", change: func(a *answer) bool {
			user, password, ok := a.request.BasicAuth()
			return ok && user == "key" && password == "url-secret"
		}, address: func(plain string) string { return strings.Replace(plain, "://", "://key:url-secret@", 1) }},
	}
}
