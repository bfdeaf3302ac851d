package settings

import (
	"os"
	"slices"
	"strings"

	"carjs/host/redact"
)

// Origin says where a value came from.
type Origin string

// The origins, the strongest first.
const (
	FromSecret      Origin = "secret"
	FromFlag        Origin = "flag"
	FromEnvironment Origin = "environment"
	FromPrevious    Origin = "environment, older name"
	FromHost        Origin = "host" // [Values.WithDefaults]
	FromDefault     Origin = "default"
	Unset           Origin = ""
)

// Input is all that settings are looked up in.
type Input struct {
	Table       Table
	Declaration *Declaration // nil for a command without a connector
	Flags       *Flags       // nil for none
	// Command is what errors tell people to run with -help, such as "carjs run reference"; "" for
	// none.
	Command string
	// LookupEnv is [os.LookupEnv] when nil. A variable that is set to nothing counts as not set.
	LookupEnv func(name string) (string, bool)
}

// Values are the settings of a command. They print without their secrets, and never change.
type Values struct{ state *state }

// state stands behind a pointer so that a struct that holds Values prints an address for them; and
// since fmt follows it for a verb that does not fit, every text in it stands behind another.
type state struct {
	command     string
	declaration *Declaration
	entries     []entry
	values      map[string]*value // by environment variable
	undeclared  map[string]Secret // mounted secrets that are no setting, by file
	mounted     bool
}

// entry is a setting of either kind.
type entry struct {
	env      string
	flags    []string
	previous []string
	fallback string
	has      bool // there is a default
	required bool
	secret   bool
	rule     rule
}

type value struct {
	text   string
	typed  any
	origin Origin
	fault  string
}

// Resolve is [Gather] and [Values.Check] in one.
func Resolve(in Input, needs ...Need) (Values, error) {
	values, err := Gather(in)
	if err != nil {
		return Values{}, err
	}
	return values, values.Check(needs...)
}

// Gather looks every setting up. It fails only when mounted secrets cannot be read; values that are
// missing or malformed are told by [Values.Check], so that a caller can provide some before.
func Gather(in Input) (Values, error) {
	if in.LookupEnv == nil {
		in.LookupEnv = os.LookupEnv
	}
	if in.Flags == nil {
		in.Flags = &Flags{}
	}
	s := &state{command: in.Command, declaration: in.Declaration, entries: entriesOf(in), values: make(map[string]*value)}
	var secrets map[string]string
	for _, e := range s.entries {
		if e.env == envSecretsDir {
			var err error
			if secrets, s.mounted, err = readSecrets(in.find(e, nil).text); err != nil {
				return Values{}, err
			}
		}
	}
	for _, e := range s.entries {
		found := in.find(e, secrets)
		s.values[e.env] = &found
		for _, name := range append(e.previous, e.env) {
			delete(secrets, name)
		}
	}
	for _, own := range RunTable() {
		delete(secrets, own.Env) // a command without the CAR settings does not hand them to the connector
	}
	s.undeclared = make(map[string]Secret, len(secrets))
	for name, text := range secrets {
		s.undeclared[name] = NewSecret(text)
	}
	return Values{s}, nil
}

func entriesOf(in Input) []entry {
	var entries []entry
	for i := range in.Table {
		s := &in.Table[i]
		entries = append(entries, entry{env: s.Env, flags: s.Names(), fallback: s.Default, has: s.Default != "",
			secret: s.Secret(), rule: ruleOfSetting(s)})
	}
	if in.Declaration == nil {
		return entries
	}
	for i := range in.Declaration.Fields {
		f := &in.Declaration.Fields[i]
		e := entry{env: f.Env, flags: f.Names(), previous: f.Previous, fallback: f.defaultText(), has: f.Default != nil,
			required: f.Required(), secret: f.Secret(), rule: ruleOf(f)}
		if f.Type == Boolean && f.Default == nil {
			e.fallback, e.has = "false", true
		}
		entries = append(entries, e)
	}
	return entries
}

