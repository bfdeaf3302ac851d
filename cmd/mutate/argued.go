package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// readArgued reads the mutants that change nothing, with the reason under each.
//
//	host/car/send.go Client.send: a <= b => a < b
//	    equal lengths take either way to the same page
func readArgued(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	} else if err != nil {
		return nil, err
	}
	argued := map[string]string{}
	var keys []string // those that the next reason is for
	reasoned := true
	for n, line := range strings.Split(string(data), "\n") {
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.HasPrefix(line, "#"):
		case text != strings.TrimRight(line, " \t"):
			if len(keys) == 0 {
				return nil, fmt.Errorf("%s:%d: a reason without a mutant", path, n+1)
			}
			for _, key := range keys {
				argued[key] = strings.TrimSpace(argued[key] + " " + text)
			}
			reasoned = true
		default:
			if reasoned {
				keys, reasoned = nil, false
			}
			if _, twice := argued[text]; twice {
				return nil, fmt.Errorf("%s:%d: %s is there twice", path, n+1, text)
			}
			argued[text] = ""
			keys = append(keys, text)
		}
	}
	if !reasoned {
		return nil, fmt.Errorf("%s: the last mutant has no reason", path)
	}
	return argued, nil
}
