package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// inImage prepares the program of an image that is unpacked in root. As root it is shut in there,
// under a user id that nobody knows, as OpenShift does; else it runs from there, with the paths of
// this machine.
func inImage(t *testing.T, root string, config ocispec.ImageConfig) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(t.Context(), config.Entrypoint[0], config.Entrypoint[1:]...)
	c.Dir, c.Env = config.WorkingDir, append([]string{}, config.Env...)
	if os.Getuid() == 0 {
		if err := os.Chmod(root, 0o755); err != nil {
			t.Fatal(err)
		}
		c.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 1000650000, Gid: 0}}
		return c
	}
	c.Path, c.Dir = filepath.Join(root, c.Path), filepath.Join(root, c.Dir)
	c.Args[2] = filepath.Join(root, c.Args[2])
	return c
}

// stranger has a program run as a user whom this machine does not know, with another umask than that
// of this process. It is false where only root could do that and this is not root.
func stranger(t *testing.T, c *exec.Cmd) bool {
	t.Helper()
	if os.Getuid() != 0 {
		return false
	}
	for _, path := range []string{c.Dir, c.Path} {
		for dir := path; dir != filepath.Clean(os.TempDir()) && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.Args = append([]string{"sh", "-c", `umask 077; exec "$@"`, "sh", c.Path}, c.Args[1:]...)
	c.Path = "/bin/sh"
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1000650000, Gid: 1000650000}}
	return true
}
