package settings

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"carjs/host/redact"
)

// mayBeSecret tells whether a mounted value of this type is worth hiding: a switch and a number of
// seconds are not, and hiding every "true" or "2000" would make logs unreadable.
func (r rule) mayBeSecret() bool {
	switch r.kind {
	case Boolean, Integer, Duration, Size, Bound, Hosts:
		return false
	}
	return true
}

// urlPassword returns the password in a URL, "" when there is none.
func urlPassword(text string) string {
	if !strings.Contains(text, "@") {
		return ""
	}
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.User == nil {
		return ""
	}
	password, _ := u.User.Password()
	return password
}

// userNames are the last parts of the paths of settings that hold the name of a login.
var userNames = []string{"username", "user", "user_name", "login", "client_id", "clientid", "key", "api_key", "apikey"}

// logins returns the pairs of name and password that are likely to be sent as Basic authentication:
// CAR's, and in every group of the connector's settings each name with each password.
func (v Values) logins() [][2]string {
	_, key, password := v.carLogin()
	pairs := [][2]string{{key, password}}
	if v.state == nil || v.state.declaration == nil {
		return pairs
	}
	for _, user := range v.state.declaration.Fields {
		if !slices.Contains(userNames, strings.ToLower(lastPart(user.Path))) {
			continue
		}
		group := strings.TrimSuffix(user.Path, lastPart(user.Path))
		for _, password := range v.state.declaration.Fields {
			if password.Secret() && password.Env != user.Env && strings.TrimSuffix(password.Path, lastPart(password.Path)) == group {
				pairs = append(pairs, [2]string{v.Text(user.Env), v.Text(password.Env)})
			}
		}
	}
	return pairs
}

// String lists the settings that have a value other than their default, each with its origin,
// without a secret.
func (v Values) String() string {
	if v.state == nil {
		return "settings{}"
	}
	r := redact.New()
	v.Redact(r)
	var parts []string
	for _, e := range v.state.entries {
		found := v.get(e.env)
		if found.origin == Unset || found.origin == FromDefault {
			continue
		}
		text := r.String(found.text)
		if found.text != "" && (e.secret || found.origin == FromSecret) {
			text = redact.Marker
		}
		parts = append(parts, fmt.Sprintf("%s=%q (%s)", e.env, text, found.origin))
	}
	for name := range v.state.undeclared {
		parts = append(parts, fmt.Sprintf("%s=%q (%s)", name, redact.Marker, FromSecret))
	}
	slices.Sort(parts)
	return "settings{" + strings.Join(parts, ", ") + "}"
}

// Format prints as [Values.String] does, whatever the verb.
func (v Values) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, v.String()) }

// LogValue logs as [Values.String] does.
func (v Values) LogValue() slog.Value { return slog.StringValue(v.String()) }

// Args are a connector's settings as TypeScript sees them: string, float64 or bool by name. They
// hold the secrets that the connector needs, and print as a list of names.
type Args map[string]any

// String lists the names.
func (a Args) String() string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	return "args{" + strings.Join(names, ", ") + "}"
}

// Format prints as [Args.String] does, whatever the verb.
func (a Args) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// LogValue logs as [Args.String] does.
func (a Args) LogValue() slog.Value { return slog.StringValue(a.String()) }
