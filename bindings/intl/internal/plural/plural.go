// Package plural tells which form of a word goes with a number, for the languages of package
// locales. It is a package of its own because it is the one place where a language is code and not
// data.
package plural

import "strings"

// Of is the category of a number by the text of its digits, which may have a fraction: "1" and
// "1.0" go with other forms.
func Of(language string, ordinal bool, whole, fraction string) string {
	if !ordinal {
		// The same in English, German and Swedish.
		if strings.TrimLeft(whole, "0") == "1" && fraction == "" {
			return "one"
		}
		return "other"
	}
	if strings.Trim(fraction, "0") != "" {
		return "other"
	}
	last, tens := digit(whole, 1), digit(whole, 2)
	switch {
	case language == "en" && tens != '1':
		switch last {
		case '1':
			return "one"
		case '2':
			return "two"
		case '3':
			return "few"
		}
	case language == "sv" && tens != '1' && (last == '1' || last == '2'):
		return "one"
	}
	return "other"
}

// digit is a digit of a number by its place from the right.
func digit(whole string, place int) byte {
	if len(whole) < place {
		return '0'
	}
	return whole[len(whole)-place]
}
