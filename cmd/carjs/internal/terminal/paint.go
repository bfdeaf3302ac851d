// Package terminal prints for people: colours, texts of others without what a terminal would obey,
// and what tests came to. Whether a terminal is there, and wants colours, its callers know.
package terminal

// Colour is a way in which text looks different.
type Colour string

// The colours, by the terminal's codes.
const (
	Bold   Colour = "1"
	Dim    Colour = "2"
	Red    Colour = "31"
	Green  Colour = "32"
	Yellow Colour = "33"
)

// Text is a text in a colour, or as it is: when colours are off, or there is no text or no colour.
func Text(on bool, colour Colour, text string) string {
	if !on || text == "" || colour == "" {
		return text
	}
	return "\x1b[" + string(colour) + "m" + text + "\x1b[0m"
}
