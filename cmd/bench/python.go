package main

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pythonConnector is the reference connector for the framework in Python.
//
//go:embed python/connector.py
var pythonConnector []byte

// pythonScript writes the connector for Python and returns its file. The error is a missingError
// when the framework, or what it needs, is not there: it is not installed, because it belongs to
// another project, but PYTHONPATH can name it.
func (b *bench) pythonScript(ctx context.Context) (string, error) {
	if _, err := exec.LookPath("python3"); err != nil {
		return "", missingError("python3 is not installed")
	}
	imports, err := b.command(ctx, []string{"python3", "-c", "import requests, jschon, car_framework.app"})
	if err != nil {
		return "", err
	}
	if _, err := imports.Output(); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return "", err
		}
		said := strings.TrimSpace(string(exit.Stderr))
		return "", missingError("the framework cannot be imported; set PYTHONPATH: " + said[strings.LastIndexByte(said, '\n')+1:])
	}
	script := filepath.Join(b.dir, "connector.py")
	return script, os.WriteFile(script, pythonConnector, 0o644)
}
