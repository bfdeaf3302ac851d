// Command floor does the least that a start of carjs comes down to: a process with the engine and
// the bundler in it bundles the reference connector with esbuild, and sends one request to the data
// source. It runs no script and reads no settings. What it takes is the machine's and the
// libraries', and what carjs takes beyond is its own. It is a command of its own so that nothing of
// carjs is linked into it.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	_ "github.com/dop251/goja" // its tables are made at every start
	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("floor", flag.ContinueOnError)
	url := flags.String("url", "", "`URL` of the data source")
	connector := flags.String("connector", "", "`FOLDER` of the connector")
	for _, other := range []string{"username", "password", "source", "car-service-url", "car-service-key", "car-service-password"} {
		flags.String(other, "", "not used")
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(*connector, "src", "main.ts")}, Bundle: true,
		Format: api.FormatCommonJS, Target: api.ES2023, Platform: api.PlatformNeutral, External: []string{"carjs", "carjs/*"},
		Sourcemap: api.SourceMapInline, LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("bundle %s: %s", *connector, result.Errors[0].Text)
	}
	answer, err := http.Get(*url + "/model_state_id")
	if err != nil {
		return err
	}
	defer answer.Body.Close() // it was only read
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}
