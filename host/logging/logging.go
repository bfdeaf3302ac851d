// Package logging makes the loggers of a run: hclog loggers that write JSON lines for the platform
// or text for a person, always through a redactor.
//
// JSON lines begin with the fields that the platform reads, in one order: ibm_datetime, level,
// label, message, connector, source, version. hclog's key-value pairs are fields behind them:
// numbers and booleans as such, durations in seconds under a name that ends in _seconds, the rest
// as text or as the JSON that it is made of. In text lines the pairs follow the message as
// key=value. The package decides how a line looks; which format is used, and where it goes, its
// callers do.
package logging

import (
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"

	"carjs/host/redact"
)

// The formats of a log.
const (
	Text = "text" // lines for a person
	JSON = "json" // one object a line, for the platform
)

// Options say how a logger writes.
type Options struct {
	Level  hclog.Level // hclog.Info when not set
	Format string      // [Text] or [JSON]; text when empty
	Output io.Writer   // [os.Stderr] when nil
	// Lines, when set, receives the lines in place of Output, one at a time.
	Lines func(Line)
	// Connector, Source and Version are fields of every JSON line; they may be empty.
	Connector, Source, Version string
	// Redactor takes the secrets out of every line; with nil only what shows itself as one goes
	// (see [redact]).
	Redactor *redact.Redactor
	// Colour marks levels and keys of text lines with ANSI colours.
	Colour bool
	// Label stands in JSON lines of a logger without a name; "carjs" when empty. A named logger's
	// label is its name.
	Label string
	// Now is the clock, [time.Now] when nil.
	Now func() time.Time
}

// defaultLabel is the label of lines that no part of carjs claims by name.
const defaultLabel = "carjs"

// New makes a logger. It may be used by several goroutines, and writes each line in one call of
// Output's Write.
func New(options Options) hclog.Logger {
	if options.Level == hclog.NoLevel {
		options.Level = hclog.Info
	}
	if options.Output == nil {
		options.Output = os.Stderr
	}
	if options.Label == "" {
		options.Label = defaultLabel
	}
	if options.Now == nil {
		options.Now = time.Now
	}
	// hclog's own output is left out, line by line; what remains of it are levels, names and pairs.
	// The lines are the sink's.
	logger := hclog.NewInterceptLogger(&hclog.LoggerOptions{
		Level:   options.Level,
		Output:  io.Discard,
		Exclude: func(hclog.Level, string, ...any) bool { return true },
	})
	logger.RegisterSink(&sink{options: options, level: logger})
	return logger
}

// sink writes the lines of a logger and of all that are made from it.
type sink struct {
	options Options
	level   hclog.Logger // asked for the level, which may change

	mu  sync.Mutex
	buf []byte // kept between lines
}

// Accept writes one line. hclog hands over lines of every level.
func (s *sink) Accept(name string, level hclog.Level, message string, args ...any) {
	if level < s.level.GetLevel() {
		return
	}
	now := s.options.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	entry := entry{name: name, level: level, message: s.options.Redactor.String(message), pairs: s.pairs(args)}
	if s.options.Lines != nil {
		s.options.Lines(Line{
			Level: level.String(), Label: s.label(entry), Message: entry.message, Pairs: pairsOf(entry), Fields: fieldsOf(entry.pairs),
		})
		return
	}
	if s.options.Format == JSON {
		s.buf = s.appendJSON(s.buf[:0], now, entry)
	} else {
		s.buf = s.appendText(s.buf[:0], now, entry)
	}
	// A log that cannot be written has nowhere to complain.
	_, _ = s.options.Output.Write(s.buf)
}

// Line is a line for those who show it in a way of their own. Its texts are redacted.
type Line struct {
	// Level is "info", "warn" and so on, Label the part of carjs that speaks.
	Level, Label string
	Message      string
	// Pairs follows Message where the line is text: " key=value" for each pair. Fields has the same
	// as a JSON object; nil when there are none.
	Pairs  string
	Fields json.RawMessage
}

// entry is one line to be written; its texts are redacted.
type entry struct {
	name    string
	level   hclog.Level
	message string
	pairs   []pair
}
