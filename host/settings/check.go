package settings

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"carjs/host/redact"
)

// Need is something that a command cannot do without, beside the connector's required settings.
type Need int

// NeedCAR is the need of a CAR service: one that is configured completely, or not at all and so the
// embedded one.
const NeedCAR Need = 1

// maxShown bounds how much of a malformed value an error repeats.
const maxShown = 60

// Check returns nil when every setting is there and well formed, or a [*failure.Failure] that names
// all that are not in one sentence.
func (v Values) Check(needs ...Need) error {
	missing, faults := v.faults()
	if slices.Contains(needs, NeedCAR) {
		more, wrong := v.carFaults()
		missing, faults = append(missing, more...), append(faults, wrong...)
	}
	return v.complaint(missing, faults)
}

// Malformed is Check for settings that need not be there: it tells of those that are given and not
// well formed.
func (v Values) Malformed() error {
	_, faults := v.faults()
	return v.complaint(nil, faults)
}

func (v Values) complaint(missing, faults []string) error {
	if len(missing) > 0 {
		text := "missing setting: "
		if len(missing) > 1 {
			text = "missing settings: "
		}
		faults = append([]string{text + enumerate(missing)}, faults...)
	}
	if len(faults) == 0 {
		return nil
	}
	help := "-help"
	if v.state != nil && v.state.command != "" {
		help = v.state.command + " -help"
	}
	hint := "set them as flags, environment variables or mounted secrets; " + help + " lists them"
	if len(missing) == 0 {
		hint = "correct the value; " + help + " describes every setting"
	}
	return invalid("%s", strings.Join(faults, "; ")).WithHint("%s", hint)
}

// faults returns the names of the settings that are missing, and what is wrong with others.
func (v Values) faults() (missing, faults []string) {
	if v.state == nil {
		return nil, nil
	}
	for _, e := range v.state.entries {
		found := v.get(e.env)
		switch {
		case found.fault != "":
			faults = append(faults, v.malformed(e, found))
		case e.required && strings.TrimSpace(found.text) == "":
			missing = append(missing, e.name())
		}
	}
	return missing, faults
}

// malformed says what a value must be, and repeats it when it is no secret.
func (v Values) malformed(e entry, found value) string {
	text := e.name() + " " + found.fault
	if e.secret || found.origin == FromSecret {
		return text
	}
	r := redact.New()
	v.Redact(r)
	shown := []rune(r.String(found.text))
	if len(shown) > maxShown {
		shown = append(shown[:maxShown], '…')
	}
	return fmt.Sprintf("%s, not %q", text, string(shown))
}

// name is how an error names a setting: "-url (CONFIGURATION_AUTH_URL)".
func (e entry) name() string {
	if len(e.flags) == 0 {
		return e.env
	}
	shortest := e.flags[0]
	for _, flag := range e.flags {
		if len(flag) < len(shortest) && len(flag) > 1 {
			shortest = flag
		}
	}
	return fmt.Sprintf("-%s (%s)", shortest, e.env)
}

func (v Values) nameOf(env string) string {
	for _, e := range v.state.entries {
		if e.env == env {
			return e.name()
		}
	}
	return env
}

// CARMode says how CAR is reached.
type CARMode string

// The ways to reach CAR.
const (
	CAREmbedded CARMode = "embedded" // the service that is part of carjs
	CARBasic    CARMode = "basic"    // API key and password
	CARToken    CARMode = "token"    // a token, which wins when both are configured
)

// CARSettings say which CAR service to use and as who.
type CARSettings struct {
	Mode CARMode
	// URL is empty for the embedded service, and so are the credentials.
	URL                  string
	Key, Password, Token Secret
	// Source is the name of the source. It may be empty for the embedded service: the caller then
	// chooses one.
	Source string
}

// CAR tells how to reach CAR. Without any setting of it the embedded service is used, unless
// CARJS_CAR=required says never, or secrets are mounted, as they are in production; otherwise an
// incomplete configuration is a [*failure.Failure].
func (v Values) CAR() (CARSettings, error) {
	missing, faults := v.carFaults()
	if v.state != nil {
		for _, e := range v.state.entries {
			if found := v.get(e.env); found.fault != "" && slices.Contains(carEnvs, e.env) {
				faults = append(faults, v.malformed(e, found))
			}
		}
	}
	if err := v.complaint(missing, faults); err != nil {
		return CARSettings{}, err
	}
	source := v.Text(EnvSource)
	switch {
	case v.Text(EnvToken) != "":
		return CARSettings{Mode: CARToken, URL: v.Text(EnvTokenURL), Token: NewSecret(v.Text(EnvToken)), Source: source}, nil
	case v.Text(EnvCARURL) != "":
		address, key, password := v.carLogin()
		return CARSettings{Mode: CARBasic, URL: address, Source: source, Key: NewSecret(key), Password: NewSecret(password)}, nil
	}
	return CARSettings{Mode: CAREmbedded, Source: source}, nil
}

// carLogin returns the URL of CAR without the login that may be in it, and what to log in with: the
// key and its password, or, where no key is given, the login of the URL.
func (v Values) carLogin() (address, key, password string) {
	address, key, password = v.Text(EnvCARURL), v.Text(EnvCARKey), v.Text(EnvCARPass)
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.User == nil {
		return address, key, password
	}
	if strings.TrimSpace(key) == "" {
		key = u.User.Username()
		password, _ = u.User.Password()
	}
	u.User = nil
	return u.String(), key, password
}

// The two complete sets of CAR settings.
var (
	basicSettings = []string{EnvCARURL, EnvCARKey, EnvCARPass}
	tokenSettings = []string{EnvTokenURL, EnvToken}
)

// carEnvs are all settings that decide how CAR is reached.
var carEnvs = slices.Concat([]string{EnvCAR}, basicSettings, tokenSettings)

// carFaults returns what is missing or wrong of the CAR settings, and of the source, which the
// embedded service can do without.
func (v Values) carFaults() (missing, faults []string) {
	if v.state == nil {
		return nil, nil
	}
	for _, env := range carEnvs {
		if v.get(env).fault != "" {
			return nil, nil // what a malformed one means for the rest cannot be known; it is told as a fault of its own
		}
	}
	basic, token := v.absent(basicSettings), v.absent(tokenSettings)
	if _, key, _ := v.carLogin(); key != "" && strings.TrimSpace(v.Text(EnvCARKey)) == "" {
		basic = nil // the URL has the login
	}
	if len(basic) == len(basicSettings) && len(token) == len(tokenSettings) {
		if v.Text(EnvCAR) != RequireCAR && !v.SecretsMounted() {
			return nil, nil
		}
		faults = append(faults, fmt.Sprintf("no CAR service is configured: set %s, or %s",
			enumerate(basic), enumerate(token)))
	} else {
		if len(basic) < len(basicSettings) {
			missing = append(missing, basic...)
		}
		if len(token) < len(tokenSettings) {
			missing = append(missing, token...)
		}
	}
	if strings.TrimSpace(v.Text(EnvSource)) == "" {
		missing = append(missing, v.nameOf(EnvSource))
	}
	for _, env := range []string{EnvCARURL, EnvTokenURL} {
		u, err := url.Parse(v.Text(env))
		if v.Text(env) != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "") {
			faults = append(faults, v.nameOf(env)+" must be a URL that begins with https:// or http://")
		}
	}
	return missing, faults
}

// absent returns the names of those settings that have no value.
func (v Values) absent(envs []string) []string {
	var out []string
	for _, env := range envs {
		if strings.TrimSpace(v.Text(env)) == "" {
			out = append(out, v.nameOf(env))
		}
	}
	return out
}
