package host

import (
	"context"

	"carjs/host/failure"
	"carjs/host/model"
)

// Calls for what a run does by itself, for connectors that need it at another time: the save point,
// the schema extension, the database.

// SetSavePoint sets the save point that the run stores once CAR has everything, instead of the one
// that the import returned. It is not stored at once: if the run failed later, the next one would
// continue after data that CAR never got.
func (s *Service) SetSavePoint(ctx context.Context, id string) error {
	if err := s.ready(); err != nil {
		return err
	}
	s.progress.nameSavePoint(id)
	return nil
}

// ResetSavePoint removes the save point at once: if this run fails, the next one is full.
func (s *Service) ResetSavePoint(ctx context.Context) error {
	if err := s.ready(); err != nil {
		return err
	}
	return s.point.reset(ctx)
}

// PrepareDatabase creates CAR's database or completes it. Every run does so before it imports.
func (s *Service) PrepareDatabase(ctx context.Context) (created bool, err error) {
	if err := s.ready(); err != nil {
		return false, err
	}
	return s.client.PrepareDatabase(ctx)
}

// Extension returns the schema extension with a key; nil when CAR has none.
func (s *Service) Extension(ctx context.Context, key string) (*model.Extension, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	return s.client.Extension(ctx, key)
}

// PutExtension adds a schema extension to CAR, or updates an older version. A newer version in CAR
// is an error. The model of the run does not change: objects are validated against the connector's
// own extension.
func (s *Service) PutExtension(ctx context.Context, extension *model.Extension) error {
	if err := s.ready(); err != nil {
		return err
	}
	if err := extension.Check(); err != nil {
		return failure.New(failure.General, "%v", err).WithCause(err).WithHint("fix the schema extension")
	}
	_, err := putExtension(ctx, s.client, extension)
	return err
}
