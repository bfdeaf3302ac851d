package control

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/apiserver/pkg/storage"
)

// memory keeps the objects of all resources, by keys such as /pods/NAMESPACE/NAME, in place of
// etcd.
type memory struct {
	mu       sync.Mutex
	revision uint64
	objects  map[string]runtime.Object
	past     []change
	watchers map[*watcher]bool
}

// change is one entry of the log: an object before and after, nil for none.
type change struct {
	revision      uint64
	key           string
	before, after runtime.Object
}

func newMemory() *memory {
	return &memory{objects: map[string]runtime.Object{}, watchers: map[*watcher]bool{}, revision: 1}
}

var versioner = storage.APIObjectVersioner{}

// put changes an object; nil removes it. The lock is held.
func (m *memory) put(key string, object runtime.Object) error {
	m.revision++
	c := change{revision: m.revision, key: key, before: m.objects[key]}
	stamped := object
	if object == nil {
		stamped = c.before.DeepCopyObject()
		delete(m.objects, key)
	} else {
		stamped = object.DeepCopyObject()
		m.objects[key] = stamped
		c.after = stamped
	}
	if err := versioner.UpdateObject(stamped, m.revision); err != nil {
		return err
	}
	if object == nil {
		c.before = stamped // a watcher sees the revision of the removal
	}
	m.past = append(m.past, c)
	for w := range m.watchers {
		w.take(c)
	}
	return nil
}

// update changes an object behind the API's back, as the scheduler's binding does.
func (m *memory) update(key string, change func(runtime.Object)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	object, ok := m.objects[key]
	if !ok {
		return storage.NewKeyNotFoundError(key, 0)
	}
	object = object.DeepCopyObject()
	change(object)
	return m.put(key, object)
}

// store is the [storage.Interface] of one resource.
type store struct {
	*memory
	newObject func() runtime.Object
}

var _ storage.Interface = (*store)(nil)

// give sets what a pointer points to.
func give(out, object runtime.Object) {
	if out != nil {
		reflect.ValueOf(out).Elem().Set(reflect.ValueOf(object.DeepCopyObject()).Elem())
	}
}

// Versioner reads and writes resource versions.
func (s *store) Versioner() storage.Versioner { return versioner }

// Create adds an object.
func (s *store) Create(_ context.Context, key string, object, out runtime.Object, _ uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, there := s.objects[key]; there {
		return storage.NewKeyExistsError(key, 0)
	}
	if err := versioner.PrepareObjectForStorage(object); err != nil {
		return err
	}
	if err := s.put(key, object); err != nil {
		return err
	}
	give(out, s.objects[key])
	return nil
}

// Delete removes an object.
func (s *store) Delete(ctx context.Context, key string, out runtime.Object, preconditions *storage.Preconditions,
	validate storage.ValidateObjectFunc, _ runtime.Object, _ storage.DeleteOptions,
) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	object, there := s.objects[key]
	if !there {
		return storage.NewKeyNotFoundError(key, 0)
	}
	if err := preconditions.Check(key, object); err != nil {
		return err
	}
	if err := validate(ctx, object); err != nil {
		return err
	}
	give(out, object)
	return s.put(key, nil)
}

// Get reads an object.
func (s *store) Get(_ context.Context, key string, options storage.GetOptions, out runtime.Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	object, there := s.objects[key]
	switch {
	case there:
		give(out, object)
	case options.IgnoreNotFound:
		give(out, s.newObject())
	default:
		return storage.NewKeyNotFoundError(key, 0)
	}
	return nil
}

// GetList reads the objects below a key.
func (s *store) GetList(_ context.Context, key string, options storage.ListOptions, list runtime.Object) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	pointer, err := meta.GetItemsPtr(list)
	if err != nil {
		return err
	}
	items := reflect.ValueOf(pointer).Elem()
	items.Set(reflect.MakeSlice(items.Type(), 0, 0))
	for _, object := range s.below(key, options) {
		items.Set(reflect.Append(items, reflect.ValueOf(object.DeepCopyObject()).Elem()))
	}
	return versioner.UpdateList(list, s.revision, "", nil)
}

