package dev

import (
	"github.com/hashicorp/go-hclog"

	"carjs/host/logging"
)

// logger makes the logger of a run, whose lines become events.
func (l *Loop) logger() hclog.Logger {
	return logging.New(logging.Options{Level: l.config.Level, Lines: func(line logging.Line) {
		l.tell(Event{Kind: Logged, Log: &LogLine{
			Level: line.Level, Label: line.Label, Message: line.Message, Fields: line.Fields, Pairs: line.Pairs,
		}})
	}})
}
