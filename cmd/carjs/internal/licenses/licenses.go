// Package licenses has the licenses of everything that is linked into carjs, which must go wherever
// the binary goes. It is a package because files are embedded from the folder they are in; "make
// licenses" writes the file.
package licenses

import (
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
)

// packed is the text, compressed: nobody reads it in most runs, and it lies in every image.
//
//go:embed licenses.txt.gz
var packed string

// Write writes the text: for each license first the modules that are under it, one a line.
func Write(to io.Writer) error {
	reader, err := gzip.NewReader(strings.NewReader(packed))
	if err != nil {
		return err
	}
	_, err = io.Copy(to, reader)
	return err
}
