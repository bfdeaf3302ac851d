package files

import "syscall"

// What the system says about files. The constants of package syscall with the Unix names are made
// up on Windows: the system has these numbers.
var (
	descriptorErrors = []error{syscall.EMFILE, syscall.Errno(4)}
	spaceErrors      = []error{syscall.ENOSPC, syscall.Errno(112), syscall.Errno(39)}
	sizeErrors       = []error{syscall.EFBIG, syscall.Errno(223)}
	readOnlyErrors   = []error{syscall.EROFS, syscall.Errno(19)}
	kindErrors       = []error{syscall.ENOTDIR, syscall.EEXIST, syscall.EISDIR, syscall.Errno(267)}
)