// find returns the value of a setting from the strongest place that has one.
func (in Input) find(e entry, secrets map[string]string) value {
	for _, name := range append([]string{e.env}, e.previous...) {
		if text, ok := secrets[name]; ok {
			return e.value(text, FromSecret)
		}
	}
	if text, ok := in.Flags.given[e.env]; ok {
		return e.value(*text, FromFlag)
	}
	if text, _ := in.LookupEnv(e.env); text != "" {
		return e.value(text, FromEnvironment)
	}
	for _, name := range e.previous {
		if text, _ := in.LookupEnv(name); text != "" {
			return e.value(text, FromPrevious)
		}
	}
	if e.has {
		return e.value(e.fallback, FromDefault)
	}
	return value{}
}

func (e entry) value(text string, origin Origin) value {
	typed, fault := e.rule.parse(text)
	if fault != "" && e.rule.anyValue && (origin == FromEnvironment || origin == FromSecret) {
		typed, fault = true, ""
	}
	return value{text: text, typed: typed, origin: origin, fault: fault}
}

// WithDefaults returns the values with others in place of those that were not given, by environment
// variable: what the host knows better than the table or the declaration, such as the address of an
// embedded service. An optional setting can get a default that way, and a required one is then no
// longer missing.
func (v Values) WithDefaults(defaults map[string]string) Values {
	s := *v.state
	s.values = make(map[string]*value, len(v.state.values))
	for _, e := range s.entries {
		old := v.state.values[e.env]
		s.values[e.env] = old
		if text, ok := defaults[e.env]; ok && (old.origin == Unset || old.origin == FromDefault) {
			replaced := e.value(text, FromHost)
			s.values[e.env] = &replaced
		}
	}
	return Values{&s}
}

// Given tells whether someone gave the setting a value that is not empty: by secret, flag or
// environment, not by default. It is named by its environment variable.
func (v Values) Given(env string) bool {
	found := v.get(env)
	switch found.origin {
	case Unset, FromDefault, FromHost:
		return false
	}
	return found.text != ""
}

// Origin tells where the value of a setting came from.
func (v Values) Origin(env string) Origin { return v.get(env).origin }

// Value returns the value of a setting by its environment variable: string, float64, bool, int,
// [time.Duration], uint64 for a size, [Limit], [netpolicy.Rules]; nil when it has none. Settings
// that a command added to the table are read by it.
func (v Values) Value(env string) any { return v.get(env).typed }

// Text returns the value of a textual setting, "" when it has none.
func (v Values) Text(env string) string { return typed[string](v, env) }

func typed[T any](v Values, env string) T {
	out, _ := v.get(env).typed.(T)
	return out
}

func (v Values) get(env string) value {
	if v.state == nil || v.state.values[env] == nil {
		return value{}
	}
	return *v.state.values[env]
}

// SecretsMounted tells whether there are mounted secrets, or at least a key for some.
func (v Values) SecretsMounted() bool { return v.state != nil && v.state.mounted }

// Secrets returns everything that must never be shown: passwords and tokens, all that came from
// mounted secrets but switches and the numbers of carjs itself, and the passwords in URLs.
func (v Values) Secrets() []string {
	if v.state == nil {
		return nil
	}
	var out []string
	add := func(text string) {
		if strings.TrimSpace(text) != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	for _, e := range v.state.entries {
		found := v.get(e.env)
		if e.secret || found.origin == FromSecret && e.rule.mayBeSecret() {
			add(found.text)
		}
		add(urlPassword(found.text))
	}
	_, key, _ := v.carLogin()
	add(key)
	for _, secret := range v.state.undeclared {
		add(secret.Reveal())
		add(urlPassword(secret.Reveal()))
	}
	slices.Sort(out)
	return out
}

// Redact makes everything that must never be shown known to a redactor, logins as the pairs of
// Basic authentication too.
func (v Values) Redact(r *redact.Redactor) {
	r.Add(v.Secrets()...)
	for _, login := range v.logins() {
		r.AddBasic(login[0], login[1])
	}
}
