package patterns

import (
	"fmt"
	"strings"
	"sync"
	"unicode"
)

// property returns the characters of what stands between the braces of \p{…}.
func property(text string) (set, error) {
	if known, ok := properties().Load(text); ok {
		return known.(set), nil
	}
	found, err := find(text)
	if err == nil {
		properties().Store(text, found)
	}
	return found, err
}

// properties are those that were looked up.
var properties = sync.OnceValue(func() *sync.Map { return new(sync.Map) })

func find(text string) (set, error) {
	name, value, valued := strings.Cut(text, "=")
	switch {
	case !valued:
		if s, ok := category(name); ok {
			return s, nil
		}
		if long, ok := shortNames[name]; ok {
			name = long
		}
		if make, ok := binary[name]; ok {
			return make(), nil
		}
		if table, ok := unicode.Properties[name]; ok && !strings.HasPrefix(name, "Other_") && !notOfPatterns[name] {
			return ofTables(table), nil
		}
		if s, ok := emoji[name]; ok {
			return s, nil
		}
	case name == "General_Category" || name == "gc":
		if s, ok := category(value); ok {
			return s, nil
		}
	case name == "Script" || name == "sc":
		if s, ok := script(value); ok {
			return s, nil
		}
	case name == "Script_Extensions" || name == "scx":
		if _, ok := script(value); ok {
			return nil, fmt.Errorf(`\p{%s} is not available in carjs: use \p{Script=%s}`, text, value)
		}
	}
	return nil, fmt.Errorf(`\p{%s} is not available in carjs: it has general categories, scripts, and the common binary properties`, text)
}

// notOfPatterns are properties that the standard has none of in patterns.
var notOfPatterns = map[string]bool{"Hyphen": true, "Prepended_Concatenation_Mark": true}

// category returns the characters of a general category, by its short or long name.
func category(name string) (set, bool) {
	if short, ok := unicode.CategoryAliases[name]; ok {
		name = short
	}
	switch name {
	case "Cn", "Unassigned":
		return assigned().complement(), true
	case "C", "Other":
		return ofTables(unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co).and(assigned().complement()), true
	case "LC", "Cased_Letter":
		return ofTables(unicode.Lu, unicode.Ll, unicode.Lt), true
	}
	table, ok := unicode.Categories[name]
	if !ok {
		return nil, false
	}
	return ofTables(table), true
}

// assigned are the characters that have a category.
func assigned() set {
	return ofTables(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co)
}

func script(name string) (set, bool) {
	if long, ok := scriptNames[name]; ok {
		name = long
	}
	table, ok := unicode.Scripts[name]
	if !ok {
		return nil, false
	}
	return ofTables(table), true
}

// scriptNames are the four-letter names of scripts.
var scriptNames = map[string]string{
	"Adlm": "Adlam", "Arab": "Arabic", "Armn": "Armenian", "Beng": "Bengali", "Bopo": "Bopomofo", "Brai": "Braille",
	"Cans": "Canadian_Aboriginal",
	"Cher": "Cherokee", "Copt": "Coptic", "Qaac": "Coptic", "Cyrl": "Cyrillic", "Deva": "Devanagari", "Ethi": "Ethiopic", "Geor": "Georgian",
	"Goth": "Gothic", "Grek": "Greek", "Gujr": "Gujarati", "Guru": "Gurmukhi", "Hang": "Hangul", "Hani": "Han", "Hebr": "Hebrew",
	"Hira": "Hiragana", "Kana": "Katakana", "Khmr": "Khmer", "Knda": "Kannada", "Laoo": "Lao", "Latn": "Latin", "Mlym": "Malayalam",
	"Mong": "Mongolian", "Mymr": "Myanmar", "Nkoo": "Nko", "Ogam": "Ogham", "Orya": "Oriya", "Runr": "Runic", "Sinh": "Sinhala",
	"Syrc": "Syriac", "Taml": "Tamil", "Telu": "Telugu", "Tfng": "Tifinagh", "Thaa": "Thaana", "Tibt": "Tibetan", "Yiii": "Yi",
	"Zinh": "Inherited", "Qaai": "Inherited", "Zyyy": "Common",
}

