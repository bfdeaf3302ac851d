package carserver

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"

	"carjs/host/carserver/internal/graphql"
)

// network imports n assets, each with an address of its own that has a network card, one of ten
// weaknesses and, every hundredth, a tag.
func (c *client) network(n int) {
	c.tb.Helper()
	list := func(name string, n int, object func(i int) string) {
		for from := 0; from < n; from += 1000 {
			objects := make([]string, 0, 1000)
			for i := from; i < min(n, from+1000); i++ {
				objects = append(objects, object(i))
			}
			c.load(fmt.Sprintf("%q:[%s]", name, strings.Join(objects, ",")))
		}
	}
	address := func(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255) }
	card := func(i int) string { return fmt.Sprintf("02:00:00:%02x:%02x:%02x", i>>16, i>>8&255, i&255) }
	list("asset", n, func(i int) string {
		tag := ""
		if i%100 == 0 {
			tag = fmt.Sprintf(`,"tag":["t%d"]`, i)
		}
		return fmt.Sprintf(`{"external_id":"a%06d","name":"host %d","asset_type":"server","description":"d"%s}`, i, i, tag)
	})
	list("ipaddress", n, func(i int) string { return fmt.Sprintf(`{"_key":%q}`, address(i)) })
	list("macaddress", n, func(i int) string { return fmt.Sprintf(`{"_key":%q}`, card(i)) })
	list("vulnerability", 10, func(i int) string { return fmt.Sprintf(`{"external_id":"v%d","name":"v%d"}`, i, i) })
	list("asset_ipaddress", n, func(i int) string {
		return fmt.Sprintf(`{"_from_external_id":"a%06d","_to":"ipaddress/%s"}`, i, address(i))
	})
	list("ipaddress_macaddress", n, func(i int) string {
		return fmt.Sprintf(`{"_from":"ipaddress/%s","_to":"macaddress/%s"}`, address(i), card(i))
	})
	list("asset_vulnerability", n, func(i int) string {
		return fmt.Sprintf(`{"_from_external_id":"a%06d","_to_external_id":"v%d"}`, i, i%10)
	})
}

// touched returns how many pages of the file the statements of a query read, in the cache or not,
// and how many rows they answer.
func (c *client) touched(query string) (pages, rows int) {
	c.tb.Helper()
	schema, err := c.carsrv.catalog.Load().graphql()
	if err != nil {
		c.tb.Fatal(err)
	}
	fields, err := schema.Compile(graphql.Request{Query: "{" + query + "}"})
	if err != nil {
		c.tb.Fatalf("%s: %v", query, err)
	}
	return c.pages(func(conn *sql.Conn) error {
		for _, f := range fields {
			found, err := conn.QueryContext(c.tb.Context(), f.SQL, f.Args...)
			if err != nil {
				return fmt.Errorf("%w: %s", err, f.SQL)
			}
			for found.Next() {
				rows++
			}
			if err := errors.Join(found.Err(), found.Close()); err != nil {
				return err
			}
		}
		return nil
	}), rows
}

// pages returns how many pages a function reads with a connection that knows the schema already.
func (c *client) pages(run func(conn *sql.Conn) error) int {
	c.tb.Helper()
	conn, err := c.carsrv.store.reads.Conn(c.tb.Context())
	if err != nil {
		c.tb.Fatal(err)
	}
	defer conn.Close()
	var known int
	if err := conn.QueryRowContext(c.tb.Context(), "SELECT count(*) FROM sources").Scan(&known); err != nil {
		c.tb.Fatal(err)
	}
	before, err := pagesRead(conn)
	if err == nil {
		err = run(conn)
	}
	after, failed := pagesRead(conn)
	if err := errors.Join(err, failed); err != nil {
		c.tb.Fatal(err)
	}
	return after - before
}

