package bundle

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// mapMark begins the line at the end of the code that holds the source map, as esbuild writes it.
const mapMark = "//# sourceMappingURL=data:application/json;base64,"

// MapApart returns the bundle with its source map beside the code instead of in it, which is the
// form to keep: the code can be read, and nothing has to be decoded before it runs.
func (b *Bundle) MapApart() (*Bundle, error) {
	if b.Map != nil {
		return b, nil
	}
	start := strings.LastIndex(b.Code, mapMark)
	if start < 0 {
		return nil, fmt.Errorf("bundle %s: the code has no source map", b.Name)
	}
	sourceMap, err := base64.StdEncoding.DecodeString(strings.TrimSpace(b.Code[start+len(mapMark):]))
	if err != nil {
		return nil, fmt.Errorf("bundle %s: the source map of the code: %w", b.Name, err)
	}
	apart := *b
	apart.Code, apart.Map = b.Code[:start], sourceMap
	return &apart, nil
}
