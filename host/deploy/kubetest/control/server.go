package control

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/emicklei/go-restful/v3"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/authentication/authenticator"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints"
	"k8s.io/apiserver/pkg/endpoints/discovery"
	"k8s.io/apiserver/pkg/endpoints/filters"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	"k8s.io/client-go/applyconfigurations"
	"k8s.io/client-go/kubernetes"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	restclient "k8s.io/client-go/rest"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
)

// Admin is the token of a user who may do everything.
const Admin = "admin-token"

// Cluster is a cluster in this process.
type Cluster struct {
	// Server is the API on loopback, with TLS.
	Server *httptest.Server
	// Client asks it as the administrator.
	Client kubernetes.Interface
	// Users are the names of users by their tokens; tokens that are not here are refused.
	Users map[string]string
	// Allowed tells what a user other than the administrator may do.
	Allowed func(a authorizer.Attributes) bool
	// Admit sees every object before it is written, and may refuse it.
	Admit func(a admission.Attributes) error

	memory *memory
}

// New starts a cluster without controllers that ends with the test. It has the namespace default.
func New(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{memory: newMemory(), Users: map[string]string{Admin: "admin"}}
	handler, err := c.handler()
	if err != nil {
		t.Fatal(err)
	}
	c.Server = httptest.NewUnstartedServer(handler)
	c.Server.EnableHTTP2 = true
	c.Server.StartTLS()
	t.Cleanup(func() {
		c.Server.CloseClientConnections()
		c.Server.Close()
	})
	if c.Client, err = kubernetes.NewForConfig(c.config()); err != nil {
		t.Fatal(err)
	}
	c.Namespace(t, "default")
	return c
}

// config is how client-go connects.
func (c *Cluster) config() *restclient.Config {
	return &restclient.Config{Host: c.Server.URL, BearerToken: Admin, QPS: -1,
		TLSClientConfig: restclient.TLSClientConfig{Insecure: true}}
}

// handler is the API: Kubernetes' REST handlers behind its filters for users and rights.
func (c *Cluster) handler() (http.Handler, error) {
	if err := installConnector(); err != nil {
		return nil, err
	}
	groups := map[schema.GroupVersion]map[string]rest.Storage{}
	for _, k := range kinds() {
		storages, err := k.storages(c.memory)
		if err != nil {
			return nil, err
		}
		version := schema.GroupVersion{Group: k.group, Version: k.version}
		if groups[version] == nil {
			groups[version] = map[string]rest.Storage{}
		}
		for path, s := range storages {
			groups[version][path] = s
		}
	}
	container := restful.NewContainer()
	listDiscovery(container, groups)
	for version, storages := range groups {
		if _, _, err := c.group(version, storages).InstallREST(container); err != nil {
			return nil, err
		}
	}
	resolver := &request.RequestInfoFactory{APIPrefixes: sets.NewString("api", "apis"), GrouplessAPIPrefixes: sets.NewString("api")}
	handler := filters.WithAuthorization(container, authorizer.AuthorizerFunc(c.authorize), legacyscheme.Codecs)
	handler = filters.WithAuthentication(handler, authenticator.RequestFunc(c.authenticate),
		filters.Unauthorized(legacyscheme.Codecs), nil, nil)
	handler = filters.WithAuditInit(filters.WithRequestInfo(handler, resolver))
	return filters.WithRequestReceivedTimestamp(handler), nil
}

// listDiscovery lists the groups, as kubectl asks for them before anything else.
func listDiscovery(container *restful.Container, groups map[schema.GroupVersion]map[string]rest.Storage) {
	here := discovery.DefaultAddresses{}
	container.Add(discovery.NewLegacyRootAPIHandler(here, legacyscheme.Codecs, "/api").WebService())
	root := discovery.NewRootAPIsHandler(here, legacyscheme.Codecs)
	for version := range groups {
		if version.Group != "" {
			one := metav1.GroupVersionForDiscovery{GroupVersion: version.String(), Version: version.Version}
			root.AddGroup(metav1.APIGroup{Name: version.Group, Versions: []metav1.GroupVersionForDiscovery{one}, PreferredVersion: one})
		}
	}
	container.Add(root.WebService())
}

func (c *Cluster) group(version schema.GroupVersion, storages map[string]rest.Storage) *endpoints.APIGroupVersion {
	root := "/apis"
	if version.Group == "" {
		root = "/api"
	}
	types := applyconfigurations.NewTypeConverter(clientscheme.Scheme)
	if version == connectorVersion {
		types = managedfields.NewDeducedTypeConverter()
	}
	s := legacyscheme.Scheme
	return &endpoints.APIGroupVersion{
		Storage: storages, Root: root, GroupVersion: version,
		OptionsExternalVersion: &schema.GroupVersion{Version: "v1"},
		Serializer:             legacyscheme.Codecs, ParameterCodec: legacyscheme.ParameterCodec,
		Typer: s, Creater: s, Convertor: s, ConvertabilityChecker: s, Defaulter: s, Namer: runtime.Namer(meta.NewAccessor()),
		UnsafeConvertor: runtime.UnsafeObjectConvertor(s), TypeConverter: types,
		EquivalentResourceRegistry: runtime.NewEquivalentResourceRegistry(),
		Authorizer:                 authorizer.AuthorizerFunc(c.authorize), Admit: (*gate)(c),
		MinRequestTimeout: time.Minute, MaxRequestBodyBytes: 3 << 20,
	}
}

func (c *Cluster) authenticate(r *http.Request) (*authenticator.Response, bool, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	name, known := c.Users[token]
	if !known && r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		name, known = r.TLS.PeerCertificates[0].Subject.CommonName, true
	}
	if !known {
		return nil, false, nil
	}
	return &authenticator.Response{User: &user.DefaultInfo{Name: name}}, true, nil
}

func (c *Cluster) authorize(_ context.Context, a authorizer.Attributes) (authorizer.Decision, string, error) {
	if a.GetUser().GetName() == "admin" || !a.IsResourceRequest() || c.Allowed != nil && c.Allowed(a) {
		return authorizer.DecisionAllow, "", nil
	}
	return authorizer.DecisionNoOpinion, "", nil
}

// gate is the admission: a namespace must exist before anything is made in it, and a test may
// refuse.
type gate Cluster

// Handles tells that all operations pass through it.
func (g *gate) Handles(admission.Operation) bool { return true }

// Validate refuses.
func (g *gate) Validate(_ context.Context, a admission.Attributes, _ admission.ObjectInterfaces) error {
	if ns := a.GetNamespace(); ns != "" && a.GetOperation() == admission.Create && a.GetResource().Resource != "namespaces" {
		g.memory.mu.Lock()
		_, there := g.memory.objects["/namespaces/"+ns]
		g.memory.mu.Unlock()
		if !there {
			return apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, ns)
		}
	}
	if g.Admit == nil {
		return nil
	}
	if err := g.Admit(a); err != nil {
		return admission.NewForbidden(a, err)
	}
	return nil
}

// Namespace makes a namespace.
func (c *Cluster) Namespace(t testing.TB, name string) {
	t.Helper()
	ns := newNamespace(name)
	if _, err := c.Client.CoreV1().Namespaces().Create(t.Context(), ns, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}
