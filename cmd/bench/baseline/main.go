// Command baseline copies the reference data source into CAR as the reference connector does in a
// full import, in Go and without a script: what carjs is compared with.
//
// It makes the same calls, the same vertices and edges, validates by the same model, drops what was
// there before, and posts pages of the same size beside the mapping. What it lacks is what only a
// product needs: it explains nothing, knows no incremental import, and its edges wait in memory.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"

	"carjs/host/car"
	"carjs/host/model"
	"carjs/host/usage"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "baseline:", err)
		os.Exit(1)
	}
}

// settings are the flags, named as those of carjs.
type settings struct {
	url, username, password string
	source                  string
	car                     car.Config
	connectionTest          bool
	report                  string
}

func run(ctx context.Context, args []string) error {
	var s settings
	flags := flag.NewFlagSet("baseline", flag.ContinueOnError)
	flags.StringVar(&s.url, "url", "", "`URL` of the data source")
	flags.StringVar(&s.username, "username", "", "user `NAME` at the data source")
	flags.StringVar(&s.password, "password", "", "`PASSWORD` at the data source")
	flags.StringVar(&s.source, "source", "", "`NAME` of the connection")
	flags.StringVar(&s.car.URL, "car-service-url", "", "`URL` of CAR")
	flags.StringVar(&s.car.Key, "car-service-key", "", "API `KEY` of CAR")
	flags.StringVar(&s.car.Password, "car-service-password", "", "`PASSWORD` of the API key")
	flags.BoolVar(&s.connectionTest, "connection-test", false, "only try the data source")
	flags.StringVar(&s.report, "report", "", "write what was allocated to `FILE`")
	if err := flags.Parse(args); err != nil {
		return err
	}
	data := newDataSource(s.url, s.username, s.password)
	if s.connectionTest {
		_, err := data.state(ctx)
		return err
	}
	s.car.Source = s.source
	client, err := car.New(s.car)
	if err != nil {
		return err
	}
	if err := fullImport(ctx, s, client, data); err != nil || s.report == "" {
		return err
	}
	report, err := json.Marshal(map[string]usage.Used{"resources": usage.Now()})
	if err != nil {
		return err
	}
	return os.WriteFile(s.report, report, 0o644)
}

// fullImport makes the calls of a full import in their order.
func fullImport(ctx context.Context, s settings, client *car.Client, data *dataSource) error {
	extended, err := extend(ctx, client)
	if err != nil {
		return err
	}
	if _, err := client.PrepareDatabase(ctx); err != nil {
		return err
	}
	if _, err := client.SavePoint(ctx); err != nil {
		return err
	}
	if _, err := client.PrepareDatabase(ctx); err != nil {
		return err
	}
	if _, err := client.EnterFullImport(ctx); err != nil {
		return err
	}
	began := time.Now().UnixMilli()
	report := strconv.FormatInt(began, 10)
	head, err := json.Marshal(map[string]any{
		"source": map[string]any{"_key": s.source, "name": s.url, "description": "Reference data source"},
		"report": map[string]any{
			"_key": report, "timestamp": began, "type": "Reference data source", "description": "Reference data source",
		},
	})
	if err != nil {
		return err
	}
	out := newSender(ctx, client)
	if err := out.post(head); err != nil {
		return err
	}
	if err := out.drain(); err != nil {
		return err
	}
	state, err := data.state(ctx)
	if err != nil {
		return err
	}
	if _, err := client.ImportSchema(ctx); err != nil {
		return err
	}
	m, err := newMapping(extended, out, head, stamp{source: s.source, report: report, timestamp: began})
	if err != nil {
		return err
	}
	if err := m.bring(ctx, data); err != nil {
		return err
	}
	if err := client.LeaveFullImport(ctx); err != nil {
		return err
	}
	return client.SetSavePoint(ctx, state)
}

// extend brings the extension of the reference connector to CAR and returns the model with it.
func extend(ctx context.Context, client *car.Client) (*model.Model, error) {
	extension := model.Extension{
		Key: "6a5f0c2e-8f43-4c55-9f0b-2b7f5a0f6f7d", Owner: "Reference Connector", Version: "1",
		Schema: model.ExtensionSchema{
			Vertices: []model.ExtensionVertex{
				{Name: "site", Properties: map[string]model.ExtensionProperty{
					"name":    {Type: "text", Description: "name of the site", Indexed: true, Required: true, Default: ""},
					"address": {Type: "text", Description: "postal address of the site", Required: true, Default: ""},
				}},
				{Name: "asset", Properties: map[string]model.ExtensionProperty{
					"initial_value": {Type: "numeric", Description: "value of the asset when it was bought"},
				}},
			},
			Edges: []model.ExtensionEdge{{End1: "site", End2: "asset"}},
		},
	}
	there, err := client.Extension(ctx, extension.Key)
	if err != nil {
		return nil, err
	}
	if there == nil {
		if err := client.PutExtension(ctx, &extension); err != nil {
			return nil, err
		}
	}
	return model.CAR().Extend(extension)
}
