package bindings_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"carjs/bindings"
	"carjs/host"
	"carjs/host/carserver"
)

// A Go program runs a connector with two packages: bindings makes it of its folder, host imports.
// The data source and CAR stand in here.
func Example() {
	source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `[{"name": "alpha"}, {"name": "beta"}]`)
	}))
	defer source.Close()
	service, err := carserver.Start(carserver.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()

	ctx := context.Background()
	connector, err := bindings.Load(ctx, "testdata/hosts", bindings.Options{Args: map[string]any{"url": source.URL}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var options host.Options
	options.CAR.URL, options.CAR.Source = service.URL, "office"
	report := host.Import(ctx, connector, options)
	fmt.Println(report.Mode, report.ExitCode, report.Collections["asset"].Sent, "assets")
	// Output: full 0 2 assets
}

// A program adds modules of its own, which connectors import like those of carjs.
func ExampleNewModule() {
	type ticket struct {
		ID   int    `json:"id"`
		Host string `json:"host"`
	}
	tickets := bindings.NewModule("acme/tickets", map[string]any{
		"limit": 2,
		// Because of the context, TypeScript gets a promise.
		"open": func(ctx context.Context, what struct {
			Queue string `json:"queue"`
			Most  int    `json:"most"`
		}) ([]ticket, error) {
			if what.Queue != "server" {
				return nil, fmt.Errorf("there is no queue %q", what.Queue)
			}
			return []ticket{{17, "alpha"}, {18, "beta"}, {19, "gamma"}}[:what.Most], nil
		},
	})
	service, err := carserver.Start(carserver.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer service.Close()

	ctx := context.Background()
	connector, err := bindings.Load(ctx, "testdata/tickets", bindings.Options{Modules: []bindings.Module{tickets}})
	if err != nil {
		fmt.Println(err)
		return
	}
	var options host.Options
	options.CAR.URL, options.CAR.Source = service.URL, "office"
	report := host.Import(ctx, connector, options)
	fmt.Println(report.Mode, report.ExitCode, report.Collections["asset"].Sent, "assets")
	// Output: full 0 2 assets
}