// growthShapes are queries whose answers do not grow with the graph: those of clients, and others
// that the schema invites.
var growthShapes = []string{
	`asset(where:{source:{_eq:"s"}}, order_by:{id:asc}, limit:100){id name}`,
	`asset(limit:100){id name}`,
	`asset(order_by:{id:desc}, limit:100){id}`,
	`asset(where:{id:{_gt:"s/a000300"}}, order_by:{id:asc}, limit:100){id name asset_type}`,
	`asset(where:{id:{_eq:"s/a000300"}}){id name}`,
	`asset(where:{id:{_in:["s/a000300","s/a000301","s/none"]}}){id name}`,
	`asset(where:{external_id:{_eq:"a000300"}}){id name}`,
	`asset(where:{source:{_eq:"s"}, external_id:{_in:["a000300","a000301"]}}){id}`,
	`asset(where:{name:{_eq:"host 300"}}){id}`,
	`asset(where:{name:{_in:["host 300","host 301"]}}){id}`,
	`asset(where:{source:{_eq:"s"}, name:{_eq:"host 300"}}){id}`,
	`asset(where:{_or:[{name:{_eq:"host 300"}},{id:{_eq:"s/a000301"}}]}){id}`,
	`asset(order_by:{name:asc}, limit:10){id}`,
	`asset(order_by:{name:desc}, limit:10){id}`,
	`asset_by_pk(_pk:300){id name ipaddresses{ipaddress{name}}}`,
	`asset_ipaddress_by_pk(_pk:300){asset_id asset{name}}`,
	`ipaddress(where:{name:{_eq:"10.0.1.44"}}){id assets{asset{name}}}`,
	`ipaddress(limit:100){assets{asset{name}}}`,
	`ipaddress(limit:100){macaddresses{macaddress{name}} assets{asset{name vulnerabilities(limit:2){vulnerability{name}}}}}`,
	`macaddress(where:{id:{_eq:"s/02:00:00:00:01:2c"}}){ipaddresses{ipaddress{assets{asset{id}}}}}`,
	`asset(where:{ipaddresses:{ipaddress:{name:{_eq:"10.0.1.44"}}}}){id}`,
	`asset(where:{ipaddresses:{ipaddress_id:{_eq:"s/0/10.0.1.44"}}}){id}`,
	`asset(where:{ipaddresses:{ipaddress:{macaddresses:{macaddress:{name:{_eq:"02:00:00:00:01:2c"}}}}}}){id}`,
	`asset(where:{source:{_eq:"s"}, ipaddresses:{}}, limit:10){id}`,
	`asset(where:{_not:{ipaddresses:{ipaddress:{name:{_eq:"10.0.1.44"}}}}}, limit:10){id}`,
	`asset(where:{tags:{tag:{name:{_eq:"t300"}}}}){id tags{tag{name}}}`,
	`tag(where:{name:{_eq:"t300"}}){name assets{asset{name}}}`,
	`vulnerability(where:{external_id:{_eq:"v3"}}){id name}`,
	`vulnerability(where:{id:{_eq:"s/v3"}}){assets(limit:3){asset{name}}}`,
	`vulnerability{assets(limit:3, order_by:{asset_id:asc}){asset{name}}}`,
	`asset_ipaddress(where:{source:{_eq:"s"}}, order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:100){asset_id ipaddress_id}`,
	`asset_ipaddress(where:{_and:[{source:{_eq:"s"}},{_or:[{_and:[{asset_id:{_gt:"s/a000300"}}]},
		{_and:[{asset_id:{_eq:"s/a000300"}},{ipaddress_id:{_gt:"s/0/1"}}]}]}]},
		order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:100){asset_id ipaddress_id}`,
	`asset_ipaddress(where:{asset_id:{_in:["s/a000300","s/a000301"]}}){asset_id ipaddress{name}}`,
	`asset_ipaddress(where:{ipaddress_id:{_in:["s/0/10.0.1.44"]}}){asset_id asset{name}}`,
	`asset_ipaddress(where:{_and:[{source:{_eq:"s"}},{_or:[{asset_id:{_in:["s/a000300"]}},{ipaddress_id:{_in:["s/0/10.0.1.44"]}}]}]},
		order_by:[{asset_id:asc},{ipaddress_id:asc}], limit:100){asset_id}`,
	`asset_ipaddress(where:{asset:{name:{_eq:"host 300"}}}){asset_id}`,
	`asset_ipaddress(where:{source:{_eq:"s"}, ipaddress:{name:{_eq:"10.0.1.44"}}}){asset_id}`,
	`asset_vulnerability(where:{source:{_eq:"s"}, vulnerability_id:{_eq:"s/v3"}}, order_by:{asset_id:asc}, limit:10){asset_id}`,
	`asset_vulnerability(where:{vulnerability_id:{_eq:"s/v3"}}, limit:10){asset_id}`,
	`asset_vulnerability(where:{vulnerability:{name:{_eq:"v3"}}}, limit:10){asset_id}`,
	`asset_vulnerability(where:{source:{_eq:"s"}}, order_by:{vulnerability_id:asc}, limit:10){asset_id}`,
	`asset_vulnerability(order_by:{vulnerability_id:desc}, limit:10){asset_id}`,
	`source{id name}`,
}

