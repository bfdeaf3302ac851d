//go:build !windows

package httpx

import "syscall"

// What the system says about connections.
var (
	refusedErrors = []error{syscall.ECONNREFUSED}
	routeErrors   = []error{syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EHOSTDOWN}
	droppedErrors = []error{syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE}
)
