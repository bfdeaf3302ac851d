package host

import (
	"context"
	"maps"
	"slices"

	"carjs/host/internal/served"
	"carjs/host/model"
	"carjs/host/submit"
)

// lacking returns the parts of an extension that CAR's import schema lacks: collections, and
// properties as collection.property.
func lacking(schema *served.Schema, extension *model.Extension) []string {
	if extension == nil {
		return nil
	}
	var lacking []string
	look := func(name string, properties map[string]model.ExtensionProperty) {
		if !schema.Has(name) {
			lacking = append(lacking, name)
			return
		}
		for _, property := range slices.Sorted(maps.Keys(properties)) {
			if !schema.HasProperty(name, property) {
				lacking = append(lacking, name+"."+property)
			}
		}
	}
	for _, v := range extension.Schema.Vertices {
		look(v.Name, v.Properties)
	}
	for _, e := range extension.Schema.Edges {
		look(e.End1+"_"+e.End2, e.Properties)
	}
	return lacking
}

// servedSchema reads CAR's import schema; nil if it is unreadable. CAR may show an extension only
// seconds after accepting it, or never, so the call waits a little. Parts that are still missing
// are checked in the graph once objects with them were sent.
func (s *session) servedSchema(ctx context.Context) (*served.Schema, error) {
	for look := 1; ; look++ {
		raw, err := s.car.ImportSchema(ctx)
		if err != nil {
			return nil, err
		}
		schema, err := served.Read(raw)
		if err != nil {
			s.log.Warn("CAR's import schema is unreadable: validating objects against the built-in model only", "error", err)
			return nil, nil
		}
		lacking := lacking(schema, s.extension)
		if len(lacking) == 0 {
			return schema, nil
		}
		if look == evidenceLooks {
			s.log.Warn("CAR's import schema lacks parts of the schema extension: checking the graph after sending", "lacking", lacking)
			s.sender.doubt(lacking)
			return schema, nil
		}
		if err := s.car.Pause(ctx, look); err != nil {
			return nil, err
		}
	}
}

// goByImportSchema reads CAR's import schema. From here on objects are validated against it.
func (s *session) goByImportSchema(ctx context.Context, submission *submit.Submission) error {
	schema, err := s.servedSchema(ctx)
	if err != nil || schema == nil {
		return err
	}
	amended, err := schema.Amend(s.model)
	if err != nil {
		s.log.Warn("CAR's import schema is unusable: validating objects against the built-in model only", "error", err)
		return nil
	}
	s.tellAmendments(amended)
	if amended.Model == s.model {
		return nil
	}
	s.setModel(amended.Model)
	return submission.Amend(amended.Model)
}

// tellAmendments logs where CAR's import schema differs from the model of carjs.
func (s *session) tellAmendments(a *served.Amendments) {
	for _, err := range a.Unusable {
		s.log.Warn("part of CAR's import schema is unusable: using the built-in model for it", "error", err)
	}
	if len(a.Absent) > 0 {
		s.log.Warn("CAR's import schema lacks collections of this connector", "names", a.Absent)
	}
	if len(a.Changed) > 0 {
		s.log.Info("CAR's import schema differs from the built-in model for some collections: validating their objects against it",
			"names", a.Changed)
	}
	if len(a.Added) > 0 {
		s.log.Info("CAR has collections that this version of carjs does not know: validating their objects against its import schema",
			"names", a.Added)
	}
}
