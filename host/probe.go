package host

import "context"

// Probe starts the connector, has ask work with it, and closes it. It neither imports nor calls CAR,
// whose settings may be missing. ask runs under the run's time limit and ends with its context; its
// error is the failure of the report.
func Probe(ctx context.Context, connector Connector, options Options, ask func(context.Context) error) *Report {
	s := newSession(connector, options)
	s.keepSavePoint = true
	return s.supervise(ctx, func(ctx context.Context) error {
		if err := connector.Start(ctx, s.run); err != nil {
			return err
		}
		return ask(ctx)
	})
}
