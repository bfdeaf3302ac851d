package apply

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// Action is what becomes of an object.
type Action string

// The actions.
const (
	Create    Action = "created"
	Update    Action = "changed"
	Unchanged Action = "unchanged"
	Remove    Action = "removed"
	// Keep is for what a roll back leaves: a Secret, whose former values are written down nowhere,
	// and what has no way back while others have one.
	Keep Action = "kept as it is"
)

// Options are for a deployment and for a roll back.
type Options struct {
	// Force takes fields over that somebody else has set.
	Force bool
	// Run tells that a first run follows: the cluster checks it, too.
	Run bool
}

// Step is what is to be done with one object.
type Step struct {
	// Object is what is applied; Live what the cluster has, nil for nothing; Result what it will
	// have.
	Object, Live, Result cluster.Object
	Action               Action
	// Namespace is where the object is, "" for one of the whole cluster.
	Namespace string
	// Note says in a few words what the action means: from which image to which.
	Note     string
	resource cluster.Resource
	before   map[string]bool // the UIDs of Jobs from before, for a custom resource
}

// Plan is a deployment or a roll back that the cluster has checked.
type Plan struct {
	Steps   []Step
	client  *cluster.Client
	options Options
	back    bool
}

// Changes tells whether anything would change.
func (p *Plan) Changes() bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool { return s.Action != Unchanged && s.Action != Keep })
}

// locate finds where an object is, or is to be.
func locate(ctx context.Context, client *cluster.Client, object cluster.Object) (Step, error) {
	resource, err := client.Resource(ctx, object.Text("apiVersion"), object.Kind())
	if err != nil {
		return Step{}, err
	}
	s := Step{Object: object, resource: resource}
	if resource.Namespaced {
		if s.Namespace = object.Namespace(); s.Namespace == "" {
			s.Namespace = client.Namespace()
		}
		s.Object = object.Clone()
		s.Object.Set(s.Namespace, "metadata", "namespace")
	}
	s.Live, err = client.Get(ctx, resource, s.Namespace, object.Name())
	return s, err
}

// Prepare lets the cluster check objects, and changes nothing. All of them must pass: the error of
// the first that does not is returned, and each is told to complain.
func Prepare(ctx context.Context, client *cluster.Client, objects []cluster.Object, options Options, complain func(error)) (*Plan, error) {
	p := &Plan{client: client, options: options}
	var first error
	for _, object := range objects {
		s, err := p.prepare(ctx, object)
		if err == nil {
			p.Steps = append(p.Steps, s)
			continue
		}
		if first == nil {
			first = err
		} else {
			complain(err)
		}
		if f := failure.From(err); f.Kind == failure.Recoverable || isLogin(err) {
			break // the next ones would fail alike
		}
	}
	if first != nil {
		return nil, first
	}
	if err := p.checkRuns(ctx); err != nil {
		return nil, err
	}
	return p, p.checkSecrets(ctx)
}

func (p *Plan) prepare(ctx context.Context, object cluster.Object) (Step, error) {
	s, err := locate(ctx, p.client, object)
	if err != nil {
		return s, err
	}
	withoutRecord(s.Object)
	// The record stays as it is for the comparison: what is not applied again goes away.
	if text := s.Live.Text("metadata", "annotations", Annotation); text != "" {
		s.Object.Set(text, "metadata", "annotations", Annotation)
	}
	if s.Result, err = p.apply(ctx, s, true); err != nil {
		return s, err
	}
	s.Action, s.Note = judge(s.Live, s.Result)
	return s, nil
}

// judge says what becomes of an object.
func judge(live, result cluster.Object) (Action, string) {
	was, is := imageOf(live), imageOf(result)
	switch {
	case live == nil:
		return Create, is
	case len(difference(live, result)) == 0:
		return Unchanged, is
	case was != is:
		return Update, is + ", before " + was
	}
	return Update, is
}

func (p *Plan) apply(ctx context.Context, s Step, dryRun bool) (cluster.Object, error) {
	return p.client.Apply(ctx, cluster.Apply{Resource: s.resource, Namespace: s.Namespace, Object: s.Object, DryRun: dryRun,
		Force: p.options.Force})
}

// Diff writes how the objects will differ from what the cluster has. Values of Secrets are not
// shown.
func (p *Plan) Diff(w io.Writer) error {
	var b strings.Builder
	for _, s := range p.Steps {
		where := s.Object.String()
		if s.Namespace != "" {
			where += " in " + s.Namespace
		}
		switch s.Action {
		case Unchanged, Keep:
			fmt.Fprintf(&b, "%s: %s\n", where, s.Action)
			continue
		case Remove:
			fmt.Fprintf(&b, "%s: would be removed, with its jobs\n", where)
			continue
		case Create:
			fmt.Fprintf(&b, "%s: would be created\n", where)
		default:
			fmt.Fprintf(&b, "%s: would be changed\n", where)
		}
		for _, change := range difference(s.Live, s.Result) {
			for line := range strings.Lines(change.Format()) {
				fmt.Fprintf(&b, "  %s\n", strings.TrimSuffix(line, "\n"))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Apply does what was planned, and tells each step. When one fails, the error says what was done
// before it.
func (p *Plan) Apply(ctx context.Context, told func(Step)) error {
	if !p.Changes() {
		// The records stay: they lead back to what was before this deployment.
		for _, s := range p.Steps {
			told(s)
		}
		return nil
	}
	var done []string
	for i := range p.Steps {
		s := &p.Steps[i]
		if err := p.do(ctx, s); err != nil {
			return interrupted(err, p.back, done)
		}
		if s.Action != Unchanged && s.Action != Keep {
			done = append(done, s.Object.String())
		}
		told(*s)
	}
	return nil
}

func (p *Plan) do(ctx context.Context, s *Step) (err error) {
	switch {
	case s.Action == Remove:
		return p.client.Delete(ctx, s.resource, s.Namespace, s.Live, false)
	case s.Action == Keep:
		return nil
	case !p.back:
		// What does not change gets a record, too: a roll back of this deployment leaves it.
		r, err := previous(s.Live, s.Result)
		if err != nil {
			return err
		}
		s.Object = withRecord(s.Object, r)
	}
	s.Result, err = p.apply(ctx, *s, false)
	return err
}

// interrupted adds to an error what was done already.
func interrupted(err error, back bool, done []string) error {
	if len(done) == 0 {
		return err
	}
	f := *failure.From(err)
	f.Message = fmt.Sprintf("%s; done before: %s", f.Message, strings.Join(done, ", "))
	if !back {
		f.Hint = "run the command again, or go back with carjs deploy -rollback and the same arguments"
	} else {
		f.Hint = "run the command again"
	}
	return &f
}
