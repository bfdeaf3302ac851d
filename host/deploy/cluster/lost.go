package cluster

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"carjs/host/failure"
	"carjs/host/httpx"
)

// stopped is the failure of a command that was interrupted.
func stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	return failure.New(failure.Recoverable, "the deployment was interrupted: %v", cause).WithFault(failure.FaultNobody).WithCause(cause).
		WithHint("run the command again")
}

// unreachable is the failure of a connection.
func (c *Client) unreachable(parent context.Context, doing string, err error) (Object, time.Duration, error) {
	if parent.Err() != nil {
		return nil, -1, stopped(parent)
	}
	d := httpx.Diagnose(c.Server(), err)
	if d.Retryable {
		wait := time.Duration(0)
		if d.Kind == httpx.Refused || d.Kind == httpx.TimedOut {
			wait = -1 // a cluster that is not there is not there a second later
		}
		return nil, wait, failure.New(failure.Recoverable, "cannot reach the cluster: %s", d.Reason).WithFault(failure.FaultNobody).
			WithCause(&unreachableError{err}).
			WithHint("check that the cluster runs and that this machine can reach it; server in %s is %s", c.target.from, c.target.server)
	}
	hint := fmt.Sprintf("check server in %s: %s", c.target.from, c.target.server)
	switch d.Kind {
	case httpx.UnknownAuthority, httpx.BadCertificate:
		hint = fmt.Sprintf("set certificate-authority-data of the cluster in %s", c.target.from)
	case httpx.WrongHost:
		hint = fmt.Sprintf("set tls-server-name of the cluster in %s", c.target.from)
	case httpx.ClientCertificate:
		hint = fmt.Sprintf("renew the certificate of the user %s in %s", c.target.userName, c.target.from)
	}
	return nil, -1, failure.Usage("cannot %s: %s", doing, d.Reason).WithCause(err).WithHint("%s", hint)
}

// unreachableError is the cause of the failure of a connection that may come back.
type unreachableError struct{ error }

func (e *unreachableError) Unwrap() error { return e.error }

// IsPassing tells whether an error of a request says that the cluster cannot be reached just now,
// or is too busy to answer.
func IsPassing(err error) bool {
	var gone *unreachableError
	var status *StatusError
	return errors.As(err, &gone) || errors.As(err, &status) && (status.Code == http.StatusTooManyRequests || status.Code >= 500)
}
