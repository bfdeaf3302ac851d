package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// credentials are the names by which members of an answer tell that they are credentials, without their underscores and in lower case.
// Within a list a "token" is as likely to be a place in it.
var credentials = map[string]bool{
	"accesstoken": true, "refreshtoken": true, "idtoken": true, "sessiontoken": true, "token": true, "apikey": true, "clientsecret": true, "password": true,
}

// Tokens hides the credentials in an answer that are such by their names, {"access_token": "..."}: a Redactor is told of them only once a
// connector has read the answer that they came in. What is no JSON comes back as it is.
func Tokens(answer []byte) []byte {
	text := bytes.TrimSpace(answer)
	if !mentionsCredentials(text) || !json.Valid(text) {
		return answer
	}
	for _, literal := range tokens(nil, text, false) {
		var token string
		if json.Unmarshal(literal, &token) != nil || utf8.RuneCountInString(token) < MinLength {
			continue
		}
		answer = bytes.ReplaceAll(answer, literal, []byte(`"`+Marker+`"`))
		answer = bytes.ReplaceAll(answer, []byte(base64.StdEncoding.EncodeToString([]byte(token))), []byte(Marker))
	}
	return answer
}

// nameEnds are the ends of the names of credentials as they are spelled. Most answers have none of them and need not be taken apart,
// which for a large one takes a second.
var nameEnds = [...]string{"oken\"", "OKEN\"", "assword\"", "ASSWORD\"", "ecret\"", "ECRET\"", "pi_key\"", "pikey\"", "piKey\"", "PI_KEY\"", "PIKEY\"", "pi_Key\""}

func mentionsCredentials(text []byte) bool {
	for _, end := range nameEnds {
		if bytes.Contains(text, []byte(end)) {
			return true
		}
	}
	return false
}

// tokens finds the texts of credentials, quotes and all, at any depth.
func tokens(found []json.RawMessage, value json.RawMessage, inList bool) []json.RawMessage {
	switch value[0] {
	case '{':
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil {
			return found
		}
		for name, member := range members {
			plain := strings.ReplaceAll(strings.ToLower(name), "_", "")
			if member[0] == '"' && credentials[plain] && (plain != "token" || !inList) {
				found = append(found, member)
			}
			found = tokens(found, member, inList)
		}
	case '[':
		var items []json.RawMessage
		if json.Unmarshal(value, &items) != nil {
			return found
		}
		for _, item := range items {
			found = tokens(found, item, true)
		}
	}
	return found
}
