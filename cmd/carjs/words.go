package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst puts the flags of a command line before its other words. The library reads none behind
// the first word, and people write them there. Commands that read their line themselves get it as
// it is.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 3 {
		return args
	}
	i := slices.IndexFunc(app.Commands, func(c *cli.Command) bool { return c.HasName(args[1]) })
	if i < 0 || app.Commands[i].SkipFlagParsing {
		return args
	}
	var flags, words []string
	for rest := args[2:]; len(rest) > 0; rest = rest[1:] {
		word := rest[0]
		switch {
		case word == "--":
			// What follows is no flag, whatever it begins with.
			return slices.Concat(args[:2], flags, []string{"--"}, words, rest[1:])
		case slices.Contains([]string{"-h", "--h", "-help", "--help"}, word):
			// The library would look for help on the next word.
			return slices.Concat(args[:2], []string{word})
		case !strings.HasPrefix(word, "-") || word == "-":
			words = append(words, word)
		default:
			flags = append(flags, word)
			if takesNext(app.Commands[i], word) && len(rest) > 1 {
				flags = append(flags, rest[1])
				rest = rest[1:]
			}
		}
	}
	return slices.Concat(args[:2], flags, words)
}

// takesNext tells whether the value of a flag is the word behind it.
func takesNext(command *cli.Command, word string) bool {
	name := strings.TrimPrefix(strings.TrimPrefix(word, "-"), "-")
	for _, flag := range command.Flags {
		if _, toggle := flag.(*cli.BoolFlag); !toggle && slices.Contains(flag.Names(), name) {
			return true
		}
	}
	return false
}
