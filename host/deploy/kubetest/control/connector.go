package control

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/storage/names"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// Connector is the custom resource of the platform's operator.
type Connector struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ConnectorSpec `json:"spec"`
}

// ConnectorSpec says what the operator runs.
type ConnectorSpec struct {
	Type    string `json:"type"`
	Version string `json:"version"`
	Creator string `json:"creator"`
	Image   string `json:"image"`
}

// ConnectorList is a list of them.
type ConnectorList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Connector `json:"items"`
}

// DeepCopyObject copies it.
func (c *Connector) DeepCopyObject() runtime.Object {
	out := *c
	c.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	return &out
}

// DeepCopyObject copies it.
func (l *ConnectorList) DeepCopyObject() runtime.Object {
	out := *l
	out.Items = nil
	for i := range l.Items {
		out.Items = append(out.Items, *l.Items[i].DeepCopyObject().(*Connector))
	}
	return &out
}

var connectorVersion = schema.GroupVersion{Group: "connector.isc.ibm.com", Version: "v1"}

// installConnector adds the types to the scheme, and what requests have besides objects. Their
// internal version is the external one.
func installConnector() error {
	s := legacyscheme.Scheme
	if s.Recognizes(connectorVersion.WithKind("Connector")) {
		return nil
	}
	internal := schema.GroupVersion{Group: connectorVersion.Group, Version: runtime.APIVersionInternal}
	s.AddKnownTypes(connectorVersion, &Connector{}, &ConnectorList{})
	s.AddKnownTypes(internal, &Connector{}, &ConnectorList{})
	metav1.AddToGroupVersion(s, connectorVersion)
	metav1.AddToGroupVersion(s, schema.GroupVersion{Version: "v1"}) // the options of requests
	return s.SetVersionPriority(connectorVersion)
}

func connectorKind() kind {
	return kind{group: connectorVersion.Group, version: connectorVersion.Version, plural: "connectors", singular: "connector",
		strategy: connectorStrategy{legacyscheme.Scheme, names.SimpleNameGenerator},
		object:   func() runtime.Object { return &Connector{} }, list: func() runtime.Object { return &ConnectorList{} }}
}

// connectorStrategy accepts what has an image.
type connectorStrategy struct {
	runtime.ObjectTyper
	names.NameGenerator
}

func (connectorStrategy) NamespaceScoped() bool                                            { return true }
func (connectorStrategy) PrepareForCreate(context.Context, runtime.Object)                 {}
func (connectorStrategy) PrepareForUpdate(context.Context, runtime.Object, runtime.Object) {}
func (connectorStrategy) Canonicalize(runtime.Object)                                      {}
func (connectorStrategy) AllowCreateOnUpdate() bool                                        { return false }
func (connectorStrategy) AllowUnconditionalUpdate() bool                                   { return true }
func (connectorStrategy) WarningsOnCreate(context.Context, runtime.Object) []string        { return nil }
func (connectorStrategy) WarningsOnUpdate(context.Context, runtime.Object, runtime.Object) []string {
	return nil
}

func (connectorStrategy) Validate(_ context.Context, object runtime.Object) field.ErrorList {
	if c := object.(*Connector); c.Spec.Image == "" {
		return field.ErrorList{field.Required(field.NewPath("spec", "image"), "")}
	}
	return nil
}

func (s connectorStrategy) ValidateUpdate(ctx context.Context, object, _ runtime.Object) field.ErrorList {
	return s.Validate(ctx, object)
}
