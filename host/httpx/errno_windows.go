package httpx

import "syscall"

// What the system says about connections. The constants of package syscall with the Unix names are
// made up on Windows: sockets have these numbers.
var (
	refusedErrors = []error{syscall.Errno(10061)}
	routeErrors   = []error{syscall.Errno(10065), syscall.Errno(10051), syscall.Errno(10050), syscall.Errno(10064)}
	droppedErrors = []error{syscall.WSAECONNRESET, syscall.WSAECONNABORTED, syscall.EPIPE}
)
