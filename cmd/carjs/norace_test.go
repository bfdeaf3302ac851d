//go:build !race

package main

// raceFlag builds the binary like the tests: without the race detector.
var raceFlag []string
