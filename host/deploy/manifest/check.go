package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"carjs/host/failure"
	"carjs/host/lazyregexp"
	"carjs/host/settings"
)

// maxName keeps car-NAME below the 52 characters that a CronJob may have.
const maxName = 52 - len(Prefix)

var (
	labelPattern     = lazyregexp.New(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	subdomainPattern = lazyregexp.New(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	keyPattern       = lazyregexp.New(`^[-._a-zA-Z0-9]{1,253}$`)
)

// CheckName tells whether a connection can have a name, which is part of those of its objects.
func CheckName(name string) error {
	if len(name) <= maxName && labelPattern().MatchString(name) {
		return nil
	}
	return failure.Usage("invalid connection name: %q", shown(name)).
		WithHint("use lower-case letters, digits and -, %d at most, beginning and ending with a letter or digit", maxName)
}

// checkObjectName tells whether an object, such as a Secret, can have a name.
func checkObjectName(what, name string) error {
	if len(name) <= 253 && subdomainPattern().MatchString(name) {
		return nil
	}
	return failure.Usage("invalid %s: %q", what, shown(name)).WithHint("use lower-case letters, digits, - and .")
}

// parseReference reads SECRET or SECRET/KEY.
func parseReference(text string) (Reference, error) {
	name, key, hasKey := strings.Cut(text, "/")
	if err := checkObjectName("name of a Secret", name); err != nil {
		return Reference{}, err
	}
	if hasKey && (!keyPattern().MatchString(key) || strings.HasPrefix(key, "..") || key == ".") {
		return Reference{}, failure.Usage("invalid key of a Secret: %q", shown(key)).
			WithHint("write SECRET/KEY; a key has letters, digits, -, _ and .")
	}
	return Reference{Secret: name, Key: key}, nil
}

// checkSetting says why a value cannot be written as that of a setting, "" when it can.
func checkSetting(f *settings.Field, text string) string {
	switch {
	case f.Secret():
		return fmt.Sprintf("%s is a secret and must not be written in clear text: the pod reads it from a Secret", f.Path)
	case f.Type == settings.Cron:
		return fmt.Sprintf("%s is the schedule, not a setting: write schedule: beside settings:", f.Path)
	case !utf8.ValidString(text):
		return fmt.Sprintf("%s must be UTF-8", f.Path)
	case settings.HasPassword(text):
		return fmt.Sprintf("%s is a URL with a password, which must not be written in clear text", f.Path)
	}
	if fault := f.Fault(text); fault != "" {
		return fmt.Sprintf("%s %s, not %q", f.Path, fault, shown(text))
	}
	return ""
}

// NewCluster reads what all connections share from the settings of [settings.ManifestTable], which
// have been checked. Errors are [*failure.Failure]s.
func NewCluster(values settings.Values) (Cluster, error) {
	memory, _ := values.Value(settings.EnvMemory).(uint64)
	user, _ := values.Value(settings.EnvRunAsUser).(int)
	c := Cluster{
		Namespace: values.Text(settings.EnvNamespace), TimeZone: values.Text(settings.EnvTimeZone),
		JWE:    values.Text(settings.EnvSecretsForm) == settings.SecretsJWE,
		CARURL: values.Text(settings.EnvCARURL), CARTokenURL: values.Text(settings.EnvTokenURL),
		CARSecret: values.Text(settings.EnvCARSecret), PullSecret: values.Text(settings.EnvPullSecret),
		Memory: memory, RunAsUser: user,
	}
	c.Timeout, _ = values.Value(settings.EnvTimeout).(time.Duration)
	for _, setting := range clusterSettings() {
		if origin := values.Origin(setting.Env); setting.Group == settings.GroupScheduled &&
			origin != settings.FromDefault && origin != settings.Unset {
			c.setRun(setting.Env, values.Written(setting.Env), values.Value(setting.Env))
		}
		value := values.Value(setting.Env)
		if value == nil || value == "" {
			continue
		}
		if err := checkShared(setting.Env, value); err != nil {
			return Cluster{}, err
		}
	}
	if c.CARURL != "" && c.CARTokenURL != "" {
		return Cluster{}, failure.Usage("car-service-url and car-service-url-for-token are both set").WithHint("set one of them")
	}
	return c, nil
}

// setRun sets a setting of the runs, in the place of an earlier value. The value is as the
// setting's type reads the text.
func (c *Cluster) setRun(env, text string, value any) {
	if timeout, ok := value.(time.Duration); ok && env == settings.EnvTimeout {
		c.Timeout = timeout
	}
	set := RunSetting{env, text}
	if i := slices.IndexFunc(c.Run, func(s RunSetting) bool { return s.Env == env }); i >= 0 {
		c.Run[i] = set
		return
	}
	c.Run = append(c.Run, set)
}

// clusterSettings are the settings that a file of connections may have for all of them.
func clusterSettings() settings.Table {
	var table settings.Table
	for _, s := range settings.ManifestTable().Groups(settings.GroupDeploy, settings.GroupScheduled) {
		switch s.Env {
		case settings.EnvSource, settings.EnvSchedule, settings.EnvSecretName:
		default:
			table = append(table, s)
		}
	}
	return table
}

// checkShared checks what the type of a setting does not say. The value is as the setting's type
// reads it.
func checkShared(env string, value any) error {
	text, _ := value.(string)
	switch env {
	case settings.EnvNamespace:
		if len(text) > 63 || !labelPattern().MatchString(text) {
			return failure.Usage("invalid namespace: %q", shown(text)).WithHint("use lower-case letters, digits and -, 63 at most")
		}
	case settings.EnvTimeZone:
		return CheckTimeZone(text)
	case settings.EnvCARSecret, settings.EnvPullSecret:
		return checkObjectName("name of a Secret", text)
	case settings.EnvCARURL, settings.EnvTokenURL:
		if settings.HasPassword(text) {
			return failure.Usage("the URL of the CAR service has a password, which must not be written in clear text").
				WithHint("leave the login out of the URL: the pod reads it from a Secret")
		}
		if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
			return failure.Usage("the URL of the CAR service must begin with https://, not %q", shown(text)).
				WithHint("write it as https://HOST/api/car/v2")
		}
	case settings.EnvMemory:
		if bytes, _ := value.(uint64); bytes < leastMemory || bytes > 1<<50 {
			return failure.Usage("memory must be at least 128MB").WithHint("write a size such as 512MB")
		}
	}
	return nil
}
