package script

import (
	"errors"
	"sync"
	"time"
	"unicode/utf16"

	"carjs/host/script/internal/patterns"
)

// CompileRegExp makes a function of the source and flags of a RegExp that tells whether a text
// matches. It may be called from any goroutine, unlike the RegExp itself. A text for which it takes
// longer than longest does not match. The error says what is wrong with the pattern.
func CompileRegExp(source, flags string, longest time.Duration) (func(text string) bool, error) {
	parsed, err := patterns.ParseFlags(flags)
	if err != nil {
		return nil, err
	}
	program, err := patterns.Compile(utf16.Encode([]rune(source)), parsed)
	if err != nil {
		return nil, err
	}
	matchers := sync.Pool{New: func() any { return new(patterns.Matcher) }}
	return func(text string) bool {
		matcher, _ := matchers.Get().(*patterns.Matcher)
		defer matchers.Put(matcher)
		end := time.Now().Add(longest)
		matcher.Stopped = func() bool { return time.Now().After(end) }
		found, err := matcher.Match(program, patterns.TextOf(text), 0, parsed.Sticky)
		return found != nil && !errors.Is(err, patterns.ErrStopped)
	}, nil
}
