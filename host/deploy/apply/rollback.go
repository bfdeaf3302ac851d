package apply

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"carjs/host/deploy/cluster"
	"carjs/host/failure"
)

// PrepareRollback lets the cluster check the way back to what objects were before their last
// deployment. Only the kinds and names of the objects count. At least one must have a way back.
func PrepareRollback(ctx context.Context, client *cluster.Client, objects []cluster.Object, options Options) (*Plan, error) {
	p := &Plan{client: client, options: options, back: true}
	var without error
	for _, object := range objects {
		s, err := locate(ctx, client, object)
		if err != nil {
			return nil, err
		}
		err = p.prepareBack(ctx, &s)
		var none *noWayError
		if errors.As(err, &none) {
			if without == nil {
				without = err
			}
			s.Action, s.Note, err = Keep, none.message, nil
		}
		if err != nil {
			return nil, err
		}
		p.Steps = append(p.Steps, s)
	}
	if !p.Changes() && without != nil {
		return nil, without
	}
	// What a deployment brought last goes first.
	slices.Reverse(p.Steps)
	return p, nil
}

// noWayError is the cause of the failure of an object that has no way back.
type noWayError struct{ message string }

func (e *noWayError) Error() string { return e.message }

func noWay(message, hint string) error {
	return failure.Usage("cannot roll back: %s", message).WithCause(&noWayError{message}).WithHint("%s", hint)
}

func (p *Plan) prepareBack(ctx context.Context, s *Step) error {
	what := s.Object.String()
	where := ""
	if s.Namespace != "" {
		where = " in the namespace " + s.Namespace
	}
	if s.Live == nil {
		return noWay("there is no "+what+where, "check the name and -namespace; what a first deployment made is removed by its roll back")
	}
	r, ok, err := recordOf(s.Live)
	switch {
	case err != nil:
		return err
	case !ok:
		return noWay(what+" was not deployed by carjs deploy, so nothing is known of its past", "deploy the version that you want")
	case r.Made:
		s.Action, s.Note = Remove, "the deployment had made it"
		return p.client.Delete(ctx, s.resource, s.Namespace, s.Live, true)
	case r.Kept:
		s.Action, s.Note = Keep, "what a Secret held before is written down nowhere"
		return nil
	case len(r.Object) == 0:
		return noWay(what+" was rolled back already, from "+orUnknown(r.RolledBack), "deploy the version that you want")
	}
	var object map[string]any
	if !decodeJSON(string(r.Object), &object) {
		return failure.Usage("the annotation %s of %s was changed by hand", Annotation,
			s.Object).WithHint("deploy the version that you want instead")
	}
	s.Object = withRecord(object, record{RolledBack: orUnknown(imageOf(s.Live))})
	if s.Result, err = p.apply(ctx, *s, true); err != nil {
		return err
	}
	s.Action, s.Note = judge(s.Live, s.Result)
	return nil
}

func orUnknown(image string) string {
	if image == "" {
		return "the version before"
	}
	return image
}

// isLogin tells whether the cluster refused the user.
func isLogin(err error) bool {
	var status *cluster.StatusError
	return errors.As(err, &status) && status.Code == http.StatusUnauthorized
}
