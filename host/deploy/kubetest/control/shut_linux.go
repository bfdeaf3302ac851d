package control

import (
	"os/exec"
	"syscall"
)

// shutIn makes a folder the root of a program, which runs as a user in group 0.
func shutIn(c *exec.Cmd, root string, user uint32) {
	c.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: user, Gid: 0}}
}
