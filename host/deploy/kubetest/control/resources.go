package control

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/generic"
	genericregistry "k8s.io/apiserver/pkg/registry/generic/registry"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
	"k8s.io/client-go/tools/cache"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/batch"
	api "k8s.io/kubernetes/pkg/apis/core"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/event"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/secret"

	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// strategy is what Kubernetes' registry knows of a resource: defaults, validation, fields that only
// the server writes.
type strategy interface {
	rest.RESTCreateStrategy
	rest.RESTUpdateStrategy
	rest.RESTDeleteStrategy
}

// kind is one resource of the API.
type kind struct {
	group, version, plural, singular string
	object, list                     func() runtime.Object
	strategy                         strategy
	// status is the strategy of the subresource; nil without one.
	status strategy
	attrs  storage.AttrFunc
	// returned tells that a deletion answers with the object.
	returned bool
}

// kinds is the table of all resources.
func kinds() []kind {
	return []kind{
		{group: "", version: "v1", plural: "namespaces", singular: "namespace", strategy: namespace.Strategy, status: namespace.StatusStrategy,
			attrs:  namespace.GetAttrs,
			object: func() runtime.Object { return &api.Namespace{} }, list: func() runtime.Object { return &api.NamespaceList{} }},
		{group: "", version: "v1", plural: "secrets", singular: "secret", strategy: secret.Strategy, attrs: secret.GetAttrs,
			object: func() runtime.Object { return &api.Secret{} }, list: func() runtime.Object { return &api.SecretList{} }},
		{group: "", version: "v1", plural: "events", singular: "event", strategy: event.Strategy, attrs: event.GetAttrs,
			object: func() runtime.Object { return &api.Event{} }, list: func() runtime.Object { return &api.EventList{} }},
		{group: "", version: "v1", plural: "pods", singular: "pod", strategy: pod.Strategy, status: pod.StatusStrategy, attrs: pod.GetAttrs,
			returned: true,
			object:   func() runtime.Object { return &api.Pod{} }, list: func() runtime.Object { return &api.PodList{} }},
		{group: batch.GroupName, version: "v1", plural: "jobs", singular: "job", strategy: job.Strategy, status: job.StatusStrategy,
			attrs:  job.GetAttrs,
			object: func() runtime.Object { return &batch.Job{} }, list: func() runtime.Object { return &batch.JobList{} }},
		{group: batch.GroupName, version: "v1", plural: "cronjobs", singular: "cronjob", strategy: cronjob.Strategy,
			status: cronjob.StatusStrategy,
			object: func() runtime.Object { return &batch.CronJob{} }, list: func() runtime.Object { return &batch.CronJobList{} }},
		connectorKind(),
	}
}

// storages makes the REST storage of a kind and of its status.
func (k kind) storages(m *memory) (map[string]rest.Storage, error) {
	resource := schema.GroupResource{Group: k.group, Resource: k.plural}
	s := &genericregistry.Store{
		NewFunc: k.object, NewListFunc: k.list,
		DefaultQualifiedResource: resource, SingularQualifiedResource: schema.GroupResource{Group: k.group, Resource: k.singular},
		CreateStrategy: k.strategy, UpdateStrategy: k.strategy, DeleteStrategy: k.strategy,
		TableConvertor: rest.NewDefaultTableConvertor(resource), ReturnDeletedObject: k.returned,
	}
	s.ResetFieldsStrategy, _ = k.strategy.(rest.ResetFieldsStrategy) // some reset nothing
	version := schema.GroupVersion{Group: k.group, Version: k.version}
	options := generic.RESTOptions{
		StorageConfig: &storagebackend.ConfigForResource{
			Config:        storagebackend.Config{Codec: legacyscheme.Codecs.LegacyCodec(version), EncodeVersioner: version},
			GroupResource: resource,
		},
		ResourcePrefix: k.plural, EnableGarbageCollection: true, DeleteCollectionWorkers: 1,
		Decorator: func(_ *storagebackend.ConfigForResource, _ string, _ func(runtime.Object) (string, error), newObject func() runtime.Object,
			_ func() runtime.Object, _ storage.AttrFunc, _ storage.IndexerFuncs, _ *cache.Indexers,
		) (storage.Interface, factory.DestroyFunc, error) {
			return &store{memory: m, newObject: newObject}, func() {}, nil
		},
	}
	if err := s.CompleteWithOptions(&generic.StoreOptions{RESTOptions: options, AttrFunc: k.attrs}); err != nil {
		return nil, err
	}
	all := map[string]rest.Storage{k.plural: s}
	if k.status != nil {
		own := *s
		own.UpdateStrategy = k.status
		own.ResetFieldsStrategy, _ = k.status.(rest.ResetFieldsStrategy)
		all[k.plural+"/status"] = &statusStorage{&own}
	}
	return all, nil
}

// statusStorage is the REST storage of a status.
type statusStorage struct{ store *genericregistry.Store }

// New makes an object to read into.
func (s *statusStorage) New() runtime.Object { return s.store.New() }

// Destroy has nothing to do.
func (s *statusStorage) Destroy() {}

// Get reads the object.
func (s *statusStorage) Get(ctx context.Context, name string, options *metav1.GetOptions) (runtime.Object, error) {
	return s.store.Get(ctx, name, options)
}

// Update writes the status, and nothing else of the object.
func (s *statusStorage) Update(ctx context.Context, name string, object rest.UpdatedObjectInfo, create rest.ValidateObjectFunc,
	update rest.ValidateObjectUpdateFunc, _ bool, options *metav1.UpdateOptions,
) (runtime.Object, bool, error) {
	return s.store.Update(ctx, name, object, create, update, false, options)
}

// GetResetFields are the fields that only the server writes.
func (s *statusStorage) GetResetFields() map[fieldpath.APIVersion]*fieldpath.Set {
	return s.store.GetResetFields()
}