// shortNames are the short names of binary properties.
var shortNames = map[string]string{
	"AHex": "ASCII_Hex_Digit", "Alpha": "Alphabetic", "Bidi_C": "Bidi_Control", "CI": "Case_Ignorable", "DI": "Default_Ignorable_Code_Point",
	"Dep": "Deprecated", "Dia": "Diacritic", "EBase": "Emoji_Modifier_Base", "EComp": "Emoji_Component", "EMod": "Emoji_Modifier",
	"EPres": "Emoji_Presentation", "Ext": "Extender", "ExtPict": "Extended_Pictographic",
	"Gr_Base": "Grapheme_Base", "Gr_Ext": "Grapheme_Extend",
	"Hex": "Hex_Digit", "IDC": "ID_Continue", "IDS": "ID_Start", "IDSB": "IDS_Binary_Operator", "IDST": "IDS_Trinary_Operator",
	"Ideo": "Ideographic", "Join_C": "Join_Control", "LOE": "Logical_Order_Exception", "Lower": "Lowercase",
	"NChar":   "Noncharacter_Code_Point",
	"Pat_Syn": "Pattern_Syntax", "Pat_WS": "Pattern_White_Space", "QMark": "Quotation_Mark", "RI": "Regional_Indicator",
	"SD": "Soft_Dotted", "STerm": "Sentence_Terminal", "Term": "Terminal_Punctuation", "UIdeo": "Unified_Ideograph", "Upper": "Uppercase",
	"VS": "Variation_Selector", "XIDC": "XID_Continue", "XIDS": "XID_Start", "space": "White_Space",
}

// binary are the properties that Unicode derives from others, as DerivedCoreProperties.txt says how.

var binary = map[string]func() set{
	"Any":      func() set { return everything },
	"ASCII":    func() set { return set{{0, 0x7F}} },
	"Assigned": assigned,
	"Alphabetic": func() set {
		return ofTables(unicode.L, unicode.Nl, unicode.Other_Alphabetic).and(lowercase(), uppercase())
	},
	"Lowercase": lowercase,
	"Uppercase": uppercase,
	"Cased":     func() set { return lowercase().and(uppercase(), ofTables(unicode.Lt)) },
	"Case_Ignorable": func() set {
		return ofTables(unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk).and(ofRunes([]rune("'.:··՟״‘’․‧︓﹒﹕＇．：\u0387")...))
	},
	"Math":        func() set { return ofTables(unicode.Sm, unicode.Other_Math) },
	"ID_Start":    idStart,
	"ID_Continue": idContinue,
	// Without what stops being one when a text is brought into its compatibility form.
	"XID_Start":    func() set { return idStart().without(unstable).without(unstableStart) },
	"XID_Continue": func() set { return idContinue().without(unstable) },
	"Default_Ignorable_Code_Point": func() set {
		return ofTables(unicode.Other_Default_Ignorable_Code_Point, unicode.Cf, unicode.Variation_Selector).
			without(ofTables(unicode.White_Space, unicode.Prepended_Concatenation_Mark)).without(set{{0xFFF9, 0xFFFB}, {0x13430, 0x13440}})
	},
	"Grapheme_Extend": graphemeExtend,
	"Grapheme_Base": func() set {
		return assigned().without(ofTables(unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Zl, unicode.Zp)).without(graphemeExtend())
	},
}

var (
	unstable = of([2]rune{0x37A, 0x37A}, [2]rune{0x309B, 0x309C}, [2]rune{0xFC5E, 0xFC63}, [2]rune{0xFDFA, 0xFDFB}).
			and(ofRunes(0xFE70, 0xFE72, 0xFE74, 0xFE76, 0xFE78, 0xFE7A, 0xFE7C, 0xFE7E))
	unstableStart = ofRunes(0xE33, 0xEB3, 0xFF9E, 0xFF9F)
)

func lowercase() set { return ofTables(unicode.Ll, unicode.Other_Lowercase) }
func uppercase() set { return ofTables(unicode.Lu, unicode.Other_Uppercase) }

func syntax() set { return ofTables(unicode.Pattern_Syntax, unicode.Pattern_White_Space) }

func idStart() set {
	return ofTables(unicode.L, unicode.Nl, unicode.Other_ID_Start).without(syntax())
}

func idContinue() set {
	return idStart().and(ofTables(unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue).without(syntax()))
}

func graphemeExtend() set { return ofTables(unicode.Me, unicode.Mn, unicode.Other_Grapheme_Extend) }
