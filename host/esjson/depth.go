package esjson

// NestsDeeper tells whether arrays and objects of a JSON text nest deeper than limit. It may also
// return true for text that is not JSON.
func NestsDeeper[T string | []byte](text T, limit int) bool {
	if len(text) <= limit {
		return false
	}
	depth, inText := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && inText:
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '[' || c == '{':
			if depth++; depth > limit {
				return true
			}
		case c == ']' || c == '}':
			depth--
		}
	}
	return false
}
