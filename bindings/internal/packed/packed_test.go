package packed

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"testing"
)

func TestFormats(t *testing.T) {
	long := bytes.Repeat([]byte("a few words, "), 400_000) // several parts
	for name, f := range map[string]Format{"gzip": Gzip(), "zlib": Zlib(), "raw": Raw()} {
		t.Run(name, func(t *testing.T) {
			looks := 0
			alive := func() { looks++ }
			for _, data := range [][]byte{nil, []byte("x"), long} {
				compressed, err := f.Compress(data, flate.DefaultCompression, alive)
				if err != nil {
					t.Fatal(err)
				}
				expanded, err := f.Expand(compressed, int64(len(data))+1, alive)
				if err != nil || !bytes.Equal(expanded, data) {
					t.Errorf("%d bytes became %d, %v", len(data), len(expanded), err)
				}
			}
			if least := 2 * len(long) / chunk; looks < least {
				t.Errorf("looked %d times whether the run is over, want at least %d", looks, least)
			}
			if _, err := f.Compress(nil, 99, alive); err == nil {
				t.Error("there is a level 99")
			}
			compressed, err := f.Compress(long, flate.BestSpeed, alive)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Expand(compressed, int64(len(long))-1, alive); !errors.Is(err, ErrTooLarge) {
				t.Errorf("beyond the limit: %v", err)
			}
			if _, err := f.Expand(compressed[:len(compressed)/2], 1<<30, alive); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("half of it: %v", err)
			}
			compressed[len(compressed)/2] ^= 0xff
			compressed[len(compressed)/2+1] ^= 0xff
			var header *HeaderError
			if _, err := f.Expand(compressed, 1<<30, alive); err == nil || errors.As(err, &header) {
				t.Errorf("damaged: %v", err)
			}
		})
	}
	var header *HeaderError
	for name, f := range map[string]Format{"gzip": Gzip(), "zlib": Zlib()} {
		if _, err := f.Expand([]byte("no such thing, whatever it is"), 1<<20, func() {}); !errors.As(err, &header) || header.Unwrap() == nil {
			t.Errorf("%s of a text: %v", name, err)
		}
		if _, err := f.Expand(nil, 1<<20, func() {}); !errors.As(err, &header) ||
			!errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s of nothing: %v", name, err)
		}
	}
}
