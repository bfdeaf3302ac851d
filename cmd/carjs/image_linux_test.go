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
