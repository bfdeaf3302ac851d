package csvtext

import (
	"net/http"
	"strings"

	"carjs/host/lazyregexp"
)

// trouble are words of which at least one is in what a service says instead of a table, and that no
// column of assets is named after in a line of three words and more.
var trouble = lazyregexp.New(`(?i)\b(?:exceeded|failed|failure|denied|invalid|expired|unavailable|unauthorized|unauthorised|forbidden` +
	`|not (?:found|ready|available|allowed|permitted|supported|authorized)|timed out|cannot|can't|could not|couldn't|unable|unexpected` +
	`|no (?:\w+ )?(?:data|results?|records?|rows|entries|assets|hosts)|try again|in progress|under maintenance|went wrong|too many)\b`)

// Sentence tells whether the first row of a table is the only one and a text for people, such as
// "Rate limit exceeded. Try again later." with status 200, and not a header: read as a table it
// would be one without rows, and so a source without objects. It is for tables that take their
// header from the text and have no row behind it.
//
// A real header must pass whatever it is, so a row counts as a sentence only where it has
//   - the words of a status of HTTP, such as "Service Unavailable" or "503 Service Unavailable";
//   - one column that is white space, null, a whole JSON array or object, or an element of XML, or that has
//     control characters, as a packed file has;
//   - one column of at least three words with ": " inside, a full stop or exclamation mark at its
//     end, or words such as "exceeded" or "not found";
//   - several columns of which each but the first begins with a space, as behind the commas of a
//     sentence, unless the table's spaces are trimmed, and the last has at least three words and
//     ends in a full stop or exclamation mark.
//
// "Host Name", "Is it active?", "Serial No." and "Name, Address, Serial No." are headers.
func Sentence(row []string, trimmed bool) bool {
	last := strings.TrimSpace(row[len(row)-1])
	ends := strings.HasSuffix(last, ".") || strings.HasSuffix(last, "!") || strings.HasSuffix(last, "…")
	words := len(strings.Fields(last))
	if len(row) > 1 {
		for _, field := range row[1:] {
			if !trimmed && !strings.HasPrefix(field, " ") {
				return false
			}
		}
		return ends && words >= 3
	}
	control := func(r rune) bool { return r < ' ' && r != '\t' }
	switch {
	case last == "": // white space alone is no answer
		return trimmed || row[0] != ""
	case last == "null", strings.ContainsFunc(last, control), isStatus(last):
		return true
	case enclosed(last, "{", "}"), enclosed(last, "[", "]"), enclosed(last, "<", ">") && strings.Contains(last, "</"):
		return true
	}
	return words >= 3 && (ends || strings.Contains(last, ": ") || trouble().MatchString(last))
}

func enclosed(text, first, last string) bool {
	return strings.HasPrefix(text, first) && strings.HasSuffix(text, last)
}

// isStatus tells whether a text is that of an error status of HTTP, with its number or without.
func isStatus(text string) bool {
	text = strings.ToLower(strings.Trim(text, ".! "))
	for code := http.StatusBadRequest; code < 600; code++ {
		if name := strings.ToLower(http.StatusText(code)); name != "" && strings.TrimLeft(text, "0123456789: -") == name {
			return true
		}
	}
	return false
}
