package httpx

import "syscall"

// Error numbers of the system about connections. On Windows, the constants of package syscall with
// Unix names are invented; sockets use these numbers.
var (
	refusedErrors = []error{syscall.Errno(10061)}
	routeErrors   = []error{syscall.Errno(10065), syscall.Errno(10051), syscall.Errno(10050), syscall.Errno(10064)}
	droppedErrors = []error{syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.EPIPE}
)
