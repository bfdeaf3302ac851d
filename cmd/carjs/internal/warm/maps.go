package warm

// mapping is a part of the address space, up to but without end.
type mapping struct{ start, end uintptr }

// code returns the mappings of the program's file that nobody writes to, of the beginning of a
// /proc/self/maps. Each of its lines is
//
//	00400000-011d4000 r-xp 00000000 fe:00 1234    /path/of/the/program
//
// and the program's come first. A line that is cut off counts as none.
func code(maps []byte) []mapping {
	var found []mapping
	program := ""
	for len(maps) > 0 {
		end := 0
		for end < len(maps) && maps[end] != '\n' {
			end++
		}
		if end == len(maps) {
			return found
		}
		m, mode, file, ok := parse(string(maps[:end]))
		maps = maps[end+1:]
		if program == "" {
			program = file
		}
		if !ok || file == "" || file != program {
			return found
		}
		if mode == "r-xp" || mode == "r--p" {
			found = append(found, m)
		}
	}
	return found
}

// parse takes a line apart.
func parse(line string) (m mapping, mode, file string, ok bool) {
	if m.start, line, ok = hex(line, '-'); !ok {
		return m, "", "", false
	}
	if m.end, line, ok = hex(line, ' '); !ok || m.end <= m.start || len(line) < 4 {
		return m, "", "", false
	}
	mode = line[:4]
	for i := range len(line) {
		if line[i] == '/' {
			file = line[i:]
			break
		}
	}
	return m, mode, file, true
}

// hex reads a number up to a mark, and returns what follows that.
func hex(text string, mark byte) (n uintptr, rest string, ok bool) {
	for i := range len(text) {
		switch c := text[i]; {
		case c == mark:
			return n, text[i+1:], i > 0
		case c >= '0' && c <= '9':
			n = n<<4 | uintptr(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | uintptr(c-'a'+10)
		default:
			return 0, "", false
		}
	}
	return 0, "", false
}
