package http

import (
	"context"
	"net/http"
	"strings"

	"carjs/bindings/args"
	"carjs/bindings/fetch"
	"carjs/host/failure"
	"carjs/host/script"

	"github.com/dop251/goja"
)

// onLoop calls f on the loop and waits for it.
func onLoop[T any](ctx context.Context, rt *script.Runtime, f func(vm *goja.Runtime) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	ready := make(chan outcome, 1)
	rt.Post(func() error {
		var o outcome
		if exception := rt.VM().Try(func() { o.value, o.err = f(rt.VM()) }); exception != nil {
			o.err = exception
			if object, ok := exception.Value().(*goja.Object); ok && rt.GoError(object) != nil {
				o.err = rt.GoError(object) // the place is where the script waits
			}
		}
		ready <- o
		return nil
	})
	select {
	case o := <-ready:
		return o.value, o.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// prepared is a request that can be sent beside the loop.
type prepared struct {
	c     *client
	r     *request
	token *pendingToken
}

func (p *prepared) send(ctx context.Context, try attempt) (*result, error) {
	return p.c.authorized(ctx, p.r, p.token, try)
}

// again is the same request once more; on the loop, as a token may be asked of the connector.
func (p *prepared) again() *prepared { return &prepared{p.c, p.r, p.c.auth.begin(p.c.m)} }

// request makes a request of what client.js has made of a text or an object.
func (j *job) request(given goja.Value, name, method string) *prepared {
	in := args.Of(j.c.m.rt, goja.FunctionCall{Arguments: []goja.Value{given}}, "job")
	o := in.Of("the option "+name, given).Fields(stepOptions...)
	path := o.Get("path")
	if !path.Given() {
		in.Of("the option "+name, given).Misuse("must be a path, a URL, or a request with a path")
	}
	if m := o.Get("method"); m.Given() {
		method = strings.ToUpper(m.Filled())
	}
	r := j.c.newRequest(method, path, o, in.Of("headers", goja.Undefined()))
	for name, values := range pairs(o.Get("headers")) {
		r.Header[name] = values
	}
	r.Private = private(r.Header)
	r.setBody(j.c.m.rt.VM(), o.Get("body").Value(), o.Get("type").Value())
	return &prepared{j.c, r, j.c.auth.begin(j.c.m)}
}

// polls makes the request that asks for the state: where the connector says, or the data source.
func (j *job) polls(vm *goja.Runtime, r *request, started *result) (*prepared, error) {
	var asks *prepared
	if j.poll != nil {
		response, err := j.c.response(vm, r, started)
		if err != nil {
			return nil, err
		}
		step, err := j.poll(goja.Undefined(), response)
		if err != nil {
			return nil, err
		}
		asks = j.request(step, "poll", http.MethodGet)
	} else {
		at := ""
		for _, name := range []string{"Operation-Location", "Azure-AsyncOperation", "Location"} {
			if at = started.Header.Get(name); at != "" {
				break
			}
		}
		u, err := fetch.ResolveURL(started.URL, at)
		if at == "" || err != nil {
			return nil, j.fault(r, started, failure.CodeDatasourceDataProcess,
				"the response names no Location where the state can be asked for").
				WithHint("set the option poll of job")
		}
		asks = j.request(vm.ToValue(stepTo(vm, u.String())), "poll", http.MethodGet)
	}
	if j.byStatus() {
		asks.r.Redirect = fetch.Manual
	}
	if asks.r.repeat == byMethod {
		asks.r.repeat = always // it only reads
	}
	return asks, nil
}

// stepTo is {path} for a URL.
func stepTo(vm *goja.Runtime, path string) *goja.Object {
	step := vm.NewObject()
	_ = step.Set("path", path)
	return step
}

// filesOf makes the requests for the files of a job that is done.
func (j *job) filesOf(vm *goja.Runtime, asks *prepared, answer *result) ([]*prepared, error) {
	switch {
	case j.files != nil:
		response, err := j.c.response(vm, asks.r, answer)
		if err != nil {
			return nil, err
		}
		steps, err := j.files(goja.Undefined(), response)
		if err != nil {
			return nil, err
		}
		return j.downloads(answer, steps)
	case j.fileAt.given():
		body, err := fetch.ParseJSON(j.c.m.rt, answer.data, asks.r.Method, answer.Answer)
		if err != nil {
			return nil, err
		}
		found, err := j.fileAt.find(body, answer)
		if err != nil {
			return nil, err
		}
		list, isList := found.(*goja.Object)
		if !isList {
			if args.Absent(found) {
				return nil, j.fault(asks.r, answer, failure.CodeDatasourceDataProcess, "there is no file at "+j.fileAt.describe(body)).
					WithHint("check the option files of job against the data source's documentation")
			}
			return j.downloads(answer, vm.NewArray(stepTo(vm, found.String())))
		}
		var steps []any
		args.Each(list, func(item goja.Value) { steps = append(steps, stepTo(vm, item.String())) })
		return j.downloads(answer, vm.NewArray(steps...))
	case answer.StatusCode >= 300 && answer.StatusCode <= 399:
		return j.downloads(answer, vm.NewArray(stepTo(vm, answer.Header.Get("Location"))))
	}
	file := *asks.r
	file.Redirect, file.page = fetch.Follow, false
	j.form.accepts(&file)
	return []*prepared{(&prepared{asks.c, &file, nil}).again()}, nil
}

// downloads makes requests of [{path, ...}, ...]. A file may be at another origin, which gets neither
// the login nor the headers of the client: stores of objects refuse them.
func (j *job) downloads(answer *result, steps goja.Value) ([]*prepared, error) {
	var files []*prepared
	args.Each(steps.(*goja.Object), func(step goja.Value) {
		object := step.(*goja.Object)
		path := object.Get("path")
		home := j
		if u, err := fetch.ResolveURL(answer.URL, path.String()); err == nil && (hasScheme(path.String()) || j.files == nil) {
			_ = object.Set("path", u.String())
			if !j.c.trusted(u) {
				bare := *j.c
				bare.auth, bare.header, bare.base, bare.origins = nil, http.Header{}, nil, nil
				home = &job{c: &bare}
			}
		}
		p := home.request(object, "files", http.MethodGet)
		j.form.accepts(p.r)
		files = append(files, p)
	})
	return files, nil
}
