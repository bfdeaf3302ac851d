package merge

import (
	_ "embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"carjs/host/failure"
	"carjs/host/settings"
)

//go:embed base/config.json
var baseConfig []byte

//go:embed base/lang_en.json
var baseLanguage []byte

// Base is the configuration that all connectors of a deployment share: the schedule, the link to
// the help, the image.
type Base struct {
	// Config is a config.json, Language a lang_en.json.
	Config, Language []byte
	// ConfigName and LanguageName are what mistakes call them.
	ConfigName, LanguageName string
}

// BuiltIn is the base of a deployment that has none of its own.
func BuiltIn() Base {
	return Base{Config: baseConfig, Language: baseLanguage,
		ConfigName: "the built-in base", LanguageName: "the built-in base"}
}

// ReadBase reads a base from a folder or its config.json; the lang_en.json beside it counts too,
// when there is one. The path "" is the built-in base. Errors are [*failure.Failure]s.
func ReadBase(path string) (Base, error) {
	if path == "" {
		return BuiltIn(), nil
	}
	file := path
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		file = filepath.Join(path, filepath.Base(settings.ConfigFile))
	}
	config, err := os.ReadFile(file)
	if err != nil {
		return Base{}, failure.Usage("cannot read the base configuration: %v", err).WithCause(err).
			WithHint("set -base-config to a folder with a config.json")
	}
	base := Base{Config: config, ConfigName: file, LanguageName: filepath.Join(filepath.Dir(file), filepath.Base(settings.LanguageFile))}
	base.Language, err = os.ReadFile(base.LanguageName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		base.Language = []byte("{}")
	case err != nil:
		return Base{}, failure.Usage("cannot read the texts of the base configuration: %v", err).WithCause(err).
			WithHint("correct lang_en.json beside the config.json of the base, or remove it")
	}
	return base, base.check()
}

// check tells of mistakes in the base, with their lines.
func (b Base) check() error {
	if _, err := settings.ParseConfig(b.ConfigName, b.Config); err != nil {
		return err
	}
	return settings.CheckLanguage(b.LanguageName, b.Language)
}
