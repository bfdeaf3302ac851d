package model

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the files that the tests compare with anew")

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what the model says; run with -update and look at the difference", file)
	}
}

func TestTypeScript(t *testing.T) {
	golden(t, "../../typings/model.d.ts", CAR().TypeScript())
}

func TestTypeScriptOfAnExtension(t *testing.T) {
	extended, err := CAR().Extend(extensionOfTest(t))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/extension.d.ts", extended.TypeScriptBeyond(CAR()))
	whole := extended.TypeScript()
	for _, part := range []string{
		"interface Site {", "interface SiteAsset extends EdgeProperties", "    site: Site;", "initial_value?: number | bigint;",
	} {
		if !strings.Contains(whole, part) {
			t.Errorf("the types of the extended model have no %q", part)
		}
	}
}

func TestTypeName(t *testing.T) {
	for collection, want := range map[string]string{
		"asset": "Asset", "ipaddress": "IPAddress", "asset_macaddress": "AssetMACAddress", "my__thing_": "MyThing",
	} {
		if got := TypeName(collection); got != want {
			t.Errorf("%s is %s, want %s", collection, got, want)
		}
	}
}
