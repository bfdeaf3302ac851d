package test

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dop251/goja"
)

// route is one scripted answer.
type route struct {
	method, path string
	// origin is that of a path that is a whole URL, "" for any.
	origin string
	parts  []string
	query  url.Values
	// left is how many requests it answers yet; negative for all.
	left      int
	answering goja.Value
}

// addRoute is the native behind source.on: (method, path, answering, times).
func (src *source) addRoute(call goja.FunctionCall) goja.Value {
	method, text := call.Argument(0).String(), call.Argument(1).String()
	target, err := url.Parse(text)
	if err != nil {
		panic(src.suite.rt.VM().NewTypeError("%s %s: invalid path: %v", method, text, err))
	}
	r := &route{
		method: method, path: text, parts: strings.Split(target.Path, "/"), query: target.Query(),
		answering: call.Argument(2), left: int(call.Argument(3).ToInteger()),
	}
	if target.Host != "" {
		r.origin = target.Scheme + "://" + target.Host
	}
	if r.left == 0 {
		r.left = -1
	}
	src.mu.Lock()
	defer src.mu.Unlock()
	src.routes = append(src.routes, r)
	return goja.Undefined()
}

// match finds the answer to a request and uses it up; nil when there is none. The lock is held.
func (src *source) match(r *http.Request, seen *request) *route {
	for _, route := range slices.Backward(src.routes) {
		params, ok := route.fits(r)
		if !ok || route.left == 0 {
			continue
		}
		if route.left > 0 {
			route.left--
		}
		seen.Params = params
		return route
	}
	return nil
}

// fits tells whether a request is one of the route, and what the named parts of its path are.
func (r *route) fits(request *http.Request) (params map[string]string, ok bool) {
	if r.method != "*" && r.method != request.Method || r.origin != "" && r.origin != request.URL.Scheme+"://"+request.URL.Host {
		return nil, false
	}
	query := request.URL.Query()
	for name, values := range r.query {
		for _, value := range values {
			if !slices.Contains(query[name], value) {
				return nil, false
			}
		}
	}
	return r.fitsPath(request.URL.Path)
}

func (r *route) fitsPath(path string) (params map[string]string, ok bool) {
	params = map[string]string{}
	parts := strings.Split(path, "/")
	for i, want := range r.parts {
		if want == "*" && i == len(r.parts)-1 {
			return params, len(parts) >= len(r.parts)
		}
		if i >= len(parts) {
			return nil, false
		}
		if name, named := strings.CutPrefix(want, ":"); named && parts[i] != "" {
			params[name] = parts[i]
		} else if parts[i] != want {
			return nil, false
		}
	}
	return params, len(parts) == len(r.parts)
}

func sorted(names iter.Seq[string]) []string { return slices.Sorted(names) }
