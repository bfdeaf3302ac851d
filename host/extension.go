package host

import (
	"context"

	"carjs/host/model"
)

// SchemaExtension starts a connector, asks it what it adds to CAR's data model, and closes it.
// Neither CAR nor the data source is asked for anything by this. The extension is nil when there is
// none.
func SchemaExtension(ctx context.Context, connector Connector, options Options) (*model.Extension, error) {
	s := newSession(connector, options)
	s.test = true
	var extension *model.Extension
	report := s.run(ctx, func(ctx context.Context) error {
		err := connector.Start(ctx, s.side)
		if err == nil {
			extension, err = connector.SchemaExtension(ctx)
		}
		return err
	})
	return extension, report.Err()
}
