package bindings_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"carjs/bindings"
	"carjs/connectors"
	"carjs/connectors/reference/server"
	"carjs/host"
	"carjs/host/bundle"
	"carjs/host/car"
	"carjs/host/carserver"
)

// A program can run a connector itself: bundle it, open it, and import. Here both ends are
// embedded.
func Example() {
	service, _ := carserver.Open(carserver.Config{})
	defer service.Close()
	source, _ := server.Open(server.Config{})
	defer source.Close()
	carURL, sourceURL := httptest.NewServer(service.Handler()), httptest.NewServer(source.Handler())
	defer carURL.Close()
	defer sourceURL.Close()

	ctx := context.Background()
	found, err := connectors.Find(".", "reference")
	if err != nil {
		fmt.Println(err)
		return
	}
	bundled, err := bundle.Build(ctx, found.Source())
	if err != nil {
		fmt.Println(err)
		return
	}
	connector, err := bindings.Open(bundled, bindings.Options{Args: map[string]any{
		"CONFIGURATION_AUTH_URL": sourceURL.URL, "CONFIGURATION_AUTH_USERNAME": "admin", "CONFIGURATION_AUTH_PASSWORD": "admin",
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	report := host.Import(ctx, connector, host.Options{CAR: car.Config{URL: carURL.URL + "/api/car/v2", Source: "office"}})
	fmt.Println(report.Mode, report.ExitCode, report.Collections["asset"].Sent, "assets")
	// Output: full 0 10 assets
}
