package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

// version is what the build knows of its origin: a release's number, or the commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return "commit " + setting.Value[:min(12, len(setting.Value))]
		}
	}
	return "development"
}

// identity tells this program from every other carjs, also from others of the same version; empty
// when that cannot be told.
func identity() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Stat(path)
	build, ok := debug.ReadBuildInfo()
	if err != nil || !ok {
		return ""
	}
	return fmt.Sprint(file.Size(), file.ModTime().UnixNano(), build)
}
