// Package typings holds the TypeScript declarations of what carjs gives to connectors: one file for
// each module, the globals, and CAR's data model. Editors and type checkers read them; carjs itself
// only hands them out. It is a package because files are embedded from the folder they are in.
package typings

import "embed"

// Files are the declarations, and tsconfig.json, which has the compiler options that fit the
// engine.
//
//go:embed *.d.ts tsconfig.json
var Files embed.FS
