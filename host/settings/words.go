package settings

import "slices"

// SplitWords is [Table.Split] for a command whose line has more words than the connector's name:
// "request CONNECTOR GET /hosts". It returns them in their order. No word that belongs to a flag is
// among them. The name is the first word that is a connector; when none is, it is the first one.
func (t Table) SplitWords(args []string, find Finder) (name string, words, rest []string) {
	certain, possible := t.candidates(args, nil)
	place := -1
	var fields []Field
	for _, i := range append(slices.Clone(certain), possible...) {
		known := false
		if fields, known = find(args[i]); known {
			place = i
			break
		}
	}
	if place < 0 {
		if len(certain) == 0 {
			return "", nil, args
		}
		place, fields = certain[0], nil
	}
	name, args = args[place], without(args, place)
	certain, _ = t.candidates(args, fields)
	for i, arg := range args {
		switch {
		case slices.Contains(certain, i):
			words = append(words, arg)
		case arg == "--" && (len(certain) == 0 || certain[len(certain)-1] > i):
			// What follows are words, which were taken.
		default:
			rest = append(rest, arg)
		}
	}
	return name, words, rest
}
