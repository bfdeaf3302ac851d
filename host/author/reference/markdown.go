package reference

import (
	"fmt"
	"strings"

	"carjs/host/lazyregexp"
)

// File is the name of a module's page: "http.md" of "carjs/http".
func (m Module) File() string {
	return strings.ReplaceAll(strings.TrimPrefix(m.Name, "carjs/"), "/", "-") + ".md"
}

// Markdown is the page of a module. all are all modules, for links from one to the other.
func (m Module) Markdown(all []Module) string {
	p := &page{module: m, all: all}
	p.printf("# %s\n\n%s\n", m.Name, p.text(m.Doc))
	p.printf("\nGenerated from the typings; `carjs describe modules %s` prints the same.\n", m.Name)
	p.contents()
	for _, d := range m.Declarations {
		p.declaration(d)
	}
	return p.out.String()
}

// page is a page that is being written.
type page struct {
	module Module
	all    []Module
	out    strings.Builder
}

func (p *page) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

// contents links to everything on the page.
func (p *page) contents() {
	const inARow = 6
	for i, d := range p.module.Declarations {
		separator := " ·\n"
		switch {
		case i == 0:
			separator = "\n"
		case i%inARow != 0:
			separator = " · "
		}
		p.printf("%s[`%s`](#%s)", separator, d.Name, p.module.anchor(d.Name))
	}
	p.printf("\n")
}

// anchor is what the heading of a declaration is linked by: names that differ in capitals alone are
// numbered.
func (m Module) anchor(name string) string {
	anchor, before := strings.ToLower(name), 0
	for _, d := range m.Declarations {
		switch {
		case d.Name == name && before == 0:
			return anchor
		case d.Name == name:
			return fmt.Sprintf("%s-%d", anchor, before)
		case strings.EqualFold(d.Name, name):
			before++
		}
	}
	return anchor
}

func (p *page) declaration(d Declaration) {
	p.printf("\n## %s\n\n", d.Name)
	if d.Doc != "" {
		p.printf("%s\n\n", p.text(d.Doc))
	}
	p.printf("```ts\n%s\n```\n", d.Signature)
	for _, member := range d.Members {
		if strings.HasPrefix(member.Name, "__") {
			continue // marks for the type checker alone
		}
		p.printf("\n- **`%s`**", heading(member))
		switch text := p.text(member.Doc); {
		case text == "":
		case strings.HasPrefix(text, "- "):
			p.printf("\n\n  %s\n", indent(text))
		default:
			p.printf(": %s", indent(text))
		}
		p.printf("\n  ```ts\n  %s\n  ```\n", strings.ReplaceAll(member.Signature, "\n", "\n  "))
	}
}

// heading is what a member is called: what has no name of its own is called itself, or an index.
func heading(member Declaration) string {
	switch {
	case member.Name != "":
		return member.Name
	case strings.HasPrefix(member.Signature, "["):
		return "[...]"
	}
	return "()"
}

// indent puts further lines of an item under its first.
func indent(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\n", "\n  "), "\n  \n", "\n\n")
}

var (
	link = lazyregexp.New(`\{@link ([^}|\s]+)[^}]*\}`)
	tag  = lazyregexp.New(`(?m)^@(param|returns|throws|default|template|typeParam|see)\b[ \t]*`)
)

// text puts the marks of a doc comment into Markdown.
func (p *page) text(doc string) string {
	doc = link().ReplaceAllStringFunc(doc, func(found string) string {
		name := link().FindStringSubmatch(found)[1]
		if target := p.target(name); target != "" {
			return fmt.Sprintf("[`%s`](%s)", name, target)
		}
		return "`" + name + "`"
	})
	lines := strings.Split(doc, "\n")
	for i, line := range lines {
		match := tag().FindStringSubmatch(line)
		if match == nil {
			continue
		}
		rest := line[len(match[0]):]
		if match[1] == "param" {
			name, about, _ := strings.Cut(rest, " ")
			rest = fmt.Sprintf("`%s`: %s", name, strings.TrimPrefix(about, "- "))
			lines[i] = "- " + rest
		} else {
			lines[i] = fmt.Sprintf("- *%s* %s", match[1], rest)
		}
		if i > 0 && lines[i-1] != "" && !strings.HasPrefix(lines[i-1], "- ") && !strings.HasPrefix(lines[i-1], "  ") {
			lines[i] = "\n" + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

// target is where a name is documented, seen from this page.
func (p *page) target(name string) string {
	top, _, _ := strings.Cut(name, ".")
	for _, m := range append([]Module{p.module}, p.all...) {
		for _, d := range m.Declarations {
			if d.Name != top {
				continue
			}
			if m.Name == p.module.Name {
				return "#" + m.anchor(top)
			}
			return m.File() + "#" + m.anchor(top)
		}
	}
	return ""
}

// Index is the page that lists the modules.
func Index(all []Module) string {
	var b strings.Builder
	b.WriteString("# Reference\n\nWhat a connector can import, and the globals. Generated from the typings.\n\n| module | |\n|---|---|\n")
	for _, m := range all {
		fmt.Fprintf(&b, "| [`%s`](%s) | %s |\n", m.Name, m.File(), strings.TrimPrefix(Summary(m.Doc), "The module `"+m.Name+"`: "))
	}
	return b.String()
}
