package httpx

import (
	"context"
	"net"
	"net/http"
	"time"
)

// grace is how long requests under way have to finish, so that Ctrl-C is over within two seconds.
const grace = time.Second

// Until answers requests on a listener, which it closes, until the context ends. Requests under way
// then get a second to finish; what is cut off after it the server's ErrorLog is told. It returns
// nil when it was the context that ended it.
func Until(ctx context.Context, server *http.Server, listener net.Listener) error {
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// The time to finish is not part of the context that has ended.
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		if server.ErrorLog != nil {
			server.ErrorLog.Printf("requests cut off: %v", err)
		}
		server.Close() // after Shutdown it can only report what is closed already
	}
	<-ended
	return nil
}
