// Package bundle turns a connector's folder of TypeScript into one script with its source map, by esbuild.
package bundle

import (
	"context"
	"io/fs"
)

// Source is a connector's folder.
type Source struct {
	// FS holds the files when they are not on disk; nil means the folder Dir.
	FS fs.FS
	// Dir is the folder on disk. npm packages are looked up from there.
	Dir string
	// Name is the connector's name, for messages.
	Name string
	// Modules are the names of the modules that carjs has, "carjs" and "carjs/http"; an import of any other is a build error that lists them.
	Modules []string
}

// Bundle is one script made of a connector's files.
type Bundle struct {
	Name, Entry string
	// Code is CommonJS with an inline source map that holds the sources.
	Code string
	// Inputs are the files the bundle is made of: absolute paths for a folder on disk, paths in the FS otherwise.
	Inputs []string
	// Warnings are complete messages for a person to read.
	Warnings []string
}

// BuildError is a connector that does not build.
type BuildError struct {
	// Messages are for a person to read, each with its place in the source.
	Messages []Message
}

// Message is one error of a build.
type Message struct {
	Text         string
	File         string
	Line, Column int // from 1; 0 when there is no place
	// Frame is the whole message with the line of the source and a caret.
	Frame string
}

// Error returns all messages with their frames.
func (e *BuildError) Error() string { return "" }

// Build bundles a connector. An error of the connector's is a [*BuildError].
func Build(ctx context.Context, src Source) (*Bundle, error) { return nil, nil }

// Entry returns the connector's entry file.
func Entry(fsys fs.FS) (string, error) { return "", nil }