// below are the objects that options choose, in the order of their keys. The lock is held.
func (s *store) below(key string, options storage.ListOptions) []runtime.Object {
	var keys []string
	for k := range s.objects {
		if covers(key, options.Recursive, k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	var chosen []runtime.Object
	for _, k := range keys {
		if ok, err := options.Predicate.Matches(s.objects[k]); err == nil && ok {
			chosen = append(chosen, s.objects[k])
		}
	}
	return chosen
}

func covers(key string, recursive bool, other string) bool {
	if !recursive {
		return other == key
	}
	return strings.HasPrefix(other, strings.TrimSuffix(key, "/")+"/")
}

// GuaranteedUpdate changes an object, again and again until nobody else has in between.
func (s *store) GuaranteedUpdate(_ context.Context, key string, out runtime.Object, ignoreNotFound bool,
	preconditions *storage.Preconditions, try storage.UpdateFunc, _ runtime.Object,
) error {
	for {
		s.mu.Lock()
		object, there := s.objects[key]
		s.mu.Unlock()
		if !there {
			if !ignoreNotFound {
				return storage.NewKeyNotFoundError(key, 0)
			}
			object = s.newObject()
		}
		if err := preconditions.Check(key, object); err != nil {
			return err
		}
		revision, err := versioner.ObjectResourceVersion(object)
		if err != nil {
			return err
		}
		changed, _, err := try(object.DeepCopyObject(), storage.ResponseMeta{ResourceVersion: revision})
		if err != nil {
			return err
		}
		done, err := s.replace(key, object, there, changed, out)
		if done || err != nil {
			return err
		}
	}
}

// replace puts an object in the place of another one, unless that is no longer there.
func (s *store) replace(key string, before runtime.Object, there bool, after, out runtime.Object) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now, still := s.objects[key]; still != there || there && now != before {
		return false, nil
	}
	after = after.DeepCopyObject()
	if err := versioner.PrepareObjectForStorage(after); err != nil {
		return false, err
	}
	same := before.DeepCopyObject()
	if err := versioner.PrepareObjectForStorage(same); err != nil {
		return false, err
	}
	if !there || !reflect.DeepEqual(same, after) {
		if err := s.put(key, after); err != nil {
			return false, err
		}
	}
	give(out, s.objects[key])
	return true, nil
}

// Watch tells what changes below a key, and what is there, as the options say.
func (s *store) Watch(_ context.Context, key string, options storage.ListOptions) (watch.Interface, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &watcher{memory: s.memory, key: key, options: options, events: make(chan watch.Event), more: make(chan struct{}, 1),
		stopped: make(chan struct{})}
	initial := options.SendInitialEvents != nil && *options.SendInitialEvents
	since, err := versioner.ParseResourceVersion(options.ResourceVersion)
	if err != nil {
		return nil, err
	}
	if initial || since == 0 && options.SendInitialEvents == nil {
		for _, object := range s.below(key, options) {
			w.push(watch.Event{Type: watch.Added, Object: object.DeepCopyObject()})
		}
	} else if since > 0 {
		for _, c := range s.past {
			if c.revision > since {
				w.take(c)
			}
		}
	}
	if initial && options.Predicate.AllowWatchBookmarks {
		mark := s.newObject()
		if err := versioner.UpdateObject(mark, s.revision); err != nil {
			return nil, err
		}
		accessor, err := meta.Accessor(mark)
		if err != nil {
			return nil, err
		}
		accessor.SetAnnotations(map[string]string{metav1.InitialEventsAnnotationKey: "true"})
		w.push(watch.Event{Type: watch.Bookmark, Object: mark})
	}
	s.watchers[w] = true
	go w.deliver()
	return w, nil
}

// watcher hands on events in their order, however slow who reads is.
type watcher struct {
	memory  *memory
	key     string
	options storage.ListOptions
	events  chan watch.Event
	more    chan struct{}
	stopped chan struct{}
	once    sync.Once

	mu    sync.Mutex
	queue []watch.Event
}

// take makes the event of a change, if it concerns the watcher.
func (w *watcher) take(c change) {
	if !covers(w.key, w.options.Recursive, c.key) {
		return
	}
	matches := func(o runtime.Object) bool {
		if o == nil {
			return false
		}
		ok, err := w.options.Predicate.Matches(o)
		return err == nil && ok
	}
	was, is := matches(c.before), matches(c.after)
	switch {
	case is && was:
		w.push(watch.Event{Type: watch.Modified, Object: c.after.DeepCopyObject()})
	case is:
		w.push(watch.Event{Type: watch.Added, Object: c.after.DeepCopyObject()})
	case was:
		gone := c.before.DeepCopyObject()
		_ = versioner.UpdateObject(gone, c.revision) // it has metadata
		w.push(watch.Event{Type: watch.Deleted, Object: gone})
	}
}

func (w *watcher) push(e watch.Event) {
	w.mu.Lock()
	w.queue = append(w.queue, e)
	w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
}

func (w *watcher) deliver() {
	defer close(w.events)
	for {
		w.mu.Lock()
		queue := w.queue
		w.queue = nil
		w.mu.Unlock()
		for _, e := range queue {
			select {
			case w.events <- e:
			case <-w.stopped:
				return
			}
		}
		select {
		case <-w.more:
		case <-w.stopped:
			return
		}
	}
}

// Stop ends the watch.
func (w *watcher) Stop() {
	w.once.Do(func() {
		w.memory.mu.Lock()
		delete(w.memory.watchers, w)
		w.memory.mu.Unlock()
		close(w.stopped)
	})
}

// ResultChan has the events.
func (w *watcher) ResultChan() <-chan watch.Event { return w.events }

// Stats counts nothing.
func (s *store) Stats(context.Context) (storage.Stats, error) { return storage.Stats{}, nil }

// ReadinessCheck is always passed.
func (s *store) ReadinessCheck() error { return nil }

// RequestWatchProgress is never asked for.
func (s *store) RequestWatchProgress(context.Context) error {
	return fmt.Errorf("watch progress is not supported")
}

// GetCurrentResourceVersion is the revision of the last change.
func (s *store) GetCurrentResourceVersion(context.Context) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revision, nil
}

// EnableResourceSizeEstimation has no effect.
func (s *store) EnableResourceSizeEstimation(storage.KeysFunc) error { return nil }

// CompactRevision is 0: everything is kept.
func (s *store) CompactRevision() int64 { return 0 }
