//go:build !windows

package files

import "syscall"

// What the system says about files.
var (
	descriptorErrors = []error{syscall.EMFILE, syscall.ENFILE}
	spaceErrors      = []error{syscall.ENOSPC, syscall.EDQUOT}
	sizeErrors       = []error{syscall.EFBIG}
	readOnlyErrors   = []error{syscall.EROFS}
	kindErrors       = []error{syscall.ENOTDIR, syscall.EEXIST, syscall.EISDIR}
)
