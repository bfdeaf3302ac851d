package httpx

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// grace is how long requests in progress have to finish, so that Ctrl-C takes less than two
// seconds.
const grace = time.Second

// Until serves requests on a listener, which it closes, until the context ends. Requests in
// progress then have a second to finish; those cut off after it are logged to the server's
// ErrorLog. It returns nil if the context ended it.
func Until(ctx context.Context, server *http.Server, listener net.Listener) error {
	var silent silent
	server.ConnState = silent.watch(server.ConnState)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	silent.close()
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

// silent are the connections on which nothing was ever sent, as those that a client opened to spare.
// [http.Server.Shutdown] waits five seconds for a request on each.
type silent struct {
	mu     sync.Mutex
	open   map[net.Conn]struct{}
	closed bool
}

// watch returns what keeps note of connections, and calls next, if that is set.
func (s *silent) watch(next func(net.Conn, http.ConnState)) func(net.Conn, http.ConnState) {
	s.open = map[net.Conn]struct{}{}
	return func(conn net.Conn, state http.ConnState) {
		s.mu.Lock()
		switch {
		case state != http.StateNew:
			delete(s.open, conn)
		case s.closed:
			conn.Close() //nolint:errcheck // nothing was sent on it
		default:
			s.open[conn] = struct{}{}
		}
		s.mu.Unlock()
		if next != nil {
			next(conn, state)
		}
	}
}

// close closes them, and those that come later.
func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for conn := range s.open {
		conn.Close() //nolint:errcheck // nothing was sent on it
	}
}
