package inventory

import (
	"context"
	"fmt"
	"strings"

	"carjs/host/model"
	"carjs/host/submit"
)

// Missing looks for posted objects of a collection, and returns the first that CAR does not show,
// or shows differently; "" if there is none. It compares the properties that queries show, except
// null ones.
func (i *Inventory) Missing(ctx context.Context, c *model.Collection, objects []map[string]any) (string, error) {
	for _, object := range objects {
		if c.Kind == model.Edge && object["active"] == false {
			continue // a deactivated edge is not shown
		}
		var shown bool
		var name string
		involved := i.involved(c)
		err := i.adapting(ctx, involved, func() (err error) {
			if err = i.lacks(involved...); err == nil {
				shown, name, err = i.shows(ctx, c, object)
			}
			return err
		})
		if err != nil {
			return "", err
		}
		if !shown {
			return name, nil
		}
	}
	return "", nil
}

// shows tells whether CAR shows an object, and returns its name.
func (i *Inventory) shows(ctx context.Context, c *model.Collection, object map[string]any) (shown bool, name string, err error) {
	s := i.shapeOf(c)
	part, name := s.only(object)
	walks, err := i.through(ctx, s, part)
	if err != nil {
		return false, name, err
	}
	within := part.filter(s)
	if c.Kind == model.Edge { // one edge has both ends
		from, to := part.ends(s)
		within = func(o submit.Existing) bool { return from(o) && to(o) }
	}
	posted := s.posted(object)
	for _, w := range walks {
		for property := range posted {
			if field := (field{name: c.ShownAs(property)}); !w.asks(field.name) {
				w.fields = append(w.fields, field)
			}
		}
		w.visit = func(row map[string]any) error {
			o, err := s.identity(row)
			if err != nil || !within(o) {
				return err
			}
			shown = shown || s.agrees(row, posted)
			return nil
		}
		if err := i.follow(ctx, c.Name, w); err != nil {
			return false, name, err
		}
	}
	return shown, name, nil
}

// only returns the part of the collection that contains one object, and the object's name.
func (s *shape) only(object map[string]any) (Part, string) {
	if s.c.Kind == model.Vertex {
		key := firstText(object, s.c.KeyedBy, model.ByExternalID, model.ByKey)
		if region, _ := object["region_id"].(string); model.Regional(s.c.Name) {
			key = model.RegionalKey(region, key)
		}
		return Part{Keys: []string{key}}, s.c.Name + " " + key
	}
	from := strings.TrimPrefix(firstText(object, s.c.FromProperty(), "_from_external_id", "_from"), s.c.From+"/")
	to := strings.TrimPrefix(firstText(object, s.c.ToProperty(), "_to_external_id", "_to"), s.c.To+"/")
	return Part{From: []string{from}, To: []string{to}}, fmt.Sprintf("%s %s → %s", s.c.Name, from, to)
}

func firstText(object map[string]any, names ...string) string {
	for _, name := range names {
		if object[name] != nil && object[name] != "" {
			return fmt.Sprint(object[name])
		}
	}
	return ""
}

// posted are the properties of an object that queries show and that are not null.
func (s *shape) posted(object map[string]any) map[string]any {
	posted := map[string]any{}
	for name, value := range object {
		p, known := s.c.Property(name)
		if !known || value == nil || s.c.ShownAs(name) == "" {
			continue
		}
		if _, text := value.(string); text && p.Type == model.Number {
			continue // a date, which CAR keeps as a number
		}
		posted[name] = value
	}
	return posted
}

// agrees tells whether a row equals what was posted.
func (s *shape) agrees(row, posted map[string]any) bool {
	shown := make(map[string]any, len(posted))
	for name := range posted {
		shown[name] = s.value(name, row[s.c.ShownAs(name)])
	}
	return submit.ContentHash(s.c, shown) == submit.ContentHash(s.c, posted)
}

// asks tells whether a walk queries a field.
func (w *walk) asks(name string) bool {
	for _, f := range w.fields {
		if f.name == name {
			return true
		}
	}
	for _, f := range w.order {
		if f == name {
			return true
		}
	}
	return false
}
