package host

import (
	"context"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/model"
)

// extend adds the connector's schema extension to CAR or updates it, and makes the run's model.
func (s *session) extend(ctx context.Context) error {
	extension, err := s.connector.SchemaExtension(ctx)
	if err != nil || extension == nil {
		return err
	}
	extended, err := model.CAR().Extend(*extension)
	if err != nil {
		return failure.New(failure.General, "%v", err).WithCause(err).WithHint("fix the schema extension; carjs check shows the lines")
	}
	s.setModel(extended)
	s.extension, s.model = extension, extended
	there, err := putExtension(ctx, s.car, extension)
	if err != nil {
		return err
	}
	switch {
	case there == nil:
		s.log.Info("added the schema extension", "owner", extension.Owner, "extension_version", extension.Version)
	case there.Version != extension.Version:
		s.log.Info("updated the schema extension", "owner", extension.Owner, "from", there.Version, "to", extension.Version)
	case (there.Schema.Vertices != nil || there.Schema.Edges != nil) && !extension.Schema.Same(there.Schema):
		s.log.Warn("the schema extension differs from the one of the same version in CAR: raise its version to apply the change",
			"owner", extension.Owner, "extension_version", extension.Version)
	}
	return nil
}

// putExtension stores an extension in CAR unless CAR has this version. It returns the one that CAR
// had; nil if there was none.
//
// A newer version in CAR is the connector's fault: a newer build has run before, and overwriting
// its extension would remove properties from existing data. Nothing is lost, so the save point is
// kept.
func putExtension(ctx context.Context, client *car.Client, extension *model.Extension) (there *model.Extension, err error) {
	if there, err = client.Extension(ctx, extension.Key); err != nil {
		return nil, err
	}
	ours, err := extension.VersionNumber()
	if err != nil {
		return nil, err
	}
	if there == nil {
		return nil, client.PutExtension(ctx, extension)
	}
	theirs, err := there.VersionNumber()
	if err != nil {
		return nil, failure.New(failure.Recoverable, "the version of the schema extension %s in CAR is unusable: %v", extension.Key, err).
			WithCause(err).WithHint("look at the log of the CAR service")
	}
	switch {
	case ours > theirs:
		return there, client.PutExtension(ctx, extension)
	case ours < theirs:
		return nil, failure.New(failure.Recoverable,
			"CAR has version %d of the schema extension %s, and this connector has the older version %d", theirs, extension.Key, ours).
			WithFault(failure.FaultConnector).WithHint("run the newer build of the connector, or raise the version of its schema extension")
	}
	return there, nil
}