// Nothing that a query does not answer costs anything: on a graph eight times as large, it reads
// the same number of pages, but for deeper trees. What sorts the rows of a source by a property has to
// read all of them, and is not among the queries.
func TestQueriesDoNotGrow(t *testing.T) {
	const n = 500
	measured := map[string][2]int{}
	for i, size := range []int{n, 8 * n} {
		c := start(t, Config{Path: filepath.Join(t.TempDir(), "car.db"), Prepared: true})
		c.network(size)
		for _, query := range growthShapes {
			pages, rows := c.touched(query)
			if rows == 0 {
				t.Errorf("%s answers nothing", query)
			}
			m := measured[query]
			m[i] = pages
			measured[query] = m
		}
		c.stop()
	}
	for _, query := range growthShapes {
		if m := measured[query]; m[1] > 2*m[0]+8 {
			t.Errorf("%s reads %d pages of a graph of %d, %d of one of %d", query, m[0], n, m[1], 8*n)
		}
	}
}

// The same for the requests that are no queries.
func TestRequestsDoNotGrow(t *testing.T) {
	const n = 500
	requests := []string{
		"/v2/asset?external_id=a000300", "/v2/asset?source=s&name=host%20300", "/v2/asset?name=host%20300", "/v2/asset?id=s/a000300",
		"/v2/asset_ipaddress?asset_id=s/a000300", "/v2/asset_ipaddress?ipaddress_id=s/0/10.0.1.44", "/v2/asset/a000300/graph",
		"/v2/source/s", "/v2/databases", "/v2/importstatus?ids=1",
	}
	measured := map[string][2]int{}
	for i, size := range []int{n, 8 * n} {
		c := start(t, Config{Path: filepath.Join(t.TempDir(), "car.db"), Prepared: true})
		c.network(size)
		// One reader alone, so that its counters have everything.
		c.carsrv.store.reads.SetMaxOpenConns(1)
		for _, path := range requests {
			request := func() {
				answer, err := http.Get(c.server.URL + "/api/car" + path)
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
					t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
				}
			}
			request() // the reader learns the schema
			m := measured[path]
			m[i] = c.during(request)
			measured[path] = m
		}
		c.stop()
	}
	for _, path := range requests {
		if m := measured[path]; m[1] > 2*m[0]+8 {
			t.Errorf("%s reads %d pages of a graph of %d, %d of one of %d", path, m[0], n, m[1], 8*n)
		}
	}
}

// during returns how many pages the only reader reads while a function runs.
func (c *client) during(run func()) int {
	before := c.total()
	run()
	return c.total() - before
}

func (c *client) total() (sum int) {
	c.tb.Helper()
	conn, err := c.carsrv.store.reads.Conn(c.tb.Context())
	if err != nil {
		c.tb.Fatal(err)
	}
	defer conn.Close()
	sum, err = pagesRead(conn)
	if err != nil {
		c.tb.Fatal(err)
	}
	return sum
}

// pagesRead returns how many pages a connection has read.
func pagesRead(conn *sql.Conn) (sum int, err error) {
	err = conn.Raw(func(driver any) error {
		for _, op := range []sqlite.DBStatusOp{sqlite.DBStatusCacheHit, sqlite.DBStatusCacheMiss} {
			n, _, err := driver.(sqlite.DBStatus).Status(op, false)
			if err != nil {
				return err
			}
			sum += n
		}
		return nil
	})
	return sum, err
}
