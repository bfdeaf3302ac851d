package host

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/go-hclog"

	"carjs/host/car"
	"carjs/host/failure"
	"carjs/host/internal/inventory"
	"carjs/host/model"
	"carjs/host/submit"
)

// evidenceLooks is how many times the graph is queried for objects whose import CAR does not
// confirm, before they count as missing.
const evidenceLooks = 5

// sender posts the pages of an import and makes sure that CAR has them. If CAR does not confirm a
// page, sender looks for its first and last object in the graph. Any goroutine may call its
// methods.
type sender struct {
	car     *car.Client
	service *Service
	log     hclog.Logger

	mu    sync.Mutex
	pages map[string]landmarks // by job, until its outcome is known
	// unshown are properties of an extension, by collection, that CAR's import schema lacks.
	unshown map[string][]string
	// earliest is the first vertex of each collection that CAR accepted.
	earliest map[string]json.RawMessage
	// doubtful is the first object of each collection that has one of them.
	doubtful map[string]json.RawMessage
}

// landmarks are a page's first and last object.
type landmarks struct {
	collection  string
	first, last json.RawMessage
}

func newSender(client *car.Client, service *Service, log hclog.Logger) *sender {
	return &sender{car: client, service: service, log: log, pages: map[string]landmarks{}, doubtful: map[string]json.RawMessage{},
		earliest: map[string]json.RawMessage{}}
}

// Import posts a page.
func (s *sender) Import(ctx context.Context, body []byte) (string, error) {
	job, err := s.car.Import(ctx, body)
	if err != nil {
		return job, err
	}
	var page landmarks
	page.collection, page.first, page.last = submit.Landmarks(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[job] = page
	if c, ok := s.service.progress.currentModel().Collection(page.collection); ok && c.Kind == model.Vertex && s.earliest[c.Name] == nil {
		s.earliest[c.Name] = identityOf(page.first, c)
	}
	if properties, doubt := s.unshown[page.collection]; doubt && s.doubtful[page.collection] == nil {
		s.doubtful[page.collection] = firstWith(body, page.collection, properties)
	}
	return job, nil
}

// AwaitImports returns when CAR has the pages of all the jobs. For jobs without a status, the graph
// decides.
func (s *sender) AwaitImports(ctx context.Context, jobs []string) error {
	defer s.forget(jobs)
	unnamed, err := s.car.WatchImports(ctx, jobs)
	for look := 1; err == nil && len(unnamed) > 0; look++ {
		job, missing, err := s.missing(ctx, unnamed)
		var noAnswer *inventory.NoAnswerError
		if errors.As(err, &noAnswer) {
			return job.Failure("and does not answer queries about " + noAnswer.Collection)
		}
		if err != nil {
			return err
		}
		if missing == "" {
			s.log.Info("CAR reports no status for some imports: their objects are in the graph", "imports", len(unnamed))
			return nil
		}
		if look == evidenceLooks {
			return job.Failure("and the graph lacks " + missing)
		}
		if err := s.car.Pause(ctx, look); err != nil {
			return err
		}
		again := make([]string, len(unnamed))
		for i, u := range unnamed {
			again[i] = u.Job
		}
		if unnamed, err = s.car.WatchImports(ctx, again); err != nil {
			return err
		}
	}
	return err
}

func (s *sender) forget(jobs []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, job := range jobs {
		delete(s.pages, job)
	}
}

// missing returns the first import that lacks an object in the graph, and that object; "" when none
// does.
func (s *sender) missing(ctx context.Context, imports []car.Unnamed) (car.Unnamed, string, error) {
	for _, job := range imports {
		s.mu.Lock()
		page := s.pages[job.Job]
		s.mu.Unlock()
		missing, err := s.absent(ctx, page.collection, page.first, page.last)
		if err != nil || missing != "" {
			return job, missing, err
		}
	}
	return car.Unnamed{}, "", nil
}

// absent returns which of the posted objects the graph lacks; "" if it has all of them.
func (s *sender) absent(ctx context.Context, collection string, posted ...json.RawMessage) (string, error) {
	c, ok := s.service.progress.currentModel().Collection(collection)
	if !ok {
		return "", nil // a page of source and report
	}
	objects := make([]map[string]any, len(posted))
	for i, text := range posted {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&objects[i]); err != nil {
			return "", failure.New(failure.General, "read back a page of %s: %v", collection, err).WithCause(err)
		}
	}
	return s.service.inventory().Missing(ctx, c, objects)
}

