package submit

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/go-hclog"

	"carjs/host/meter"
)

// page is an envelope ready to be posted.
type page struct {
	state *collectionState // nil: source and report alone
	body  []byte
	count int
	// number is the page's place among those of its collection, from 1.
	number int
}

// queue posts pages and watches their jobs in the background. Posting continues while earlier jobs
// are watched; jobs are checked in batches, an incomplete one only when nothing is left to post.
type queue struct {
	sender Sender
	log    hclog.Logger
	meter  *meter.Meter
	ctx    context.Context // ends with the caller's, at the first failure and at close
	stop   context.CancelCauseFunc
	failed func(error)
	block  func(wait func()) // calls wait, which takes a while
	keep   func(*page) error // writes the page to disk; nil when pages are not kept
	pages  chan *page        // not buffered: a page is in the queue when it is being posted
	work   sync.WaitGroup

	mu      sync.Mutex
	changed *sync.Cond
	posting int      // pages handed over whose job is not known yet
	jobs    []string // posted, to be checked
	waiting int      // jobs being checked
	drains  int      // callers of drain: the rest is checked even if it is less than a batch
}

var errClosed = errors.New("the submission is closed")

func newQueue(ctx context.Context, c Config, keep func(*page) error) *queue {
	q := &queue{sender: c.Sender, log: c.Logger, meter: c.Meter, failed: c.Failed, block: c.Block, keep: keep, pages: make(chan *page)}
	q.ctx, q.stop = context.WithCancelCause(ctx)
	q.changed = sync.NewCond(&q.mu)
	for range c.InFlight {
		q.work.Go(q.post)
	}
	q.work.Go(q.watch)
	context.AfterFunc(q.ctx, q.wake)
	return q
}

// err returns what ended the queue: the sender's failure, the context's cause, or errClosed; nil
// while it runs.
func (q *queue) err() error {
	select {
	case <-q.ctx.Done():
		return context.Cause(q.ctx)
	default:
		return nil
	}
}

// put waits for a free sender and hands it a page. The page was taken only if err is nil.
func (q *queue) put(ctx context.Context, p *page) error {
	if err := q.err(); err != nil {
		return err
	}
	q.mu.Lock()
	q.posting++
	q.mu.Unlock()
	select {
	case q.pages <- p:
		return nil
	default:
	}
	var err error
	q.block(func() {
		defer q.meter.Wait("CAR to take pages", 0)()
		select {
		case q.pages <- p:
		case <-q.ctx.Done():
			err = context.Cause(q.ctx)
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	})
	if err == nil {
		return nil
	}
	q.update(func() { q.posting-- })
	return err
}

// drain returns when CAR has imported all pages.
func (q *queue) drain(ctx context.Context) error {
	defer q.meter.Enter(q.meter.Enter(meter.Jobs)) // back to the phase before
	defer context.AfterFunc(ctx, q.wake)()
	q.update(func() { q.drains++ })
	defer q.update(func() { q.drains-- })
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.posting+len(q.jobs)+q.waiting > 0 && q.err() == nil && ctx.Err() == nil {
		q.changed.Wait()
	}
	if err := q.err(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// close stops the senders and waits for them.
func (q *queue) close() {
	q.stop(errClosed)
	q.work.Wait()
	q.meter.Jobs.Add(-int64(len(q.jobs) + q.waiting))
}

// post is one sender.
func (q *queue) post() {
	for {
		select {
		case <-q.ctx.Done():
			return
		case p := <-q.pages:
			job, err := q.send(p)
			if err != nil {
				q.fail(err)
				return
			}
			q.update(func() {
				q.posting--
				q.jobs = append(q.jobs, job)
			})
			q.meter.Jobs.Add(1)
		}
	}
}

func (q *queue) send(p *page) (job string, err error) {
	if q.keep != nil && p.state != nil {
		if err := q.keep(p); err != nil {
			return "", err
		}
	}
	if err := q.err(); err != nil { // another page failed: post nothing more
		return "", err
	}
	q.meter.Posting.Add(1)
	job, err = q.sender.Import(q.ctx, p.body)
	q.meter.Posting.Add(-1)
	if err == nil && p.state != nil {
		p.state.counts.sent.Add(int64(p.count))
		q.meter.Sent.Add(int64(p.count))
		q.log.Debug("page posted", "collection", p.state.name, "page", p.number, "objects", p.count, "bytes", len(p.body), "job", job)
	}
	return job, err
}

// watch checks jobs, one batch after the other.
func (q *queue) watch() {
	for {
		batch := q.batch()
		if batch == nil {
			return
		}
		if err := q.sender.AwaitImports(q.ctx, batch); err != nil {
			q.fail(err)
			return
		}
		q.meter.Jobs.Add(-int64(len(batch)))
		q.update(func() { q.waiting = 0 })
	}
}

// batch waits for jobs to check; nil means that the queue has ended.
func (q *queue) batch() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if q.err() != nil {
			return nil
		}
		last := q.drains > 0 && q.posting == 0
		if n := len(q.jobs); n >= jobBatch || last && n > 0 {
			n = min(n, jobBatch)
			batch := q.jobs[:n:n]
			q.jobs = q.jobs[n:]
			q.waiting = n
			return batch
		}
		q.changed.Wait()
	}
}

// fail ends the queue with the first failure. If the context ended, the failure is its cause.
func (q *queue) fail(err error) {
	q.mu.Lock()
	first := q.ctx.Err() == nil
	q.stop(err)
	q.mu.Unlock()
	if first && q.failed != nil {
		q.failed(err)
	}
}

func (q *queue) update(change func()) {
	q.mu.Lock()
	change()
	q.mu.Unlock()
	q.changed.Broadcast()
}

// wake makes all waiters check whether the context has ended.
func (q *queue) wake() { q.update(func() {}) }
