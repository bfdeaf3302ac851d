// Package locales is what bindings/intl knows of languages: names, symbols and patterns of the
// locales that carjs has, and the names of time zones.
//
// The files in data are written by generate.mjs, which asks the formatters of a Node with all of ICU
// and takes their answers apart. What patterns mean is known to those who fill them in: package
// datetime for dates, package number for numbers.
package locales

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate node generate.mjs

//go:embed data/*.txt
var files embed.FS

// Default is the locale of whoever names none.
const Default = "en-US"

// Each file is read once a process, when it is first asked for.
var (
	english  = sync.OnceValue(func() *Locale { return read("en", nil) })
	canadian = sync.OnceValue(func() *Locale { return read("en-CA", english()) })
	british  = sync.OnceValue(func() *Locale { return read("en-GB", english()) })
	german   = sync.OnceValue(func() *Locale { return read("de", nil) })
	swedish  = sync.OnceValue(func() *Locale { return read("sv", nil) })
)

// table has the locales there are, and where the data of each is.
var table = []struct {
	tag string
	of  func() *Locale
}{
	{"de", german},
	{"de-DE", german},
	{"en", english},
	{"en-CA", canadian},
	{"en-GB", british},
	{"en-US", english},
	{"sv", swedish},
	{"sv-SE", swedish},
}

// Tags are the locales there are.
func Tags() []string {
	var all []string
	for _, row := range table {
		all = append(all, row.tag)
	}
	return all
}

// Has tells whether there is a locale.
func Has(tag string) bool { return slices.Contains(Tags(), tag) }

// Locale is the data of one locale.
type Locale struct {
	file   string
	parent *Locale
	values map[string]string
}

// Of is the data of a locale of [Tags]. Another one is a fault of the caller.
func Of(tag string) *Locale {
	for _, row := range table {
		if row.tag == tag {
			return row.of()
		}
	}
	panic(fmt.Sprintf("there is no data of the locale %q", tag))
}

func read(file string, parent *Locale) *Locale {
	text, err := files.ReadFile("data/" + file + ".txt")
	if err != nil {
		panic(err) // it is embedded
	}
	l := &Locale{file: file, parent: parent, values: make(map[string]string, strings.Count(string(text), "\n"))}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		l.values[key] = value
	}
	return l
}

// Text is a value, empty where there is none.
func (l *Locale) Text(key string) string {
	for at := l; at != nil; at = at.parent {
		if value, ok := at.values[key]; ok {
			return value
		}
	}
	return ""
}

// List are the values of a list.
func (l *Locale) List(key string) []string { return strings.Split(l.Text(key), "|") }

// Language is the language of a locale, "en".
func (l *Locale) Language() string {
	language, _, _ := strings.Cut(l.file, "-")
	return language
}
