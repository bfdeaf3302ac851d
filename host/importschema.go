package host

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"carjs/host/failure"
	"carjs/host/model"
)

// served is as much of the import schema as is compared.
type served struct {
	Properties map[string]struct {
		Items struct {
			Required   []string                   `json:"required"`
			Properties map[string]json.RawMessage `json:"properties"`
		} `json:"items"`
	} `json:"properties"`
}

// lacks returns what of an extension CAR does not serve: collections, and properties as
// collection.property.
func (theirs served) lacks(extension *model.Extension) []string {
	if extension == nil {
		return nil
	}
	var lacking []string
	look := func(name string, properties map[string]model.ExtensionProperty) {
		c, ok := theirs.Properties[name]
		if !ok {
			lacking = append(lacking, name)
			return
		}
		for _, property := range slices.Sorted(maps.Keys(properties)) {
			if _, ok := c.Items.Properties[property]; !ok {
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

// compareSchema asks for the import schema that CAR goes by and warns where it wants other than the
// run's own model, by which objects are validated. CAR has the last word: what it does not take
// ends the run. What it would silently drop does so as well: the connector's own extension, when
// CAR said that it took it and does not go by it.
func (s *session) compareSchema(ctx context.Context) error {
	raw, err := s.car.ImportSchema(ctx)
	if err != nil {
		return err
	}
	var theirs served
	if err := json.Unmarshal(raw, &theirs); err != nil || len(theirs.Properties) == 0 {
		s.log.Warn("CAR's import schema is unreadable: objects are validated by the model of carjs alone", "error", err)
		return nil
	}
	if lacking := theirs.lacks(s.extension); len(lacking) > 0 {
		return failure.New(failure.Recoverable,
			"CAR accepted the schema extension %s but does not apply it: its import schema lacks %s", s.extension.Key, strings.Join(lacking, ", ")).
			WithFault(failure.FaultCAR).WithHint("look at the log of the CAR service, then run again")
	}
	ours := s.progress.currentModel()
	var unknown, unmet, absent []string
	for _, name := range slices.Sorted(maps.Keys(theirs.Properties)) {
		c, ok := ours.Collection(name)
		if !ok {
			if name != "source" && name != "report" {
				unknown = append(unknown, name)
			}
			continue
		}
		for _, property := range theirs.Properties[name].Items.Required {
			if p, ok := c.Property(property); !ok || !p.Required {
				unmet = append(unmet, name+"."+property)
			}
		}
	}
	for _, c := range slices.Concat(ours.Vertices(), ours.Edges()) {
		if _, ok := theirs.Properties[c.Name]; !ok {
			absent = append(absent, c.Name)
		}
	}
	for _, difference := range []struct {
		message string
		names   []string
	}{
		{"CAR has collections that this connector does not know", unknown},
		{"CAR requires properties that carjs does not check", unmet},
		{"CAR's import schema lacks collections of this connector", absent},
	} {
		if len(difference.names) > 0 {
			s.log.Warn(difference.message, "names", difference.names)
		}
	}
	return nil
}
