package manifest

import (
	"fmt"
	"strings"

	"carjs/host/failure"
	"carjs/host/settings"
)

// FromValues is the connection that a command line describes: the settings of
// [settings.ManifestTable] and those of the connector. It is checked; errors are
// [*failure.Failure]s.
func FromValues(connector Connector, values settings.Values) (Connection, error) {
	c := Connection{
		Name: values.Text(settings.EnvSource), Source: values.Text(settings.EnvSource), Connector: connector.Name,
		Schedule: values.Text(settings.EnvSchedule), Secret: values.Text(settings.EnvSecretName),
		Fields: connector.Declaration.Fields, Settings: map[string]string{},
	}
	if err := checkConnectorName(c.Connector); err != nil {
		return c, err
	}
	var err error
	if c.Image, err = ParseImage(values.Text(settings.EnvImage)); err != nil {
		return c, err
	}
	if c.Version = values.Text(settings.EnvVersion); c.Version == "" {
		c.Version = c.Image.Tag
	}
	if c.Source == "" {
		return c, failure.Usage("no connection name given").WithHint("set -source")
	}
	if err := CheckName(c.Name); err != nil {
		return c, failure.From(err).WithHint("%s; in a file of connections (-connections), name and source may differ",
			failure.From(err).Hint)
	}
	if c.Secret != "" {
		if err := checkObjectName("name of a Secret", c.Secret); err != nil {
			return c, err
		}
	}
	if c.Schedule == "" {
		c.Schedule = DefaultSchedule(connector.Declaration)
	}
	if err := CheckSchedule(c.Schedule); err != nil {
		return c, err
	}
	if c.Cluster, err = NewCluster(values); err != nil {
		return c, err
	}
	return c, c.takeSettings(values)
}

// takeSettings takes the settings of the connector from flags.
func (c *Connection) takeSettings(values settings.Values) error {
	var missing []string
	for i := range c.Fields {
		f := &c.Fields[i]
		switch {
		case values.Given(f.Env):
			text := values.Written(f.Env)
			if fault := checkSetting(f, text); fault != "" {
				return failure.Usage("%s", fault).
					WithHint("put it into the Secret, under the key %s, and leave the flag out", f.Env)
			}
			c.Settings[f.Env] = text
		case f.Required() && !f.Secret():
			missing = append(missing, fmt.Sprintf("-%s (%s)", flagName(*f), f.Env))
		}
	}
	if len(missing) > 0 {
		return failure.Usage("missing settings: %s", strings.Join(missing, ", ")).WithHint("set them as flags")
	}
	return nil
}

// flagName is the shortest flag that means a setting: those of the command win over the
// connector's.
func flagName(f settings.Field) string {
	if _, taken := settings.ManifestTable().Lookup(f.Short); f.Short == "" || taken {
		return f.Flag
	}
	return f.Short
}
