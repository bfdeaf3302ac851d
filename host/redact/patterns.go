package redact

import (
	"regexp"
	"strings"

	"carjs/host/lazyregexp"
)

// urlPassword finds the login of a URL: what stands between the name and the last @ before the
// path. A token given as the name alone (https://TOKEN@host) cannot be told from a name and is left
// to those who know the secret.
var urlPassword = lazyregexp.New("([A-Za-z][A-Za-z0-9+.-]*:(?:\\\\?/){2}[^\\s/?#@:\"'<>\\\\`]*:)[^\\s/?#\"<>`]*@")

// The pieces of the patterns below. A marker counts as part of a value, so that text may come by
// twice.
const (
	authMarker = `\[redacted\]`
	// authQuote is a quotation mark, escaped any number of times.
	authQuote = `\\*["']`
	// authLists are the schemes whose value is a list of parameters with spaces and quotes of its
	// own.
	authLists = `(?:digest|oauth|hawk|signature|aws4-hmac-sha256|scram-sha-256|scram-sha-1)[ \t]+`
	// authSchemes are schemes that stay readable, because knowing which one was used helps and
	// hurts nobody.
	authSchemes = `(?:basic|bearer|car-token|token|apikey|api-key|ssws|negotiate|ntlm|geniekey|splunk)[ \t]+`
	authToken   = `(?:` + authMarker + `|[^\s"'\\,;\]}])+`
	authRest    = `(?:` + authMarker + `|[^\r\n"'\\\]}])+`
)

// authHeader finds an Authorization (or Proxy-Authorization) header as it is written in HTTP, in
// JSON, in a dump of a map, or quoted behind an equals sign. What follows a scheme that is not
// known here goes up to the quote or the end of the line.
var authHeader = lazyregexp.New(`(?i)(authorization(?:` + authQuote + `)?[ \t]*(?:` +
	`:[ \t]*(?:` + authQuote + `)?[\[{]?[ \t]*(?:` + authQuote + `)?` +
	`|=[ \t]*` + authQuote + `))` +
	`(?:(` + authLists + `)[^\r\n]+|(` + authSchemes + `)` + authToken + `|` + authRest + `)`)

// authValue finds the same behind an equals sign without quotes. Of a value with an unknown scheme
// the next word goes as well, unless that is the next key=value.
var authValue = lazyregexp.New(`(?i)(authorization[ \t]*=[ \t]*)` +
	`(?:(` + authLists + `)[^\r\n]+|(` + authSchemes + `)` + authToken + `|` +
	authToken + `(?:[ \t]+[^\s"'\\,;\]}=]+=*([\s"'\\,;\]}]|$))?)`)

// authDone is a header that was redacted before, brackets and all.
var authDone = lazyregexp.New(`(?i)authorization(?:` + authQuote + `)?[ \t]*[:=][ \t]*(?:` + authQuote + `)?` + authMarker + `$`)

// parameter finds a parameter of a query that is a credential by its name.
var parameter = lazyregexp.New(`(?i)([?&](?:` + credentialNames + `)=)(?:` + authMarker + `|[^&#\s"'<>\\` + "`" + `])+`)

// credentialNames are the names of parameters that hold credentials. A marker counts as part of a
// value, and no other bracket matters.
const credentialNames = `(?:x[-_])?api[-_]?key|apikey|subscription[-_]key|(?:access|refresh|id|auth|session)[-_]?token|token|` +
	`client[-_]?secret|secret|passwd|password|pwd|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature`

func replacePatterns(s string) string {
	if strings.IndexByte(s, '=') >= 0 && strings.ContainsAny(s, "?&") {
		s = parameter().ReplaceAllString(s, "${1}"+Marker)
	}
	if strings.Contains(s, "@") && strings.Contains(s, ":") {
		s = urlPassword().ReplaceAllString(s, "${1}"+Marker+"@")
	}
	if !mentionsAuthorization(s) {
		return s
	}
	s = authHeader().ReplaceAllStringFunc(s, func(found string) string { return redactHeader(authHeader(), found) })
	return authValue().ReplaceAllStringFunc(s, func(found string) string { return redactHeader(authValue(), found) })
}

// redactHeader replaces the value of the header that was found, keeping the name, the scheme and
// what ended the value.
func redactHeader(header *regexp.Regexp, found string) string {
	if authDone().MatchString(found) || authDone().MatchString(found+"]") {
		return found
	}
	part := header.FindStringSubmatch(found)
	head, end := part[1]+part[2]+part[3], ""
	if len(part) > 4 {
		end = part[4]
	}
	return head + Marker + end
}

// mentionsAuthorization saves nearly every line the regular expressions, by looking for the word's
// rarest letter.
func mentionsAuthorization(s string) bool {
	const word = "authorization"
	const rare = len("authori")
	for i := rare; i+len(word)-rare <= len(s); i++ {
		if s[i]|0x20 == 'z' && strings.EqualFold(s[i-rare:i-rare+len(word)], word) {
			return true
		}
	}
	return false
}
