package host

import (
	"context"
	"maps"
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/host/model"
	"carjs/host/served"
	"carjs/host/submit"
)

// lacking returns what of an extension CAR does not serve: collections, and properties as
// collection.property.
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

// goByImportSchema asks for the import schema that CAR serves and makes it the one by which objects
// are validated from here on. What CAR would silently drop ends the run: the connector's own
// extension, when CAR said that it took it and does not go by it.
func (s *session) goByImportSchema(ctx context.Context, submission *submit.Submission) error {
	raw, err := s.car.ImportSchema(ctx)
	if err != nil {
		return err
	}
	schema, err := served.Read(raw)
	if err != nil {
		s.log.Warn("CAR's import schema is unreadable: objects are validated by the model of carjs alone", "error", err)
		return nil
	}
	if lacking := lacking(schema, s.extension); len(lacking) > 0 {
		return failure.New(failure.Recoverable,
			"CAR accepted the schema extension %s but does not apply it: its import schema lacks %s", s.extension.Key, strings.Join(lacking, ", ")).
			WithFault(failure.FaultCAR).WithHint("look at the log of the CAR service, then run again")
	}
	amended, err := schema.Amend(s.model)
	if err != nil {
		s.log.Warn("CAR's import schema is unusable: objects are validated by the model of carjs alone", "error", err)
		return nil
	}
	s.tellAmendments(amended)
	if amended.Model == s.model {
		return nil
	}
	s.progress.setModel(amended.Model)
	return submission.Amend(amended.Model)
}

// tellAmendments logs where CAR's import schema differs from the model of carjs.
func (s *session) tellAmendments(a *served.Amendments) {
	for _, err := range a.Unusable {
		s.log.Warn("part of CAR's import schema is unusable: the model of carjs holds in its place", "error", err)
	}
	if len(a.Absent) > 0 {
		s.log.Warn("CAR's import schema lacks collections of this connector", "names", a.Absent)
	}
	if len(a.Changed) > 0 {
		s.log.Info("CAR has other rules than this version of carjs for some collections: their objects are validated by its import schema",
			"names", a.Changed)
	}
	if len(a.Added) > 0 {
		s.log.Info("CAR has collections that this version of carjs does not know: their objects are validated by its import schema",
			"names", a.Added)
	}
}
