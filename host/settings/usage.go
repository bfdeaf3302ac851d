package settings

import (
	"fmt"
	"slices"
	"strings"
)

// helpIndent is where the text of a flag begins in [Usage].
const helpIndent = "        "

// Usage returns the help of a command on its flags: how it is called, then the connector's
// settings, then the table by groups. Each setting has its flags, what it is, its environment
// variable and its default. The declaration may be nil. optional, when not empty, says when the
// connector's required settings can be left out, and replaces the note on each of them.
func Usage(command string, t Table, d *Declaration, optional string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s\n", command)
	if d != nil && slices.ContainsFunc(d.Fields, func(f Field) bool { return !f.Hidden }) {
		heading := "Settings of the connector"
		if d.Name != "" {
			heading = "Settings of " + d.Name
		}
		fmt.Fprintf(&b, "\n%s:\n", heading)
		if optional != "" {
			fmt.Fprintf(&b, "  %s\n", optional)
		}
		for _, f := range d.Fields {
			if !f.Hidden {
				writeField(&b, f, optional == "")
			}
		}
	}
	for _, group := range t.groups() {
		fmt.Fprintf(&b, "\n%s:\n", group)
		for _, s := range t.Groups(group) {
			writeSetting(&b, s)
		}
	}
	b.WriteString("\nA mounted secret overrides a flag, and a flag its environment variable (in parentheses).\n")
	return b.String()
}

func (t Table) groups() []string {
	var groups []string
	for _, s := range t {
		if !slices.Contains(groups, s.Group) {
			groups = append(groups, s.Group)
		}
	}
	return groups
}

func writeField(b *strings.Builder, f Field, noteRequired bool) {
	help := f.Description
	if help == "" {
		help = f.Label
	}
	var notes []string
	switch {
	case f.Required():
		if noteRequired {
			notes = append(notes, "required")
		}
	case f.Default != nil && f.defaultText() != "" && !f.Secret():
		notes = append(notes, "default "+f.defaultText())
	}
	if f.Min != nil || f.Max != nil {
		notes = append(notes, "a number"+ruleOf(&f).bounds(""))
	}
	if len(f.Options) > 0 && f.Type != Cron {
		notes = append(notes, "one of "+strings.Join(f.Options, ", "))
	}
	names := f.Names()
	slices.Reverse(names) // the short one is the one to use
	writeFlag(b, names, f.Type, help, append([]string{f.Env}, notes...))
}

func writeSetting(b *strings.Builder, s Setting) {
	var notes []string
	if s.Default != "" {
		notes = append(notes, "default "+s.Default)
	}
	if len(s.Options) > 1 {
		notes = append(notes, "one of "+strings.Join(s.Options, ", "))
	}
	writeFlag(b, s.Names(), s.Type, s.Help, append([]string{s.Env}, notes...))
}

func writeFlag(b *strings.Builder, names []string, kind Type, help string, notes []string) {
	if len(names) == 0 {
		names, notes = []string{notes[0]}, notes[1:]
		fmt.Fprintf(b, "  %s", names[0])
	} else {
		fmt.Fprintf(b, "  -%s", strings.Join(names, ", -"))
		if kind != Boolean {
			fmt.Fprintf(b, " %s", strings.ToUpper(string(kind)))
		}
	}
	fmt.Fprintf(b, "\n%s%s", helpIndent, strings.Join(strings.Fields(help), " "))
	if len(notes) > 0 {
		if strings.TrimSpace(help) != "" {
			b.WriteByte(' ')
		}
		fmt.Fprintf(b, "(%s)", strings.Join(notes, "; "))
	}
	b.WriteByte('\n')
}
