// Package tag reads language tags: whether they are well formed, their canonical form, and the
// subtags that are likely.
package tag

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// subtags that have another form now.
var (
	languages = map[string]string{
		"cmn": "zh", "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "tl": "fil", "aam": "aas", "no-bok": "nb", "sh": "sr-Latn",
		"prs": "fa-AF", "arb": "ar", "swh": "sw", "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "swe": "sv",
		"zho": "zh", "chi": "zh", "jpn": "ja", "ita": "it", "por": "pt", "rus": "ru", "nld": "nl", "dut": "nl", "ukr": "uk", "pol": "pl",
	}
	regions = map[string]string{
		"BU": "MM", "DD": "DE", "FX": "FR", "TP": "TL", "YD": "YE", "ZR": "CD", "UK": "GB", "QU": "EU", "VD": "VN", "840": "US", "826": "GB",
		"276": "DE", "752": "SE", "554": "NZ", "036": "AU", "250": "FR", "724": "ES", "380": "IT",
	}
	// keywords are types of keywords, by "key-type".
	keywords = map[string]string{
		"ca-islamicc": "islamic-civil", "ca-ethiopic-amete-alem": "ethioaa", "ca-gregorian": "gregory", "ks-primary": "level1",
		"ks-tertiary": "level3", "ms-imperial": "uksystem", "kb-yes": "", "kc-yes": "", "kh-yes": "", "kk-yes": "", "kn-yes": "",
		"tz-cnckg": "cnsha", "tz-eire": "iedub", "tz-est": "papty", "tz-gmt0": "gmt", "tz-uct": "utc", "tz-zulu": "utc",
	}
)

