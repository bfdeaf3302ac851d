//go:build !windows

package httpx

import "syscall"

// Error numbers of the system about connections.
var (
	refusedErrors = []error{syscall.ECONNREFUSED}
	routeErrors   = []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN}
	droppedErrors = []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE}
)
