package http

import (
	"context"
	"net/http"

	"carjs/bindings/fetch"
	"carjs/host/script"
)

// fill begins to fetch the next page, and those behind it that are known, as far as they are not on
// their way. When the next page is not the one that was expected, those that are on their way are
// given up.
func (p *pager) fill() {
	if len(p.ahead) > 0 && p.ahead[0].request.place != p.page.place {
		p.giveUp()
	}
	if len(p.ahead) == 0 {
		p.begin(p.page)
	}
	for p.behind != nil && len(p.ahead) < p.most {
		following := p.behind(p.ahead[len(p.ahead)-1].request)
		if following == nil {
			return
		}
		p.begin(following)
	}
}

// fetched is a page on its way. What it has is there once done is closed.
type fetched struct {
	request *request
	cancel  context.CancelFunc
	done    chan struct{}

	answer *result
	body   *script.Decoded // nil: there is none
	err    error
}

// begin starts to fetch a page and to read it, beside the loop. What goes wrong ends the list when
// the page's turn comes: asked again, it must not start in the middle.
func (p *pager) begin(r *request) {
	r.page = true
	switch {
	case p.doubted():
		r.accept = pastTheEnd
	case p.asked:
		r.accept = p.end
	}
	p.asked = true
	f := &fetched{request: r, done: make(chan struct{})}
	token := p.c.auth.begin(p.c.m)
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(p.c.m.rt.Context())
	p.ahead = append(p.ahead, f)
	go func() {
		defer close(f.done)
		defer f.cancel()
		if panicked := p.c.m.rt.Guard(func() { p.fetch(ctx, f, token) }); panicked != nil {
			f.err = panicked
		}
	}()
}

func (p *pager) fetch(ctx context.Context, f *fetched, token *pendingToken) {
	if f.answer, f.err = p.c.authorized(ctx, f.request, token, p.c.attempt); f.err != nil {
		return
	}
	if f.answer.blank() || mayBeEmpty(http.MethodGet, f.answer.StatusCode) && len(f.answer.data) == 0 {
		return // the end of the list
	}
	f.body, f.err = fetch.DecodeJSON(ctx, p.c.m.rt, f.answer.data, f.request.Method, f.answer.Answer)
}
