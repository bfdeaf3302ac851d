package settings_test

import (
	"fmt"
	"os"

	"carjs/host/redact"
	"carjs/host/settings"
)

// A command takes its line apart in two steps, gives the host the chance to provide what it knows
// better, and checks.
func Example() {
	args := []string{"-url", "http://127.0.0.1:8000", "reference", "-full", "-username", "admin"}
	read := func(name string) (*settings.Declaration, error) {
		return settings.ReadDeclaration(os.DirFS("../../connectors/" + name))
	}
	table := settings.RunTable()
	name, rest := table.Split(args, func(name string) ([]settings.Field, bool) {
		if name != "reference" {
			return nil, false
		}
		declaration, err := read(name)
		if err != nil {
			return nil, true
		}
		return declaration.Fields, true
	})
	declaration, err := read(name)
	if err != nil {
		fmt.Println(err)
		return
	}
	flags, err := table.Parse(rest, declaration.Fields)
	if err != nil {
		fmt.Println(err)
		return
	}
	nothing := func(string) (string, bool) { return "", false }
	values, err := settings.Gather(settings.Input{Table: table, Declaration: declaration, Flags: flags, LookupEnv: nothing})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(values.Check(settings.NeedCAR))
	values = values.WithDefaults(map[string]string{"CONFIGURATION_AUTH_PASSWORD": "admin", settings.EnvSource: name})
	fmt.Println(values.Check(settings.NeedCAR))
	secrets := redact.New()
	values.Redact(secrets)
	fmt.Println(values)
	fmt.Println(values.Run().Full, values.Connector()["url"], secrets.String("sent YWRtaW46YWRtaW4="))
	// Output:
	// missing setting: -password (CONFIGURATION_AUTH_PASSWORD)
	// <nil>
	// settings{CARJS_FULL="true" (flag), CONFIGURATION_AUTH_PASSWORD="[redacted]" (host), CONFIGURATION_AUTH_URL="http://127.0.0.1:8000" (flag), CONFIGURATION_AUTH_USERNAME="[redacted]" (flag), CONNECTION_NAME="reference" (host)}
	// true http://127.0.0.1:8000 sent [redacted]
}
