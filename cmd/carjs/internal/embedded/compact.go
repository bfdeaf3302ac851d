package embedded

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"carjs/host/carserver"
	"carjs/host/failure"
)

// CompactCAR makes the file of the embedded CAR service in a folder as small as what it holds. It
// returns the size of the file and of what SQLite keeps beside it, before and after.
func CompactCAR(ctx context.Context, dir string, config carserver.Config) (before, after int64, err error) {
	path := filepath.Join(dir, "car.db")
	if before = size(path); before == 0 {
		return 0, 0, failure.Usage("there is no graph in %s", dir).WithHint("name the folder with the file car.db: -data .carjs, for example")
	}
	s, err := OpenCAR(dir, config)
	if err != nil {
		return 0, 0, err
	}
	if err := errors.Join(s.Compact(ctx), s.Close()); err != nil {
		return 0, 0, unusable("cannot compact the embedded CAR service in "+dir, err, "check "+path)
	}
	return before, size(path), nil
}

// size returns the size of a database with its write-ahead log.
func size(path string) int64 {
	var sum int64
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(path + suffix); err == nil { // the log is there only while a process uses the file
			sum += info.Size()
		}
	}
	return sum
}
