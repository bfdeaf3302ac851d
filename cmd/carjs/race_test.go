//go:build race

package main

// raceFlag builds the binary like the tests: with the race detector.
var raceFlag = []string{"-race"}