func isAll(s string, low, high int, ok func(byte) bool) bool {
	if len(s) < low || len(s) > high {
		return false
	}
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

func alpha(b byte) bool { return b >= 'a' && b <= 'z' }
func digit(b byte) bool { return b >= '0' && b <= '9' }
func alnum(b byte) bool { return alpha(b) || digit(b) }

// reader walks over the subtags of a tag in lower case.
type reader struct{ rest []string }

func (r *reader) peek() string {
	if len(r.rest) == 0 {
		return ""
	}
	return r.rest[0]
}

func (r *reader) take(ok bool) string {
	if !ok || len(r.rest) == 0 {
		return ""
	}
	first := r.rest[0]
	r.rest = r.rest[1:]
	return first
}

func isVariant(s string) bool {
	return isAll(s, 5, 8, alnum) || len(s) == 4 && digit(s[0]) && isAll(s, 4, 4, alnum)
}

func isLanguage(s string) bool { return isAll(s, 2, 3, alpha) || isAll(s, 5, 8, alpha) }

// name reads a language with its script, region and variants.
func (r *reader) name() (subtags []string, ok bool) {
	language := r.take(isLanguage(r.peek()))
	if language == "" {
		return nil, false
	}
	script := r.take(isAll(r.peek(), 4, 4, alpha))
	region := r.take(isAll(r.peek(), 2, 2, alpha) || isAll(r.peek(), 3, 3, digit))
	var variants []string
	for isVariant(r.peek()) {
		variant := r.take(true)
		if slices.Contains(variants, variant) {
			return nil, false
		}
		variants = append(variants, variant)
	}
	slices.Sort(variants)
	if other, aliased := languages[language]; aliased {
		language = other
		if base, more, found := strings.Cut(other, "-"); found {
			language = base
			if len(more) == 4 && script == "" {
				script = strings.ToLower(more)
			} else if len(more) == 2 && region == "" {
				region = strings.ToLower(more)
			}
		}
	}
	subtags = append(subtags, language)
	if script != "" {
		subtags = append(subtags, strings.ToUpper(script[:1])+script[1:])
	}
	if region != "" {
		region = strings.ToUpper(region)
		if other, aliased := regions[region]; aliased {
			region = other
		}
		subtags = append(subtags, region)
	}
	return append(subtags, variants...), true
}

// Canonical is the canonical form of a tag, false if it is none.
func Canonical(tag string) (string, bool) {
	for i := range len(tag) {
		if tag[i] >= 0x80 || tag[i] == '_' {
			return "", false
		}
	}
	r := &reader{strings.Split(strings.ToLower(tag), "-")}
	subtags, ok := r.name()
	if !ok {
		return "", false
	}
	var extensions []string
	seen := map[string]bool{}
	private := ""
	for len(r.rest) > 0 {
		singleton := r.take(true)
		if len(singleton) != 1 || !alnum(singleton[0]) || seen[singleton] {
			return "", false
		}
		seen[singleton] = true
		var extension string
		switch singleton {
		case "x":
			if len(r.rest) == 0 {
				return "", false
			}
			for _, each := range r.rest {
				if !isAll(each, 1, 8, alnum) {
					return "", false
				}
			}
			private = "x-" + strings.Join(r.rest, "-")
			r.rest = nil
			continue
		case "u":
			extension, ok = r.unicode()
		case "t":
			extension, ok = r.transformed()
		default:
			extension, ok = r.other()
		}
		if !ok {
			return "", false
		}
		extensions = append(extensions, singleton+extension)
	}
	slices.Sort(extensions)
	subtags = append(subtags, extensions...)
	if private != "" {
		subtags = append(subtags, private)
	}
	return strings.Join(subtags, "-"), true
}

// unicode reads attributes and keywords.
func (r *reader) unicode() (string, bool) {
	var attributes []string
	for isAll(r.peek(), 3, 8, alnum) {
		attributes = append(attributes, r.take(true))
	}
	slices.Sort(attributes)
	types := map[string]string{}
	var keys []string
	for len(r.peek()) == 2 && alnum(r.peek()[0]) && alpha(r.peek()[1]) {
		key, value := r.take(true), []string(nil)
		for isAll(r.peek(), 3, 8, alnum) {
			value = append(value, r.take(true))
		}
		if _, twice := types[key]; twice {
			continue
		}
		joined := strings.Join(value, "-")
		if other, aliased := keywords[key+"-"+joined]; aliased {
			joined = other
		}
		if joined == "true" {
			joined = ""
		}
		types[key] = joined
		keys = append(keys, key)
	}
	if len(attributes)+len(keys) == 0 {
		return "", false
	}
	slices.Sort(keys)
	out := ""
	for _, attribute := range slices.Compact(attributes) {
		out += "-" + attribute
	}
	for _, key := range keys {
		out += "-" + key
		if types[key] != "" {
			out += "-" + types[key]
		}
	}
	return out, true
}

// transformed reads what a text was made of.
func (r *reader) transformed() (string, bool) {
	out := ""
	if isLanguage(r.peek()) {
		subtags, ok := r.name()
		if !ok {
			return "", false
		}
		out = "-" + strings.ToLower(strings.Join(subtags, "-"))
	}
	fields := map[string]string{}
	var keys []string
	for len(r.peek()) == 2 && alpha(r.peek()[0]) && digit(r.peek()[1]) {
		key, value := r.take(true), ""
		for isAll(r.peek(), 3, 8, alnum) {
			value += "-" + r.take(true)
		}
		if _, twice := fields[key]; twice || value == "" {
			return "", false
		}
		fields[key] = value
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		out += "-" + key + fields[key]
	}
	return out, out != ""
}

func (r *reader) other() (string, bool) {
	out := ""
	for isAll(r.peek(), 2, 8, alnum) {
		out += "-" + r.take(true)
	}
	return out, out != ""
}

// Maximize adds the script and the region that are likely to the base of a tag.
func Maximize(base string) string {
	language, script, region, variants := likely(base)
	return join(language, script, region, variants)
}

func join(language, script, region string, variants []string) string {
	parts := []string{language}
	for _, part := range append([]string{script, region}, variants...) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "-")
}

func likely(base string) (lang, script, region string, variants []string) {
	parsed, err := language.Raw.Parse(base)
	parts := strings.Split(base, "-")
	for _, part := range parts[1:] {
		if isVariant(strings.ToLower(part)) {
			variants = append(variants, part)
		}
	}
	if err != nil {
		return base, "", "", nil
	}
	b, bc := parsed.Base()
	s, sc := parsed.Script()
	g, gc := parsed.Region()
	lang = parts[0]
	if lang == "und" && bc > language.No {
		lang = b.String()
	}
	if sc > language.No && s.String() != "Zzzz" {
		script = s.String()
	}
	if gc > language.No && g.String() != "ZZ" {
		region = g.String()
	}
	return lang, script, region, variants
}

// Minimize leaves out of the base of a tag what is likely anyway.
func Minimize(base string) string {
	full := Maximize(base)
	lang, script, region, variants := likely(base)
	for _, shorter := range []string{join(lang, "", "", nil), join(lang, "", region, nil), join(lang, script, "", nil)} {
		if Maximize(shorter) == join(lang, script, region, nil) {
			return strings.Join(append([]string{shorter}, variants...), "-")
		}
	}
	return full
}