// stillThere checks, after a full import was left, that CAR did not enter it a second time in
// between: it would have retired what was reported before that, the earliest vertices first.
func (s *sender) stillThere(ctx context.Context) error {
	s.mu.Lock()
	earliest := maps.Clone(s.earliest)
	s.mu.Unlock()
	for _, collection := range slices.Sorted(maps.Keys(earliest)) {
		missing, err := s.absent(ctx, collection, earliest[collection])
		if err != nil {
			return err
		}
		if missing != "" {
			return failure.New(failure.Unrecoverable,
				"CAR entered this full import twice and retired what was reported before: the graph lacks %s", missing).
				WithFault(failure.FaultCAR).
				WithHint("the next run is a full import; a proxy between this machine and CAR delivered a request late")
		}
	}
	return nil
}

// anew forgets what was sent before a full import that takes the place of an incremental one.
func (s *sender) anew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.earliest)
}

// identityOf is a vertex without the properties that a later report may change.
func identityOf(vertex json.RawMessage, c *model.Collection) json.RawMessage {
	var all map[string]json.RawMessage
	if json.Unmarshal(vertex, &all) != nil {
		return nil // the encoder wrote an object
	}
	maps.DeleteFunc(all, func(name string, _ json.RawMessage) bool { return name != c.KeyedBy && name != "region_id" })
	text, _ := json.Marshal(all)
	return text
}

// doubt notes the parts of an extension that the import schema lacks: collections, and properties
// as collection.property.
func (s *sender) doubt(lacking []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unshown = map[string][]string{}
	for _, name := range lacking {
		collection, property, _ := strings.Cut(name, ".")
		s.unshown[collection] = append(s.unshown[collection], property)
	}
}

// settle checks that CAR kept the properties that its import schema lacks: it fails if an object
// that had one is missing, or is there without it.
func (s *sender) settle(ctx context.Context, extension *model.Extension) error {
	s.mu.Lock()
	doubtful := maps.Clone(s.doubtful)
	s.mu.Unlock()
	for _, collection := range slices.Sorted(maps.Keys(doubtful)) {
		if doubtful[collection] == nil {
			continue
		}
		for look := 1; ; look++ {
			missing, err := s.absent(ctx, collection, doubtful[collection])
			if err == nil && missing == "" {
				break
			}
			if look < evidenceLooks && err == nil {
				if err := s.car.Pause(ctx, look); err != nil {
					return err
				}
				continue
			}
			if ctx.Err() != nil {
				return err
			}
			f := failure.New(failure.Recoverable, "CAR accepted the schema extension %s but did not apply it: the graph lacks %s as sent",
				extension.Key, cmp.Or(missing, collection)).
				WithFault(failure.FaultCAR).WithHint("look at the log of the CAR service, then run again")
			if err != nil {
				f = f.WithCause(err).WithDetail(err.Error())
			}
			return f
		}
	}
	return nil
}

// firstWith returns the first object of a page that has one of some properties; "" stands for any.
func firstWith(body []byte, collection string, properties []string) json.RawMessage {
	var envelope map[string]json.RawMessage
	var objects []json.RawMessage
	if json.Unmarshal(body, &envelope) != nil || json.Unmarshal(envelope[collection], &objects) != nil {
		return nil
	}
	for _, text := range objects {
		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil {
			continue
		}
		for _, property := range properties {
			if value, has := object[property]; property == "" || has && string(value) != "null" {
				return text
			}
		}
	}
	return nil
}
