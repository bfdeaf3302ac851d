package artifact

import (
	"fmt"
	"os"
	"path/filepath"

	"carjs/host/failure"
	"carjs/host/files"
)

// Write writes an artifact to a file, whole or not at all. One that is there is replaced when it is
// an artifact, too. The error is a [*failure.Failure].
func Write(path string, data []byte) error {
	refuse := func(format string, args ...any) *failure.Failure {
		return failure.New(failure.InvalidParameter, format, args...).WithFault(failure.FaultSettings)
	}
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return refuse("%s is a folder", path).WithHint("name a file, such as %s", filepath.Join(path, "NAME"+Extension))
	case err == nil && !info.Mode().IsRegular():
		return refuse("%s is not a file", path).WithHint("name a file to write with -o")
	case err == nil && !Recognize(path):
		return refuse("%s exists and is not an artifact of carjs", path).
			WithHint("set another file with -o, or remove this one")
	}
	if err := files.Write(path, data); err != nil {
		return refuse("cannot write the artifact: %v", err).WithCause(fmt.Errorf("write the artifact: %w", err)).
			WithHint("set -o to a file in a writable folder")
	}
	return nil
}
