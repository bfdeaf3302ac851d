package httpx

import (
	"context"
	"net"
	"net/http"
	"time"
)

// grace is how long requests in progress have to finish, so that Ctrl-C takes less than two
// seconds.
const grace = time.Second

// Until serves requests on a listener, which it closes, until the context ends. Requests in
// progress then have a second to finish; those cut off after it are logged to the server's
// ErrorLog. It returns nil if the context ended it.
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
		server.Close() // after Shutdown, its only errors are about what is closed already
	}
	<-ended
	return nil
}
