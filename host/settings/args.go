package settings

import (
	"slices"
	"strings"

	"carjs/host/failure"
)

// Finder tells whether there is a connector of that name, and which settings it has. It may be
// asked for words that are no connector at all. A connector that exists and cannot be read is known
// and has no fields: reading it again tells why.
type Finder func(name string) (fields []Field, known bool)

// Flags are the flags of a command line, with the texts they were given.
type Flags struct {
	// Help tells that -h or -help is among them.
	Help bool
	// given holds the texts by environment variable. They stand behind pointers so that printing
	// shows none.
	given map[string]*string
}

// Has tells whether a setting, named by its environment variable, is among the flags.
func (f *Flags) Has(env string) bool {
	_, ok := f.given[env]
	return ok
}

// option is one flag as the command line sees it: a name that does or does not take a value.
type option struct {
	env      string // "" for -h and -help
	toggle   bool   // takes no value
	repeated bool   // several of them count
}

// options maps every name of a flag, in its canonical form. A flag of the command itself wins over
// a connector's.
func (t Table) options(fields []Field) map[string]option {
	all := make(map[string]option)
	for _, f := range fields {
		for _, name := range f.Names() {
			all[optionKey(name)] = option{env: f.Env, toggle: f.Type == Boolean}
		}
	}
	for _, s := range t {
		for _, name := range s.Names() {
			all[optionKey(name)] = option{env: s.Env, toggle: s.Type == Boolean, repeated: s.Repeated}
		}
	}
	for _, name := range helpFlags {
		all[name] = option{toggle: true}
	}
	return all
}

// word is one argument taken apart.
type word struct {
	flag   string // the name as written, without its dashes; "" when the word is no flag
	value  string // behind an equals sign
	equals bool
}

// cutWord takes an argument apart. A dash alone is no flag, and neither is a negative number.
func cutWord(arg string) word {
	name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
	if len(name) == len(arg) || name == "" || strings.Trim(name, "0123456789.") == "" {
		return word{}
	}
	name, value, equals := strings.Cut(name, "=")
	return word{flag: name, value: value, equals: equals}
}

// isSwitch tells whether an argument is the value of a boolean flag that stands before it. Only
// these two words are taken for one: the flag stands alone as a rule, and what follows it is the
// connector's name.
func isSwitch(arg string) bool {
	return strings.EqualFold(arg, "true") || strings.EqualFold(arg, "false")
}

// Split finds the connector's name on a command line: flags stand before and after it, and which of
// the connector's own take a value is known only when it is found. The rest is the line without the
// name, for [Table.Parse]. The name is empty when there is none; when no word is a connector, it is
// the word that was meant to be one.
func (t Table) Split(args []string, find Finder) (name string, rest []string) {
	certain, possible := t.candidates(args, nil)
	known := -1
	for _, i := range append(certain, possible...) {
		fields, ok := find(args[i])
		if !ok {
			continue
		}
		rest := without(args, i)
		if _, err := t.Parse(rest, fields); err == nil {
			return args[i], rest
		}
		if known < 0 {
			known = i
		}
	}
	switch {
	case known >= 0:
		return args[known], without(args, known)
	case len(certain) > 0:
		// A word behind an unknown flag is never taken for a name that is not there: it may be a
		// password.
		return args[certain[0]], without(args, certain[0])
	}
	return "", args
}

// candidates returns the places of the words that belong to no flag, and of those that do or do not
// belong to the unknown flag before them. The flags of fields are known, too.
func (t Table) candidates(args []string, fields []Field) (certain, possible []int) {
	options := t.options(fields)
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			for j := i + 1; j < len(args); j++ {
				certain = append(certain, j)
			}
			return certain, possible
		}
		w := cutWord(args[i])
		if w.flag == "" {
			certain = append(certain, i)
			continue
		}
		if w.equals || i+1 == len(args) {
			continue
		}
		option, ok := optionOf(options, w.flag)
		switch {
		case ok && option.toggle:
			if isSwitch(args[i+1]) {
				i++
			}
		case ok:
			i++
		case cutWord(args[i+1]).flag == "" && args[i+1] != "--":
			i++
			possible = append(possible, i)
		}
	}
	return certain, possible
}

func without(args []string, i int) []string {
	return slices.Concat(args[:i], args[i+1:])
}

// Parse reads the flags of a command line that holds nothing else: the table's and those of the
// connector's fields. The last of several of one name counts,
// unless the setting is [Setting.Repeated]. An error is a [*failure.Failure] that
// repeats no value.
func (t Table) Parse(args []string, fields []Field) (*Flags, error) {
	options := t.options(fields)
	flags := &Flags{given: make(map[string]*string)}
	before := ""
	for i := 0; i < len(args); i++ {
		w := cutWord(args[i])
		switch {
		case args[i] == "--" && i+1 == len(args):
			return flags, nil
		case w.flag == "":
			return nil, surplus(before)
		}
		option, ok := optionOf(options, w.flag)
		if !ok {
			return nil, t.unknownFlag(w.flag, fields)
		}
		before = w.flag
		value := w.value
		switch {
		case w.equals:
		case option.toggle:
			value = "true"
			if i+1 < len(args) && isSwitch(args[i+1]) {
				i++
				value = args[i]
			}
		case i+1 == len(args):
			return nil, invalid("the flag -%s needs a value", w.flag)
		default:
			i++
			value = args[i]
			if next := cutWord(value); next.flag != "" {
				if _, isFlag := optionOf(options, next.flag); isFlag {
					return nil, invalid("the flag -%s needs a value, but is followed by -%s", w.flag, next.flag).
						WithHint("write -%s=VALUE if the value begins with a dash", w.flag)
				}
			}
		}
		if option.env == "" {
			on, _ := parseBoolean(value)
			flags.Help = on == true
			continue
		}
		if earlier := flags.given[option.env]; earlier != nil && option.repeated {
			value = *earlier + "\n" + value
		}
		flags.given[option.env] = &value
	}
	return flags, nil
}

func surplus(before string) *failure.Failure {
	f := invalid("too many arguments")
	if before != "" {
		f = invalid("too many arguments after the flag -%s", before)
	}
	return f.WithHint("name one connector, and quote values with spaces")
}

func (t Table) unknownFlag(name string, fields []Field) *failure.Failure {
	var known []string
	for _, s := range t {
		known = append(known, s.Names()...)
	}
	for _, f := range fields {
		known = append(known, f.Names()...)
	}
	near := failure.Nearest(name, append(known, helpFlags...))
	if len(near) == 0 {
		return invalid("unknown flag -%s", name).WithHint("-help shows all flags")
	}
	for i := range near {
		near[i] = "-" + near[i]
	}
	return invalid("unknown flag -%s, did you mean %s?", name, alternatives(near)).WithHint("-help shows all flags")
}

func invalid(format string, args ...any) *failure.Failure {
	return failure.New(failure.InvalidParameter, format, args...)
}
