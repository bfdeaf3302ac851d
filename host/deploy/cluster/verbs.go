package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"carjs/host/failure"
)

// Manager is the name by which the cluster knows which fields carjs has set.
const Manager = "carjs"

// Resource finds out how the cluster calls the objects of a kind.
func (c *Client) Resource(ctx context.Context, apiVersion, kind string) (Resource, error) {
	group := groupOf(apiVersion)
	c.mu.Lock()
	known, asked := c.resources[group]
	c.mu.Unlock()
	if !asked {
		list, err := c.Do(ctx, Request{Doing: "ask the cluster for " + apiVersion, Method: http.MethodGet, Path: "/" + group})
		switch {
		case err == nil:
			known = resourcesOf(group, list)
		case IsNotFound(err) && isStatus(err):
		default:
			return Resource{}, err
		}
		c.mu.Lock()
		c.resources[group] = known
		c.mu.Unlock()
	}
	for _, r := range known {
		if r.Kind == kind {
			return r, nil
		}
	}
	message, hint := unknownKind(apiVersion, kind)
	return Resource{}, failure.Usage("%s", message).WithHint("%s", hint)
}

// isStatus tells whether a 404 comes from a cluster and not from some other server.
func isStatus(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && (status.Reason != "" || status.Code == http.StatusNotFound)
}

func resourcesOf(group string, list Object) []Resource {
	var all []Resource
	for _, r := range list.List("resources") {
		name := r.Text("name") // with a slash it is a subresource, such as cronjobs/status
		namespaced, _ := r.At("namespaced").(bool)
		if name != "" && !strings.Contains(name, "/") {
			all = append(all, Resource{Kind: r.Kind(), Name: name, Namespaced: namespaced, group: group})
		}
	}
	return all
}

// IsNotFound tells whether the cluster does not have what was asked for.
func IsNotFound(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == http.StatusNotFound
}

// IsForbidden tells whether the user may not do what was asked for.
func IsForbidden(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.Code == http.StatusForbidden
}

// Get returns an object, nil when there is none.
func (c *Client) Get(ctx context.Context, r Resource, namespace, name string) (Object, error) {
	object, err := c.Do(ctx, Request{Doing: "read " + r.Kind + " " + name, Method: http.MethodGet, Path: r.Path(namespace, name)})
	if IsNotFound(err) {
		return nil, nil
	}
	return object, err
}

// List returns the objects of a namespace with labels, as a selector names them.
func (c *Client) List(ctx context.Context, r Resource, namespace, selector string) ([]Object, error) {
	query := url.Values{}
	if selector != "" {
		query.Set("labelSelector", selector)
	}
	list, err := c.Do(ctx, Request{Doing: "list " + r.Name, Method: http.MethodGet, Path: r.Path(namespace, ""), Query: query})
	return list.List("items"), err
}

// Apply is a server-side apply.
type Apply struct {
	Resource  Resource
	Namespace string
	Object    Object
	// DryRun lets the cluster check everything and change nothing.
	DryRun bool
	// Force takes fields over that somebody else has set.
	Force bool
}

// Apply applies an object and returns it as the cluster has it then.
func (c *Client) Apply(ctx context.Context, a Apply) (Object, error) {
	body, err := json.Marshal(a.Object)
	if err != nil {
		return nil, failure.Usage("cannot apply %s: %v", a.Object, err)
	}
	query := url.Values{"fieldManager": {Manager}, "fieldValidation": {"Strict"}}
	if a.Force {
		query.Set("force", "true")
	}
	if a.DryRun {
		query.Set("dryRun", "All")
	}
	return c.Do(ctx, Request{Doing: "apply " + a.Object.String(), Method: http.MethodPatch,
		Path: a.Resource.Path(a.Namespace, a.Object.Name()), Query: query, ContentType: "application/apply-patch+yaml", Body: body})
}

// Create makes an object. One of its name is taken for the one that an earlier try made, so give it
// a name that nobody else uses.
func (c *Client) Create(ctx context.Context, r Resource, namespace string, object Object, dryRun bool) (Object, error) {
	body, err := json.Marshal(object)
	if err != nil {
		return nil, failure.Usage("cannot create %s: %v", object, err)
	}
	query := url.Values{"fieldManager": {Manager}}
	if dryRun {
		query.Set("dryRun", "All")
	}
	created, err := c.Do(ctx, Request{Doing: "create " + object.String(), Method: http.MethodPost, Path: r.Path(namespace, ""),
		Query: query, ContentType: "application/json", Body: body})
	var status *StatusError
	if errors.As(err, &status) && status.Reason == "AlreadyExists" {
		return c.Get(ctx, r, namespace, object.Name())
	}
	return created, err
}

// Delete removes exactly one object, named by its UID, and in the background what belongs to it. An
// object that is gone is no error.
func (c *Client) Delete(ctx context.Context, r Resource, namespace string, object Object, dryRun bool) error {
	options := map[string]any{
		"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background",
		"preconditions": map[string]any{"uid": object.UID()},
	}
	if dryRun {
		options["dryRun"] = []string{"All"}
	}
	body, err := json.Marshal(options)
	if err != nil {
		return err
	}
	_, err = c.Do(ctx, Request{Doing: "remove " + object.String(), Method: http.MethodDelete, Path: r.Path(namespace, object.Name()),
		ContentType: "application/json", Body: body})
	if IsNotFound(err) {
		return nil
	}
	return err
}
