package check

import (
	"context"
	"io/fs"

	"carjs/host/bundle"
	"carjs/host/model"
	"carjs/host/settings"
)

// Subject is the connector that is checked.
type Subject struct {
	// FS are its files, Dir its folder on disk, empty when it is built in.
	FS  fs.FS
	Dir string
	// Build bundles it.
	Build func(context.Context) (*bundle.Bundle, error)
	// Extension starts it and asks for its schema extension.
	Extension func(context.Context, *settings.Declaration) (*model.Extension, error)

	declaration *settings.Declaration // nil when config.json has a mistake
	bundled     *bundle.Bundle        // nil when it does not build
	code        *code                 // nil when it does not build
	extension   *answer               // nil until it is asked for
}

// answer is what a connector says when it is asked for its extension.
type answer struct {
	extension *model.Extension
	err       error
}

// schemaExtension starts the connector, once for all checks, and asks for its extension.
func (s *Subject) schemaExtension(ctx context.Context) (*model.Extension, error) {
	if s.extension == nil {
		extension, err := s.Extension(ctx, s.declaration)
		s.extension = &answer{extension, err}
	}
	return s.extension.extension, s.extension.err
}
