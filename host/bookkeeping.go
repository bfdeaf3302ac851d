package host

import (
	"context"

	"carjs/host/failure"
	"carjs/host/model"
)

// What a run does by itself, for connectors that want it at another moment: the save point, the
// schema extension, the database.

// SetSavePoint names the save point that the run stores once everything is in CAR, in place of what
// the import says. It is not stored at once: a run that fails after that would have left a gap that
// no later run knows of.
func (s *Service) SetSavePoint(ctx context.Context, id string) error {
	if err := s.ready(); err != nil {
		return err
	}
	s.progress.nameSavePoint(id)
	return nil
}

// ResetSavePoint takes the save point away, at once: when this run fails, the next one is full.
func (s *Service) ResetSavePoint(ctx context.Context) error {
	if err := s.ready(); err != nil {
		return err
	}
	return s.point.reset(ctx)
}

// PrepareDatabase creates CAR's database or completes it. A run has done so before the connector is
// asked for anything.
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

// PutExtension gives CAR a schema extension when it has none of the key or an older one. A newer
// one in CAR is an error. The model of the run stays as it is: what a connector reports is
// described by its own extension.
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
