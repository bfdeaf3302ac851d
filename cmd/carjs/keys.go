package main

import (
	"bytes"
	"io"
	"os"

	"golang.org/x/term"

	"carjs/host/author/dev"
	"carjs/host/logging"
)

// interactive tells whether a person sits at the terminal and keys are to be read.
func (d *devSession) interactive() bool {
	in, ok := d.Stdin.(*os.File)
	return ok && term.IsTerminal(int(in.Fd())) && isTerminal(d.Stdout) && d.settings.LogFormat != logging.JSON
}

// The keys that a terminal sends as characters while each is read as it is pressed.
const (
	keyInterrupt = 0x03 // Ctrl-C
	keyEnd       = 0x04 // Ctrl-D
)

// keys reads the keys of the terminal, one at a time, until the process ends. The function it
// returns gives the terminal back as it was.
func (d *devSession) keys(command func(dev.Command), quit func()) (restore func()) {
	if !d.interactive() {
		return func() {}
	}
	in := d.Stdin.(*os.File)
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return func() {} // the loop works without keys
	}
	go func() {
		for key := make([]byte, 1); ; {
			if _, err := in.Read(key); err != nil {
				return
			}
			switch key[0] {
			case 'r':
				command(dev.Live)
			case 'f':
				command(dev.Full)
			case 'i':
				command(dev.Incremental)
			case '?', 'h':
				d.printed.longHelp()
			case 'q', keyInterrupt, keyEnd:
				quit()
				return
			}
		}
	}()
	return func() { _ = term.Restore(int(in.Fd()), before) } // a terminal that is gone needs nothing
}

// lineEnds writes for a terminal whose keys are read one at a time: a line feed alone would only go
// down there.
type lineEnds struct{ io.Writer }

func (w lineEnds) Write(p []byte) (int, error) {
	if _, err := w.Writer.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}
