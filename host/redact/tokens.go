package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// credentials are the names by which members of an answer tell that they are credentials, without
// their underscores and in lower case. Within a list a "token" is as likely to be a place in it.
var credentials = map[string]bool{
	"accesstoken": true, "refreshtoken": true, "idtoken": true, "sessiontoken": true, "token": true, "apikey": true,
	"clientsecret": true, "password": true,
}

// Tokens hides the credentials in a JSON text or a form that are such by their names,
// {"access_token": "..."} or a form, however short they are: a Redactor is told of those in an
// answer only once a connector has read it. One that is long enough is hidden where it stands
// otherwise, too. Anything else comes back as it is.
func Tokens(text []byte) []byte {
	trimmed := bytes.TrimSpace(text)
	if len(trimmed) <= longestForm && isForm(string(trimmed)) {
		// The beginning is made one of a query, by which the pattern knows the names.
		clean := parameter().ReplaceAllString("&"+string(text), "${1}"+Marker)
		return []byte(clean[1:])
	}
	if !mentionsCredentials(trimmed) || !json.Valid(trimmed) {
		return text
	}
	var out []byte
	var found []json.RawMessage
	from := 0
	for _, at := range credentialsIn(text) {
		found = append(found, text[at.start:at.end])
		out = append(append(out, text[from:at.start]...), `"`+Marker+`"`...)
		from = at.end
	}
	if found == nil {
		return text
	}
	out = append(out, text[from:]...)
	for _, literal := range found {
		var token string
		if json.Unmarshal(literal, &token) == nil && utf8.RuneCountInString(token) >= MinLength {
			out = hideValues(out, literal)
			out = bytes.ReplaceAll(out, []byte(base64.StdEncoding.EncodeToString([]byte(token))), []byte(Marker))
		}
	}
	return out
}

// longestForm is how long a form may be in which credentials are looked for.
const longestForm = 64 << 10

// isForm tells whether a text is a form as it is sent: a=1&b=2.
func isForm(text string) bool {
	if text == "" || strings.ContainsAny(text, " \t\r\n\"<>{}") {
		return false
	}
	for pair := range strings.SplitSeq(text, "&") {
		name, _, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return false
		}
	}
	return true
}

// hideValues hides a text that stands as a value. As a name it is the data source's word for
// something.
func hideValues(text, literal []byte) []byte {
	var out []byte
	for {
		at := bytes.Index(text, literal)
		if at < 0 {
			return append(out, text...)
		}
		end := at + len(literal)
		out = append(out, text[:at]...)
		if bytes.HasPrefix(bytes.TrimLeft(text[end:], " \t\r\n"), []byte(":")) {
			out = append(out, literal...)
		} else {
			out = append(out, `"`+Marker+`"`...)
		}
		text = text[end:]
	}
}

// nameEnds are the ends of the names of credentials as they are spelled. Most answers have none of
// them and need not be taken apart, which for a large one takes a second.
var nameEnds = [...]string{
	"oken\"", "OKEN\"", "assword\"", "ASSWORD\"", "ecret\"", "ECRET\"", "pi_key\"", "pikey\"", "piKey\"", "PI_KEY\"",
	"PIKEY\"", "pi_Key\"",
}

func mentionsCredentials(text []byte) bool {
	for _, end := range nameEnds {
		if bytes.Contains(text, []byte(end)) {
			return true
		}
	}
	return false
}

// span is where a literal stands in a text.
type span struct{ start, end int }

// credentialsIn finds the texts of credentials, quotes and all, at any depth of a JSON text, in
// their order. Empty ones hide nothing.
func credentialsIn(text []byte) []span {
	type level struct {
		list, inList bool
		name         bool // a name comes next
	}
	var found []span
	levels := []level{{list: true}}
	name := ""
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		before := int(decoder.InputOffset())
		token, err := decoder.Token()
		if err != nil {
			return found
		}
		top := &levels[len(levels)-1]
		switch value := token.(type) {
		case json.Delim:
			if value == '{' || value == '[' {
				top.name = !top.list
				levels = append(levels, level{list: value == '[', inList: top.inList || value == '[', name: value == '{'})
			} else {
				levels = levels[:len(levels)-1]
			}
			continue
		case string:
			if top.name {
				name, top.name = value, false
				continue
			}
			if value != "" && !top.list && isCredential(name, top.inList) {
				end := int(decoder.InputOffset())
				found = append(found, span{before + bytes.IndexByte(text[before:end], '"'), end})
			}
		}
		top.name = !top.list
	}
}

// isCredential tells whether a member is one by its name.
func isCredential(name string, inList bool) bool {
	plain := strings.ReplaceAll(strings.ToLower(name), "_", "")
	return credentials[plain] && (plain != "token" || !inList)
}
